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
from services.core.questions.inquiry import Inquiry
from services.core.rules.conditions import (
    CERTIFICATE_LEVELS,
    day_record_stops_counting,
    last_granted_day,
    registration_on,
    verified_services,
)
from services.core.rules.parts import operator_of
from services.core.rules.verdict import Context

ANY_DIRECT_SERVICE = Employed(direct_service=True, anywhere=True)


def to_meet(inquiry: Inquiry, need: str, condition: Condition, one_of: Ways | None = None) -> Advice:
    """Return what would meet the condition that is named `need`."""
    day = inquiry.as_of
    match operator_of(condition):
        case HoldsCertificate(levels=levels, national_only=national_only):
            return certificate(day, levels, need=need, national_only=national_only, one_of=one_of)
        case Registered():
            return registration(inquiry, need, one_of)
        case Served(at_least=1, within_months=months):
            return _service_record(inquiry, need, months, one_of)
        case Served() as several:
            return _service_records(inquiry, need, several, one_of)
        case Attested():
            return _assessment(inquiry, need, one_of)
        case Employed() as job:
            return _employment(day, need, job, one_of)
        case HoldsDegree(fields=fields, open_list=open_list):
            return advice.DegreeNeed(
                code="degree_or_review" if open_list else "degree",
                need=need,
                from_=day,
                one_of=one_of,
                fields=fields,
            )
        case DesignatedTalent() as title:
            return _talent_title(day, need, title, one_of)
        case DesignatedSupervisor(ranks=ranks):
            return advice.RankNeed(need=need, from_=day, one_of=one_of, ranks=ranks)
        case ExamReward(levels=levels):
            return advice.RewardedLevelNeed(need=need, from_=day, one_of=one_of, rewarded=levels)
        case DecidedElsewhere():
            return advice.PlainNeed(code="review", need=need, from_=day, one_of=one_of)
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
    """Return the need of a certificate of one of the levels."""
    accepted = frozenset(levels)
    return advice.CertificateNeed(
        code="certificate_national" if national_only else "certificate",
        need=need,
        from_=day,
        one_of=one_of,
        levels=tuple(level for level in CERTIFICATE_LEVELS if level in accepted),
    )


def registration(inquiry: Inquiry, need: str = "registration", one_of: Ways | None = None) -> Advice:
    """Return the need of a registration, with the days on which the last one ended and would have ended."""
    current, begun = registration_on(inquiry.facts, AskedDay(inquiry.as_of), inquiry.context)
    if current is not None or begun is None:
        return advice.RegistrationNeed(code="registration", need=need, from_=inquiry.as_of, one_of=one_of)
    granted, last = last_granted_day(begun, inquiry.context), last_held_day(begun, inquiry.context)
    if begun.ended_on is None or last == granted:
        return advice.RegistrationNeed(
            code="registration_lapsed", need=need, from_=inquiry.as_of, one_of=one_of, held_until=last
        )
    return advice.RegistrationNeed(
        code="registration_ended",
        need=need,
        # On the day on which a registration ends no registration holds, not even a new one.
        from_=max(begun.ended_on + ONE_DAY, inquiry.as_of),
        one_of=one_of,
        held_until=last,
        ended_on=begun.ended_on,
        granted_until=granted,
    )


def last_held_day(registration: Registration, context: Context) -> Day:
    """Return the last day on which a registration holds: as granted, or the day before it ended early."""
    last = last_granted_day(registration, context)
    return last if registration.ended_on is None else min(last, registration.ended_on - ONE_DAY)


def _service_record(inquiry: Inquiry, need: str, months: int, one_of: Ways | None) -> Advice:
    before = [record.day for record in verified_services(inquiry.facts) if record.day <= inquiry.as_of]
    if not before:
        return advice.ServiceRecordNeed(
            code="service_record", need=need, from_=inquiry.as_of, one_of=one_of, within_months=months
        )
    return advice.ServiceRecordNeed(
        code="service_record_old",
        need=need,
        from_=inquiry.as_of,
        one_of=one_of,
        within_months=months,
        last_recorded_on=before[-1],
    )


def _service_records(inquiry: Inquiry, need: str, spec: Served, one_of: Ways | None) -> Advice:
    day, gone = inquiry.as_of, day_record_stops_counting(spec, inquiry.context)
    recorded = [record.day for record in verified_services(inquiry.facts)]
    counted = [on for on in recorded if on <= day and not (gone and gone(on) <= day)]
    return advice.ServiceRecordsNeed(
        need=need,
        from_=day,
        one_of=one_of,
        within_months=spec.within_months,
        at_least=spec.at_least,
        counted=len(counted),
    )


def _assessment(inquiry: Inquiry, need: str, one_of: Ways | None) -> Advice:
    day = inquiry.as_of
    covering = [assessment for assessment in inquiry.facts.assessments if assessment.first <= day <= assessment.last]
    denied = any(not assessment.professional_role for assessment in covering)
    return advice.AssessmentNeed(
        code="professional_role_denied" if denied else "professional_role",
        need=need,
        from_=day,
        one_of=one_of,
        on=day,
    )


def _employment(day: Day, need: str, job: Employed, one_of: Ways | None) -> Advice:
    if job == ANY_DIRECT_SERVICE:
        return advice.PlainNeed(code="direct_service", need=need, from_=day, one_of=one_of)
    return advice.EmploymentNeed(
        code="employment" if job.anywhere else "employment_here", need=need, from_=day, one_of=one_of, spec=job
    )


def _talent_title(day: Day, need: str, title: DesignatedTalent, one_of: Ways | None) -> Advice:
    return advice.TalentTitleNeed(
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
