"""Raw JSON to events and back: canonical, strict, and every refusal with a pointer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
import rfc8785

from contracts.events.catalogue import ALL_TYPES
from contracts.events.codec import (
    InvalidEvent,
    PersonalDataInText,
    PrivateNotEnabled,
    UnknownType,
    content,
    leaf_bytes,
    leaf_hash,
    parse_event,
    read_leaf,
)
from contracts.events.examples import example_event
from contracts.events.one_step import events_in_one_step
from contracts.mistakes import Fact, Phrase
from contracts.sentences import SENTENCES, in_words
from contracts.wording import UNFORESEEN

INSTANT = datetime(2026, 11, 22, 8, 0, 0, 123, tzinfo=UTC)


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_every_types_example_goes_through_its_leaf_and_back(type_: str) -> None:
    given_event = msgspec.to_builtins(example_event(type_))
    event = parse_event(given_event, types=ALL_TYPES)
    leaf = leaf_bytes(event, ledger="chengdu", practitioner_id="P-1", recorded_at=INSTANT, recorded_by="anonymous")
    stored = read_leaf(leaf)
    assert stored.data == given_event["data"]
    assert content(stored.type, stored.occurred_on, stored.data, stored.source) == event.content
    assert leaf == rfc8785.dumps(msgspec.json.decode(leaf))
    assert stored.recorded_at == "2026-11-22T08:00:00.000123Z"


ODD_VALUES: Sequence[Any] = (None, True, -1, 10_000, 3.5, "", "x" * 600, "x", "2024-13-01", [], [1] * 101, {}, {"x": 1})


def with_an_odd_value(value: Any, odd: Any) -> Iterator[Any]:
    """Yield the JSON value with each of its members in turn replaced, at every depth."""
    match value:
        case dict():
            for name, child in value.items():
                yield {**value, name: odd}
                yield from ({**value, name: changed} for changed in with_an_odd_value(child, odd))
        case list():
            for index, child in enumerate(value):
                others = value[:index], value[index + 1 :]
                yield [*others[0], odd, *others[1]]
                yield from ([*others[0], changed, *others[1]] for changed in with_an_odd_value(child, odd))


OF_NEW_EVENTS = {"no-number-with-a-point", "no-such-number", "no-such-text", "unforeseen"}
"""What is wrong with a patch whose target may not be known yet; findings are about targets."""
QUOTED_BY_FINDINGS: Mapping[str, str] = {
    "all-left-out": "needs at least one of {names}",
    "amounts-do-not-add-up": "the sessions add up to {total}, not to amount {amount}",
    "begins-after-it-ends": "lies after the training's end, {end}",
    "day-out-of-range": "must be a date from {first} to {last}[, not {found}]",
    "ends-before-it-begins": "the last day {last} lies before the first day {first}",
    "in-the-target": "{member}: {what}",
    "links-to-another-id": "a correction cannot link to another id: void the link, and record another",
    "missing": "is missing[: it must be {expected}]",
    "moves-to-another-target": "a correction cannot move a revision to another target",
    "not-a-day": "[{found} ]is not a day of the calendar as YYYY-MM-DD",
    "not-a-uuid": "[{found} ]is not a UUID",
    "not-taken": "is not one of the values that this member takes",
    "not-the-day-of-the-event": "must equal occurred_on, {occurred_on}",
    "place-without-local-scope": "only a certificate of local scope has a place in which it holds",
    "too-few": "must have {bound} or more {counted}[, and has {count}]",
    "too-large": "must be {bound} or less[, not {found}]",
    "too-many": "must have {bound} or fewer {counted}[, and has {count}]",
    "too-small": "must be {bound} or more[, not {found}]",
    "unknown-member": "is not a member here[: {meant} is]",
    "wrong-form": "must be {expected}[, not {found}]",
    "wrong-kind": "must be {expected}[, not {found}]",
    "amount": "a decimal string above zero, up to five digits before the point and two after it",
    "and": " and ",
    "characters": "characters",
    "code-of-a-vocabulary": "a code of a-z and _ that begins with a letter, up to 64 characters",
    "day": "a day as YYYY-MM-DD",
    "digest": "a digest: sha256: and 64 of 0-9 a-f",
    "entries": "entries",
    "id": "an id: a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -",
    "list": "a list",
    "members": "members",
    "null": "null",
    "number-with-a-point": "a number with a point",
    "object": "an object",
    "place-code": "a six-digit code of GB/T 2260",
    "plain-text": "a text without control or bidirectional control characters",
    "score": "a decimal string from 0 to 100 with up to two digits after the point",
    "text": "a text",
    "true-or-false": "true or false",
    "uuid": "a UUID",
    "whole-number": "a whole number",
}


def codes_in(fact: Fact) -> Iterator[str]:
    if isinstance(fact, Phrase):
        yield fact.code
        for inside in fact.facts.values():
            yield from codes_in(inside)


@pytest.mark.parametrize("code", QUOTED_BY_FINDINGS)
def test_what_findings_quote_reads_the_same_in_every_release(code: str) -> None:
    """A finding of years ago is asked for again, and is the same to the letter."""
    assert SENTENCES[code][1] == QUOTED_BY_FINDINGS[code]


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_what_is_wrong_with_an_event_is_said_in_our_words(type_: str) -> None:
    """Findings quote the message, while a library's messages change."""
    sound = msgspec.to_builtins(example_event(type_))
    messages, codes = set(), set()
    for changed in (changed for odd in ODD_VALUES for changed in with_an_odd_value(sound, odd)):
        try:
            parse_event(changed, types=ALL_TYPES)
        except InvalidEvent as invalid:
            first = invalid.mistakes.first
            messages.add(in_words(first.what, "en"))
            codes |= {*codes_in(first.what)} if first.pointer.startswith("/data/") else set()
    assert codes <= QUOTED_BY_FINDINGS.keys() | OF_NEW_EVENTS
    assert "must be a text, not a whole number" in messages
    assert {detail for detail in messages if "`" in detail or "Expected" in detail} | (
        messages & {in_words(UNFORESEEN, "en")}
    ) == set()


