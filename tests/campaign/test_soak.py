"""What somebody asks, however much and however wrong, costs nobody else anything.

`--soak-minutes N` is how long the service meets what it has to refuse. Shares and times are told, and judged in a long
run, when the machine has nothing else to do.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import msgspec
import pytest

from tests.api.client import event_of
from tests.faults.service import Service
from tests.lives import http, new_training

JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/jsonl"}
LEDGER = "/v1/ledgers/soaked"
LONG_EVENTS = 20_000
BULK_EVENTS = 10_000
STANDING_WITHIN_S = 1.0
LOOP_AWAY_S = 0.25
MEMORY_GROWS_BY = 1.05
LONG_RUN_MINUTES = 1.0
"""From here on shares, times and memory are judged."""
LEDGERS, CALLERS = 24, 3
FOLLOWERS = 200
WITH_FOLLOWERS = 0.7
PAIRS = 3
SETTLED_WITHIN_S, READING_S = 60.0, 1.0
TIMEOUT_S = 60.0
CHANCE = Random()  # noqa: S311 - no secret

Request = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A service of its own, with a ledger."""
    service = Service(tmp_path)
    try:
        service.start_until_ready()
        async with client_of(service) as client:
            await make(client, LEDGER)
        yield service
    finally:
        service.stop()


def client_of(service: Service) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    return httpx.AsyncClient(base_url=service.url, timeout=TIMEOUT_S, limits=limits)


async def make(client: httpx.AsyncClient, ledger: str) -> None:
    made = await client.put(ledger, json={"jurisdiction": "510100", "title": "Soaked"})
    assert made.is_success, made.text


async def record_a_long_career(client: httpx.AsyncClient) -> None:
    for _ in range(LONG_EVENTS // BULK_EVENTS):
        lines = b"\n".join(
            msgspec.json.encode({"practitioner_id": "P-long", **event_of(new_training())}) for _ in range(BULK_EVENTS)
        )
        answer = await client.post(f"{LEDGER}/events", content=lines, headers=LINES)
        assert {item["status"] for item in answer.json()["items"]} == {201}


def one_after_another(*bodies: bytes) -> list[Request]:
    def sending(body: bytes) -> Request:
        return lambda client: client.post(f"{LEDGER}/events", content=body, headers=JSON)

    return [sending(body) for body in bodies]


REFUSED: Sequence[Request] = (
    *one_after_another(
        b'{"events": [' + b"1," * 8_000_000 + b"1]}",
        b"[" * 16_000_000,
        b'{"events": [' + b",".join([b'{"practitioner_id": "P-1", "type": "no"}'] * BULK_EVENTS) + b"]}",
        b'{"events": [{"a": "' + b"\\u0000" * 100_000 + b'"}]}',
        b"{" + b'"a": 1, ' * 100_000 + b'"a": 1}',
    ),
    lambda client: client.post(
        f"{LEDGER}/practitioners/P-1/events", json={"events": http(new_training())}, headers={"If-Match": '"v99999"'}
    ),
    lambda client: client.post(f"{LEDGER}/practitioners/P-1/events", json={"events": [{"type": str(uuid4())}]}),
    lambda client: client.get(f"{LEDGER}/practitioners/P-{uuid4()}/standing"),
    lambda client: client.get(f"{LEDGER}/indicators/{uuid4()}"),
    lambda client: client.get(f"/v1/ledgers/l{CHANCE.randrange(10**9)}/events"),
)
LONG = (
    "timeline?determination=continuing_education.annual",
    "timeline?determination=allowance&axis=known_at",
    "standing?as_of=2025-06-30&include=explanation,alternatives",
    "comparison?jurisdictions=371500,410100,510100",
)


@dataclass
class Use:
    """What the server's process uses."""

    memory: float
    threads: int
    descriptors: int

    @classmethod
    def of(cls, pid: int) -> "Use":
        """Look at a process. Linux only."""
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return cls(int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), descriptors)


async def settled(pid: int) -> Use:
    """Look at a process when it is done with what it was asked: its memory no longer changes by a hundredth."""
    before, now = Use.of(pid), None
    async with asyncio.timeout(SETTLED_WITHIN_S):
        while now is None or abs(now.memory - before.memory) > before.memory / 100:
            before = now or before
            await asyncio.sleep(READING_S)
            now = Use.of(pid)
    return now


@dataclass
class Seen:
    """What normal people met meanwhile."""

    standings_s: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)


async def loop_away_s(client: httpx.AsyncClient) -> float:
    lines = (await client.get("/metrics")).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("event_loop_longest_absence_seconds "))


async def leave_early(client: httpx.AsyncClient) -> None:
    """Ask about the long career, eight times at once, and leave."""
    asked = [asyncio.create_task(client.get(f"{LEDGER}/practitioners/P-long/{CHANCE.choice(LONG)}")) for _ in range(8)]
    await asyncio.wait(asked, timeout=CHANCE.uniform(0.05, 2.0))
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def be_hostile(client: httpx.AsyncClient, until_s: float, seen: Seen) -> None:
    while time.monotonic() < until_s:
        with suppress(httpx.TransportError):
            answer = await CHANCE.choice(REFUSED)(client)
            seen.refused[answer.status_code] += 1


async def come_and_go(client: httpx.AsyncClient, until_s: float) -> None:
    while time.monotonic() < until_s:
        await leave_early(client)


