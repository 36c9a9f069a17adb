"""The ledger's own streams: what standards say reaches every row, and organizations are no rows."""

from uuid import uuid4

import asyncpg

from contracts.events.catalogue import ORGANIZATION_TYPES
from contracts.events.codec import NewEvent, parse_event
from contracts.events.revisions import Recorded
from services.ledger.append import Lanes
from services.ledger.domain.career import Append, as_recorded
from services.ledger.domain.standards import ending, history_of, standard_event, voiding, voiding_end
from services.projections.project import RowJudge, advance
from services.projections.store import generations
from services.runtime.clock import china_day, system_clock
from services.runtime.journal import ORGANIZATIONS_STREAM, RULES_STREAM
from tests.lives import http, someone
from tests.projections.conftest import tell_careers
from tests.projections.test_follow import assert_equal_to_a_rebuild, follow_until_caught_up, how_far

STANDARD = {
    "standard_id": "pays",
    "jurisdiction": "410103",
    "determination": "allowance",
    "effective_from": "2024-01-01",
    "tiers": {"junior": "200"},
    "unit": "CNY_per_month",
}


async def amount_in_the_row(pool: asyncpg.Pool) -> str | None:
    given: str | None = await pool.fetchval(
        "SELECT standing -> 'allowance' -> 'result' ->> 'amount' FROM projections.standings"
    )
    return given


async def test_the_end_of_a_standard_its_void_and_that_of_the_standard_reach_the_rows(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    registered = standard_event(ledger, "100000", STANDARD)
    book = [as_recorded(registered, 1, 1)]

    async def record(made: NewEvent | Recorded) -> str | None:
        """Record a rule event, and return what the row says once the worker has seen it."""
        assert isinstance(made, NewEvent)
        await lanes.append(ledger, Append(RULES_STREAM, [made]))
        if made is not registered:
            book.append(as_recorded(made, len(book) + 1, len(book) + 1))
        await follow_until_caught_up(database_url, pool)
        return await amount_in_the_row(pool)

    worker = someone.employed("2021-01-01", "410103").certified("2021-10-17")
    await lanes.append(ledger, Append("P-1", [parse_event(event) for event in http(worker)]))
    today = china_day(system_clock())
    because = {"reason": "误录"}
    assert await record(registered) == "200"
    assert await record(ending(ledger, history_of("pays", book), {"last_day": "2024-12-31"})) is None
    assert await record(voiding_end(ledger, history_of("pays", book), because, today)) == "200"
    assert await record(voiding(ledger, history_of("pays", book), because, today)) is None
    await assert_equal_to_a_rebuild(pool, ledger, 1)


async def test_what_is_recorded_of_organizations_is_no_row_and_makes_none_due(
    database_url: str, pool: asyncpg.Pool, ledger: str, lanes: Lanes
) -> None:
    await tell_careers(lanes, ledger, 3)
    await follow_until_caught_up(database_url, pool)
    data = {"organization": "O-1", "name": "社区", "kind": "village", "jurisdiction": "410103"}
    event = {"event_id": str(uuid4()), "type": "organization.recorded", "occurred_on": "2024-01-01", "data": data}
    await lanes.append(ledger, Append(ORGANIZATIONS_STREAM, [parse_event(event, types=ORGANIZATION_TYPES)]))
    async with pool.acquire() as connection:
        live = await generations.live(connection, ledger)
        assert live is not None
        now = system_clock()
        await advance(connection, RowJudge(), live, now, china_day(now))
    after = await how_far(pool, ledger)
    assert (after.due, after.position) == (0, after.head)
    await assert_equal_to_a_rebuild(pool, ledger, 3)
