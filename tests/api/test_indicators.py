"""Indicators over HTTP: figures of a ledger, the people behind them, and that they can be reproduced."""

import asyncio
from typing import Any

import httpx
import pytest

from services.projections.api import indicators
from services.runtime import journal
from services.runtime.journal import PeoplePage
from tests.api.client import LEDGER, append, assert_problem
from tests.lives import someone
from tests.published import as_published
from tests.tables import lines_of

INDICATORS = f"{LEDGER}/indicators"
HOLDERS = f"{INDICATORS}/I-07"
FAR_TOO_LONG_S = 10.0
OF_PEOPLE = ["I-01", "I-02", "I-06", "I-07", "I-11", "I-12", "I-17", "I-19", "I-20", "I-25"]
OF_ORGANIZATIONS = ["I-05", "I-08", "I-13", "I-15", "I-22"]


async def hire(client: httpx.AsyncClient, who: str, place: str, *certificates: tuple[str, str]) -> int:
    """Record an employment, and certificates by their day and level; return the last position."""
    life = someone.of(who).employed("2020-01-01", place)
    for day, level in certificates:
        life = life.certified(day, level)
    position: int = (await append(client, life))["position"]
    return position


async def figure(client: httpx.AsyncClient, url: str = HOLDERS, **query: Any) -> dict[str, Any]:
    answer = await client.get(url, params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    return as_published("indicator", answer.json())


async def lines(client: httpx.AsyncClient, url: str = HOLDERS, **query: Any) -> list[dict[str, str]]:
    answer = await client.get(url, params=query, headers={"Accept": "text/csv"})
    return lines_of(answer)


async def test_a_ledger_lists_the_indicators_of_its_packs_with_what_they_ask_for(made: httpx.AsyncClient) -> None:
    told = as_published("indicators", (await made.get(INDICATORS)).json())["indicators"]
    assert [one["indicator"] for one in told] == sorted([*OF_PEOPLE, *OF_ORGANIZATIONS])
    [holders] = [one for one in told if one["indicator"] == "I-07"]
    assert (holders["jurisdiction"], holders["clause"]) == ("510100", "CD-02")
    assert (holders["target"], holders["deadline"]) == (35_000, "2025-12-31")


@pytest.mark.parametrize("id_", OF_ORGANIZATIONS)
async def test_every_figure_of_organizations_is_of_none_in_an_empty_ledger(made: httpx.AsyncClient, id_: str) -> None:
    told = (await figure(made, f"{INDICATORS}/{id_}"))["figure"]
    assert (told["organizations"], told["counted"], told["of"] or 0) == (0, 0, 0)


@pytest.mark.parametrize("id_", OF_PEOPLE)
async def test_every_indicator_of_an_empty_ledger_is_nobody(made: httpx.AsyncClient, id_: str) -> None:
    told = (await figure(made, f"{INDICATORS}/{id_}"))["figure"]
    assert (told["counted"], told["open"], told["not_counted"], told["statuses"]) == (0, 0, 0, {})


async def test_after_the_deadline_the_result_is_final_and_nobody_is_added(made: httpx.AsyncClient) -> None:
    """CD-02, R-25: 到2025年."""
    await hire(made, "P-1", "510107", ("2025-12-31", "junior"))
    await hire(made, "P-2", "510107", ("2026-01-01", "junior"))
    told = await figure(made, as_of="2026-06-30")
    assert (told["as_of"], told["decided_on"], told["final"]) == ("2026-06-30", "2025-12-31", True)
    assert (told["figure"]["counted"], told["figure"]["status"]) == (1, "not_met")
    before = await figure(made, as_of="2025-12-30")
    assert (before["final"], before["figure"]["counted"], before["figure"]["status"]) == (False, 0, "pending")


async def test_a_figure_can_be_had_again_as_it_was_known(made: httpx.AsyncClient) -> None:
    await hire(made, "P-1", "510107", ("2023-01-01", "junior"))
    first = await made.get(HOLDERS, params={"as_of": "2024-06-30"})
    position = first.json()["known_at_position"]
    await hire(made, "P-2", "510107", ("2023-01-01", "basic"))
    assert (await figure(made, as_of="2024-06-30"))["figure"]["counted"] == 2
    again = await made.get(HOLDERS, params={"as_of": "2024-06-30", "known_at_position": position})
    assert again.content == first.content
    unknown = await figure(made, as_of="2024-06-30", known_at="2020-01-01T00:00:00Z")
    assert (unknown["known_at_position"], unknown["figure"]["counted"]) == (0, 0)


async def test_everybody_behind_a_figure_is_a_line_with_how_they_count_and_why(made: httpx.AsyncClient) -> None:
    await hire(made, "P-1", "510107", ("2021-01-01", "basic"))
    await hire(made, "P-2", "510100")
    await hire(made, "P-3", "410103", ("2021-01-01", "senior"))
    told = await lines(made)
    assert [tuple(line.values()) for line in told] == [
        ("P-1", "510107", "valid", "counted", "", "basic"),
        ("P-2", "510100", "none", "not_counted", "no_certificate", ""),
    ]


async def test_a_line_says_why_somebody_is_left_out_or_open(made: httpx.AsyncClient) -> None:
    await hire(made, "P-1", "410103", ("2021-01-01", "junior"))
    [line] = await lines(made, f"{INDICATORS}/I-17", as_of="2021-12-31")
    assert (line["status"], line["counted_as"]) == ("not_in_force", "excluded")
    assert line["reason"] == "edition_not_in_force"
    [line] = await lines(made, f"{INDICATORS}/I-17", as_of="2023-12-31")
    assert (line["status"], line["counted_as"], line["reason"]) == ("not_met", "not_counted", "shortfall")


async def test_the_lines_of_a_place_without_people_are_its_head_alone(made: httpx.AsyncClient) -> None:
    answer = await made.get(HOLDERS, headers={"Accept": "text/csv"})
    assert answer.text == "\ufeffpractitioner_id,jurisdiction,status,counted_as,reason,level\r\n"


async def test_a_figure_has_no_position_before_the_one_that_is_asked_for(made: httpx.AsyncClient) -> None:
    position = await hire(made, "P-1", "510107")
    assert (await figure(made, min_position=position))["known_at_position"] == position
    refused = await made.get(HOLDERS, params={"min_position": position + 1})
    assert_problem(refused, 422, "position-past-head", "?min_position")


@pytest.mark.parametrize("id_", ["I-03", "I-7", "wealth", "%00"])
async def test_an_indicator_that_no_pack_has_is_absent(made: httpx.AsyncClient, id_: str) -> None:
    """I-03 needs the registered population, which no ledger of people holds."""
    assert_problem(await made.get(f"{INDICATORS}/{id_}"), 404, "unknown-indicator")


@pytest.mark.parametrize("path", ["", "/I-07"])
async def test_a_ledger_that_is_not_there_has_none(client: httpx.AsyncClient, path: str) -> None:
    assert_problem(await client.get(f"/v1/ledgers/nowhere/indicators{path}"), 404, "unknown-ledger")


async def test_what_no_figure_can_be_asked_for_is_refused(made: httpx.AsyncClient) -> None:
    assert_problem(await made.get(HOLDERS, params={"as_of": "2025"}), 400, "invalid-parameter", "?as_of")
    assert_problem(await made.get(HOLDERS, headers={"Accept": "image/png"}), 406, "not-acceptable", "Accept")


@pytest.mark.parametrize("id_", ["I-07", "I-05"])
async def test_a_figure_counted_from_events_has_an_end(
    made: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, id_: str
) -> None:
    """However many pages of people it takes, each of which is quickly judged."""
    position = await hire(made, "P-1", "510107", ("2019-05-01", "junior"))

    async def never_ends(*_: Any, **__: Any) -> PeoplePage:
        await asyncio.sleep(0.01)
        return PeoplePage([], "P-1")

    monkeypatch.setattr(journal, "people_after", never_ends)
    monkeypatch.setattr(indicators, "FIGURE_TIME_S", 0.1)
    answer = await asyncio.wait_for(
        made.get(f"{INDICATORS}/{id_}", params={"known_at_position": position}), timeout=FAR_TOO_LONG_S
    )
    assert_problem(answer, 503, "answer-too-costly")
