"""Every refusal is worded once, and an unforeseen failure reveals nothing internal."""

import dataclasses
import inspect
import string
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from fastapi import FastAPI

import services.server.app  # noqa: F401 - it imports every module that refuses something
from contracts.events.codec import InvalidEvent
from contracts.strict_json import MalformedJson
from services.ledger.domain.rejections import Rejection
from services.runtime.http import problems
from services.runtime.http.problems import PLACES, PROBLEMS, Problem, refusal_response
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


@pytest.mark.parametrize("refusal", ALL, ids=[refusal.__name__ for refusal in ALL])
def test_every_refusal_has_its_words_and_the_facts_that_they_need(refusal: type[Exception]) -> None:
    if refusal is DatabaseUnavailable:
        assert code_of(refusal) in PROBLEMS
        return
    facts = dataclasses.fields(refusal) if dataclasses.is_dataclass(refusal) else ()
    made = refusal(*(1 if "int" in str(fact.type) or "float" in str(fact.type) else "x" for fact in facts))
    answer = refusal_response(made)
    problem = msgspec.json.decode(answer.body)
    assert problem["code"] == code_of(refusal)
    assert answer.status_code == PROBLEMS[code_of(refusal)].status
    has_place = code_of(refusal) in PLACES or any(fact.name == "pointer" for fact in facts)
    assert ("errors" in problem) == has_place


def test_no_two_refusals_share_a_code() -> None:
    assert len({code_of(refusal) for refusal in ALL}) == len(ALL)


def test_every_refusal_says_what_it_means() -> None:
    assert [refusal.__name__ for refusal in ALL if not inspect.getdoc(refusal)] == []


@pytest.mark.parametrize(("code", "problem"), PROBLEMS.items(), ids=PROBLEMS)
def test_every_problem_is_worded_whole(code: str, problem: Problem) -> None:
    assert code == code.lower()
    assert 400 <= problem.status < 600
    assert problem.title
    assert not problem.title.endswith(".")
    assert problem.remedy.endswith(".")
    assert all(part[1] is None or part[1].isidentifier() for part in string.Formatter().parse(problem.detail))


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
