"""How a test gets a full answer and looks into it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from contracts.policies.packs import PinnedPack
from services.core.answers.document import answer
from services.core.questions.whole import whole_answer
from services.core.rules.book import Rules, compose
from services.core.rules.verdict import Period, Question
from tests.lives import PINNED, Life, facts_of, findings_of, rules_of, someone, worker

CITY_WITH_ALLOWANCE, CITY_WITH_YEARLY_HOURS, CITY_WITH_ROLLING_HOURS = "510100", "410100", "371500"
YEARLY = "continuing_education.annual"
WORKS_HERE = worker(CITY_WITH_ALLOWANCE)
WORKS_THERE = someone.employed("2022-06-01", CITY_WITH_YEARLY_HOURS)
CERTIFICATE = someone.certified("2021-10-17")
SENIOR = someone.certified("2022-06-18", "senior", basis="exam_and_review")
WITHDRAWN = someone.certificate_withdrawn("2025-03-01", "senior")
REGISTRATION = someone.registered("2022-05-10", "2025-05-09")
ATTESTED = someone.assessed("2024-01-01", "2029-12-31", on="2024-12-28")
ALL_CONDITIONS = WORKS_HERE + CERTIFICATE + REGISTRATION.served("2024-12-10") + ATTESTED


def asked(
    place: str,
    determination: str,
    as_of: str,
    life: Life = someone,
    *,
    period: Period | None = None,
    level: Any = None,
    later: tuple[str, ...] = (),
    packs: Mapping[str, PinnedPack] = PINNED,
) -> dict[str, Any]:
    """Return the full answer about a person. `later` is `place@day` for each later place."""
    facts = facts_of(life)
    question = Question(determination, date.fromisoformat(as_of), period, level)
    moves = [(there, date.fromisoformat(day)) for there, _, day in (move.partition("@") for move in later)]

    def rules(of: str) -> Rules:
        return rules_of(of) if packs is PINNED else compose(of, packs, ())

    return answer(
        whole_answer(rules(place), facts, question),
        question,
        ledger="l",
        practitioner_id="p",
        known_at_position=len(life),
        projected=False,
        place_until=moves[0][1] - timedelta(days=1) if moves else None,
        later=[whole_answer(rules(there), facts, Question(determination, day, period)) for there, day in moves],
        findings=findings_of(life),
    )


def needs(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what would change the answer, by need, without the sentences."""
    return {
        one["need"]: {name: value for name, value in one.items() if name not in ("need", "text")}
        for one in document["would_change"]
    }


def sentences(document: dict[str, Any]) -> list[str]:
    return [one["text"]["en"] for one in document["would_change"]]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from nodes(child)


def items(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in nodes(document["explanation"]) if "item" in node]


def rested_on(document: dict[str, Any]) -> list[int]:
    return [one["position"] for one in document["evidence"]]
