"""The effects of changed packs as lines of plain text: what matters most first, and short enough to be read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from msgspec import to_builtins

from contracts.policies.packs import Shipped
from services.core.authoring.edits import Edit
from services.core.authoring.effects import EffectOfEdits
from services.core.questions.effect import Change, Effect, PeopleCount
from services.core.questions.judge import Unreadable
from services.core.questions.whatif import ComparedAnswer, Difference, Person, Span
from services.core.rules.verdict import UNJUDGED

MOST_LINES = 15
"""The most edits, and changes of one kind, that are listed. `--json` has all."""
LONGEST_VALUE = 60
HEADINGS: Mapping[Difference, str] = {
    "status": "Another status",
    "result": "The same status, another result",
    "alternatives": "The same answer, except under other readings",
    "unjudged": f"Nobody is judged, before as after ({', '.join(sorted(UNJUDGED))})",
}


def report_lines(
    base: str, packs: Mapping[str, Shipped], effects: Sequence[EffectOfEdits], reworded: Mapping[str, Sequence[Edit]]
) -> Iterator[str]:
    """Yield the report as lines of plain text."""

    yield f"{len(packs)} packs can be used: {', '.join(sorted(packs))}"
    if not effects:
        yield f"No rule differs from {base}: nobody's answer changes."
    for place, edits in reworded.items():
        yield ""
        yield f"{place} says the same rules as {base} and keeps its digest: nobody's answer changes"
        yield from (f"  {line}" for line in edit_lines(edits))
    for effect in effects:
        yield ""
        yield from effect_lines(base, effect)
    if any(effect.changes for effect in effects):
        yield ""
        yield "--person NAME shows one of the people judged, with every day that differs."


def report_document(
    base: str,
    packs: Mapping[str, Shipped],
    effects: Sequence[EffectOfEdits],
    reworded: Mapping[str, Sequence[Edit]],
    unreadable: Sequence[str],
    broken: Sequence[Mapping[str, Any]],
    lacking: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the whole report for programs to read."""
    document: dict[str, Any] = to_builtins(
        {
            "base": base,
            "packs": {place: pack.digest for place, pack in sorted(packs.items())},
            "broken_examples": broken,
            "lacking_examples": lacking,
            "not_compared": unreadable,
            "reworded": reworded,
            "changed": effects,
        }
    )
    return document


def effect_lines(base: str, effect: EffectOfEdits) -> Iterator[str]:
    """Yield the effect of one changed pack."""
    yield f"{effect.name} ({effect.jurisdiction}) {_differs(effect.digests, base)}"
    yield from (f"  {line}" for line in edit_lines(effect.edits))
    yield f"  asked: {_people(effect.careers.asked, effect.examples.asked)}"
    yield from (f"  cannot be judged: {person}" for person in effect.unreadable[:MOST_LINES])
    if effect.unreadable and not effect.changes:
        yield "  Nobody else's answer changes."
        return
    if not effect.changes:
        yield f"  Nobody's answer changes: {_why_nobody(effect.edits)}."
        return
    yield f"  {_sum(effect)}"
    for kind, of_kind in groupby(effect.changes, key=lambda change: change.kind):
        yield ""
        yield f"  {HEADINGS[kind]}"
        changes = list(of_kind)
        for change in changes[:MOST_LINES]:
            yield f"    {_change_line(change, effect)}"
            if kind != "unjudged":
                yield f"      {_sample_line(change)}"
        if len(changes) > MOST_LINES:
            yield f"    … and {len(changes) - MOST_LINES} more: --json has all"
    for rule in sorted(_rules_edited(effect.edits) - {change.determination.split()[0] for change in effect.changes}):
        why = _why_nobody([edit for edit in effect.edits if _rule_of(edit) == rule])
        yield f"  {rule}: nobody's answer changes: {why}."


def edit_lines(edits: Sequence[Edit]) -> Iterator[str]:
    """Yield the edits; edits of texts are only counted."""
    listed = [edit for edit in edits if edit.turns != "words" and edit.at]
    yield from map(_edit_line, listed[:MOST_LINES])
    if len(listed) > MOST_LINES:
        yield f"… and {len(listed) - MOST_LINES} more keys: --json has all"
    if words := [edit for edit in edits if edit.turns == "words"]:
        names = sorted({_rule_of(edit) or edit.at[-1] for edit in words})
        yield f"words, days of verification or examples: {len(words)} differ ({', '.join(names)})"


