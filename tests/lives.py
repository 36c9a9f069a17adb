"""The people of the tests: their lives, in the grammar of `services.demo.lives`, and the answers of the rules.

The grammar belongs to the demo, which also needs it and cannot import from tests.

    somebody = someone.employed("2021-01-01", ZHENGZHOU).trained("2023-05-06", "60", called="course").voided("course")

    ask(somebody, "continuing_education.annual", "2023-12-31", ZHENGZHOU)     judges by the shipped packs
    await append(client, somebody)                                            records over HTTP (tests/api)
    given(somebody).when(someone.voided("course")).then_rejected(...)         lets the ledger decide (tests/deciding.py)

A test states what matters to it in a life and leaves the rest to the grammar. A person who differs from another in one
thing is written so: `CHENGDU_WORKER.but(someone.registered("2022-05-10"))`, `CHENGDU_WORKER.without(...)`.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any
from uuid import uuid4

from contracts.events.facts import Evidence, Finding
from contracts.events.revisions import resolve
from contracts.policies.language import LocalStandard
from contracts.policies.shipped import shipped
from services.core.facts import oddities
from services.core.facts.facts import Facts, OddFact
from services.core.facts.fold import fold
from services.core.questions.whole import WholeAnswer, whole_answer
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Period, Question
from services.demo.forms import example, http, id_of, recorded, recorded_organizations, recorded_rules
from services.demo.lives import Day, Life, someone

__all__ = [
    "CHENGDU",
    "CHENGDU_WORKER",
    "NATION",
    "PINNED",
    "ZHENGZHOU",
    "Answered",
    "Life",
    "alternatives",
    "ask",
    "example",
    "facts_of",
    "findings_of",
    "http",
    "id_of",
    "new_training",
    "recorded",
    "recorded_organizations",
    "recorded_rules",
    "rules_of",
    "someone",
    "standard",
    "worker",
]

CHENGDU, ZHENGZHOU, NATION = "510100", "410100", "100000"
PINNED = shipped()


def worker(place: str, on: Day = "2021-01-01") -> Life:
    """Return a full-time community worker."""
    return someone.employed(on, place, role="full_time_community_worker")


CHENGDU_WORKER = (
    worker("510107")
    .certified("2021-10-17")
    .registered("2022-04-01", "2025-03-31")
    .served("2024-12-10")
    .assessed("2024-01-01", "2025-12-31", on="2024-12-28")
)
"""Meets every condition of CD-25 for the allowance from 2024-12-10 to 2025-03-31."""


def new_training(**members: Any) -> Life:
    """Return a training with an event id of its own."""
    return someone.trained(called=uuid4(), **members)


def facts_of(life: Life) -> Facts:
    """Return the facts of a life after its corrections and voids."""
    return fold(resolve(recorded(life)))


def findings_of(life: Life) -> tuple[Finding | OddFact, ...]:
    """Return what is wrong with the revisions of a life, and odd about its facts."""
    stream = resolve(recorded(life))
    return oddities.findings_of(stream, fold(stream))


def standard(
    place: str,
    effective_from: str,
    tiers: dict[str, str],
    adds: Sequence[str] = (),
    position: int = 1_000,
    *,
    until: str | None = None,
) -> LocalStandard:
    """Return a local standard for the allowance, whose id is its place and first day."""
    return LocalStandard(
        standard_id=f"{place}-{effective_from}",
        jurisdiction=place,
        determination="allowance",
        effective_from=date.fromisoformat(effective_from),
        tiers=tiers,  # type: ignore[arg-type]  # A test writes plain words.
        unit="CNY_per_month",
        adds_employer_types=tuple(adds),  # type: ignore[arg-type]  # As above.
        evidence=Evidence(id_of(position), position, "local_standard.registered"),
        effective_until=date.fromisoformat(until) if until else None,
    )


@cache
def rules_of(place: str) -> Rules:
    """Return the rules of the shipped packs for a place, without local standards."""
    return compose(place, PINNED, ())


class Answered:
    """The answer to one question: judged when it is asked, and told whole once a test looks at what that adds.

    Most tests look at the judgement alone, and the rest of a whole answer takes many evaluations more.
    """

    ADDED = frozenset({"until", "alternatives", "would_change"})

    def __init__(self, rules: Rules, facts: Facts, question: Question) -> None:
        self._asked = rules, facts, question
        self._judged = evaluate(rules, facts, question)

    @cached_property
    def _whole(self) -> WholeAnswer:
        return whole_answer(*self._asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole if name in self.ADDED else self._judged, name)


def ask(
    life: Life,
    determination: str,
    as_of: str,
    place: str,
    *,
    period: Period | None = None,
    level: Any = None,
    standards: Sequence[LocalStandard] = (),
) -> Answered:
    """Return the answer by the shipped packs."""
    question = Question(determination, date.fromisoformat(as_of), period, level)
    return Answered(compose(place, PINNED, standards) if standards else rules_of(place), facts_of(life), question)


def alternatives(answer: Answered) -> set[tuple[str, str]]:
    return {(other.reading, other.status) for other in answer.alternatives}
