"""Checks of single parts of a pack: a text, a condition, a ladder and so on, wherever they are in the pack. Pure.

Each check yields the keys that lead to a mistake, and what is wrong there.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any, get_args

from msgspec import Struct

from contracts.events.values import UNSAFE_CHARACTERS, EmployerType, ExamLevel, Role
from contracts.policies.language import (
    Allowance,
    Condition,
    CountedHours,
    Employed,
    Entitlement,
    ExamComplete,
    Ladder,
    TalentRoutes,
    Text,
)
from services.core.authoring.example_checks import Path, Wrong
from services.core.rules.parts import OPERATORS

_unsafe = re.compile(rf"[{UNSAFE_CHARACTERS}\u2028\u2029]")


def unreadable(given: Mapping[str | int, str], at: Path) -> Iterator[Wrong]:
    """Yield the texts that show nothing, or whose control characters could make them read differently."""
    for key, value in given.items():
        if not any(unicodedata.category(character)[0] in "LNPS" for character in value):
            yield (*at, key), "is empty"
        elif unsafe := _unsafe.search(value):
            yield (*at, key), f"holds the control character U+{ord(unsafe[0]):04X}"


def repeats(things: Iterable[Hashable]) -> list[Any]:
    """Return the things that occur more than once."""
    return [thing for thing, times in Counter(things).items() if times > 1]


def listed(things: Iterable[Any]) -> str:
    """Return things as text, separated by commas."""
    return ", ".join(map(str, things))


def _condition(condition: Condition, at: Path) -> Iterator[Wrong]:
    if sum(getattr(condition, operator) is not None for operator in OPERATORS) != 1:
        yield at, f"a condition has exactly one of {', '.join(OPERATORS)}"


def _ladder(ladder: Ladder, at: Path) -> Iterator[Wrong]:
    if twice := repeats(level for band in ladder.bands for level in band.post_levels):
        yield (*at, "bands"), f"post levels {listed(twice)} are in two bands"
    if twice := repeats(band.band for band in ladder.bands):
        yield (*at, "bands"), f"the band {listed(twice)} is listed twice"
    if not ladder.bands:
        yield (*at, "bands"), "a ladder has at least one band"


def _counted_hours(hours: CountedHours, at: Path) -> Iterator[Wrong]:
    window = hours.window
    period = window.from_day is not None, window.until_day is not None
    kinds = (window.calendar_year, window.rolling_years is not None, any(period), window.registration_term)
    if sum(kinds) != 1 or len(set(period)) != 1:
        yield (*at, "window"), "a window has exactly one kind: a year, rolling years, a period with both days, a term"
    if window.from_day and window.until_day and window.until_day < window.from_day:
        yield (*at, "window"), "ends before it begins"
    if (hours.required is None) == (not hours.required_by_level):
        yield at, "hours have exactly one of required, required_by_level"
    if hours.required_by_level and (missing := set(get_args(ExamLevel)) - set(hours.required_by_level)):
        yield (*at, "required_by_level"), f"{listed(sorted(missing))} is missing"


def _allowance(allowance: Allowance, at: Path) -> Iterator[Wrong]:
    for name, operator in (("role", "employed"), ("certificate", "certificate")):
        condition = allowance.conditions.get(name)  # type: ignore[call-overload]  # Both names are of the vocabulary.
        if condition is None or getattr(condition, operator) is None:
            yield (*at, "conditions"), f"an allowance requires a {name} by {operator}"


def _entitlement(entitlement: Entitlement, at: Path) -> Iterator[Wrong]:
    if not entitlement.any_of:
        yield (*at, "any_of"), "an entitlement has at least one ground"
    yield from _grounds(entitlement.any_of, (*at, "any_of"))


def _grounds(any_of: Mapping[str, Condition], at: Path) -> Iterator[Wrong]:
    """Yield the grounds that the same fact would meet: it would be unclear on which of them an answer rests."""
    for (earlier, first), (later, second) in combinations(any_of.items(), 2):
        if both := _facts_matched(first) & _facts_matched(second):
            yield (*at, later), f"matches the same fact as {earlier}: {min(both)}"


def _facts_matched(condition: Condition) -> set[str]:
    """Return the facts that meet a ground. A reward for an exam rests on a certificate."""
    if condition.talent:
        return set(condition.talent.talents)
    if condition.supervisor:
        return {f"supervisor {rank}" for rank in condition.supervisor.ranks}
    if held := condition.certificate or condition.exam_reward:
        return {f"certificate {level}" for level in held.levels}
    if condition.degree:
        return {f"degree {field}" for field in condition.degree.fields}
    if condition.employed:
        return _employments_matched(condition.employed)
    return {operator for operator in OPERATORS if getattr(condition, operator) is not None}


def _employments_matched(employed: Employed) -> set[str]:
    roles = get_args(Role) if employed.roles is None else (*employed.roles, *employed.synonyms)
    types = employed.employer_types or get_args(EmployerType)
    service = (True, False) if employed.direct_service is None else (employed.direct_service,)
    return {
        f"employed as {role} by {type_}, {'in' if direct else 'without'} direct service"
        for role, type_, direct in product(roles, types, service)
    }


def _employed(employed: Employed, at: Path) -> Iterator[Wrong]:
    if both := sorted(set(employed.roles or ()) & set(employed.synonyms)):
        yield (*at, "synonyms"), f"{listed(both)} is a role already"


def _exam(exam: ExamComplete, at: Path) -> Iterator[Wrong]:
    if missing := sorted(set(get_args(ExamLevel)) - set(exam.levels)):
        yield (*at, "levels"), f"{listed(missing)} is missing"


def _talent(routes: TalentRoutes, at: Path) -> Iterator[Wrong]:
    if not (routes.certificate or routes.degree or routes.hours):
        yield at, "talent has at least one route"
    if not routes.engaged:
        yield (*at, "engaged"), "talent has at least one way of being engaged"
    yield from _grounds(routes.engaged, (*at, "engaged"))
    if routes.hours and routes.hours.hours.window.rolling_years is None:
        yield (*at, "hours", "hours", "window"), "the window of a talent's hours must roll"


def check_text(text: Text, at: Path) -> Iterator[Wrong]:
    """Yield what is wrong in a sentence."""
    yield from unreadable({"zh": text.zh, "en": text.en}, at)


CHECKS: Mapping[type[Struct], Callable[[Any, Path], Iterator[Wrong]]] = {
    Text: check_text,
    Condition: _condition,
    Ladder: _ladder,
    CountedHours: _counted_hours,
    Allowance: _allowance,
    Entitlement: _entitlement,
    Employed: _employed,
    ExamComplete: _exam,
    TalentRoutes: _talent,
}
