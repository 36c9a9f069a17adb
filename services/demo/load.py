"""Loads a demo into a ledger through the lanes, as clients would append it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import asyncpg

from contracts.events.codec import NewEvent, parse_event, timestamp
from contracts.events.values import NATION
from contracts.policies.shipped import shipped
from contracts.sentences import in_words
from services.demo.careers import Plan, careers, second_id
from services.demo.places import (
    MISTAKEN,
    MISTAKEN_FOUND_ON,
    Place,
    ends_of,
    mistaken_of,
    organizations_of,
    places_within,
    standards_of,
)
from services.demo.telling import Career
from services.ledger.append import Lanes, running_lanes
from services.ledger.domain.career import Answer, Append, as_recorded
from services.ledger.domain.organizations import organization_event
from services.ledger.domain.rejections import EventIdTaken
from services.ledger.domain.standards import ending, histories, standard_event, voiding
from services.ledger.store.ledgers import make_ledger
from services.ledger.turns import MAX_GROUP_EVENTS
from services.runtime.clock import Clock
from services.runtime.journal import ORGANIZATIONS_STREAM, RULES_STREAM, UnknownLedger
from services.runtime.ledgers import LedgerRow, ledger_named

TITLE = "Demo: careers that could have happened"
MAX_COMMAND_EVENTS = 100
GROUPS_IN_FLIGHT = 4  # One is being written, one decided, and the others prepared.

Progress = Callable[[int, int], None]
"""Called with how many more practitioners and events are recorded."""
_Group: TypeAlias = Sequence[Append]


class OtherDemo(Exception):
    """The ledger holds other events under the ids of this demo. The message says what to do."""


@dataclass(frozen=True, slots=True)
class DemoSpec:
    """The demo to load, and the ledger. A ledger that does not exist is created for the whole country."""

    ledger: str
    practitioners: int
    years: int
    seed: int
    until: date


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The outcome. `appended` of the `events` were not recorded before; `standards` and `organizations` are the events
    about these.

    `showcase` is a practitioner worth looking at; None if nobody has events yet.
    """

    ledger: str
    jurisdiction: str
    practitioners: int
    events: int
    appended: int
    standards: int
    organizations: int
    seconds: float
    showcase: str | None

    @property
    def recorded(self) -> int:
        """How many events the ledger holds of the demo."""
        return self.events + self.standards + self.organizations


async def load(pool: asyncpg.Pool, clock: Clock, origin: str, spec: DemoSpec, progress: Progress) -> LoadReport:
    """Create the ledger if there is none, and append what it lacks of the demo. An existing ledger keeps its place.

    Raises OtherDemo or a database error. What is appended by then stays; calling it again continues from there.
    """
    began, since = time.perf_counter(), timestamp(clock())
    row = await _ledger(pool, clock, origin, spec.ledger)
    places = places_within(row.jurisdiction, row.founding_packs)
    standards = _standards(row, places)
    organizations = [organization_event(row.jurisdiction, body) for body in organizations_of(places)]
    plan = Plan(spec.seed, spec.until, spec.years, places)
    tally = _Tally(since)
    async with running_lanes(pool, clock) as lanes:
        await _register(lanes, row.ledger, RULES_STREAM, standards)
        await _register(lanes, row.ledger, ORGANIZATIONS_STREAM, organizations)
        await _append_all(lanes, row.ledger, _groups(careers(plan, spec.practitioners)), tally, progress)
        # After all others: a link must lead to an id with events.
        if second := list(_commands(second_id(plan))):
            tally.add(_answers(row.ledger, await lanes.append_group(row.ledger, second)), practitioners=0)
    return LoadReport(
        ledger=row.ledger,
        jurisdiction=row.jurisdiction,
        practitioners=tally.practitioners,
        events=tally.events,
        appended=tally.appended,
        standards=len(standards),
        organizations=len(organizations),
        seconds=time.perf_counter() - began,
        showcase=next((career.practitioner_id for career in careers(plan, spec.practitioners)), None),
    )


class _Tally:
    """Counts receipts. An event recorded since the load began is new, an older one was known."""

    def __init__(self, since: str) -> None:
        self.practitioners = 0
        self.events = 0
        self.appended = 0
        self._since = since

    def add(self, answers: Sequence[Answer], practitioners: int) -> int:
        """Count the answers about some practitioners. Returns how many events they hold."""
        events = sum(len(answer.events) for answer in answers)
        self.practitioners += practitioners
        self.events += events
        for answer in answers:
            if not answer.replay:
                self.appended += sum(receipt.recorded_at >= self._since for receipt in answer.events)
        return events


