"""Bulk appends: the events of many people in one request, each with its own answer."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Struct

from contracts import strict_json
from contracts.events.codec import InvalidEvent
from contracts.languages import Lang
from contracts.mistakes import NamesMeant
from contracts.strict_json import MalformedJson
from services.ledger.api import documented, splitting, wire
from services.ledger.append import Lanes
from services.ledger.domain.career import Append
from services.ledger.turns import MAX_GROUP_EVENTS, Outcome
from services.runtime import journal
from services.runtime.http.languages import TAGS, language_of_problem
from services.runtime.http.parameters import LedgerId, ValidateOnly
from services.runtime.http.problems import documented_problems, problem_of
from services.runtime.http.strict_route import MAX_BODY_BYTES, BodyTooLarge, StrictRoute, read_apart
from services.runtime.refusals import DatabaseUnavailable, Refusal, code_of, without_frames
from services.runtime.slices import in_slices

MAX_BULK_BYTES = 16 * 1_048_576
BULK_TIMEOUT_S = 60.0
OWN_EVENT = "/events/0"
"""The pointer to the event of a command with one event."""

RawItem: TypeAlias = bytes | BodyTooLarge
"""The JSON text of one item, not parsed yet, or the refusal of one that is too long."""

_AWAY = DatabaseUnavailable()


class _Item(Struct):
    """One item of the request: its event's id, if readable, and its command or the refusal."""

    event_id: UUID | None
    read: Append | Exception


REFUSALS = (Refusal, InvalidEvent, MalformedJson)


def items_of_json(body: bytes) -> list[RawItem]:
    """Return the members of `{"events": [...]}`, not parsed: an error inside one affects only that item.

    What comes after the first item too many is not looked at. Raises MalformedJson or InvalidBody.
    """
    items: list[RawItem] = []
    try:
        for item in islice(splitting.items_of(body, MAX_BODY_BYTES), wire.MAX_EVENTS_IN_A_BULK + 1):
            items.append(BodyTooLarge(MAX_BODY_BYTES) if item is None else item)
    except MalformedJson:
        raise _no_list(body) from None
    wire.check_count(items, wire.MAX_EVENTS_IN_A_BULK)
    return items


def items_of_lines(body: bytes) -> list[RawItem]:
    """Return the lines; a final line feed starts no further line. Raises InvalidBody."""
    lines = body.removesuffix(b"\n").split(b"\n", wire.MAX_EVENTS_IN_A_BULK) if body else []
    wire.check_count(lines, wire.MAX_EVENTS_IN_A_BULK)
    return [BodyTooLarge(MAX_BODY_BYTES) if len(line) > MAX_BODY_BYTES else line for line in lines]


def _no_list(body: bytes) -> Exception:
    """Return why a body is not `{"events": [...]}`, as exactly as parsing a megabyte can tell."""
    if len(body) <= MAX_BODY_BYTES:
        try:
            wire.list_of_events(strict_json.parse(body), wire.MAX_EVENTS_IN_A_BULK)
        except (MalformedJson, wire.InvalidBody) as refusal:
            return refusal
    return MalformedJson(splitting.NO_LIST)


class BulkRoute(StrictRoute):
    """A route for many events at once. Each is no larger than the body of a single append may be."""

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
    """Appends up to 10,000 events, each by itself: a refused event does not stop the later ones.

    The answer has an item for each event, in order. `status` is 201 for an event recorded now, 200 for one recorded
    before, with its first receipt, and otherwise that of its `problem`, whose pointers lead into the event. Each event
    sees those before it. A line that is not JSON is a refused item.

    Lines of a feed can be sent as they are: what their ledger added to an event is left out. Events of `_rules` and
    `_organizations` are refused here.
    """
    items = await request.json()
    lanes: Lanes = request.app.state.lanes
    async with request.app.state.pool.acquire() as connection:
        await journal.head(connection, ledger)
    lang = language_of_problem(request.scope)
    answers = await (_validate if validate_only else _append)(lanes, ledger, items, lang)
    headers = {"Content-Language": TAGS[lang], "Vary": "Accept-Language"}
    return Response(msgspec.json.encode({"items": answers}), 207, headers, "application/json")


