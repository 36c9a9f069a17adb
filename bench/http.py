"""Appends and pages of the feed over HTTP beside bare routes of FastAPI, for many clients at once."""

import statistics
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from random import Random
from typing import TypeAlias

import asyncpg
import msgspec

from bench import appends, bare, crowd
from bench.client import HOST
from bench.database import check_durable
from bench.pairs import Pairs, Side, turns
from bench.servers import BARE, OURS, Server, server
from bench.sheet import Sheet
from contracts.policies.shipped import shipped
from services.ledger.store.ledgers import make_ledger
from services.runtime import journal
from services.runtime.clock import system_clock
from services.runtime.ledgers import LedgerRow
from services.runtime.stored_events import as_read

CLIENTS = 32
TURN_S = 2.0
WARM_UP_S = 1.0
STREAMS_OF_A_CLIENT = 50
FEED_EVENTS = 20_000
PAGE = 100
SEED = 1
APPEND_AT_LEAST = 1.0
FEED_AT_LEAST = 0.8
MAKE_FEED = """
CREATE TABLE bench.feed (position bigint PRIMARY KEY, event bytea NOT NULL)
"""

Request: TypeAlias = Callable[[int], bytes]
"""Returns the next request of a client."""


async def measure(sheet: Sheet, url: str, pairs: int, turn_s: float = TURN_S) -> None:
    """Measure both. Raises NotDurable if commits are too cheap to be durable."""
    connection = await asyncpg.connect(url)
    try:
        await check_durable(connection)
        await connection.execute(bare.MAKE_TABLE)
        row = LedgerRow(appends.LEDGER, "510100", "Bench", "ledger.invalid", system_clock(), {})
        await make_ledger(connection, row, shipped().values())
        with ExitStack() as stack:
            sides: Mapping[Side, Server] = {
                "ours": stack.enter_context(server(OURS, url)),
                "bare": stack.enter_context(server(BARE, url)),
            }
            name = f"append over HTTP, {CLIENTS} clients"
            asked: Mapping[Side, Request] = {
                "ours": lambda client: _append(f"/v1/ledgers/{appends.LEDGER}/practitioners/{_person(client)}/events"),
                "bare": lambda client: _append(f"/events/{_person(client)}"),
            }
            await _compare(sheet, name, sides, asked, pairs, turn_s, APPEND_AT_LEAST)
            head = await _fill_feed(connection)
            await _read_once(sheet, sides, head)
            name = f"feed page of {PAGE}, {CLIENTS} clients"
            asked = {
                "ours": lambda _: _get(f"/v1/ledgers/{appends.LEDGER}/events?{_page(head)}"),
                "bare": lambda _: _get(f"/events?{_page(head)}"),
            }
            await _compare(sheet, name, sides, asked, pairs, turn_s, FEED_AT_LEAST)
    finally:
        await connection.close()


async def _compare(
    sheet: Sheet,
    name: str,
    sides: Mapping[Side, Server],
    asked: Mapping[Side, Request],
    pairs: int,
    turn_s: float,
    at_least: float,
) -> None:
    rates, cpu, p99 = Pairs(), Pairs(), Pairs()
    for side, running in sides.items():
        await crowd.latencies(running.port, CLIENTS, WARM_UP_S, asked[side])
    for turn, side in enumerate(turns(pairs)):
        sheet.progress(f"{name}: {side}, pair {turn // 2 + 1} of {pairs}")
        used_s = sides[side].cpu_s()
        took = await crowd.latencies(sides[side].port, CLIENTS, turn_s, asked[side])
        rates.add(side, len(took) / turn_s)
        cpu.add(side, (sides[side].cpu_s() - used_s) / len(took) * 1e6)
        p99.add(side, statistics.quantiles(took, n=100)[98] * 1e3)
    sheet.add(rates.result(name, "requests/s", at_least=at_least))
    sheet.add(cpu.result(f"{name}, CPU of the server", "µs"))
    sheet.add(p99.result(f"{name}, p99", "ms"))


async def _read_once(sheet: Sheet, sides: Mapping[Side, Server], head: int) -> None:
    """Compare what one reader waits for a page who reads all from the beginning, before anything is kept."""
    pages = [f"after={after}&limit={PAGE}" for after in range(0, head - PAGE, PAGE)]
    paths: Mapping[Side, str] = {"ours": f"/v1/ledgers/{appends.LEDGER}/events", "bare": "/events"}
    p50 = Pairs()
    for side, running in sides.items():
        took = await crowd.replay(running.port, [_get(f"{paths[side]}?{page}") for page in pages])
        p50.add(side, statistics.median(took) * 1e6)
    sheet.add(p50.result(f"feed page of {PAGE}, read once, p50", "µs"))


async def _fill_feed(connection: asyncpg.Connection) -> int:
    """Write the events of the feed for the bare route as ours sends them, and return how many there are."""
    await connection.execute(MAKE_FEED)
    page = await journal.feed_page(connection, appends.LEDGER, after=0, limit=FEED_EVENTS)
    events = [(stored.position, msgspec.json.encode(as_read(stored))) for stored in page.events]
    await connection.copy_records_to_table("feed", schema_name="bench", records=events)
    await connection.execute("VACUUM ANALYZE bench.feed")
    await connection.execute("VACUUM ANALYZE ledger.events")
    return len(events)


_random = Random(SEED)  # noqa: S311 - which page and person, no secret.


def _person(client: int) -> str:
    return f"P-{client}-{_random.randrange(STREAMS_OF_A_CLIENT)}"


def _page(head: int) -> str:
    return f"after={_random.randrange(max(head - PAGE, 1))}&limit={PAGE}"


def _append(path: str) -> bytes:
    body = appends.request_body()
    return _head("POST", path) + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def _get(path: str) -> bytes:
    return _head("GET", path) + b"\r\n"


def _head(method: str, path: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n".encode()
