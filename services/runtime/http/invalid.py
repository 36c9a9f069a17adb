"""What the framework finds wrong with parameters and bodies, as mistakes of ours: its sentences are Python's. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from contracts.mistakes import Misfit, Mistakes, Phrase, one_of, phrase, said_of
from contracts.wording import UNFORESEEN
from services.runtime.refusals import MAX_NAME_CHARACTERS, pointer_to

A_TEXT, AN_OBJECT = (phrase("wrong-kind", expected=phrase(kind)) for kind in ("text", "object"))
KINDS: Mapping[str, Callable[[Mapping[str, Any]], Phrase]] = {
    "missing": lambda _: phrase("missing"),
    "extra_forbidden": lambda _: phrase("unknown-member"),
    "greater_than_equal": lambda facts: phrase("too-small", bound=facts["ge"]),
    "less_than_equal": lambda facts: phrase("too-large", bound=facts["le"]),
    "string_too_short": lambda facts: phrase("too-few", bound=facts["min_length"], counted=phrase("characters")),
    "string_too_long": lambda facts: phrase("too-many", bound=facts["max_length"], counted=phrase("characters")),
    "literal_error": lambda facts: phrase("not-one-of", expected=one_of(re.findall("'(.*?)'", facts["expected"]))),
    "string_type": lambda _: A_TEXT,
    "model_attributes_type": lambda _: AN_OBJECT,
    "dict_type": lambda _: AN_OBJECT,
}


def mistakes_in(errors: Iterable[Mapping[str, Any]], found: Mistakes) -> None:
    """Add what the framework found, but for places at which there is a mistake already."""
    known = {mistake.pointer for mistake in found.told}
    for error in errors:
        if (pointer := _pointer(error["loc"])) not in known:
            found.add(pointer, said_of(error["input"], _what(error)))


def _what(error: Mapping[str, Any]) -> Phrase:
    facts = error.get("ctx", {})
    if isinstance(misfit := facts.get("error"), Misfit):
        return misfit.what
    kind = KINDS.get(error["type"])
    return UNFORESEEN if kind is None else kind(facts)


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
