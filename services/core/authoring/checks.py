"""What a pack may not say, though its shape is right: checks of sense, each with the keys that lead to it. Pure.

Each check yields the path of keys inside the document and what is wrong there.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise, product
from typing import Any, get_args

from msgspec import Struct, structs

from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    NATION,
    UNSAFE_CHARACTERS,
    EmployerType,
    ExamLevel,
    Role,
)
from contracts.policies.language import (
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
    TalentRoutes,
    Text,
    Undefined,
)
from contracts.policies.readings import ALTERNATIVES, KNOWN_READINGS
from services.core.authoring.example_checks import Path, Wrong, wrong_in_example
from services.core.questions.standing import STANDING
from services.core.rules.kinds.registry import KINDS
from services.core.rules.parts import FORMS, OPERATORS
from services.core.rules.result import words_of

READINGS_OF_HOURS = ("R-03", "R-07", "R-08", "R-09", "R-10")
"""Whatever counts hours rests on them: at least, the unit, the day, the subjects and what was reported twice."""
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
_unsafe = re.compile(rf"[{UNSAFE_CHARACTERS}\u2028\u2029]")


def wrong_in(pack: Pack) -> Iterator[Wrong]:
    """Yield what is wrong in a pack, in the order of the document."""
    if not pack.editions:
        yield ("editions",), "a pack has at least one edition"
    yield from _text(pack.name, ("name",))
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
        yield from _unreadable({"name": example.name}, at)
        if example.name in [earlier.name for earlier in pack.examples[:index]]:
            yield (*at, "name"), f"two examples are called {example.name!r}"
        yield from wrong_in_example(example, at)


def _outside(part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the days that no event could have: what a rule makes of them would lie beyond the calendar."""
    for key, value in structs.asdict(part).items():
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            yield (*at, key), f"lies outside {FIRST_DAY} to {LAST_DAY}"


def _days(pack: Pack) -> Iterator[Wrong]:
    """Texts may stand side by side, and the one begun last answers: so no two of one matter may begin on one day."""
    for index, (newer, older) in enumerate(pairwise(pack.editions), start=1):
        if newer.in_force.first_day < older.in_force.first_day:
            yield ("editions", index, "in_force"), f"edition {older.edition} begins later than the one before it"
    for (_, one), (index, other) in combinations(enumerate(pack.editions), 2):
        both = sorted({*one.determinations, *one.indicators} & {*other.determinations, *other.indicators})
        if both and one.in_force.first_day == other.in_force.first_day:
            yield (
                ("editions", index, "in_force"),
                f"editions {one.edition} and {other.edition} begin on one day and both have {_listed(both)}",
            )
    if twice := _twice(edition.edition for edition in pack.editions):
        yield ("editions",), f"{_listed(twice)} stands twice"


def _edition(edition: Edition, at: Path) -> Iterator[Wrong]:
    in_force = edition.in_force
    if (in_force.last_day or LAST_DAY) < in_force.first_day:
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
        if (last or LAST_DAY) < max(first, in_force.first_day):
            yield where, "ends before it begins, or before the edition does"
    if twice := _twice((other.reading, other.choice) for other in in_force.alternatives):
        yield (*at, "in_force", "alternatives"), f"{_listed(twice)} stands twice"
    yield from _unreadable({"document": edition.document, "edition": edition.edition}, at)


