"""A change of stored data past the triggers is found: by the check, by the feed, by doctor and rebuild."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from contracts.events.codec import canonical, leaf_hash
from services.ledger.append import Lanes
from services.ledger.domain.career import Answer
from services.projections.rebuild import rebuild
from services.runtime import journal
from services.runtime.clock import system_clock
from services.runtime.integrity import Fault, find_faults
from services.runtime.journal import DamagedLedger
from services.runtime.stored_events import DamagedEvent
from tests.cli.conftest import Command
from tests.deciding import E2, ME, SOMEBODY_ELSE, appending, uuid_of
from tests.lives import Life, id_of, someone

EVENTS = 4
HASHED = "the leaf is not the one that was hashed"
CHANGES = {
    "a leaf": (
        "UPDATE ledger.events SET leaf = replace(encode(leaf, 'escape'), '12.5', '99.5')::bytea WHERE position = 3",
        HASHED,
    ),
    "a hash": (r"UPDATE ledger.events SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE position = 3", HASHED),
    "a person": (
        "UPDATE ledger.events SET practitioner_id = 'P-9' WHERE position = 3",
        "practitioner_id of the row is not that of the leaf",
    ),
    "an id": (
        "UPDATE ledger.events SET event_id = gen_random_uuid() WHERE position = 3",
        "event_id of the row is not that of the leaf",
    ),
    "a type": (
        "UPDATE ledger.events SET type = 'exam.subject_passed' WHERE position = 3",
        "type of the row is not that of the leaf",
    ),
    "a day": (
        "UPDATE ledger.events SET occurred_on = occurred_on + 1 WHERE position = 3",
        "occurred_on of the row is not that of the leaf",
    ),
    "an instant": (
        "UPDATE ledger.events SET recorded_at = recorded_at - interval '1 s' WHERE position = 3",
        "recorded_at of the row is not that of the leaf",
    ),
    "whom it names": (
        """
        ALTER TABLE ledger.events ALTER COLUMN names DROP EXPRESSION;
        UPDATE ledger.events SET names = 'P-9' WHERE position = 3;
        """,
        "names of the row is not that of the leaf",
    ),
}
SET_LEAF = "UPDATE ledger.events SET leaf = $1, leaf_hash = $2 WHERE position = 2"
UNREADABLE = b"\xff{"


async def change(pool: asyncpg.Pool, statement: str, *arguments: object) -> None:
    """Change stored data as only an owner can, by switching the triggers off."""
    async with pool.acquire() as connection, connection.transaction():
        for table in ("events", "heads"):
            await connection.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL")
        await connection.execute(statement, *arguments)


@pytest.fixture
async def told(lanes: Lanes, ledger: str) -> str:
    for number in range(EVENTS):
        await lanes.append(ledger, appending(someone.trained(called=f"e{number}"), to=(ME, SOMEBODY_ELSE)[number % 2]))
    return ledger


async def faults(pool: asyncpg.Pool, ledger: str) -> list[Fault]:
    async with pool.acquire() as connection:
        return await find_faults(connection, ledger, EVENTS)


async def test_what_was_recorded_has_no_fault(pool: asyncpg.Pool, told: str, lanes: Lanes) -> None:
    """With a link and its void, which name somebody and something."""
    await lanes.append(told, appending(someone.linked(SOMEBODY_ELSE, called="link").voided("link", called="void")))
    async with pool.acquire() as connection:
        assert await find_faults(connection, told, EVENTS + 2) == []


@pytest.mark.parametrize(("statement", "what"), CHANGES.values(), ids=CHANGES)
async def test_a_changed_event_is_found_and_named_by_its_position(
    pool: asyncpg.Pool, told: str, statement: str, what: str
) -> None:
    await change(pool, statement)
    assert await faults(pool, told) == [Fault(3, what)]


async def test_a_leaf_that_cannot_be_read_though_its_hash_fits_is_found(pool: asyncpg.Pool, told: str) -> None:
    await change(pool, SET_LEAF, UNREADABLE, leaf_hash(UNREADABLE))
    assert await faults(pool, told) == [Fault(2, "the leaf cannot be read")]


@pytest.mark.parametrize("position", range(1, EVENTS + 1))
async def test_a_missing_event_is_found(pool: asyncpg.Pool, told: str, position: int) -> None:
    await change(pool, "DELETE FROM ledger.events WHERE position = $1", position)
    assert await faults(pool, told) == [Fault(position, "there is no event")]


async def test_a_stream_whose_versions_have_a_gap_is_found(pool: asyncpg.Pool, told: str) -> None:
    await change(pool, "UPDATE ledger.events SET version = 7 WHERE position = 3")
    async with pool.acquire() as connection:
        assert await journal.broken_streams(connection, told, up_to=EVENTS, limit=9) == [ME]


async def test_events_that_have_changed_places_are_found(pool: asyncpg.Pool, told: str) -> None:
    """Each of the two is as it was recorded, and no version is missing."""
    for before, after in ((1, 100), (3, 1), (100, 3)):
        versions = {1: 1, 3: 2, 100: 100}
        await change(
            pool,
            "UPDATE ledger.events SET position = $2, version = $3 WHERE position = $1",
            before,
            after,
            versions[after],
        )
    what = "its instant is earlier than that of an event before it"
    assert await faults(pool, told) == [Fault(2, what), Fault(3, what)]
    async with pool.acquire() as connection:
        assert await journal.broken_streams(connection, told, up_to=EVENTS, limit=9) == []


@pytest.mark.parametrize("leaf", ["changed", "unreadable"])
async def test_a_damaged_event_is_served_to_nobody_and_everything_else_is(
    pool: asyncpg.Pool, told: str, client: httpx.AsyncClient, leaf: str
) -> None:
    await change(pool, SET_LEAF, UNREADABLE, leaf_hash(UNREADABLE) if leaf == "unreadable" else bytes(32))
    ledger = f"/v1/ledgers/{told}"
    for url in (f"{ledger}/events", f"{ledger}/practitioners/{SOMEBODY_ELSE}/events"):
        refused = await client.get(url)
        assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text
        assert "position 2" in refused.json()["detail"]
    assert (await client.get(f"{ledger}/events", params={"after": 2})).status_code == httpx.codes.OK
    assert (await client.get(f"{ledger}/practitioners/{ME}/events")).status_code == httpx.codes.OK


async def test_an_unreadable_career_is_refused_and_no_fault_of_the_service(
    pool: asyncpg.Pool, told: str, client: httpx.AsyncClient
) -> None:
    await change(pool, SET_LEAF, UNREADABLE, leaf_hash(UNREADABLE))
    refused = await client.get(f"/v1/ledgers/{told}/practitioners/{SOMEBODY_ELSE}/standing")
    assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text


async def test_an_answer_is_computed_from_no_leaf_that_is_not_the_one_of_its_hash(
    pool: asyncpg.Pool, told: str, client: httpx.AsyncClient
) -> None:
    await change(pool, CHANGES["a leaf"][0])
    hours = f"/v1/ledgers/{told}/practitioners/{ME}/determinations/continuing_education.annual?as_of=2024-12-31"
    refused = await client.get(hours)
    assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text


@pytest.mark.parametrize(
    "question", ["events", "standing", "timeline?determination=grade", "determinations/grade?as_of=2024-12-31"]
)
async def test_an_event_that_another_persons_row_holds_is_served_to_nobody(
    pool: asyncpg.Pool, told: str, client: httpx.AsyncClient, question: str
) -> None:
    await change(pool, CHANGES["a person"][0])
    await change(pool, "UPDATE ledger.events SET version = 1 WHERE practitioner_id = 'P-9'")
    refused = await client.get(f"/v1/ledgers/{told}/practitioners/P-9/{question}")
    assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text


async def test_no_answer_is_computed_from_a_stream_with_a_missing_version(
    pool: asyncpg.Pool, told: str, client: httpx.AsyncClient
) -> None:
    await change(pool, "DELETE FROM ledger.events WHERE position = 1")
    for question in ("standing", "timeline?determination=grade"):
        refused = await client.get(f"/v1/ledgers/{told}/practitioners/{ME}/{question}")
        assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text


async def test_a_damaged_event_that_is_sent_again_is_damaged_and_not_the_clients_fault(
    pool: asyncpg.Pool, lanes: Lanes, told: str
) -> None:
    await change(pool, CHANGES["a leaf"][0])
    with pytest.raises(DamagedEvent):
        await lanes.append(told, appending(E2))


@pytest.mark.parametrize("damaged", [UNREADABLE, b"{}"], ids=["unreadable", "of another hash"])
async def test_a_damaged_event_fails_nobody_of_a_batch_but_who_names_it(
    pool: asyncpg.Pool, lanes: Lanes, told: str, damaged: bytes
) -> None:
    await change(pool, SET_LEAF, damaged, leaf_hash(UNREADABLE))
    group = [appending(someone.trained(called=f"new{n}"), to=f"P-{n}") for n in range(5)]
    group[2] = appending(someone.corrected("e1", amount="13", called="c1"), to=SOMEBODY_ELSE)
    outcomes = await lanes.append_group(told, group)
    assert [type(outcome) for outcome in outcomes] == [Answer, Answer, DamagedEvent, Answer, Answer]


TARGET = uuid_of("e1")
NONSENSE: Mapping[str, tuple[int, dict[str, Any]]] = {
    "of no type": (2, {"type": "no.such"}),
    "of no version": (2, {"schema_version": 0}),
    "with data of another type": (2, {"data": {"x": 1}}),
    "with an amount that is a number": (2, {"data": {"amount": 12, "unit": "hour", "subjects": ["sw_practice"]}}),
    "of no day": (2, {"occurred_on": "nonsense"}),
    "recorded at no instant": (2, {"recorded_at": "nonsense"}),
    "of another ledger": (2, {"ledger": "another"}),
    "a correction of nothing": (5, {"data": {"set": {}, "reason": "typed wrongly"}}),
    "a correction of no id": (5, {"data": {"target": "nonsense", "set": {}, "reason": "typed wrongly"}}),
    "a correction that sets nothing": (5, {"data": {"target": str(TARGET)}}),
    "a correction to no day": (5, {"data": {"target": str(TARGET), "set": {"occurred_on": "x"}, "reason": "x"}}),
}
"""Leaves that nobody has recorded, though each has the hash that is stored with it."""


@pytest.fixture(params=NONSENSE.values(), ids=[*NONSENSE])
async def nonsense(request: pytest.FixtureRequest, pool: asyncpg.Pool, lanes: Lanes, told: str) -> str:
    """The kind of damage; no release can have recorded e1, or its correction c1, like this."""
    position, members = request.param
    await lanes.append(told, appending(someone.corrected("e1", amount="13", called="c1"), to=SOMEBODY_ELSE))
    stored = await pool.fetchval("SELECT leaf FROM ledger.events WHERE position = $1", position)
    leaf = canonical(json.loads(stored) | members)
    await change(
        pool,
        "UPDATE ledger.events SET leaf = $1, leaf_hash = $2, type = $3 WHERE position = $4",
        leaf,
        leaf_hash(leaf),
        json.loads(leaf)["type"],
        position,
    )
    return told


async def test_a_leaf_that_nobody_can_have_recorded_fails_those_alone_who_rest_on_it(
    nonsense: str, other_lanes: Lanes
) -> None:
    group = [
        appending(someone.trained(called="n1"), to="P-7"),
        appending(someone.corrected("e1", amount="14", called="c2"), to=SOMEBODY_ELSE),
        appending(someone.trained(called="n2"), to="P-8"),
    ]
    outcomes = await other_lanes.append_group(nonsense, group)
    assert [type(outcome) for outcome in outcomes] == [Answer, DamagedEvent, Answer]


async def test_no_answer_is_computed_from_a_leaf_that_nobody_can_have_recorded(
    nonsense: str, client: httpx.AsyncClient
) -> None:
    person = f"/v1/ledgers/{nonsense}/practitioners/{SOMEBODY_ELSE}"
    for question in ("events", "standing", "timeline?determination=grade", "determinations/grade?as_of=2024-12-31"):
        refused = await client.get(f"{person}/{question}")
        assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), (question, refused.text)


async def test_a_leaf_that_nobody_can_have_recorded_is_found_and_nothing_is_switched(
    nonsense: str, pool: asyncpg.Pool, database_url: str
) -> None:
    async with pool.acquire() as connection:
        (fault,) = await find_faults(connection, nonsense, EVENTS + 1)
        report = await rebuild(connection, nonsense, system_clock, "somebody", verify=False, tell=lambda *_: None)
    assert fault.position in (2, EVENTS + 1)
    assert (report.damaged, report.switched) == (1, False)


async def test_an_event_with_the_id_of_another_is_not_taken_for_that(
    pool: asyncpg.Pool, told: str, other_lanes: Lanes, client: httpx.AsyncClient
) -> None:
    """Otherwise a replay would be recorded twice, and a correction apply to another event."""
    await change(pool, "UPDATE ledger.events SET event_id = gen_random_uuid() WHERE position = 1")
    await change(pool, "UPDATE ledger.events SET event_id = $1 WHERE position = 3", uuid_of("e0"))
    refused = await client.get(f"/v1/ledgers/{told}/events/{id_of('e0')}")
    assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text
    group = [
        appending(someone.trained(called="e0")),
        appending(someone.corrected("e0", amount="13", called="c1")),
        appending(someone.trained(called="new")),
    ]
    outcomes = await other_lanes.append_group(told, group)
    assert [type(outcome) for outcome in outcomes] == [DamagedEvent, DamagedEvent, Answer]


VOID = someone.voided("e0", called="r1")
CORRECTION = someone.corrected("e0", amount="13", called="r1")


@pytest.mark.parametrize("revision", [VOID, CORRECTION], ids=["void", "correction"])
async def test_a_revision_whose_row_is_of_another_type_can_be_neither_revised_nor_repeated(
    pool: asyncpg.Pool, lanes: Lanes, told: str, other_lanes: Lanes, client: httpx.AsyncClient, revision: Life
) -> None:
    """Otherwise a void could be voided: a person's revisions are read by the type of their rows."""
    await lanes.append(told, appending(revision))
    await change(pool, "UPDATE ledger.events SET type = 'training.completed' WHERE position = $1", EVENTS + 1)
    group = [
        appending(revision),
        appending(someone.voided("r1", called="v1")),
        appending(someone.corrected("r1", reason="typed wrongly", called="c1")),
        appending(someone.trained(called="new")),
    ]
    outcomes = await other_lanes.append_group(told, group)
    assert [type(outcome) for outcome in outcomes] == [DamagedEvent, DamagedEvent, DamagedEvent, Answer]
    refused = await client.get(f"/v1/ledgers/{told}/events/{id_of('r1')}")
    assert (refused.status_code, refused.json()["code"]) == (503, "damaged-event"), refused.text


