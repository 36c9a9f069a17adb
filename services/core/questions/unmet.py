"""What would meet a condition that does not hold. Pure."""

from collections.abc import Iterable
from typing import assert_never

from contracts.events.values import CertificateLevel, Day
from contracts.policies.language import (
    Attested,
    Condition,
    DecidedElsewhere,
    DesignatedSupervisor,
    DesignatedTalent,
    Employed,
    ExamReward,
    HoldsCertificate,
    HoldsDegree,
    Registered,
    Served,
)
from services.core.calendar import ONE_DAY, AskedDay
from services.core.facts.facts import Registration
from services.core.questions import advice
from services.core.questions.advice import Advice, Ways
from services.core.questions.asked import Asked
from services.core.rules.conditions import LEVELS, last_granted_day, registration_on
from services.core.rules.parts import operator_of
from services.core.rules.verdict import Context

ANY_DIRECT_SERVICE = Employed(direct_service=True, anywhere=True)


def to_meet(asked: Asked, need: str, condition: Condition, one_of: Ways | None = None) -> Advice:
    """Return what would meet the condition called `need`."""
    day = asked.as_of
    match operator_of(condition):
        case HoldsCertificate(levels=levels, national_only=national_only):
            return certificate(day, levels, need=need, national_only=national_only, one_of=one_of)
        case Registered():
            return registration(asked, need, one_of)
        case Served(within_months=months):
            return _service_record(asked, need, months, one_of)
        case Attested():
            return _assessment(asked, need, one_of)
        case Employed() as job:
            return _employment(day, need, job, one_of)
        case HoldsDegree(fields=fields, open_list=open_list):
            return advice.Degree(
                code="degree_or_review" if open_list else "degree",
                need=need,
                from_=day,
                one_of=one_of,
                fields=fields,
            )
        case DesignatedTalent() as title:
            return _talent_title(day, need, title, one_of)
        case DesignatedSupervisor(ranks=ranks):
            return advice.Rank(need=need, from_=day, one_of=one_of, ranks=ranks)
        case ExamReward(levels=levels):
            return advice.RewardedLevel(need=need, from_=day, one_of=one_of, rewarded=levels)
        case DecidedElsewhere():
            return advice.Plain(code="review", need=need, from_=day, one_of=one_of)
        case other:
            assert_never(other)


def certificate(
    day: Day,
    levels: Iterable[CertificateLevel],
    *,
    need: str = "certificate",
    national_only: bool,
    one_of: Ways | None = None,
) -> Advice:
    """Return a certificate of one of the levels."""
    accepted = frozenset(levels)
    return advice.Certificate(
        code="certificate_national" if national_only else "certificate",
        need=need,
        from_=day,
        one_of=one_of,
        levels=tuple(level for level in LEVELS if level in accepted),
    )


def registration(asked: Asked, need: str = "registration", one_of: Ways | None = None) -> Advice:
    """Return a registration, and of the last one when it ended and until when it was granted."""
    current, begun = registration_on(asked.facts, AskedDay(asked.as_of), asked.context)
    if current is not None or begun is None:
        return advice.Registration(code="registration", need=need, from_=asked.as_of, one_of=one_of)
    granted, last = last_granted_day(begun, asked.context), last_held_day(begun, asked.context)
    if begun.ended_on is None or last == granted:
        return advice.Registration(
            code="registration_lapsed", need=need, from_=asked.as_of, one_of=one_of, held_until=last
        )
    return advice.Registration(
        code="registration_ended",
        need=need,
        # On the day of its end none holds, a new one neither.
        from_=max(begun.ended_on + ONE_DAY, asked.as_of),
        one_of=one_of,
        held_until=last,
        ended_on=begun.ended_on,
        granted_until=granted,
    )


def last_held_day(registration: Registration, context: Context) -> Day:
    """Return the last day on which a registration holds, as granted or as ended before."""
    last = last_granted_day(registration, context)
    return last if registration.ended_on is None else min(last, registration.ended_on - ONE_DAY)


def _service_record(asked: Asked, need: str, months: int, one_of: Ways | None) -> Advice:
    before = [day for day in asked.facts.verified_days if day <= asked.as_of]
    if not before:
        return advice.ServiceRecord(
            code="service_record", need=need, from_=asked.as_of, one_of=one_of, within_months=months
        )
    return advice.ServiceRecord(
        code="service_record_old",
        need=need,
        from_=asked.as_of,
        one_of=one_of,
        within_months=months,
        last_recorded_on=before[-1],
    )


def _assessment(asked: Asked, need: str, one_of: Ways | None) -> Advice:
    day = asked.as_of
    covering = [one for one in asked.facts.assessments if one.first <= day <= one.last]
    denied = any(not one.professional_role for one in covering)
    return advice.Assessment(
        code="professional_role_denied" if denied else "professional_role",
        need=need,
        from_=day,
        one_of=one_of,
        on=day,
    )


def _employment(day: Day, need: str, job: Employed, one_of: Ways | None) -> Advice:
    if job == ANY_DIRECT_SERVICE:
        return advice.Plain(code="direct_service", need=need, from_=day, one_of=one_of)
    return advice.Employment(
        code="employment" if job.anywhere else "employment_here", need=need, from_=day, one_of=one_of, asked=job
    )


def _talent_title(day: Day, need: str, title: DesignatedTalent, one_of: Ways | None) -> Advice:
    return advice.TalentTitle(
        code="talent_title_review"
        if not title.listed
        else "talent_title_new"
        if title.while_in_force
        else "talent_title",
        need=need,
        from_=day,
        one_of=one_of,
        titles=title.talents,
    )
