"""Appends as the service makes them: from the bytes of a request to the receipt, without HTTP."""

import asyncio
import time
from uuid import uuid4

import msgspec

from contracts import strict_json
from contracts.events.codec import leaf_bytes, parse_event
from services.ledger.api.wire import events_of, read_append
from services.ledger.append import Lanes
from services.ledger.domain.career import Answer, Append
from services.runtime.clock import system_clock

LEDGER = "bench"
STREAMS_OF_A_CLIENT = 50
MOST_A_SECOND = 50_000
DATA = {
    "amount": "12.5",
    "unit": "hour",
    "subjects": ["sw_practice"],
    "provider": "Chengdu Community College",
    "proof_no": "C-2023-00017",
    "started_on": "2023-05-05",
    "ended_on": "2023-05-06",
}


def request_body() -> bytes:
    """Return the body that a client would send."""
    event = {"event_id": str(uuid4()), "type": "training.completed", "occurred_on": "2023-05-06", "data": DATA}
    return msgspec.json.encode({"events": [event]})


def a_leaf() -> bytes:
    """Return the leaf of such an event, for the bare row."""
    (raw,) = strict_json.parse(request_body())["events"]
    return leaf_bytes(
        parse_event(raw), ledger=LEDGER, practitioner_id="P-0-0", recorded_at=system_clock(), recorded_by="anonymous"
    )


async def append(lanes: Lanes, practitioner_id: str, body: bytes) -> Answer:
    """Do what the route does."""
    return await lanes.append(LEDGER, Append(practitioner_id, events_of(read_append(body))))


async def run(lanes: Lanes, clients: int, seconds: float, streams: int = STREAMS_OF_A_CLIENT) -> list[float]:
    """Return the latency of every append that all clients made in `seconds`, each to its own `streams` in turn."""
    # Prepared before the clock starts: a body is the client's work. If they run out, the run fails.
    bodies = [request_body() for _ in range(int(seconds * MOST_A_SECOND))]
    latencies: list[float] = []
    stop = time.perf_counter() + seconds
    await asyncio.gather(*(_client(lanes, number, stop, streams, bodies, latencies) for number in range(clients)))
    return latencies


async def _client(
    lanes: Lanes, number: int, stop: float, streams: int, bodies: list[bytes], latencies: list[float]
) -> None:
    count = 0
    while (started := time.perf_counter()) < stop:
        count += 1
        await append(lanes, f"P-{number}-{count % streams}", bodies.pop())
        latencies.append(time.perf_counter() - started)
