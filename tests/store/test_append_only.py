"""What the ledger holds never changes: the database itself refuses every caller."""

import asyncpg
import pytest
from msgspec import structs

from contracts.policies.shipped import shipped
from services.ledger.append import Lanes
from services.ledger.store.ledgers import make_ledger
from services.runtime.ledgers import LedgerRow, UnreadablePack, ledger_named, pinned_pack
from tests.deciding import E1, INSTANT, appending

CHANGES = [
    "UPDATE ledger.events SET type = 'x'",
    "UPDATE ledger.events SET type = 'x' WHERE false",
    "DELETE FROM ledger.events",
    "DELETE FROM ledger.events WHERE false",
    "TRUNCATE ledger.events",
    "TRUNCATE ledger.events, ledger.heads CASCADE",
    "TRUNCATE ledger.ledgers CASCADE",
    "UPDATE ledger.packs SET document = ''",
    "DELETE FROM ledger.packs",
    "TRUNCATE ledger.packs CASCADE",
    "UPDATE ledger.founding_packs SET digest = ''",
    "DELETE FROM ledger.founding_packs",
    "TRUNCATE ledger.founding_packs",
    "INSERT INTO ledger.packs VALUES ('sha256:0', '510100', '') ON CONFLICT (digest) DO UPDATE SET document = ''",
    "UPDATE ledger.ledgers SET jurisdiction = '410100'",
    "DELETE FROM ledger.ledgers WHERE false",
    "MERGE INTO ledger.events e USING ledger.heads h ON e.ledger = h.ledger WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["origin", "replica"])
async def test_every_change_is_refused_to_the_owner(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, change: str, role: str
) -> None:
    await lanes.append(ledger, appending(E1))
    async with pool.acquire() as connection, connection.transaction():
        # As a superuser could, to switch ordinary triggers off.
        await connection.execute(f"SET LOCAL session_replication_role = '{role}'")
        with pytest.raises(asyncpg.RestrictViolationError, match="what the ledger holds never changes"):
            async with connection.transaction():
                await connection.execute(change)
    assert await pool.fetchval("SELECT count(*) FROM ledger.events") == 1


async def test_no_foreign_key_carries_a_change_on(pool: asyncpg.Pool) -> None:
    actions = await pool.fetch(
        """
        SELECT confupdtype::text || confdeltype::text AS actions
          FROM pg_constraint
         WHERE contype = 'f'
           AND connamespace = 'ledger'::regnamespace
        """
    )
    assert {row["actions"] for row in actions} == {"aa"}


async def test_a_ledger_is_made_once_with_the_packs_of_its_day(pool: asyncpg.Pool) -> None:
    packs = shipped().values()
    row = LedgerRow("a", "510100", "A", "ledger.invalid", INSTANT, {pack.jurisdiction: pack.digest for pack in packs})
    async with pool.acquire() as connection:
        assert await make_ledger(connection, row, packs)
        assert not await make_ledger(connection, row, [])
        assert await ledger_named(connection, "a") == row
        for pack in packs:
            assert (await pinned_pack(connection, pack.digest)).pack == pack.pack


async def test_a_kept_pack_is_not_replaced_by_one_of_the_same_digest(pool: asyncpg.Pool) -> None:
    pack = next(iter(shipped().values()))
    later = structs.replace(pack, document=b'{"text": "worded anew"}')
    async with pool.acquire() as connection:
        await make_ledger(connection, LedgerRow("a", "510100", "A", "o", INSTANT, {}), [pack])
        await make_ledger(connection, LedgerRow("b", "510100", "B", "o", INSTANT, {}), [later])
        assert (await pinned_pack(connection, pack.digest)).pack == pack.pack
        with pytest.raises(UnreadablePack, match="it is not there"):
            await pinned_pack(connection, "sha256:none")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.heads SET position = position - 1",
        "UPDATE ledger.heads SET recorded_at = recorded_at - interval '1 microsecond'",
        "UPDATE ledger.heads SET ledger = 'another'",
        "DELETE FROM ledger.heads",
        "DELETE FROM ledger.heads WHERE false",
        "TRUNCATE ledger.heads",
        "INSERT INTO ledger.heads SELECT * FROM ledger.heads ON CONFLICT (ledger) DO UPDATE SET position = 0",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
async def test_a_head_only_moves_forwards(
    pool: asyncpg.Pool, lanes: Lanes, ledger: str, change: str, role: str
) -> None:
    await lanes.append(ledger, appending(E1))
    before = await pool.fetchrow("SELECT * FROM ledger.heads")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL session_replication_role = '{role}'")
        with pytest.raises(asyncpg.RestrictViolationError, match="a head only moves forwards"):
            async with connection.transaction():
                await connection.execute(change)
    assert await pool.fetchrow("SELECT * FROM ledger.heads") == before


async def test_keys_sort_by_their_bytes_whatever_the_database_sorts_by(pool: asyncpg.Pool) -> None:
    """An index over texts that a later C library sorts differently would be silently broken."""
    others = await pool.fetch(
        """
        SELECT a.attrelid::regclass::text || '.' || a.attname AS other
          FROM pg_index i
          JOIN pg_attribute a
            ON a.attrelid = i.indrelid
           AND a.attnum = ANY (i.indkey)
          JOIN pg_class c
            ON c.oid = a.attrelid
         WHERE c.relnamespace IN ('ledger'::regnamespace, 'projections'::regnamespace, 'runtime'::regnamespace)
           AND a.attcollation NOT IN (0, '"C"'::regcollation)
        """
    )
    assert others == []
