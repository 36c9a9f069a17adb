"""What an answer gives beside its status. Each kind of rule has one result struct, in its own module.

From it are derived the JSON and its schema, the columns of a cohort, the field that people filter by, and what remains
of the result where nothing is judged. Pure.
"""

from typing import Annotated, ClassVar, Literal, get_args, get_origin

from msgspec import Meta, Struct, structs

Figure = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]{1,2})?$", description="a plain decimal")]
EventId = Annotated[str, Meta(min_length=1)]
Code = Annotated[str, Meta(pattern="^[a-z0-9_:.]+$")]


class Result(Struct, frozen=True):
    """Without arguments a result is empty: every field is unknown, never false or zero."""

    KEY: ClassVar[str | None] = None
    """The field that people filter by."""
    ANNOUNCED: ClassVar[tuple[str, ...]] = ()
    """The fields whose changes over time are announced even if the status stays, in this order."""

    def facts_alone(self) -> "Result":
        """Return what remains of the result where nobody is judged."""
        return type(self)()


def words_of(result: type[Result], name: str) -> tuple[str, ...]:
    """Return the codes that a field of a result may hold; none if there is no such field, or it holds no codes."""
    kinds = [field.type for field in structs.fields(result) if field.name == name]
    literals = [part for kind in kinds for part in (kind, *get_args(kind)) if get_origin(part) is Literal]
    return tuple(word for literal in literals for word in get_args(literal))


EMPTY = Result()
"""The result of a condition, and of a rule that gives only a status."""
