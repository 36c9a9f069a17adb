"""Documents of the shipped packs, for tests that change one."""

from typing import Any

import msgspec

from contracts.policies.shipped import shipped

Document = dict[str, Any]


def document_of(place: str) -> Document:
    """Return the document of a shipped pack, to be changed at will."""
    document: Document = msgspec.json.decode(shipped()[place].document)
    return document


def text_with(document: Document, name: str) -> Document:
    """Return the latest text of a pack that has a rule or a figure of this name."""
    return next(
        text for text in document["editions"] if name in text["determinations"] or name in text.get("indicators", {})
    )
