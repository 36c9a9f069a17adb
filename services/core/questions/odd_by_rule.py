"""What is odd about facts by the rules of a place. Pure.

A registration or a pass proof that is not as long as they say, a registration that outlasts its certificate, lasts into
another or is named by a sanction, a day with more training than it can hold by their class hours, a pass in an exam
that they do not know or with a mark that fails it, a national certificate that is given in no such way or by a local
line alone, it or a pass proof before there was an exam, a grant or a local standard that none of them looks at.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from contracts.events.catalogue import CertificateObtained
from contracts.events.facts import Fact
from contracts.events.values import FIRST_DAY, CertificateLevel, Day, DeterminationId, ExamLevel
from contracts.policies.language import Rule
from contracts.policies.packs import UnreadablePackError
from services.core.calendar import MINUTES_OF_HOUR, ONE_DAY, AskedDay, add_months, earliest
from services.core.facts.amounts import in_hundredths
from services.core.facts.facts import Certificate, Facts, OddFact, Registration
from services.core.facts.odd_registrations import (
    LastDay,
    certificate_gone,
    overlapping,
    recorded_last_day,
    sanctioned_registrations,
)
from services.core.facts.odd_trainings import overfull_days
from services.core.rules.book import Rules
from services.core.rules.conditions.employed import Employed
from services.core.rules.conditions.measured import Measured, Workplace, jobs_on, measured_by, standards_at
from services.core.rules.conditions.not_granted import NotGranted
from services.core.rules.kinds.entitlement import Entitlement
from services.core.rules.kinds.examination import ExamComplete, SeniorRoute, is_passed, reaches
from services.core.rules.kinds.payment import Payment
from services.core.rules.kinds.registry import kind_of_rule
from services.core.rules.parts import words_of
from services.core.rules.terms import (
    Calendar,
    ExamTerm,
    FirstExam,
    RegistrationTerm,
    SeniorProofTerm,
    Terms,
    TrainingTerm,
)
from services.core.rules.verdict import Question

OF_TRAINING = "continuing_education.annual"
"""The determination whose text, also where it is silent, says of a place what a class hour is."""
OF_EXAMS = "exam.complete"
"""The determination whose text says which subjects the exam of a level has."""
OF_REVIEW: tuple[DeterminationId, ExamLevel] = ("certificate.senior_route", "senior")
"""The determination whose text says that a level is obtained by exam and review, and that level."""
CorrespondingDay: TypeAlias = Callable[[Registration], Day]
Look: TypeAlias = Callable[[Rules, Facts, Day], Iterator[OddFact]]


def odd_by_rule(rules: Rules, told: Collection[Fact], facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield what is odd by the rules that answer on the day. By a rule that cannot be read nothing is.

    `told` is what `facts` were made of, and whatever else stands in the stream: rules rest on no sanction.
    """
    for look in LOOKS:
        with suppress(UnreadablePackError):
            yield from tuple(look(rules, facts, as_of))
    with suppress(UnreadablePackError):
        yield from tuple(_certificates_not_given(rules, told, facts, as_of))
    yield from sanctioned_registrations(told, facts.registrations, _last_days(rules, facts, as_of))


