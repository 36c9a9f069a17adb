"""The shapes of what is stored: the members of an event type in plain types.

What was accepted once is never judged again. A pattern, a range, a closed vocabulary or an invariant that a release
makes stricter concerns what is sent from then on, and leaves what is stored readable.
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

    It takes what any earlier release has accepted, and is equal to none that was sent, being of a class of its own.
    Members that it does not know are left out: a later release, since taken back, may have stored them.
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
    """Take the place of the checks: they are for what is new."""


def _stored_member(member: FieldInfo, hint: Any) -> tuple[str, Any] | tuple[str, Any, Any]:
    return (member.name, _plain(hint)) if member.required else (member.name, _plain(hint), member.default)


def _plain(hint: Any) -> Any:
    """Return a type that has every value of `hint`, without its constraints."""
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
