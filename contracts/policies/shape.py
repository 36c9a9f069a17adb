"""The types of the language, and the members of a document that they describe. Pure."""

from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields


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
