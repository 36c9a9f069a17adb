"""Rolling windows: they are not stored, but computed again for the day of reading. Pure."""

from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins

from contracts.events.values import Day
from services.core.calendar import rolling_years
from services.core.questions.standing import Standing


def rolling(standing: Standing) -> dict[str, int]:
    """Return the determinations with a rolling window, and its length in years."""
    years = {name: determination.node.rolling_years for name, determination in standing.determinations.items()}
    return {name: span for name, span in years.items() if span is not None}


def with_windows(determinations: Mapping[str, Any], rolling: Mapping[str, int], today: Day) -> dict[str, Any]:
    """Return stored determinations with their rolling windows of `today`."""
    moved = {
        name: {**determinations[name], "result": with_window(determinations[name]["result"], years, today)}
        for name, years in rolling.items()
    }
    return {**determinations, **moved}


def with_window(result: Mapping[str, Any], years: int, today: Day) -> dict[str, Any]:
    """Return a stored result with its rolling window of `today`."""
    return {**result, "window": to_builtins(rolling_years(years, today))}
