"""Parses bytes to a JSON value, and refuses whatever two readers could understand differently.

Refused: anything but UTF-8, a byte order mark, a member named twice, NaN and Infinity, a lone surrogate, an integer
that a double cannot hold, nesting deeper than MAX_DEPTH.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from contracts.mistakes import MAX_SHOWN_CHARACTERS, Mistakes, Phrase, Quoted, phrase
from contracts.sentences import in_one_sentence

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
TOO_DEEP = phrase("nested-too-deeply", most=MAX_DEPTH)
REASONS: Mapping[str, Phrase] = {
    "Expecting value": phrase("value-expected"),
    "Expecting ',' delimiter": phrase("comma-expected"),
    "Expecting ':' delimiter": phrase("colon-expected"),
    "Expecting property name": phrase("name-expected"),
    "Extra data": phrase("more-than-one-value"),
    "Illegal trailing comma": phrase("trailing-comma"),
    "Invalid \\": phrase("wrong-escape"),
    "Invalid control character": phrase("control-character"),
    "Unterminated string": phrase("text-without-end"),
}
"""How the parser's messages begin, which change with its version. Another one is told by its place alone."""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class MalformedJson(ValueError):
    """The bytes are not JSON that every reader understands alike."""

    def __init__(self, what: Phrase) -> None:
        super().__init__(what)
        self.mistakes = Mistakes.of("", what)

    def __str__(self) -> str:
        return in_one_sentence(self.mistakes, "en")


def parse(body: bytes) -> Any:
    """Return the value. A number with a point or exponent becomes a float, which no shape of ours takes."""
    try:
        text = body.decode("utf-8")
        value = _decode(text)
        if "\\u" in text and _SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(phrase("wrong-encoding", byte=error.start)) from error
    except UnicodeEncodeError as error:
        raise MalformedJson(phrase("no-character")) from error
    except json.JSONDecodeError as error:
        raise MalformedJson(_not_json(error)) from error
    except RecursionError as error:
        raise MalformedJson(TOO_DEEP) from error
    # With so few brackets nothing can be nested too deeply, which spares most bodies the walk.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _check_depth(value)
    return value


def _not_json(error: json.JSONDecodeError) -> Phrase:
    why = next((why for beginning, why in REASONS.items() if error.msg.startswith(beginning)), None)
    return phrase("wrong-syntax", line=error.lineno, column=error.colno, why=why)


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise MalformedJson(phrase("member-given-twice", member=Quoted(name[:MAX_SHOWN_CHARACTERS])))
            seen.add(name)
    return members


def _refuse_constant(word: str) -> NoReturn:
    raise MalformedJson(phrase("no-such-word", word=word))


def _integer(digits: str) -> int:
    # A double holds 16 digits at most; the length is checked first because int() of a long one is slow or refused.
    if len(digits) > 17 or abs(value := int(digits)) > MAX_INTEGER:
        raise MalformedJson(phrase("integer-too-large"))
    return value


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level := [child for item in level for child in _children(item)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise MalformedJson(TOO_DEEP)


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list):
        return value
    return ()


# Created once: `json.loads` with hooks creates a decoder at each call, which costs a third of parsing a small body.
_decode = json.JSONDecoder(object_pairs_hook=_members_once, parse_constant=_refuse_constant, parse_int=_integer).decode
