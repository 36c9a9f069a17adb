"""A body that becomes events in one step gives what the long way gives, and nothing that the long way refuses."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from contracts import strict_json
from contracts.events.catalogue import (
    PRACTITIONER_TYPES,
    Data,
    EmploymentEnded,
    EventCorrected,
    EventVoided,
    Patch,
    PromotionGranted,
    Session,
)
from contracts.events.codec import InvalidEvent, NewEvent, leaf_bytes
from contracts.events.examples import example_event
from contracts.events.one_step import events_in_one_step, writes_as_sent
from contracts.strict_json import MalformedJson
from services.ledger.api.wire import MAX_EVENTS_IN_A_REQUEST, InvalidBody, events_of, item_at_once, item_of, read_append

INSTANT = datetime(2026, 11, 22, 8, tzinfo=UTC)
WITH_IDS = (EmploymentEnded, EventCorrected, EventVoided, PromotionGranted)
"""Types whose data may name an id, which is stored as it was sent."""
ID = "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"
ODD: Sequence[Any] = (
    *(None, True, False, 0, -1, 1, 3, 10_000, 2**53, 3.0, 1e3, [], {}, "", "1", "12.50", "2023-05-06", "2023-05-07"),
    *(
        "1899-12-31",
        "2023-02-30",
        "practice",
        "a:b",
        '":',
        "\\",
        "\0",
        "\x7f",
        "\u2028",
        "\u202e",
        "字" * 500,
        "x" * 501,
    ),
    *(
        "電話13812345678",
        "１３８１２３４５６７８",
        "12345678901",
        ID,
        ID.upper(),
        ID.replace("-", ""),
        "\U0001f600",
        "\ud800",
    ),
    *(["general"], ["general", "x"], {"day": "2023-05-06", "amount": "1"}, {"a": {"b": 1}}),
)
examples = st.sampled_from([msgspec.to_builtins(example_event(type_)) for type_ in PRACTITIONER_TYPES])
sources = st.sampled_from([None, {"system": "portal"}, {"document": "a:b"}, {"digest": f"sha256:{'0' * 64}"}, {}])


def outcome(read: Callable[[], Any]) -> Any:
    """Return the events, as struct and in bytes, or the refusal."""
    try:
        return [(event, type(event.data), event.content, leaf_of(event), event.raw) for event in read()]
    except (MalformedJson, InvalidBody, InvalidEvent) as refusal:
        return type(refusal), refusal.mistakes.told


def leaf_of(event: NewEvent) -> bytes:
    return leaf_bytes(event, ledger="x", practitioner_id="P-1", recorded_at=INSTANT, recorded_by="anonymous")


def spelt(value: Any, random: Random) -> str:
    """Return a value as some client may write it: spaced, escaped, and at times with a member twice."""
    space = random.choice(("", "", " ", "\n", "\t ", "\r"))
    match value:
        case dict():
            members = list(value.items())
            if members and random.random() < 0.02:
                members.insert(random.randrange(len(members) + 1), random.choice(members))
            if random.random() < 0.3:
                random.shuffle(members)
            told = (f"{space}{spelt(name, random)}{space}:{space}{spelt(child, random)}" for name, child in members)
            return f"{{{','.join(told)}{space}}}"
        case list():
            return f"[{space}{f'{space},'.join(spelt(child, random) for child in value)}]"
        case str():
            escaped = random.choice((0, 0, 0.1))
            return "".join(('"', *(_character(one, random.random() < escaped) for one in value), '"'))
        case _:
            return json.dumps(value)


def _character(one: str, escaped: bool) -> str:
    if not escaped:
        return json.dumps(one, ensure_ascii="\ud800" <= one <= "\udfff")[1:-1]
    return "".join(f"\\u{int.from_bytes(pair):04X}" for pair in _utf16(one))


def _utf16(one: str) -> Iterator[bytes]:
    units = one.encode("utf-16-be", "surrogatepass")
    return (units[at : at + 2] for at in range(0, len(units), 2))


def changed(event: Any, random: Random) -> Any:
    """Return an event of which a member may be odd, missing, or too much."""
    data = dict(event["data"])
    if random.random() < 0.3:
        data[random.choice((*data, "employment", "course", "nobody"))] = random.choice(ODD)
    if random.random() < 0.1:
        del data[random.choice(tuple(data))]
    event = {**event, "data": data}
    if random.random() < 0.1:
        event[random.choice((*event, "private", "nickname", "a:b"))] = random.choice(ODD)
    return event


@given(st.lists(st.tuples(examples, sources), max_size=3), st.randoms(use_true_random=True))
def test_one_step_gives_what_the_long_way_gives(sent: list[tuple[Any, Any]], random: Random) -> None:
    events = [changed(event if source is None else {**event, "source": source}, random) for event, source in sent]
    body = spelt({"events": events}, random).encode()
    assert outcome(lambda: events_of(read_append(body))) == outcome(lambda: events_of(strict_json.parse(body)))


@given(examples, sources, st.randoms(use_true_random=True))
def test_an_item_of_a_bulk_is_read_in_one_step_as_on_the_long_way(event: Any, source: Any, random: Random) -> None:
    item = changed(event if source is None else {**event, "source": source}, random)
    item["practitioner_id"] = random.choice(("P-1", "P-1", "_rules", "a:b", "", 1))
    text = spelt(item, random).encode()
    at_once = item_at_once(text)
    if at_once is not None:
        assert at_once == item_of(strict_json.parse(text))


@pytest.mark.parametrize("type_", PRACTITIONER_TYPES)
def test_what_every_client_sends_is_read_in_one_step(type_: str) -> None:
    event = msgspec.to_builtins(example_event(type_)) | {"source": {"document": "见 https://example.org/1"}}
    for text in (json.dumps({"events": [event]}), json.dumps({"events": [event]}, ensure_ascii=False, indent=1)):
        read = events_in_one_step(text.encode(), MAX_EVENTS_IN_A_REQUEST)
        assert (read is None) == (PRACTITIONER_TYPES[type_] in WITH_IDS)


class Trained(Session, frozen=True):
    language: str = "zh"


class TrainedTwice(Data, frozen=True):
    sessions: tuple[Trained, ...] | UnsetType = UNSET


@pytest.mark.parametrize("kind", [Trained, TrainedTwice, Patch, PromotionGranted])
def test_a_type_that_would_be_stored_otherwise_than_it_was_sent_goes_the_long_way(kind: type[Data]) -> None:
    assert writes_as_sent(Session)
    assert not writes_as_sent(kind)


@pytest.mark.parametrize(
    ("sent", "instead"),
    [
        ('"course":"x"', '"course":"x","course":"x"'),
        ('"course":"x"', '"course":"a:b","course":"x"'),
        ('"course":"x"', '"course":"x","course":"\\u003a"'),
        ('"course":"x"', '"course":"x","course":"\\u003A"'),
        ('"course":"x"', '"course" :"x","course":"x"'),
        ('"course":"x"', '"course":"x","cour\\u0073e":"x"'),
        ('"type":', '"type":"training.completed","type":'),
        ('"occurred_on":', '"occurred_on":"2023-05-06","occurred_on":'),
        ('{"events":', '{"events":[],"events":'),
    ],
)
def test_a_member_given_twice_is_seen_however_it_is_written(sent: str, instead: str) -> None:
    event = msgspec.to_builtins(example_event("training.completed"))
    event["data"]["course"] = "x"
    body = json.dumps({"events": [event]}, separators=(",", ":"))
    assert events_in_one_step(body.encode(), MAX_EVENTS_IN_A_REQUEST) is not None
    doubled = body.replace(sent, instead, 1).encode()
    with pytest.raises(MalformedJson, match="is given twice"):
        events_of(read_append(doubled))
    assert events_in_one_step(doubled, MAX_EVENTS_IN_A_REQUEST) is None


def test_a_body_of_too_many_events_goes_the_long_way() -> None:
    body = json.dumps({"events": [msgspec.to_builtins(example_event("registration.ended"))] * 3}).encode()
    assert events_in_one_step(body, 3) is not None
    assert events_in_one_step(body, 2) is None