@pytest.mark.parametrize(
    ("data", "pointer", "detail"),
    [
        ({"amount": 12}, "/data/amount", "must be a text, not a whole number"),
        ({"unit": "week"}, "/data/unit", "is not one of the values that this member takes"),
        ({"subjects": []}, "/data/subjects", "must have 1 or more entries"),
        ({"subjects": ["sw_practice"] * 101}, "/data/subjects", "must have 100 or fewer entries"),
        ({"provider": "x" * 501}, "/data/provider", "must have 500 or fewer characters"),
        ({"started_on": "2024-02-30"}, "/data/started_on", "is not a day of the calendar as YYYY-MM-DD"),
        ({"colour": "red"}, "/data/colour", "is not a member here"),
    ],
)
def test_a_refusal_says_what_is_wrong_where(data: dict[str, Any], pointer: str, detail: str) -> None:
    with pytest.raises(InvalidEvent) as raised:
        parse_event(training(data=data))
    assert (raised.value.pointer, in_words(raised.value.mistakes.first.what, "en")) == (pointer, detail)


def test_a_leaf_has_neither_position_nor_version_and_is_hashed_as_rfc_6962_says() -> None:
    event = parse_event(training())
    leaf = leaf_bytes(event, ledger="l", practitioner_id="P-1", recorded_at=INSTANT, recorded_by="anonymous")
    assert leaf == (
        b'{"data":{"amount":"12.5","subjects":["sw_practice"],"unit":"hour"},'
        b'"event_id":"00000000-0000-4000-8000-000000000001","ledger":"l","occurred_on":"2024-05-06",'
        b'"practitioner_id":"P-1","recorded_at":"2026-11-22T08:00:00.000123Z","recorded_by":"anonymous",'
        b'"schema_version":1,"source":null,"type":"training.completed","v":1}'
    )
    assert leaf_hash(leaf).hex() == "05e6e889e4ec35297b1ef275573d93eb1be40ef9a52d54ef21e2e09da260bed7"


def training(**members: Any) -> dict[str, Any]:
    """Return a training, with members of the envelope or, under `data`, of its data changed; None leaves one out."""
    data = {"amount": "12.5", "unit": "hour", "subjects": ["sw_practice"], **members.pop("data", {})}
    envelope = {
        "event_id": "00000000-0000-4000-8000-000000000001",
        "type": "training.completed",
        "occurred_on": "2024-05-06",
        "data": {name: value for name, value in data.items() if value is not None},
        **members,
    }
    return {name: value for name, value in envelope.items() if value is not None}