async def ask_normally(client: httpx.AsyncClient, until_s: float, seen: Seen) -> None:
    while time.monotonic() < until_s:
        began = time.perf_counter()
        answer = await client.get(f"{LEDGER}/practitioners/P-1/standing", params={"as_of": "2025-06-30"})
        seen.standings_s.append(time.perf_counter() - began)
        assert answer.is_success, answer.text
        await asyncio.sleep(0.1)


async def soak(service: Service, minutes: float) -> Seen:
    seen, until_s = Seen(), time.monotonic() + 60 * minutes
    async with client_of(service) as client, client_of(service) as normal:
        hostile = [be_hostile(client, until_s, seen) for _ in range(4)]
        await asyncio.gather(*hostile, come_and_go(client, until_s), ask_normally(normal, until_s, seen))
    return seen


async def test_what_is_refused_and_what_nobody_waits_for_costs_nobody_else(
    service: Service, pytestconfig: pytest.Config, tell: Callable[[str], None]
) -> None:
    minutes: float = pytestconfig.getoption("--soak-minutes")
    async with client_of(service) as client:
        await record_a_long_career(client)
        person = await client.post(f"{LEDGER}/practitioners/P-1/events", json={"events": http(new_training())})
        assert person.is_success, person.text
        await soak(service, max(minutes / 5, 0.05))  # Until caches and pools are full.
        server = service.pid_of("HTTP")
        before = await settled(server)
        await loop_away_s(client)
        seen = await soak(service, minutes)
        away_s, after = await loop_away_s(client), await settled(server)
    slowest_s = max(seen.standings_s)
    tell(f"{sum(seen.refused.values())} refused: {dict(seen.refused)}; before {before}, after {after}")
    tell(f"standing: median {median(seen.standings_s):.3f} s, slowest {slowest_s:.3f} s; loop away {away_s:.3f} s")
    assert server == service.pid_of("HTTP")
    assert {status for status in seen.refused if not 400 <= status < 500} <= {httpx.codes.MULTI_STATUS}
    assert after.threads <= before.threads + 2
    if minutes >= LONG_RUN_MINUTES:
        assert after.memory <= MEMORY_GROWS_BY * before.memory
        assert after.descriptors <= before.descriptors + 10
        assert away_s <= LOOP_AWAY_S
        assert slowest_s <= STANDING_WITHIN_S


async def appends_of(client: httpx.AsyncClient, ledger: str, until_s: float) -> int:
    count = 0
    while time.monotonic() < until_s:
        answer = await client.post(f"{ledger}/practitioners/P-1/events", json={"events": http(new_training())})
        assert answer.is_success, answer.text
        count += 1
    return count


async def test_more_busy_ledgers_than_sessions_get_alike(
    service: Service, pytestconfig: pytest.Config, tell: Callable[[str], None]
) -> None:
    minutes: float = pytestconfig.getoption("--soak-minutes")
    seconds = max(3.0, 60 * minutes / 10)
    ledgers = [f"/v1/ledgers/busy-{number}" for number in range(LEDGERS)]
    async with client_of(service) as client:
        for ledger in ledgers:
            await make(client, ledger)
        until_s = time.monotonic() + seconds
        callers = [appends_of(client, ledger, until_s) for ledger in ledgers for _ in range(CALLERS)]
        counts = await asyncio.gather(*callers)
    shares = [sum(counts[CALLERS * number : CALLERS * (number + 1)]) for number in range(LEDGERS)]
    tell(f"{LEDGERS} ledgers: {sum(shares) / seconds:.0f} appends/s, from {min(shares)} to {max(shares)} a ledger")
    assert min(shares) > 0, shares
    if minutes >= LONG_RUN_MINUTES:
        assert min(shares) >= max(shares) / 2, shares


@asynccontextmanager
async def followed(service: Service, followers: int) -> AsyncIterator[None]:
    """Have so many read the feed meanwhile, as cheaply as that can be done."""
    at = urlsplit(service.url)
    ask = f"GET {LEDGER}/events?after={{}} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
    async with client_of(service) as client:
        head = (await client.get(LEDGER)).json()["head"]

    async def follow() -> None:
        reader, writer = await asyncio.open_connection(at.hostname, at.port, limit=2**20)
        writer.write(ask.format(head).encode())
        try:
            while await reader.read(2**20):
                pass
        finally:
            writer.close()

    following = [asyncio.create_task(follow()) for _ in range(followers)]
    await asyncio.sleep(1.0 if followers else 0.0)
    yield
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)


async def test_followers_leave_a_ledger_most_of_its_rate(
    service: Service, pytestconfig: pytest.Config, tell: Callable[[str], None]
) -> None:
    minutes: float = pytestconfig.getoption("--soak-minutes")
    seconds, ratios = max(1.0, 60 * minutes / 50), []
    async with client_of(service) as client:
        for _ in range(PAIRS):
            rates = []
            for followers in (0, FOLLOWERS):
                async with followed(service, followers):
                    until_s = time.monotonic() + seconds
                    counts = await asyncio.gather(*(appends_of(client, LEDGER, until_s) for _ in range(4)))
                    rates.append(sum(counts) / seconds)
            ratios.append(rates[1] / rates[0])
    tell(f"{FOLLOWERS} followers leave {median(ratios):.2f} of the rate, of {[f'{ratio:.2f}' for ratio in ratios]}")
    if minutes >= LONG_RUN_MINUTES:
        assert median(ratios) >= WITH_FOLLOWERS
