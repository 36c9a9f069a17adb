"""Conditions compiled to closures: one question about one person on one day.

Each answers met, not_met or needs_review, and names the events it rests on.
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
from services.core.calendar import ONE_DAY, AskedDay, add_months, leaves
from services.core.facts.facts import Certificate, Employment, Facts, Recognition, Registration, Sources
from services.core.rules.parts import operator_of
from services.core.rules.verdict import Context, Node, Reason, Status

Op: TypeAlias = Callable[[Facts, AskedDay], Node]
Answer: TypeAlias = tuple[Status, Sources, Reason | None]
"""Status, the events it rests on, and the reason where it is not met."""
Ask: TypeAlias = Callable[[Facts, AskedDay], Answer]

LEVELS: Sequence[CertificateLevel] = ("basic", "junior", "intermediate", "senior")
REGISTRATION_MONTHS = 36
"""A registration without a printed last day holds three years (N-07, R-12)."""


def compile_condition(name: str, condition: Condition, clause: str, context: Context) -> Op:
    """Return the condition as a function of facts and day."""
    ask = _asked(condition, context)
    made = Node(name, "met", condition.clause or clause, condition.text, interpretation=condition.interpretation)

    def op(facts: Facts, day: AskedDay) -> Node:
        status, sources, reason = ask(facts, day)
        return structs.replace(made, status=status, sources=sources, reason=reason)

    return op


def employed(spec: Employed, context: Context) -> Ask:
    """Ask for a fitting employment inside the place. A local standard may add employer types (CD-26)."""

    def ask(facts: Facts, day: AskedDay) -> Answer:
        for job in fitting_employments(spec, context, facts, day):
            return "met", job.sources + _widening(spec, context, job, day), None
        held = tuple(source for job in jobs_on(facts, day) for source in job.sources)
        return "not_met", held, "no_fitting_employment"

    return ask


def jobs_on(facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the employments held on `day`."""
    return [job for job in facts.employments if day.within(job.first, job.last)]


