"""What the framework finds wrong with parameters and bodies, in our words: its own sentences are Python's. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from contracts.mistakes import Mistakes, shown
from contracts.wording import NO_SUCH_VALUE
from services.runtime.refusals import MAX_NAME_CHARACTERS, pointer_to

OWN_WORDS = "value_error"
"""What a validator of ours raised."""
WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "extra_forbidden": lambda _: "is not a member here",
    "greater_than_equal": lambda facts: f"must be {facts['ge']} or more",
    "less_than_equal": lambda facts: f"must be {facts['le']} or less",
    "string_too_short": lambda facts: f"must have {facts['min_length']} or more characters",
    "string_too_long": lambda facts: f"must have {facts['max_length']} or fewer characters",
    "literal_error": lambda facts: f"must be {facts['expected'].replace(chr(39), '')}",
    "string_type": lambda _: "must be a text",
    "model_attributes_type": lambda _: "must be an object",
    "dict_type": lambda _: "must be an object",
}


def mistakes_in(errors: Iterable[Mapping[str, Any]], found: Mistakes) -> None:
    """Add what the framework found, but for places at which there is a mistake already."""
    known = {mistake.pointer for mistake in found.told}
    for error in errors:
        if (pointer := _pointer(error["loc"])) not in known:
            found.add(pointer, _in_our_words(error))


def _in_our_words(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind == OWN_WORDS:
        detail = str(error["msg"]).removeprefix("Value error, ")
    elif kind in WORDS:
        detail = WORDS[kind](error.get("ctx", {}))
    else:
        return NO_SUCH_VALUE
    return f"{detail}, not {shown(error['input'])}" if detail.startswith("must be ") else detail


def _pointer(location: Sequence[int | str]) -> str:
    place, *path = (str(part)[:MAX_NAME_CHARACTERS] for part in location)
    match place:
        case "body":
            return pointer_to(*path)
        case "query":
            return f"?{path[0]}"
        case "path":
            return f"{{{path[0]}}}"
    return path[0]
