"""Which facts are the same, and which only look it. Pure.

Facts are the same where type, day and data agree, texts compared as `folded` has them: what is told twice counts once
(ADR-0028). So does what is told with more or with less: one of two that agree in all that the type asks for may lack
what the other says. An appointment that names no employment is one in that to which it falls. Two jobs of one day, of
which one would end the other before it began, are the same even where they differ in one member. Reports of a
training are the same where provider and proof number agree, or provider, course, dates, amount and subjects (R-10);
those that only look it count as recorded.
"""

from collections.abc import Collection, Generator, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import chain
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from msgspec import UNSET, Struct, structs
from msgspec.structs import fields

from contracts.events.catalogue import (
    ALL_TYPES,
    AllowanceDecided,
    AssessmentRecorded,
    CertificateObtained,
    Data,
    EducationRecorded,
    EmploymentEnded,
    EmploymentStarted,
    ExamSubjectPassed,
    PractitionerEnrolled,
    PromotionGranted,
    QualificationRecognized,
    RegistrationGranted,
    SeniorExamProofIssued,
    SeniorReviewDecided,
    ServiceRecorded,
    SupervisorDesignated,
    TrainingCompleted,
)
from contracts.events.facts import Fact, Telling
from contracts.folding import folded
from services.core.facts.amounts import in_hundredths
from services.core.facts.by_type import FactsByType
from services.core.facts.employments import employment_of, employments_of
from services.core.facts.facts import Employment
from services.core.facts.optional import known
from services.core.facts.same import Same, meant

T = TypeVar("T")

AMOUNTS = frozenset({"amount", "hours", "score"})
"""Members that are decimal strings: 30 and 30.0 are the same."""
ABSENT_MEANS: Mapping[tuple[type[Data], str], Hashable] = {
    (EmploymentStarted, "concurrent"): False,
    (EmploymentEnded, "employment"): "every one",
}
"""What the absence of a member says; that of another says nothing."""
TELLS_APART = frozenset({"channel", "determination", "employment", "level", "standard", "valid_in"})
"""Members of which two facts of one day may each have their own: nothing is odd about that."""
ONE_OF_A_DAY: Mapping[type[Data], Set[str]] = {
    AllowanceDecided: {"amount", "tier"},
    AssessmentRecorded: {"covers_from", "covers_until", "professional_role"},
    CertificateObtained: {"basis", "level", "scope"},
    EducationRecorded: {"field", "level"},
    ExamSubjectPassed: {"exam_year", "level"},
    PractitionerEnrolled: {"identity_type"},
    PromotionGranted: {"post", "post_level"},
    QualificationRecognized: {"level"},
    RegistrationGranted: {"first", "valid_from"},
    SeniorExamProofIssued: {"valid_until"},
    SeniorReviewDecided: {"applied_on"},
    SupervisorDesignated: {"rank"},
}
"""What types ask for and what, all else alike, can hardly be meant in two ways on one day.

By whatever else they ask for two facts of one day may differ: subjects of an exam, services, trainings, authorities.
What an end takes tells of ends, and which of two results was decided first of decisions.
"""
GOES_WITH: Mapping[tuple[type[Data], str], Set[str]] = {
    (AllowanceDecided, "amount"): {"tier"},
    (CertificateObtained, "basis"): {"level", "scope"},
    (PromotionGranted, "post"): {"post_level"},
}
"""Members that differ of themselves where another one does."""
MOST_COMPARED = 50
"""With at most so many of those that begin alike a fact is compared, so that a stream of equal days stays cheap."""

Said: TypeAlias = Mapping[str, Hashable]
"""The members of an event's data that are there, each as it is compared."""


class Difference(Struct, frozen=True):
    """An event that says otherwise than another, in one member alone."""

    event_id: str
    told: str
    member: str


class Sameness(Struct, frozen=True):
    """What says again what another said.

    `repeats` and `resembles` have, by event id, the event recorded first that says or seems to say the same; those
    `in_part` say more than it, or less. `united` has the facts to which others add, by event id, with all that was
    told of each.
    """

    repeats: Same
    resembles: Same
    in_part: Collection[str]
    united: Mapping[str, Fact]
    differences: Sequence[Difference]


class _Told(Struct, frozen=True):
    """A fact with what it says, or said before it was corrected."""

    fact: Fact
    telling: Telling
    corrected_since: bool = False


