"""The introduction of /docs is true: its six requests answer as they stand, in their order; and the page fills in what
a request needs."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from services.server.documentation import INTRODUCTION, TAGS
from tests.projections.conftest import following, until


@dataclass(frozen=True)
class Step:
    """One request of the introduction."""

    method: str
    path: str
    body: str


def steps() -> Iterator[Step]:
    for block in re.findall(r"```\n(.*?)```", INTRODUCTION, re.DOTALL):
        first, _, body = block.partition("\n")
        method, _, path = first.partition(" ")
        yield Step(method, path, body)


async def send(client: httpx.AsyncClient, step: Step) -> httpx.Response:
    if not step.body:
        return await client.request(step.method, step.path)
    headers = {"Content-Type": "application/json"}
    return await client.request(step.method, step.path, content=step.body.encode(), headers=headers)


async def test_the_six_requests_of_the_introduction_answer_as_they_stand(
    client: httpx.AsyncClient, database_url: str
) -> None:
    made, appended, standing, why, feed, cohort = steps()
    for _ in range(2):  # Each may be sent again.
        assert (await send(client, made)).is_success
        answer = await send(client, appended)
        assert answer.is_success, answer.text
        assert answer.json()["position"] == len(json.loads(appended.body)["events"])
    assert (await send(client, standing)).json()["determinations"]
    explained = (await send(client, why)).json()
    assert (explained["status"], bool(explained["explanation"])) == ("valid", True)
    assert len((await send(client, feed)).json()["events"]) == answer.json()["position"]

    async def is_answered() -> bool:
        return (await send(client, cohort)).status_code == httpx.codes.OK

    async with following(database_url):
        await until(is_answered, "the cohort has the events")
    [person] = (await send(client, cohort)).json()["standings"]
    today = (await client.get(standing.path.partition("?")[0])).json()["determinations"]["registration"]
    assert (person["practitioner_id"], person["status"]) == ("P-1", today["status"])


async def test_the_page_lists_what_one_does_first_first(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    order = [tag["name"] for tag in described["tags"]]
    assert order == [tag["name"] for tag in TAGS] == ["ledger", "query", "policies", "problems", "operations"]
    used = {tag for path in described["paths"].values() for one in path.values() for tag in one["tags"]}
    assert used == set(order)
    assert described["info"]["description"].startswith("Six requests")


async def test_every_parameter_that_a_request_needs_is_filled_in(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    needed = [
        (path, parameter["name"], parameter.get("example"))
        for path, operations in described["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["required"]
    ]
    assert len(needed) > 20
    assert [(path, name) for path, name, example in needed if example is None] == []
