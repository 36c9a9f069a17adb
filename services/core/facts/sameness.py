"""Which facts are the same, and which only look it. Pure.

Facts are the same where type, day and data agree, texts compared as `folded` has them: what is told twice counts once
(ADR-0028). Reports of a training are also the same where provider and proof number agree, or provider, course, dates,
amount and subjects (R-10). Facts look the same where neither contradicts the other: then both count as recorded.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from msgspec import UNSET, Struct
from msgspec.structs import fields

from contracts.events.catalogue import Data, EmploymentStarted, TrainingCompleted
from contracts.events.facts import Fact, Telling
from contracts.folding import folded
from services.core.facts.amounts import in_hundredths
from services.core.facts.optional import known

T = TypeVar("T")

AMOUNTS = frozenset({"amount", "hours", "score"})
"""Members that are decimal strings: 30 and 30.0 are the same."""
MOST_COMPARED = 50
"""With at most so many of those that begin alike a fact is compared, so that a stream of equal days stays cheap."""

Same: TypeAlias = Mapping[str, str]
"""The event id of what counts, by that of each double of it."""
Said: TypeAlias = Mapping[str, Hashable]
"""The members of an event's data that are there, each as it is compared."""


class Sameness(Struct, frozen=True):
    """What says again what another said: by event id, the event recorded first that says or seems to say the same."""

    repeats: Same
    resembles: Same


class _Told(Struct, frozen=True):
    """A fact with what it says, or said at first."""

    fact: Fact
    telling: Telling

    @property
    def corrected_since(self) -> bool:
        return self.telling is self.fact.at_first


def sameness_of(facts: Iterable[Fact]) -> Sameness:
    """Return which facts of one person are the same, and which of the others look it.

    What says what another said before it was corrected says the same as that one: it was sent again.
    """
    in_order = sorted(facts, key=lambda fact: fact.position)
    told = (one for fact in in_order for one in _tellings(fact))
    days = _together((one, (one.fact.type, one.telling.occurred_on)) for one in told)
    of_jobs = (group for group in days if isinstance(group[0].telling.data, EmploymentStarted))
    jobs = _led_to_the_first(dict(_sent_again(of_jobs, {})))
    # What names an employment and what names a double of it may be the same.
    others = _sent_again((group for group in days if not isinstance(group[0].telling.data, EmploymentStarted)), jobs)
    sent_again = {**jobs, **dict(others)}
    # What was sent again says nothing of its own: after a correction of the first it is no report of another training.
    own = (fact for fact in in_order if fact.event_id not in sent_again and isinstance(fact.data, TrainingCompleted))
    reports = _together((fact, _number_or_day(fact)) for fact in own)
    repeats = _led_to_the_first({**sent_again, **dict(_reported_again(reports))})
    return Sameness(repeats, {**dict(_look_alikes(days, repeats)), **dict(_same_numbers(reports, repeats))})


def meant(event_id: str, same: Same) -> str:
    """Return the event that counts where this one is named: itself, or the one of which it is a double."""
    return same.get(event_id, event_id)


def _tellings(fact: Fact) -> Iterator[_Told]:
    yield _Told(fact, Telling(fact.occurred_on, fact.data))
    if fact.at_first:
        yield _Told(fact, fact.at_first)


