"""Terms: what a word of the law means, said once in the pack where its clause is, and used by every rule. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Annotated, ClassVar, Literal, TypeVar

from msgspec import Meta, Struct, ValidationError, convert

from contracts.events.values import AMOUNT_PATTERN, ExamLevel, TrainingSubject, TrainingUnit
from contracts.policies.choices import Choices
from contracts.policies.language import Term
from contracts.policies.packs import UnreadablePackError
from services.core.calendar import MINUTES_OF_HOUR

Months = Annotated[int, Meta(ge=1, le=1_200)]
Minutes = Annotated[int, Meta(ge=1, le=600)]
ExamYear = Annotated[int, Meta(ge=1900, le=2199)]


class TermOfLaw(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A term with its parameters, and the clause that defines it."""

    NAME: ClassVar[str]
    clause: str | None = None


class Calendar(TermOfLaw, frozen=True):
    """The day that a month without the corresponding day has instead (R-05)."""

    NAME: ClassVar = "calendar"
    no_such_day: Literal["month_end", "next_day"]

    @property
    def round_up(self) -> bool:
        """Whether it is the first day of the next month, and not the last day of the month."""
        return self.no_such_day == "next_day"


class CertificateTerm(TermOfLaw, frozen=True):
    """The day from which a certificate counts (R-11)."""

    NAME: ClassVar = "certificate"
    counts_from: Literal["approval", "issue"]

    @property
    def by_issue(self) -> bool:
        """Whether it is the day of issue."""
        return self.counts_from == "issue"


class RegistrationTerm(TermOfLaw, frozen=True):
    """How long a registration without a printed last day is valid, and which day is its last (R-12)."""

    NAME: ClassVar = "registration"
    months: Months
    last_day: Literal["corresponding", "day_before"]


class FirstRegistration(TermOfLaw, frozen=True):
    """The months within which the first registration of a certificate is applied for, and the day from which they
    count (R-40)."""

    NAME: ClassVar = "first_registration"
    within_months: Months
    counted_from: Literal["approval", "issue"]


class Renewal(TermOfLaw, frozen=True):
    """The months at the end of a registration in which it can be renewed."""

    NAME: ClassVar = "renewal"
    last_months: Months


class ExamTerm(TermOfLaw, frozen=True):
    """The mark with which a subject is passed; a pass by a local line counts below it."""

    NAME: ClassVar = "exam"
    pass_mark: Annotated[str, Meta(pattern=AMOUNT_PATTERN)]


class FirstExam(TermOfLaw, frozen=True):
    """The year in which the exam of each level was held for the first time; before it nobody could sit it."""

    NAME: ClassVar = "first_exam"
    junior: ExamYear
    intermediate: ExamYear
    senior: ExamYear

    def year_of(self, level: ExamLevel) -> int:
        """Return the first exam year of a level."""
        year: int = getattr(self, level)
        return year


class SeniorProofTerm(TermOfLaw, frozen=True):
    """How long a proof of passing the senior exam is valid."""

    NAME: ClassVar = "senior_proof"
    months: Months


class TrainingTerm(TermOfLaw, frozen=True):
    """How training counts: by which subjects, at the edge of a period, reported twice, and in which minutes.

    Of reports of the same training `once` counts the first and `each` all; `alike_once` counts the first also of those
    that only look the same.
    `minutes_of_class_hour` has what a class hour may be. With several, the unit is not converted, and an answer is open
    on which they disagree (R-07). `degrees` are the fields of study in which a degree counts as training.
    """

    NAME: ClassVar = "training"
    professional: tuple[TrainingSubject, ...] | Literal["every_subject"]
    at_the_edge: Literal["by_session", "by_day"]
    told_twice: Literal["once", "each", "alike_once"]
    minutes_of_class_hour: tuple[Minutes, ...]
    degrees: tuple[str, ...]

    @property
    def professional_subjects(self) -> frozenset[TrainingSubject] | None:
        """The subjects by which training counts; None if it counts by any."""
        return None if self.professional == "every_subject" else subjects_of(self.professional)


@cache
def factors_of(minutes_of_class_hour: tuple[int, ...], unit: TrainingUnit) -> tuple[Fraction, ...]:
    """Return what one of the other unit may be worth in `unit`, of hours and class hours."""
    if unit == "class_hour":
        return tuple(Fraction(MINUTES_OF_HOUR, minutes) for minutes in minutes_of_class_hour)
    return tuple(Fraction(minutes, MINUTES_OF_HOUR) for minutes in minutes_of_class_hour)


subjects_of = cache(frozenset[TrainingSubject])
"""The subjects of a term, as a set."""
TERMS: Mapping[str, type[TermOfLaw]] = {
    term.NAME: term
    for term in (
        Calendar,
        CertificateTerm,
        RegistrationTerm,
        FirstRegistration,
        Renewal,
        ExamTerm,
        FirstExam,
        SeniorProofTerm,
        TrainingTerm,
    )
}

T = TypeVar("T", bound=TermOfLaw)


class UndefinedTermError(UnreadablePackError):
    """No text of the place defines a term that one of its rules needs."""


class Terms:
    """The terms that govern one rule, each read when it is first asked for."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms
        self._read: dict[type[TermOfLaw], TermOfLaw] = {}

    @property
    def used(self) -> list[Choices]:
        """The choices of readings in the terms that were asked for."""
        return [self._terms[kind.NAME].choices for kind in self._read]

    def read_all(self) -> None:
        """Read every term that this release knows. Raises UnreadablePackError."""
        for name in self._terms:
            if name in TERMS:
                self.of(TERMS[name])

    def known(self, kind: type[T]) -> T | None:
        """Return a term; None if no text of the place defines it. Raises UnreadablePackError."""
        return self.of(kind) if kind.NAME in self._terms else None

    def of(self, kind: type[T]) -> T:
        """Return a term. Raises UndefinedTermError, UnreadablePackError."""
        if kind not in self._read:
            if kind.NAME not in self._terms:
                raise UndefinedTermError(f"no text of the place defines the term {kind.NAME}")
            try:
                self._read[kind] = convert(self._terms[kind.NAME].parameters, kind)
            except ValidationError as error:
                raise UnreadablePackError(f"the term {kind.NAME}: {error}") from error
        return self._read[kind]  # type: ignore[return-value]  # Kept under its own type.
