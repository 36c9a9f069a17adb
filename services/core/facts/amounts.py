"""Amounts and scores of events. Pure."""

from decimal import Decimal


def in_hundredths(amount: str) -> int:
    """Return an amount or a score as recorded, in hundredths."""
    return int(Decimal(amount) * 100)
