"""Which examples a pack lacks: of each outcome of a rule, and on both sides of each day that decides. Pure.

A pack that lacks some is still a pack. Its examples are its tests, so what they leave out nobody has tried.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from contracts.events.values import FIRST_DAY, LAST_DAY, Day
from contracts.folding import folded
from contracts.keys import Path
from contracts.policies.language import Edition, Example, Pack, Rule
from services.core.authoring.example_checks import Wrong
from services.core.authoring.variants import parts_in
from services.core.calendar import ONE_DAY, leaving_day_after
from services.core.rules.combine import AllOf, AnyOf, APersonDecides, ForReview, Nobody
from services.core.rules.conditions.attested import Attested
from services.core.rules.conditions.designated import Designated
from services.core.rules.conditions.measured import Measured
from services.core.rules.conditions.not_granted import NotGranted
from services.core.rules.conditions.registered import Registered
from services.core.rules.conditions.served import Served
from services.core.rules.conditions.trained import Trained
from services.core.rules.kinds.entitlement import Entitlement
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.payment import Payment
from services.core.rules.kinds.registry import kind_of_rule
from services.core.rules.kinds.talent import Talent
from services.core.rules.kinds.training import Training
from services.core.rules.kinds.undefined import Undefined
from services.core.rules.parts import Part
from services.core.rules.term_book import TermBook
from services.core.rules.terms import Calendar, Terms
from services.core.rules.verdict import Status
from services.core.rules.windows import RollingWindow, WindowSpec, leaving_day

Outcome: TypeAlias = Literal["met", "not_met", "open"]
"""What a part can come to, and with it a rule: that it holds, that it fails, that a person must decide."""
STATUSES: Mapping[Outcome, frozenset[Status]] = {
    "met": frozenset({"valid", "met", "eligible", "conforming"}),
    "not_met": frozenset({"none", "not_met", "not_eligible", "not_conforming", "lapsed"}),
    "open": frozenset({"pending", "needs_review", "undefined_in_policy"}),
}


def lacking_examples(pack: Pack) -> Iterator[Wrong]:
    """Yield what no example of a pack shows, at each of its rules."""
    for index, edition in enumerate(pack.editions):
        for name, rule in edition.rules.items():
            at: Path = ("editions", index, "rules", name)
            asking = [example for example in pack.examples if name in example.expect]
            expected = {_status(example.expect[name]) for example in asking}
            kind = kind_of_rule(rule)
            for outcome in outcomes(kind):
                if not STATUSES[outcome] & expected:
                    yield at, f"has no example in which it is {_either(STATUSES[outcome] & kind.STATUSES)}"
            yield from _days(edition, asking, at)
            yield from _windows(kind, _round_up(pack, rule), asking, at)


def _status(expected: str | Mapping[str, Any]) -> str:
    return expected if isinstance(expected, str) else str(expected.get("status", ""))


def _either(statuses: frozenset[Status]) -> str:
    return " or ".join(sorted(statuses))


def outcomes(kind: Kind) -> Sequence[Outcome]:
    """Return what a rule can come to while it is in force and applies."""
    match kind:
        case Undefined():
            return ["open"]
        case Payment(requires=part) | Entitlement(requires=part):
            return of_part(part)
        case Talent(quality=quality, engaged=engaged, asked=asked):
            found = [of_part(part) for name, part in (("quality", quality), ("engaged", engaged)) if name in asked]
            return [outcome for outcome in STATUSES if any(outcome in one for one in found)]
    return [outcome for outcome, statuses in STATUSES.items() if statuses & kind.STATUSES]


def of_part(part: Part) -> Sequence[Outcome]:
    """Return what a part can come to."""
    needed_by_all: set[Outcome]
    enough: set[Outcome]
    match part.word:
        case AllOf(parts=parts):
            needed_by_all, enough = {"met"}, {"not_met", "open"}
        case AnyOf(parts=parts):
            needed_by_all, enough = {"not_met"}, {"met", "open"}
        case ForReview(part=inside):
            return ["open" if outcome == "met" else outcome for outcome in of_part(inside)]
        case APersonDecides():
            return ["open"]
        case Nobody():
            return ["not_met"]
        case Attested() | Trained():
            return ["met", "not_met", "open"]
        case Measured() | NotGranted():
            return ["met", "open"]
        case Registered(covers=str()) | Designated(authority="of_the_place"):
            return ["met", "not_met", "open"]
        case _:
            return ["met", "not_met"]
    found = [set(of_part(named.part)) for named in parts]
    return [*sorted(set.intersection(*found) & needed_by_all), *sorted(set.union(*found) & enough)]


def _days(edition: Edition, asking: Sequence[Example], at: Path) -> Iterator[Wrong]:
    """Yield the days on both sides of the first and the last day of a text of which no example asks."""
    asked = {example.as_of for example in asking}
    first, last = edition.in_force.first_day, edition.in_force.last_day
    sides = {"the first day of its text": first}
    if first > FIRST_DAY:
        sides["the day before its text"] = first - ONE_DAY
    if last is not None:
        sides["the last day of its text"] = last
        if last < LAST_DAY:
            sides["the day after its text"] = last + ONE_DAY
    for which, day in sides.items():
        if day not in asked:
            yield at, f"has no example as of {day}, {which}"


def _round_up(pack: Pack, rule: Rule) -> bool:
    """Say whether a month without the day has the first of the next one instead; unless the pack says so, it has its
    last (R-05)."""
    calendar = Terms(TermBook([pack]).of(rule).after(0)).known(Calendar)
    return calendar is not None and calendar.round_up


def _windows(kind: Kind, round_up: bool, asking: Sequence[Example], at: Path) -> Iterator[Wrong]:
    """Yield the windows of hours and of records of service of which no examples try both sides of each day."""
    asked = [getattr(kind, name) for name in kind.asked] if isinstance(kind, Talent) else [kind]
    parts = [part for part, _ in parts_in(tuple(asked), ())]
    windows = [part.window for part in parts if isinstance(part, Training | Trained)]
    if not all(_tried(window, round_up, asking) for window in windows):
        yield at, "has no examples of hours and of answers on both sides of the first and the last day of its window"
    if not all(_served(part, round_up, asking) for part in parts if isinstance(part, Served)):
        yield at, "has no examples of answers on both sides of the day on which a record of service stops counting"


def _served(served: Served, round_up: bool, asking: Sequence[Example]) -> bool:
    """Say whether a record that counts is asked about on both sides of the day on which it stops counting, if any."""
    if served.within_months is None:
        return True
    platforms = None if served.platforms is None else {*map(folded, served.platforms)}

    def counts(event: Mapping[str, Any]) -> bool:
        of_platform = platforms is None or folded(event["platform"]) in platforms
        return of_platform and (event["verified"] or not served.verified)

    recorded = _asked_of("service.recorded", asking, counts)
    return _on_both_sides(leaving_day_after(served.within_months, round_up=round_up), recorded)


def _asked_of(
    event_type: str, asking: Sequence[Example], counts: Callable[[Mapping[str, Any]], bool] = lambda _: True
) -> set[tuple[Day, Day]]:
    """Return the day of each event of a type that counts, and the day on which an answer about it is asked."""
    return {
        (date.fromisoformat(event["on"]), example.as_of)
        for example in asking
        for event in example.given
        if event["event"] == event_type and counts(event)
    }


def _on_both_sides(gone: Callable[[Day], Day], asked: Collection[tuple[Day, Day]]) -> bool:
    """Say whether something is asked about on the day on which it is gone, and on the day before."""
    return any(as_of == gone(on) and (on, as_of - ONE_DAY) in asked for on, as_of in asked)


def _tried(window: WindowSpec | RollingWindow, round_up: bool, asking: Sequence[Example]) -> bool:
    """Say whether hours and answers on both sides of each day of a window are in the examples."""
    if window.rolling_years is not None:
        gone = leaving_day(window.rolling_years, round_up=round_up)
        return _on_both_sides(gone, _asked_of("training.completed", asking))
    given = [event for example in asking for event in example.given]
    trained = {event["on"] for event in given if event["event"] == "training.completed"}
    days = {example.as_of.isoformat() for example in asking}
    return any(
        {_moved(first, -1), first, last, _moved(last, 1)} <= trained and {_moved(last, -1), last} <= days
        for first, last in _spans(window, trained, given)
    )


def _spans(
    window: WindowSpec | RollingWindow, trained: Collection[str], given: Sequence[Mapping[str, Any]]
) -> Sequence[tuple[str, str]]:
    """Return the first and last days that a window has, or has in the examples, if it does not roll."""
    if not isinstance(window, WindowSpec):
        return []
    if window.period is not None:
        return [(window.period.first_day.isoformat(), window.period.last_day.isoformat())]
    if window.calendar_year is not None:
        return [(f"{day[:4]}-01-01", f"{day[:4]}-12-31") for day in trained]
    return [(event["valid_from"], event["valid_until"]) for event in given if {"valid_from", "valid_until"} <= {*event}]


def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + days * ONE_DAY).isoformat()
