"""What a change of packs does to people: whose answers differ, from what to what, on which days. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from contracts.events.revisions import Recorded
from contracts.events.values import NATION, Day
from contracts.policies.shipped import Shipped, rules_only
from services.projections.facts.windows import ONE_DAY, earliest, lies_in
from services.projections.packs import load_pack
from services.projections.policy.evaluate import PinnedPack
from services.projections.timeline import Asked, Knowledge, employed_in, person_known, said_by

SAMPLES = 3
"""How many people are named for each change."""


class Person(Struct, frozen=True):
    """One career of a cohort, as the ledger would learn it."""

    practitioner_id: str
    events: tuple[Recorded, ...]


class Span(Struct, frozen=True):
    """Days, both ends inside, on which two sets of packs answer differently."""

    first: Day
    last: Day
    before: str
    after: str


@dataclass
class Change:
    """Of one determination: those who have another status, or the same with another result, and when."""

    determination: str
    before: str
    after: str
    people: int
    days: int
    first_day: Day
    last_day: Day
    samples: list[str]


@dataclass(frozen=True)
class Effect:
    """What the change of one place's pack does. `cohort` people were asked; `as_if_there` says they work elsewhere."""

    jurisdiction: str
    name: str
    digests: tuple[str | None, str | None]
    determinations: Sequence[str]
    cohort: int
    as_if_there: bool
    changes: Sequence[Change]


def changed_places(before: Mapping[str, Shipped], after: Mapping[str, Shipped]) -> list[str]:
    """Return the places whose pack is new, gone, or has another digest."""
    places = sorted({*before, *after})
    return [place for place in places if _digest(before, place) != _digest(after, place)]


def effect_of(
    place: str,
    before: Mapping[str, Shipped],
    after: Mapping[str, Shipped],
    cohort: Iterable[Person],
    last: Day,
) -> Effect:
    """Return what the changed pack of one place alone does to a cohort, on every day from the first fact to `last`.

    Asked are those who have worked in the place; where nobody has, everybody as if they worked there.
    """
    old = _pinned(before)
    others = {one: pinned for one, pinned in old.items() if one != place}
    new = {**others, **_pinned({place: after[place]})} if place in after else others
    name = (new if place in new else old)[place].pack.name.en
    touched = touched_determinations(before.get(place), after.get(place))
    people = [(one.practitioner_id, person_known(one.events, old, (), NATION)) for one in cohort]
    there = [(id_, known) for id_, known in people if _works_in(known, place)]
    asked_place = None
    if not there:
        asked_place = place
        there = [(id_, replace(known, facts=employed_in(known.facts, place))) for id_, known in people]
    changes: dict[tuple[str, str, str], Change] = {}
    for id_, known in there:
        other = replace(known, packs=new, composed={})
        for determination in touched:
            spans = list(
                differing_spans(known, other, Asked(determination, asked_place, level=_level(determination)), last)
            )
            _count(changes, id_, determination, spans)
    digests = (_digest(before, place), _digest(after, place))
    ordered = sorted(
        changes.values(), key=lambda one: (one.before == one.after, one.determination, one.before, one.after)
    )
    return Effect(place, name, digests, touched, len(there), asked_place is not None, ordered)


def touched_determinations(before: Shipped | None, after: Shipped | None) -> list[str]:
    """Return the determinations that a change of a pack can touch: all of an edition whose days or readings changed."""
    old, new = _editions(before), _editions(after)
    touched: set[str] = set()
    for edition in {*old, *new}:
        was, now = old.get(edition, {}), new.get(edition, {})
        names = {*was.get("determinations", {}), *now.get("determinations", {})}
        if _about(was) != _about(now):
            touched |= names
        else:
            touched |= {name for name in names if was["determinations"].get(name) != now["determinations"].get(name)}
    return sorted(touched)


def differing_spans(before: Knowledge, after: Knowledge, asked: Asked, last: Day) -> Iterator[Span]:
    """Yield the days on which the same person is answered differently, from the first fact to `last`, inclusive."""
    day: date | None = min((one.occurred_on for one in before.stream.facts), default=None)
    begun: Span | None = None
    while day is not None and day <= last:
        old, new = before.answer(asked, day), after.answer(asked, day)
        turn = earliest((before.next_day(asked, day, old), after.next_day(asked, day, new)))
        end = last if turn is None or turn > last else turn - ONE_DAY
        was, now = said_by(asked, old), said_by(asked, new)
        span = None if was == now else Span(day, end, was.status, now.status)
        if begun and span and (begun.before, begun.after) == (span.before, span.after):
            begun = Span(begun.first, end, begun.before, begun.after)
        else:
            if begun:
                yield begun
            begun = span
        day = turn
    if begun:
        yield begun


def _count(changes: dict[tuple[str, str, str], Change], person: str, determination: str, spans: Sequence[Span]) -> None:
    counted: set[tuple[str, str, str]] = set()
    for span in spans:
        key = (determination, span.before, span.after)
        change = changes.setdefault(key, Change(*key, 0, 0, span.first, span.last, []))
        change.days += (span.last - span.first).days + 1
        change.first_day, change.last_day = min(change.first_day, span.first), max(change.last_day, span.last)
        if key not in counted:
            counted.add(key)
            change.people += 1
            if len(change.samples) < SAMPLES:
                change.samples.append(f"{person} from {span.first}")


def _works_in(known: Knowledge, place: str) -> bool:
    return place == NATION or any(lies_in(job.jurisdiction, place) for job in known.facts.employments)


def _level(determination: str) -> Any:
    return "intermediate" if determination == "exam.complete" else None


def _pinned(packs: Mapping[str, Shipped]) -> dict[str, PinnedPack]:
    return {place: PinnedPack(one.digest, load_pack(one.document)) for place, one in packs.items()}


def _digest(packs: Mapping[str, Shipped], place: str) -> str | None:
    return packs[place].digest if place in packs else None


def _editions(pack: Shipped | None) -> dict[str, Any]:
    document = rules_only(msgspec.json.decode(pack.document)) if pack else {"editions": []}
    return {edition["edition"]: edition for edition in document["editions"]}


def _about(edition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in edition.items() if name not in ("determinations", "document")}
