"""Checks of single parts of a pack: a text, a word, a kind and so on, wherever they are in the pack. Pure.

Each check yields the keys that lead to a mistake, and what is wrong there.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Any, get_args

from msgspec import Struct, structs

from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    UNSAFE_CHARACTERS,
    EducationField,
    EducationLevel,
    EmployerType,
    ExamLevel,
    Role,
)
from contracts.keys import Path
from contracts.policies.language import Text, Told, Vocabulary
from services.core.authoring.example_checks import Wrong
from services.core.authoring.variants import parts_in
from services.core.rules.combine import AnyOf, APersonDecides, ForReview
from services.core.rules.conditions.attested import Attested
from services.core.rules.conditions.certificates import (
    CERTIFICATE_LEVELS,
    HoldsCertificate,
    Obtained,
    Recognized,
    Scope,
)
from services.core.rules.conditions.designated import Designated
from services.core.rules.conditions.employed import Employed
from services.core.rules.conditions.holds_degree import HoldsDegree
from services.core.rules.conditions.registered import Registered
from services.core.rules.conditions.served import Served
from services.core.rules.conditions.trained import Trained
from services.core.rules.kinds.entitlement import Entitlement
from services.core.rules.kinds.exam_entry import ExamEntry
from services.core.rules.kinds.examination import ExamComplete
from services.core.rules.kinds.ladder import Ladder
from services.core.rules.kinds.talent import Talent
from services.core.rules.kinds.training import Training
from services.core.rules.parts import Named, Part, Word, words_of
from services.core.rules.terms import ExamTerm
from services.core.rules.windows import Period

HIGHEST_SCORE = 100
ANY_OTHER_TITLE = "any other title"

_unsafe = re.compile(rf"[{UNSAFE_CHARACTERS}\u2028\u2029]")


def wrong_parts(whole: Any, at: Path, *, never_empty: bool = False) -> Iterator[Wrong]:
    """Yield what is wrong in a value or in any part of it; with `never_empty` lists that would match nothing, too."""
    for part, where in parts_in(whole, at):
        if isinstance(part, Struct):
            yield from outside(part, where)
            yield from _repeated(part, where)
        if never_empty and isinstance(part, Struct):
            yield from _empty(part, where)
        for shape, check in CHECKS.items():
            if isinstance(part, shape):
                yield from check(part, where)


def outside(part: Struct, at: Path) -> Iterator[Wrong]:
    """Yield the days that no event could have: days computed from them could exceed the calendar."""
    for key, value in structs.asdict(part).items():
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            yield (*at, key), f"lies outside {FIRST_DAY} to {LAST_DAY}"


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


def readings_named(text: Text | None) -> set[str]:
    """Return the readings that a sentence names."""
    return set(re.findall(r"R-[0-9]{2}", text.zh + text.en)) if text else set()


def _repeated(part: Struct, at: Path) -> Iterator[Wrong]:
    for key, value in structs.asdict(part).items():
        simple = isinstance(value, tuple) and not any(isinstance(item, Struct | Named | Mapping) for item in value)
        if simple and (twice := repeats(value)):
            yield (*at, key), f"{listed(twice)} is listed twice"


def _empty(part: Struct, at: Path) -> Iterator[Wrong]:
    for key, value in structs.asdict(part).items():
        if isinstance(value, tuple | Mapping) and not value:
            yield at if getattr(part, "WHOLE", None) == key else (*at, key), "is empty"
        for name, inside in value.items() if isinstance(value, Mapping) else ():
            if isinstance(inside, tuple) and not inside:
                yield (*at, key, name), "is empty"


def _text(text: Text, at: Path) -> Iterator[Wrong]:
    yield from unreadable({"zh": text.zh, "en": text.en}, at)


def _told(told: Told, at: Path) -> Iterator[Wrong]:
    yield from unreadable(dict(enumerate(told.key_terms)), (*at, "key_terms"))


def _ladder(ladder: Ladder, at: Path) -> Iterator[Wrong]:
    if twice := repeats(level for levels in ladder.bands.values() for level in levels):
        yield (*at, "bands"), f"post levels {listed(twice)} are in two bands"
    if ladder.elsewhere is not None and ladder.binding_employer_types is None:
        yield (*at, "elsewhere"), "needs binding_employer_types: without them the ladder binds everybody"


def _training(training: Training, at: Path) -> Iterator[Wrong]:
    if isinstance(training.at_least, Mapping):
        yield from _levels(training.at_least, (*at, "at_least"))


def _exam(exam: ExamComplete, at: Path) -> Iterator[Wrong]:
    yield from _levels(exam.levels, (*at, "levels"))


def _exam_entry(entry: ExamEntry, at: Path) -> Iterator[Wrong]:
    yield from _levels(entry.levels, (*at, "levels"))


def _exam_term(exam: ExamTerm, at: Path) -> Iterator[Wrong]:
    if Decimal(exam.pass_mark) > HIGHEST_SCORE:
        yield (*at, "pass_mark"), f"is above {HIGHEST_SCORE}, the highest score"


def _served(served: Served, at: Path) -> Iterator[Wrong]:
    yield from unreadable(dict(enumerate(served.platforms or ())), (*at, "platforms"))


def _levels(by_level: Collection[str], at: Path) -> Iterator[Wrong]:
    if missing := sorted(set(get_args(ExamLevel)) - set(by_level)):
        yield at, f"{listed(missing)} is missing"


def _period(period: Period, at: Path) -> Iterator[Wrong]:
    if period.last_day < period.first_day:
        yield at, "ends before it begins"


def _designated(designated: Designated, at: Path) -> Iterator[Wrong]:
    of_titles = (designated.talents, designated.other_talents_than, designated.perhaps, designated.conferred)
    if designated.ranks is not None and any(given is not None for given in of_titles):
        yield at, "is about talent titles or about ranks, not about both"
    if designated.talents is not None and designated.other_talents_than is not None:
        yield at, "names the titles or those that it leaves out, not both"


def _registered(registered: Registered, at: Path) -> Iterator[Wrong]:
    if registered.covering is not None and registered.covers is None:
        yield (*at, "covering"), "needs covers: without it no certificate is asked about"


def _vocabulary(vocabulary: Vocabulary, at: Path) -> Iterator[Wrong]:
    if strange := sorted({*vocabulary.national_talents} - {*vocabulary.talents}):
        yield (*at, "national_talents"), f"{listed(strange)} is not among the talents"


def _entitlement(entitlement: Entitlement, at: Path) -> Iterator[Wrong]:
    yield from _grounds(entitlement.requires, (*at, "requires"))


def _talent(talent: Talent, at: Path) -> Iterator[Wrong]:
    yield from _grounds(talent.engaged, (*at, "engaged"))


def _grounds(either: Part, at: Path) -> Iterator[Wrong]:
    """Yield the grounds that the same fact would meet: the later one would never be told."""
    if isinstance(either.word, AnyOf):
        grounds, titles = list(enumerate(either.word.parts)), _titles_named(either)
        for (_, earlier), (index, later) in combinations(grounds, 2):
            if both := facts_matched(earlier.part.word, titles) & facts_matched(later.part.word, titles):
                yield (*at, "any_of", index, later.name), f"matches the same fact as {earlier.name}: {min(both)}"


def _titles_named(either: Part) -> set[str]:
    """Return the talent titles that words name anywhere in a part, and one that stands for all others."""
    words = [word for word in words_of(either) if isinstance(word, Designated)]
    named = (title for word in words for title in (*(word.talents or ()), *(word.other_talents_than or ())))
    return {ANY_OTHER_TITLE, *named}


def facts_matched(word: Word, titles: Collection[str]) -> set[str]:
    """Return the single facts that meet a word; none if it asks for several, or what it asks is not so simply said.

    A parameter that is left out does not restrict: of talent titles there are `titles`.
    """
    match word:
        case AnyOf(parts=parts):
            return {fact for named in parts for fact in facts_matched(named.part.word, titles)}
        case ForReview(part=part):
            return {f"{fact}, for review" for fact in facts_matched(part.word, titles)}
        case Designated(ranks=tuple() as ranks):
            return {f"supervisor {rank}" for rank in ranks}
        case Designated(talents=talents, other_talents_than=others):
            return {*(titles if talents is None else talents)} - {*(others or ())}
        case HoldsCertificate(levels=levels, scope=scope, obtained=obtained):
            scopes = [scope] if scope else get_args(Scope)
            times = [obtained] if obtained else get_args(Obtained)
            of_each = product(levels or CERTIFICATE_LEVELS, scopes, times)
            return {f"certificate {level}, {valid}, {time}" for level, valid, time in of_each}
        case HoldsDegree(levels=levels, fields=fields):
            every = product(levels or get_args(EducationLevel), fields or get_args(EducationField))
            return {f"{level} in {field}" for level, field in every}
        case Trained(unit=unit):
            return {f"training in the unit {unit}"}
        case Employed():
            return _employments_matched(word)
        case Recognized() | Registered() | Served() | Attested() | APersonDecides():
            return {type(word).__name__.lower()}
    return set()


def _employments_matched(employed: Employed) -> set[str]:
    roles: Sequence[str] = get_args(Role) if employed.roles is None else employed.roles
    types = employed.employer_types or get_args(EmployerType)
    service = (True, False) if employed.direct_service is None else (employed.direct_service,)
    return {
        f"employed as {role} by {type_}, {'in' if direct else 'without'} direct service"
        for role, type_, direct in product(roles, types, service)
    }


CHECKS: Mapping[type[Any], Callable[[Any, Path], Iterator[Wrong]]] = {
    Text: _text,
    Told: _told,
    Ladder: _ladder,
    Training: _training,
    ExamComplete: _exam,
    ExamEntry: _exam_entry,
    ExamTerm: _exam_term,
    Period: _period,
    Designated: _designated,
    Served: _served,
    Registered: _registered,
    Vocabulary: _vocabulary,
    Entitlement: _entitlement,
    Talent: _talent,
}
