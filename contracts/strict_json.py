"""Parses bytes to a JSON value, and refuses whatever two readers could understand differently.

Refused: anything but UTF-8, a byte order mark, a member named twice, NaN and Infinity, a lone surrogate, an integer
that a double cannot hold, nesting deeper than MAX_DEPTH.
"""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class MalformedJson(ValueError):
    """The bytes are not JSON that every reader understands alike."""


def parse(body: bytes) -> Any:
    """Return the value. A number with a point or exponent becomes a float, which no shape of ours takes."""
    try:
        text = body.decode("utf-8")
        value = _decode(text)
        if "\\u" in text and _SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"byte {error.start} is not UTF-8") from error
    except UnicodeEncodeError as error:
        raise MalformedJson("a lone surrogate is not a character") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise MalformedJson(f"nested deeper than {MAX_DEPTH} levels") from error
    # With so few brackets nothing can be nested too deeply, which spares most bodies the walk.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _check_depth(value)
    return value


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise MalformedJson(f"member {name!r} is given twice")
            seen.add(name)
    return members


def _refuse_constant(word: str) -> NoReturn:
    raise MalformedJson(f"{word} is not JSON")


def _integer(digits: str) -> int:
    # A double holds 16 digits at most; the length is checked first because int() of a long one is slow or refused.
    if len(digits) > 17 or abs(value := int(digits)) > MAX_INTEGER:
        raise MalformedJson("an integer lies beyond 2^53 - 1")
    return value


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level := [child for item in level for child in _children(item)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise MalformedJson(f"nested deeper than {MAX_DEPTH} levels")


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list):
        return value
    return ()


# Created once: `json.loads` with hooks creates a decoder at each call, which costs a third of parsing a small body.
_decode = json.JSONDecoder(object_pairs_hook=_members_once, parse_constant=_refuse_constant, parse_int=_integer).decode
