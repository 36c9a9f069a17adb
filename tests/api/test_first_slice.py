"""A thin walk through every route of the ledger."""

from uuid import uuid4

import httpx

from services.ledger.api import examples

LEDGER = "/v1/ledgers/chengdu"
STREAM = f"{LEDGER}/practitioners/P-1/events"


async def test_a_fact_goes_in_and_is_read_back(client: httpx.AsyncClient) -> None:
    made = await client.put(LEDGER, json=examples.NEW_LEDGER)
    assert made.status_code == 201, made.text
    again = await client.put(LEDGER, json=examples.NEW_LEDGER)
    assert again.status_code == 200, again.text
    event = {**examples.NEW_EVENT, "event_id": str(uuid4())}
    appended = await client.post(STREAM, json={"events": [event]})
    assert appended.status_code == 201, appended.text
    assert appended.headers["ETag"] == '"v1"'
    replayed = await client.post(STREAM, json={"events": [event]}, headers={"If-Match": '"v7"'})
    assert (replayed.status_code, replayed.json()) == (200, appended.json())
    page = await client.get(STREAM)
    assert page.json()["events"][0]["data"] == event["data"]
    feed = await client.get(f"{LEDGER}/events")
    assert feed.json() == page.json()
    one = await client.get(f"{LEDGER}/events/{event['event_id']}")
    assert one.json() == {**page.json()["events"][0], "corrected_by": [], "voided_by": []}
    standard = await client.post(f"{LEDGER}/local-standards", json=examples.NEW_STANDARD)
    assert standard.status_code == 201, standard.text
    listed = await client.get(f"{LEDGER}/local-standards")
    assert listed.json() == {"local_standards": [standard.json()], "head": 2}
    assert (await client.get("/v1/ledgers")).json()["ledgers"][0]["ledger"] == "chengdu"
    assert (await client.get(LEDGER)).json()["head"] == 2
