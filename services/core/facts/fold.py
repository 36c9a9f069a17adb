"""Fold what stands of one stream into facts.

Facts count by their own dates, not by the order in which the ledger learned them; position only breaks ties. They are
kept as recorded: only rules judge them.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar, assert_never

from msgspec import UNSET, structs

from contracts.events import catalogue as c
from contracts.events.facts import Fact, Stream
from services.core.facts.amounts import in_hundredths
from services.core.facts.credentials import certificates_of, registrations_of, supervisions_of
from services.core.facts.employments import employments_of, posts_of
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
    Supervision,
    TalentTitle,
)
from services.core.facts.oddities import idle_ends, never_held, unfit_employments
from services.core.facts.optional import known
from services.core.facts.trainings import trainings_of

D = TypeVar("D", bound=c.Data)


class _FactsByType:
    """The facts of a stream that rules may rest on, in order of day and position."""

    def __init__(self, stream: Stream) -> None:
        self._by_type: dict[type[c.Data], list[Fact]] = {}
        for fact in sorted(stream.facts, key=lambda fact: (fact.occurred_on, fact.position)):
            if inferred_from(fact):
                self._by_type.setdefault(c.ALL_TYPES[fact.type], []).append(fact)

    def of(self, kind: type[D]) -> Sequence[tuple[Fact, D]]:
        """Return the facts of one type, each with its data."""
        return [(fact, fact.data) for fact in self._by_type.get(kind, ())]  # type: ignore[misc]  # Grouped by this very type.


def fold(stream: Stream) -> Facts:
    """Return the facts of one person as recorded. Voided trainings stay, marked, so that answers can name them."""
    by_type = _FactsByType(stream)
    of = by_type.of
    employments = employments_of(of(c.EmploymentStarted), of(c.EmploymentEnded))
    facts = Facts(
        enrolments=tuple(
            Enrolment(fact.occurred_on, known(data.jurisdiction), fact.evidence)
            for fact, data in of(c.PractitionerEnrolled)
        ),
        educations=tuple(
            Education(fact.occurred_on, data.field, fact.evidence) for fact, data in of(c.EducationRecorded)
        ),
        exam_passes=tuple(
            ExamPass(
                fact.occurred_on,
                data.level,
                data.subject,
                data.exam_year,
                None if data.score is UNSET else in_hundredths(data.score),
                known(data.pass_line),
                fact.evidence,
            )
            for fact, data in of(c.ExamSubjectPassed)
        ),
        senior_proofs=tuple(
            SeniorProof(fact.occurred_on, data.valid_until, fact.evidence) for fact, data in of(c.SeniorExamProofIssued)
        ),
        senior_reviews=tuple(
            SeniorReview(data.applied_on, fact.occurred_on, data.result == "pass", fact.evidence)
            for fact, data in of(c.SeniorReviewDecided)
        ),
        certificates=certificates_of(of(c.CertificateObtained), of(c.CertificateWithdrawn)),
        registrations=registrations_of(of(c.RegistrationGranted), of(c.RegistrationEnded)),
        trainings=trainings_of(of(c.TrainingCompleted), stream.voided),
        employments=employments,
        posts=posts_of(of(c.PromotionGranted), of(c.PromotionEnded), employments),
        services=tuple(
            Service(fact.occurred_on, data.platform, data.verified, fact.evidence)
            for fact, data in of(c.ServiceRecorded)
        ),
        assessments=tuple(
            Assessment(data.covers_from, data.covers_until, data.professional_role, fact.occurred_on, fact.evidence)
            for fact, data in of(c.AssessmentRecorded)
        ),
        supervisions=supervisions_of(of(c.SupervisorDesignated), of(c.SupervisorEnded)),
        talents=tuple(
            TalentTitle(data.talent, fact.occurred_on, fact.evidence) for fact, data in of(c.TalentDesignated)
        ),
        recognitions=tuple(
            Recognition(data.level, data.scope, fact.occurred_on, fact.evidence)
            for fact, data in of(c.QualificationRecognized)
        ),
    )
    return structs.replace(facts, findings=(*stream.findings, *_odd_facts(facts, by_type)))


def _odd_facts(facts: Facts, by_type: _FactsByType) -> Iterator[OddFact]:
    of = by_type.of
    unfit = list(unfit_employments(facts.employments, of(c.EmploymentEnded), of(c.PromotionGranted)))
    yield from unfit
    yield from never_held(facts.certificates, facts.registrations)
    reported = {odd.event_id for odd in unfit}
    ends: Sequence[type[c.Data]] = (
        c.CertificateWithdrawn,
        c.RegistrationEnded,
        c.EmploymentEnded,
        c.PromotionEnded,
        c.SupervisorEnded,
    )
    ended: tuple[Employment | Certificate | Registration | Post | Supervision, ...] = (
        *facts.employments,
        *facts.certificates,
        *facts.registrations,
        *facts.posts,
        *facts.supervisions,
    )
    yield from idle_ends(
        (fact for kind in ends for fact, _ in of(kind) if fact.event_id not in reported),
        (fact.sources for fact in ended),
    )


def inferred_from(fact: Fact) -> bool:
    """Say whether rules may rest on a fact of this type. mypy reports a type about which this does not decide."""
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
        # Recorded and listed, but never inferred from (E20 to E26); a declaration alone has no effect (E32).
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
