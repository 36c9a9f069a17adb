"""What the engine answers for in an answer, and its digest. Pure.

A whitelist: what words, advises, or depends on when it was asked is outside because it is not named. So the same
engine gives the same digest for ever, however sentences and libraries change. `docs/how-to/explain.md` has the recipe
for those who check an answer without this code.
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
    """The pack whose text answered; the day of the last look at its source is no part of the judgement."""

    jurisdiction: str
    edition: str
    digest: str
    document: str
    source_status: str
    standards: Sequence[str]


class Judged(Struct, frozen=True, kw_only=True):
    """The question, what was judged, from which events, and by which pack and engine."""

    determination: str
    ledger: str
    practitioner_id: str
    jurisdiction: str
    as_of: str
    period: str | UnsetType = UNSET
    level: str | UnsetType = UNSET
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
    """Return that part of an answer as it is served."""
    return convert(document, Judged)


def answer_digest(document: Mapping[str, Any]) -> str:
    """Return the digest of an answer as it is served, by the members of `Judged` alone."""
    return "sha256:" + hashlib.sha256(canonical(to_builtins(judged(document)))).hexdigest()
