"""The shapes of stored data: the members of an event type in plain types.

Accepted data is never checked again. A pattern, range, closed vocabulary or invariant that a release makes stricter
applies to new events, and leaves stored ones readable.
"""

from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from msgspec import defstruct
from msgspec.structs import FieldInfo, fields

from contracts.events.catalogue import Data


@cache
def as_stored(shape: type[Data]) -> type[Data]:
    """Return the subclass of `shape` that stored data is read into.

    It accepts what any earlier release has accepted. Its instances never equal those of `shape`, because their class
    differs. Unknown members are ignored: a later release, since rolled back, may have stored them.
    """
    hints = get_type_hints(shape, include_extras=True)
    stored = defstruct(
        shape.__name__,
        [_stored_member(member, hints[member.name]) for member in fields(shape)],
        bases=(shape,),
        module=shape.__module__,
        namespace={"__doc__": shape.__doc__, "__post_init__": _accept},
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=False,
    )
    return cast(type[Data], stored)


def _accept(_: Data) -> None:
    """Override the checks, which are for new events."""


def _stored_member(member: FieldInfo, hint: Any) -> tuple[str, Any] | tuple[str, Any, Any]:
    return (member.name, _plain(hint)) if member.required else (member.name, _plain(hint), member.default)


def _plain(hint: Any) -> Any:
    """Return a type with every value of `hint` and none of its constraints."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _plain(arguments[0])
    if origin is Literal:
        return reduce(or_, {type(value) for value in arguments})
    if origin in (Union, UnionType):
        return reduce(or_, map(_plain, arguments))
    if origin is not None:
        return origin[tuple(map(_plain, arguments))]
    return as_stored(hint) if isinstance(hint, type) and issubclass(hint, Data) else hint
