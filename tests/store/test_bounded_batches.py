"""The cost of a batch of corrections and voids: its targets and their people's revisions, and nothing under the
lock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import asyncpg
import pytest

from services.ledger import append as module
from services.ledger import view
from services.ledger.append import Lanes
from services.ledger.domain.career import Answer, Append
from services.ledger.domain.rejections import VoidOfAVoid
from services.runtime import journal
from services.runtime.stored_events import DamagedEvent
from tests.deciding import E1, ME, SOMEBODY_ELSE, appending, new_events
from tests.lives import Life, id_of, someone

EVENTS_OF_A_COMMAND = 100


class Statement(NamedTuple):
    """A statement on events, and how many it returned."""

    name: str
    events: int
    under_the_lock: bool


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    """Every reading of the lanes from now on."""
    read: list[Statement] = []
    locked = False

    def watched(name: str, count: Callable[[Any], int]) -> None:
        ask: Callable[..., Awaitable[Any]] = getattr(journal, name)

        async def asked(*arguments: Any, **more: Any) -> Any:
            found = await ask(*arguments, **more)
            read.append(Statement(name, count(found), locked))
            return found

        monkeypatch.setattr(journal, name, asked)

    def marking(name: str, *, holds: bool) -> None:
        ask: Callable[..., Awaitable[Any]] = getattr(module, name)

        async def asked(*arguments: Any) -> Any:
            nonlocal locked
            found = await ask(*arguments)
            locked = holds
            return found

        monkeypatch.setattr(module, name, asked)

    watched("versions", lambda found: 0)
    watched("events_by_id", len)
    watched("revisions", lambda found: sum(len(stored.events) for stored in found))
    marking("lock_head", holds=True)
    marking("append_behind", holds=False)
    return read


async def careers(lanes: Lanes, ledger: str, people: int, events: int) -> None:
    """Record careers of the events P-n/0, P-n/1, and so on."""
    for person in range(people):
        told = new_events(*(someone.trained(called=f"P-{person}/{number}") for number in range(events)))
        for start in range(0, events, EVENTS_OF_A_COMMAND):
            await lanes.append(ledger, Append(f"P-{person}", told[start : start + EVENTS_OF_A_COMMAND]))


def correction_of_a_career(person: int, name: str) -> Append:
    return appending(someone.corrected(f"P-{person}/0", amount="13", called=f"{name}-{person}"), to=f"P-{person}")


def all_appended(outcomes: object) -> bool:
    return all(isinstance(outcome, Answer) and not outcome.replay for outcome in outcomes)  # type: ignore[attr-defined]  # Outcomes of a group.


def revisions_read(statements: list[Statement]) -> list[int]:
    """Return how many revisions were read by each statement about them."""
    return [statement.events for statement in statements if statement.name == "revisions"]


def large_corrections(person: str, count: int) -> list[Life]:
    """Return corrections of an event that nobody has recorded."""
    text = "some text of the same length for everybody" * 10
    return [someone.corrected(f"{person}/later", text=text, called=f"{person}/{n}") for n in range(count)]


async def test_corrections_of_long_careers_read_the_targets_and_nothing_under_the_lock(
    lanes: Lanes, ledger: str, statements: list[Statement]
) -> None:
    await careers(lanes, ledger, 40, 300)
    statements.clear()
    for time in range(3):
        outcomes = await lanes.append_group(ledger, [correction_of_a_career(n, f"c{time}") for n in range(40)])
        assert all_appended(outcomes)
        earlier = 40 * time
        assert statements == [
            Statement("versions", 0, under_the_lock=False),
            Statement("events_by_id", 40, under_the_lock=False),
            Statement("revisions", earlier, under_the_lock=False),
        ]
        statements.clear()


async def test_a_chain_of_corrections_is_not_read_again_for_every_batch(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, statements: list[Statement]
) -> None:
    await lanes.append(ledger, appending(someone.trained(called="c0")))
    await lanes.append(ledger, appending(someone.corrected("c0", amount="13", called="c1")))
    statements.clear()
    chain = [appending(someone.corrected(f"c{n - 1}", reason=f"reason {n}", called=f"c{n}")) for n in range(2, 602)]
    for start in range(0, len(chain), 100):
        assert all_appended(await lanes.append_group(ledger, chain[start : start + 100]))
    assert sum(one.events for one in statements if one.name == "revisions") < 2 * view.MIN_KEPT_EVENTS
    assert not [one for one in statements if one.under_the_lock]
    async with pool.acquire() as connection:
        assert (await journal.head(connection, ledger)).position == 602


async def test_many_corrections_that_rest_on_a_damaged_event_are_refused_in_one_batch(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, statements: list[Statement]
) -> None:
    await careers(lanes, ledger, 2, 1)
    await lanes.append(ledger, correction_of_a_career(0, "damaged"))
    async with pool.acquire() as connection:
        await connection.execute("ALTER TABLE ledger.events DISABLE TRIGGER ALL")
        await connection.execute(r"UPDATE ledger.events SET leaf = '{}' WHERE position = 3")
    statements.clear()
    group = [correction_of_a_career(number % 2, f"c{number}") for number in range(40)]
    outcomes = await lanes.append_group(ledger, group)
    assert [type(outcome) for outcome in outcomes] == [DamagedEvent, Answer] * 20
    assert [statement.name for statement in statements] == ["versions", "events_by_id", "revisions"]


async def test_under_the_lock_only_what_another_process_appended_since_is_read(
    lanes: Lanes, other_lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    await careers(lanes, ledger, 1, 300)
    await lanes.append(ledger, appending(*(someone.voided(f"P-0/{n}", called=f"v{n}") for n in range(50)), to="P-0"))
    lock = vars(module)["lock_head"]  # As `statements` watches it.
    others = [
        appending(someone.voided("P-0/99", called="new"), to="P-0"),
        appending(someone.trained(called="x"), to=SOMEBODY_ELSE),
    ]

    async def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(module, "lock_head", lock)
        await other_lanes.append_group(ledger, others)
        statements.clear()
        return await lock(*arguments)

    monkeypatch.setattr(module, "lock_head", overtaken)
    with pytest.raises(VoidOfAVoid):
        await lanes.append(ledger, appending(someone.voided("new", called="late"), to="P-0"))
    assert statements == [
        Statement("versions", 0, under_the_lock=True),
        Statement("events_by_id", 1, under_the_lock=True),
        Statement("revisions", 1, under_the_lock=True),
    ]


async def test_a_group_whose_people_have_many_corrections_is_cut_and_others_come_between(
    lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MAX_REVISIONS_READ", 50)
    await careers(lanes, ledger, 10, 1)
    for n in range(10):
        more = (someone.corrected(f"P-{n}/0", amount="14", called=f"{n}/{k}") for k in range(20))
        await lanes.append(ledger, appending(*more, to=f"P-{n}"))
    statements.clear()
    group = asyncio.ensure_future(lanes.append_group(ledger, [correction_of_a_career(n, "c") for n in range(10)]))
    alone = asyncio.ensure_future(lanes.append(ledger, appending(E1, to="P-99")))
    outcomes = await group
    assert all_appended(outcomes)
    assert revisions_read(statements) == [50, 50, 50, 50, 40]
    positions = [outcome.position for outcome in outcomes if isinstance(outcome, Answer)]
    assert positions == sorted(positions)
    assert positions[1] < (await alone).position < positions[2]


async def test_a_group_that_takes_long_to_decide_is_cut_and_others_come_between(
    lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DECIDING_LIMIT_S", 0.0)
    await careers(lanes, ledger, 5, 1)
    group = asyncio.ensure_future(lanes.append_group(ledger, [correction_of_a_career(n, "c") for n in range(5)]))
    alone = asyncio.ensure_future(lanes.append(ledger, appending(E1, to="P-99")))
    outcomes = await group
    assert all_appended(outcomes)
    assert [outcome.position for outcome in outcomes if isinstance(outcome, Answer)] == [6, 8, 9, 10, 11]
    assert (await alone).position == 7


async def test_a_person_with_more_corrections_than_are_read_at_once_can_be_corrected(
    lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MAX_REVISIONS_READ", 7)
    many = [someone.corrected("e1", amount=str(n + 1), called=f"c{n}") for n in range(20)]
    await lanes.append(ledger, appending(E1, *many))
    statements.clear()
    foreseen = await lanes.validate(
        ledger,
        [
            appending(someone.voided("c19", called="v1")),
            appending(someone.voided("v1", called="v2")),
        ],
    )
    assert [type(outcome) for outcome in foreseen] == [Answer, VoidOfAVoid]
    await lanes.append(ledger, appending(someone.voided("c19", called="v1")))
    assert revisions_read(statements) == [7, 7, 6] * 2


async def test_what_was_never_committed_is_not_remembered(
    lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MIN_KEPT_EVENTS", 0)
    await lanes.append(ledger, appending(E1.voided("e0", called="v0")))
    await lanes.append(ledger, appending(someone.corrected("e1", amount="13", called="c1")))

    async def lost(*_: object) -> bool:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    with monkeypatch.context() as patched:
        patched.setattr(module, "append_behind", lost)
        with pytest.raises(asyncpg.ConnectionDoesNotExistError):
            await lanes.append(ledger, appending(someone.voided("e1", called="v1")))
    assert (await lanes.append(ledger, appending(someone.voided("v1", called="v2")))).version == 4


async def test_no_more_is_kept_than_there_is_room_for_beside_the_last(
    lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MIN_KEPT_EVENTS", 0)
    monkeypatch.setattr(view, "MAX_KEPT_EVENTS", 3)
    for person in ("P-1", "P-2", "P-3"):
        await lanes.append(
            ledger, appending(*(someone.voided(f"{person}/later", called=f"{person}/{n}") for n in range(2)), to=person)
        )
    statements.clear()
    for person in ("P-3", "P-1"):
        await lanes.append(ledger, appending(someone.voided(id_of("later"), called=f"{person}/again"), to=person))
    assert revisions_read(statements) == [2]


async def test_there_is_room_for_less_where_events_are_large(
    lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MIN_KEPT_EVENTS", 0)
    monkeypatch.setattr(view, "MAX_KEPT_BYTES", 4_000)
    for person in ("P-1", "P-2", "P-3"):
        await lanes.append(ledger, appending(*large_corrections(person, 5), to=person))
    statements.clear()
    for person in ("P-3", "P-2", "P-1"):
        await lanes.append(ledger, appending(someone.voided(f"{person}/0", called=f"{person}/void"), to=person))
    assert revisions_read(statements) == [5]


async def test_whoever_was_corrected_last_is_not_read_again_however_many_corrections_there_are(
    lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MAX_KEPT_EVENTS", 10)
    many = [someone.corrected("e1", amount=str(n + 1), called=f"c{n}") for n in range(view.MIN_KEPT_EVENTS)]
    await lanes.append(ledger, appending(E1, *many))
    statements.clear()
    for n in range(3):
        await lanes.append(ledger, appending(someone.voided(f"c{n}", called=f"v{n}")))
    assert revisions_read(statements) == []


async def test_large_corrections_are_read_a_few_at_a_time(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    await lanes.append(ledger, appending(*large_corrections(ME, 10)))
    leaf = await pool.fetchval("SELECT length(leaf) FROM ledger.events WHERE position = 1")
    monkeypatch.setattr(view, "MAX_BYTES_READ", 4 * leaf)
    statements.clear()
    await lanes.append(ledger, appending(someone.voided(f"{ME}/9", called="v1")))
    with pytest.raises(VoidOfAVoid):
        await lanes.append(ledger, appending(someone.voided("v1", called="v2")))
    assert revisions_read(statements) == [4, 4, 2, 4, 4, 3]


async def test_a_correction_whose_person_takes_long_to_read_goes_in_and_fails_nobody(
    lanes: Lanes, other_lanes: Lanes, ledger: str, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each turn continues where the last one ran out of time."""
    monkeypatch.setattr(module, "READING_SHARE", 0.0)
    monkeypatch.setattr(view, "MAX_REVISIONS_READ", 7)
    monkeypatch.setattr(view, "MIN_KEPT_EVENTS", 0)
    chain = [someone.corrected(f"c{n - 1}", reason=f"reason {n}", called=f"c{n}") for n in range(2, 21)]
    await other_lanes.append(ledger, appending(E1, someone.corrected("e1", amount="13", called="c1"), *chain))
    statements.clear()
    late = appending(someone.corrected("e1", amount="14", called="late"))
    others = [appending(someone.trained(called=f"other{n}"), to=f"P-{n}") for n in range(5)]
    outcomes = await asyncio.gather(*(lanes.append(ledger, command) for command in (late, *others)))
    assert all_appended(outcomes)
    assert revisions_read(statements) == [7, 7, 6]
