"""Bulk appends: the events of many people in one request, each with an answer of its own."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Struct

from contracts import strict_json
from contracts.events.codec import parse_event
from services.ledger.api import documented, wire
from services.ledger.append import MAX_GROUP_EVENTS, SLICE_S, Lanes, Outcome
from services.ledger.domain.career import Append
from services.runtime import journal
from services.runtime.door import MAX_BODY_BYTES, BodyTooLarge, DoorRoute
from services.runtime.parameters import LedgerId, ValidateOnly
from services.runtime.problems import database_is_away, documented_problems, problem_of
from services.runtime.refusals import DatabaseUnavailable

MAX_BULK_BYTES = 16 * 1_048_576
BULK_TIMEOUT_S = 60.0
OWN_EVENT = "/events/0"
"""Where a command of one event says that its event lies."""

Given: TypeAlias = Any
"""What stands at one index: a JSON value, a line of bytes that is still to be read, or the refusal of either."""

_AWAY = DatabaseUnavailable()


class _Item(Struct):
    """One item of the request: its event's id as far as it can be read, and the command or why there is none."""

    event_id: UUID | None
    read: Append | Exception


def items_of_json(body: bytes) -> list[Given]:
    """Return the members of `{"events": [...]}`. Raises MalformedJson or InvalidBody."""
    items = wire.list_of_events(strict_json.parse(body), wire.MAX_EVENTS_IN_A_BULK)
    if len(body) <= MAX_BODY_BYTES:
        return items
    return [BodyTooLarge(MAX_BODY_BYTES) if len(msgspec.json.encode(item)) > MAX_BODY_BYTES else item for item in items]


def items_of_lines(body: bytes) -> list[Given]:
    """Return the lines; what ends in a line feed has no line behind it. Raises InvalidBody."""
    lines = body.removesuffix(b"\n").split(b"\n") if body else []
    wire.check_count(lines, wire.MAX_EVENTS_IN_A_BULK)
    return [BodyTooLarge(MAX_BODY_BYTES) if len(line) > MAX_BODY_BYTES else line for line in lines]


class BulkRoute(DoorRoute):
    """The door for many events at once. One of them is no larger than a body with that event alone could be."""

    max_body_bytes = MAX_BULK_BYTES
    body_timeout_s = BULK_TIMEOUT_S
    body_readers = {  # noqa: RUF012 - the base class says that it is one mapping for all
        "application/json": items_of_json,
        "application/jsonl": items_of_lines,
        "application/x-ndjson": items_of_lines,
    }


router = APIRouter(route_class=BulkRoute)


@router.post(
    "/{ledger}/events",
    summary="Append events of many people",
    status_code=207,
    response_model=wire.BulkAnswer,
    responses=documented_problems("invalid-body", "unknown-ledger"),
    openapi_extra=documented.bulk_body(),
)
async def append_in_bulk(request: Request, ledger: LedgerId, validate_only: ValidateOnly = False) -> Response:
    """Appends up to 10,000 events, each on its own: one that is refused does not stop the later ones.

    The answer has an item for each event, in order. `status` is 201 for an event that is recorded now, 200 for one that
    was recorded before, with its first receipt, and else that of its `problem`, whose pointers lead into the event. An
    event sees those before it. In JSON Lines, a line that is no JSON is an item that is refused.
    """
    given = await request.json()
    lanes: Lanes = request.app.state.lanes
    async with request.app.state.pool.acquire() as connection:
        await journal.head(connection, ledger)
    if validate_only:
        items = await _read(given)
        answers = _answers(items, await _validated(lanes, ledger, items), receipts=False)
    else:
        answers = await _appended(lanes, ledger, given)
    return Response(msgspec.json.encode({"items": answers}), 207, media_type="application/json")


async def _appended(lanes: Lanes, ledger: str, given: Sequence[Given]) -> list[dict[str, Any]]:
    """Append group by group. While the database writes one, the next is read."""
    items: list[_Item] = []
    outcomes: list[Outcome] = []
    writing: asyncio.Task[list[Outcome]] | None = None
    for start in range(0, len(given), MAX_GROUP_EVENTS):
        group = await _read(given[start : start + MAX_GROUP_EVENTS])
        items.extend(group)
        outcomes.extend(await writing if writing else ())
        if any(
            isinstance(outcome, Exception) and database_is_away(outcome) for outcome in outcomes[-MAX_GROUP_EVENTS:]
        ):
            # A database that is away is waited for once, not for every group.
            group = [_Item(item.event_id, _AWAY) for item in group]
        writing = asyncio.create_task(_written(lanes, ledger, group))
    outcomes.extend(await writing if writing else ())
    return _answers(items, outcomes, receipts=True)


async def _written(lanes: Lanes, ledger: str, items: Sequence[_Item]) -> list[Outcome]:
    commands = [item.read for item in items if isinstance(item.read, Append)]
    return _in_place(items, await lanes.append_group(ledger, commands) if commands else ())


async def _validated(lanes: Lanes, ledger: str, items: Sequence[_Item]) -> list[Outcome]:
    return _in_place(items, await lanes.validate(ledger, [i.read for i in items if isinstance(i.read, Append)]))


def _in_place(items: Iterable[_Item], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return an outcome for every item: those given are for the commands, in order."""
    of_commands = iter(outcomes)
    return [item.read if isinstance(item.read, Exception) else next(of_commands) for item in items]


async def _read(given: Sequence[Given]) -> list[_Item]:
    items: list[_Item] = []
    began = time.perf_counter()
    for one in given:
        items.append(_item(one))
        if time.perf_counter() - began > SLICE_S:
            await asyncio.sleep(0)
            began = time.perf_counter()
    return items


def _item(given: Given) -> _Item:
    value = None
    try:
        if isinstance(given, Exception):
            raise given
        value = strict_json.parse(given) if isinstance(given, bytes) else given
        practitioner_id, event = wire.addressed(value)
        new = parse_event(event)
        return _Item(new.event_id, Append(practitioner_id, [new]))
    except Exception as refusal:  # One item's failure, foreseen or not, is its own.
        return _Item(wire.event_id_of(value), refusal)


def _answers(items: Iterable[_Item], outcomes: Iterable[Outcome], *, receipts: bool) -> list[dict[str, Any]]:
    problems: dict[Exception, dict[str, Any]] = {}  # What befell a whole group is told, and logged, once.
    answers = []
    for index, (item, outcome) in enumerate(zip(items, outcomes, strict=True)):
        answer: dict[str, Any] = {"index": index, "status": 0, "event_id": item.event_id}
        answer.update(position=None, version=None, leaf_hash=None, problem=None)
        if isinstance(outcome, Exception):
            answer["problem"] = problems.get(outcome) or problems.setdefault(outcome, _problem(outcome))
            answer["status"] = answer["problem"]["status"]
        else:
            answer["status"] = 200 if outcome.replay else 201
            if receipts:
                (receipt,) = outcome.events
                answer.update(position=receipt.position, version=receipt.version, leaf_hash=receipt.leaf_hash)
        answers.append(answer)
    return answers


def _problem(error: Exception) -> dict[str, Any]:
    """Return the problem with pointers into the item's own event."""
    problem = problem_of(error)
    for wrong in problem.get("errors", ()):
        wrong["pointer"] = wrong["pointer"].removeprefix(OWN_EVENT)
    return problem
