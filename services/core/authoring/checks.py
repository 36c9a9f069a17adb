"""Checks of a pack whose shape is right: does it make sense? Pure.

Each check yields the keys that lead to a mistake, and what is wrong there.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from msgspec import Struct, structs

from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    NATION,
)
from contracts.policies.language import (
    CountedHours,
    Edition,
    Indicator,
    Pack,
    Rule,
    Undefined,
)
from contracts.policies.readings import ALTERNATIVES, KNOWN_READINGS
from services.core.authoring.example_checks import Path, Wrong, wrong_in_example
from services.core.authoring.part_checks import CHECKS, check_text, listed, repeats, unreadable
from services.core.questions.standing import STANDING
from services.core.rules.kinds.registry import KINDS
from services.core.rules.parts import FORMS
from services.core.rules.result import words_of

READINGS_OF_HOURS = ("R-03", "R-07", "R-08", "R-09", "R-10")
"""The readings behind every count of hours: "at least", the unit, the day, the subjects, and repeated reports."""
NEVER_EMPTY = frozenset(
    {
        "binding_employer_types",
        "employer_types",
        "fields",
        "levels",
        "post_levels",
        "ranks",
        "roles",
        "subjects",
        "talents",
        "titles",
    }
)

_clause = re.compile(r"(?P<prefix>[A-Z]{1,2})-[0-9]+[a-z]?")


def wrong_in(pack: Pack) -> Iterator[Wrong]:
    """Yield every mistake in a pack, in the order of the document."""
    if not pack.editions:
        yield ("editions",), "a pack has at least one edition"
    yield from check_text(pack.name, ("name",))
    yield from _days(pack)
    for index, edition in enumerate(pack.editions):
        at: Path = ("editions", index)
        yield from _edition(edition, at)
        for part, where in _structs(edition, at):
            yield from _outside(part, where)
            yield from _clauses(edition, part, where)
        for name, rule in edition.determinations.items():
            where = (*at, "determinations", name)
            yield from _rule(pack, name, rule, where)
        for id_, indicator in edition.indicators.items():
            yield from _indicator(edition, indicator, (*at, "indicators", id_))
    for index, example in enumerate(pack.examples):
        at = ("examples", index)
        yield from _outside(example, at)
        yield from unreadable({"name": example.name}, at)
        if example.name in [earlier.name for earlier in pack.examples[:index]]:
            yield (*at, "name"), f"two examples are called {example.name!r}"
        yield from wrong_in_example(example, at)


def _outside(part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the days that no event could have: days computed from them could exceed the calendar."""
    for key, value in structs.asdict(part).items():
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            yield (*at, key), f"lies outside {FIRST_DAY} to {LAST_DAY}"


def _days(pack: Pack) -> Iterator[Wrong]:
    """Yield editions out of order, and those that begin on one day about one matter: the one begun last answers."""
    for index, (newer, older) in enumerate(pairwise(pack.editions), start=1):
        if newer.in_force.first_day < older.in_force.first_day:
            yield ("editions", index, "in_force"), f"edition {older.edition} begins later than the one before it"
    for (_, first), (index, second) in combinations(enumerate(pack.editions), 2):
        both = sorted({*first.determinations, *first.indicators} & {*second.determinations, *second.indicators})
        if both and first.in_force.first_day == second.in_force.first_day:
            yield (
                ("editions", index, "in_force"),
                f"editions {first.edition} and {second.edition} begin on one day and both have {listed(both)}",
            )
    if twice := repeats(edition.edition for edition in pack.editions):
        yield ("editions",), f"{listed(twice)} is listed twice"


def _edition(edition: Edition, at: Path) -> Iterator[Wrong]:
    in_force = edition.in_force
    if (in_force.last_day or LAST_DAY) < in_force.first_day:
        yield (*at, "in_force"), "ends before it begins"
    yield from _readings(edition.readings, (*at, "readings"))
    for index, other in enumerate(in_force.alternatives):
        where = (*at, "in_force", "alternatives", index)
        if other.reading not in edition.readings:
            yield where, f"{other.reading} is not a reading of the edition"
        elif other.choice not in ALTERNATIVES.get(other.reading, ()):
            yield where, f"{other.choice} is not an alternative of {other.reading}"
        first, last = other.first_day or in_force.first_day, other.last_day or in_force.last_day
        if (first, last) == (in_force.first_day, in_force.last_day):
            yield where, "has the same days as the edition"
        if (last or LAST_DAY) < max(first, in_force.first_day):
            yield where, "ends before it begins, or before the edition does"
    if twice := repeats((other.reading, other.choice) for other in in_force.alternatives):
        yield (*at, "in_force", "alternatives"), f"{listed(twice)} is listed twice"
    yield from unreadable({"document": edition.document, "edition": edition.edition}, at)


