"""One step of a generation: people's streams are read, folded, evaluated and written, and the cursor moves in the same
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
from services.runtime.journal import RULES_STREAM, Connection, is_own
from services.runtime.ledgers import ledger_named
from services.runtime.slices import in_slices
from services.runtime.stored_events import StoredPerson

BATCH_EVENTS = 20_000
BATCH_PEOPLE = 1_000
"""A batch ends at the first of these limits: its transaction is short, and a stream is read once for many events."""
LONGEST_ERROR_CHARACTERS = 500

_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another process moved the cursor or switched to another generation. Nothing was written; read it again."""


class Judged(Struct, frozen=True):
    """Rows of people, the people who cannot be judged, and the ids that are linked to another: they have no row."""

    rows: list[Row]
    parked: list[Parked]
    linked: list[str]


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
        self, connection: Connection, known: LedgerRules, people: Sequence[StoredPerson], today: date
    ) -> Judged:
        """Return each person's row for today, or why the person cannot be judged.

        Other tasks get the loop in between: a lease is renewed while its holder judges many people.
        """
        judged = Judged([], [], [])
        rulebook = await self._books.rulebook(connection, known)
        async for person in in_slices(people):
            (outcome,) = judge([person], rulebook, today)
            if isinstance(outcome, Unreadable):
                judged.parked.append(_as_parked(person, outcome))
            else:
                row = Row(person.practitioner_id, person.version, person.position, known.position, outcome)
                judged.rows.append(row)
            judged.linked.extend(person.others)
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
    position, streams, rules = _first_batch(touched)
    known = await row_judge.rules_known(connection, generation, position, news=rules)
    # A void of a link is in one of the streams that were linked, and the rows of all of them rest on it.
    links = await journal.links(connection, generation.ledger, streams, up_to=generation.position)
    once_linked = {id_ for stream, link in links.items() for id_ in (stream, link.same_as)}
    people = await journal.people(connection, generation.ledger, once_linked.union(streams), up_to=position)
    judged = await row_judge.judge(connection, known, people, today)
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
    found = await journal.people(connection, generation.ledger, people, up_to=generation.position)
    judged = await row_judge.judge(connection, known, found, today)
    async with transaction(connection):
        if not await generations.hold(connection, generation):
            raise Overtaken
        await _keep(connection, generation, judged, now)


async def _keep(connection: Connection, generation: Generation, judged: Judged, now: datetime) -> None:
    with_row = [row.practitioner_id for row in judged.rows]
    await standings.write(connection, generation, judged.rows)
    await generations.unpark(connection, generation, [RULES_STREAM, *with_row, *judged.linked])
    without_row = [person.practitioner_id for person in judged.parked]
    await standings.remove(connection, generation, [*without_row, *judged.linked])
    await generations.park(connection, generation, judged.parked, now)


def _first_batch(touched: Sequence[tuple[int, str]]) -> tuple[int, list[str], bool]:
    """Return the last position of the batch, the people's streams in it, and whether a rule event is among it."""
    people: dict[str, None] = {}
    position, rules = touched[0][0], False
    for position, practitioner_id in touched:  # noqa: B007 - the last one is the answer.
        if practitioner_id == RULES_STREAM:
            rules = True
        elif not is_own(practitioner_id):
            people[practitioner_id] = None
        if len(people) == BATCH_PEOPLE:
            break
    return position, list(people), rules


def _as_parked(person: StoredPerson, unreadable: Unreadable) -> Parked:
    what = unreadable.error[:LONGEST_ERROR_CHARACTERS].replace("\0", "")
    _log.error("parked %s at position %s: %s", person.practitioner_id, person.position, what)
    return Parked(person.practitioner_id, person.position, what)
