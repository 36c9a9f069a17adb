"""What a correction changes, member by member, as it was and as it is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from contracts.events.catalogue import CORRECTION, REVISION_TYPES
from contracts.events.codec import InvalidEvent
from contracts.events.revisions import Recorded, corrected, target_of
from services.core.words.events import MEMBERS, Names, value_in_words
from services.core.words.labels import label
from services.core.words.sentences import Lang, in_lang, in_words


def read_before(events: Sequence[Recorded]) -> Mapping[str, Recorded]:
    """Return the target of each correction as it read before, by the correction's id; `events` are in position order.

    Left out are targets that are not on record, and those with a correction that was itself corrected or voided: the
    events show how they read in between.
    """
    revisions = [event for event in events if event.type in REVISION_TYPES]
    revised = {target_of(revision) for revision in revisions}
    unsettled = {target_of(revision) for revision in revisions if revision.event_id in revised}
    reads = {event.event_id: event for event in events}
    targets: dict[str, Recorded] = {}
    for revision in revisions:
        target = target_of(revision)
        if revision.type != CORRECTION or target not in reads or target in unsettled:
            continue
        if reads[target].stream != revision.stream:  # Recorded before its target, which came in another stream.
            continue
        targets[revision.event_id] = reads[target]
        # A correction that would break its target does not apply; the page's findings say so.
        with suppress(InvalidEvent):
            reads[target] = corrected(reads[target], revision)
    return targets


def revision_in_words(
    revision: Recorded,
    before: Recorded | None,
    positions: Mapping[str, int],
    names: Names,
    lang: Lang,
) -> Mapping[str, str]:
    """Return the placeholders for the sentence of a correction or void. `positions` are those of all events, by id."""
    target = positions.get(target_of(revision))
    changes = _changes(revision.raw.get("set", {}), before, positions, names, lang)
    return {
        "target": "" if target is None else label("of_record", lang, position=target),
        "set": label("then", lang).join(changes),
        "reason": revision.raw["reason"],
    }


def _changes(
    patch: Mapping[str, Any],
    before: Recorded | None,
    positions: Mapping[str, int],
    names: Names,
    lang: Lang,
) -> Iterable[str]:
    """Yield each member that is set, with its previous value if that is known."""

    type_ = before.type if before else None

    def shown(name: str, value: Any) -> str:
        position = positions.get(str(value))
        return value_in_words(type_, name, value, names, lang) if position is None else f"#{position}"

    was = {} if before is None else {**before.raw_today(), "occurred_on": before.occurred_on}
    for name, value in {**patch, **patch.get("data", {})}.items():
        if name == "data":
            continue
        old = "" if before is None else f" {shown(name, was.get(name))}"
        yield f"{in_lang(in_words(MEMBERS, name), lang)}{old} → {shown(name, value)}"
