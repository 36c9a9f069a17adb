"""The bytes of an append as events, in one step: decoded into structs, looked through once, encoded once (ADR-0003).

What is sent as it should be is taken here. Anything else gives None, and goes the long way: `strict_json.parse`, which
tells whether it is JSON that every reader understands alike, and `parse_event`, which tells what is wrong.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType, defstruct
from msgspec.structs import fields

from contracts.events.catalogue import PRACTITIONER_TYPES, Broken, Data
from contracts.events.codec import NewEvent, Source, canonical
from contracts.events.personal import may_hold_personal_data
from contracts.events.values import FIRST_DAY, LAST_DAY, Day
from contracts.events.versions import VERSIONS

HIDDEN_COLON = b"\\u003"
"""How an escaped colon begins, which could stand for that of a member given twice."""
_OF_THE_BODY, _OF_AN_EVENT = 1, 4
"""Members that are always there: `events`; `event_id`, `type`, `occurred_on` and `data`."""


class _Sent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    event_id: UUID
    occurred_on: Day
    source: Source | UnsetType = UNSET
    data: Data


class _Item(_Sent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event of a bulk."""

    practitioner_id: str


def events_in_one_step(body: bytes, at_most: int) -> tuple[NewEvent, ...] | None:
    """Return the events of `{"events": [...]}`, one to `at_most`, or None if they have to be looked at one by one."""
    sent = _decoded(_decode_body, body)
    if sent is None or not 1 <= len(sent.events) <= at_most:
        return None
    return _checked(sent.events, body, _OF_THE_BODY)


def item_in_one_step(item: bytes) -> tuple[str, NewEvent] | None:
    """Return the practitioner id of an item of a bulk, unchecked, and its event; None as above."""
    sent = _decoded(_decode_item, item)
    events = None if sent is None else _checked((sent,), item, canonical(sent.practitioner_id).count(b":") + 1)
    return None if events is None else (sent.practitioner_id, events[0])


def _decoded(decode: Callable[[bytes], Any], text: bytes) -> Any:
    try:
        return None if HIDDEN_COLON in text else decode(text)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors, and so is what is not UTF-8.
        return None


def _checked(sent: tuple[_Sent, ...], text: bytes, colons: int) -> tuple[NewEvent, ...] | None:
    """Return the events, unless one is to be refused, or a member was given twice.

    Of a member given twice, the decoder keeps one. Each member has its colon, and a text may have others: the text has
    as many as what was decoded from it, if and only if nothing was dropped.
    """
    events = []
    for one in sent:
        written = canonical(one.data)
        source = None if one.source is UNSET else canonical(one.source)
        if not _may_be_recorded(one, written, source):
            return None
        colons += _OF_AN_EVENT + written.count(b":") + (0 if source is None else 1 + source.count(b":"))
        type_ = str(one.__struct_config__.tag)
        events.append(NewEvent(one.event_id, type_, _CURRENT[type_], one.occurred_on, one.data, written, source))
    return tuple(events) if text.count(b":") == colons else None


def _may_be_recorded(one: _Sent, written: bytes, source: bytes | None) -> bool:
    try:
        one.data.check_against(one.occurred_on)
    except Broken:
        return False
    return (
        FIRST_DAY <= one.occurred_on <= LAST_DAY
        and not may_hold_personal_data(written)
        and (source is None or not may_hold_personal_data(source))
    )


def writes_as_sent(kind: Any) -> bool:
    """Whether what is decoded into a type always encodes to what was sent. An id may be sent in capitals, a number of
    any kind in several ways; and a member that was left out would be written if it had a default."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        members = fields(kind)
        return all((one.required or one.default is UNSET) and writes_as_sent(one.type) for one in members)
    return kind not in (UUID, Any, float) and all(map(writes_as_sent, get_args(kind)))


def _union(base: type[_Sent]) -> Any:
    """Return the union of the events of every type whose data is stored as its struct encodes it."""
    return reduce(
        or_,
        (
            defstruct(base.__name__, [("data", shape)], bases=(base,), tag=type_, frozen=True, kw_only=True)
            for type_, shape in PRACTITIONER_TYPES.items()
            if writes_as_sent(shape)
        ),
    )


_CURRENT: Mapping[str, int] = {type_: VERSIONS.current(type_) for type_ in PRACTITIONER_TYPES}
_EVENTS: Any = tuple[_union(_Sent), ...]  # type: ignore[misc] # a type made at run time
_decode_body = msgspec.json.Decoder(
    defstruct("_Body", [("events", _EVENTS)], frozen=True, forbid_unknown_fields=True)
).decode
_decode_item = msgspec.json.Decoder(_union(_Item)).decode
