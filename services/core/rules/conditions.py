"""Conditions compiled to closures, each of which answers one question about one person on one day.

The answer is met, not_met or needs_review, with the events it rests on.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias, assert_never

from msgspec import structs

from contracts.events.values import CertificateLevel, Day
from contracts.places import lies_in, stem
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
    LocalStandard,
    Registered,
    Served,
)
from services.core.calendar import ONE_DAY, AskedDay, add_months, leaving_day
from services.core.facts.facts import Certificate, Employment, Facts, Recognition, Registration, Service, Sources
from services.core.rules.parts import operator_of
from services.core.rules.verdict import Context, Node, Reason, Status

CompiledCondition: TypeAlias = Callable[[Facts, AskedDay], Node]
Outcome: TypeAlias = tuple[Status, Sources, Reason | None]
"""The status, the events it rests on, and the reason if it is not met."""
Check: TypeAlias = Callable[[Facts, AskedDay], Outcome]

CERTIFICATE_LEVELS: Sequence[CertificateLevel] = ("basic", "junior", "intermediate", "senior")
REGISTRATION_MONTHS = 36
"""A registration without a printed last day is valid for three years (N-07, R-12)."""


def compile_condition(name: str, condition: Condition, clause: str, context: Context) -> CompiledCondition:
    """Return the condition as a function of facts and day."""
    check = _check_of(condition, context)
    template = Node(name, "met", condition.clause or clause, condition.text, interpretation=condition.interpretation)

    def condition_on(facts: Facts, day: AskedDay) -> Node:
        status, sources, reason = check(facts, day)
        return structs.replace(template, status=status, sources=sources, reason=reason)

    return condition_on


def employed(spec: Employed, context: Context) -> Check:
    """Require a fitting employment inside the place. A local standard may add employer types (CD-26)."""

    def check(facts: Facts, day: AskedDay) -> Outcome:
        for job in fitting_employments(spec, context, facts, day):
            return "met", job.sources + _widening(spec, context, job, day), None
        held = tuple(source for job in jobs_on(facts, day) for source in job.sources)
        return "not_met", held, "no_fitting_employment"

    return check


def jobs_on(facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the employments held on `day`."""
    return [job for job in facts.employments if day.within(job.first, job.last)]


