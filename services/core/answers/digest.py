"""The part of an answer for which the engine is responsible, and its digest. Pure.

The part is a whitelist: sentences, advice, and whatever depends on when the question was asked are not in it. So the
same engine gives the same digest for ever, however sentences and libraries change. `docs/how-to/explain.md` shows how
to check an answer without this code.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType, convert, to_builtins

from contracts.events.codec import canonical


class JudgedFrom(Struct, frozen=True):
    """An event that the judgement rests on."""

    event_id: str
    position: int
    type: str


class JudgedBy(Struct, frozen=True):
    """The pack whose text answered. The day on which its source was last verified is not part of the judgement."""

    jurisdiction: str
    edition: str
    digest: str
    document: str
    source_status: str
    standards: Sequence[str]


class Judged(Struct, frozen=True, kw_only=True):
    """The question, its judgement, the events it rests on, and the pack and engine that judged."""

    determination: str
    ledger: str
    practitioner_id: str
    jurisdiction: str
    as_of: str
    period: str | UnsetType = UNSET
    level: str | UnsetType = UNSET
    year: int | UnsetType = UNSET
    known_at_position: int
    status: str
    reason: str | None
    result: Mapping[str, Any]
    clauses: Sequence[str]
    readings: Sequence[str]
    evidence: Sequence[JudgedFrom]
    policy: JudgedBy
    engine: int


def judged(document: Mapping[str, Any]) -> Judged:
    """Return the judged part of an answer document."""
    return convert(document, Judged)


def answer_digest(document: Mapping[str, Any]) -> str:
    """Return the digest of an answer document, computed from the members of `Judged` alone."""
    return "sha256:" + hashlib.sha256(canonical(to_builtins(judged(document)))).hexdigest()
