"""A demo in a real ledger: loaded once, recognized afterwards, continued on a later day, never mixed with another."""

import json
from datetime import date

import asyncpg
import pytest

from contracts.events.codec import parse_event, read_leaf
from contracts.events.revisions import resolve
from contracts.policies.shipped import shipped
from services.core.facts.organizations import organizations_of
from services.demo.careers import SECOND_ID, Plan, careers, second_id
from services.demo.load import DemoSpec, LoadReport, OtherDemo, load
from services.demo.places import ends_of, mistaken_of, places_within, standards_of
from services.ledger.append import running_lanes
from services.ledger.domain.career import Append
from services.ledger.domain.standards import histories
from services.ledger.store.ledgers import make_ledger
from services.runtime import journal
from services.runtime.clock import system_clock
from services.runtime.journal import ORGANIZATIONS_STREAM, RULES_STREAM
from services.runtime.ledgers import LedgerRow
from services.runtime.showcase import SHOWCASE
from tests.cli.conftest import Command

ORIGIN = "ledger.invalid"
DEMO = DemoSpec("demo", practitioners=40, years=8, seed=1, until=date(2026, 11, 22))
CHENGDU = "510100"


async def loaded(pool: asyncpg.Pool, spec: DemoSpec = DEMO) -> LoadReport:
    return await load(pool, system_clock, ORIGIN, spec, lambda practitioners, events: None)


async def made_for(pool: asyncpg.Pool, jurisdiction: str) -> None:
    packs = shipped().values()
    pinned = {pack.jurisdiction: pack.digest for pack in packs}
    row = LedgerRow(DEMO.ledger, jurisdiction, "Demo", ORIGIN, system_clock(), pinned)
    async with pool.acquire() as connection:
        await make_ledger(connection, row, packs)


async def head(pool: asyncpg.Pool) -> int:
    async with pool.acquire() as connection:
        return (await journal.head(connection, DEMO.ledger)).position


async def test_every_career_is_recorded_as_it_was_told(pool: asyncpg.Pool) -> None:
    answer = await loaded(pool)
    places = places_within("100000", shipped())
    plan = Plan(DEMO.seed, DEMO.until, DEMO.years, places)
    told = [*careers(plan, DEMO.practitioners), second_id(plan)]
    assert (answer.jurisdiction, answer.practitioners) == ("100000", DEMO.practitioners)
    assert answer.events == answer.appended == sum(len(one.events) for one in told)
    assert answer.showcase == SHOWCASE
    assert await head(pool) == answer.recorded
    async with pool.acquire() as connection:
        rules = await journal.stream(connection, DEMO.ledger, RULES_STREAM, up_to=await head(pool))
        registered = [rule.raw for rule in rules if rule.type == "local_standard.registered"]
        assert registered == [*standards_of(places), *mistaken_of(places)]
        ends = {rule.raw["standard_id"]: rule.raw["last_day"] for rule in rules if rule.type == "local_standard.ended"}
        assert ends == {standard_id: end["last_day"] for standard_id, end in ends_of(places).items()} != {}
        voided = [one.registered.raw for one in histories(rules).values() if one.void]
        assert voided == mistaken_of(places) != []
        about = await journal.stream(connection, DEMO.ledger, ORGANIZATIONS_STREAM, up_to=await head(pool))
        employers = organizations_of(resolve(about))
        jobs = (event["data"] for one in told for event in one.events if event["type"] == "employment.started")
        named = {job["organization"] for job in jobs if "organization" in job}
        assert set() != named <= employers.keys()
        for one in told:
            stream = await journal.stream(connection, DEMO.ledger, one.practitioner_id, up_to=await head(pool))
            assert [event.event_id for event in stream] == [event["event_id"] for event in one.events]
            assert [event.raw for event in stream] == [event["data"] for event in one.events]


async def test_the_same_demo_again_appends_nothing(pool: asyncpg.Pool) -> None:
    first = await loaded(pool)
    before = await head(pool)
    again = await loaded(pool)
    assert (again.events, again.appended) == (first.events, 0)
    assert await head(pool) == before


