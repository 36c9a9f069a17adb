"""The parts of a page, in one language, and the marks that show a status. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Text
from services.core.rules.book import Provision
from services.core.rules.verdict import Status
from services.core.words.sentences import Lang

HOLDS, FAILS, OPEN, NEITHER = "holds", "fails", "open", "neither"
KIND_OF_STATUS: Mapping[Status, str] = {
    "met": HOLDS,
    "eligible": HOLDS,
    "conforming": HOLDS,
    "valid": HOLDS,
    "not_met": FAILS,
    "not_eligible": FAILS,
    "not_conforming": FAILS,
    "lapsed": FAILS,
    "pending": OPEN,
    "needs_review": OPEN,
    "none": NEITHER,
    "not_in_force": NEITHER,
    "not_applicable": NEITHER,
    "undefined_in_policy": NEITHER,
}
MARKS: Mapping[str, str] = {HOLDS: "✓", FAILS: "✗", OPEN: "?", NEITHER: "–"}
"""A status is shown by a word and a mark, never by colour alone."""


class FactLine(Struct, frozen=True):
    """A record as one sentence."""

    position: int
    day: str
    text: str


class Step(Struct, frozen=True):
    """A condition or a training: whether it holds or counts, in words, and the records that it rests on."""

    kind: str
    mark: str
    verdict: str
    text: str
    read_as: str
    clause: str
    positions: tuple[int, ...]


class Group(Struct, frozen=True):
    """A group of conditions; the heading says whether all are needed or any one is enough."""

    heading: str
    steps: tuple[Step, ...]


class Section(Struct, frozen=True):
    """One determination."""

    anchor: str
    title: str
    kind: str
    mark: str
    verdict: str
    reason: str
    rule: str
    read_as: str
    clauses: str
    source: str
    result: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    trainings: tuple[Step, ...]
    facts: tuple[FactLine, ...]
    changes: tuple[str, ...]
    until: str
    readings: tuple[tuple[str, str], ...]
    alternatives: tuple[str, ...]


class LinkedId(Struct, frozen=True):
    """Another id of the person, and where the records are that stand under it, as a relative reference."""

    practitioner_id: str
    records: str


class Timeline(Struct, frozen=True):
    """The years around the day as a picture and as a table. Both are HTML in which every text is escaped."""

    picture: str
    table: str
    places: tuple[tuple[Day, str], ...]
    """The places whose rules it is drawn by, each with its first day."""
    of_own_place: bool


class Page(Struct, frozen=True):
    """Everything that the templates show, in one language."""

    lang: Lang
    about: tuple[tuple[str, str], ...]
    linked: tuple[LinkedId, ...]
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    without_clause: tuple[Section, ...]
    """Questions that the place's text does not cover."""
    facts: tuple[FactLine, ...]
    also_recorded: tuple[FactLine, ...]
    """Facts known by the day that decide nothing, such as an authority's own decision on an allowance."""
    findings: tuple[str, ...]
    other_language: str
    timeline: Timeline | None = None


class About(Struct, frozen=True):
    """The person, the place, the day and the state of knowledge."""

    ledger: str
    practitioner_id: str
    linked: tuple[LinkedId, ...]
    """The other ids, linked to it as known (ADR 0027)."""
    jurisdiction: str
    place: Text
    as_of: Day
    known_at_position: int
    recorded_at: str
    projected: bool
    moves_on: Day | None
    """The first day in another place, if the page is about the person's own place and that is known to change."""
    moves_to: str
    applied: Mapping[str, Provision]
    """For each determination, the rule that answered, in its edition."""


def kind_of(status: Status) -> str:
    """Return whether a status holds, fails, is open, or is neither."""
    return KIND_OF_STATUS[status]
