"""Rolling windows: they are not stored, but computed again for the day of reading. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from contracts.events.values import Day
from services.core.calendar import RollingSpan
from services.core.questions.standing import Standing

Spans = Mapping[str, RollingSpan]
"""How the rolling window of each determination that has one moves."""
_read = msgspec.json.Decoder(dict[str, RollingSpan]).decode


def spans_of(standing: Standing) -> Spans:
    """Return how the rolling windows of a standing move."""
    spans = {name: determination.node.rolling for name, determination in standing.determinations.items()}
    return {name: span for name, span in spans.items() if span is not None}


def read_spans(stored: str) -> Spans:
    """Return the spans of a stored standing from their JSON."""
    return _read(stored)


def with_windows(determinations: Mapping[str, Any], spans: Spans, today: Day) -> dict[str, Any]:
    """Return stored determinations with their rolling windows of `today`."""
    moved = {
        name: {**determinations[name], "result": with_window(determinations[name]["result"], span, today)}
        for name, span in spans.items()
    }
    return {**determinations, **moved}


def with_window(result: Mapping[str, Any], span: RollingSpan, today: Day) -> dict[str, Any]:
    """Return a stored result with its rolling window of `today`."""
    return {**result, "window": msgspec.to_builtins(span.window(today))}
