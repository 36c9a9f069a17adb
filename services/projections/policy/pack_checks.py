"""What a pack may not say, though its shape is right: checks of sense, each with the keys that lead to it. Pure.

Each check yields the path of keys inside the document and what is wrong there.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, TypeAlias, get_args

from msgspec import Struct, structs

from contracts.events.values import FIRST_DAY, LAST_DAY, NATION, ExamLevel
from services.projections.policy.answer_schema import RESULTS
from services.projections.policy.forms import FORMS
from services.projections.policy.operators import OPERATORS
from services.projections.policy.pack import (
    Allowance,
    Condition,
    CountedHours,
    Edition,
    Employed,
    Entitlement,
    ExamComplete,
    Indicator,
    Ladder,
    Pack,
    Rule,
    Text,
)
from services.projections.policy.readings import ALTERNATIVES, KNOWN_READINGS

Path: TypeAlias = tuple[str | int, ...]
Wrong: TypeAlias = tuple[Path, str]
"""Where, and what is wrong there."""

CONTINUING_EDUCATION = frozenset(
    {
        "continuing_education.annual",
        "continuing_education.plan_period",
        "continuing_education.registration_term",
    }
)
READINGS_OF_HOURS = ("R-03", "R-07", "R-08", "R-09", "R-10")
"""Whatever counts hours rests on them: at least, the unit, the day, the subjects and what was reported twice."""
ENTITLEMENTS = frozenset(
    {
        "benefit.child_education",
        "benefit.settlement",
        "benefit.apartment",
        "reward.new_talent",
        "reward.exam",
    }
)
DETERMINATIONS_OF_FORM: Mapping[str, frozenset[str]] = {
    "highest_certificate": frozenset({"certificate", "technical_staff"}),
    "registration": frozenset({"registration"}),
    "qualification": frozenset({"qualification"}),
    "exam": frozenset({"exam.complete"}),
    "senior_route": frozenset({"certificate.senior_route"}),
    "ladder": frozenset({"grade"}),
    "hours": CONTINUING_EDUCATION,
    "allowance": frozenset({"allowance"}),
    "entitlement": ENTITLEMENTS,
    "supervisor_rank": frozenset({"supervisor"}),
    "professional_years": frozenset({"professional_years"}),
    "talent": frozenset({"talent", "talent.quality"}),
    "title": frozenset({"title"}),
}
"""Which questions a form can answer: with another one's status words an answer would mean nothing."""
STATUSES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("certificate", "qualification", "title", "supervisor", "technical_staff", "professional_years"),
        frozenset({"valid", "none"}),
    ),
    "registration": frozenset({"valid", "lapsed", "none"}),
    "certificate.senior_route": frozenset({"met", "pending", "needs_review", "not_met"}),
    "grade": frozenset({"conforming", "not_conforming", "none"}),
    **dict.fromkeys(("talent", "talent.quality"), frozenset({"met", "not_met", "needs_review"})),
    **dict.fromkeys(CONTINUING_EDUCATION, frozenset({"met", "pending", "not_met", "needs_review"})),
    **dict.fromkeys(("allowance", *ENTITLEMENTS), frozenset({"eligible", "not_eligible", "needs_review"})),
}
"""What a question of a standing can be answered with where its rule is in force and concerns the person."""


def wrong_in(pack: Pack) -> Iterator[Wrong]:
    """Yield what is wrong in a pack, in the order of the document."""
    if not pack.editions:
        yield ("editions",), "a pack has at least one edition"
    yield from _days(pack)
    for index, edition in enumerate(pack.editions):
        at: Path = ("editions", index)
        yield from _edition(edition, at)
        for name, rule in edition.determinations.items():
            where = (*at, "determinations", name)
            yield from _rule(pack, name, rule, where)
        for id_, indicator in edition.indicators.items():
            yield from _indicator(edition, indicator, (*at, "indicators", id_))
    for index, example in enumerate(pack.examples):
        yield from _example(example.given, example.level, example.expect, ("examples", index))


