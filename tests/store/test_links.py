"""Links on a real PostgreSQL: decided under the lock, and found from every id, as of every position."""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext

import asyncpg
import pytest

from contracts.events.codec import parse_event
from services.ledger.append import Lanes
from services.ledger.domain.career import Answer, Append
from services.ledger.domain.rejections import LinkedAlready, LinkInACircle, LinkToNobody
from services.runtime import journal
from services.runtime.journal import NEWEST, Link, ManyEvents, UnknownPractitioner
from services.runtime.stored_events import StoredPerson
from tests.deciding import E1, E2, LEDGER, appending, uuid_of
from tests.lives import Life, http, someone

OLD, NEW, THIRD = "P-1", "P-2", "P-3"
LINK = someone.linked(NEW, called="link")
VOID = someone.voided("link", called="void")


async def tell(lanes: Lanes, *lives: tuple[str, Life]) -> None:
    """Record lives, each in a request and a stream of its own."""
    for stream, life in lives:
        await lanes.append(LEDGER, appending(life, to=stream))


async def tell_two(lanes: Lanes) -> None:
    """Record somebody's old id at position 1, the new one at 2, a link at 3, more of both at 4 and 5, its void at 6."""
    more = [(id_, someone.trained(called=f"more of {id_}")) for id_ in (NEW, OLD)]
    await tell(lanes, (OLD, E1), (NEW, E2), (OLD, LINK), *more, (OLD, VOID))


def shape(people: Sequence[StoredPerson]) -> dict[str, tuple[list[str], list[int]]]:
    """Return for each person the streams and the positions of the events."""
    return {
        person.practitioner_id: (
            sorted(stream.practitioner_id for stream in person.streams),
            [event.position for event in person.recorded()],
        )
        for person in people
    }


async def people(pool: asyncpg.Pool, *ids: str, up_to: int = NEWEST) -> dict[str, tuple[list[str], list[int]]]:
    async with pool.acquire() as connection:
        return shape(await journal.people(connection, LEDGER, ids, up_to=up_to))


# Deciding.


