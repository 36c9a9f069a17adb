"""Answers over HTTP about random careers conform to the published JSON Schemas."""

import httpx

from contracts.policies.shipped import shipped
from services.core.questions.standing import DETERMINATIONS, STANDING
from services.core.rules.kinds.registry import OF_A_LEVEL
from tests.projections.conftest import PEOPLE
from tests.published import as_published

LEDGER = "/v1/ledgers/demo"
LEVEL = {name: {"level": "junior"} for name in OF_A_LEVEL}


async def test_every_answer_about_every_career_is_as_published(projected: httpx.AsyncClient) -> None:
    """Each career is asked one determination after another, so that all are asked of several."""
    changes = 0
    for number in range(PEOPLE):
        person = f"{LEDGER}/practitioners/P-{number}"
        name = DETERMINATIONS[number % len(DETERMINATIONS)]
        asked = {"determination": name, **LEVEL.get(name, {})}
        for axis in ("as_of", "known_at"):
            timeline = await projected.get(f"{person}/timeline", params={**asked, "axis": axis})
            changes += len(as_published("timeline", timeline.json())["changes"])
        places = {"jurisdictions": ",".join(shipped())}
        as_published("comparison", (await projected.get(f"{person}/comparison", params={**asked, **places})).json())
        as_published("standing", (await projected.get(f"{person}/standing")).json())
    as_published("comparison", (await projected.get(f"{person}/comparison", params=places)).json())
    assert changes > PEOPLE


async def test_the_cohort_of_every_determination_is_as_published(projected: httpx.AsyncClient) -> None:
    for name in STANDING:
        answer = await projected.get(f"{LEDGER}/standings", params={"determination": name, "limit": PEOPLE})
        assert len(as_published("cohort", answer.json())["standings"]) == PEOPLE


async def test_every_figure_is_as_published(projected: httpx.AsyncClient) -> None:
    for one in (await projected.get(f"{LEDGER}/indicators")).json()["indicators"]:
        as_published("indicator", (await projected.get(f"{LEDGER}/indicators/{one['indicator']}")).json())
