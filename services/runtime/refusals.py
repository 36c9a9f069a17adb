"""What every refusal has in common: a class named for the fact, whose name is also its code. Pure.

`services.runtime.http.problems` words each code once, from the facts that the exception carries as attributes.
"""

import re
from typing import TypeVar

MAX_NAME_CHARACTERS = 100

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")

E = TypeVar("E", bound=BaseException)


class Refusal(Exception):
    """A request that is refused. Subclasses are dataclasses (eq=False, never frozen) whose fields are the facts.

    A field `pointer`, if there is one, names the place in the request: a JSON pointer into the body, else `?parameter`,
    `{path_id}` or the name of a header.
    """


class DatabaseUnavailable(Refusal):
    """The database is away, or the connection broke during the work."""


def pointer_to(*members: str) -> str:
    """Return a JSON pointer (RFC 6901). Long names, which can only come from a client, are cut."""
    return "".join("/" + member[:MAX_NAME_CHARACTERS].replace("~", "~0").replace("/", "~1") for member in members)


def code_of(refusal: type[Exception]) -> str:
    """Return `void-of-a-void` for VoidOfAVoid."""
    return _WORD_START.sub("-", refusal.__name__).lower()


def without_frames(error: E) -> E:
    """Return the error without the frames in which it, and what caused it, was raised.

    They hold everything that the request has read, and hold each other in a circle: what is refused would stay in
    memory until the collector of cyclic garbage runs, which is seldom.
    """
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error