async def _ledger(pool: asyncpg.Pool, clock: Clock, origin: str, name: str) -> LedgerRow:
    async with pool.acquire() as connection:
        try:
            return await ledger_named(connection, name)
        except UnknownLedger:
            packs = shipped().values()
            pinned = {pack.jurisdiction: pack.digest for pack in packs}
            await make_ledger(connection, LedgerRow(name, NATION, TITLE, origin, clock(), pinned), packs)
            return await ledger_named(connection, name)


def _standards(row: LedgerRow, places: Sequence[Place]) -> list[NewEvent]:
    """Return the events that register the demo's local standards, and then those that end or void some of them."""
    mistaken = mistaken_of(places)
    bodies = (*standards_of(places), *mistaken)
    registered = [standard_event(row.ledger, row.jurisdiction, body) for body in bodies]
    known = histories(as_recorded(event, position, position) for position, event in enumerate(registered, start=1))
    ends = [ending(row.ledger, known[standard_id], body) for standard_id, body in ends_of(places).items()]
    voids = [voiding(row.ledger, known[body["standard_id"]], MISTAKEN, MISTAKEN_FOUND_ON) for body in mistaken]
    return [*registered, *(event for event in (*ends, *voids) if isinstance(event, NewEvent))]


async def _register(lanes: Lanes, ledger: str, stream: str, events: Sequence[NewEvent]) -> None:
    """Append to a stream of the ledger's own."""
    commands = [
        Append(stream, events[first : first + MAX_COMMAND_EVENTS])
        for first in range(0, len(events), MAX_COMMAND_EVENTS)
    ]
    if commands:
        _answers(ledger, await lanes.append_group(ledger, commands))


async def _append_all(
    lanes: Lanes, ledger: str, groups: Iterable[_Group | None], tally: _Tally, progress: Progress
) -> None:
    """Append group after group while the next ones are prepared. The first failure stops everything and is raised."""
    prepared: asyncio.Queue[_Group | None] = asyncio.Queue(GROUPS_IN_FLIGHT)

    async def make() -> None:
        for group in groups:
            # Between two careers the lane gets its turn: it must never wait for this task before it sends what it has
            # decided.
            await (asyncio.sleep(0) if group is None else prepared.put(group))
        for _ in range(GROUPS_IN_FLIGHT):
            await prepared.put(None)

    async def append() -> None:
        while group := await prepared.get():
            answers = _answers(ledger, await lanes.append_group(ledger, group))
            practitioners = len({command.practitioner_id for command in group})
            progress(practitioners, tally.add(answers, practitioners))

    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(make())
            for _ in range(GROUPS_IN_FLIGHT):
                tasks.create_task(append())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


def _answers(ledger: str, outcomes: Sequence[Answer | Exception]) -> list[Answer]:
    """Return the outcomes as answers. Raises the first that is an exception."""
    answers = []
    for outcome in outcomes:
        if isinstance(outcome, EventIdTaken):
            raise OtherDemo(
                f"{ledger} holds another event under an id of this demo, recorded {in_words(outcome.how, 'en')}: "
                f"it was loaded by another release or in another place. Name a new ledger by --ledger"
            ) from outcome
        if isinstance(outcome, Exception):
            raise outcome
        answers.append(outcome)
    return answers


def _groups(lives: Iterable[Career]) -> Iterator[_Group | None]:
    """Yield the careers as commands, in groups of the size that a lane takes at once; None after each career.

    Those with a correction or void are grouped together: one makes the lane decide its whole group under the head's
    lock.
    """
    plain: list[Append] = []
    revised: list[Append] = []
    for career in lives:
        commands = list(_commands(career))
        group = revised if any(command.targets for command in commands) else plain
        if group and _events(group) + _events(commands) > MAX_GROUP_EVENTS:
            yield group.copy()
            group.clear()
        group.extend(commands)
        yield None
    yield from (group for group in (plain, revised) if group)


def _commands(career: Career) -> Iterator[Append]:
    for first in range(0, len(career.events), MAX_COMMAND_EVENTS):
        events = career.events[first : first + MAX_COMMAND_EVENTS]
        yield Append(career.practitioner_id, [parse_event(event) for event in events])


def _events(commands: Iterable[Append]) -> int:
    return sum(len(command.events) for command in commands)