def other(type_: str, occurred_on: str = "2024-05-06", **data: Any) -> dict[str, Any]:
    return {**training(), "type": type_, "occurred_on": occurred_on, "data": data}


BAD = [
    ("no object", [], ""),
    ("no id", training(event_id=None), "/event_id"),
    ("id that is no UUID", training(event_id="1"), "/event_id"),
    ("id in braces", training(event_id="{00000000-0000-4000-8000-000000000001}"), "/event_id"),
    ("no type", training(type=None), "/type"),
    ("type that is no text", training(type=1), "/type"),
    ("unknown member of the envelope", training(nickname="x"), "/nickname"),
    ("unknown member of the data", training(data={"hours": "1"}), "/data/hours"),
    ("data that is a list", training() | {"data": []}, "/data"),
    ("missing member of the data", training(data={"unit": None}), "/data/unit"),
    ("null where a member is left out", training() | {"source": None}, "/source"),
    ("30 February", training(occurred_on="2024-02-30"), "/occurred_on"),
    ("date without dashes", training(occurred_on="20240506"), "/occurred_on"),
    ("date with a time", training(occurred_on="2024-05-06T00:00:00"), "/occurred_on"),
    ("date in full-width digits", training(occurred_on="２０２４-05-06"), "/occurred_on"),
    ("date before 1900", training(occurred_on="1899-12-31"), "/occurred_on"),
    ("date after 2199", training(occurred_on="2200-01-01"), "/occurred_on"),
    ("number where a decimal string is due", training(data={"amount": 12.5}), "/data/amount"),
    ("three decimals", training(data={"amount": "1.125"}), "/data/amount"),
    ("exponent", training(data={"amount": "1e3"}), "/data/amount"),
    ("full-width digits", training(data={"amount": "１２"}), "/data/amount"),
    ("Arabic digits", training(data={"amount": "١٢"}), "/data/amount"),
    ("zero", training(data={"amount": "0.00"}), "/data/amount"),
    ("sign", training(data={"amount": "-1"}), "/data/amount"),
    ("six digits before the point", training(data={"amount": "100000"}), "/data/amount"),
    ("newline behind the amount", training(data={"amount": "1\n"}), "/data/amount"),
    ("no decimals behind the point", training(data={"amount": "1."}), "/data/amount"),
    ("empty list", training(data={"subjects": []}), "/data/subjects"),
    ("101 items", training(data={"subjects": ["general"] * 101}), "/data/subjects"),
    ("word out of its set", training(data={"subjects": ["general", "cooking"]}), "/data/subjects/1"),
    ("empty text", training(data={"course": ""}), "/data/course"),
    ("501 characters", training(data={"course": "字" * 501}), "/data/course"),
    ("NUL", training(data={"course": "a\0b"}), "/data/course"),
    ("control character", training(data={"course": "a\u0085b"}), "/data/course"),
    ("bidirectional control character", training(data={"course": "a\u202eb"}), "/data/course"),
    (
        "sessions that do not add up",
        training(data={"sessions": [{"day": "2024-05-06", "amount": "12"}]}),
        "/data/sessions",
    ),
    (
        "unknown member of a session",
        training(data={"sessions": [{"day": "2024-05-06", "amount": "12.5", "room": "1"}]}),
        "/data/sessions/0/room",
    ),
    ("ended_on another day", training(data={"ended_on": "2024-05-07"}), "/data/ended_on"),
    ("started after its end", training(data={"started_on": "2024-05-07"}), "/data/started_on"),
    (
        "end before start",
        other("registration.granted", first=True, valid_from="2024-05-06", valid_until="2024-05-05"),
        "/data/valid_until",
    ),
    (
        "text for a bool",
        other("registration.granted", first="true", valid_from="2024-05-06"),
        "/data/first",
    ),
    ("bool for a number", other("promotion.granted", post="主任", post_level=True), "/data/post_level"),
    ("float for a whole number", other("promotion.granted", post="主任", post_level=3.0), "/data/post_level"),
    ("level 14", other("promotion.granted", post="主任", post_level=14), "/data/post_level"),
    (
        "place of five digits",
        other("practitioner.enrolled", identity_type="mainland", jurisdiction="51010"),
        "/data/jurisdiction",
    ),
    ("empty source", training(source={}), "/source"),
    ("unknown member of the source", training(source={"page": "1"}), "/source/page"),
    (
        "correction of nothing",
        other("event.corrected", target=str(INSTANT), set={"data": {"a": "b"}}, reason="x"),
        "/data/target",
    ),
    ("empty patch", other("event.corrected", target=training()["event_id"], set={}, reason="x"), "/data/set"),
    (
        "patch of another member",
        other("event.corrected", target=training()["event_id"], set={"type": "x"}, reason="x"),
        "/data/set/type",
    ),
    (
        "patch with a number with a point",
        other("event.corrected", target=training()["event_id"], set={"data": {"amount": 1.5}}, reason="x"),
        "/data/set/data/amount",
    ),
]


