"""Two ids of one person over HTTP: asked under either, answers are about the one person, from the link to its void."""

from collections.abc import Mapping
from random import Random
from typing import Any

import httpx
import pytest

from tests.api.client import EVENTS, LEDGER, append, assert_problem
from tests.campaign.careers import career
from tests.lives import CHENGDU_WORKER, Life, http, someone
from tests.published import as_published
from tests.tables import lines_of

OLD, NEW = "P-1", "P-2"
BOTH = pytest.mark.parametrize("asked", [OLD, NEW])
AS_OF = "2024-12-31"
LINK, VOID = someone.linked(NEW, called="link"), someone.voided("link", called="void")
JOB = someone.employed("2023-01-01", "510107", role="full_time_community_worker", called="job")
CERTIFICATE = someone.certified("2023-01-01", "intermediate", called="certificate")
LINKED_AT, VOIDED_AT = 5, 7


def person(practitioner_id: str, ledger: str = LEDGER) -> str:
    return f"{ledger}/practitioners/{practitioner_id}"


@pytest.fixture
async def told(made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that knows a job under the old id and a certificate under the new one, linked at 5."""
    await append(made, JOB.enrolled("2023-01-01", jurisdiction="510107", called="in"))
    await append(made, (CERTIFICATE + someone.enrolled("2023-01-02", called="in")).of(NEW))
    await append(made, LINK)
    return made


async def undo(client: httpx.AsyncClient) -> None:
    """Record something more, and void the link."""
    await append(client, someone.trained(called="more").of(NEW))
    assert (await append(client, VOID))["position"] == VOIDED_AT


async def ask(client: httpx.AsyncClient, url: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(url, params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    return told


@BOTH
async def test_facts_of_both_ids_are_judged_together_and_the_answer_names_the_id_linked_to(
    told: httpx.AsyncClient, asked: str
) -> None:
    answer = as_published("determination", await ask(told, f"{person(asked)}/determinations/talent", as_of=AS_OF))
    assert answer["practitioner_id"] == NEW
    certificate = await ask(told, f"{person(asked)}/determinations/certificate", as_of=AS_OF)
    assert (certificate["status"], certificate["result"]["level"]) == ("valid", "intermediate")
    assert certificate["jurisdiction"] == "510107", "the place of the job that is recorded under the old id"


async def test_under_either_id_every_answer_is_the_same_to_the_byte(told: httpx.AsyncClient) -> None:
    for path, query in (
        ("standing", {}),
        ("standing", {"as_of": AS_OF, "include": "explanation,alternatives"}),
        ("determinations/allowance", {"as_of": AS_OF}),
        ("comparison", {"as_of": AS_OF, "jurisdictions": "410100,510100"}),
        ("timeline", {"determination": "allowance"}),
        ("timeline", {"determination": "allowance", "axis": "known_at", "as_of": AS_OF}),
    ):
        of_old, of_new = [await told.get(f"{person(id_)}/{path}", params=query) for id_ in (OLD, NEW)]
        assert of_old.status_code == httpx.codes.OK, of_old.text
        assert of_old.content == of_new.content, path
        assert of_old.json()["practitioner_id"] == NEW


@BOTH
async def test_a_page_is_about_the_person_and_tells_the_records_of_both_ids(
    told: httpx.AsyncClient, asked: str
) -> None:
    answer = await told.get(f"{person(asked)}/standing", params={"as_of": AS_OF}, headers={"Accept": "text/plain"})
    assert answer.status_code == httpx.codes.OK
    assert NEW in answer.text
    assert "2023-01-01" in answer.text
    assert answer.text.count("#3"), "the certificate, recorded at position 3 under the new id"
    assert answer.text.count("#1"), "the job, recorded at position 1 under the old id"


@BOTH
async def test_as_known_before_the_link_or_after_its_void_each_id_has_its_own_answers(
    told: httpx.AsyncClient, asked: str
) -> None:
    before = await ask(told, f"{person(asked)}/standing", as_of=AS_OF, known_at_position=LINKED_AT - 1)
    linked = await ask(told, f"{person(asked)}/standing", as_of=AS_OF, known_at_position=LINKED_AT)
    await undo(told)
    after = await ask(told, f"{person(asked)}/standing", as_of=AS_OF)
    assert (before["practitioner_id"], linked["practitioner_id"], after["practitioner_id"]) == (asked, NEW, asked)
    levels = [one["determinations"]["certificate"]["result"]["level"] for one in (before, linked, after)]
    own = "intermediate" if asked == NEW else None
    assert levels == [own, "intermediate", own]
    again = await ask(told, f"{person(asked)}/standing", as_of=AS_OF, known_at_position=LINKED_AT)
    assert again == linked


async def test_an_id_is_unknown_before_its_own_first_event(told: httpx.AsyncClient) -> None:
    refused = await told.get(f"{person(NEW)}/standing", params={"known_at_position": 2})
    assert_problem(refused, 404, "unknown-practitioner", "{practitioner_id}")


async def test_over_what_was_learned_a_link_and_its_void_are_the_causes(told: httpx.AsyncClient) -> None:
    await undo(told)
    query = {"determination": "certificate", "axis": "known_at", "as_of": AS_OF}
    of_old = as_published("timeline", await ask(told, f"{person(OLD)}/timeline", **query))
    assert of_old["opening"] is None
    assert [
        (change["position"], change["status"], change["causes"][0]["cause"], change["causes"][0]["events"][0]["type"])
        for change in of_old["changes"]
    ] == [
        (1, "none", "fact", "employment.started"),
        (LINKED_AT, "valid", "fact", "practitioner.linked"),
        (VOIDED_AT, "none", "correction", "event.voided"),
    ]
    for change in of_old["changes"]:
        at = change["position"]
        url = f"{person(OLD)}/determinations/certificate"
        assert (await ask(told, url, as_of=AS_OF, known_at_position=at))["status"] == change["status"]
    assert [change["position"] for change in (await ask(told, f"{person(NEW)}/timeline", **query))["changes"]] == [3]


async def test_figures_and_the_lines_behind_them_count_one_person(told: httpx.AsyncClient) -> None:
    """A31: one certificate and one job of Chengdu under each id."""
    await append(told, JOB.of(NEW))
    await append(told, CERTIFICATE)

    async def figure() -> tuple[int, list[str]]:
        url, query = f"{LEDGER}/indicators/I-07", {"as_of": AS_OF}
        lines = await told.get(url, params=query, headers={"Accept": "text/csv"})
        people = [line["practitioner_id"] for line in lines_of(lines)]
        return (await ask(told, url, **query))["figure"]["counted"], people

    assert await figure() == (1, [NEW])
    await append(told, VOID)
    assert await figure() == (2, [OLD, NEW])


async def test_a_stream_stays_its_own_and_goes_on_to_take_events(told: httpx.AsyncClient) -> None:
    stream = await told.get(EVENTS, headers={"Accept-Encoding": "identity"})
    assert [event["type"] for event in stream.json()["events"]][-1] == "practitioner.linked"
    assert stream.headers["ETag"] == '"v3"'
    more = await told.post(EVENTS, json={"events": http(someone.certified("2024-01-01", "senior", called="more"))})
    assert more.status_code == httpx.codes.CREATED
    certificate = await ask(told, f"{person(NEW)}/determinations/certificate", as_of=AS_OF)
    assert certificate["result"]["level"] == "senior"


@pytest.mark.parametrize(
    ("life", "to", "code"),
    [
        (someone.linked("P-3", called="second"), OLD, "linked-already"),
        (someone.linked(OLD, called="back"), NEW, "link-in-a-circle"),
        (someone.linked("P-9", called="lost"), NEW, "link-to-nobody"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_link_that_is_refused_says_why(told: httpx.AsyncClient, life: Life, to: str, code: str) -> None:
    for url, body in (
        (f"{person(to)}/events", {"events": http(life)}),
        (f"{LEDGER}/events", {"events": [{"practitioner_id": to, **event} for event in http(life)]}),
    ):
        answer = await told.post(url, json=body)
        if answer.status_code == httpx.codes.MULTI_STATUS:
            (item,) = answer.json()["items"]
            assert (item["status"], item["problem"]["code"]) == (422, code)
        else:
            assert_problem(answer, 422, code, "/events/0/data/same_as")


async def test_an_id_of_the_ledgers_own_streams_is_linked_to_nothing(told: httpx.AsyncClient) -> None:
    link = http(someone.linked("_rules", called="rules"))
    assert_problem(await told.post(f"{person(NEW)}/events", json={"events": link}), 400, "invalid-event")


async def judged(client: httpx.AsyncClient, url: str, as_of: str) -> dict[str, Any]:
    """Return every answer about a person, without positions and the id: evidence by event id."""
    standing = await ask(client, f"{url}/standing", as_of=as_of, include="alternatives")
    cited = {}
    for name in ("allowance", "grade", "continuing_education.annual", "talent.quality"):
        answer = await ask(client, f"{url}/determinations/{name}", as_of=as_of)
        cited[name] = sorted(one["event_id"] for one in answer["evidence"])
    return {
        "cited": cited,
        **{name: standing[name] for name in ("jurisdiction", "next_change_on", "determinations")},
    }


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5, 7])
async def test_one_life_under_two_ids_that_are_linked_is_answered_as_under_one(
    made: httpx.AsyncClient, seed: int
) -> None:
    """Each event under one id or the other at random, revisions where their targets are; the link anywhere.

    Of these seeds each leaves some events to either id.
    """
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    events = list(career(seed).events)
    whole, apart = f"{LEDGER}-whole", f"{LEDGER}-apart"
    owners: dict[str, str] = {}
    told: list[tuple[str, str, Mapping[str, Any]]] = []
    for event in events:
        named = [id_ for id_ in (event["event_id"], event["data"].get("target")) if id_ is not None]
        owner = next((owners[id_] for id_ in named if id_ in owners), None) or random.choice((OLD, NEW))
        owners |= dict.fromkeys(named, owner)
        told += [(whole, OLD, event), (apart, owner, event)]
    (link,) = http(LINK)
    first_of_new = next(at for at, (ledger, to, _) in enumerate(told) if (ledger, to) == (apart, NEW))
    told.insert(random.randint(first_of_new + 1, len(told)), (apart, OLD, link))
    for ledger in (whole, apart):
        await made.put(ledger, json={"jurisdiction": "100000", "title": "全国"})
    for ledger, to, event in told:
        await made.post(f"{person(to, ledger)}/events", json={"events": [event]})
    counts = [(await ask(made, ledger))["head"] for ledger in (whole, apart)]
    assert counts[0] + 1 == counts[1], "the same events were accepted"
    for as_of in ("2023-06-30", "2025-12-31", "2027-03-01"):
        asked = person(random.choice((OLD, NEW)), apart)
        assert await judged(made, asked, as_of) == await judged(made, person(OLD, whole), as_of)


async def test_a_link_and_its_void_leave_every_answer_as_without_them(made: httpx.AsyncClient) -> None:
    await append(made, CHENGDU_WORKER)
    await append(made, CERTIFICATE.of(NEW))
    query = {"as_of": "2024-05-10", "include": "explanation,alternatives"}
    before = [await ask(made, f"{person(id_)}/standing", **query) for id_ in (OLD, NEW)]
    await append(made, LINK)
    await append(made, VOID)
    after = [await ask(made, f"{person(id_)}/standing", **query) for id_ in (OLD, NEW)]
    assert [{**one, "known_at_position": None} for one in after] == [
        {**one, "known_at_position": None} for one in before
    ]
    page = f"{person(OLD)}/timeline"
    told = await ask(made, page, determination="registration", to="2027-12-31")
    known = {"known_at_position": before[0]["known_at_position"], "to": "2027-12-31"}
    as_before = await ask(made, page, determination="registration", **known)
    assert {**told, "known_at_position": None} == {**as_before, "known_at_position": None}
