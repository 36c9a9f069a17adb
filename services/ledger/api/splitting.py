"""`{"events": [...]}` as the texts of its items, split in steps that are short, whatever the body holds. Pure.

A body is split in a thread. Each call of a library holds the interpreter until it returns, and with it the event loop:
over 16 MiB, a tenth of a second and more. So no call here looks at more than STEP_BYTES, or at one item.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

import msgspec

from contracts.mistakes import phrase
from contracts.strict_json import MalformedJson

FIRST_STEP_BYTES = 256
"""As long as an event often is."""
STEP_BYTES = 65_536
LEVELS_OF_AN_EVENT = 6
"""Of a correction; values with more are passed more slowly."""
NO_LIST = phrase("not-a-body-of-events", shape='{"events": [...]}')

_blanks = re.compile(rb"[ \t\r\n]++")
_scalar = re.compile(rb"[^ \t\r\n,\[\]{}\"]++")
_in_text = re.compile(rb'(?:[^"\\]++|\\.)++', re.DOTALL)
_text = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_run = re.compile(rb'(?:[^"]++|' + _text.pattern + rb")++", re.DOTALL)
"""Up to a text that has no end within the step."""
_text_or_bracket = re.compile(_text.pattern + rb"|[\[\]{}]", re.DOTALL)
_LEVELS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
"""How far a bracket leads down, as a signed byte."""
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_check = msgspec.json.Decoder(msgspec.Raw).decode
"""Makes no objects, of which a megabyte could hold half a million."""


def _of_levels(levels: int) -> bytes:
    """Return the pattern of a list or object with so many levels at most."""
    deeper = b"|" + _of_levels(levels - 1) if levels > 1 else b""
    return rb'[\[{](?:[^"\[\]{}]++|' + _text.pattern + deeper + rb")*+[\]}]"


_shallow = re.compile(_of_levels(LEVELS_OF_AN_EVENT), re.DOTALL)


def items_of(body: bytes, max_item_bytes: int) -> Iterator[bytes | None]:
    """Yield the text of each item, which is JSON; None for a longer one, which is passed over.

    Raises MalformedJson when it comes to what is not `{"events": [...]}`.
    """
    at = _behind(b"{", body, 0)
    at = _behind(b"[", body, _behind(b":", body, _behind(b'"events"', body, at)))
    at = _past_blanks(body, at)
    if not body.startswith(b"]", at):
        while True:
            end = _end_of_value(body, at)
            yield _checked(body[at:end]) if end - at <= max_item_bytes else None
            at = _past_blanks(body, end)
            if not body.startswith(b",", at):
                break
            at = _past_blanks(body, at + 1)
    if _past_blanks(body, _behind(b"}", body, _behind(b"]", body, at))) != len(body):
        raise MalformedJson(NO_LIST)


def _checked(item: bytes) -> bytes:
    try:
        _check(item)
    except (msgspec.MsgspecError, RecursionError):
        raise MalformedJson(NO_LIST) from None
    return item


def _behind(token: bytes, body: bytes, at: int) -> int:
    at = _past_blanks(body, at)
    if not body.startswith(token, at):
        raise MalformedJson(NO_LIST)
    return at + len(token)


def _past_blanks(body: bytes, at: int) -> int:
    while found := _in_step(_blanks, body, at):
        at = found.end()
    return at


def _end_of_value(body: bytes, at: int) -> int:
    """Return where a value ends, if it is one: nothing but its brackets and texts is looked at."""
    first = body[at : at + 1]
    if first in (b"[", b"{"):
        return _end_of_nested(body, at)
    if first == b'"':
        return _end_of_text(body, at + 1)
    return _end_of_scalar(body, at)


def _end_of_scalar(body: bytes, at: int) -> int:
    scalar = _in_step(_scalar, body, at)
    if scalar is None or len(scalar[0]) == STEP_BYTES:  # No number is as long as that.
        raise MalformedJson(NO_LIST)
    return scalar.end()


def _end_of_nested(body: bytes, at: int) -> int:
    if shallow := _in_step(_shallow, body, at):
        return shallow.end()
    level, at, step_bytes = 1, at + 1, FIRST_STEP_BYTES
    while at < len(body):
        run = _in_step(_run, body, at, step_bytes)
        if run is None:  # There is a text that is longer than the step.
            at = _end_of_text(body, at + 1)
            continue
        brackets = memoryview(_text.sub(b"", run[0]).translate(_LEVELS, _OTHERS)).cast("b")
        if min(accumulate(brackets, initial=level)) <= 0:
            return _end_within(body, at, run.end(), level)
        level += sum(brackets)
        at, step_bytes = run.end(), min(2 * step_bytes, STEP_BYTES)
    raise MalformedJson(NO_LIST)


def _end_within(body: bytes, at: int, end: int, level: int) -> int:
    """Return where the last level is left, which is before `end`."""
    for found in _text_or_bracket.finditer(body, at, end):
        if not found[0].startswith(b'"'):
            level += 1 if found[0] in b"[{" else -1
            if level == 0:
                return found.end()
    raise MalformedJson(NO_LIST)


def _end_of_text(body: bytes, at: int) -> int:
    """Return where a text ends of which the first quotation mark has been read."""
    while found := _in_step(_in_text, body, at):
        at = found.end()
    if not body.startswith(b'"', at):
        raise MalformedJson(NO_LIST)
    return at + 1


def _in_step(pattern: re.Pattern[bytes], body: bytes, at: int, step_bytes: int = STEP_BYTES) -> re.Match[bytes] | None:
    return pattern.match(body, at, at + step_bytes)