async def test_a_link_is_decided_on_what_another_process_recorded(
    lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    await tell(lanes, (OLD, E1), (NEW, E2))
    await tell(other_lanes, (THIRD, someone.trained(called="e3")), (OLD, LINK))
    with pytest.raises(LinkedAlready):
        await tell(lanes, (OLD, someone.linked(THIRD, called="second")))
    with pytest.raises(LinkInACircle):
        await tell(lanes, (NEW, someone.linked(OLD, called="back")))
    await tell(other_lanes, (OLD, VOID))
    await tell(lanes, (NEW, someone.linked(OLD, called="back")))


async def test_of_two_links_that_would_close_a_circle_one_is_recorded(
    lanes: Lanes, other_lanes: Lanes, ledger: str
) -> None:
    await tell(lanes, (OLD, E1), (NEW, E2))
    there = lanes.append(ledger, appending(LINK, to=OLD))
    back = other_lanes.append(ledger, appending(someone.linked(OLD, called="back"), to=NEW))
    outcomes = await asyncio.gather(there, back, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Answer", "LinkInACircle"]


GROUP = [
    (OLD, E1, Answer),
    (OLD, LINK, LinkToNobody),
    (NEW, E2, Answer),
    (OLD, LINK, Answer),
    (NEW, someone.linked(OLD, called="back"), LinkInACircle),
    (OLD, someone.linked(NEW, called="again"), LinkedAlready),
    (OLD, VOID, Answer),
    (NEW, someone.linked(OLD, called="back"), Answer),
    (OLD, someone.voided("early", called="early void"), Answer),
    (OLD, someone.linked(NEW, called="early"), Answer),
    (OLD, someone.linked(NEW, called="late"), LinkInACircle),
]


async def test_each_command_of_a_group_sees_the_links_and_voids_before_it(lanes: Lanes, ledger: str) -> None:
    commands = [appending(life, to=stream) for stream, life, _ in GROUP]
    outcomes = await lanes.append_group(ledger, commands)
    assert [type(outcome) for outcome in outcomes] == [expected for _, _, expected in GROUP]


async def test_a_trial_of_a_group_says_the_same_and_records_nothing(
    lanes: Lanes, ledger: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if it is read in several parts."""
    monkeypatch.setattr("services.ledger.append.MAX_GROUP_EVENTS", 1)
    outcomes = await lanes.validate(ledger, [appending(life, to=stream) for stream, life, _ in GROUP])
    assert [type(outcome) for outcome in outcomes] == [expected for _, _, expected in GROUP]
    assert await people(pool, OLD, NEW) == {}


async def test_a_trial_knows_what_is_recorded_and_what_it_has_itself_undone(
    lanes: Lanes, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ledger.append.MAX_GROUP_EVENTS", 1)
    await tell(lanes, (OLD, E1), (NEW, E2), (OLD, LINK))
    group = [LINK, someone.linked(NEW, called="second"), VOID, someone.linked(NEW, called="second")]
    outcomes = await lanes.validate(ledger, [appending(life, to=OLD) for life in group])
    assert [type(outcome) for outcome in outcomes] == [Answer, LinkedAlready, Answer, Answer]


# Reading.


@pytest.mark.parametrize("asked", [[OLD], [NEW], [OLD, NEW]], ids=len)
async def test_linked_streams_are_read_together_from_the_link_to_its_void(
    pool: asyncpg.Pool, lanes: Lanes, asked: list[str]
) -> None:
    await tell_two(lanes)
    alone = {OLD: ([OLD], [1]), NEW: ([NEW], [2])}
    assert await people(pool, *asked, up_to=2) == {id_: alone[id_] for id_ in asked}
    for position in (3, 4, 5):
        positions = list(range(1, position + 1))
        assert await people(pool, *asked, up_to=position) == {NEW: ([OLD, NEW], positions)}
    alone = {OLD: ([OLD], [1, 3, 5, 6]), NEW: ([NEW], [2, 4])}
    assert await people(pool, *asked) == {id_: alone[id_] for id_ in asked}


async def test_a_chain_and_several_links_to_one_id_are_one_person(pool: asyncpg.Pool, lanes: Lanes) -> None:
    told = [(id_, someone.trained(called=id_)) for id_ in (OLD, NEW, THIRD, "P-4")]
    chain = [(OLD, LINK), (NEW, someone.linked(THIRD, called="l2")), ("P-4", someone.linked(THIRD, called="l4"))]
    await tell(lanes, *told, *chain)
    everybody = {THIRD: ([OLD, NEW, THIRD, "P-4"], [1, 2, 3, 4, 5, 6, 7])}
    for id_ in (OLD, NEW, THIRD, "P-4"):
        assert await people(pool, id_) == everybody
    await tell(lanes, (NEW, someone.voided("l2", called="v2")))
    assert await people(pool, OLD, "P-4") == {NEW: ([OLD, NEW], [1, 2, 5, 6, 8]), THIRD: ([THIRD, "P-4"], [3, 4, 7])}


async def test_a_void_counts_however_its_client_wrote_the_id(pool: asyncpg.Pool, lanes: Lanes) -> None:
    for number, write in enumerate((str.upper, lambda text: text.replace("-", ""))):
        old, new = f"old-{number}", f"new-{number}"
        link = someone.linked(new, called=f"l{number}")
        await tell(lanes, (old, someone.trained(called=old)), (new, someone.trained(called=new)), (old, link))
        assert list(await people(pool, old)) == [new]
        (void,) = http(someone.voided(f"l{number}", called=f"v{number}"))
        void["data"]["target"] = write(void["data"]["target"])
        await lanes.append(LEDGER, Append(old, [parse_event(void)]))
        assert list(await people(pool, old)) == [old]


async def test_a_void_in_another_stream_or_of_another_event_leaves_a_link_in_force(
    pool: asyncpg.Pool, lanes: Lanes
) -> None:
    await tell(lanes, (OLD, E1), (NEW, E2), (NEW, VOID), (OLD, LINK), (OLD, someone.voided("e1", called="v1")))
    assert list(await people(pool, OLD)) == [NEW]


async def test_texts_that_look_like_members_link_nobody(pool: asyncpg.Pool, lanes: Lanes) -> None:
    deceiving = {"document": f'","same_as":"{THIRD}","target":"{uuid_of("link")}"', "system": '"same_as":"P-3"'}
    told = [(OLD, E1), (NEW, E2), (THIRD, someone.trained(called="e3"))]
    await tell(lanes, *told, (OLD, someone.linked(NEW, called="link", source=deceiving)))
    reason = f'"target":"{uuid_of("link")}"'
    await tell(lanes, (OLD, someone.voided("e1", because=reason, called="v1", source=deceiving)))
    assert list(await people(pool, OLD, THIRD)) == [NEW, THIRD]


async def test_the_links_in_force_are_told_with_their_events(pool: asyncpg.Pool, lanes: Lanes) -> None:
    await tell_two(lanes)
    async with pool.acquire() as connection:
        for up_to, expected in ((2, {}), (3, {OLD: Link(uuid_of("link"), NEW)}), (6, {})):
            assert await journal.links(connection, LEDGER, [NEW], up_to=up_to) == expected
        assert sorted(await journal.ever_linked(connection, LEDGER, NEW, up_to=6)) == [OLD, NEW]
        assert await journal.ever_linked(connection, LEDGER, NEW, up_to=2) == [NEW]
        assert await journal.relinked(connection, LEDGER, after=3, up_to=5) == set()
        assert await journal.relinked(connection, LEDGER, after=2, up_to=5) == {OLD, NEW}
        assert await journal.relinked(connection, LEDGER, after=5, up_to=6) == {OLD, NEW}


async def test_one_person_is_known_under_each_id_and_only_once_there_are_events(
    pool: asyncpg.Pool, lanes: Lanes
) -> None:
    await tell_two(lanes)
    async with pool.acquire() as connection:
        for id_ in (OLD, NEW):
            assert (await journal.person(connection, LEDGER, id_, up_to=4)).practitioner_id == NEW
        with pytest.raises(UnknownPractitioner):
            await journal.person(connection, LEDGER, NEW, up_to=1)


async def test_a_tip_is_that_of_the_person(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    """Number and last position of the events in all linked streams."""
    async with pool.acquire() as connection:
        empty = await journal.tip(connection, ledger, OLD)
        assert (empty.practitioner_id, empty.version, empty.position) == (OLD, 0, 0)
    expected = [
        ((OLD, E1), (OLD, 1, 1), (NEW, 0, 0)),
        ((NEW, E2), (OLD, 1, 1), (NEW, 1, 2)),
        ((OLD, LINK), (NEW, 3, 3), (NEW, 3, 3)),
        ((NEW, someone.trained(called="e3")), (NEW, 4, 4), (NEW, 4, 4)),
        ((OLD, VOID), (OLD, 3, 5), (NEW, 2, 4)),
    ]
    for told, of_old, of_new in expected:
        await tell(lanes, told)
        async with pool.acquire() as connection:
            for id_, state in ((OLD, of_old), (NEW, of_new)):
                tip = await journal.tip(connection, ledger, id_)
                assert (tip.practitioner_id, tip.version, tip.position) == state


async def everybody_by_pages(pool: asyncpg.Pool, limit: int, up_to: int = NEWEST) -> list[StoredPerson]:
    told: list[StoredPerson] = []
    last = ""
    async with pool.acquire() as connection:
        while page := await journal.people_after(connection, LEDGER, last, up_to=up_to, limit=limit):
            told.extend(page.people)
            last = page.last
    return told


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_pages_hold_each_person_once_with_all_streams_wherever_these_lie(
    pool: asyncpg.Pool, lanes: Lanes, limit: int
) -> None:
    ids = [f"P-{number}" for number in range(9)]
    await tell(lanes, *((id_, someone.trained(called=id_)) for id_ in ids))
    apart = {id_: ([id_], [number]) for number, id_ in enumerate(ids, 1)}
    for one, other in (("P-0", "P-8"), ("P-7", "P-1"), ("P-2", "P-7"), ("P-4", "P-5")):
        await tell(lanes, (one, someone.linked(other, called=f"{one} is {other}")))
    told = await everybody_by_pages(pool, limit)
    assert [person.practitioner_id for person in told] == ["P-1", "P-3", "P-5", "P-6", "P-8"]
    assert shape(told) == await people(pool, *ids)
    assert shape(told)["P-1"] == (["P-1", "P-2", "P-7"], [2, 3, 8, 11, 12])
    assert shape(await everybody_by_pages(pool, limit, up_to=9)) == apart


async def test_a_damaged_event_stops_no_other_person(pool: asyncpg.Pool, lanes: Lanes, ledger: str) -> None:
    await tell_two(lanes)
    await tell(lanes, (THIRD, someone.trained(called="e3")), ("P-4", someone.trained(called="e4")))
    await tell(lanes, (THIRD, someone.linked("P-4", called="l3")))
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE ledger.events DISABLE TRIGGER ALL")
        await connection.execute("UPDATE ledger.events SET leaf = '\\xff7b' WHERE position IN (3, 6)")
    assert await people(pool, THIRD) == {"P-4": ([THIRD, "P-4"], [7, 8, 9])}


@pytest.mark.parametrize("page", [1, 2, 1_000])
async def test_a_person_read_in_pages_is_the_same_person(
    pool: asyncpg.Pool, lanes: Lanes, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(journal, "PAGE_OF_LONG_STREAM", page)
    await tell_two(lanes)
    for id_, up_to in ((OLD, 1), (OLD, 2), (OLD, 3), (NEW, 3), (NEW, 4), (OLD, 5), (NEW, 6), (OLD, NEWEST)):
        in_pages = await journal.person_in_pages(pool, LEDGER, id_, up_to=up_to)
        async with pool.acquire() as connection:
            at_once = await journal.person(connection, LEDGER, id_, up_to=up_to)
        assert shape([in_pages]) == shape([at_once])
        assert in_pages.version == at_once.version


async def test_streams_that_were_ever_linked_are_read_in_pages_when_asked_for(pool: asyncpg.Pool, lanes: Lanes) -> None:
    await tell_two(lanes)
    apart = await journal.person_in_pages(pool, LEDGER, NEW, up_to=6)
    ever = await journal.person_in_pages(pool, LEDGER, NEW, up_to=6, ever=True)
    assert shape([apart]) == {NEW: ([NEW], [2, 4])}
    assert shape([ever]) == {NEW: ([OLD, NEW], [1, 2, 3, 4, 5, 6])}


@pytest.mark.parametrize(("at_most", "is_read"), [(4, True), (3, False)])
async def test_a_person_with_more_events_than_were_asked_for_is_not_read(
    pool: asyncpg.Pool, lanes: Lanes, at_most: int, is_read: bool
) -> None:
    await tell_two(lanes)
    async with pool.acquire() as connection:
        with nullcontext() if is_read else pytest.raises(ManyEvents):
            await journal.person(connection, LEDGER, OLD, up_to=4, at_most=at_most)
