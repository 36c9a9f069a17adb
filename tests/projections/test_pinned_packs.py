"""A pinned pack can be read for ever, however strict this release is with authors of packs."""

from collections.abc import Iterable
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from contracts.policies.packs import Shipped
from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.load import InvalidPackError, load_pack
from services.core.questions.standing import DETERMINATIONS
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.ledger.store.ledgers import make_ledger
from services.projections.rulebook import PolicyBooks, rulebook_at
from services.runtime.clock import system_clock
from services.runtime.integrity import find_unreadable_packs
from services.runtime.ledgers import LedgerRow, UnreadablePack, ledger_named, pinned_pack
from tests.api.client import append
from tests.documents import document_of, text_with
from tests.lives import CHENGDU, NATION, ZHENGZHOU, worker
from tests.projections.conftest import caught_up, following, until
from tools.old_packs import changed_answers, kept

AS_OF = "2024-06-30"


def old_document(place: str) -> dict[str, Any]:
    """Return the last text of a place in the first version of the language, to be changed at will."""
    texts = [text for text in kept().texts if text.pinned.pack.jurisdiction == place]
    documents = [msgspec.json.decode(bytes(text.document)) for text in texts]
    return [document for document in documents if "language" not in document][-1]


def out_of_use() -> Shipped:
    """Return an old pack of Chengdu with all that a later release may have done away with, or not know yet."""
    document = old_document(CHENGDU)
    [edition] = document["editions"]
    edition["readings"].append("R-99")
    edition["in_force"]["alternatives"][0]["choice"] = "a_choice_no_longer_known"
    for part in (document, edition, edition["in_force"], *edition["determinations"].values()):
        part["member_no_longer_known"] = {"text": "whatever it said"}
    for rule in edition["determinations"].values():
        rule["key_terms"] = []
    talents = edition["determinations"]["reward.new_talent"]["entitlement"]["any_of"]
    next(iter(talents.values()))["talent"]["talents"].append("a_title_no_longer_conferred")
    document["examples"][0]["given"] = [{"event": "event.no_longer_recorded", "on": "2024-01-01"}]
    return shipped_pack(document)


def with_hours(hours: str) -> Shipped:
    """Return Zhengzhou's pack as no release ships it."""
    document = document_of(ZHENGZHOU)
    rules = text_with(document, "continuing_education.annual")["rules"]
    rules["continuing_education.annual"]["training"]["at_least"] = hours
    return shipped_pack(document)


async def make(pool: asyncpg.Pool, ledger: str, packs: Iterable[Shipped]) -> None:
    """Make a national ledger that has pinned these packs, and of all other places those of this release."""
    pinned = {**shipped(), **{pack.jurisdiction: pack for pack in packs}}
    digests = {place: pack.digest for place, pack in pinned.items()}
    async with pool.acquire() as connection:
        row = LedgerRow(ledger, NATION, "Test", "ledger.invalid", system_clock(), digests)
        await make_ledger(connection, row, pinned.values())


async def work_in(client: httpx.AsyncClient, ledger: str, person: str, place: str) -> None:
    """Tell of a person who works there, holds a certificate and has learned."""
    life = worker(place, "2022-01-01").certified("2022-10-17").trained("2024-05-06", "50")
    await append(client, life.of(person), f"/v1/ledgers/{ledger}")


async def answer(client: httpx.AsyncClient, ledger: str, person: str, determination: str) -> tuple[str, Any]:
    level = {"level": "junior"} if determination in OF_A_LEVEL else {}
    asked = f"/v1/ledgers/{ledger}/practitioners/{person}/determinations/{determination}"
    answered = await client.get(asked, params={"as_of": AS_OF, **level})
    assert answered.status_code == httpx.codes.OK, answered.text
    return answered.json()["status"], answered.json()["result"]


def judged(standing: str) -> dict[str, tuple[str, Any]]:
    return {name: (one["status"], one["result"]) for name, one in msgspec.json.decode(standing).items()}


async def replace(pool: asyncpg.Pool, digest: str, document: bytes) -> None:
    """Change the stored pack as only an owner can, by switching the triggers off."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE ledger.packs DISABLE TRIGGER ALL")
        await connection.execute("UPDATE ledger.packs SET document = $2 WHERE digest = $1", digest, document)


async def test_a_pack_that_its_author_could_not_write_today_answers_as_it_did(
    database_url: str, pool: asyncpg.Pool, client: httpx.AsyncClient
) -> None:
    old = out_of_use()
    with pytest.raises(InvalidPackError):
        load_pack(old.document)
    await make(pool, "old", [old])
    await make(pool, "new", [shipped_pack(old_document(CHENGDU))])
    for ledger in ("old", "new"):
        await work_in(client, ledger, "P-1", CHENGDU)
    for determination in DETERMINATIONS:
        assert await answer(client, "old", "P-1", determination) == await answer(client, "new", "P-1", determination)
    standing = "/v1/ledgers/old/practitioners/P-1/standing"
    for media_type in ("text/html", "text/plain"):
        page = await client.get(standing, params={"as_of": AS_OF}, headers={"Accept": media_type})
        assert page.status_code == httpx.codes.OK, page.text
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "the worker projects both ledgers")
    old_row, new_row = [judged(row["standing"]) for row in await pool.fetch("SELECT * FROM projections.standings")]
    assert old_row == new_row


@pytest.mark.parametrize("document", [with_hours("49").document, b"{", b"{}", b'{"language": 99}'])
async def test_no_answer_is_computed_from_a_pack_that_is_not_the_one_of_its_digest(
    pool: asyncpg.Pool, client: httpx.AsyncClient, document: bytes
) -> None:
    pinned = with_hours("48")
    await make(pool, "demo", [pinned])
    await work_in(client, "demo", "P-1", ZHENGZHOU)
    await replace(pool, pinned.digest, document)
    for question in ("determinations/grade", "standing", "timeline?determination=grade"):
        refused = await client.get(f"/v1/ledgers/demo/practitioners/P-1/{question}")
        assert (refused.status_code, refused.json()["code"]) == (503, "unreadable-pack"), refused.text
        assert pinned.digest in refused.json()["detail"]


def of_a_later_release(change: str) -> Shipped:
    """Return Zhengzhou's pack with something that only a later release could read."""
    document = document_of(ZHENGZHOU)
    text = text_with(document, "allowance")
    [role, certificate] = text["rules"]["allowance"]["payment"]["requires"]["all_of"]
    match change:
        case "a word":
            role["role"] = {"employed_for_long": {}}
        case "a term":
            text["terms"] = {"registration": {"months": "many", "last_day": "corresponding"}}
        case "an alternative":
            begins = text["in_force"]["first_day"]
            text["in_force"]["first_day"] = {"R-01": begins, "printed_date": 5}
        case "no level":
            certificate["certificate"]["holds_certificate"]["levels"] = []
    return shipped_pack(document)