def _days(pack: Pack) -> Iterator[Wrong]:
    for index, (newer, older) in enumerate(pairwise(pack.editions)):
        if not (older.in_force.last_day or LAST_DAY) < newer.in_force.first_day:
            yield (
                ("editions", index + 1, "in_force"),
                f"editions {newer.edition} and {older.edition} overlap, or the newest does not stand first",
            )
    if twice := _twice(edition.edition for edition in pack.editions):
        yield ("editions",), f"{_listed(twice)} stands twice"


def _edition(edition: Edition, at: Path) -> Iterator[Wrong]:
    in_force = edition.in_force
    if (in_force.last_day or LAST_DAY) < (in_force.first_day or FIRST_DAY):
        yield (*at, "in_force"), "ends before it begins"
    yield from _readings(edition.readings, (*at, "readings"))
    for index, other in enumerate(in_force.alternatives):
        where = (*at, "in_force", "alternatives", index)
        if other.reading not in edition.readings:
            yield where, f"{other.reading} is no reading of the edition"
        elif other.choice not in ALTERNATIVES.get(other.reading, ()):
            yield where, f"{other.choice} is no alternative of {other.reading}"
        first, last = other.first_day or in_force.first_day, other.last_day or in_force.last_day
        if (first, last) == (in_force.first_day, in_force.last_day):
            yield where, "has the same days as the edition"
    if twice := _twice((other.reading, other.choice) for other in in_force.alternatives):
        yield (*at, "in_force", "alternatives"), f"{_listed(twice)} stands twice"
    yield from _blank({"clause": edition.clause, "document": edition.document, "edition": edition.edition}, at)


def _rule(pack: Pack, name: str, rule: Rule, at: Path) -> Iterator[Wrong]:
    forms = [form for form in FORMS if getattr(rule, form) is not None]
    if len(forms) != 1:
        yield at, f"a rule has exactly one of {', '.join(FORMS)}"
    for form in forms:
        if name not in DETERMINATIONS_OF_FORM.get(form, {name}):
            yield (*at, form), f"the form {form} does not answer {name}"
    if rule.undefined is not None and pack.jurisdiction == NATION:
        yield (*at, "undefined"), "a national rule is never undefined"
    yield from _blank({"clause": rule.clause, **({} if rule.document is None else {"document": rule.document})}, at)
    if not rule.key_terms:
        yield (*at, "key_terms"), "a rule quotes at least one term of its source"
    yield from _readings(rule.readings, (*at, "readings"))
    yield from _parts(rule, at)
    yield from _unread(rule, at)
    yield from _interpretations(rule, at)


