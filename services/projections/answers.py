"""Answers computed from the events: journal, fold, evaluate, render."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from msgspec import UNSET

from contracts.events.catalogue import LocalStandardRegistered, PolicyAdopted
from contracts.events.codec import parse_data
from contracts.events.revisions import Evidence, Recorded, resolve
from contracts.events.values import DeterminationId
from services.projections.facts.facts import Facts
from services.projections.facts.fold import fold
from services.projections.facts.windows import ONE_DAY, earliest
from services.projections.packs import compose, load_pack
from services.projections.policy.answer import alternatives, answer, explanation, judgement, next_change, plain
from services.projections.policy.determination import Determination, Question
from services.projections.policy.evaluate import PinnedPack, Rules, evaluate
from services.projections.policy.pack import LocalStandard
from services.runtime import journal
from services.runtime.journal import RULES_STREAM, Connection, UnknownPractitioner
from services.runtime.ledgers import LedgerRow, ledger_named, pack_document
from services.runtime.refusals import Refusal

DETERMINATIONS: Sequence[str] = get_args(DeterminationId)
STANDING: Sequence[str] = tuple(name for name in DETERMINATIONS if name != "exam.complete")
"""A standing answers every determination but the one that needs a level."""
MAX_COMPOSED = 256


@dataclass(eq=False)
class UnknownDetermination(Refusal):
    """No determination has this name."""

    determination: str


class PolicyBooks:
    """Packs by digest and compositions of them, kept in memory: both never change once made."""

    def __init__(self) -> None:
        self._packs: dict[str, PinnedPack] = {}
        self._composed: dict[tuple[Any, ...], Rules] = {}

    async def rules(
        self,
        connection: Connection,
        digests: Mapping[str, str],
        standards: tuple[LocalStandard, ...],
        jurisdiction: str,
    ) -> Rules:
        """Return the composed rules of a place under pinned digests and known local standards."""
        known = tuple((one.evidence.event_id, one.evidence.position) for one in standards)
        key = (jurisdiction, tuple(sorted(digests.items())), known)
        if key not in self._composed:
            packs = {place: await self._pack(connection, digest) for place, digest in digests.items()}
            if len(self._composed) >= MAX_COMPOSED:
                self._composed.clear()
            self._composed[key] = compose(jurisdiction, packs, standards)
        return self._composed[key]

    async def _pack(self, connection: Connection, digest: str) -> PinnedPack:
        if digest not in self._packs:
            self._packs[digest] = PinnedPack(digest, load_pack(await pack_document(connection, digest)))
        return self._packs[digest]


@dataclass(frozen=True)
class Known:
    """One person and the ledger's own rules, as one position knows them."""

    ledger: LedgerRow
    practitioner_id: str
    position: int
    facts: Facts
    digests: Mapping[str, str]
    standards: tuple[LocalStandard, ...]

    def place(self, as_of: date) -> str:
        """Return the place of the latest non-concurrent employment on the day, else of enrolment, else the ledger's."""
        for job in reversed(self.facts.employments):
            if not job.concurrent and job.holds_on(as_of):
                return job.jurisdiction
        for enrolment in reversed(self.facts.enrolments):
            if enrolment.jurisdiction is not None and enrolment.on <= as_of:
                return enrolment.jurisdiction
        return self.ledger.jurisdiction

    def place_until(self, as_of: date) -> date | None:
        """Return the last day on which the person's place is that of `as_of`; None where it never changes."""
        here = self.place(as_of)
        turns = {enrolment.on for enrolment in self.facts.enrolments}
        for job in self.facts.employments:
            turns |= {job.first} if job.last is None else {job.first, job.last + ONE_DAY}
        moves = (turn for turn in sorted(turns) if turn > as_of and self.place(turn) != here)
        move = next(moves, None)
        return None if move is None else move - ONE_DAY


