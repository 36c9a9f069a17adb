"""A policy pack in language 1: the rules of one jurisdiction as data.

It never changes: the digests of packs that ledgers have pinned in it are taken of these shapes. What they say is read
in the newest language (`upcast`).

In every shape, `text` is what the clause says, and `interpretation` what the ledger reads into it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from contracts.events.values import (
    AMOUNT_PATTERN,
    END,
    CertificateLevel,
    Day,
    EducationField,
    EmployerType,
    ExamLevel,
    ExamSubject,
    Jurisdiction,
    Role,
    SupervisorRank,
    TrainingUnit,
)
from contracts.policies.readings import Choice

Talent = Literal["national_leading", "sichuan_high_end", "yi_leading", "high_level", "government_special_allowance"]
Hours = Annotated[str, Meta(pattern=AMOUNT_PATTERN)]
Months = Annotated[int, Meta(ge=1, le=1_200)]
Years = Annotated[int, Meta(ge=1, le=100)]
ExamYears = Annotated[int, Meta(ge=1, le=10)]
DeterminationId = Literal[
    "certificate",
    "qualification",
    "registration",
    "title",
    "exam.complete",
    "certificate.senior_route",
    "grade",
    "talent",
    "talent.quality",
    "continuing_education.annual",
    "continuing_education.plan_period",
    "continuing_education.registration_term",
    "allowance",
    "benefit.child_education",
    "benefit.settlement",
    "benefit.apartment",
    "reward.new_talent",
    "reward.exam",
    "supervisor",
    "technical_staff",
    "professional_years",
]
Records = Annotated[int, Meta(ge=1, le=100)]
"""A number of service records."""
People = Annotated[int, Meta(ge=1, le=100_000_000)]
PostLevel = Annotated[int, Meta(ge=1, le=13)]
"""As in promotion.granted."""
Period = Annotated[str, Meta(pattern=f"^(19|20|21)[0-9]{{2}}{END}")]
"""A calendar year inside the days of the ledger."""
LANGUAGE = 1
"""The version of the language. A pack that names none is written in the first."""
DESCRIPTIVE = Meta(extra={"descriptive": True})
"""Marks a member that judges nothing and only describes what does. Like a `Text`, it is not covered by the digest."""
KeyTerms = Annotated[tuple[str, ...], DESCRIPTIVE]
"""Words quoted from the source."""
GroundName = Annotated[str, Meta(pattern=f"^[a-z][a-z_]*(:[a-z_]+)?{END}")]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    zh: str
    en: str


# Conditions: one question about one person on one day.


class Employed(Struct, frozen=True, forbid_unknown_fields=True):
    """Has an employment that fits inside the pack's jurisdiction, or with `anywhere` in any place.

    `synonyms` are roles that R-17's alternative adds.
    """

    roles: tuple[Role, ...] | None = None
    synonyms: tuple[Role, ...] = ()
    employer_types: tuple[EmployerType, ...] | None = None
    direct_service: bool | None = None
    widened_by_standards: bool = False
    anywhere: bool = False


class HoldsCertificate(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds a certificate of one of `levels`, of national scope only or of any.

    With `recognized_for_review`, a person must judge whoever holds only a qualification recognized here (FJ-11).
    """

    levels: tuple[CertificateLevel, ...]
    national_only: bool
    recognized_for_review: bool = False


class HoldsDegree(Struct, frozen=True, forbid_unknown_fields=True):
    """Was awarded a degree or diploma in one of `fields`.

    If the list in the text is open (等), a person must look at a degree in any other field.
    """

    fields: tuple[EducationField, ...]
    open_list: bool