def person_lines(person: Person, spans: Sequence[tuple[str, Span]] | Unreadable | None) -> Iterator[str]:
    """Yield what is known of one person, and every span of days on which the answer differs."""
    yield f"  {person.name}"
    for event in sorted(person.events, key=lambda event: event.occurred_on):
        yield f"    {event.occurred_on} {event.type} {json.dumps(event.raw, ensure_ascii=False)}"
    if isinstance(spans, Unreadable):
        yield f"    cannot be judged: {spans.error}"
        return
    if spans is None:
        yield "    has never worked there and is not judged"
    elif not spans:
        yield "    gets the same answer on every day"
    for label, span in spans or ():
        yield f"    {span.first} to {span.last} {label}: {_turn(span.before, span.after)}"


_RULE = ("editions", "edition", "rules", "determination")
"""The keys that lead to a rule."""


def _differs(digests: tuple[str | None, str | None], base: str) -> str:
    if digests[0] is None:
        return f"is new: {base} has no pack of it"
    return f"is gone: {base} has a pack of it" if digests[1] is None else f"differs from {base}"


def _people(careers: int, examples: int) -> str:
    parts = [f"{careers} careers that have worked there"] if careers else []
    return " and ".join([*parts, f"{examples} examples: those of the pack, and people who differ in one thing"])


def _sum(effect: Effect) -> str:
    def of(counted: PeopleCount, who: str) -> str:
        more = f", {counted.other_answer} more differ in something else" if counted.other_answer else ""
        return f"{counted.other_status} of {counted.asked} {who} get another status{more}"

    counts = ((effect.careers, "careers"), (effect.examples, "examples"))
    return "; ".join(of(counted, who) for counted, who in counts if counted.asked)


def _change_line(change: Change, effect: Effect) -> str:
    turn = f" {change.before} → {change.after}" if change.before else ""
    fields = f" another {', '.join(change.fields)}" if change.fields else ""
    who = [f"{change.careers} of {effect.careers.asked} careers"] if change.careers else []
    who += [f"{change.examples} of {effect.examples.asked} examples"] if change.examples else []
    days = f"first on {change.first_day}"
    if change.days is not None:
        days = f"{change.days:,} days of theirs from {change.first_day} to {change.last_day}"
    return f"{change.determination}:{turn}{fields} on {', '.join(who)}; {days}"


def _sample_line(change: Change) -> str:
    sample = change.sample
    return f"see {sample.person} on {sample.on}: {_turn(sample.before, sample.after)}"


def _turn(before: ComparedAnswer, after: ComparedAnswer) -> str:
    """Return what differs between two answers: the statuses, and each member of the result whose value differs."""
    turn = [before.status if before.status == after.status else f"{before.status} → {after.status}"]
    turn += [
        f"{name} {_value(before.result.get(name))} → {_value(after.result.get(name))}"
        for name in sorted({*before.result, *after.result})
        if before.result.get(name) != after.result.get(name)
    ]
    if before.alternatives != after.alternatives:
        turn.append(f"other readings {_value(list(before.alternatives))} → {_value(list(after.alternatives))}")
    return ", ".join(turn)


def _edit_line(edit: Edit) -> str:
    if rule := _rule_of(edit):
        where = f"{edit.at[1]} {rule} {'.'.join(edit.at[len(_RULE) :])}".rstrip()
    else:
        where = f"{edit.at[1]} {'.'.join(edit.at[2:])}".rstrip() if edit.at[0] == "editions" else ".".join(edit.at)
    if isinstance(edit.before or edit.after, dict):
        return f"{where} {'is new' if edit.before is None else 'is gone'}"
    return f"{where}: {_value(edit.before)} → {_value(edit.after)}"


def _rule_of(edit: Edit) -> str | None:
    """Return the determination whose rule was edited; None if the edit concerns the pack or an edition."""
    return edit.at[3] if len(edit.at) >= len(_RULE) and edit.at[2] == _RULE[2] else None


def _value(value: Any) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _why_nobody(edits: Sequence[Edit]) -> str:
    turned = {edit.turns for edit in edits}
    answers = [edit for edit in edits if edit.turns == "answers"]
    if answers and all(_says_nothing(edit.before) and _says_nothing(edit.after) for edit in answers):
        return "an `undefined` rule gives the same answers as no rule"
    if "answers" in turned:
        return "no career and no example meets the change; add an example on each side of it to the pack"
    if "alternatives" in turned:
        return "it names other readings, and none of them would give another status"
    if turned - {"words"} == {"figures"}:
        return "a figure counts differently, while people's answers stay the same"
    return "it cites something else, which can change no status and no result"


def _says_nothing(rule: Any) -> bool:
    return rule is None or (isinstance(rule, dict) and "undefined" in rule)


def _rules_edited(edits: Iterable[Edit]) -> set[str]:
    """Return the determinations with a rule change that could change an answer."""
    return {rule for edit in edits if edit.turns == "answers" and (rule := _rule_of(edit))}
