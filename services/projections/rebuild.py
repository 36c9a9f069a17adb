"""Rebuild: every row made anew from event 1, beside the live ones, compared with them, and put in their place.

Appends, reads and the worker go on meanwhile. The new generation takes the same steps as the live one, so it may be
behind at the switch: the worker goes on from its cursor.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct, structs

from services.projections.project import Desk, advance
from services.projections.rulebook import rulebook_at
from services.projections.store import generations, standings
from services.projections.store.generations import Generation
from services.projections.store.standings import Counts, Difference
from services.runtime import journal
from services.runtime.clock import Clock, china_day
from services.runtime.journal import Connection
from services.runtime.ledgers import LedgerRow, ledger_named

PAGE_EVENTS = 5_000
SAMPLES = 10
REBUILD_LOCK_CLASS = 0x7265_6275  # "rebu"
TRY_LOCK = "SELECT pg_try_advisory_lock($1, hashtext($2))"
UNLOCK = "SELECT pg_advisory_unlock($1, hashtext($2))"

Tell = Callable[[int, int], None]
"""Told after each page: positions done, and how many there are."""


class RebuildRunning(Exception):
    """Another rebuild of this ledger runs."""


class NothingToGoBackTo(Exception):
    """The ledger has no previous generation."""


class Report(Struct, frozen=True):
    """What a rebuild found. `compared` people of `people` were, since nothing of theirs was under way."""

    ledger: str
    generation: int
    replaces: int | None
    position: int
    people: int
    compared: int
    waiting: int
    parked: int
    differences: int
    causes: dict[str, int]
    samples: list[dict[str, Any]]
    switched: bool


async def rebuild(
    connection: Connection, ledger: str, clock: Clock, made_by: str, *, verify: bool, tell: Tell
) -> Report:
    """Build a new generation from event 1, compare it with the live one, and make it live.

    With `verify` nothing is switched and the new generation is removed. Raises UnknownLedger, RebuildRunning.
    """
    if not await connection.fetchval(TRY_LOCK, REBUILD_LOCK_CLASS, ledger):
        raise RebuildRunning(ledger)
    try:
        row = await ledger_named(connection, ledger)
        await _drop_all(connection, ledger, "building")
        now = clock()
        desk = Desk()
        built = await generations.make(connection, ledger, "building", made_by, now)
        built = await _build(connection, desk, row, built, clock, tell)
        built = await _catch_up(connection, desk, built, clock, tell)
        live = await generations.live(connection, ledger)
        report = await _compared(connection, built, live, china_day(clock()))
        if verify:
            await generations.drop(connection, ledger, built.generation)
            return report
        await _drop_all(connection, ledger, "previous")
        await generations.switch(connection, ledger, built.generation)
        return structs.replace(report, switched=True)
    finally:
        await connection.execute(UNLOCK, REBUILD_LOCK_CLASS, ledger)


async def go_back(connection: Connection, ledger: str) -> int:
    """Make the previous generation live again, and return its number; the worker brings it up to date.

    Raises NothingToGoBackTo.
    """
    previous = await generations.numbers(connection, ledger, "previous")
    if not previous:
        raise NothingToGoBackTo(ledger)
    await generations.switch(connection, ledger, previous[-1])
    return previous[-1]


async def _build(
    connection: Connection, desk: Desk, row: LedgerRow, generation: Generation, clock: Clock, tell: Tell
) -> Generation:
    """Take everything up to the head into an empty generation, person by person."""
    head = (await journal.head(connection, row.ledger)).position
    book = await rulebook_at(connection, row, head)
    person, done = "", 0
    while streams := await journal.stored_streams_after(connection, row.ledger, person, up_to=head, limit=PAGE_EVENTS):
        now = clock()
        judged = await desk.judge(connection, book, streams, china_day(now))
        async with connection.transaction():
            await standings.copy(connection, generation, judged.rows)
            await generations.park(connection, generation, judged.parked, now)
        person = streams[-1].practitioner_id
        done += sum(len(stream.events) for stream in streams)
        tell(done, head)
    if not await generations.advance(connection, generation, head, book.position):
        raise RuntimeError(f"generation {generation.generation} of {row.ledger} was moved by somebody else")
    return structs.replace(generation, position=head, rules_position=book.position)


async def _catch_up(connection: Connection, desk: Desk, generation: Generation, clock: Clock, tell: Tell) -> Generation:
    """Take in what was appended while the generation was built. What is appended meanwhile again is left to the worker:
    whoever writes without a pause could not be caught up with."""
    head = (await journal.head(connection, generation.ledger)).position
    while generation.position < head:
        now = clock()
        next_ = await advance(connection, desk, generation, now, china_day(now))
        if next_ is None:
            raise RuntimeError(f"{generation.ledger} has no event behind {generation.position}, and its head is {head}")
        generation = next_
        tell(generation.position, head)
    return generation


async def _compared(connection: Connection, built: Generation, live: Generation | None, today: date) -> Report:
    parked = len(await generations.parked(connection, built))
    if live is None:
        rows = await standings.number_of_rows(connection, built)
        counts, found = Counts(rows, rows, 0, {}), list[Difference]()
    else:
        counts, found = await standings.compare(
            connection, built.ledger, live.generation, built.generation, today, SAMPLES
        )
    return Report(
        ledger=built.ledger,
        generation=built.generation,
        replaces=None if live is None else live.generation,
        position=built.position,
        people=counts.people,
        compared=counts.people - counts.waiting,
        waiting=counts.waiting,
        parked=parked,
        differences=counts.differing,
        causes=counts.causes,
        samples=[_sample(one) for one in found],
        switched=False,
    )


def _sample(difference: Difference) -> dict[str, Any]:
    """Return a difference with those determinations alone that differ."""
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


async def _drop_all(connection: Connection, ledger: str, state: str) -> None:
    for generation in await generations.numbers(connection, ledger, state):
        await generations.drop(connection, ledger, generation)
