"""Indicators: figures that a text asks for, counted from the answers of people (docs/policies/rules.md 1.10). Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Edition, Indicator
from contracts.policies.pinned import PinnedPack
from services.core.calendar import calendar_year
from services.core.rules.verdict import UNJUDGED, Status

CANNOT_BE_JUDGED = "cannot_be_judged"
"""Why somebody whose events cannot be read is open."""
SHARE_PARTS = 10_000
"""A share is told with four places."""

CountedAs: TypeAlias = Literal["counted", "open", "not_counted", "excluded"]


class Kind(Struct, frozen=True):
    """What makes people alike to an indicator. `because` says why somebody is excluded, or cannot be judged."""

    status: Status | None
    counted_as: CountedAs
    because: str | None = None
    by: str | None = None


class Asked(Struct, frozen=True):
    """An indicator of an edition, asked about one day."""

    id: str
    indicator: Indicator
    edition: Edition
    pinned: PinnedPack
    as_of: Day

    @property
    def deadline(self) -> Day | None:
        """The last day on which people are counted: that of the year asked about where each year counts for itself."""
        return calendar_year(self.as_of.year).last if self.indicator.each_year else self.indicator.deadline

    @property
    def decided_on(self) -> Day:
        """The day of which people are counted: the earlier of the day asked about and the deadline."""
        return min(self.as_of, self.deadline or self.as_of)

    @property
    def in_force(self) -> bool:
        """Whether the text is in force on the day that decides."""
        in_force = self.edition.in_force
        return in_force.first_day <= self.decided_on <= (in_force.last_day or self.decided_on)

    @property
    def final(self) -> bool:
        """Whether the deadline has come: no later day changes the figure, only what is recorded later."""
        return self.deadline is not None and self.deadline <= self.as_of


def indicators_of(packs: Iterable[PinnedPack], as_of: Day) -> Iterator[Asked]:
    """Yield each indicator of the packs, in the text that answers on its day, as a determination is answered."""
    for pinned in packs:
        found: dict[str, list[Asked]] = {}
        for edition in pinned.pack.editions:  # Begun last first.
            for id_, indicator in edition.indicators.items():
                found.setdefault(id_, []).append(Asked(id_, indicator, edition, pinned, as_of))
        yield from (next(_in_order(asked)) for asked in found.values())


def _in_order(asked: Sequence[Asked]) -> Iterator[Asked]:
    """Yield those in force on their day, then those begun, then the first."""
    yield from (one for one in asked if one.in_force)
    yield from (one for one in asked if one.edition.in_force.first_day <= one.decided_on)
    yield asked[-1]


def kind_of(indicator: Indicator, status: Status, result: Mapping[str, Any]) -> Kind:
    """Classify an answer: counted, open, not counted or excluded."""
    if status in UNJUDGED:
        return Kind(status, "excluded", status)
    if indicator.unless_missing in result.get("missing", ()):
        return Kind(status, "excluded", f"lacks_{indicator.unless_missing}")
    if status in indicator.counted:
        return Kind(status, "counted", by=indicator.by and result[indicator.by])
    return Kind(status, "open" if status in indicator.open else "not_counted")


def not_judged() -> Kind:
    """Classify someone whose events cannot be read: open, because a person must look."""
    return Kind(None, "open", CANNOT_BE_JUDGED)


def figure(asked: Asked, kinds: Counter[Kind]) -> dict[str, Any]:
    """Return the figure of these people, and where the indicator has one the second figure that leaves some out."""
    indicator = asked.indicator
    people = {name: _people(kinds, name) for name in ("counted", "open", "not_counted")}
    counted, of = people["counted"], sum(people.values()) if indicator.share else None
    by = _by_word((kind.by, number) for kind, number in kinds.items())
    fewer = counted - sum(by.get(value, 0) for value in indicator.without)
    return {
        **people,
        "excluded": _by_word((kind.because, number) for kind, number in kinds.items() if kind.counted_as == "excluded"),
        "statuses": _by_word((kind.status, number) for kind, number in kinds.items()),
        "of": of,
        "share": share(counted, of) if of else None,
        "by": {indicator.by: by} if indicator.by else None,
        "status": against_target(asked, counted, people["open"]),
        "without": {
            indicator.by: list(indicator.without),
            "counted": fewer,
            "status": against_target(asked, fewer, people["open"]),
        }
        if indicator.without
        else None,
    }


def against_target(asked: Asked, counted: int, open_: int) -> Status | None:
    """Say whether the target is reached; None where the text names none.

    After the deadline a figure that those who are still open could lift to the target is for a person to judge.
    """
    target = asked.indicator.target
    if target is None:
        return None
    if not asked.in_force:
        return "not_in_force"
    if counted >= target:
        return "met"
    if not asked.final:
        return "pending"
    return "needs_review" if counted + open_ >= target else "not_met"


def share(part: int, of: int) -> str:
    """Return a share as a decimal with four places, rounded down: no figure is told as higher than it is."""
    whole, places = divmod(part * SHARE_PARTS // of, SHARE_PARTS)
    return f"{whole}.{places:04d}"


def _people(kinds: Counter[Kind], counted_as: str) -> int:
    return sum(number for kind, number in kinds.items() if kind.counted_as == counted_as)


def _by_word(told: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Return how many people each word has, in order of the words."""
    numbers: Counter[str] = Counter()
    for word, number in told:
        if word is not None:
            numbers[word] += number
    return dict(sorted(numbers.items()))