def sameness_of(facts: Iterable[Fact]) -> Sameness:
    """Return which facts of one person are the same, and which of the others look it.

    What says what another said before it was corrected says the same as that one: it was sent again.
    """
    in_order = sorted(facts, key=lambda fact: fact.position)
    # What a fact said before is known to what was recorded since; what it says now, from its own position on.
    told = sorted((one for fact in in_order for one in _tellings(fact)), key=lambda one: one.telling.since)
    days = _together((one, (one.fact.type, one.telling.occurred_on)) for one in told)
    jobs = _retold([group for group in days if isinstance(group[0].telling.data, EmploymentStarted)], {})
    # What names an employment, what names a double of it and what falls to it may be the same.
    others = [group for group in days if not isinstance(group[0].telling.data, EmploymentStarted)]
    retold = [*jobs, *_retold(_in_their_jobs(others, in_order, jobs), _first_told(jobs))]
    sent_again = _first_told(retold)
    # What was sent again says nothing of its own: after a correction of the first it is no report of another training.
    own = (fact for fact in in_order if fact.event_id not in sent_again and isinstance(fact.data, TrainingCompleted))
    reports = _together((fact, _number_or_day(fact)) for fact in own)
    repeats = _led_to_the_first({**sent_again, **dict(_reported_again(reports))})
    return Sameness(
        repeats,
        resembles={
            **{one.fact.event_id: one.told.event_id for one in retold if not one.is_same and one.member is None},
            **dict(_look_alikes(days, repeats)),
            **dict(_same_numbers(reports, repeats)),
        },
        in_part={one.fact.event_id for one in retold if one.is_same and one.in_part and one.member is None},
        united=_united(retold),
        differences=[Difference(one.fact.event_id, one.told.event_id, one.member) for one in retold if one.member],
    )


def _tellings(fact: Fact) -> Iterator[_Told]:
    yield _Told(fact, Telling(fact.occurred_on, fact.data, fact.position))
    yield from (_Told(fact, before, corrected_since=True) for before in fact.before)


def _together(keyed: Iterable[tuple[T, Hashable]]) -> Sequence[Sequence[T]]:
    """Return the groups of more than one with the same key."""
    groups: dict[Hashable, list[T]] = {}
    for one, key in keyed:
        groups.setdefault(key, []).append(one)
    return [group for group in groups.values() if len(group) > 1]


class _Retold(Struct, frozen=True):
    """A fact that says what another said before: `in_part` with more or less, and otherwise in `member`, if any.

    `is_same` says whether both are the same fact, and `adds` whether the other is told anything by it.
    """

    fact: Fact
    told: Fact
    in_part: bool = False
    member: str | None = None
    is_same: bool = True
    adds: bool = False


def _in_their_jobs(
    days: Sequence[Sequence[_Told]], facts: Iterable[Fact], jobs: Sequence[_Retold]
) -> Sequence[Sequence[_Told]]:
    """Return what was told with the employment of each appointment, which need not name it."""
    if not any(isinstance(group[0].telling.data, PromotionGranted) for group in days):
        return days
    same, united = _first_told(jobs), _united(jobs)
    of_work = (fact for fact in facts if isinstance(fact.data, EmploymentStarted | EmploymentEnded))
    once = FactsByType(united.get(fact.event_id, fact) for fact in of_work if fact.event_id not in same)
    employments = employments_of(once.of(EmploymentStarted), once.of(EmploymentEnded), same)
    return [[_in_its_job(one, employments, same) for one in group] for group in days]


def _in_its_job(told: _Told, employments: Sequence[Employment], same: Same) -> _Told:
    day, data = told.telling.occurred_on, told.telling.data
    job = employment_of(day, data, employments, same) if isinstance(data, PromotionGranted) else None
    if job is None:
        return told
    in_it = structs.replace(data, employment=UUID(job.event_id))
    return structs.replace(told, telling=structs.replace(told.telling, data=in_it))


class _Account(Struct, frozen=True):
    """What a fact said. To what it said before it was corrected nothing is added."""

    fact: Fact
    said: Said
    corrected_since: bool


def _retold(days: Iterable[Sequence[_Told]], same: Same) -> list[_Retold]:
    """Return what says what another of its type and day says, or had said when this one was recorded."""
    return [one for group in days for one in _retold_on_a_day(group, same)]


