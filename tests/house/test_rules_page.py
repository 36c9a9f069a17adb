"""The page on the language of rules says what the code has: its words, kinds and terms, and one fact to its answer."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from services.core.questions.whole import WholeAnswer, whole_answer
from services.core.rules.kinds.payment import PaymentResult
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.terms import TERMS
from services.core.rules.verdict import Question, result_of
from services.core.rules.windows import WindowSpec
from services.core.words.advice import advice_in_words
from tests.lives import facts_of, rules_of, someone

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/rules.md").read_text()
CHENGDU = (ROOT / "contracts/policies/chengdu.yaml").read_text()
DISTRICT, SERVED_ON = "510108", "2022-01-20"
WORKER = (
    someone.employed("2019-05-01", DISTRICT, role="full_time_community_worker")
    .certified("2020-10-18", "intermediate")
    .registered("2021-01-15", "2024-01-14")
    .served(SERVED_ON)
    .assessed("2021-01-01", "2024-12-31")
)


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(heading: str) -> Iterator[tuple[str, str]]:
    """Yield the first two cells of each row that begins with a name."""
    yield from re.findall(r"^\| `(\w+)` \| ([^|]*) \|", section(heading), re.MULTILINE)


def parameters(of: type[Struct]) -> set[str]:
    """Return the parameters as the page names them: with a question mark those that may be left out."""
    optional = {
        field.name: field.default is not NODEFAULT or field.default_factory is not NODEFAULT for field in fields(of)
    }
    return {f"{name}?" if may else name for name, may in optional.items()}


@pytest.mark.parametrize(("heading", "known"), [("Words", WORDS), ("Kinds", KINDS)])
def test_the_page_has_each_word_and_kind_with_its_parameters(heading: str, known: Mapping[str, type[Struct]]) -> None:
    named = dict(rows(heading))
    assert list(named) == list(dict.fromkeys(named))
    assert set(named) == set(known)
    whole = {name for name, of in known.items() if getattr(of, "WHOLE", None)}
    told = {name: set(re.findall(r"`([^`]+)`", cell)) for name, cell in named.items() if name not in whole}
    assert told == {name: parameters(of) for name, of in known.items() if name not in whole}


def test_the_page_has_each_term_with_its_parameters() -> None:
    told = {name: set(re.findall(r"`([^`]+)`", cell)) for name, cell in rows("Terms")}
    assert told == {name: parameters(of) - {"clause?"} for name, of in TERMS.items()}


def test_the_page_has_each_window() -> None:
    assert [name for name in WindowSpec.__struct_fields__ if f"`{name}: " not in section("Kinds")] == []


def test_the_rule_on_the_page_stands_in_a_pack() -> None:
    (rule,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert rule in CHENGDU


def asked(on: str) -> WholeAnswer:
    question = Question("allowance", date.fromisoformat(on))
    return whole_answer(rules_of(DISTRICT), facts_of(WORKER), question)


def told(heading: str) -> str:
    """Return a section as one line."""
    return " ".join(section(heading).split())


def test_the_fact_on_the_page_is_answered_as_it_says() -> None:
    page = told("One fact, followed to its answer")
    answer = asked("2023-01-19")
    assert (answer.node.status, str(answer.until), answer.alternatives) == ("eligible", "2023-01-19", ())
    assert f"`eligible_since` {result_of(answer.node, PaymentResult).eligible_since}" in page
    *most, last = answer.ground.choices
    assert f"The choices met are {', '.join(most)} and {last}." in page


def test_the_day_after_it_the_page_says_why_not_and_what_would_change_it() -> None:
    page = told("One fact, followed to its answer")
    answer = asked("2023-01-20")
    assert (
        f"`{answer.node.status}` with `unresolved: [{', '.join(result_of(answer.node, PaymentResult).unresolved)}]`"
        in page
    )
    assert f"the reason `{answer.node.reason}`" in page
    assert [(f"`{o.choice}` of {o.reading} it would be `{o.status}`" in page) for o in answer.alternatives] == [True]
    decision, record, *_ = answer.would_change
    assert decision.need == "review"
    need = advice_in_words("allowance", record, answer.ground.talents)
    assert need.zh in page
    assert need.en in page