@pytest.mark.parametrize("change", ["a word", "a term", "an alternative"])
async def test_a_rule_that_this_release_cannot_read_makes_its_pack_unreadable(
    pool: asyncpg.Pool, client: httpx.AsyncClient, change: str
) -> None:
    """Nobody in its place is answered by half of its rules; everybody else is, and `doctor` names the pack."""
    pinned = of_a_later_release(change)
    await make(pool, "demo", [pinned])
    await work_in(client, "demo", "P-1", ZHENGZHOU)
    await work_in(client, "demo", "P-2", CHENGDU)
    for question in ("determinations/allowance", "determinations/grade", "standing", "timeline?determination=grade"):
        refused = await client.get(f"/v1/ledgers/demo/practitioners/P-1/{question}")
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE, (question, refused.text)
        assert refused.json()["code"] == "unreadable-pack"
        assert pinned.digest in refused.json()["detail"]
    assert (await answer(client, "demo", "P-2", "grade"))[0] == "none"
    async with pool.acquire() as connection:
        ledger = await ledger_named(connection, "demo")
        rulebook = await PolicyBooks().rulebook(connection, await rulebook_at(connection, ledger, 0))
    assert [unread.digest for unread in rulebook.unreadable.values()] == [pinned.digest]


async def test_a_condition_that_nobody_can_meet_is_answered_in_words(
    pool: asyncpg.Pool, client: httpx.AsyncClient
) -> None:
    await make(pool, "demo", [of_a_later_release("no level")])
    await work_in(client, "demo", "P-1", ZHENGZHOU)
    assert (await answer(client, "demo", "P-1", "allowance"))[0] == "not_eligible"


async def test_a_changed_pack_concerns_its_own_place_alone(
    database_url: str, pool: asyncpg.Pool, client: httpx.AsyncClient
) -> None:
    pinned = with_hours("48")
    await make(pool, "demo", [pinned])
    await work_in(client, "demo", "P-1", ZHENGZHOU)
    await work_in(client, "demo", "P-2", CHENGDU)
    await replace(pool, pinned.digest, with_hours("49").document)
    assert (await answer(client, "demo", "P-2", "grade"))[0] == "none"
    async with following(database_url):
        await until(lambda: caught_up(pool, system_clock()), "the worker goes on")
    assert [row["practitioner_id"] for row in await pool.fetch("SELECT * FROM projections.standings")] == ["P-2"]
    [parked] = await pool.fetch("SELECT * FROM projections.parked")
    assert (parked["practitioner_id"], pinned.digest in parked["error"]) == ("P-1", True)


async def test_a_ledger_that_has_pinned_an_old_text_answers_by_it_as_it_did(pool: asyncpg.Pool) -> None:
    """One text of each digest: under a digest that is there already, no other text is kept."""
    old, books = kept(), PolicyBooks()
    texts = {text.digest: text for text in reversed(old.texts)}
    async with pool.acquire() as connection:
        for number, text in enumerate(texts.values()):
            packs = [shipped_pack(msgspec.json.decode(bytes(one.document))) for one in (texts[text.nation], text)]
            digests = {pack.jurisdiction: pack.digest for pack in packs}
            row = LedgerRow(f"l{number}", NATION, "Test", "ledger.invalid", system_clock(), digests)
            assert await make_ledger(connection, row, {pack.digest: pack for pack in packs}.values())
            pinned = {place: await books.pack(connection, digest) for place, digest in digests.items()}
            assert list(changed_answers(old, text, pinned)) == []


async def test_a_pack_that_was_kept_is_the_one_that_was_pinned(pool: asyncpg.Pool) -> None:
    pinned = with_hours("48")
    await make(pool, "demo", [pinned])
    async with pool.acquire() as connection:
        assert (await pinned_pack(connection, pinned.digest)).pack == pinned.pack
        assert await find_unreadable_packs(connection) == []
        with pytest.raises(UnreadablePack, match="it is not there"):
            await pinned_pack(connection, "sha256:none")
