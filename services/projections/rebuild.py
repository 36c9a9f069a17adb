"""Rebuild: make every row again from event 1 beside the live ones, compare them, and put the new ones in their place.

Appends, reads and the worker go on meanwhile; the worker waits only during the comparison. The new generation takes the
same steps as the live one, and the worker continues from its cursor.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct, structs
from uuid_utils import uuid7

from services.projections.project import RowJudge, advance, renew
from services.projections.rulebook import rulebook_at
from services.projections.store import generations, standings
from services.projections.store.generations import Generation
from services.projections.store.standings import Counts, Difference
from services.runtime import journal
from services.runtime.clock import Clock, china_day
from services.runtime.database import transaction
from services.runtime.integrity import Fault, find_faults
from services.runtime.journal import Connection
from services.runtime.leases import Lease, lease
from services.runtime.ledgers import LedgerRow, ledger_named

PAGE_EVENTS = 5_000
RENEWAL_PAGE_PEOPLE = 250
LIVE_DEADLINE_S = 10.0
POLL_INTERVAL_S = 0.05
SAMPLES = 10

Tell = Callable[[int, int], None]
"""Called after each page with the positions done and how many there are."""


class RebuildRunning(Exception):
    """Another rebuild of this ledger is running, or was killed a moment ago."""


class NothingToGoBackTo(Exception):
    """The ledger has no previous generation."""


class Report(Struct, frozen=True):
    """The result of a rebuild, and the engine that judged.

    `damaged` events are not as they were recorded. `compared` counts those of the `people` who were compared: not those
    with work under way (`waiting`), and nobody if `replaces` is None, because nothing was live.
    """

    ledger: str
    generation: int
    engine: int
    replaces: int | None
    position: int
    people: int
    compared: int
    waiting: int
    parked: int
    damaged: int
    differences: int
    causes: dict[str, int]
    samples: list[dict[str, Any]]
    faults: list[Fault]
    switched: bool

    @property
    def is_clean(self) -> bool:
        """Whether every live row was compared and is as the events make it."""
        return not self.damaged and not self.differences and not self.parked and self.compared == self.people


@asynccontextmanager
async def only_one(url: str, ledger: str) -> AsyncIterator[Lease]:
    """Yield the lease on making and switching generations of a ledger. Raises RebuildRunning if another process holds
    it."""
    async with lease(url, f"rebuild {ledger}", str(uuid7())) as held:
        if not await held.take():
            raise RebuildRunning(ledger)
        yield held


async def rebuild(
    connection: Connection, ledger: str, clock: Clock, made_by: str, *, verify: bool, tell: Tell
) -> Report:
    """Build a new generation from event 1, compare it with the live one, and make it live.

    The caller holds the lease of `only_one`. With `verify`, or if an event is damaged, nothing is switched and the new
    generation is removed. Raises UnknownLedger, GenerationGone.
    """
    row = await ledger_named(connection, ledger)
    await _drop_all(connection, ledger, "building", "dropping")
    row_judge = RowJudge()
    faults = await find_faults(connection, ledger, (await journal.head(connection, ledger)).position, tell)
    built = await generations.make(connection, ledger, "building", made_by, clock())
    built = await _build(connection, row_judge, row, built, clock, tell)
    if (live := await generations.live(connection, ledger)) is not None:
        built = await _catch_up(connection, row_judge, built, live.position, clock, tell)
    await _wait_for_the_live_one(connection, built, clock)
    async with transaction(connection):
        report = await _meet_and_compare(connection, row_judge, built, clock, tell)
        report = structs.replace(report, damaged=len(faults), faults=faults[:SAMPLES])
        if switches := not (verify or faults):
            await generations.switch(connection, ledger, built.generation)
        if report.is_clean:
            await generations.note_verified(connection, ledger, report.position)
    if not switches:
        await generations.drop(connection, ledger, built.generation)
        return report
    for old in (await generations.numbers(connection, ledger, "previous"))[:-1]:
        await generations.drop(connection, ledger, old)
    return structs.replace(report, switched=True)


async def go_back(connection: Connection, ledger: str) -> int:
    """Make the previous generation live again, and return its number; the worker brings it up to date.

    The caller holds the lease of `only_one`. Raises UnknownLedger, NothingToGoBackTo, GenerationGone.
    """
    await ledger_named(connection, ledger)
    previous = await generations.numbers(connection, ledger, "previous")
    if not previous:
        raise NothingToGoBackTo(ledger)
    await generations.switch(connection, ledger, previous[-1])
    return previous[-1]


async def _build(
    connection: Connection, row_judge: RowJudge, row: LedgerRow, generation: Generation, clock: Clock, tell: Tell
) -> Generation:
    """Take everything up to the head into an empty generation, person by person."""
    head = (await journal.head(connection, row.ledger)).position
    book = await rulebook_at(connection, row, head)
    last, done = "", 0
    while page := await journal.people_after(connection, row.ledger, last, up_to=head, limit=PAGE_EVENTS):
        now = clock()
        judged = await row_judge.judge(connection, book, page.people, china_day(now))
        async with transaction(connection):
            await standings.copy(connection, generation, judged.rows)
            await generations.park(connection, generation, judged.parked, now)
        last = page.last
        done += sum(person.version for person in page.people)
        tell(done, head)
    if not await generations.advance(connection, generation, head, book.position):
        raise RuntimeError(f"generation {generation.generation} of {row.ledger} was moved by another process")
    return structs.replace(generation, position=head, rules_position=book.position)


async def _catch_up(
    connection: Connection, row_judge: RowJudge, built: Generation, position: int, clock: Clock, tell: Tell
) -> Generation:
    """Bring the new generation to a position, and renew its due rows: a rule or midnight may have come meanwhile."""
    now = clock()
    while built.position < position:
        most = position - built.position
        advanced = await advance(connection, row_judge, built, now, china_day(now), most_events=most)
        if advanced is None:
            raise RuntimeError(f"{built.ledger} has no event behind {built.position}, and its rows are at {position}")
        built = advanced
        tell(built.position, position)
    while people := await standings.due(connection, built, china_day(now), RENEWAL_PAGE_PEOPLE):
        await renew(connection, row_judge, built, people, now, china_day(now))
    return built


async def _wait_for_the_live_one(connection: Connection, built: Generation, clock: Clock) -> None:
    """Wait a while until the live generation is not behind the new one and none of its rows is due; without a worker
    that may never be."""
    give_up_at = time.monotonic() + LIVE_DEADLINE_S
    while time.monotonic() < give_up_at:
        live = await generations.live(connection, built.ledger)
        if live is None:
            return
        if live.position >= built.position and not await standings.due(connection, live, china_day(clock()), 1):
            return
        await asyncio.sleep(POLL_INTERVAL_S)


async def _meet_and_compare(
    connection: Connection, row_judge: RowJudge, built: Generation, clock: Clock, tell: Tell
) -> Report:
    """Hold the live cursor, bring the new generation to it, and compare.

    The worker waits meanwhile; appends and reads do not. So everyone can be compared, however fast events arrive.
    """
    live = await generations.hold_live(connection, built.ledger)
    if live is not None:
        built = await _catch_up(connection, row_judge, built, live.position, clock, tell)
    return await _compare(connection, built, live, china_day(clock()))


async def _compare(connection: Connection, built: Generation, live: Generation | None, today: date) -> Report:
    parked = len(await generations.parked(connection, built))
    if live is None:
        rows = await standings.number_of_rows(connection, built)
        counts, differences, compared = Counts(rows, 0, 0, {}), list[Difference](), 0
    else:
        first, last = sorted((live.position, built.position))
        relinked = await journal.relinked(connection, built.ledger, after=first, up_to=last)
        counts, differences = await standings.compare(
            connection, built.ledger, live.generation, built.generation, today, SAMPLES, relinked=relinked
        )
        compared = counts.people - counts.waiting
    return Report(
        ledger=built.ledger,
        generation=built.generation,
        engine=built.engine,
        replaces=None if live is None else live.generation,
        position=built.position,
        people=counts.people,
        compared=compared,
        waiting=counts.waiting,
        parked=parked,
        damaged=0,
        differences=counts.differing,
        causes=counts.causes,
        samples=[_sample(difference) for difference in differences],
        faults=[],
        switched=False,
    )


def _sample(difference: Difference) -> dict[str, Any]:
    """Return a difference with only those determinations that differ."""
    live, rebuilt = (
        {} if side is None else msgspec.json.decode(side) for side in (difference.live, difference.rebuilt)
    )
    names = [name for name in {**live, **rebuilt} if live.get(name) != rebuilt.get(name)]
    return {
        "practitioner_id": difference.practitioner_id,
        "cause": difference.cause,
        "live": {name: live[name] for name in names if name in live},
        "rebuilt": {name: rebuilt[name] for name in names if name in rebuilt},
    }


async def _drop_all(connection: Connection, ledger: str, *states: str) -> None:
    """Remove what an interrupted rebuild left."""
    for state in states:
        for generation in await generations.numbers(connection, ledger, state):
            await generations.drop(connection, ledger, generation)