def _overfull_days(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    if facts.trainings:
        yield from overfull_days(facts.trainings, _shortest_class_hour(rules, facts, as_of))


def _shortest_class_hour(rules: Rules, facts: Facts, as_of: Day) -> int:
    """Return how many minutes a class hour has at the least: an hour, where no text that can be read says (R-07)."""
    try:
        text = rules.answering(facts, Question(OF_TRAINING, as_of)).text
        return min(text.context.term(TrainingTerm).minutes_of_class_hour, default=MINUTES_OF_HOUR)
    except UnreadablePackError:
        return MINUTES_OF_HOUR


def _idle_grants(rules: Rules, facts: Facts, _as_of: Day) -> Iterator[OddFact]:
    """Yield the grants of an entitlement of which no text of the place, whenever it is in force, asks for grants."""
    for grant in facts.grants:
        if grant.determination is not None and not any(map(_may_ask, rules.written(grant.determination))):
            detail = f"no rule of {rules.jurisdiction} on {grant.determination} asks whether it was given"
            yield OddFact(grant.sources[0].event_id, "grant_counts_nowhere", detail)


def _may_ask(rule: Rule) -> bool:
    """Say whether a rule asks what was given, or cannot be read."""
    try:
        return any(isinstance(word, NotGranted) for word in words_of(kind_of_rule(rule)))
    except UnreadablePackError:
        return True


def _idle_standards(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield the local standards in effect at which no text of the place, whenever it is in force, looks.

    They are those of the place asked about, and those that an answer about the person's work would look at there.
    """
    day = AskedDay(as_of)
    for determination in dict.fromkeys(standard.determination for standard in rules.standards):
        if any(map(_may_look_at_standards, rules.written(determination))):
            continue
        context = rules.answering(facts, Question(determination, as_of)).text.context
        workplaces = [Workplace(rules.jurisdiction), *measured_by(context, jobs_on(facts, day))]
        of_it = (standard for standard in rules.standards if standard.determination == determination)
        for standard in standards_at(of_it, workplaces, day):
            detail = f"no rule of {rules.jurisdiction} on {determination} looks at {standard.standard_id}"
            yield OddFact(standard.evidence.event_id, "standard_counts_nowhere", detail)


def _may_look_at_standards(rule: Rule) -> bool:
    """Say whether a rule takes an amount or a condition from a local standard, or cannot be read."""
    try:
        kind = kind_of_rule(rule)
    except UnreadablePackError:
        return True
    words = words_of(kind)
    pays = isinstance(kind, Payment) or (isinstance(kind, Entitlement) and kind.tier is not None)
    return pays or any(isinstance(word, Measured) or (isinstance(word, Employed) and word.widened) for word in words)


def _exams_not_held(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield the passes of an exam before the first of its level, in a subject that it does not have, or with a score
    that does not pass it."""
    if (exams := _exams(rules, facts, as_of)) is None:
        return
    kind, terms = exams
    first_exam, mark = terms.known(FirstExam), in_hundredths(terms.of(ExamTerm).pass_mark)
    for exam in facts.exam_passes:
        told, subjects = exam.sources[0].event_id, kind.levels[exam.level].subjects
        first_year = first_exam.year_of(exam.level) if first_exam else exam.year
        if exam.year < first_year:
            yield OddFact(
                told, "exam_not_held", f"in the {exam.level} exam of {exam.year}, the first is of {first_year}"
            )
        if exam.subject not in subjects:
            detail = f"{exam.subject} in the {exam.level} exam, which has {', '.join(subjects)}"
            yield OddFact(told, "exam_without_subject", detail)
        if exam.score is not None and not is_passed(exam, mark):
            detail = f"passed with {float(exam.score / 100):g}, the mark is {float(mark / 100):g}"
            yield OddFact(told, "score_below_pass_mark", detail)


def _certificates_not_given(rules: Rules, told: Collection[Fact], facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield the national certificates of a level that has no exam, approved before the year of the first exam of their
    level, obtained in another way than that of the day of their approval, or by exams passed only by a local line."""
    if (exams := _exams(rules, facts, as_of)) is None:
        return
    kind, terms = exams
    first_exam = terms.known(FirstExam)
    first_years: Mapping[str, int] = {level: first_exam.year_of(level) for level in kind.levels} if first_exam else {}
    counting = {certificate.sources[0].event_id: certificate for certificate in facts.certificates}
    given_locally = _given_locally(kind, terms, facts)
    for fact in (fact for fact in told if fact.event_id in counting):
        match fact.data:
            case CertificateObtained(level=level, scope="national", basis=basis):
                if fact.occurred_on.year < (first_year := first_years.get(level, 0)):
                    detail = f"approved on {fact.occurred_on}, the first {level} exam is of {first_year}"
                    yield OddFact(fact.event_id, "certificate_before_first_exam", detail)
                elif level not in kind.levels or basis != _basis(rules, facts, level, fact.occurred_on):
                    yield OddFact(fact.event_id, "certificate_not_given", f"national, {level}, by {basis}")
                elif basis == "exam" and given_locally(certificate := counting[fact.event_id]):
                    detail = f"national, approved on {certificate.on}, the exam is passed by a local line alone"
                    yield OddFact(fact.event_id, "certificate_by_local_line", detail)


def _given_locally(kind: ExamComplete, terms: Terms, facts: Facts) -> Callable[[Certificate], bool]:
    """Return what says whether the passes of up to the year of a certificate are enough only with one by a local line,
    which gives a certificate that is valid only locally (N-04), and no recognition of its level explains it."""
    mark = in_hundredths(terms.of(ExamTerm).pass_mark)
    passed = [exam for exam in facts.exam_passes if is_passed(exam, mark)]
    by_the_mark = [exam for exam in passed if reaches(exam, mark)]
    first_years: Mapping[str, tuple[int | None, int | None]] = {
        level: (kind.first_complete_year(level, passed), kind.first_complete_year(level, by_the_mark))
        for level in kind.levels
    }
    recognized: dict[str, Day] = {}
    for recognition in facts.recognitions:
        recognized.setdefault(recognition.level, recognition.on)

    def given_locally(certificate: Certificate) -> bool:
        last = max(certificate.on, certificate.issued_on or certificate.on)
        anyhow, everywhere = first_years.get(certificate.level, (None, None))
        if anyhow is None or anyhow > last.year or (everywhere is not None and everywhere <= last.year):
            return False
        return recognized.get(certificate.level, Day.max) > last

    return given_locally


def _exams(rules: Rules, facts: Facts, as_of: Day) -> tuple[ExamComplete, Terms] | None:
    """Return the rule on exams that is in force on the day, if any says which there are, and its terms."""
    answering = rules.answering(facts, Question(OF_EXAMS, as_of))
    rule = answering.provision.rule
    if not answering.in_force or rule is None or not isinstance(kind := kind_of_rule(rule), ExamComplete):
        return None
    return kind, answering.text.context.terms


def _basis(rules: Rules, facts: Facts, level: CertificateLevel, on: Day) -> str:
    """Return how a level was obtained on a day: by exam and review, if a text in force on it says so."""
    determination, of_review = OF_REVIEW
    if level != of_review:
        return "exam"
    answering = rules.answering(facts, Question(determination, on))
    rule = answering.provision.rule
    says_so = answering.in_force and rule is not None and isinstance(kind_of_rule(rule), SeniorRoute)
    return "exam_and_review" if says_so else "exam"


def _of_another_length(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield the registrations whose printed term has another length than the rule that is in force on the day.

    It may end on the corresponding day or on the day before: which of them is printed differs (R-12).
    """
    corresponding = _corresponding_day(rules, facts, as_of)
    if corresponding is None:
        return
    for registration in facts.registrations:
        last = corresponding(registration)
        if registration.printed_last not in (None, last, last - ONE_DAY):
            detail = f"from {registration.first} to {registration.printed_last}, by the rule to {last}"
            yield OddFact(registration.sources[0].event_id, "registration_length", detail)


def _odd_proofs(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    """Yield the proofs of passing the senior exam of before the year of the first one, and those whose printed term has
    another length than the rule that is in force on their own day.

    As with a registration, it may end on the corresponding day or on the day before.
    """
    if not facts.senior_proofs:
        return
    determination, level = OF_REVIEW
    exams = _exams(rules, facts, as_of)
    first_exam = exams[1].known(FirstExam) if exams else None
    first_year = first_exam.year_of(level) if first_exam else FIRST_DAY.year
    for proof in facts.senior_proofs:
        event_id = proof.sources[0].event_id
        if proof.first.year < first_year:
            detail = f"of {proof.first}, the first {level} exam is of {first_year}"
            yield OddFact(event_id, "proof_before_first_exam", detail)
            continue
        answering = rules.answering(facts, Question(determination, proof.first))
        terms = answering.text.context.terms
        if not answering.in_force or (valid := terms.known(SeniorProofTerm)) is None:
            continue
        last = add_months(proof.first, valid.months, round_up=terms.of(Calendar).round_up)
        if proof.last not in (last, last - ONE_DAY):
            detail = f"from {proof.first} to {proof.last}, by the rule to {last}"
            yield OddFact(event_id, "proof_length", detail)


def _outlasting(rules: Rules, facts: Facts, as_of: Day) -> Iterator[OddFact]:
    last_day = _last_days(rules, facts, as_of)
    yield from certificate_gone(facts.registrations, facts.certificates, last_day)
    yield from overlapping(facts.registrations, last_day)


def _last_days(rules: Rules, facts: Facts, as_of: Day) -> LastDay:
    """Return what tells how long a registration lasts.

    Without a printed last day it is at the least to the day before the corresponding one (R-12), where the rule can be
    read and is in force; else nobody says how long.
    """
    corresponding: CorrespondingDay | None = None
    with suppress(UnreadablePackError):
        corresponding = _corresponding_day(rules, facts, as_of)

    def last_day(registration: Registration) -> Day | None:
        by_rule = corresponding(registration) - ONE_DAY if corresponding and not registration.printed_last else None
        return earliest((recorded_last_day(registration), by_rule))

    return last_day


def _corresponding_day(rules: Rules, facts: Facts, as_of: Day) -> CorrespondingDay | None:
    """Return what tells the day that corresponds to the first one of a term; None where no rule is in force."""
    answering = rules.answering(facts, Question("registration", as_of))
    if not answering.in_force:
        return None
    months = answering.text.context.term(RegistrationTerm).months
    round_up = answering.text.context.term(Calendar).round_up
    return lambda registration: add_months(registration.first, months, round_up=round_up)


LOOKS: tuple[Look, ...] = (
    _of_another_length,
    _outlasting,
    _odd_proofs,
    _exams_not_held,
    _overfull_days,
    _idle_grants,
    _idle_standards,
)
