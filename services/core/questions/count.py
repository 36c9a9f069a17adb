"""Indicators: figures that a text asks for, counted from answers about people (docs/policies/rules.md 1.10). Pure.

Those that are counted in organizations are in `count_organizations`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Edition, Indicator
from contracts.policies.packs import PinnedPack
from services.core.calendar import calendar_year
from services.core.rules.kinds.registry import kind_of_rule
from services.core.rules.kinds.training import Training
from services.core.rules.verdict import UNJUDGED, Status

CANNOT_BE_JUDGED = "cannot_be_judged"
"""The reason why a person whose events cannot be read counts as open."""
SHARE_PARTS = 10_000
"""A share is given to four decimal places."""

CountedAs: TypeAlias = Literal["counted", "open", "not_counted", "excluded"]


class Classification(Struct, frozen=True):
    """How an indicator counts a person. `because` says why they are excluded or cannot be judged.

    `by` is the value of the field by which the indicator divides those it counts.
    """

    status: Status | None
    counted_as: CountedAs
    because: str | None = None
    by: str | None = None


class DatedIndicator(Struct, frozen=True):
    """An indicator of an edition, as of one day."""

    id: str
    indicator: Indicator
    edition: Edition
    pinned: PinnedPack
    as_of: Day

    @property
    def deadline(self) -> Day | None:
        """The last day on which people are counted: that of the year of `as_of`, if each year counts by itself."""
        return calendar_year(self.as_of.year).last if self.indicator.each_year else self.indicator.deadline

    @property
    def decided_on(self) -> Day:
        """The day on which people are counted: `as_of` or the deadline, whichever is earlier."""
        return min(self.as_of, self.deadline or self.as_of)

    @property
    def in_force(self) -> bool:
        """Whether the text is in force on `decided_on`."""
        in_force = self.edition.in_force
        return in_force.first_day <= self.decided_on <= (in_force.last_day or self.decided_on)

    @property
    def looks_back(self) -> bool:
        """Whether the rule whose answers are counted concerns people for their work on any day of a window, wherever
        their place is on the day that decides (R-37)."""
        name = self.indicator.determination
        rules = [edition.rules[name] for edition in self.pinned.pack.editions if name in edition.rules] if name else []
        return any(isinstance(kind, Training) and kind.looks_back for kind in map(kind_of_rule, rules))

    @property
    def lower_bound(self) -> bool:
        """Whether others whom the text means may not be counted: as it says, or because all organizations are counted
        together, and there may be others not on record."""
        asked = self.indicator.organizations
        return self.indicator.lower_bound or (asked is not None and asked.reckoned == "together")

    @property
    def final(self) -> bool:
        """Whether the deadline has come, so that only later records can change the figure, and no later day."""
        return self.deadline is not None and self.deadline <= self.as_of


def indicators_of(packs: Iterable[PinnedPack], as_of: Day) -> Iterator[DatedIndicator]:
    """Yield each indicator of the packs once, from the edition that answers: chosen as it is for a determination."""
    for pinned in packs:
        by_id: dict[str, list[DatedIndicator]] = {}
        for edition in pinned.pack.editions:  # Those that begin last come first.
            for id_, indicator in edition.indicators.items():
                by_id.setdefault(id_, []).append(DatedIndicator(id_, indicator, edition, pinned, as_of))
        yield from (next(_by_precedence(candidates)) for candidates in by_id.values())


def _by_precedence(candidates: Sequence[DatedIndicator]) -> Iterator[DatedIndicator]:
    """Yield those in force on their day, then those that have begun, then the one that begins first."""
    yield from (dated for dated in candidates if dated.in_force)
    yield from (dated for dated in candidates if dated.edition.in_force.first_day <= dated.decided_on)
    yield candidates[-1]


def classify(
    indicator: Indicator, status: Status, result: Mapping[str, Any], provided: Sequence[Mapping[str, Any]] = ()
) -> Classification:
    """Classify an answer: counted, open, not counted or excluded.

    `provided` has the result of each determination that the indicator names in its member of that name.
    """
    if status in UNJUDGED:
        return Classification(status, "excluded", status)
    if indicator.unless_missing in result.get("missing", ()):
        return Classification(status, "excluded", f"lacks_{indicator.unless_missing}")
    if any(result[field] not in values for field, values in indicator.having.items()):
        return Classification(status, "not_counted")
    conditions = list(zip(indicator.provided.values(), provided, strict=True))
    if any(condition in other["missing"] for condition, other in conditions):
        return Classification(status, "not_counted")
    if status in indicator.counted and not any(condition in other["unresolved"] for condition, other in conditions):
        return Classification(status, "counted", by=indicator.by and result[indicator.by])
    return Classification(status, "open" if status in (*indicator.open, *indicator.counted) else "not_counted")


def classify_unreadable() -> Classification:
    """Classify somebody whose events cannot be read: open, because a person must look."""
    return Classification(None, "open", CANNOT_BE_JUDGED)


def figure(dated: DatedIndicator, classes: Counter[Classification]) -> dict[str, Any]:
    """Return the figure for people so classified, with the indicator's second figure, which leaves some out, if any."""
    indicator = dated.indicator
    people = {name: _people(classes, name) for name in ("counted", "open", "not_counted")}
    counted, of = people["counted"], sum(people.values()) if indicator.share else None
    by = _by_word((class_.by, number) for class_, number in classes.items())
    fewer = counted - sum(by.get(value, 0) for value in indicator.without)
    return {
        **people,
        "excluded": _by_word(
            (class_.because, number) for class_, number in classes.items() if class_.counted_as == "excluded"
        ),
        "statuses": _by_word((class_.status, number) for class_, number in classes.items()),
        "of": of,
        "share": share(counted, of) if of else None,
        "by": {indicator.by: by} if indicator.by else None,
        "status": against_target(dated, counted, people["open"]),
        "without": {
            indicator.by: list(indicator.without),
            "counted": fewer,
            "status": against_target(dated, fewer, people["open"]),
        }
        if indicator.without
        else None,
    }


def against_target(dated: DatedIndicator, counted: int, open_: int) -> Status | None:
    """Return whether the target is reached; None if the text names none.

    After the deadline a person must judge if those still open could lift the figure to the target, or if it is a lower
    bound: others whom the text means are not counted.
    """
    target = dated.indicator.target
    if target is None:
        return None
    if not dated.in_force:
        return "not_in_force"
    if counted >= target:
        return "met"
    if not dated.final:
        return "pending"
    return "needs_review" if dated.lower_bound or counted + open_ >= target else "not_met"


def share(part: int, of: int) -> str:
    """Return a share or a mean as a decimal with four places, rounded down: no figure looks higher than it is."""
    whole, places = divmod(part * SHARE_PARTS // of, SHARE_PARTS)
    return f"{whole}.{places:04d}"


def _people(classes: Counter[Classification], counted_as: str) -> int:
    return sum(number for class_, number in classes.items() if class_.counted_as == counted_as)


def _by_word(pairs: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Return the number of people for each word, in order of the words."""
    numbers: Counter[str] = Counter()
    for word, number in pairs:
        if word is not None:
            numbers[word] += number
    return dict(sorted(numbers.items()))