async def known_at(connection: Connection, ledger: str, practitioner_id: str, position: int) -> Known:
    """Return what the ledger knows of a person at a position. Raises UnknownLedger, UnknownPractitioner."""
    row = await ledger_named(connection, ledger)
    recorded = await journal.stream(connection, ledger, practitioner_id, up_to=position)
    if not recorded:
        raise UnknownPractitioner(ledger, practitioner_id, position)
    rule_events = await journal.stream(connection, ledger, RULES_STREAM, up_to=position)
    return Known(
        ledger=row,
        practitioner_id=practitioner_id,
        position=position,
        facts=await asyncio.to_thread(_facts, recorded),
        digests={**row.founding_packs, **_adopted(rule_events)},
        standards=_standards(rule_events),
    )


async def determination(
    connection: Connection, books: PolicyBooks, known: Known, question: Question, jurisdiction: str | None, today: date
) -> dict[str, Any]:
    """Return the whole answer to one question, by default under the rules of the person's place."""
    place = jurisdiction or known.place(question.as_of)
    rules = await books.rules(connection, known.digests, known.standards, place)
    # In a thread of its own, so that one person's long career does not keep everybody else waiting.
    return answer(
        await asyncio.to_thread(evaluate, rules, known.facts, question),
        question,
        place_until=None if jurisdiction else known.place_until(question.as_of),
        ledger=known.ledger.ledger,
        practitioner_id=known.practitioner_id,
        known_at_position=known.position,
        projected=question.as_of > today,
        findings=known.facts.findings,
    )


async def standing(
    connection: Connection,
    books: PolicyBooks,
    known: Known,
    as_of: date,
    jurisdiction: str | None,
    include: frozenset[str],
    today: date,
) -> dict[str, Any]:
    """Return every determination of a person under one place's rules. `include` adds explanation and alternatives."""
    place = jurisdiction or known.place(as_of)
    rules = await books.rules(connection, known.digests, known.standards, place)
    found = await asyncio.to_thread(_evaluate_all, rules, known.facts, as_of)
    untils = [one.node.until for one in found.values()]
    if jurisdiction is None:
        untils.append(known.place_until(as_of))
    document: dict[str, Any] = plain(
        {
            "ledger": known.ledger.ledger,
            "practitioner_id": known.practitioner_id,
            "jurisdiction": place,
            "as_of": as_of,
            "known_at_position": known.position,
            "projected": as_of > today,
            "next_change_on": next_change(earliest(untils)),
            "determinations": {
                name: {
                    **judgement(one),
                    **({"alternatives": alternatives(one)} if "alternatives" in include else {}),
                    **({"explanation": explanation(one.node)} if "explanation" in include else {}),
                }
                for name, one in found.items()
            },
        }
    )
    return document


def _facts(recorded: Sequence[Recorded]) -> Facts:
    return fold(resolve(recorded))


def _evaluate_all(rules: Rules, facts: Facts, as_of: date) -> dict[str, Determination]:
    return {name: evaluate(rules, facts, Question(name, as_of)) for name in STANDING}


def _adopted(rule_events: Sequence[Recorded]) -> dict[str, str]:
    adopted = [event for event in rule_events if event.type == "policy.adopted"]
    facts = [parse_data(event.type, date.fromisoformat(event.occurred_on), event.raw) for event in adopted]
    return {fact.jurisdiction: fact.digest for fact in facts if isinstance(fact, PolicyAdopted)}


def _standards(rule_events: Sequence[Recorded]) -> tuple[LocalStandard, ...]:
    standards = []
    for event in rule_events:
        data = parse_data(event.type, date.fromisoformat(event.occurred_on), event.raw)
        if isinstance(data, LocalStandardRegistered):
            standards.append(
                LocalStandard(
                    standard_id=data.standard_id,
                    jurisdiction=data.jurisdiction,
                    determination=data.determination,
                    effective_from=data.effective_from,
                    tiers=data.tiers,
                    unit=data.unit,
                    adds_employer_types=() if data.adds_employer_types is UNSET else data.adds_employer_types,
                    evidence=Evidence(event.event_id, event.position, event.type),
                )
            )
    return tuple(standards)