def _retold_on_a_day(group: Sequence[_Told], same: Same) -> Iterator[_Retold]:
    first: dict[Hashable, Fact] = {}
    accounts: dict[Hashable, list[_Account]] = {}
    for one in group:
        said = said_by(one.telling.data, same)
        told = first.setdefault(frozenset(said.items()), one.fact)
        if told is not one.fact:
            if not one.corrected_since:
                yield _Retold(one.fact, told)
        elif not isinstance(one.telling.data, TrainingCompleted):
            account = _Account(one.fact, said, one.corrected_since)
            accounts.setdefault(_in_common(one.telling.data, said), []).append(account)
    facts: list[Sequence[_Account]] = []
    for alike in accounts.values():
        facts += yield from _retold_in_part(alike)
    yield from _told_otherwise(facts)


def _in_common(data: Data, said: Said) -> Hashable:
    """Return what accounts of one fact agree in: only such are compared. Those of a job may differ in any member."""
    return None if isinstance(data, EmploymentStarted) else tuple(said[name] for name in _required(type(data)))


def _retold_in_part(alike: Iterable[_Account]) -> Generator[_Retold, None, Sequence[Sequence[_Account]]]:
    """Yield what says less than another had said by then; then what one fact is told by, and what not.

    Return the accounts of each fact, in order of position.
    """
    compared: list[_Account] = []
    for one in alike:
        fuller = None if one.corrected_since else next((other for other in compared if _says_all(other, one)), None)
        if fuller:
            yield _Retold(one.fact, fuller.fact, in_part=True)
        elif sum(other.corrected_since == one.corrected_since for other in compared) < MOST_COMPARED:
            compared.append(one)
    standing = [one for one in compared if not one.corrected_since]
    told = [*_main_jobs([one for one in standing if _is_main_job(one)])]
    told += _of_one_fact([one for one in standing if not _is_main_job(one)])
    for accounts in told:
        yield from _united_in(accounts)
    in_order = _in_order(told)
    yield from _not_united(in_order)
    return in_order


def _in_order(facts: Iterable[Sequence[_Account]]) -> Sequence[Sequence[_Account]]:
    return sorted(facts, key=lambda accounts: accounts[0].fact.position)


def _says_all(account: _Account, other: _Account) -> bool:
    return other.said.items() <= account.said.items()


def _contradicted(said: Said, other: Said) -> list[str]:
    return sorted(name for name in said.keys() & other.keys() if said[name] != other[name])


def _is_main_job(account: _Account) -> bool:
    return account.said.get("concurrent") is False


def _main_jobs(accounts: Iterable[_Account]) -> Sequence[Sequence[_Account]]:
    """Return the accounts of each main job of a day, which differ from another of them in one member at the most.

    Of two main jobs of one day the later would end the earlier on the day before, so both are one.
    """
    jobs: list[list[_Account]] = []
    for one in accounts:
        near = [job for job in jobs if any(len(_contradicted(one.said, other.said)) <= 1 for other in job)]
        apart = [job for job in jobs if all(job is not other for other in near)]
        jobs = [*apart, [*sorted(chain(*near), key=lambda other: other.fact.position), one]]
    return jobs


def _of_one_fact(accounts: Sequence[_Account]) -> Collection[Sequence[_Account]]:
    """Return the accounts of each fact, in whichever order they were recorded.

    One that says no more than another is of its fact. The others are of one fact where they agree; what agrees with two
    that contradict each other may be of either, so it stays alone.
    """
    fullest = [one for one in accounts if not any(_says_all(other, one) for other in accounts if other is not one)]
    agreeing = [
        frozenset(at for at, other in enumerate(fullest) if not _contradicted(one.said, other.said)) for one in fullest
    ]
    facts: dict[Hashable, list[_Account]] = {}
    for one in accounts:
        at = next(at for at, fuller in enumerate(fullest) if _says_all(fuller, one))
        is_sure = all(agreeing[at] <= agreeing[other] for other in agreeing[at])
        facts.setdefault(agreeing[at] if is_sure else at, []).append(one)
    return facts.values()


def _united_in(accounts: Sequence[_Account]) -> Iterator[_Retold]:
    """Yield every account of one fact but the first. Where those of a job differ, the later tells it otherwise."""
    first, *others = accounts
    told = dict(first.said)
    for one in others:
        otherwise = _contradicted(one.said, told)
        told.update(one.said)
        yield _Retold(one.fact, first.fact, in_part=True, member=next(iter(otherwise), None), adds=True)


