"""Every refusal is worded once, and an unforeseen failure reveals nothing internal."""

import inspect
import string
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from fastapi import FastAPI

import services.server.app  # noqa: F401 - it imports every module that refuses something
from contracts.events.codec import InvalidEvent
from contracts.languages import Lang
from contracts.mistakes import Mistakes, phrase
from contracts.problems import PROBLEMS, Problem
from contracts.strict_json import MalformedJson
from services.ledger.domain.rejections import Rejection, VoidOfAVoid
from services.runtime.http import problems
from services.runtime.http.problems import PLACES, example_document, refusal_response
from services.runtime.ledgers import UnreadablePack
from services.runtime.refusals import DatabaseUnavailable, Refusal, code_of

ABSTRACT = {Refusal, Rejection}


def refusals(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from refusals(child)


ALL = [
    refusal
    for root in (Refusal, InvalidEvent, MalformedJson)
    for refusal in refusals(root)
    if refusal not in ABSTRACT and refusal.__module__.startswith(("services.", "contracts."))
]


MADE: Mapping[str, Any] = {
    "int": 1,
    "float": 1.0,
    "Phrase": phrase("empty"),
    "Mistakes": Mistakes.of("/x", phrase("empty")),
}
"""Facts by their types; any other is a text."""


def facts_of(refusal: type[Exception]) -> dict[str, Any]:
    """Return a fact of each kind that a refusal needs."""
    _, *facts = inspect.signature(refusal.__init__).parameters.values()
    needed = (fact for fact in facts if fact.kind is fact.POSITIONAL_OR_KEYWORD and fact.default is fact.empty)
    return {fact.name: MADE.get(getattr(fact.annotation, "__name__", str(fact.annotation)), "x") for fact in needed}


@pytest.mark.parametrize("refusal", ALL, ids=[refusal.__name__ for refusal in ALL])
def test_every_refusal_has_its_words_and_the_facts_that_they_need(refusal: type[Exception]) -> None:
    if refusal is DatabaseUnavailable:
        assert code_of(refusal) in PROBLEMS
        return
    facts = facts_of(refusal)
    answer = refusal_response(refusal(**facts))
    problem = msgspec.json.decode(answer.body)
    assert problem["code"] == code_of(refusal)
    assert answer.status_code == PROBLEMS[code_of(refusal)].status
    has_place = code_of(refusal) in PLACES or not facts.keys().isdisjoint({"pointer", "mistakes", "what"})
    assert ("errors" in problem) == has_place


def test_no_two_refusals_share_a_code() -> None:
    assert len({code_of(refusal) for refusal in ALL}) == len(ALL)


def test_every_refusal_says_what_it_means() -> None:
    assert [refusal.__name__ for refusal in ALL if not inspect.getdoc(refusal)] == []


OF_NO_REFUSAL = {
    "body-incomplete",
    "internal-error",
    "invalid-parameter",
    "method-not-allowed",
    "not-found",
    "too-many-connections",
}
"""What is refused without an exception of ours."""


def test_every_word_is_of_a_refusal() -> None:
    assert PROBLEMS.keys() - {code_of(refusal) for refusal in ALL} - OF_NO_REFUSAL == set()


@pytest.mark.parametrize(("code", "problem"), PROBLEMS.items(), ids=PROBLEMS)
def test_every_problem_says_in_both_languages_what_it_means_when_it_happens_and_what_to_do(
    code: str, problem: Problem
) -> None:
    assert code == code.lower()
    assert 400 <= problem.status < 600
    assert not problem.en.title.endswith(".")
    assert not problem.zh.title.endswith("。")
    for english in (problem.en.when, problem.en.remedy):
        assert english.endswith("."), english
        assert english.isascii(), english
    for chinese in (problem.zh.title, problem.zh.when, problem.zh.remedy):
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese), chinese
    assert problem.zh.when.endswith("。")
    assert problem.zh.remedy.endswith("。")
    for words in (problem.zh, problem.en):
        assert "{{" not in words.remedy
        assert all(part[1] is None or part[1].isidentifier() for part in string.Formatter().parse(words.detail))


@pytest.mark.parametrize("code", PROBLEMS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_of_a_problem_is_its_document(code: str, lang: Lang) -> None:
    example = example_document(code, lang)
    assert (example["type"], example["code"]) == (f"/problems/{code}", code)
    assert example["detail"]
    assert "{" not in example["detail"]
    assert ("errors" in example) == (PROBLEMS[code].example.pointer is not None)


def test_a_problem_in_chinese_says_the_same_and_what_its_language_is() -> None:
    refusal = VoidOfAVoid("/events/0/data/target", UUID(int=1))
    chinese, english = refusal_response(refusal, "zh"), refusal_response(refusal, "en")
    in_chinese, in_english = msgspec.json.decode(chinese.body), msgspec.json.decode(english.body)
    assert in_english["remedy"] == "Record the fact again under a new id."
    assert in_chinese["remedy"] == "用新的编号重新登记该事实。"
    for name in ("type", "status", "code"):
        assert in_chinese[name] == in_english[name]
    assert in_chinese["errors"][0]["detail"] == in_chinese["detail"] == f"事件{UUID(int=1)}本身是一条作废。"
    assert (chinese.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-CN", "en")
    assert chinese.headers["Vary"] == english.headers["Vary"] == "Accept, Accept-Language"


def test_a_problem_in_chinese_that_quotes_english_says_so() -> None:
    refusal = UnreadablePack("sha256:0", "it is written in language 3")
    assert refusal_response(refusal, "zh").headers["Content-Language"] == "zh-CN, en"


async def test_an_unforeseen_failure_tells_an_incident_and_nothing_from_inside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/fails")
    async def fails() -> None:
        raise RuntimeError("the password is hunter2")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/fails")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert "hunter2" not in answer.text
    problem = answer.json()
    assert problem["code"] == "internal-error"
    incident = problem["detail"].rsplit(" ", 1)[1].rstrip(".")
    assert incident in caplog.text


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), FileNotFoundError(), TimeoutError(), DatabaseUnavailable()], ids=repr
)
async def test_while_the_database_is_away_the_answer_says_when_to_come_back(error: Exception) -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/waits")
    async def waits() -> None:
        raise error

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answer = await client.get("/waits")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