def _clauses(edition: Edition, part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the citations that are not clauses of the register, or that are clauses of another place."""
    own = _clause.fullmatch(edition.clause)
    cited: dict[Path, str | None] = {(*at, "clause"): getattr(part, "clause", None)}
    cited |= {(*at, "further_clauses", index): id_ for index, id_ in enumerate(getattr(part, "further_clauses", ()))}
    for key, clause in cited.items():
        if clause is None:
            continue
        if not (matched := _clause.fullmatch(clause)):
            yield key, f"{clause!r} is not a clause of the register" if clause.strip() else "is empty"
        elif own and matched["prefix"] != own["prefix"]:
            yield key, f"{clause} is not a clause of a place whose edition is {edition.clause}"


def _rule(pack: Pack, name: str, rule: Rule, at: Path) -> Iterator[Wrong]:
    forms = [form for form in FORMS if getattr(rule, form) is not None]
    if len(forms) != 1:
        yield at, f"a rule has exactly one of {', '.join(FORMS)}"
    for form in forms:
        if not isinstance(getattr(rule, form), KINDS[name].spec | Undefined):
            yield (*at, form), f"the form {form} does not answer {name}"
    if rule.undefined is not None and pack.jurisdiction == NATION:
        yield (*at, "undefined"), "a national rule is never undefined"
    if rule.document is not None:
        yield from unreadable({"document": rule.document}, at)
    if not rule.key_terms:
        yield (*at, "key_terms"), "a rule quotes at least one term of its source"
    yield from _readings(rule.readings, (*at, "readings"))
    yield from _parts(rule, at)
    yield from _unread(rule, at)
    yield from _interpretations(rule, at)


def _indicator(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    name = indicator.determination
    if not indicator.key_terms:
        yield (*at, "key_terms"), "an indicator quotes at least one term of its source"
    yield from _readings(indicator.readings, (*at, "readings"))
    yield from _parts(indicator, at)
    yield from _interpretations(indicator, at)
    if name not in STANDING:
        yield (*at, "determination"), f"{name} has no answer in a standing, from which people are counted"
        return
    if not indicator.counted:
        yield (*at, "counted"), "is empty"
    for key in ("counted", "open"):
        if strange := sorted(set(getattr(indicator, key)) - KINDS[name].statuses):
            yield (*at, key), f"{name} is never {listed(strange)}"
    if both := sorted(set(indicator.counted) & set(indicator.open)):
        yield (*at, "open"), f"{listed(both)} is counted already"
    yield from _left_out(edition, indicator, at)
    if indicator.deadline and indicator.each_year:
        yield (*at, "deadline"), "must be left out where each_year is given"


def _left_out(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    """Yield the conditions, fields and values that the indicator names and the determination does not have."""
    name = indicator.determination
    rule = edition.determinations.get(name)
    conditions: Collection[str] = rule.allowance.conditions if rule and rule.allowance else ()
    if indicator.unless_missing and indicator.unless_missing not in conditions:
        yield (*at, "unless_missing"), f"{indicator.unless_missing} is not a condition of {name} here"
    values = words_of(KINDS[name].result, indicator.by) if indicator.by else ()
    if indicator.by and not values:
        yield (*at, "by"), f"{name} has no field {indicator.by} of a few words"
    if strange := sorted(set(indicator.without) - set(values)):
        yield (*at, "without"), f"{listed(strange)} is not a {indicator.by} of {name}"


def _parts(whole: Rule | Indicator, at: Path) -> Iterator[Wrong]:
    for index, term in enumerate(whole.key_terms):
        yield from unreadable({index: term}, (*at, "key_terms"))
    for part, where in _structs(whole, at):
        yield from _repeated(part, where)
        for kind, check in CHECKS.items():
            if isinstance(part, kind):
                yield from check(part, where)


def _readings(readings: Sequence[str], at: Path) -> Iterator[Wrong]:
    if unknown := [reading for reading in readings if reading not in KNOWN_READINGS]:
        yield at, f"{listed(unknown)} is not in the readings register"
    if twice := repeats(readings):
        yield at, f"{listed(twice)} is listed twice"


def _unread(rule: Rule, at: Path) -> Iterator[Wrong]:
    """Yield the parts that depend on a reading which the rule does not list."""
    for part, where in _structs(rule, at):
        for key, reading in _reading_dependent(part):
            if reading not in rule.readings:
                yield (*where, key), f"is read by {reading}, which the rule does not list"
        if isinstance(part, CountedHours) and (missing := sorted(set(READINGS_OF_HOURS) - set(rule.readings))):
            yield (*at, "readings"), f"hours are read by {listed(missing)} too, which the rule does not list"


def _interpretations(rule: Rule | Indicator, at: Path) -> Iterator[Wrong]:
    """Yield the interpretations that name a reading which the rule or indicator does not list."""
    for part, where in _structs(rule, at):
        text = getattr(part, "interpretation", None)
        if text and (strange := sorted(set(re.findall(r"R-[0-9]{2}", text.zh + text.en)) - set(rule.readings))):
            yield (*where, "interpretation"), f"names {listed(strange)}, which the rule does not list"


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


def _repeated(part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the lists with a repeated word or number, and empty ones that would match nothing."""
    for key, value in structs.asdict(part).items():
        words = value if isinstance(value, tuple) and not any(isinstance(item, Struct) for item in value) else ()
        if key != "readings" and (twice := repeats(words)):
            yield (*at, key), f"{listed(twice)} is listed twice"
        if key in NEVER_EMPTY and value is not None and not value:
            yield (*at, key), "is empty"


def _structs(part: Any, at: Path) -> Iterator[tuple[Struct, Path]]:
    """Yield every struct inside a part with the keys that lead to it, the part itself first."""
    if isinstance(part, Struct):
        yield part, at
    children: Iterable[tuple[str | int, Any]] = ()
    if isinstance(part, Struct):
        children = structs.asdict(part).items()
    elif isinstance(part, dict):
        children = part.items()
    elif isinstance(part, tuple):
        children = enumerate(part)
    for key, child in children:
        if isinstance(child, Struct | dict | tuple):  # Skips words, of which a pack has thousands.
            yield from _structs(child, (*at, key))