class ExamReward(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds a national certificate of one of `levels`, lowest first, and a local standard rewards its level.

    If no such standard is known, a person must look: the text leaves the reward to local measures.
    """

    levels: tuple[CertificateLevel, ...]


class Registered(Struct, frozen=True, forbid_unknown_fields=True):
    """Has a registration in force."""


class Served(Struct, frozen=True, forbid_unknown_fields=True):
    """Has at least `at_least` verified service records within the last `within_months` (R-16)."""

    within_months: Months
    at_least: Records


class Attested(Struct, frozen=True, forbid_unknown_fields=True):
    """An assessment covering the day attests the professional role; without one, a person must look (R-15)."""


class DesignatedTalent(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds one of the talent titles; with `while_in_force`, conferred while the edition was in force (R-23).

    Titles that are not `listed` may be covered by a 等 (and others) in the text: a person must look at their holders.
    """

    talents: tuple[Talent, ...]
    while_in_force: bool = False
    listed: bool = True


class DesignatedSupervisor(Struct, frozen=True, forbid_unknown_fields=True):
    """Is designated a supervisor of one of the ranks."""

    ranks: tuple[SupervisorRank, ...]


class DecidedElsewhere(Struct, frozen=True, forbid_unknown_fields=True):
    """The text leaves the conditions to another document: a person must look."""


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one operator, with its sentence. Without a clause of its own it has that of its rule."""

    text: Text
    interpretation: Text | None = None
    clause: str | None = None
    employed: Employed | None = None
    certificate: HoldsCertificate | None = None
    degree: HoldsDegree | None = None
    exam_reward: ExamReward | None = None
    registered: Registered | None = None
    served: Served | None = None
    attested: Attested | None = None
    talent: DesignatedTalent | None = None
    supervisor: DesignatedSupervisor | None = None
    decided_elsewhere: DecidedElsewhere | None = None


# Rules: one form for each kind of answer.


class HighestCertificate(Struct, frozen=True, forbid_unknown_fields=True):
    """The highest certificate held, of `levels`."""

    levels: tuple[CertificateLevel, ...] = ("basic", "junior", "intermediate", "senior")
    national_only: bool = False


class RegistrationTerm(Struct, frozen=True, forbid_unknown_fields=True):
    """The registration; without a printed last day it is valid for `months` (R-12)."""

    months: Months


class RecognizedQualification(Struct, frozen=True, forbid_unknown_fields=True):
    """The highest qualification recognized in the place asked about."""


class ExamSubjects(Struct, frozen=True, forbid_unknown_fields=True):
    """All `subjects` within `years` consecutive exam years."""

    subjects: tuple[ExamSubject, ...]
    years: ExamYears


class ExamComplete(Struct, frozen=True, forbid_unknown_fields=True):
    """The examination by level (N-02, N-03)."""

    levels: Mapping[ExamLevel, ExamSubjects]


class SeniorRoute(Struct, frozen=True, forbid_unknown_fields=True):
    """Proof and review for the senior certificate (N-05)."""


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """Post levels, and the lowest certificate that they need."""

    band: Literal["junior", "intermediate", "senior"]
    post_levels: tuple[PostLevel, ...]


class Ladder(Struct, frozen=True, forbid_unknown_fields=True):
    """Posts by band. Outside `binding_employer_types`, if given, the grade is for reference only (R-18)."""

    bands: tuple[Band, ...]
    binding_employer_types: tuple[EmployerType, ...] | None = None


class HoursWindow(Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one kind of window."""

    calendar_year: bool = False
    rolling_years: Years | None = None
    from_day: Day | None = None
    until_day: Day | None = None
    registration_term: bool = False


class CountedHours(Struct, frozen=True, forbid_unknown_fields=True):
    """Training hours required in a window: `required`, or `required_by_level` if they depend on the certificate."""

    window: HoursWindow
    unit: TrainingUnit
    required: Hours | None = None
    required_by_level: Mapping[CertificateLevel, Hours] | None = None
    applies_to: Condition | None = None
    first_degree_hours: Hours | None = None


class HoursRoute(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours as one of the routes, with the clause and sentence of that route."""

    clause: str
    text: Text
    hours: CountedHours
    interpretation: Text | None = None


class TalentRoutes(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether somebody counts as talent: quality by the first route that holds, and work by any one of `engaged`.

    Without `engagement_required` quality alone is enough. With `open_test` the text names no test of quality that could
    be failed, so a person must look at those for whom no route holds (CX-01).
    """

    engagement_required: bool
    engaged: Mapping[GroundName, Condition]
    certificate: Condition | None = None
    degree: Condition | None = None
    hours: HoursRoute | None = None
    open_test: bool = False


class TitleByCertificate(Struct, frozen=True, forbid_unknown_fields=True):
    """The title that the highest national certificate gives; `deemed` if the text only deems it held."""

    titles: Mapping[CertificateLevel, Literal["junior", "intermediate", "senior"]]
    deemed: bool


class Undefined(Struct, frozen=True, forbid_unknown_fields=True):
    """The clause mentions the matter but gives no rule: a scale still to be drawn up, hours without a figure."""


AllowanceCondition = Literal["role", "certificate", "registration", "service_record", "professional_role"]
"""In the order in which answers list them. A stored pack has its keys sorted, so it cannot give that order."""


class Allowance(Struct, frozen=True, forbid_unknown_fields=True):
    """All `conditions` must hold; the tier is the highest level that the certificate condition accepts."""

    conditions: Mapping[AllowanceCondition, Condition]


class Entitlement(Struct, frozen=True, forbid_unknown_fields=True):
    """Any one of the named grounds is enough."""

    any_of: Mapping[GroundName, Condition]


class SupervisorRankHeld(Struct, frozen=True, forbid_unknown_fields=True):
    """The highest designated supervisor rank."""


class ProfessionalYears(Struct, frozen=True, forbid_unknown_fields=True):
    """Time in employments with direct service, counted once where they overlap (N-06)."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What answers one determination: exactly one form, with its clause, further clauses, and its sentence.

    `document` is its source, if it is not the document of its edition.
    """

    clause: str
    text: Text
    interpretation: Text | None = None
    document: str | None = None
    further_clauses: tuple[str, ...] = ()
    key_terms: KeyTerms = ()
    readings: tuple[str, ...] = ()
    source_status: Literal["confirmed", "secondary", "memory"] = "confirmed"
    highest_certificate: HighestCertificate | None = None
    registration: RegistrationTerm | None = None
    qualification: RecognizedQualification | None = None
    exam: ExamComplete | None = None
    senior_route: SeniorRoute | None = None
    ladder: Ladder | None = None
    hours: CountedHours | None = None
    allowance: Allowance | None = None
    entitlement: Entitlement | None = None
    supervisor_rank: SupervisorRankHeld | None = None
    professional_years: ProfessionalYears | None = None
    talent: TalentRoutes | None = None
    title: TitleByCertificate | None = None
    undefined: Undefined | None = None


class OtherDays(Struct, frozen=True, forbid_unknown_fields=True):
    """The days in force under an alternative reading."""

    reading: str
    choice: Choice
    first_day: Day | None = None
    last_day: Day | None = None


class InForce(Struct, frozen=True, forbid_unknown_fields=True):
    """The first and last day in force; without a last day the end is open."""

    first_day: Day
    last_day: Day | None = None
    alternatives: tuple[OtherDays, ...] = ()


class Indicator(Struct, frozen=True, forbid_unknown_fields=True):
    """The number of people of the place to whom a determination gives one of the statuses `counted`.

    About those with a status in `open` a person must decide first. People who lack the condition `unless_missing` of
    an allowance are left out, as are all to whom the rule does not apply; with `share` the figure is also given as a
    share of all others. The counted are divided `by` a field of the result; a second figure leaves out those whose
    value in it is one of `without` (R-24). The `target` is a number of people, to be reached by the `deadline`, or by
    the last day of each year. After that day nobody else is counted.
    """

    clause: str
    name: Text
    text: Text
    determination: DeterminationId
    counted: tuple[str, ...]
    interpretation: Text | None = None
    key_terms: KeyTerms = ()
    readings: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    unless_missing: str | None = None
    share: bool = False
    by: str | None = None
    without: tuple[str, ...] = ()
    target: People | None = None
    deadline: Day | None = None
    each_year: bool = False


IndicatorId = Annotated[str, Meta(pattern="^I-[0-9]{2}$")]


class Edition(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in force on certain days, with its rules and the figures that it asks for."""

    edition: str
    in_force: InForce
    clause: str
    document: str
    last_verified_on: Annotated[Day, DESCRIPTIVE]
    determinations: Mapping[DeterminationId, Rule]
    readings: tuple[str, ...] = ()
    indicators: Mapping[IndicatorId, Indicator] = {}


class Example(Struct, frozen=True, forbid_unknown_fields=True):
    """A short history and the answers it must give; `make packs` plays it."""

    name: str
    as_of: Day
    given: tuple[Mapping[str, Any], ...]
    expect: Mapping[DeterminationId, str | Mapping[str, Any]]
    jurisdiction: Jurisdiction | None = None
    period: Period | None = None
    level: ExamLevel | None = None


class Pack(Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one place, or of the nation. Editions are listed latest first; several may be in force at once.

    Among those in force that have a determination, the one that began last answers, so an amendment can be an edition
    with a single rule.
    """

    jurisdiction: Jurisdiction
    name: Text
    editions: tuple[Edition, ...]
    examples: Annotated[tuple[Example, ...], DESCRIPTIVE] = ()
    language: Literal[1] = 1
