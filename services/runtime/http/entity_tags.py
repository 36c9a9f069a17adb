"""Entity tags, and lists of them in a condition (RFC 9110, 8.8.3 and 13.1). Pure."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from contracts.events.values import END
from contracts.mistakes import Mistakes, phrase
from services.runtime.http.parameters import InvalidParameter

GZIP_SUFFIX = "-gzip"
"""Ends the tag of a compressed answer: other bytes have another strong tag. As a condition both mean the same state."""

DIGEST_TAG_BYTES = 16

_TAG = r'(W/)?"[!#-~\x80-\xff]*"'
CONDITION_PATTERN = rf"^(\*|(,[ \t]*)*{_TAG}([ \t]*,([ \t]*{_TAG})?)*){END}"
"""What `tag_condition` reads, as a schema says it, of a header without blanks at its ends, as headers arrive."""

_element = re.compile(r'[ \t]*(?:(?P<weak>W/)?"(?P<opaque>[!#-~\x80-\xff]*)")?[ \t]*(?:,|\Z)')


@dataclass(frozen=True, slots=True)
class EntityTag:
    """`opaque` is what stands between the quotes, of whichever encoding the tagged answer had."""

    opaque: str
    weak: bool


@dataclass(frozen=True, slots=True)
class TagCondition:
    """What a header asks: any state at all (`*`), or one of some."""

    any_state: bool
    tags: Sequence[EntityTag] = ()

    def names(self, opaque: str) -> bool:
        """Whether the condition names a state, compared weakly: a weak tag will do."""
        return self.any_state or any(tag.opaque == opaque for tag in self.tags)


def strong_tag(opaque: str) -> str:
    """Return the entity tag as a header has it."""
    return f'"{opaque}"'


def digest_tag(body: bytes) -> str:
    """Return the tag of exactly these bytes."""
    return strong_tag(urlsafe_b64encode(sha256(body).digest()[:DIGEST_TAG_BYTES]).rstrip(b"=").decode())


def tag_condition(name: str, lines: Sequence[str]) -> TagCondition | None:
    """Return what the lines of a header ask, None without any. Raises InvalidParameter."""
    if not lines:
        return None
    text = ", ".join(lines)
    if text.strip(" \t") == "*":
        return TagCondition(any_state=True)
    tags = list(_tags(name, text))
    if not tags:
        raise _malformed(name)
    return TagCondition(any_state=False, tags=tags)


def _tags(name: str, text: str) -> Iterator[EntityTag]:
    at = 0
    while at < len(text):
        element = _element.match(text, at)
        if element is None:
            raise _malformed(name)
        if element["opaque"] is not None:
            yield EntityTag(element["opaque"].removesuffix(GZIP_SUFFIX), element["weak"] is not None)
        at = element.end()


def _malformed(name: str) -> InvalidParameter:
    expected = phrase("entity-tags", example=strong_tag("v17"))
    return InvalidParameter(Mistakes.of(name, phrase("wrong-form", expected=expected)))
