"""What a change of packs does to many people: how many answers change in which way, on which days. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, get_args

from msgspec import Struct

from contracts.events.values import Day
from services.core.questions.judge import Unreadable
from services.core.questions.whatif import Answered, Comparison, Kind, Person, Span, digest_of
from services.core.rules.verdict import HOLDING

Way: TypeAlias = tuple[str, Kind, tuple[str, str] | None]
"""What was asked, what differs, and from which status to which."""
KINDS: Sequence[Kind] = get_args(Kind)


class Sample(Struct, frozen=True):
    """Somebody to look at, on the first day on which the answer differs."""

    person: str
    events: int
    on: Day
    before: Answered
    after: Answered


class Change(Struct, frozen=True):
    """Of one determination: those whose answers differ in one way, and when. `days` are those of each person, added.

    Of alternatives only the first day is known: `days` and `last_day` are None. `before` and `after` are statuses, None
    where the status stays; then `fields` are what differs of the result. The sample is the one with the fewest events,
    a career if there is any.
    """

    determination: str
    kind: Kind
    before: str | None
    after: str | None
    careers: int
    examples: int
    days: int | None
    first_day: Day
    last_day: Day | None
    fields: Sequence[str]
    sample: Sample


class Counted(Struct, frozen=True):
    """How many were asked; of them, how many have another status on some day, or else anything else that differs."""

    asked: int
    other_status: int
    other_answer: int


class Effect(Struct, frozen=True):
    """What the change of one place's pack does. `careers` are those that have worked in the place.

    `unreadable` has the names of people who cannot be judged, each with the error: a fault of the code or of a pack.
    """

    jurisdiction: str
    name: str
    digests: tuple[str | None, str | None]
    determinations: Sequence[str]
    careers: Counted
    examples: Counted
    changes: Sequence[Change]
    unreadable: Sequence[str]


def effect_of(comparison: Comparison, people: Iterable[Person], tell: Callable[[], None] = lambda: None) -> Effect:
    """Return what the changed pack of one place alone does to people. `tell` is called for each of them."""
    kinds: list[tuple[Person, set[Kind]]] = []
    found: dict[Way, list[tuple[Person, list[Span]]]] = {}
    unreadable: list[str] = []
    for person in people:
        tell()
        spans = comparison.spans(person)
        if isinstance(spans, Unreadable):
            unreadable.append(f"{person.name}: {spans.error}")
        if spans is None or isinstance(spans, Unreadable):
            continue
        kinds.append((person, {span.kind for _, span in spans}))
        by_way: dict[Way, list[Span]] = {}
        for label, span in spans:
            by_way.setdefault((label, span.kind, span.turn), []).append(span)
        for way, own in by_way.items():
            found.setdefault(way, []).append((person, own))
    place, before, after = comparison.place, comparison.before.packs, comparison.after.packs
    return Effect(
        jurisdiction=place,
        name=(after.get(place) or before[place]).pack.name.en,
        digests=(digest_of(before, place), digest_of(after, place)),
        determinations=list(comparison.asked),
        careers=_counted(of for person, of in kinds if not person.is_example),
        examples=_counted(of for person, of in kinds if person.is_example),
        changes=sorted((_change(way, touched) for way, touched in found.items()), key=_what_matters),
        unreadable=unreadable,
    )


def _counted(kinds: Iterable[set[Kind]]) -> Counted:
    told = list(kinds)
    other_status = sum("status" in of for of in told)
    return Counted(len(told), other_status, sum(map(bool, told)) - other_status)


def _change(way: Way, touched: Sequence[tuple[Person, Sequence[Span]]]) -> Change:
    determination, kind, turn = way
    spans = [span for _, own in touched for span in own]
    examples = sum(person.is_example for person, _ in touched)
    shown, (first, *_) = min(touched, key=lambda one: (one[0].is_example, len(one[0].events)))
    before, after = turn or (None, None)
    return Change(
        determination=determination,
        kind=kind,
        before=before,
        after=after,
        careers=len(touched) - examples,
        examples=examples,
        days=sum((span.last - span.first).days + 1 for span in spans) if kind != "alternatives" else None,
        first_day=min(span.first for span in spans),
        last_day=max(span.last for span in spans) if kind != "alternatives" else None,
        fields=[] if turn else sorted({name for span in spans for name in span.fields}),
        sample=Sample(shown.name, len(shown.events), first.first, first.before, first.after),
    )


def _what_matters(change: Change) -> tuple[Any, ...]:
    """Sort by kind of difference; gains and losses first, open cases last; then by number of people."""
    turn = (change.before or "", change.after or "")
    people = (-change.careers, -change.examples)
    return KINDS.index(change.kind), "pending" in turn, HOLDING.isdisjoint(turn), *people, change.determination, *turn
