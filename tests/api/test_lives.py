"""The forms in which a life is written, held against each other by the answers that they are given."""

from datetime import date
from functools import reduce
from typing import Any
from uuid import uuid4

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.document import plain
from contracts.policies.language import Example
from services.core.authoring.examples import play
from services.core.questions.standing import STANDING
from tests.lives import CHENGDU, CHENGDU_WORKER, PINNED, ZHENGZHOU, Life, ask, example, http, someone

LIVES = 25
PLACES = (CHENGDU, ZHENGZHOU)
days = st.dates(date(2021, 1, 1), date(2026, 12, 31))
levels = st.sampled_from(["junior", "intermediate", "senior"])
numbers = st.integers(1, 12)
chapters = st.one_of(
    st.just(CHENGDU_WORKER),
    st.builds(someone.employed, days, st.sampled_from(["510107", "410105"])),
    st.builds(someone.left, days),
    st.builds(lambda job, day: someone.left(day, employment=job), numbers, days),
    st.builds(someone.certified, days, levels),
    st.builds(someone.certificate_withdrawn, days, levels),
    st.builds(someone.registered, days),
    st.builds(someone.registration_ended, days),
    st.builds(someone.trained, days, st.sampled_from(["20", "60"]), st.sampled_from(["hour", "class_hour"])),
    st.builds(someone.graduated, days),
    st.builds(someone.promoted, days, st.integers(5, 13)),
    st.builds(someone.served, days),
    st.builds(someone.talent_designated, days),
    st.builds(lambda number, day: someone.corrected(number, occurred_on=day), numbers, days),
    st.builds(someone.voided, numbers),
)
lives = st.lists(chapters, min_size=1, max_size=10).map(lambda drawn: reduce(Life.__add__, drawn, someone.enrolled()))


@settings(max_examples=LIVES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives, as_of=days, place=st.sampled_from(PLACES))
async def test_a_life_is_given_the_same_answers_over_http_folded_and_as_an_example_of_a_pack(
    client: httpx.AsyncClient, life: Life, as_of: date, place: str
) -> None:
    said = await over_http(client, life, as_of, place)
    assert list(said) == list(STANDING)
    assert folded(life, as_of, place) == said
    assert play(PINNED, place, Example(name="life", as_of=as_of, given=example(life), expect=said)) == []


async def over_http(client: httpx.AsyncClient, life: Life, as_of: date, place: str) -> dict[str, Any]:
    """Record each event by itself, as far as the ledger takes it; return status and result of each determination."""
    ledger = f"/v1/ledgers/l{uuid4()}"
    await client.put(ledger, json={"jurisdiction": "100000", "title": "life"})
    for event in http(life):
        await client.post(f"{ledger}/practitioners/{life.person}/events", json={"events": [event]})
    asked = {"as_of": as_of.isoformat(), "jurisdiction": place}
    answer = await client.get(f"{ledger}/practitioners/{life.person}/standing", params=asked)
    return {name: {"status": one["status"], **one["result"]} for name, one in answer.json()["determinations"].items()}


def folded(life: Life, as_of: date, place: str) -> dict[str, Any]:
    answers = {name: ask(life, name, as_of.isoformat(), place) for name in STANDING}
    return {name: {"status": one.node.status, **plain(one.node.result)} for name, one in answers.items()}