def _not_united(facts: Sequence[Sequence[_Account]]) -> Iterator[_Retold]:
    """Yield what agrees with an earlier fact and may be of another, and what contradicts one in one member alone.

    It is a member that may be left out, and of which not each has its own.
    """
    whole = [_all_said(accounts) for accounts in facts]
    for at, accounts in enumerate(facts):
        differing = [(facts[before][0].fact, _contradicted(whole[at], whole[before])) for before in range(at)]
        if like := next((told for told, members in differing if not members), None):
            yield _Retold(accounts[0].fact, like, is_same=False)
        data = accounts[0].fact.data
        for told, (member, *more) in ((told, members) for told, members in differing if members):
            if not more and member not in TELLS_APART | _required(type(data)) and not isinstance(data, ServiceRecorded):
                says = next(one.fact for one in accounts if member in one.said)
                yield _Retold(says, told, member=member, is_same=False)
                break


def _told_otherwise(facts: Iterable[Sequence[_Account]]) -> Iterator[_Retold]:
    """Yield what contradicts an earlier fact of its day in what the type asks for, where hardly both can be meant."""
    compared: list[tuple[Fact, Said]] = []
    for accounts in _in_order(facts)[:MOST_COMPARED]:
        one, said = accounts[0].fact, _all_said(accounts)
        for told, other in compared:
            if member := _told_apart_by(ALL_TYPES[one.type], _contradicted(said, other)):
                yield _Retold(one, told, member=member, is_same=False)
                break
        compared.append((one, said))


def _told_apart_by(kind: type[Data], contradicted: Collection[str]) -> str | None:
    """Return the member in which alone two facts of a day differ, if it is one of which a day has one."""
    apart = [name for name in contradicted if GOES_WITH.get((kind, name), frozenset()).isdisjoint(contradicted)]
    return apart[0] if len(apart) == 1 and apart[0] in ONE_OF_A_DAY.get(kind, ()) else None


def _all_said(accounts: Iterable[_Account]) -> Said:
    return {name: value for one in accounts for name, value in one.said.items()}


def _first_told(retold: Iterable[_Retold]) -> Same:
    return _led_to_the_first({one.fact.event_id: one.told.event_id for one in retold if one.is_same})


def _united(retold: Iterable[_Retold]) -> Mapping[str, Fact]:
    """Return the facts to which others add, by event id."""
    added: dict[str, list[Fact]] = {}
    for one in retold:
        if one.adds:
            added.setdefault(one.told.event_id, [one.told]).append(one.fact)
    return {event_id: _of_all(facts) for event_id, facts in added.items()}


def _of_all(accounts: Sequence[Fact]) -> Fact:
    """Return the first of some accounts of one fact with the members that it lacks.

    Where they differ, the last told counts; what agrees stays as it came first.
    """
    first = accounts[0]
    told_by: dict[str, Fact] = {}
    for account in accounts:
        for name, value in said_by(account.data, {}).items():
            before = told_by.setdefault(name, account)
            if value != said_by(before.data, {})[name] and _last_told(account) > _last_told(before):
                told_by[name] = account
    added = {name: getattr(account.data, name) for name, account in told_by.items() if account is not first}
    needed = {first.event_id, *(account.event_id for account in told_by.values())}
    evidence = tuple(source for account in accounts if account.event_id in needed for source in account.evidence)
    return structs.replace(first, data=structs.replace(first.data, **added), evidence=evidence)


def _last_told(fact: Fact) -> int:
    """Return the position from which on the fact reads as it does."""
    return max(source.position for source in fact.evidence)


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
    said = said_by(report.data, {})
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
    """Yield the trainings told as another of the same day is, each with some member that the other lacks."""
    for group in days:
        if not isinstance(group[0].telling.data, TrainingCompleted):
            continue
        seen: dict[Hashable, list[tuple[str, Said]]] = {}
        for fact in (one.fact for one in group if not one.corrected_since and one.fact.event_id not in repeats):
            said = said_by(fact.data, repeats)
            alike = seen.setdefault(_in_common(fact.data, said), [])
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


def said_by(data: Data, same: Same) -> Said:
    """Return what the members say as it is compared with another fact: texts folded, ids as `same` has them."""
    members = {name: getattr(data, name) for name in data.__struct_fields__}
    said = {name: _compared(name, value, same) for name, value in members.items() if value is not UNSET}
    absent = {name: means for (of, name), means in ABSENT_MEANS.items() if isinstance(data, of)}
    return {**absent, **said}


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
    return tuple(sorted(tuple(said_by(value, same).values()) for value in values))


@cache
def _required(kind: type[Data]) -> Set[str]:
    return {member.name for member in fields(kind) if member.required}