def fitting_employments(spec: Employed, context: Context, facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the employments that fit on `day`, concurrent ones last."""
    reach = "" if spec.anywhere else stem(context.jurisdiction)
    inside = (job for job in facts.employments if job.jurisdiction.startswith(reach))
    held = (job for job in inside if day.within(job.first, job.last))
    fitting = [job for job in held if fits(spec, context, job) or _widening(spec, context, job, day)]
    return sorted(fitting, key=lambda job: job.concurrent)


def fits(spec: Employed, context: Context, job: Employment) -> bool:
    """Say whether role, employer and service are those asked for, wherever and whenever the employment is."""
    roles = spec.roles
    if roles is not None and context.assumes("synonyms"):
        roles += spec.synonyms
    return (
        (roles is None or job.role in roles)
        and (spec.employer_types is None or job.employer_type in spec.employer_types)
        and (spec.direct_service is None or job.direct_service == spec.direct_service)
    )


def _widening(spec: Employed, context: Context, job: Employment, day: AskedDay) -> Sources:
    """Return the first local standard that adds the employment to the scope; any role but other satisfies then."""
    if not spec.widened_by_standards or fits(spec, context, job) or job.role == "other":
        return ()
    for standard in standards_at(context, measured_by(context, [job]), day):
        if job.employer_type in standard.adds_employer_types:
            return (standard.evidence,)
    return ()


def measured_by(context: Context, jobs: Iterable[Employment]) -> Sequence[str]:
    """Return the places whose local standards bear on an answer about the jobs.

    Those worked in inside the place asked about: a city is asked with its districts, and no district answers with the
    measure of another (design §4). Where nothing is worked there, the text's own place.
    """
    inside = [job.jurisdiction for job in jobs if lies_in(job.jurisdiction, context.place)]
    return inside or [context.jurisdiction]


def standards_at(context: Context, places: Sequence[str], day: AskedDay) -> list[LocalStandard]:
    """Return the local standards in effect on `day` around the places, the best first: by place, day and position."""
    fitting = [
        standard
        for standard in context.standards
        if any(lies_in(place, standard.jurisdiction) for place in places) and day.reached(standard.effective_from)
    ]
    fitting.sort(
        key=lambda s: (len(stem(s.jurisdiction)), s.effective_from, s.evidence.position),
        reverse=True,
    )
    return fitting


def holds_certificate(spec: HoldsCertificate, context: Context) -> Ask:
    """Ask for a certificate of one of the levels (R-11), or for a qualification recognized instead, to be reviewed."""

    def ask(facts: Facts, day: AskedDay) -> Answer:
        best = best_certificate(facts, day, context, spec.levels, national_only=spec.national_only)
        if best:
            return "met", best.sources, None
        if spec.recognized_for_review:
            recognized = best_recognition(facts, day, context, spec.levels)
            if recognized:
                return "needs_review", recognized.sources, "recognized_not_by_exam"
        sources, reason = none_held(facts, day, spec.levels, national_only=spec.national_only)
        return "not_met", sources, reason

    return ask


def level_held(spec: HoldsCertificate, facts: Facts, day: AskedDay, context: Context) -> CertificateLevel | None:
    """Return the highest level that the condition takes: of a certificate, else of a qualification to be reviewed."""
    best = best_certificate(facts, day, context, spec.levels, national_only=spec.national_only)
    if best is None and spec.recognized_for_review:
        recognized = best_recognition(facts, day, context, spec.levels)
        return recognized.level if recognized else None
    return best.level if best else None


def best_recognition(
    facts: Facts, day: AskedDay, context: Context, levels: Iterable[CertificateLevel] = LEVELS
) -> Recognition | None:
    """Return the highest qualification recognized for a scope around the place.

    The place is the one asked about, or one inside it that the person works in.
    """
    found = [recognition for recognition in facts.recognitions if recognition.level in levels]
    if not found:
        return None
    inside = [job for job in facts.employments if lies_in(job.jurisdiction, context.place)]
    places = [context.place, *(job.jurisdiction for job in inside if day.within(job.first, job.last))]
    held = [one for one in found if any(lies_in(place, one.scope) for place in places) and day.reached(one.on)]
    return max(held, key=lambda one: LEVELS.index(one.level), default=None)


def holds_degree(spec: HoldsDegree, _context: Context) -> Ask:
    """Ask for a degree in one of the fields; where the list is open, another field is for a person to judge."""

    def ask(facts: Facts, day: AskedDay) -> Answer:
        awarded = [education for education in facts.educations if day.reached(education.on)]
        for education in awarded:
            if education.field in spec.fields:
                return "met", education.sources, None
        if awarded and spec.open_list:
            return "needs_review", awarded[0].sources, "field_not_listed"
        others = tuple(source for education in awarded for source in education.sources)
        return "not_met", others, "no_degree_in_the_field" if awarded else "no_degree"

    return ask


def exam_rewarded(spec: ExamReward, context: Context) -> Ask:
    """Ask for a national certificate, and for a local standard that rewards its level; without one, for a person.

    Each exam passed may be rewarded for itself: a measure for a lower level held is enough.
    """

    def ask(facts: Facts, day: AskedDay) -> Answer:
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

    return ask


def best_certificate(
    facts: Facts,
    day: AskedDay,
    context: Context,
    levels: Iterable[CertificateLevel] = LEVELS,
    *,
    national_only: bool,
) -> Certificate | None:
    """Return the highest certificate held on `day`, the earliest among equals."""
    by_issue = context.assumes("issue_date")
    best: Certificate | None = None
    for certificate in facts.certificates:
        if certificate.level not in levels or (national_only and not certificate.national):
            continue
        if best is not None and LEVELS.index(certificate.level) <= LEVELS.index(best.level):
            continue
        first = (by_issue and certificate.issued_on) or certificate.on
        if day.reached(first) and not (certificate.withdrawn_on and day.reached(certificate.withdrawn_on)):
            best = certificate
    return best


def none_held(
    facts: Facts, day: AskedDay, levels: Iterable[CertificateLevel], *, national_only: bool
) -> tuple[Sources, Reason]:
    """Return what an answer rests on where no certificate is held, and the reason: the one withdrawn last, if any."""
    found = [one for one in facts.certificates if one.level in levels and (one.national or not national_only)]
    withdrawn = [(one.withdrawn_on, one.sources) for one in found if one.withdrawn_on and day.reached(one.withdrawn_on)]
    if not withdrawn:
        return (), "no_certificate"
    return max(withdrawn, key=lambda one: one[0])[1], "certificate_withdrawn"


def registered(_spec: Registered, context: Context) -> Ask:
    """Ask for a registration in force (R-12)."""

    def ask(facts: Facts, day: AskedDay) -> Answer:
        current, begun = registration_on(facts, day, context)
        if current:
            return "met", current.sources, None
        if begun:
            return "not_met", begun.sources, "registration_lapsed"
        return "not_met", (), "no_registration"

    return ask


def registration_on(
    facts: Facts, day: AskedDay, context: Context, months: int = REGISTRATION_MONTHS
) -> tuple[Registration | None, Registration | None]:
    """Return the registration in force on `day`, and of those begun the one that lasts longest.

    Of several it is the one begun last.
    """
    begun = [registration for registration in facts.registrations if day.reached(registration.first)]
    # One that was taken away on its first day never held; it is told only where there is no other.
    begun = [found for found in begun if found.ended_on is None or found.first < found.ended_on] or begun
    lasting = [(last_registered_day(found, day, context, months), found) for found in begun]
    current = [found for last, found in lasting if not day.reached(last + ONE_DAY)]
    _, latest = max(reversed(lasting), key=lambda one: one[0], default=(None, None))
    return current[-1] if current else None, latest


def last_granted_day(registration: Registration, context: Context, months: int = REGISTRATION_MONTHS) -> Day:
    """Return the last day as granted: as printed, else the corresponding day (R-12)."""
    if registration.printed_last is not None:
        return registration.printed_last
    last = add_months(registration.first, months, round_up=context.assumes("round_up"))
    return last - ONE_DAY if context.assumes("day_before") else last


def last_registered_day(
    registration: Registration, day: AskedDay, context: Context, months: int = REGISTRATION_MONTHS
) -> Day:
    """Return the last valid day: as granted, or the day before its end where it has ended by `day`."""
    last = last_granted_day(registration, context, months)
    if registration.ended_on is not None and day.reached(registration.ended_on):
        return min(last, registration.ended_on - ONE_DAY)
    return last


def served(spec: Served, context: Context) -> Ask:
    """Ask for verified service records within the months up to the day; the same day that long ago is out (R-16)."""
    round_up = context.assumes("round_up")

    def gone(recorded_on: Day) -> Day:
        return leaves(recorded_on, spec.within_months, round_up=round_up)

    stays = None if context.assumes("any_record_ever") else gone

    def ask(facts: Facts, day: AskedDay) -> Answer:
        latest = day.latest_of_enough(spec.at_least, facts.verified_days, stays)
        if latest is None:
            return "not_met", (), "no_recent_service_record"
        return "met", facts.verified_services[latest].sources, None

    return ask


def attested(_spec: Attested, context: Context) -> Ask:
    """Ask for an assessment that covers the day; where several contradict each other a person must look (R-15)."""

    def ask(facts: Facts, day: AskedDay) -> Answer:
        covering = [assessment for assessment in facts.assessments if day.within(assessment.first, assessment.last)]
        said = {assessment.professional_role for assessment in covering}
        sources = tuple(source for assessment in covering for source in assessment.sources)
        if said == {True}:
            return "met", sources, None
        if said == {False}:
            return "not_met", sources, "professional_role_denied"
        if said:
            return "needs_review", sources, "attestations_contradict"
        if context.assumes("implied_by_service"):
            # The first record decides: any later one finds the role implied already.
            for service in facts.verified_services[:1]:
                if day.reached(service.day):
                    return "met", service.sources, None
        return "needs_review", (), "no_attestation_covers_the_day"

    return ask


def designated_talent(spec: DesignatedTalent, context: Context) -> Ask:
    """Ask for one of the talent titles; newly obtained means conferred while the edition is in force (R-23)."""
    newly = spec.while_in_force and not context.assumes("any_not_yet_rewarded")

    def new(on: Day) -> bool:
        return context.first_day <= on and (context.last_day is None or on <= context.last_day)

    def ask(facts: Facts, day: AskedDay) -> Answer:
        held = [title for title in facts.talents if title.talent in spec.talents and day.reached(title.on)]
        for title in held:
            if newly and not new(title.on):
                continue
            if not spec.listed:
                return "needs_review", title.sources, "title_not_listed"
            return "met", title.sources, None
        others = tuple(source for title in held for source in title.sources)
        return "not_met", others, "conferred_on_another_day" if held else "no_talent_title"

    return ask


def designated_supervisor(spec: DesignatedSupervisor, _context: Context) -> Ask:
    """Ask for a supervisor designation of one of the ranks."""

    def ask(facts: Facts, day: AskedDay) -> Answer:
        for held in facts.supervisions:
            if held.rank in spec.ranks and day.within(held.first, held.last):
                return "met", held.sources, None
        return "not_met", (), "no_supervisor_designation"

    return ask


def decided_elsewhere(_spec: DecidedElsewhere, _context: Context) -> Ask:
    """Never decide: the text leaves the conditions to another document."""
    return lambda _facts, _day: ("needs_review", (), "conditions_stand_elsewhere")


def _asked(condition: Condition, context: Context) -> Ask:
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
