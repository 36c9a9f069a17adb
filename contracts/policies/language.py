"""A policy pack: the rules of one place, or of the nation, as data.

A rule is one kind of answer, and logic made of small words. What the words and kinds mean, and which parameters they
take, stands with each of them in `services.core.rules`; here stands what surrounds them. Packs are decoded after the
choices of their readings are made (`choices`), so each struct is what the text says under one set of readings.

Within a version of the language nothing is removed, and no word changes its meaning. A parameter that is left out never
restricts, so no default can change either.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from contracts.events.facts import Evidence
from contracts.events.values import (
    END,
    CertificateLevel,
    Code,
    Day,
    DeterminationId,
    EmployerType,
    ExamLevel,
    Jurisdiction,
    MoneyUnit,
)
from contracts.policies.choices import NONE, Choices

People = Annotated[int, Meta(ge=1, le=100_000_000)]
PERIOD_PATTERN = f"^(19|20|21)[0-9]{{2}}{END}"
Period = Annotated[str, Meta(pattern=PERIOD_PATTERN)]
"""A calendar year inside the days of the ledger."""
LANGUAGE = 2
"""The version of the language. A pack that names none is written in the first."""
Tree: TypeAlias = Mapping[str, Any]
"""A kind, a word or a term with its parameters, as JSON values."""
SourceStatus = Literal["confirmed", "secondary", "memory"]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """What the clause says about a rule or one of its parts, and what the ledger reads into it.

    `key_terms` are words quoted from the source.
    """

    text: Text
    interpretation: Text | None = None
    key_terms: tuple[str, ...] = ()


class Term(Struct, frozen=True):
    """What a word of the law means: its parameters, and the choices of readings met in them."""

    parameters: Tree
    choices: Choices = NONE


class Rule(Struct, frozen=True):
    """What answers one determination: one kind with its parameters.

    `told` has the sentence of the rule under `rule`, and those of its parts under their names. `terms` govern this rule
    alone. `document` is its source, if it is not that of its edition. `readings` are those without a choice.
    """

    clause: str
    kind: str
    parameters: Tree
    told: Mapping[str, Told]
    further_clauses: tuple[str, ...] = ()
    document: str | None = None
    source_status: SourceStatus = "confirmed"
    readings: tuple[str, ...] = ()
    terms: Mapping[str, Term] = {}
    choices: Choices = NONE


class InForce(Struct, frozen=True):
    """The first and last day in force, both included; without a last day the end is open."""

    first_day: Day
    last_day: Day | None = None
    choices: Choices = NONE


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
    key_terms: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    unless_missing: str | None = None
    share: bool = False
    by: str | None = None
    without: tuple[str, ...] = ()
    target: People | None = None
    deadline: Day | None = None
    each_year: bool = False


INDICATOR_PATTERN = "^I-[0-9]{2}$"
IndicatorId = Annotated[str, Meta(pattern=INDICATOR_PATTERN)]


class Edition(Struct, frozen=True):
    """One document in force on certain days: what its words mean, its rules, and the figures that it asks for."""

    edition: str
    in_force: InForce
    clause: str
    document: str
    last_verified_on: Day
    terms: Mapping[str, Term] = {}
    rules: Mapping[DeterminationId, Rule] = {}
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


class Vocabulary(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes that the rules of this place and of those inside it use, with their words."""

    talents: Mapping[Code, Text] = {}


class Pack(Struct, frozen=True):
    """The rules of one place. Editions are listed latest first; several may be in force at once.

    Among those in force that have a determination, the one that began last answers, so an amendment can be an edition
    with a single rule.
    """

    jurisdiction: Jurisdiction
    name: Text
    editions: tuple[Edition, ...]
    vocabulary: Vocabulary = Vocabulary()
    examples: tuple[Example, ...] = ()


class LocalStandard(Struct, frozen=True):
    """A dated local measure, as recorded in the ledger (CD-26, E28).

    It is in effect through `effective_until`, or for ever if it has no such day. No measure that a ledger records has
    one yet: the event that ends a measure is still to come.
    """

    standard_id: str
    jurisdiction: str
    determination: str
    effective_from: Day
    tiers: Mapping[CertificateLevel, str]
    unit: MoneyUnit
    adds_employer_types: tuple[EmployerType, ...]
    evidence: Evidence
    effective_until: Day | None = None
