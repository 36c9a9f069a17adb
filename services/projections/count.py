"""Counting a ledger's people for an indicator, from the stored rows or from the events.

Both give the same figures. Rows serve today at the newest position; events serve every day and every state of
knowledge.
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from contracts.document import plain
from contracts.events.revisions import resolve
from services.core.calendar import AskedDay
from services.core.facts.organizations import organizations_of
from services.core.questions.count import (
    Classification,
    DatedIndicator,
    classify,
    classify_unreadable,
    indicators_of,
)
from services.core.questions.count_organizations import OrganizationCount, Working, working_on
from services.core.questions.judge import Unreadable, answer_each, ask_one
from services.core.questions.known import Knowledge, UndatedQuestion
from services.core.rules.engine import ENGINE
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Determination
from services.projections.ask import COST_OF_ONE
from services.projections.rulebook import PolicyBooks, check_readable
from services.projections.store import cohorts, generations, standings
from services.projections.store.cohorts import Cohort
from services.runtime import journal
from services.runtime.computing import Computing
from services.runtime.database import transaction
from services.runtime.journal import ORGANIZATIONS_STREAM, Connection
from services.runtime.refusals import Refusal
from services.runtime.stored_events import StoredPerson, StoredStream

PAGE_PEOPLE = 1_000
PAGE_EVENTS = 5_000
"""A page of some hundred careers is judged at once."""
DESCRIBED = ("clause", "name", "text", "interpretation", "determination", "target", "lower_bound", "organizations")
"""The members of an indicator that describe it."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class UnknownIndicator(Refusal):
    """None of the ledger's packs has an indicator of this id."""

    ledger: str
    indicator: str


class Person(Struct, frozen=True):
    """How one person counts. `reason` is that of the answer; the place is None if the person cannot be judged."""

    practitioner_id: str
    jurisdiction: str | None
    kind: Classification
    reason: str | None = None


class Count(Struct, frozen=True):
    """An indicator of one ledger, as known at one position."""

    dated: DatedIndicator
    ledger: str
    rulebook: Rulebook
    position: int

    @property
    def jurisdiction(self) -> str:
        """The place whose people are counted."""
        return self.dated.pinned.pack.jurisdiction


async def known_indicators(
    connection: Connection, books: PolicyBooks, ledger: str, position: int, as_of: date
) -> list[Count]:
    """Return the indicators of a ledger, in order of id. Raises UnknownLedger, UnreadablePack."""
    known = await books.known(connection, ledger, position)
    rulebook = await books.rulebook(connection, known)
    check_readable(rulebook, known.digests)  # An unreadable pack may have any of them.
    indicators = indicators_of((rulebook.packs[place] for place in sorted(rulebook.packs)), as_of)
    return [Count(dated, ledger, rulebook, position) for dated in sorted(indicators, key=lambda dated: dated.id)]


async def known_indicator(
    connection: Connection, books: PolicyBooks, ledger: str, position: int, as_of: date, id_: str
) -> Count:
    """Return one indicator of a ledger. Raises UnknownLedger, UnknownIndicator, UnreadablePack."""
    counts = await known_indicators(connection, books, ledger, position, as_of)
    wanted = next((count for count in counts if count.dated.id == id_), None)
    if wanted is None:
        raise UnknownIndicator(ledger, id_[:100])
    return wanted


async def count_from_rows(connection: Connection, count: Count, today: date) -> Counter[Classification] | None:
    """Count people by their rows; None if the rows are not of that day and position, or cannot say who counts: each
    has the answers of the person's own place alone."""
    determination = count.dated.indicator.determination
    if count.dated.decided_on != today or determination is None or count.dated.looks_back:
        return None
    async with transaction(connection, isolation="repeatable_read", readonly=True):
        generation = await generations.live(connection, count.ledger)
        if (
            generation is None
            or generation.position != count.position
            or await standings.due(connection, generation, today, limit=1)
            or await generations.parked(connection, generation)
        ):
            return None
        asked = [
            Cohort(name, jurisdiction=count.jurisdiction) for name in (determination, *count.dated.indicator.provided)
        ]
        kinds: Counter[Classification] = Counter()
        after = ""
        # Every row has every answer, so the pages of all determinations have the same people.
        while (pages := [await cohorts.members(connection, generation, each, after, PAGE_PEOPLE) for each in asked])[0]:
            kinds.update(_kinds_of(count, *pages))
            after = pages[0][-1].practitioner_id
        return kinds


async def count_from_events(pool: asyncpg.Pool, count: Count, computing: Computing) -> Counter[Classification]:
    """Count people by their events."""
    kinds: Counter[Classification] = Counter()
    async for page in people_from_events(pool, count, computing):
        kinds.update(person.kind for person in page)
    return kinds


async def people_from_events(pool: asyncpg.Pool, count: Count, computing: Computing) -> AsyncIterator[Sequence[Person]]:
    """Yield everyone whose place lies in the indicator's, or whom its rule concerns, page by page in order of id.

    The position fixes what is read, so pages need no common snapshot.
    """
    async for stored in _stored_people(pool, count):
        yield await computing.run(_cost_of(stored), _people, count, stored)