async def _append(lanes: Lanes, ledger: str, items: Sequence[RawItem], lang: Lang) -> list[dict[str, Any]]:
    """Append group by group. While the database writes one, the next is parsed."""
    answers: list[dict[str, Any]] = []
    meant = NamesMeant()
    writing: asyncio.Task[list[dict[str, Any]]] | None = None
    for start in range(0, len(items), MAX_GROUP_EVENTS):
        group = await _read(items[start : start + MAX_GROUP_EVENTS], meant)
        answers.extend(await writing if writing else ())
        if any(_is_away(answer) for answer in answers[-MAX_GROUP_EVENTS:]):
            # A database that is away is waited for once, not for every group.
            group = [_Item(item.event_id, _AWAY) for item in group]
        writing = asyncio.create_task(_write(lanes, ledger, start, group, lang))
    answers.extend(await writing if writing else ())
    return answers


def _is_away(answer: dict[str, Any]) -> bool:
    problem = answer["problem"]
    return problem is not None and problem["code"] == code_of(DatabaseUnavailable)


async def _write(lanes: Lanes, ledger: str, start: int, items: Sequence[_Item], lang: Lang) -> list[dict[str, Any]]:
    commands = [item.read for item in items if isinstance(item.read, Append)]
    outcomes = await lanes.append_group(ledger, commands) if commands else ()
    return await _answers(start, items, outcomes, lang, receipts=True)


async def _validate(lanes: Lanes, ledger: str, items: Sequence[RawItem], lang: Lang) -> list[dict[str, Any]]:
    read = await _read(items, NamesMeant())
    outcomes = await lanes.validate(ledger, [item.read for item in read if isinstance(item.read, Append)])
    return await _answers(0, read, outcomes, lang, receipts=False)


async def _read(items: Sequence[RawItem], meant: NamesMeant) -> list[_Item]:
    return [await read_apart(_size_bytes(raw), _item, raw, meant) async for raw in in_slices(items)]


def _size_bytes(raw: RawItem) -> int:
    return 0 if isinstance(raw, BodyTooLarge) else len(raw)


def _item(raw: RawItem, meant: NamesMeant) -> _Item:
    value = None
    try:
        if isinstance(raw, BodyTooLarge):
            raise raw
        if (read := wire.item_at_once(raw)) is None:
            value = strict_json.parse(raw)
            read = wire.item_of(value, meant)
        practitioner_id, new = read
        return _Item(new.event_id, Append(practitioner_id, [new]))
    except REFUSALS as refusal:
        return _Item(wire.event_id_of(value), without_frames(refusal))
    except Exception as failure:  # An item's failure affects no other item.
        return _Item(wire.event_id_of(value), failure)


async def _answers(
    start: int, items: Sequence[_Item], outcomes: Iterable[Outcome], lang: Lang, *, receipts: bool
) -> list[dict[str, Any]]:
    """Return the answers of the items from index `start` on. `outcomes` are those of the commands, in their order.

    Mistakes are worded here: of many items it takes long, so other requests get their turn meanwhile."""
    problems: dict[Exception, dict[str, Any]] = {}  # A failure of a whole group is reported, and logged, once.
    of_commands = iter(outcomes)
    answers = []
    async for index, item in in_slices(enumerate(items, start)):
        outcome = item.read if isinstance(item.read, Exception) else next(of_commands)
        answer: dict[str, Any] = {"index": index, "status": 0, "event_id": item.event_id}
        answer.update(position=None, version=None, leaf_hash=None, problem=None)
        if isinstance(outcome, Exception):
            answer["problem"] = problems.get(outcome) or problems.setdefault(outcome, _problem(outcome, lang))
            answer["status"] = answer["problem"]["status"]
        else:
            answer["status"] = 200 if outcome.replay else 201
            if receipts:
                (receipt,) = outcome.events
                answer.update(position=receipt.position, version=receipt.version, leaf_hash=receipt.leaf_hash)
        answers.append(answer)
    return answers


def _problem(error: Exception, lang: Lang) -> dict[str, Any]:
    """Return the problem with pointers into the item's own event."""
    problem = problem_of(error, lang, OWN_EVENT)
    without_frames(error)  # A failure of our own has just been logged with them.
    return problem