def is_read_in_one_step(event: Any) -> bool:
    return events_in_one_step(msgspec.json.encode({"events": [event]}), at_most=1) is not None


def test_a_good_event_is_read_in_one_step() -> None:
    assert is_read_in_one_step(training(data={"course": "成都 2024-05-06 12:00"}, source={"system": "portal"}))


@pytest.mark.parametrize(("value", "pointer"), [pytest.param(*bad[1:], id=bad[0]) for bad in BAD])
def test_a_malformed_event_is_refused_where_it_is_wrong(value: Any, pointer: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        parse_event(value, "/events/3")
    assert refused.value.pointer == f"/events/3{pointer}"
    assert type(refused.value) is InvalidEvent
    assert in_words(refused.value.mistakes.first.what, "zh")
    assert not is_read_in_one_step(value)


@pytest.mark.parametrize("type_", ["subject.erased", "training.complete", "local_standard.registered", "", "x" * 1_000])
def test_an_unknown_type_is_refused_and_rule_events_are_unknown_in_a_persons_stream(type_: str) -> None:
    with pytest.raises(UnknownType) as refused:
        parse_event(training(type=type_))
    assert refused.value.pointer == "/type"
    assert not is_read_in_one_step(training(type=type_))


@pytest.mark.parametrize(
    "text",
    [
        "身份证11010519491231002X号",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "call 13812345678",
        "电话13812345678。",
        "+8613812345678",
        "+86 13812345678",
    ],
)
def test_a_text_with_an_identity_or_mobile_number_is_refused(text: str) -> None:
    for holding_it in (training(data={"course": text}), training(source={"document": text})):
        assert not is_read_in_one_step(holding_it)
    with pytest.raises(PersonalDataInText) as refused:
        parse_event(training(data={"provider": "ok", "course": text}))
    assert refused.value.pointer == "/data/course"
    with pytest.raises(PersonalDataInText) as refused:
        parse_event(training(source={"document": text}))
    assert refused.value.pointer == "/source/document"


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",
        "x11010519491231002X",
        "213812345678",
        "12812345678",
        "AB13812345678",
        "2024-05-06 12:00:00",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert parse_event(training(data={"course": text})).raw["course"] == text


def test_an_identity_number_in_a_patch_is_refused_before_its_target_is_known() -> None:
    patch = {"data": {"course": "11010519491231002X"}}
    with pytest.raises(PersonalDataInText) as refused:
        parse_event(other("event.corrected", target=training()["event_id"], set=patch, reason="x"))
    assert refused.value.pointer == "/data/set/data/course"


def test_private_is_refused_until_it_can_be_kept_apart() -> None:
    with pytest.raises(PrivateNotEnabled) as refused:
        parse_event(training(private={"name": "王芳"}))
    assert refused.value.pointer == "/private"


def test_text_is_kept_byte_for_byte() -> None:
    text = "e\u0301 é  ﬁ \U0001f600"
    assert parse_event(training(data={"course": text})).raw["course"] == text


def test_an_event_id_in_capitals_is_the_same_id() -> None:
    lower = parse_event(training(event_id="0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"))
    upper = parse_event(training(event_id="0190B6A0-7E2C-7D3B-9C58-6A1C8A9D2F10"))
    assert lower.event_id == upper.event_id
    assert lower.occurred_on == date(2024, 5, 6)


def test_a_refusal_says_where_and_what_is_wrong_to_those_who_read_a_log() -> None:
    with pytest.raises(InvalidEvent) as refused:
        parse_event({**msgspec.to_builtins(example_event("training.completed")), "occurred_on": "1899-12-31"})
    assert str(refused.value) == "/occurred_on: must be a date from 1900-01-01 to 2199-12-31"
