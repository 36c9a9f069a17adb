"""What an answer gives beside its status. Each kind of rule has one struct for it, in its own module.

From that are derived: the JSON and its schema, the columns of a cohort, the field that people filter by, and the form
that a result has where nothing is judged. Pure.
"""

from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, structs

Figure = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]{1,2})?$", description="a plain decimal")]
EventId = Annotated[str, Meta(min_length=1)]
Code = Annotated[str, Meta(pattern="^[a-z0-9_:.]+$")]


class Result(Struct, frozen=True):
    """Without arguments a result is empty: nothing is known, nothing missing ever becomes false or zero."""

    KEY: ClassVar[str | None] = None
    """The field that people filter by."""
    ANNOUNCED: ClassVar[tuple[str, ...]] = ()
    """The fields of which time may make another while the status stays, and which are told then, in this order."""

    def facts_alone(self) -> "Result":
        """Return what stands of the result where nobody is judged."""
        return type(self)()


def words_of(result: type[Result], name: str) -> tuple[str, ...]:
    """Return the words that a field of a result may hold; none where it has no such field, or one of other values."""
    kinds = [field.type for field in structs.fields(result) if field.name == name]
    literals = [part for kind in kinds for part in (kind, *get_args(kind)) if get_origin(part) is Literal]
    return tuple(word for literal in literals for word in get_args(literal))


def plain(value: Any) -> Any:
    """Return a value as JSON has it: dates as text, tuples as lists, structs as objects."""
    return msgspec.json.decode(msgspec.json.encode(value))


EMPTY = Result()
"""The result of a condition, and of a rule that gives nothing beside its status."""
