"""The types of the language, the members of a document that they describe, and where a document does not fit. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from contracts.keys import Path, shown
from contracts.policies.language import INDICATOR_PATTERN, PERIOD_PATTERN
from contracts.sentences import in_words
from contracts.wording import is_about, missing_member, said_in, unknown_member

T = TypeVar("T")
Hook: TypeAlias = Callable[[type, Any], Any]
"""Converts a value to a type that msgspec does not know. Raises MalformedPackError."""
_JSON: Mapping[type, str] = {
    str: "str",
    list: "array",
    dict: "object",
    int: "int",
    float: "float",
    bool: "bool",
    NoneType: "null",
}
"""What msgspec calls the types of a JSON document."""
_PATTERNS = {
    PERIOD_PATTERN: "a year from 1900 to 2199 as YYYY, or a day as YYYY-MM-DD",
    INDICATOR_PATTERN: "the id of an indicator: I- and two digits",
}


class MalformedPackError(ValueError):
    """A part of a document does not have the shape of the language. `at` are the keys that lead to it."""

    def __init__(self, at: Path, why: str) -> None:
        super().__init__(at, why)  # As they came, so that the error can be handed over by a worker process.
        self.at, self.why = at, why

    def __str__(self) -> str:
        return f"{shown(self.at) or 'the pack'}: {self.why}"


def fitted(value: Any, kind: type[T], hook: Hook | None = None) -> T:
    """Return a JSON value as this type. Raises MalformedPackError with the keys of the innermost part that is wrong."""
    try:
        return cast(T, _convert(value, kind, hook))
    except msgspec.ValidationError as error:
        raise _misfit(value, kind, hook, error) from error


def _convert(value: Any, kind: Any, hook: Hook | None) -> Any:
    """Return a JSON value as this type. Raises msgspec.ValidationError.

    msgspec keeps what it knows of a struct, and makes it anew for any other type, on every call. When it forgets a type
    in which a text with a pattern or an object may stand, as it does at the latest when the process ends, it frees too
    much, and the process crashes (msgspec 0.22). So of several types the one that fits the value is found here.
    """
    if is_struct(kind):
        return msgspec.convert(value, kind, dec_hook=hook)
    if get_origin(bare(kind)) in (Union, UnionType):
        kinds = {_in_json(one): one for one in get_args(bare(kind))}
        if type(value) not in kinds:
            expected = " | ".join(_JSON[one] for one in kinds)
            raise msgspec.ValidationError(f"Expected `{expected}`, got `{_JSON[type(value)]}`")
        kind = kinds[type(value)]
    return msgspec.convert({"value": value}, _holder(kind), dec_hook=hook).value


def _in_json(kind: Any) -> type:
    """Return the type that a value of this type has in a JSON document."""
    kind = bare(kind)
    if get_origin(kind) is Literal or kind is date:
        return str
    if get_origin(kind) is tuple:
        return list
    return dict if get_origin(kind) is Mapping or is_struct(kind) else cast(type, kind)


@cache
def _holder(kind: Any) -> Any:
    return msgspec.defstruct("Holder", [("value", kind)])


def _misfit(value: Any, kind: Any, hook: Hook | None, error: msgspec.ValidationError) -> MalformedPackError:
    for key, child, child_kind in _parts(value, bare(kind)):
        try:
            _convert(child, child_kind, hook)
        except msgspec.ValidationError as inside:
            innermost = _misfit(child, child_kind, hook, inside)
            return MalformedPackError((key, *innermost.at), innermost.why)
    if isinstance(error.__cause__, MalformedPackError):
        return error.__cause__
    if isinstance(error.__cause__, ValueError):  # A struct refuses its own members, and says why.
        return MalformedPackError((), str(error.__cause__))
    message = str(error).partition(" - at `")[0]
    if (unknown := unknown_member(message)) is not None:
        return MalformedPackError((unknown,), f"{unknown!r} is not a member here")
    if missing := missing_member(message):
        return MalformedPackError((), f"{missing} is missing")
    if (words := _words_of(kind)) and isinstance(value, str):
        others = " or a list" if any(get_origin(bare(one)) is tuple for one in get_args(kind)) else ""
        return MalformedPackError(
            (), f"must be {'one of ' * (len(words) > 1)}{', '.join(words)}{others}, not {value!r}"
        )
    if meaning := next((meaning for pattern, meaning in _PATTERNS.items() if is_about(message, pattern)), None):
        return MalformedPackError((), f"must be {meaning}")
    # An author cannot write null, so it is not named among what may stand.
    return MalformedPackError((), in_words(said_in(message.replace(" | null`", "`")), "en"))


def _words_of(kind: Any) -> tuple[str, ...]:
    """Return the words that a type takes; none if it takes any text."""
    kind = bare(kind)
    if get_origin(kind) in (Union, UnionType):
        return tuple(word for one in get_args(kind) for word in _words_of(one))
    return get_args(kind) if get_origin(kind) is Literal else ()


def _parts(value: Any, kind: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """Yield the parts of a value with the type that each should have."""
    if get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from _parts(value, bare(one))
    elif is_struct(kind) and isinstance(value, dict):
        for name, member in members_of(kind).items():
            if name in value:
                yield name, value[name], member.type
    elif get_origin(kind) is Mapping and isinstance(value, dict):
        for name, child in value.items():
            yield name, name, get_args(kind)[0]
            yield name, child, inner(kind)
    elif get_origin(kind) is tuple and isinstance(value, list):
        yield from ((index, child, inner(kind)) for index, child in enumerate(value))


@cache
def members_of(shape: type[Struct]) -> Mapping[str, FieldInfo]:
    """Return the members of a struct by their names in a document."""
    return {field.encode_name: field for field in fields(shape)}


@cache
def bare(kind: Any) -> Any:
    """Return a type without its constraints, and without None if it is optional."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    arguments = [argument for argument in get_args(kind) if argument is not NoneType]
    if get_origin(kind) in (Union, UnionType) and len(arguments) == 1:
        return bare(arguments[0])
    return kind


@cache
def inner(kind: Any) -> Any:
    """Return the type of the items of a bare list or map type; None for any other type."""
    if get_origin(kind) is tuple:
        return get_args(kind)[0]
    return get_args(kind)[1] if get_origin(kind) is Mapping else None


def is_struct(kind: Any) -> bool:
    """Say whether a bare type is a struct of the language."""
    return isinstance(kind, type) and issubclass(kind, Struct)
