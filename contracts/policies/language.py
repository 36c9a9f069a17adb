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
    Role,
)
from contracts.policies.choices import NONE, Choices

ExamYear = Annotated[int, Meta(ge=1900, le=2199)]
People = Annotated[int, Meta(ge=1, le=100_000_000)]
PERIOD_PATTERN = f"^(19|20|21)[0-9]{{2}}(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?{END}"
Period = Annotated[str, Meta(pattern=PERIOD_PATTERN)]
"""A calendar year, or the first day of a registration term, inside the days of the ledger."""
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


class OfOrganizations(Struct, frozen=True, forbid_unknown_fields=True):
    """What a figure counts in the organizations of the place, and how many there must be.

    `counts` is the organizations themselves, their approved posts, the people who hold a social work post there (R-32),
    or the people employed there: in one of the `roles`, and to whom the indicator's determination gives a status that
    counts, each if given.

    `at_least` has the kinds of organization that are concerned, each with its number: for every hundred of what
    `per_hundred` names, if given, and then a remainder counts in full unless it is `rounded` down (R-28). Organizations
    without beds on record have none of which to be a hundred, and are left out; without approved posts on record they
    are open. The number is asked of each organization, or of all `on_average` (R-30), or of all `together`.
    """

    counts: Literal["organizations", "approved_posts", "posts_held", "people"]
    at_least: Mapping[EmployerType, People]
    reckoned: Literal["each", "on_average", "together"]
    per_hundred: Literal["approved_posts", "beds"] | None = None
    rounded: Literal["down"] | None = None
    roles: tuple[Role, ...] = ()


class Indicator(Struct, frozen=True, forbid_unknown_fields=True):
    """The number of people of the place to whom a determination gives one of the statuses `counted`.

    About those with a status in `open` a person must decide first. Of both, only those are meant whose result has one
    of the values that `having` gives for a field. People who lack the condition `unless_missing` of an allowance are
    left out, as are all to whom the rule does not apply; with `share` the figure is also given as a share of all
    others. Whoever lacks a condition that `provided` names, of another determination, is not counted, and about whom
    it is open, a person must decide first. The counted are divided `by` a field of the result; a second figure leaves
    out those whose value in it is one of `without` (R-24). The `target` is a number of people, to be reached by the
    `deadline`, or by the last day of each year. After that day nobody else is counted. With `lower_bound` those counted
    are a part of those whom the text means, so that the figure may reach its target and never misses it.

    With `organizations` the figure is counted in the organizations of the place.
    """

    clause: str
    name: Text
    text: Text
    determination: DeterminationId | None = None
    counted: tuple[str, ...] = ()
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
    having: Mapping[str, tuple[str, ...]] = {}
    provided: Mapping[DeterminationId, str] = {}
    lower_bound: bool = False
    organizations: OfOrganizations | None = None


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
    year: ExamYear | None = None


class Vocabulary(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes that the rules of this place and of those inside it use, with their words.

    Of the titles, `national_talents` are the nation's own: they count wherever they were conferred (R-36).
    """

    talents: Mapping[Code, Text] = {}
    national_talents: tuple[Code, ...] = ()


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """What every answer by a pack says besides: a text that is known but not on file, or a fact not confirmed."""

    clause: str
    text: Text


class Pack(Struct, frozen=True):
    """The rules of one place. Editions are listed latest first; several may be in force at once.

    Among those in force that have a determination, the one that began last answers, so an amendment can be an edition
    with a single rule.
    """

    jurisdiction: Jurisdiction
    name: Text
    editions: tuple[Edition, ...]
    vocabulary: Vocabulary = Vocabulary()
    notes: tuple[Note, ...] = ()
    examples: tuple[Example, ...] = ()


class LocalStandard(Struct, frozen=True):
    """A dated local measure, as recorded in the ledger (CD-26, E28).

    It is in effect through `effective_until`, which the event `ended_by` told, or for ever if it has no such day. One
    of a unit, not of the place as a whole, names its `organization` (R-27).
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
    ended_by: Evidence | None = None
    organization: str | None = None
