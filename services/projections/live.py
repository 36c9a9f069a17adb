"""The live standing of one person, served from the stored row while that is fresh."""

from datetime import date
from typing import Any

import msgspec

from services.core.answers.rolling import read_spans, with_windows
from services.core.rules.engine import ENGINE
from services.projections.ask import standing_document
from services.projections.store.standings import LiveRow, live_row
from services.runtime import journal
from services.runtime.journal import Connection, Tip


async def live_standing(
    connection: Connection, ledger: str, practitioner_id: str, today: date
) -> dict[str, Any] | None:
    """Return today's standing at the head; None if it must be computed from the events."""
    row, tip = await _row_and_tip(connection, ledger, practitioner_id)
    if row is None and tip.practitioner_id != practitioner_id:
        row, tip = await _row_and_tip(connection, ledger, tip.practitioner_id)
    if row is None or not is_fresh(row, tip, today):
        return None
    spans = read_spans(row.rolling)
    kept = msgspec.Raw(row.standing.encode())
    return standing_document(
        ledger=ledger,
        practitioner_id=tip.practitioner_id,
        jurisdiction=row.jurisdiction,
        as_of=today,
        known_at_position=tip.head,
        projected=False,
        next_change_on=row.next_change_on,
        determinations=with_windows(msgspec.json.decode(kept), spans, today) if spans else kept,
    )


async def _row_and_tip(connection: Connection, ledger: str, practitioner_id: str) -> tuple[LiveRow | None, Tip]:
    row = await live_row(connection, ledger, practitioner_id)
    # Read after the row: a row that matches this tip lacks no event, no link and no rule.
    return row, await journal.tip(connection, ledger, practitioner_id)


def is_fresh(row: LiveRow, tip: Tip, today: date) -> bool:
    """Whether a row equals an evaluation of today at the head (design §4, freshness).

    A row that is not settled may name another day of change tomorrow, so it serves only on its own day.
    """
    is_whole = (row.version, row.position) == (tip.version, tip.position)
    is_current = row.engine == ENGINE and is_whole and row.rules_position == tip.rules_position
    is_unchanged = row.next_change_on is None or row.next_change_on > today
    return is_current and is_unchanged and (row.as_of == today or (row.settled and row.as_of < today))
