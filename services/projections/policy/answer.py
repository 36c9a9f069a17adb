"""A determination as the JSON that clients read, and its digest. Pure.

The digest leaves out what may differ when the same question is asked again: whether the day lies ahead, the wording,
and the day of the last look at the source.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import to_builtins

from contracts.events.codec import canonical
from contracts.events.revisions import Evidence, Finding
from contracts.events.values import Day
from services.projections.facts.facts import OddFact
from services.projections.facts.windows import ONE_DAY, earliest
from services.projections.policy.determination import Determination, Node, Question

NOT_DIGESTED = frozenset({"text", "last_verified_on"})


def answer(
    determination: Determination,
    question: Question,
    *,
    ledger: str,
    practitioner_id: str,
    known_at_position: int,
    projected: bool,
    place_until: Day | None,
    findings: Iterable[Finding | OddFact],
) -> dict[str, Any]:
    """Return the whole answer to one question. `place_until` cuts it where the place was not asked for by name."""
    node = determination.node
    until = earliest((node.until, place_until))
    asked = {
        "period": None if question.period is None else str(question.period),
        "level": question.level,
    }
    content = {
        "determination": determination.determination,
        "ledger": ledger,
        "practitioner_id": practitioner_id,
        "jurisdiction": determination.jurisdiction,
        "as_of": determination.as_of,
        **{name: value for name, value in asked.items() if value is not None},
        "known_at_position": known_at_position,
        "projected": projected,
        **judgement(determination),
        "alternatives": alternatives(determination),
        "evidence": [{"event_id": one.event_id, "position": one.position, "type": one.type} for one in evidence(node)],
        "findings": [to_builtins(finding) for finding in findings],
        "would_change": node.would_change,
        "holds_until": until,
        "next_change_on": next_change(until),
        "policy": {
            "jurisdiction": determination.policy.jurisdiction,
            "edition": determination.policy.edition,
            "digest": determination.policy.digest,
            "last_verified_on": determination.policy.last_verified_on,
            "source_status": determination.source_status,
            "standards": determination.policy.standards,
        },
        "explanation": explanation(node),
    }
    document: dict[str, Any] = plain(content)
    return {**document, "answer_digest": digest(document)}


def judgement(determination: Determination) -> dict[str, Any]:
    """Return what a standing stores of a determination."""
    node = determination.node
    return {
        "status": node.status,
        "reason": node.reason,
        "result": node.result,
        "clauses": clauses(node),
        "readings": determination.readings,
    }


def alternatives(determination: Determination) -> list[dict[str, Any]]:
    """Return the readings that would change the status, and to what."""
    return [
        {"reading": other.reading, "choice": other.choice, "status": other.status}
        for other in determination.alternatives
    ]


def explanation(node: Node) -> dict[str, Any]:
    """Return the tree: each node with rule, status, clause, text, the events it rests on, and its children."""
    shown = {name: "–" if value is None else value for name, value in node.result.items()}
    return {
        "rule": node.rule,
        "status": node.status,
        "reason": node.reason,
        "clause": node.clause or None,
        "text": {"zh": node.text.zh.format_map(shown), "en": node.text.en.format_map(shown)},
        "inputs": list(dict.fromkeys(one.event_id for one in node.sources)),
        "children": [explanation(child) for child in node.children],
    }


def evidence(node: Node) -> list[Evidence]:
    """Return every event that the tree rests on, once, in order of position."""
    return sorted(set(_sources(node)), key=lambda one: one.position)


def _sources(node: Node) -> Iterable[Evidence]:
    yield from node.sources
    for child in node.children:
        yield from _sources(child)


def clauses(node: Node) -> list[str]:
    """Return the clauses of the tree, the rule's own first."""
    found = [node.clause, *(clause for child in node.children for clause in clauses(child))]
    return list(dict.fromkeys(clause for clause in found if clause))


def next_change(until: Day | None) -> Day | None:
    """Return the first day on which something may change; None where nothing can."""
    return None if until is None or until >= date.max else until + ONE_DAY


def plain(value: Any) -> Any:
    """Return the value as JSON has it: dates as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {name: plain(child) for name, child in value.items()}
    if isinstance(value, list | tuple):
        return [plain(child) for child in value]
    return value.isoformat() if isinstance(value, date) else value


def digest(document: Mapping[str, Any]) -> str:
    """Return the digest of an answer. Anyone can recompute it from the answer as served."""
    stable = {name: child for name, child in document.items() if name not in ("answer_digest", "projected")}
    return "sha256:" + hashlib.sha256(canonical(_without_wording(stable))).hexdigest()


def _without_wording(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_wording(child) for name, child in value.items() if name not in NOT_DIGESTED}
    if isinstance(value, list):
        return [_without_wording(child) for child in value]
    return value
