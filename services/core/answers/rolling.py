"""Windows that roll, left out of what is stored and put in again as they lie on the day of reading. Pure."""

from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins

from contracts.events.values import Day
from services.core.calendar import rolling_years
from services.core.questions.standing import Standing


def rolling(standing: Standing) -> dict[str, int]:
    """Return the determinations whose window rolls, and over how many years."""
    years = {name: one.node.rolling_years for name, one in standing.determinations.items()}
    return {name: span for name, span in years.items() if span is not None}


def with_windows(determinations: Mapping[str, Any], rolling: Mapping[str, int], today: Day) -> dict[str, Any]:
    """Return stored determinations with their rolling windows as they lie on `today`."""
    moved = {
        name: {**determinations[name], "result": with_window(determinations[name]["result"], years, today)}
        for name, years in rolling.items()
    }
    return {**determinations, **moved}


def with_window(result: Mapping[str, Any], years: int, today: Day) -> dict[str, Any]:
    """Return a stored result with its rolling window as it lies on `today`."""
    return {**result, "window": to_builtins(rolling_years(years, today))}