async def test_a_later_day_of_the_year_appends_what_is_new(pool: asyncpg.Pool) -> None:
    earlier = await loaded(pool, DemoSpec("demo", 40, 8, 1, date(2026, 3, 1)))
    later = await loaded(pool)
    assert 0 < later.appended == later.events - earlier.events


async def test_another_seed_comes_beside_it_and_shares_the_showcase(pool: asyncpg.Pool) -> None:
    await loaded(pool)
    async with pool.acquire() as connection:
        showcase = await journal.stream(connection, DEMO.ledger, SHOWCASE, up_to=await head(pool))
        second = await journal.stream(connection, DEMO.ledger, SECOND_ID, up_to=await head(pool))
    other = await loaded(pool, DemoSpec("demo", 40, 8, 2, DEMO.until))
    assert other.appended == other.events - len(showcase) - len(second)


async def test_the_showcase_has_records_under_two_ids_that_are_linked(pool: asyncpg.Pool) -> None:
    """ADR 0027."""
    await loaded(pool)
    async with pool.acquire() as connection:
        person = await journal.person(connection, DEMO.ledger, SECOND_ID, up_to=await head(pool))
    assert person.practitioner_id == SHOWCASE
    assert {stream.practitioner_id for stream in person.streams} == {SHOWCASE, SECOND_ID}


async def test_before_the_story_of_the_showcase_begins_another_is_worth_looking_at(pool: asyncpg.Pool) -> None:
    answer = await loaded(pool, DemoSpec("demo", 40, 8, 1, date(2016, 5, 31)))
    assert answer.showcase == "s1-2008-2016-000002"
    assert answer.practitioners == 39


async def test_an_existing_ledger_keeps_its_place_and_the_careers_lie_inside_it(pool: asyncpg.Pool) -> None:
    await made_for(pool, CHENGDU)
    assert (await loaded(pool)).jurisdiction == CHENGDU
    async with pool.acquire() as connection:
        page = await journal.feed_page(connection, DEMO.ledger, after=0, limit=1000)
    events = [read_leaf(event.leaf).data for event in page.events]
    places = {data["jurisdiction"] for data in events if "jurisdiction" in data}
    assert len(places) > 3
    assert all(place.startswith("5101") for place in places)


async def test_what_another_release_told_is_not_mixed_with_this_one(pool: asyncpg.Pool) -> None:
    await made_for(pool, CHENGDU)
    first = next(careers(Plan(DEMO.seed, DEMO.until, DEMO.years, places_within(CHENGDU, shipped())), 1)).events[0]
    other = parse_event({**first, "data": {"identity_type": "taiwan"}})
    async with running_lanes(pool, system_clock) as lanes:
        await lanes.append(DEMO.ledger, Append(SHOWCASE, [other]))
    with pytest.raises(OtherDemo, match=r"at position 1 .*--ledger"):
        await loaded(pool)


async def test_a_failure_of_the_database_is_raised_as_it_is(pool: asyncpg.Pool) -> None:
    await made_for(pool, CHENGDU)
    await pool.execute("DROP TABLE ledger.heads CASCADE")
    with pytest.raises(asyncpg.UndefinedTableError):
        await loaded(pool)


def test_the_command_says_what_it_loaded_and_that_nothing_was_missing(ledgerctl: Command) -> None:
    first = ledgerctl("demo", "--practitioners", "20", "--until", "2026-11-22", "--json")
    assert first.returncode == 0, first.stderr
    said = json.loads(first.stdout)
    assert (said["ledger"], said["practitioners"], said["showcase"]) == ("demo", 20, SHOWCASE)
    assert said["appended"] == said["events"] > 300
    again = ledgerctl("demo", "--practitioners", "20", "--until", "2026-11-22")
    assert again.returncode == 0
    assert "nothing was missing" in again.stderr
    assert again.stdout == ""


@pytest.mark.parametrize("wrong", [("--until", "2026-02-30"), ("--ledger", "Demo"), ("--years", "0"), ("--seed", "-1")])
def test_wrong_arguments_are_told_with_exit_code_2(ledgerctl: Command, wrong: tuple[str, str]) -> None:
    outcome = ledgerctl("demo", *wrong)
    assert outcome.returncode == 2
    assert wrong[0] in outcome.stderr
