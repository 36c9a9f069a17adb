"""One step of a generation: streams are read, folded, evaluated and written, and the cursor moves in the same
transaction. The worker, the renewal of due rows and a rebuild all take this step."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct, structs

from services.core.questions.judge import Unreadable, judge
from services.projections.rulebook import LedgerRules, PolicyBooks, rulebook_at
from services.projections.store import generations, standings
from services.projections.store.generations import Generation, Parked
from services.projections.store.standings import Row
from services.runtime import journal
from services.runtime.database import transaction
from services.runtime.journal import RULES_STREAM, Connection
from services.runtime.ledgers import ledger_named
from services.runtime.stored_events import StoredStream

BATCH_EVENTS = 20_000
BATCH_PEOPLE = 1_000
"""A batch ends at the first of these limits: its transaction is short, and a stream is read once for many events."""
LONGEST_ERROR_CHARACTERS = 500

_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another process moved the cursor or switched to another generation. Nothing was written; read it again."""


class Judged(Struct, frozen=True):
    """Rows of people, and the people who cannot be judged."""

    rows: list[Row]
    parked: list[Parked]


class RowJudge:
    """What judging needs besides the streams: packs, and each ledger's rules as last read."""

    def __init__(self) -> None:
        self._books = PolicyBooks()
        self._known: dict[str, LedgerRules] = {}

    async def rules_known(
        self, connection: Connection, generation: Generation, position: int, *, news: bool
    ) -> LedgerRules:
        """Return the rules known at a position. Without `news`, no rule event lies between the generation and that
        position."""
        known = self._known.get(generation.ledger)
        if news or known is None or known.position != generation.rules_position:
            known = await rulebook_at(connection, await ledger_named(connection, generation.ledger), position)
            self._known[generation.ledger] = known
        return known

    async def judge(
        self, connection: Connection, known: LedgerRules, streams: Sequence[StoredStream], today: date
    ) -> Judged:
        """Return each person's row for today, or why the person cannot be judged."""
        judged = Judged([], [])
        outcomes = judge(streams, await self._books.rulebook(connection, known), today)
        for stream, outcome in zip(streams, outcomes, strict=True):
            if isinstance(outcome, Unreadable):
                judged.parked.append(_as_parked(stream, outcome))
            else:
                row = Row(stream.practitioner_id, stream.version, stream.position, known.position, outcome)
                judged.rows.append(row)
        return judged


async def advance(
    connection: Connection,
    row_judge: RowJudge,
    generation: Generation,
    now: datetime,
    today: date,
    *,
    most_events: int = BATCH_EVENTS,
) -> Generation | None:
    """Project the next events into the rows of a generation, at most `most_events`.

    Returns the generation afterwards, None if there are no events. Raises Overtaken.
    """
    limit = min(most_events, BATCH_EVENTS)
    touched = await journal.touched(connection, generation.ledger, after=generation.position, limit=limit)
    if not touched:
        return None
    position, people, rules = _first_batch(touched)
    known = await row_judge.rules_known(connection, generation, position, news=rules)
    streams = await journal.stored_streams(connection, generation.ledger, people, up_to=position)
    judged = await row_judge.judge(connection, known, streams, today)
    async with transaction(connection):
        if not await generations.advance(connection, generation, position, known.position):
            raise Overtaken
        await _keep(connection, generation, judged, now)
    return structs.replace(generation, position=position, rules_position=known.position)


async def renew(
    connection: Connection,
    row_judge: RowJudge,
    generation: Generation,
    people: Sequence[str],
    now: datetime,
    today: date,
) -> None:
    """Judge people again at the generation's position, because of another engine, older rules, a day that has come, or
    a release that can read them.

    Raises Overtaken.
    """
    known = await row_judge.rules_known(connection, generation, generation.position, news=False)
    streams = await journal.stored_streams(connection, generation.ledger, people, up_to=generation.position)
    judged = await row_judge.judge(connection, known, streams, today)
    async with transaction(connection):
        if not await generations.hold(connection, generation):
            raise Overtaken
        await _keep(connection, generation, judged, now)


async def _keep(connection: Connection, generation: Generation, judged: Judged, now: datetime) -> None:
    await standings.write(connection, generation, judged.rows)
    await generations.unpark(connection, generation, [RULES_STREAM, *(row.practitioner_id for row in judged.rows)])
    await standings.remove(connection, generation, [person.practitioner_id for person in judged.parked])
    await generations.park(connection, generation, judged.parked, now)


def _first_batch(touched: Sequence[tuple[int, str]]) -> tuple[int, list[str], bool]:
    """Return the last position of the batch, whose events they are, and whether a rule event is among them."""
    people: dict[str, None] = {}
    position, rules = touched[0][0], False
    for position, practitioner_id in touched:  # noqa: B007 - the last one is the answer.
        if practitioner_id == RULES_STREAM:
            rules = True
        else:
            people[practitioner_id] = None
        if len(people) == BATCH_PEOPLE:
            break
    return position, list(people), rules


def _as_parked(stream: StoredStream, unreadable: Unreadable) -> Parked:
    what = unreadable.error[:LONGEST_ERROR_CHARACTERS].replace("\0", "")
    _log.error("parked %s at position %s: %s", stream.practitioner_id, stream.position, what)
    return Parked(stream.practitioner_id, stream.position, what)
