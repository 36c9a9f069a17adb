"""Short life histories for tests: one function an event, in the order in which the ledger learns them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.events.revisions import Evidence, Recorded, resolve
from contracts.policies.language import LocalStandard
from contracts.policies.shipped import shipped
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.questions.whole import WholeAnswer, whole_answer
from services.core.rules.book import compose
from services.core.rules.verdict import Question

CHENGDU, ZHENGZHOU, NATION = "510100", "410100", "100000"
PINNED = shipped()

Told = tuple[str, str, dict[str, Any]]
"""Type, day, data: what a test says of an event. Its id is its number in the history."""


def id_of(number: int) -> str:
    """Return the id of the event that stands at `number`, counted from 1."""
    return str(UUID(int=number))


def employed(on: str, place: str = ZHENGZHOU, **data: Any) -> Told:
    job = {"employer_type": "urban_community", "role": "community_worker", "direct_service": True}
    return "employment.started", on, {**job, "jurisdiction": place, **data}


def left(last_day: str, **data: Any) -> Told:
    return "employment.ended", last_day, {"last_day": last_day, **data}


def certified(on: str, level: str = "junior", **data: Any) -> Told:
    return "certificate.obtained", on, {"level": level, "scope": "national", "basis": "exam", **data}


def registered(first: str, last: str | None = None) -> Told:
    return (
        "registration.granted",
        first,
        {"first": True, "valid_from": first, **({"valid_until": last} if last else {})},
    )


def trained(on: str, amount: str, unit: str = "class_hour", **data: Any) -> Told:
    return "training.completed", on, {"amount": amount, "unit": unit, "subjects": ["sw_practice"], **data}


def promoted(on: str, level: int, post: str = "岗位", **data: Any) -> Told:
    return "promotion.granted", on, {"post": post, "post_level": level, **data}


def served(on: str, *, verified: bool = True) -> Told:
    return "service.recorded", on, {"platform": "成都社工管理服务平台", "verified": verified}


def attested(first: str, last: str, *, professional_role: bool = True) -> Told:
    covers = {"covers_from": first, "covers_until": last}
    return "assessment.recorded", last, {**covers, "professional_role": professional_role}


def corrected(target: int, **to: Any) -> Told:
    return "event.corrected", "2025-01-01", {"target": id_of(target), "set": to, "reason": "登记有误"}


def voided(target: int) -> Told:
    return "event.voided", "2025-01-01", {"target": id_of(target), "reason": "登记有误"}


def recorded(history: Sequence[Told]) -> list[Recorded]:
    """Return the history as the journal gives it."""
    return [Recorded(n, n, id_of(n), *told) for n, told in enumerate(history, start=1)]


def facts_of(history: Sequence[Told]) -> Facts:
    return fold(resolve(recorded(history)))


def standard(
    place: str, effective_from: str, tiers: dict[str, str], adds: Sequence[str] = (), position: int = 1_000
) -> LocalStandard:
    """Return a local standard of the allowance; its id is its place and day."""
    return LocalStandard(
        standard_id=f"{place}-{effective_from}",
        jurisdiction=place,
        determination="allowance",
        effective_from=date.fromisoformat(effective_from),
        tiers=tiers,  # type: ignore[arg-type]  # A test writes plain words.
        unit="CNY_per_month",
        adds_employer_types=tuple(adds),  # type: ignore[arg-type]  # As above.
        evidence=Evidence(id_of(position), position, "local_standard.registered"),
    )


def ask(
    history: Sequence[Told],
    determination: str,
    as_of: str,
    place: str,
    *,
    period: int | None = None,
    level: Any = None,
    standards: Sequence[LocalStandard] = (),
) -> WholeAnswer:
    """Return the answer under the shipped packs."""
    question = Question(determination, date.fromisoformat(as_of), period, level)
    return whole_answer(compose(place, PINNED, standards), facts_of(history), question)


def alternatives(answer: WholeAnswer) -> set[tuple[str, str]]:
    return {(other.reading, other.status) for other in answer.alternatives}