def _indicator(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    name = indicator.determination
    yield from _blank({"clause": indicator.clause}, at)
    if not indicator.key_terms:
        yield (*at, "key_terms"), "an indicator quotes at least one term of its source"
    yield from _readings(indicator.readings, (*at, "readings"))
    yield from _parts(indicator, at)
    yield from _interpretations(indicator, at)
    if name not in STATUSES:
        yield (*at, "determination"), f"{name} has no answer in a standing, from which people are counted"
        return
    if not indicator.counted:
        yield (*at, "counted"), "is empty"
    for key in ("counted", "open"):
        if strange := sorted(set(getattr(indicator, key)) - STATUSES[name]):
            yield (*at, key), f"{name} is never {_listed(strange)}"
    if both := sorted(set(indicator.counted) & set(indicator.open)):
        yield (*at, "open"), f"{_listed(both)} is counted already"
    yield from _left_out(edition, indicator, at)
    if indicator.deadline and indicator.each_year:
        yield (*at, "deadline"), "is that of each year"


def _left_out(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    """Yield the conditions and fields by which people are told apart and that the determination does not have."""
    name = indicator.determination
    rule = edition.determinations.get(name)
    conditions: Collection[str] = rule.allowance.conditions if rule and rule.allowance else ()
    if indicator.unless_missing and indicator.unless_missing not in conditions:
        yield (*at, "unless_missing"), f"{indicator.unless_missing} is no condition of {name} here"
    values = RESULTS[name].get(indicator.by or "", {}).get("enum", ())
    if indicator.by and not values:
        yield (*at, "by"), f"{name} has no field {indicator.by} of a few words"
    if strange := sorted(set(indicator.without) - set(values)):
        yield (*at, "without"), f"{_listed(strange)} is no {indicator.by} of {name}"


def _parts(whole: Rule | Indicator, at: Path) -> Iterator[Wrong]:
    for part, where in _structs(whole, at):
        yield from _repeated(part, where)
        for kind, check in CHECKS.items():
            if isinstance(part, kind):
                yield from check(part, where)


def _blank(given: Mapping[str, str], at: Path) -> Iterator[Wrong]:
    for key, value in given.items():
        if not value.strip():
            yield (*at, key), "is empty"


def _readings(readings: Sequence[str], at: Path) -> Iterator[Wrong]:
    if unknown := [reading for reading in readings if reading not in KNOWN_READINGS]:
        yield at, f"{_listed(unknown)} is not in the readings register"
    if twice := _twice(readings):
        yield at, f"{_listed(twice)} stands twice"


def _unread(rule: Rule, at: Path) -> Iterator[Wrong]:
    """Yield what can be evaluated under another reading that the rule does not name."""
    for part, where in _structs(rule, at):
        for key, reading in _reading_dependent(part):
            if reading not in rule.readings:
                yield (*where, key), f"is read by {reading}, which the rule does not list"
        if isinstance(part, CountedHours) and (missing := sorted(set(READINGS_OF_HOURS) - set(rule.readings))):
            yield (*at, "readings"), f"hours are read by {_listed(missing)} too, which the rule does not list"


def _interpretations(rule: Rule | Indicator, at: Path) -> Iterator[Wrong]:
    """Yield the interpretations that name a reading by which the rule or indicator is not taken."""
    for part, where in _structs(rule, at):
        told = getattr(part, "interpretation", None)
        if told and (strange := sorted(set(re.findall(r"R-[0-9]{2}", told.zh + told.en)) - set(rule.readings))):
            yield (*where, "interpretation"), f"names {_listed(strange)}, which the rule does not list"


def _reading_dependent(part: Struct) -> Iterator[tuple[str, str]]:
    for key, reading in (
        ("synonyms", "R-17"),
        ("binding_employer_types", "R-18"),
        ("while_in_force", "R-23"),
        ("rolling_years", "R-04"),
        ("calendar_year", "R-06"),
        ("attested", "R-15"),
        ("registered", "R-12"),
    ):
        if getattr(part, key, None):
            yield key, reading


# Checks of one kind of part each.


def _condition(condition: Condition, at: Path) -> Iterator[Wrong]:
    if sum(getattr(condition, operator) is not None for operator in OPERATORS) != 1:
        yield at, f"a condition has exactly one of {', '.join(OPERATORS)}"
    for number in ("within_months", "at_least"):
        if condition.served and getattr(condition.served, number) < 1:
            yield (*at, "served", number), "is at least 1"


def _ladder(ladder: Ladder, at: Path) -> Iterator[Wrong]:
    if twice := _twice(level for band in ladder.bands for level in band.post_levels):
        yield (*at, "bands"), f"post levels {_listed(twice)} stand in two bands"
    if twice := _twice(band.band for band in ladder.bands):
        yield (*at, "bands"), f"the band {_listed(twice)} stands twice"
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
    if window.rolling_years is not None and window.rolling_years < 1:
        yield (*at, "window", "rolling_years"), "is at least 1"
    if (hours.required is None) == (not hours.required_by_level):
        yield at, "hours have exactly one of required, required_by_level"


def _allowance(allowance: Allowance, at: Path) -> Iterator[Wrong]:
    for name, operator in (("role", "employed"), ("certificate", "certificate")):
        condition = allowance.conditions.get(name)  # type: ignore[call-overload]  # Both names are of the vocabulary.
        if condition is None or getattr(condition, operator) is None:
            yield (*at, "conditions"), f"an allowance asks for a {name} by {operator}"


def _entitlement(entitlement: Entitlement, at: Path) -> Iterator[Wrong]:
    if not entitlement.any_of:
        yield (*at, "any_of"), "an entitlement has at least one ground"
    for (one, first), (other, second) in combinations(entitlement.any_of.items(), 2):
        if both := _facts_matched(first) & _facts_matched(second):
            yield (*at, "any_of", other), f"matches the same fact as {one}: {_listed(sorted(map(str, both)))}"


def _facts_matched(condition: Condition) -> set[Hashable]:
    """Return what a ground is met by, where that can be named."""
    if condition.talent:
        return set(condition.talent.talents)
    if condition.supervisor:
        return set(condition.supervisor.ranks)
    return {operator for operator in ("exam_reward", "decided_elsewhere") if getattr(condition, operator) is not None}


def _employed(employed: Employed, at: Path) -> Iterator[Wrong]:
    if both := sorted(set(employed.roles or ()) & set(employed.synonyms)):
        yield (*at, "synonyms"), f"{_listed(both)} is a role already"


def _exam(exam: ExamComplete, at: Path) -> Iterator[Wrong]:
    if missing := sorted(set(get_args(ExamLevel)) - set(exam.levels)):
        yield (*at, "levels"), f"{_listed(missing)} is missing"
    for level, subjects in exam.levels.items():
        if subjects.years < 1:
            yield (*at, "levels", level, "years"), "is at least 1"


def _talent(rule: Rule, at: Path) -> Iterator[Wrong]:
    routes = rule.talent
    if routes is None:
        return
    if not (routes.certificate or routes.degree or routes.hours):
        yield (*at, "talent"), "talent has at least one route"
    if not routes.engaged:
        yield (*at, "talent", "engaged"), "talent has at least one way of being engaged"
    if routes.hours and routes.hours.hours.window.rolling_years is None:
        yield (*at, "talent", "hours", "hours", "window"), "the hours of a talent roll"


def _registration_term(rule: Rule, at: Path) -> Iterator[Wrong]:
    if rule.registration and rule.registration.months < 1:
        yield (*at, "registration", "months"), "is at least 1"


def _text(text: Text, at: Path) -> Iterator[Wrong]:
    yield from _blank({"zh": text.zh, "en": text.en}, at)


def _rule_parts(rule: Rule, at: Path) -> Iterator[Wrong]:
    yield from _talent(rule, at)
    yield from _registration_term(rule, at)


CHECKS: Mapping[type[Struct], Callable[[Any, Path], Iterator[Wrong]]] = {
    Rule: _rule_parts,
    Text: _text,
    Condition: _condition,
    Ladder: _ladder,
    CountedHours: _counted_hours,
    Allowance: _allowance,
    Entitlement: _entitlement,
    Employed: _employed,
    ExamComplete: _exam,
}


def _example(
    given: Sequence[Mapping[str, Any]], level: str | None, expect: Mapping[Any, Any], at: Path
) -> Iterator[Wrong]:
    for index, event in enumerate(given):
        if missing := [key for key in ("event", "on") if key not in event]:
            yield (*at, "given", index), f"an event has {_listed(missing)}"
    if "exam.complete" in expect and level is None:
        yield (*at, "expect", "exam.complete"), "asks for a level"


def _repeated(part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the lists of words or numbers in which one stands twice."""
    for key, value in structs.asdict(part).items():
        if isinstance(value, tuple) and key != "readings" and not any(isinstance(one, Struct) for one in value):
            if twice := _twice(value):
                yield (*at, key), f"{_listed(twice)} stands twice"
            if not value and key in ("levels", "post_levels", "roles", "employer_types", "talents", "ranks", "fields"):
                yield (*at, key), "is empty"


def _structs(part: Any, at: Path) -> Iterator[tuple[Struct, Path]]:
    """Yield every part of a rule with the keys that lead to it, itself first."""
    if isinstance(part, Struct):
        yield part, at
        for key, child in structs.asdict(part).items():
            yield from _structs(child, (*at, key))
    elif isinstance(part, Mapping):
        for key, child in part.items():
            yield from _structs(child, (*at, key))
    elif isinstance(part, tuple):
        for index, child in enumerate(part):
            yield from _structs(child, (*at, index))


def _twice(things: Iterable[Hashable]) -> list[Any]:
    return [thing for thing, times in Counter(things).items() if times > 1]


def _listed(things: Iterable[Any]) -> str:
    return ", ".join(map(str, things))