def _together(keyed: Iterable[tuple[T, Hashable]]) -> Sequence[Sequence[T]]:
    """Return the groups of more than one with the same key."""
    groups: dict[Hashable, list[T]] = {}
    for one, key in keyed:
        groups.setdefault(key, []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def _sent_again(days: Iterable[Sequence[_Told]], same: Same) -> Iterator[tuple[str, str]]:
    """Yield what says again all that another of its type and day says, or said at first."""
    for group in days:
        first: dict[Hashable, str] = {}
        for one in group:
            told = first.setdefault(frozenset(_said(one.telling.data, same).items()), one.fact.event_id)
            if told != one.fact.event_id and not one.corrected_since:
                yield one.fact.event_id, told


def _led_to_the_first(repeats: Same) -> Same:
    """Return the doubles, each of what is no double itself. Each is of an event recorded before it."""
    led: dict[str, str] = {}
    for event_id, told in repeats.items():
        while told in repeats:
            told = repeats[told]
        led[event_id] = told
    return led


def _number_or_day(training: Fact) -> Hashable:
    """Return what reports of one training have in common at the least (R-10)."""
    number = _proof_number(training)
    return training.occurred_on if number is None else folded(number)


def _reported_again(reports: Iterable[Sequence[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield the reports of a training that was reported before (R-10)."""
    for group in reports:
        first: dict[Hashable, str] = {}
        for fact in group:
            told = first.setdefault(_training_of(fact), fact.event_id)
            if told != fact.event_id:
                yield fact.event_id, told


def _training_of(report: Fact) -> Hashable:
    """Return what all reports of a training share whose number, or else whose day, is that of this one (R-10)."""
    said = _said(report.data, {})
    if "proof_no" in said:
        return said.get("provider")
    sessions: Any = said.get("sessions", ())
    dates = said.get("started_on"), tuple(day for day, _ in sessions)
    return said.get("provider"), said.get("course"), dates, said["amount"], said["unit"], said["subjects"]


def _same_numbers(reports: Iterable[Sequence[Fact]], repeats: Same) -> Iterator[tuple[str, str]]:
    """Yield the trainings with the proof number of another, of other providers and on whatever day."""
    for group in reports:
        if _proof_number(group[0]) is not None:
            single = [fact for fact in group if fact.event_id not in repeats]
            yield from ((fact.event_id, single[0].event_id) for fact in single[1:])


def _proof_number(fact: Fact) -> str | None:
    return known(fact.data.proof_no) if isinstance(fact.data, TrainingCompleted) else None


def _look_alikes(days: Iterable[Sequence[_Told]], repeats: Same) -> Iterator[tuple[str, str]]:
    """Yield the facts that tell what another tells of the same day, each with some member that the other lacks."""
    for group in days:
        seen: dict[Hashable, list[tuple[str, Said]]] = {}
        for fact in (one.fact for one in group if not one.corrected_since and one.fact.event_id not in repeats):
            said = _said(fact.data, repeats)
            alike = seen.setdefault(tuple(said.get(name) for name in _required(type(fact.data))), [])
            like = next((event_id for event_id, other in alike if _agree(said, other)), None)
            if like:
                yield fact.event_id, like
            elif len(alike) < MOST_COMPARED:
                alike.append((fact.event_id, said))


def _agree(one: Said, other: Said) -> bool:
    """Say whether neither contradicts the other. One course, or one proof number, may be reported by two providers."""
    contradicted = {name for name in one.keys() & other.keys() if one[name] != other[name]}
    if contradicted == {"provider"}:
        return any(name in one and one[name] == other.get(name) for name in ("course", "proof_no"))
    return not contradicted


def _said(data: Data, same: Same) -> Said:
    members = ((name, getattr(data, name)) for name in data.__struct_fields__)
    return {name: _compared(name, value, same) for name, value in members if value is not UNSET}


def _compared(name: str, value: Any, same: Same) -> Hashable:
    if name in AMOUNTS:
        return in_hundredths(value)
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, UUID):
        return meant(str(value), same)
    if isinstance(value, tuple):
        return _compared_list(value, same)
    return value  # type: ignore[no-any-return]  # A day, a number or a yes or no.


def _compared_list(values: Sequence[Any], same: Same) -> Hashable:
    """Return codes without their order and number, and sessions in order of day."""
    if isinstance(values[0], str):
        return frozenset(values)
    return tuple(sorted(tuple(_said(value, same).values()) for value in values))


@cache
def _required(kind: type[Data]) -> tuple[str, ...]:
    return tuple(member.name for member in fields(kind) if member.required)
