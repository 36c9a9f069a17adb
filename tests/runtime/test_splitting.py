"""A bulk in JSON is split as if it were parsed, and in short steps whatever it holds."""

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.strict_json import MalformedJson
from services.ledger.api import splitting
from services.ledger.api.splitting import STEP_BYTES, items_of

MEGABYTE = 1 << 20
texts = st.text(st.sampled_from('a,:"\\[]{} \n签'), max_size=8)
values = st.recursive(
    texts | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=4),
)


def deep(levels: int) -> Any:
    return [deep(levels - 1), "]"] if levels else {}


@given(items=st.lists(values, max_size=4), indent=st.none() | st.integers(0, 2), is_ascii=st.booleans())
@example(items=[deep(40), {"a": "x" * 100_000, "b": deep(9)}, 1], indent=1, is_ascii=True)
def test_the_items_are_those_of_the_list(items: list[Any], indent: int | None, is_ascii: bool) -> None:
    body = json.dumps({"events": items}, indent=indent, ensure_ascii=is_ascii).encode()
    split = list(items_of(b"\r\n\t " + body + b" ", MEGABYTE))
    assert [json.loads(item) for item in split if item] == items
    assert len(split) == len(items)


@given(data=st.data(), items=st.lists(values, min_size=1, max_size=3))
def test_a_body_that_is_changed_anywhere_is_refused_or_parsed_alike(data: st.DataObject, items: list[Any]) -> None:
    body = json.dumps({"events": items}).encode()
    at, put = data.draw(st.integers(0, len(body) - 1)), data.draw(st.sampled_from(b'[]{},:"\\ 1\n'))
    changed = body[:at] + bytes([put]) + body[at + data.draw(st.integers(0, 1)) :]
    try:
        parsed = msgspec.json.decode(changed, type=dict[str, list[msgspec.Raw]])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        parsed = {}
    if parsed.keys() == {"events"} and changed.count(b'"events"') == 1:
        assert list(items_of(changed, MEGABYTE)) == [bytes(item).strip() for item in parsed["events"]]
    elif changed.count(b'"events"') < 2:
        with pytest.raises(MalformedJson):
            list(items_of(changed, MEGABYTE))


def test_what_is_longer_than_an_item_may_be_is_passed_over() -> None:
    long = [b'["' + b"a" * 200 + b'"]', b'"' + b'\\"]' * 100 + b'"', b"{" + b"[]," * 60_000 + b"}"]
    body = b'{"events":[1,' + b",2,".join(long) + b",3]}"
    assert list(items_of(body, 100)) == [b"1", None, b"2", None, b"2", None, b"3"]


HOSTILE = {
    "lists": b"[" + b"[]," * MEGABYTE + b"1]",
    "lists in lists": b"[" * MEGABYTE + b"]" * MEGABYTE,
    "lists that do not end": b"[" * MEGABYTE,
    "ends without a beginning": b"[]" + b"}" * MEGABYTE,
    "one text": b'"' + b"a" * MEGABYTE + b'"',
    "one text of escapes": b'["' + b"\\\\" * MEGABYTE + b'"]',
    "a text that does not end": b'["' + b"\\" * (2 * MEGABYTE + 1),
    "many texts": b"[" + b'"]",' * MEGABYTE + b"1]",
    "blanks": b" " * (2 * MEGABYTE) + b"1",
    "one number": b"1" * (2 * MEGABYTE),
    "numbers": b"[" + b"1," * MEGABYTE + b"1]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_step_of_splitting_is_long(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at in one call keeps the event loop away. It was the whole body, of up to 16 MiB."""
    steps = [0]
    look, check = splitting._in_step, splitting._check

    def looked(pattern: re.Pattern[bytes], body: bytes, at: int, step: int = STEP_BYTES) -> re.Match[bytes] | None:
        assert step <= STEP_BYTES
        steps[0] += 1
        return look(pattern, body, at, step)

    def checked(item: bytes) -> Any:
        assert len(item) <= STEP_BYTES
        return check(item)

    monkeypatch.setattr(splitting, "_in_step", looked)
    monkeypatch.setattr(splitting, "_check", checked)
    body = b'{"events":[' + HOSTILE[name] + b",2]}"
    try:
        assert list(items_of(body, STEP_BYTES))[-1] == b"2"
    except MalformedJson:
        assert name in ("lists that do not end", "ends without a beginning", "a text that does not end", "one number")
    assert steps[0] < 3 * len(body) / STEP_BYTES + 30
