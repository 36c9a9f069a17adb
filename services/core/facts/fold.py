"""Fold what stands of one stream into facts.

Facts count by their own dates, not by the order in which the ledger learned them; position only breaks ties.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, assert_never

from msgspec import UNSET, UnsetType

from contracts.events import catalogue as c
from contracts.events.revisions import Fact, Stream
from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.facts.facts import (
    Assessment,
    Certificate,
    Education,
    Employment,
    Enrolment,
    ExamPass,
    Facts,
    OddFact,
    Post,
    Recognition,
    Registration,
    SeniorProof,
    SeniorReview,
    Service,
    Sources,
    Supervision,
    TalentTitle,
    Training,
    TrainingPart,
)

PASS_MARK = Decimal(60)
"""The national pass line of every subject (N-04)."""

ENDS: Sequence[type[c.Data]] = (
    c.CertificateWithdrawn,
    c.RegistrationEnded,
    c.EmploymentEnded,
    c.PromotionEnded,
    c.SupervisorEnded,
)

D = TypeVar("D", bound=c.Data)
T = TypeVar("T")


def fold(stream: Stream) -> Facts:
    """Return the facts of one person. Voided trainings stay, marked: an answer says why they do not count."""
    by_type: dict[type[c.Data], list[Fact]] = {}
    for fact in sorted(stream.facts, key=lambda fact: (fact.occurred_on, fact.position)):
        if inferred_from(fact):
            by_type.setdefault(c.ALL_TYPES[fact.type], []).append(fact)

    def of(kind: type[D]) -> Sequence[tuple[Fact, D]]:
        return [(fact, fact.data) for fact in by_type.get(kind, ())]  # type: ignore[misc]  # Grouped by this very type.

    employments = _employments(of(c.EmploymentStarted), of(c.EmploymentEnded))
    certificates = _certificates(of(c.CertificateObtained), of(c.CertificateWithdrawn))
    registrations = _registrations(of(c.RegistrationGranted), of(c.RegistrationEnded))
    posts = _posts(of(c.PromotionGranted), of(c.PromotionEnded), employments)
    supervisions = _supervisions(of(c.SupervisorDesignated), of(c.SupervisorEnded))
    services = tuple(Service(fact.occurred_on, fact.evidence) for fact, data in of(c.ServiceRecorded) if data.verified)
    odd = list(_odd_facts(employments, of(c.EmploymentEnded), of(c.PromotionGranted)))
    ends = [fact for kind in ENDS for fact, _ in of(kind) if fact.event_id not in {one.event_id for one in odd}]
    ended: Iterable[Employment | Certificate | Registration | Post | Supervision] = (
        *employments,
        *certificates,
        *registrations,
        *posts,
        *supervisions,
    )
    return Facts(
        enrolments=tuple(
            Enrolment(fact.occurred_on, _known(data.jurisdiction), fact.evidence)
            for fact, data in of(c.PractitionerEnrolled)
        ),
        educations=tuple(
            Education(fact.occurred_on, data.field, fact.evidence) for fact, data in of(c.EducationRecorded)
        ),
        exam_passes=tuple(
            ExamPass(fact.occurred_on, data.level, data.subject, data.exam_year, _passes(data), fact.evidence)
            for fact, data in of(c.ExamSubjectPassed)
        ),
        senior_proofs=tuple(
            SeniorProof(fact.occurred_on, data.valid_until, fact.evidence) for fact, data in of(c.SeniorExamProofIssued)
        ),
        senior_reviews=tuple(
            SeniorReview(data.applied_on, fact.occurred_on, data.result == "pass", fact.evidence)
            for fact, data in of(c.SeniorReviewDecided)
        ),
        certificates=certificates,
        registrations=registrations,
        trainings=_trainings(of(c.TrainingCompleted), stream.voided),
        employments=employments,
        posts=posts,
        verified_services=services,
        verified_days=tuple(service.day for service in services),
        assessments=tuple(
            Assessment(data.covers_from, data.covers_until, data.professional_role, fact.occurred_on, fact.evidence)
            for fact, data in of(c.AssessmentRecorded)
        ),
        supervisions=supervisions,
        talents=tuple(
            TalentTitle(data.talent, fact.occurred_on, fact.evidence) for fact, data in of(c.TalentDesignated)
        ),
        recognitions=tuple(
            Recognition(data.level, data.scope, fact.occurred_on, fact.evidence)
            for fact, data in of(c.QualificationRecognized)
        ),
        findings=(
            *stream.findings,
            *odd,
            *_never_held(certificates, registrations),
            *_idle_ends(ends, (fact.sources for fact in ended)),
        ),
    )


def inferred_from(fact: Fact) -> bool:
    """Say whether any rule may rest on a fact of this type. mypy names a new type that nobody has decided about."""
    data: c.PersonFact = fact.data  # type: ignore[assignment]  # A practitioner's stream holds nothing else but revisions.
    match data:
        case (
            c.PractitionerEnrolled()
            | c.EducationRecorded()
            | c.ExamSubjectPassed()
            | c.SeniorExamProofIssued()
            | c.SeniorReviewDecided()
            | c.CertificateObtained()
            | c.CertificateWithdrawn()
            | c.RegistrationGranted()
            | c.RegistrationEnded()
            | c.TrainingCompleted()
            | c.EmploymentStarted()
            | c.EmploymentEnded()
            | c.PromotionGranted()
            | c.PromotionEnded()
            | c.ServiceRecorded()
            | c.AssessmentRecorded()
            | c.SupervisorDesignated()
            | c.SupervisorEnded()
            | c.TalentDesignated()
            | c.QualificationRecognized()
        ):
            return True
        # Recorded and listed, never inferred from (E20 to E26); a declaration alone has no effect (E32).
        case (
            c.QualificationDeclared()
            | c.HonorRecorded()
            | c.RoleRecorded()
            | c.BenefitGranted()
            | c.ComplaintDecided()
            | c.SanctionImposed()
            | c.SanctionLifted()
            | c.AllowanceDecided()
        ):
            return False
        case _:
            assert_never(data)


def _odd_facts(
    employments: Sequence[Employment],
    ended: Sequence[tuple[Fact, c.EmploymentEnded]],
    promoted: Sequence[tuple[Fact, c.PromotionGranted]],
) -> Iterator[OddFact]:
    """Yield what is said of employments and cannot count as it stands."""
    known = {job.event_id: job for job in employments}
    named = [(fact, data.employment) for fact, data in ended] + [(fact, data.employment) for fact, data in promoted]
    for fact, employment in named:
        if employment is not UNSET and str(employment) not in known:
            yield OddFact(fact.event_id, "employment_unknown", f"there is no employment {employment}")
    for fact, data in promoted:
        job = _employment_of(fact.occurred_on, data, employments)
        if job is None and data.employment is UNSET:
            yield OddFact(fact.event_id, "no_employment", f"the post of {fact.occurred_on} has no employment")
        elif job is not None and job.last is not None and job.last < fact.occurred_on:
            yield OddFact(fact.event_id, "employment_over", f"the employment of {job.first} ended on {job.last}")
    for job in employments:
        if job.last is not None and job.last < job.first:
            yield OddFact(job.event_id, "ends_before_it_begins", f"begins {job.first}, ends {job.last}")


def _never_held(certificates: Iterable[Certificate], registrations: Iterable[Registration]) -> Iterator[OddFact]:
    """Yield what was taken away on its own first day, as where one is ended and given anew on the same day."""
    taken = [(one.on, one.withdrawn_on, one.sources) for one in certificates]
    taken += [(one.first, one.ended_on, one.sources) for one in registrations]
    for first, ended_on, sources in taken:
        if ended_on is not None and ended_on <= first:
            detail = f"begins {first}, and no longer holds on {ended_on}"
            yield OddFact(sources[0].event_id, "never_held", detail)


def _idle_ends(ends: Iterable[Fact], touched: Iterable[Sources]) -> Iterator[OddFact]:
    """Yield the ends, withdrawals and the like that found nothing to end."""
    used = {one.event_id for sources in touched for one in sources}
    for fact in ends:
        if fact.event_id not in used:
            yield OddFact(fact.event_id, "nothing_to_end", "nothing of the kind held on its day")


def _known(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value


def _passes(data: c.ExamSubjectPassed) -> bool:
    return data.score is UNSET or Decimal(data.score) >= PASS_MARK or data.pass_line == "local"  # noqa: S105 - an exam's pass line, no password.


def _certificates(
    obtained: Iterable[tuple[Fact, c.CertificateObtained]], withdrawn: Sequence[tuple[Fact, c.CertificateWithdrawn]]
) -> tuple[Certificate, ...]:
    """A withdrawal takes every certificate of its level obtained up to and including its day."""
    certificates = []
    for fact, data in obtained:
        taken = next(
            (w for w, what in withdrawn if what.level == data.level and w.occurred_on >= fact.occurred_on), None
        )
        certificates.append(
            Certificate(
                level=data.level,
                national=data.scope == "national",
                on=fact.occurred_on,
                issued_on=_known(data.issued_on),
                withdrawn_on=taken.occurred_on if taken else None,
                sources=fact.evidence + (taken.evidence if taken else ()),
            )
        )
    return tuple(certificates)


def _registrations(
    granted: Iterable[tuple[Fact, c.RegistrationGranted]], ended: Sequence[tuple[Fact, c.RegistrationEnded]]
) -> tuple[Registration, ...]:
    """An end takes every registration that has begun on or before its day."""
    registrations = []
    for fact, data in granted:
        end = next((e for e, _ in ended if e.occurred_on >= data.valid_from), None)
        registrations.append(
            Registration(
                first=data.valid_from,
                printed_last=_known(data.valid_until),
                ended_on=end.occurred_on if end else None,
                sources=fact.evidence + (end.evidence if end else ()),
            )
        )
    return tuple(sorted(registrations, key=lambda registration: registration.first))


def _trainings(completed: Iterable[tuple[Fact, c.TrainingCompleted]], voided: Iterable[Fact]) -> tuple[Training, ...]:
    """Of trainings that report the same, the earliest position counts (R-10); a voided one never counted."""
    standing = sorted(completed, key=lambda item: item[0].position)
    gone = [(fact, fact.data) for fact in voided if isinstance(fact.data, c.TrainingCompleted)]
    seen: set[tuple[Any, ...]] = set()
    trainings = []
    for fact, data in standing:
        same = _reported(fact, data)
        trainings.append(_training(fact, data, duplicate=same in seen, voided=False))
        seen.add(same)
    trainings.extend(_training(fact, data, duplicate=False, voided=True) for fact, data in gone)
    return tuple(sorted(trainings, key=lambda training: training.sources[0].position))


def _reported(fact: Fact, data: c.TrainingCompleted) -> tuple[Any, ...]:
    """Return what two reports of the same training agree in (R-10)."""
    if data.proof_no is not UNSET:
        return data.provider, data.proof_no
    session_days = () if data.sessions is UNSET else tuple(session.day for session in data.sessions)
    dates = data.started_on, fact.occurred_on, session_days
    return data.provider, data.course, dates, Decimal(data.amount), data.unit, frozenset(data.subjects)


def _training(fact: Fact, data: c.TrainingCompleted, *, duplicate: bool, voided: bool) -> Training:
    hundredths = _hundredths(data.amount)
    if data.sessions is UNSET:
        parts: tuple[TrainingPart, ...] = (TrainingPart(fact.occurred_on, hundredths, fact.evidence),)
    else:
        parts = tuple(
            TrainingPart(session.day, _hundredths(session.amount), fact.evidence) for session in data.sessions
        )
    return Training(
        event_id=fact.event_id,
        on=fact.occurred_on,
        started_on=_known(data.started_on),
        hundredths=hundredths,
        unit=data.unit,
        parts=parts,
        in_sessions=data.sessions is not UNSET,
        professional=any(subject.startswith("sw_") for subject in data.subjects),
        duplicate=duplicate,
        voided=voided,
        sources=fact.evidence,
    )


def _hundredths(amount: str) -> int:
    return int(Decimal(amount) * 100)


def _employments(
    started: Sequence[tuple[Fact, c.EmploymentStarted]], ended: Sequence[tuple[Fact, c.EmploymentEnded]]
) -> tuple[Employment, ...]:
    """One non-concurrent employment at a time: it ends on its last day, else on the day before the next one starts."""
    main = [fact for fact, data in started if data.concurrent is not True]
    successor = dict(zip((fact.event_id for fact in main), main[1:], strict=False))
    employments = []
    for fact, data in started:
        ends = [
            (end.last_day, end_fact)
            for end_fact, end in ended
            if (
                str(end.employment) == fact.event_id
                if end.employment is not UNSET
                else end.last_day >= fact.occurred_on
            )
        ]
        if next_job := successor.get(fact.event_id):
            ends.append((next_job.occurred_on - ONE_DAY, next_job))
        last, because = min(ends, key=lambda end: end[0], default=(None, None))
        employments.append(
            Employment(
                event_id=fact.event_id,
                first=fact.occurred_on,
                last=last,
                role=data.role,
                employer_type=data.employer_type,
                jurisdiction=data.jurisdiction,
                direct_service=data.direct_service,
                concurrent=data.concurrent is True,
                sources=fact.evidence + (because.evidence if because else ()),
            )
        )
    return tuple(employments)


def _posts(
    granted: Sequence[tuple[Fact, c.PromotionGranted]],
    ended: Sequence[tuple[Fact, c.PromotionEnded]],
    employments: Sequence[Employment],
) -> tuple[Post, ...]:
    """A post lies inside its employment (R-20); the next appointment in the same one ends it on the day before."""
    posts = []
    attached = [(fact, data, _employment_of(fact.occurred_on, data, employments)) for fact, data in granted]
    for index, (fact, data, employment) in enumerate(attached):
        ends = [(end.last_day, end_fact) for end_fact, end in ended if end.last_day >= fact.occurred_on]
        ended_last = min((last for last, _ in ends), default=None)
        following = (later for later, _, job in attached[index + 1 :] if job == employment)
        if next_post := next(following, None):
            ends.append((next_post.occurred_on - ONE_DAY, next_post))
        own_last, because = min(ends, key=lambda end: end[0], default=(None, None))
        lasts = [last for last in (own_last, employment.last if employment else None) if last is not None]
        posts.append(
            Post(
                first=max(fact.occurred_on, employment.first) if employment else fact.occurred_on,
                last=min(lasts, default=None),
                own_last=own_last,
                ended_last=ended_last,
                level=data.post_level,
                title=data.post,
                employment=employment,
                sources=fact.evidence + (because.evidence if because else ()),
            )
        )
    return tuple(posts)


def _employment_of(day: Day, data: c.PromotionGranted, employments: Sequence[Employment]) -> Employment | None:
    """Return the employment that the appointment names, else the one held on its day, concurrent ones last."""
    if data.employment is not UNSET:
        return next((job for job in employments if job.event_id == str(data.employment)), None)
    held = [job for job in employments if job.holds_on(day)]
    return next((job for job in held if not job.concurrent), held[0] if held else None)


def _supervisions(
    designated: Iterable[tuple[Fact, c.SupervisorDesignated]], ended: Sequence[tuple[Fact, c.SupervisorEnded]]
) -> tuple[Supervision, ...]:
    """An end takes every designation made on or before its last day."""
    supervisions = []
    for fact, data in designated:
        ends = [(end.last_day, end_fact) for end_fact, end in ended if end.last_day >= fact.occurred_on]
        if isinstance(data.last_day, date):
            ends.append((data.last_day, fact))
        last, because = min(ends, key=lambda end: end[0], default=(None, None))
        extra = because.evidence if because and because is not fact else ()
        supervisions.append(Supervision(data.rank, fact.occurred_on, last, fact.evidence + extra))
    return tuple(supervisions)
