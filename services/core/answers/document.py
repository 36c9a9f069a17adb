"""A determination as the JSON that clients read. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.document import plain
from contracts.events.facts import Evidence, Finding
from contracts.events.values import Day
from contracts.policies.language import Told
from services.core.answers.digest import answer_digest
from services.core.answers.schema import NEED_MEMBERS
from services.core.calendar import earliest, next_change
from services.core.facts.facts import OddFact, Training, TrainingPart
from services.core.questions.advice import Advice
from services.core.questions.along_places import along_places
from services.core.questions.whole import Alternative, WholeAnswer
from services.core.rules.engine import ENGINE
from services.core.rules.hours import decimal_text
from services.core.rules.verdict import Determination, Node, NotCounted, Question, Workings, judgement
from services.core.words.advice import advice_in_words
from services.core.words.catalogue import NATIONAL_CERTIFICATES, NO_SUCH_RULE, NO_TEXT
from services.core.words.readings import CHOICES, READINGS
from services.core.words.sentences import as_member, as_written, degree_in_words, measured, training_in_words


def answer(
    determination: WholeAnswer,
    question: Question,
    *,
    ledger: str,
    practitioner_id: str,
    known_at_position: int,
    projected: bool,
    place_until: Day | None,
    findings: Iterable[Finding | OddFact],
    later: Iterable[WholeAnswer] = (),
) -> dict[str, Any]:
    """Return the document of the whole answer to one question.

    If the question names no place, the answer holds at most until `place_until`, the person's last day in the place,
    and `later` has the answers on the first day in each following place.
    """
    node = determination.node
    until = earliest((determination.until, place_until))
    optional = {
        "period": None if question.period is None else str(question.period),
        "level": question.level,
        "year": question.year,
    }
    content = {
        "determination": determination.determination,
        "ledger": ledger,
        "practitioner_id": practitioner_id,
        "jurisdiction": determination.jurisdiction,
        "as_of": determination.as_of,
        **{name: value for name, value in optional.items() if value is not None},
        "known_at_position": known_at_position,
        "projected": projected,
        **judgement(determination),
        "alternatives": alternatives(determination.alternatives),
        "evidence": evidence(node),
        "findings": list(findings),
        "would_change": [_need(determination, entry) for entry in along_places(determination, place_until, later)],
        "holds_until": until,
        "next_change_on": next_change(until),
        "policy": _policy(determination),
        "explanation": explained(determination),
        "engine": ENGINE,
    }
    document: dict[str, Any] = plain(content)
    return {**document, "answer_digest": answer_digest(document)}


def _policy(determination: Determination) -> dict[str, Any]:
    policy = determination.policy
    return {
        "jurisdiction": policy.jurisdiction,
        "edition": policy.edition,
        "digest": policy.digest,
        "document": policy.document,
        "last_verified_on": policy.last_verified_on,
        "source_status": determination.ground.source_status,
        "standards": policy.standards,
    }


def _need(determination: Determination, entry: Advice) -> dict[str, Any]:
    """Return an entry of advice with its sentence, those of its data that clients read, and the needs inside."""
    shown = {name: value for name, value in plain(entry).items() if name in NEED_MEMBERS}
    inside = {name: getattr(entry, name) for name in ("any_of", "all_of") if hasattr(entry, name)}
    return {
        **shown,
        **{name: [_need(determination, need) for need in several] for name, several in inside.items()},
        "text": as_member(advice_in_words(determination.determination, entry, determination.ground.talents)),
    }


def alternatives(others: Iterable[Alternative]) -> list[dict[str, Any]]:
    """Return the alternatives, each with its reading in words."""
    return [
        {
            "reading": other.reading,
            "choice": other.choice,
            "status": other.status,
            "text": as_member(as_written(CHOICES, other.choice)),
        }
        for other in others
    ]


def explained(determination: Determination) -> dict[str, Any]:
    """Return the explanation, with the readings by which it was decided in words, and the notes of its pack."""
    readings = [
        {"reading": reading, "text": as_member(as_written(READINGS, reading))} for reading in determination.readings
    ]
    notes = [{"clause": note.clause, "text": as_member(note.text)} for note in determination.ground.notes]
    return {**explanation(determination.node, determination.ground.told, "rule"), "readings": readings, "notes": notes}


def explanation(node: Node, told: Mapping[str, Told], name: str) -> dict[str, Any]:
    """Return the tree of nodes: each with rule, status, clause, the text of the clause and how the ledger interprets
    it, the events it rests on, and its children.

    The trainings behind a count of hours are children too, in order of their day.
    """
    trainings = _trainings(node.workings, node.clause) if node.workings else []
    said = told.get(name)
    text = said.text if said else as_written(NATIONAL_CERTIFICATES, name) if name in NATIONAL_CERTIFICATES else NO_TEXT
    return {
        "rule": node.rule,
        "status": node.status,
        "reason": node.reason,
        "clause": node.clause or None,
        "text": as_member(text if node.clause else NO_SUCH_RULE),
        "interpretation": as_member(said.interpretation) if said and said.interpretation else None,
        "inputs": list(dict.fromkeys(source.event_id for source in node.sources)),
        "children": [*(explanation(child, told, child.rule) for child in node.children), *trainings],
    }


def _trainings(workings: Workings, clause: str) -> list[dict[str, Any]]:
    """Return a node for each training, and for each degree that counts as one (N-11), in order of their day."""
    by_event: dict[str, list[TrainingPart]] = {}
    for item in workings.counted:
        by_event.setdefault(item.sources[0].event_id, []).append(item)
    reasons = {left_out.event_id: left_out.reason for left_out in workings.not_counted}
    trained = {training.event_id for training in workings.trainings}
    nodes = [
        (training.parts[0].day, _training(training, by_event.get(training.event_id, []), reasons, workings, clause))
        for training in workings.trainings
    ]
    nodes += [
        (items[0].day, _degree(items[0], workings, clause)) for id_, items in by_event.items() if id_ not in trained
    ]
    return [node for _, node in sorted(nodes, key=lambda dated: dated[0])]


def _training(
    training: Training, counted: list[TrainingPart], reasons: Mapping[str, NotCounted], workings: Workings, clause: str
) -> dict[str, Any]:
    reason = reasons.get(training.event_id)
    amount, worth = decimal_text(training.hundredths), decimal_text(sum(item.hundredths for item in counted))
    days = sorted({part.day for part in training.parts})
    text = training_in_words(days[0], days[-1], measured(amount, training.unit), measured(worth, workings.unit), reason)
    return {
        "rule": "training",
        "status": "not_met" if reason else "met",
        "reason": reason,
        "clause": clause or None,
        "text": as_member(text),
        "interpretation": None,
        "inputs": list(dict.fromkeys(source.event_id for source in training.sources)),
        "children": [],
        "item": {
            "days": days,
            "amount": amount,
            "unit": training.unit,
            "counted": reason is None,
            "counted_amount": "0" if reason else worth,
        },
    }


def _degree(item: TrainingPart, workings: Workings, clause: str) -> dict[str, Any]:
    amount = decimal_text(item.hundredths)
    text = degree_in_words(item.day, measured(amount, workings.unit))
    return {
        "rule": "degree",
        "status": "met",
        "reason": None,
        "clause": clause or None,
        "text": as_member(text),
        "interpretation": None,
        "inputs": list(dict.fromkeys(source.event_id for source in item.sources)),
        "children": [],
        "item": {
            "days": [item.day],
            "amount": amount,
            "unit": workings.unit,
            "counted": True,
            "counted_amount": amount,
        },
    }


def evidence(node: Node) -> list[Evidence]:
    """Return every event that the tree rests on, once, in order of position."""
    return sorted(set(_sources(node)), key=lambda source: source.position)


def _sources(node: Node) -> Iterable[Evidence]:
    yield from node.sources
    for child in node.children:
        yield from _sources(child)
