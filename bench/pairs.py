"""Two sides measured in turns, so that a slow moment of the machine hits both."""

import statistics
from collections.abc import Iterator
from typing import Literal, TypeAlias

from bench.sheet import Result

PAIRS = 5

Side: TypeAlias = Literal["ours", "bare"]


def turns(pairs: int) -> Iterator[Side]:
    """Yield whose turn it is: each side once in every pair, and the order alternates from pair to pair."""
    for pair in range(pairs):
        yield from ("ours", "bare") if pair % 2 == 0 else ("bare", "ours")


class Pairs:
    """The figures of both sides, one each for every pair."""

    def __init__(self) -> None:
        self._figures: dict[Side, list[float]] = {"ours": [], "bare": []}

    def add(self, side: Side, figure: float) -> None:
        self._figures[side].append(figure)

    def result(self, name: str, unit: str, *, at_most: float | None = None, at_least: float | None = None) -> Result:
        """Return the medians of both sides. The bar is for the median of the pairs' ratios."""
        ratios = [ours / bare for ours, bare in zip(self._figures["ours"], self._figures["bare"], strict=True)]
        ratio = statistics.median(ratios)
        bars = {"at most": at_most, "at least": at_least}
        bar = " and ".join(f"{words} {limit:g}" for words, limit in bars.items() if limit is not None)
        kept = (at_most is None or ratio <= at_most) and (at_least is None or ratio >= at_least)
        return Result(
            name,
            statistics.median(self._figures["ours"]),
            unit,
            statistics.median(self._figures["bare"]),
            ratio,
            (min(ratios), max(ratios)) if len(ratios) > 1 else None,
            bar,
            kept if bar else None,
        )