async def test_a_ledger_with_a_missing_event_is_damaged_and_not_unknown(pool: asyncpg.Pool, told: str) -> None:
    """An instant is found by bisection, and one of the halves is gone."""
    await change(pool, "DELETE FROM ledger.events WHERE position = 2")
    recorded_at = await pool.fetchval("SELECT recorded_at FROM ledger.events WHERE position = 1")
    async with pool.acquire() as connection:
        with pytest.raises(DamagedLedger):
            await journal.position_at(connection, told, recorded_at)


async def test_a_head_that_was_moved_back_gives_no_position_out_again(
    pool: asyncpg.Pool, lanes: Lanes, told: str
) -> None:
    await change(pool, "UPDATE ledger.heads SET position = position - 2")
    for _ in range(2):
        with pytest.raises(DamagedLedger):
            await lanes.append(told, appending(someone.trained(called="new"), to="P-3"))
    assert await pool.fetchval("SELECT count(*) FROM ledger.events") == EVENTS


async def test_doctor_and_rebuild_name_what_is_damaged_and_nothing_is_switched(
    database_url: str, pool: asyncpg.Pool, told: str, tmp_path: Path
) -> None:
    ledgerctl = Command(tmp_path, database_url)
    assert ledgerctl("rebuild", "--ledger", told).returncode == 0
    await change(pool, CHANGES["a leaf"][0])
    await change(pool, "DELETE FROM ledger.events WHERE position = 4")
    found = {one["check"]: one for one in json.loads(ledgerctl("doctor", "--json").stdout)["findings"]}
    assert found["events"]["status"] == "failed"
    assert f"{told}: position 3, {HASHED}" in found["events"]["detail"]
    assert f"{told}: position 4, there is no event" in found["events"]["detail"]
    rebuilt = ledgerctl("rebuild", "--ledger", told, "--json")
    assert rebuilt.returncode == 1
    report = json.loads(rebuilt.stdout)
    assert (report["damaged"], report["faults"]) == (
        2,
        [{"position": 3, "what": HASHED}, {"position": 4, "what": "there is no event"}],
    )
    assert not report["switched"]
    assert "position 3" in ledgerctl("rebuild", "--ledger", told, "--verify").stderr