def _clauses(edition: Edition, part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the clauses that are none, or that stand in the register under another place than the edition's own."""
    own = _clause.fullmatch(edition.clause)
    cited: dict[Path, str | None] = {(*at, "clause"): getattr(part, "clause", None)}
    cited |= {(*at, "further_clauses", index): one for index, one in enumerate(getattr(part, "further_clauses", ()))}
    for key, clause in cited.items():
        if clause is None:
            continue
        if not (found := _clause.fullmatch(clause)):
            yield key, f"{clause!r} is no clause of the register" if clause.strip() else "is empty"
        elif own and found["prefix"] != own["prefix"]:
            yield key, f"{clause} is no clause of a place whose edition is {edition.clause}"


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
        yield from _unreadable({"document": rule.document}, at)
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
    values = words_of(KINDS[name].result, indicator.by) if indicator.by else ()
    if indicator.by and not values:
        yield (*at, "by"), f"{name} has no field {indicator.by} of a few words"
    if strange := sorted(set(indicator.without) - set(values)):
        yield (*at, "without"), f"{_listed(strange)} is no {indicator.by} of {name}"


def _parts(whole: Rule | Indicator, at: Path) -> Iterator[Wrong]:
    for index, term in enumerate(whole.key_terms):
        yield from _unreadable({index: term}, (*at, "key_terms"))
    for part, where in _structs(whole, at):
        yield from _repeated(part, where)
        for kind, check in CHECKS.items():
            if isinstance(part, kind):
                yield from check(part, where)


def _unreadable(given: Mapping[str | int, str], at: Path) -> Iterator[Wrong]:
    """Yield the texts that show nothing, or that could read differently from what they say."""
    for key, value in given.items():
        if not any(unicodedata.category(character)[0] in "LNPS" for character in value):
            yield (*at, key), "is empty"
        elif unsafe := _unsafe.search(value):
            yield (*at, key), f"holds the control character U+{ord(unsafe[0]):04X}"


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
    if (hours.required is None) == (not hours.required_by_level):
        yield at, "hours have exactly one of required, required_by_level"
    if hours.required_by_level and (missing := set(get_args(ExamLevel)) - set(hours.required_by_level)):
        yield (*at, "required_by_level"), f"{_listed(sorted(missing))} is missing"


def _allowance(allowance: Allowance, at: Path) -> Iterator[Wrong]:
    for name, operator in (("role", "employed"), ("certificate", "certificate")):
        condition = allowance.conditions.get(name)  # type: ignore[call-overload]  # Both names are of the vocabulary.
        if condition is None or getattr(condition, operator) is None:
            yield (*at, "conditions"), f"an allowance asks for a {name} by {operator}"


def _entitlement(entitlement: Entitlement, at: Path) -> Iterator[Wrong]:
    if not entitlement.any_of:
        yield (*at, "any_of"), "an entitlement has at least one ground"
    yield from _grounds(entitlement.any_of, (*at, "any_of"))


def _grounds(any_of: Mapping[str, Condition], at: Path) -> Iterator[Wrong]:
    """Yield the grounds that one fact would meet twice: on which of them an answer rests could not be said."""
    for (one, first), (other, second) in combinations(any_of.items(), 2):
        if both := _facts_matched(first) & _facts_matched(second):
            yield (*at, other), f"matches the same fact as {one}: {min(both)}"


def _facts_matched(condition: Condition) -> set[str]:
    """Return what a ground is met by. A reward for an exam rests on a certificate."""
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
        yield (*at, "synonyms"), f"{_listed(both)} is a role already"


def _exam(exam: ExamComplete, at: Path) -> Iterator[Wrong]:
    if missing := sorted(set(get_args(ExamLevel)) - set(exam.levels)):
        yield (*at, "levels"), f"{_listed(missing)} is missing"


def _talent(routes: TalentRoutes, at: Path) -> Iterator[Wrong]:
    if not (routes.certificate or routes.degree or routes.hours):
        yield at, "talent has at least one route"
    if not routes.engaged:
        yield (*at, "engaged"), "talent has at least one way of being engaged"
    yield from _grounds(routes.engaged, (*at, "engaged"))
    if routes.hours and routes.hours.hours.window.rolling_years is None:
        yield (*at, "hours", "hours", "window"), "the hours of a talent roll"


def _text(text: Text, at: Path) -> Iterator[Wrong]:
    yield from _unreadable({"zh": text.zh, "en": text.en}, at)


CHECKS: Mapping[type[Struct], Callable[[Any, Path], Iterator[Wrong]]] = {
    Text: _text,
    Condition: _condition,
    Ladder: _ladder,
    CountedHours: _counted_hours,
    Allowance: _allowance,
    Entitlement: _entitlement,
    Employed: _employed,
    ExamComplete: _exam,
    TalentRoutes: _talent,
}


def _repeated(part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the lists of words or numbers in which one stands twice, and those that would match nothing."""
    for key, value in structs.asdict(part).items():
        words = value if isinstance(value, tuple) and not any(isinstance(one, Struct) for one in value) else ()
        if key != "readings" and (twice := _twice(words)):
            yield (*at, key), f"{_listed(twice)} stands twice"
        if key in NEVER_EMPTY and value is not None and not value:
            yield (*at, key), "is empty"


def _structs(part: Any, at: Path) -> Iterator[tuple[Struct, Path]]:
    """Yield every part of a rule with the keys that lead to it, itself first."""
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
        if isinstance(child, Struct | dict | tuple):  # Most are words, and a pack has thousands.
            yield from _structs(child, (*at, key))


def _twice(things: Iterable[Hashable]) -> list[Any]:
    return [thing for thing, times in Counter(things).items() if times > 1]


def _listed(things: Iterable[Any]) -> str:
    return ", ".join(map(str, things))