def fitting_employments(spec: Employed, context: Context, facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the fitting employments held on `day`, concurrent ones last."""
    reach = "" if spec.anywhere else stem(context.jurisdiction)
    inside = (job for job in facts.employments if job.jurisdiction.startswith(reach))
    held = (job for job in inside if day.within(job.first, job.last))
    fitting = [job for job in held if fits(spec, context, job) or _widening(spec, context, job, day)]
    return sorted(fitting, key=lambda job: job.concurrent)


def fits(spec: Employed, context: Context, job: Employment) -> bool:
    """Say whether role, employer type and direct service fit, regardless of place and time."""
    roles = spec.roles
    if roles is not None and context.assumes("synonyms"):
        roles += spec.synonyms
    return (
        (roles is None or job.role in roles)
        and (spec.employer_types is None or job.employer_type in spec.employer_types)
        and (spec.direct_service is None or job.direct_service == spec.direct_service)
    )


def _widening(spec: Employed, context: Context, job: Employment, day: AskedDay) -> Sources:
    """Return the first local standard that adds the employer type; any role but `other` then fits."""
    if not spec.widened_by_standards or fits(spec, context, job) or job.role == "other":
        return ()
    for standard in standards_at(context, measured_by(context, [job]), day):
        if job.employer_type in standard.adds_employer_types:
            return (standard.evidence,)
    return ()


def measured_by(context: Context, jobs: Iterable[Employment]) -> Sequence[str]:
    """Return the places whose local standards apply to an answer about the jobs.

    They are the places of work inside the place asked about: a city includes its districts, but a district's measure
    never applies in another district (design §4). Without work there, it is the text's own place.
    """
    inside = [job.jurisdiction for job in jobs if lies_in(job.jurisdiction, context.place)]
    return inside or [context.jurisdiction]


def standards_at(context: Context, places: Sequence[str], day: AskedDay) -> list[LocalStandard]:
    """Return the local standards in effect on `day` that cover one of the places.

    The most specific comes first, then the one that took effect last, then the one recorded last.
    """
    fitting = [
        standard
        for standard in context.standards
        if any(lies_in(place, standard.jurisdiction) for place in places)
        and day.within(standard.effective_from, standard.effective_until)
    ]
    fitting.sort(
        key=lambda s: (len(stem(s.jurisdiction)), s.effective_from, s.evidence.position),
        reverse=True,
    )
    return fitting


def holds_certificate(spec: HoldsCertificate, context: Context) -> Check:
    """Require a certificate of one of the levels (R-11). A recognized qualification instead may be left for review."""

    def check(facts: Facts, day: AskedDay) -> Outcome:
        best = best_certificate(facts, day, context, spec.levels, national_only=spec.national_only)
        if best:
            return "met", best.sources, None
        if spec.recognized_for_review:
            recognized = best_recognition(facts, day, context, spec.levels)
            if recognized:
                return "needs_review", recognized.sources, "recognized_not_by_exam"
        sources, reason = explain_no_certificate(facts, day, spec.levels, national_only=spec.national_only)
        return "not_met", sources, reason

    return check


def level_held(spec: HoldsCertificate, facts: Facts, day: AskedDay, context: Context) -> CertificateLevel | None:
    """Return the highest level that the condition accepts: of a certificate, or else of a qualification for review."""
    best = best_certificate(facts, day, context, spec.levels, national_only=spec.national_only)
    if best is None and spec.recognized_for_review:
        recognized = best_recognition(facts, day, context, spec.levels)
        return recognized.level if recognized else None
    return best.level if best else None


def best_recognition(
    facts: Facts, day: AskedDay, context: Context, levels: Iterable[CertificateLevel] = CERTIFICATE_LEVELS
) -> Recognition | None:
    """Return the highest qualification recognized in the place asked about, or where the person works inside it."""
    of_level = [recognition for recognition in facts.recognitions if recognition.level in levels]
    if not of_level:
        return None
    inside = [job for job in facts.employments if lies_in(job.jurisdiction, context.place)]
    places = [context.place, *(job.jurisdiction for job in inside if day.within(job.first, job.last))]
    held = [
        recognition
        for recognition in of_level
        if any(lies_in(place, recognition.scope) for place in places) and day.reached(recognition.on)
    ]
    return max(held, key=lambda recognition: CERTIFICATE_LEVELS.index(recognition.level), default=None)


def holds_degree(spec: HoldsDegree, _context: Context) -> Check:
    """Require a degree in one of the fields. If the list is open, a person must judge any other field."""

    def check(facts: Facts, day: AskedDay) -> Outcome:
        awarded = [education for education in facts.educations if day.reached(education.on)]
        for education in awarded:
            if education.field in spec.fields:
                return "met", education.sources, None
        if awarded and spec.open_list:
            return "needs_review", awarded[0].sources, "field_not_listed"
        others = tuple(source for education in awarded for source in education.sources)
        return "not_met", others, "no_degree_in_the_field" if awarded else "no_degree"

    return check


def exam_rewarded(spec: ExamReward, context: Context) -> Check:
    """Require a national certificate whose level a local standard rewards; without such a standard a person must look.

    Each exam is rewarded by itself, so a standard for a lower level that is held is enough.
    """

    def check(facts: Facts, day: AskedDay) -> Outcome:
        by_level = (best_certificate(facts, day, context, (level,), national_only=True) for level in spec.levels)
        certificates = [certificate for certificate in by_level if certificate]
        if not certificates:
            return "not_met", (), "no_certificate"
        places = [context.place, *measured_by(context, jobs_on(facts, day))]
        for standard in standards_at(context, places, day):
            for certificate in certificates:
                if certificate.level in standard.tiers:
                    return "met", (*certificate.sources, standard.evidence), None
        return "needs_review", certificates[-1].sources, "no_local_standard_known"

    return check


def best_certificate(
    facts: Facts,
    day: AskedDay,
    context: Context,
    levels: Iterable[CertificateLevel] = CERTIFICATE_LEVELS,
    *,
    national_only: bool,
) -> Certificate | None:
    """Return the highest certificate held on `day`; among equals, the first."""
    by_issue = context.assumes("issue_date")
    best: Certificate | None = None
    for certificate in facts.certificates:
        if certificate.level not in levels or (national_only and not certificate.national):
            continue
        if best is not None and CERTIFICATE_LEVELS.index(certificate.level) <= CERTIFICATE_LEVELS.index(best.level):
            continue
        first = (by_issue and certificate.issued_on) or certificate.on
        if day.reached(first) and not (certificate.withdrawn_on and day.reached(certificate.withdrawn_on)):
            best = certificate
    return best


def explain_no_certificate(
    facts: Facts, day: AskedDay, levels: Iterable[CertificateLevel], *, national_only: bool
) -> tuple[Sources, Reason]:
    """Return why no certificate is held, with the events that say so: those of the one withdrawn last, if any."""
    withdrawn = [
        (certificate.withdrawn_on, certificate.sources)
        for certificate in facts.certificates
        if certificate.level in levels and (certificate.national or not national_only)
        if certificate.withdrawn_on and day.reached(certificate.withdrawn_on)
    ]
    if not withdrawn:
        return (), "no_certificate"
    _, sources = max(withdrawn, key=lambda entry: entry[0])
    return sources, "certificate_withdrawn"


def registered(_spec: Registered, context: Context) -> Check:
    """Require a registration in force (R-12)."""

    def check(facts: Facts, day: AskedDay) -> Outcome:
        current, begun = registration_on(facts, day, context)
        if current:
            return "met", current.sources, None
        if begun:
            return "not_met", begun.sources, "registration_lapsed"
        return "not_met", (), "no_registration"

    return check


def registration_on(
    facts: Facts, day: AskedDay, context: Context, months: int = REGISTRATION_MONTHS
) -> tuple[Registration | None, Registration | None]:
    """Return the registration in force on `day`, and among those that have begun the one that lasts longest.

    Among several in force, or lasting equally long, it is the one that began last.
    """
    begun = [registration for registration in facts.registrations if day.reached(registration.first)]
    # A registration that was ended on its first day never held; it is named only if there is no other.
    begun = [registration for registration in begun if registration.ever_held] or begun
    lasting = [(last_registered_day(registration, day, context, months), registration) for registration in begun]
    current = [registration for last, registration in lasting if not day.reached(last + ONE_DAY)]
    _, latest = max(reversed(lasting), key=lambda entry: entry[0], default=(None, None))
    return current[-1] if current else None, latest


def last_granted_day(registration: Registration, context: Context, months: int = REGISTRATION_MONTHS) -> Day:
    """Return the last day as granted: the printed one, or else the corresponding day (R-12)."""
    if registration.printed_last is not None:
        return registration.printed_last
    last = add_months(registration.first, months, round_up=context.assumes("round_up"))
    return last - ONE_DAY if context.assumes("day_before") else last


def last_registered_day(
    registration: Registration, day: AskedDay, context: Context, months: int = REGISTRATION_MONTHS
) -> Day:
    """Return the last valid day: as granted, or if it has ended by `day`, the day before its end."""
    last = last_granted_day(registration, context, months)
    if registration.ended_on is not None and day.reached(registration.ended_on):
        return min(last, registration.ended_on - ONE_DAY)
    return last


def served(spec: Served, context: Context) -> Check:
    """Require verified service records in the months up to the day; the same day that many months ago is out (R-16)."""
    gone = day_record_stops_counting(spec, context)

    def check(facts: Facts, day: AskedDay) -> Outcome:
        records = verified_services(facts)
        days = [record.day for record in records]
        latest = day.latest_if_enough(spec.at_least, days, gone)
        if latest is not None:
            return "met", records[latest].sources, None
        some = day.latest_if_enough(1, days, gone) if spec.at_least > 1 else None
        if some is None:
            return "not_met", (), "no_recent_service_record"
        return "not_met", records[some].sources, "too_few_service_records"

    return check


def verified_services(facts: Facts) -> list[Service]:
    """Return the verified records of service; no other counts (R-16)."""
    return [record for record in facts.services if record.verified]


def day_record_stops_counting(spec: Served, context: Context) -> Callable[[Day], Day] | None:
    """Return a function from the day of a service record to the first day on which it no longer counts (R-16).

    Under an alternative every record counts for ever; then there is no such function.
    """
    if context.assumes("any_record_ever"):
        return None
    round_up = context.assumes("round_up")
    return lambda recorded_on: leaving_day(recorded_on, spec.within_months, round_up=round_up)


def attested(_spec: Attested, context: Context) -> Check:
    """Require an assessment that covers the day; if several contradict each other, a person must look (R-15)."""

    def check(facts: Facts, day: AskedDay) -> Outcome:
        covering = [assessment for assessment in facts.assessments if day.within(assessment.first, assessment.last)]
        attestations = {assessment.professional_role for assessment in covering}
        sources = tuple(source for assessment in covering for source in assessment.sources)
        if attestations == {True}:
            return "met", sources, None
        if attestations == {False}:
            return "not_met", sources, "professional_role_denied"
        if attestations:
            return "needs_review", sources, "attestations_contradict"
        if context.assumes("implied_by_service"):
            # The first record decides: later ones change nothing.
            for service in verified_services(facts)[:1]:
                if day.reached(service.day):
                    return "met", service.sources, None
        return "needs_review", (), "no_attestation_covers_the_day"

    return check


def designated_talent(spec: DesignatedTalent, context: Context) -> Check:
    """Require one of the talent titles; newly obtained means conferred while the edition was in force (R-23)."""
    newly = spec.while_in_force and not context.assumes("any_not_yet_rewarded")

    def new(on: Day) -> bool:
        return context.first_day <= on and (context.last_day is None or on <= context.last_day)

    def check(facts: Facts, day: AskedDay) -> Outcome:
        held = [title for title in facts.talents if title.talent in spec.talents and day.reached(title.on)]
        for title in held:
            if newly and not new(title.on):
                continue
            if not spec.listed:
                return "needs_review", title.sources, "title_not_listed"
            return "met", title.sources, None
        others = tuple(source for title in held for source in title.sources)
        return "not_met", others, "conferred_on_another_day" if held else "no_talent_title"

    return check


def designated_supervisor(spec: DesignatedSupervisor, _context: Context) -> Check:
    """Require a supervisor designation of one of the ranks."""

    def check(facts: Facts, day: AskedDay) -> Outcome:
        for held in facts.supervisions:
            if held.rank in spec.ranks and day.within(held.first, held.last):
                return "met", held.sources, None
        return "not_met", (), "no_supervisor_designation"

    return check


def decided_elsewhere(_spec: DecidedElsewhere, _context: Context) -> Check:
    """Leave the decision to a person, because the text leaves the conditions to another document."""
    return lambda _facts, _day: ("needs_review", (), "conditions_stand_elsewhere")


def _check_of(condition: Condition, context: Context) -> Check:
    match operator_of(condition):
        case Employed() as spec:
            return employed(spec, context)
        case HoldsCertificate() as spec:
            return holds_certificate(spec, context)
        case HoldsDegree() as spec:
            return holds_degree(spec, context)
        case ExamReward() as spec:
            return exam_rewarded(spec, context)
        case Registered() as spec:
            return registered(spec, context)
        case Served() as spec:
            return served(spec, context)
        case Attested() as spec:
            return attested(spec, context)
        case DesignatedTalent() as spec:
            return designated_talent(spec, context)
        case DesignatedSupervisor() as spec:
            return designated_supervisor(spec, context)
        case DecidedElsewhere() as spec:
            return decided_elsewhere(spec, context)
        case other:
            assert_never(other)
