"""Fold what stands of one stream into facts.

Facts count by their own dates, not by the order in which the ledger learned them; position only breaks ties. They are
kept as recorded: only rules judge them.
"""

from typing import assert_never

from msgspec import UNSET

from contracts.events import catalogue as c
from contracts.events.facts import Fact, Stream
from services.core.facts.amounts import in_hundredths
from services.core.facts.by_type import FactsByType
from services.core.facts.credentials import certificates_of, registrations_of, senior_reviews_of, supervisions_of
from services.core.facts.employments import employments_of, posts_of
from services.core.facts.facts import (
    Assessment,
    Declaration,
    Education,
    Enrolment,
    ExamPass,
    Facts,
    Grant,
    Recognition,
    SeniorProof,
    Service,
    TalentTitle,
)
from services.core.facts.optional import known
from services.core.facts.sameness import Sameness, sameness_of
from services.core.facts.trainings import trainings_of


def fold(stream: Stream) -> Facts:
    """Return the facts of one person as recorded, each once.

    Trainings told twice stay, marked, because rules say how often they count (R-10); so do voided ones, so that answers
    can name them. What is odd about facts is for `findings_of`: no rule looks at it.
    """
    sameness = sameness_of(stream.facts)
    same, of = sameness.repeats, told_once(stream, sameness).of
    employments = employments_of(of(c.EmploymentStarted), of(c.EmploymentEnded), same)
    return Facts(
        enrolments=tuple(
            Enrolment(fact.occurred_on, known(data.jurisdiction), fact.evidence)
            for fact, data in of(c.PractitionerEnrolled)
        ),
        educations=tuple(
            Education(fact.occurred_on, data.level, data.field, fact.evidence) for fact, data in of(c.EducationRecorded)
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
        senior_reviews=senior_reviews_of(of(c.SeniorReviewApplied), of(c.SeniorReviewDecided)),
        certificates=certificates_of(of(c.CertificateObtained), of(c.CertificateWithdrawn)),
        registrations=registrations_of(of(c.RegistrationGranted), of(c.RegistrationEnded)),
        trainings=trainings_of(of(c.TrainingCompleted), stream.voided, sameness),
        employments=employments,
        posts=posts_of(of(c.PromotionGranted), of(c.PromotionEnded), employments, same),
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
            TalentTitle(data.talent, known(data.jurisdiction), fact.occurred_on, fact.evidence)
            for fact, data in of(c.TalentDesignated)
        ),
        declarations=tuple(Declaration(fact.occurred_on, fact.evidence) for fact, _ in of(c.QualificationDeclared)),
        recognitions=tuple(
            Recognition(data.level, data.scope, fact.occurred_on, fact.evidence)
            for fact, data in of(c.QualificationRecognized)
        ),
        grants=tuple(
            Grant(fact.occurred_on, known(data.determination), fact.evidence) for fact, data in of(c.BenefitGranted)
        ),
    )


def told_once(stream: Stream, sameness: Sameness) -> FactsByType:
    """Return what facts rest on, each once, with all that was told of it."""
    return FactsByType(
        sameness.united.get(fact.event_id, fact)
        for fact in stream.facts
        # A training that is told again stays, marked: rules say how often it counts.
        if inferred_from(fact) and (fact.event_id not in sameness.repeats or isinstance(fact.data, c.TrainingCompleted))
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
            | c.SeniorReviewApplied()
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
            | c.QualificationDeclared()
            | c.QualificationRecognized()
            | c.BenefitGranted()
        ):
            return True
        # Recorded and listed, but never inferred from (E20 to E26).
        case (
            c.HonorRecorded()
            | c.RoleRecorded()
            | c.ComplaintDecided()
            | c.SanctionImposed()
            | c.SanctionLifted()
            | c.AllowanceDecided()
            | c.PractitionerLinked()
        ):
            return False
        case _:
            assert_never(data)
