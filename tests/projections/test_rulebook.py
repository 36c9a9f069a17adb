"""The packs of a ledger: the rules as pinned, with the texts of this release if it ships the same rules."""

import asyncpg

from contracts.events.values import DeterminationId
from contracts.policies.packs import Shipped
from contracts.policies.shipped import shipped_pack
from services.ledger.store.ledgers import make_ledger
from services.projections.rulebook import LedgerRules, PolicyBooks
from services.runtime.clock import system_clock
from services.runtime.ledgers import LedgerRow
from tests.documents import document_of, text_with

CITY = "410100"
YEARLY: DeterminationId = "continuing_education.annual"


def edited(*, hours: str | None = None) -> Shipped:
    """Return the pack as an earlier release may have had it: in other words, and perhaps with another rule."""
    document = document_of(CITY)
    rule = text_with(document, YEARLY)["rules"][YEARLY]
    rule["told"]["rule"]["text"]["en"] = "Earlier words."
    if hours:
        rule["training"]["at_least"] = hours
    return shipped_pack(document)


async def told(pool: asyncpg.Pool, pack: Shipped) -> tuple[str, str | None]:
    """Return the words and the figure of the rule, as a ledger that has pinned the pack goes by it."""
    row = LedgerRow("l", CITY, "Test", "ledger.invalid", system_clock(), {CITY: pack.digest})
    async with pool.acquire() as connection:
        await make_ledger(connection, row, [pack])
        found = await PolicyBooks().pack(connection, pack.digest)
    rule = next(text.rules[YEARLY] for text in found.pack.editions if YEARLY in text.rules)
    return rule.told["rule"].text.en, rule.parameters["at_least"]


async def test_a_pinned_pack_that_is_shipped_is_told_in_the_words_of_this_release(pool: asyncpg.Pool) -> None:
    words, _ = await told(pool, edited())
    assert words != "Earlier words."


async def test_a_pinned_pack_that_is_shipped_no_more_keeps_its_rules_and_its_words(pool: asyncpg.Pool) -> None:
    assert await told(pool, edited(hours="48")) == ("Earlier words.", "48")


async def test_of_many_rulebooks_the_one_left_longest_is_made_anew(pool: asyncpg.Pool) -> None:
    books = PolicyBooks(most=3)
    first, second, third = (
        LedgerRules(LedgerRow("l", city, "Test", "ledger.invalid", system_clock(), {}), 0, {}, ())
        for city in ("410100", "510100", "371500")
    )
    async with pool.acquire() as connection:
        rules = await books.rules(connection, first, "410102")
        other = await books.rules(connection, second, "510104")
        assert await books.rules(connection, first, "410102") is rules
        await books.rules(connection, third, "371502")
        assert await books.rules(connection, first, "410102") is rules
        assert await books.rules(connection, second, "510104") is not other