async def count_in_organizations(pool: asyncpg.Pool, count: Count, computing: Computing) -> OrganizationCount:
    """Count in the organizations of the place, by everybody's events: whoever works there, wherever their own place
    is."""
    async with pool.acquire() as connection:
        stored = await journal.stored_streams(connection, count.ledger, (ORGANIZATIONS_STREAM,), up_to=count.position)
    counted = await computing.run(COST_OF_ONE * sum(each.version for each in stored), _nobody_yet, count, stored)
    async for people in _stored_people(pool, count):
        counted = await computing.run(_cost_of(people), _added, count, people, counted)
    return counted


def report(count: Count, told: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the figure `told` with everything that defines it."""
    dated, edition, indicator = count.dated, count.dated.edition, count.dated.indicator
    return {
        **describe(count),
        "ledger": count.ledger,
        "as_of": dated.as_of.isoformat(),
        "decided_on": dated.decided_on.isoformat(),
        "known_at_position": count.position,
        "projected": dated.as_of > today,
        "engine": ENGINE,
        "final": dated.final,
        "figure": told,
        "readings": sorted({*edition.in_force.choices, *indicator.readings}),
        "policy": {
            "jurisdiction": count.jurisdiction,
            "edition": edition.edition,
            "digest": dated.pinned.digest,
            "document": edition.document,
            "last_verified_on": edition.last_verified_on.isoformat(),
        },
    }


def describe(count: Count) -> dict[str, Any]:
    """Return the description of an indicator, without its figure."""
    indicator = count.dated.indicator
    members = msgspec.to_builtins(indicator) | {"lower_bound": count.dated.lower_bound}
    return {
        "indicator": count.dated.id,
        "jurisdiction": count.jurisdiction,
        **{name: members[name] for name in DESCRIBED},
        "deadline": plain(count.dated.deadline),
    }


def _kinds_of(count: Count, *pages: Sequence[cohorts.Member]) -> list[Classification]:
    kinds: list[Classification] = []
    for members in zip(*pages, strict=True):
        result, *provided = (msgspec.json.decode(member.result) for member in members)
        kinds.append(classify(count.dated.indicator, members[0].status, result, provided))
    return kinds


def _people(count: Count, people: Sequence[StoredPerson]) -> list[Person]:
    """Return how people count by the rules of their own place, without those outside the indicator's place.

    A rule that looks back on a window concerns some whose place is elsewhere by now; they count by its own place's.
    """
    dated = count.dated
    if (determination := dated.indicator.determination) is None:
        raise TypeError(dated.id)
    names = (determination, *dated.indicator.provided)
    answers = answer_each(people, count.rulebook, names, dated.decided_on, count.jurisdiction, dated.looks_back)
    return [_person(count, person, each) for person, each in zip(people, answers, strict=True) if each is not None]


def _person(count: Count, person: StoredPerson, answers: Sequence[Determination] | Unreadable) -> Person:
    if isinstance(answers, Unreadable):
        _log.error("cannot judge %s at position %s: %s", person.practitioner_id, person.position, answers.error)
        return Person(person.practitioner_id, None, classify_unreadable())
    node, *others = (answer.node for answer in answers)
    kind = classify(count.dated.indicator, node.status, plain(node.result), [plain(other.result) for other in others])
    return Person(person.practitioner_id, answers[0].jurisdiction, kind, node.reason)


async def _stored_people(pool: asyncpg.Pool, count: Count) -> AsyncIterator[Sequence[StoredPerson]]:
    """Yield everybody's events up to the position, page by page in order of id."""
    last = ""
    while True:
        async with pool.acquire() as connection:
            page = await journal.people_after(connection, count.ledger, last, up_to=count.position, limit=PAGE_EVENTS)
        if page is None:
            return
        yield page.people
        last = page.last


def _cost_of(people: Iterable[StoredPerson]) -> int:
    return COST_OF_ONE * sum(person.version for person in people)


def _nobody_yet(count: Count, stored: Iterable[StoredStream]) -> OrganizationCount:
    """Return the organizations of a day, in which nobody is counted yet. Raises DamagedEvent."""
    recorded = [event for stream in stored for event in stream.recorded()]
    return OrganizationCount(count.dated, organizations_of(resolve(recorded), count.dated.decided_on))


def _added(count: Count, people: Sequence[StoredPerson], counted: OrganizationCount) -> OrganizationCount:
    for person in people:
        working = ask_one(person, count.rulebook, partial(_working, count, person.practitioner_id))
        if isinstance(working, Unreadable):
            _log.error("cannot judge %s at position %s: %s", person.practitioner_id, person.position, working.error)
            counted.unreadable += 1
        else:
            counted.add(working)
    return counted


def _working(count: Count, practitioner_id: str, known: Knowledge) -> list[Working]:
    """Return where a person works, and whether the answer about the person counts, if the indicator asks for one."""
    indicator, day = count.dated.indicator, count.dated.decided_on
    counts: bool | None = True
    if indicator.determination is not None:
        node = known.answer(UndatedQuestion(indicator.determination), day).node
        kind = classify(indicator, node.status, plain(node.result)).counted_as
        counts = None if kind == "open" else kind == "counted"
    return list(working_on(practitioner_id, known.facts, AskedDay(day), counts))
