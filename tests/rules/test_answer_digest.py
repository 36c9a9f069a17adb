"""The digest of an answer covers the judgement, and neither sentences nor advice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.core.answers.digest import answer_digest
from services.core.answers.document import answer
from services.core.questions.whole import whole_answer
from services.core.rules.verdict import Question
from tests.lives import CHENGDU, facts_of, findings_of, rules_of, worker
from tests.published import recomputed

CAREER = (
    worker(CHENGDU)
    .certified("2021-10-17")
    .registered("2022-05-10", "2025-05-09")
    .served("2024-12-10")
    .trained("2023-03-10", "20", "hour")
    .corrected(2, level=7)
)
JUDGED = {
    "determination",
    "ledger",
    "practitioner_id",
    "jurisdiction",
    "as_of",
    "known_at_position",
    "status",
    "reason",
    "result",
    "clauses",
    "readings",
    "evidence",
    "engine",
}
JUDGED_BY = {"jurisdiction", "edition", "digest", "document", "source_status", "standards"}
ALLOWANCE = Question("allowance", date(2025, 5, 10))


def document(question: Question = ALLOWANCE) -> dict[str, Any]:
    facts = facts_of(CAREER)
    whole = whole_answer(rules_of(CHENGDU), facts, question)
    return answer(
        whole,
        question,
        ledger="chengdu",
        practitioner_id="P-1",
        known_at_position=len(CAREER),
        projected=False,
        place_until=None,
        findings=findings_of(CAREER),
    )


def otherwise(value: Any) -> Any:
    """Return another value of the same type for a member of an answer."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case list():
            return value[1:] if value else ["another"]
        case dict():
            return {**value, "another": 1}
    return "another"


@pytest.mark.parametrize(
    "question",
    [
        ALLOWANCE,
        Question("exam.complete", date(2025, 5, 10), level="junior"),
        Question("continuing_education.annual", date(2025, 5, 10), period=2023),
        Question("continuing_education.registration_term", date(2024, 5, 10)),
    ],
    ids=lambda question: question.determination,
)
def test_anyone_can_recompute_the_digest_from_the_answer_as_served(question: Question) -> None:
    """By the recipe of the documentation, which imports nothing of ours."""
    served_answer = document(question)
    assert recomputed(served_answer) == served_answer["answer_digest"]


def test_every_member_of_the_judgement_is_digested_and_no_other() -> None:
    whole = document()
    digested = {name for name in whole if answer_digest({**whole, name: another(whole, name)}) != answer_digest(whole)}
    assert digested == JUDGED | {"policy"}
    assert [name for name in ("findings", "would_change") if not whole[name]] == []  # Else they would change nothing.


def another(whole: dict[str, Any], name: str) -> Any:
    """Return a member changed; where its members have a shape, they keep it."""
    if name == "policy":
        return {**whole["policy"], "digest": "another"}
    return otherwise(whole[name])


def test_of_the_policy_all_but_the_last_look_at_its_source_is_digested() -> None:
    whole = document()

    def with_policy(name: str) -> dict[str, Any]:
        return {**whole, "policy": {**whole["policy"], name: otherwise(whole["policy"][name])}}

    digested = {name for name in whole["policy"] if answer_digest(with_policy(name)) != answer_digest(whole)}
    assert digested == JUDGED_BY
    assert set(whole["policy"]) == JUDGED_BY | {"last_verified_on"}


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole["result"].update(text="told"),
        lambda whole: whole["result"].update(interpretation="told"),
        lambda whole: whole["result"].update(last_verified_on="2025-01-01"),
        lambda whole: whole["evidence"].reverse(),
        lambda whole: whole["evidence"][0].update(type="another"),
    ],
    ids=["text", "interpretation", "last_verified_on", "order of evidence", "kind of evidence"],
)
def test_nothing_inside_a_result_or_the_evidence_is_left_out_by_its_name(
    change: Callable[[dict[str, Any]], None],
) -> None:
    whole, changed = document(), document()
    change(changed)
    assert answer_digest(changed) != answer_digest(whole)
