"""Which term governs a rule on a day: its own, that of its place, or that of a place around it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from contracts.events.values import FIRST_DAY, Day
from contracts.policies.choices import Choices, merged
from contracts.policies.language import InForce, Pack, Rule, Term
from services.core.calendar import next_change


class TermText(Struct, frozen=True):
    """A term as one text defines it, on the days on which the text is in force."""

    in_force: InForce
    term: Term


class RuleTerms:
    """The terms of one rule. Those that several texts define depend on the day.

    They change on the days of `turns`, in order, and only then.
    """

    def __init__(self, texts: Mapping[str, Sequence[TermText]]) -> None:
        self._settled = {name: defined[0].term for name, defined in texts.items() if len(defined) == 1}
        self._by_day = [(name, defined) for name, defined in texts.items() if len(defined) > 1]
        days = sorted({FIRST_DAY, *(day for _, defined in self._by_day for text in defined for day in _turns(text))})
        chosen = {day: tuple(_chosen(defined, day) for _, defined in self._by_day) for day in days}
        self.turns = tuple(day for before, day in pairwise(days) if chosen[before] != chosen[day])
        self._chosen = [chosen[day] for day in (FIRST_DAY, *self.turns)]

    @property
    def settled(self) -> bool:
        """Whether the terms are the same on every day."""
        return not self.turns

    @property
    def days(self) -> Choices:
        """The choices of readings that move the days of the texts between which the day decides."""
        return merged(text.in_force.choices for _, defined in self._by_day for text in defined)

    def after(self, number: int) -> Mapping[str, Term]:
        """Return the terms once so many of the turns are reached."""
        by_day = zip(self._by_day, self._chosen[number], strict=True)
        return {**self._settled, **{name: defined[index].term for (name, defined), index in by_day}}

    def of_every_day(self) -> Iterator[Mapping[str, Term]]:
        """Yield the terms from the first day on, and from each turn on."""
        yield from map(self.after, range(len(self._chosen)))


class TermBook:
    """The terms that the texts of a place and of those around it define, most specific first.

    They govern every rule that answers in the place, also one of a place around it.
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = packs

    def of(self, rule: Rule) -> RuleTerms:
        """Return the terms that govern a rule."""
        texts: dict[str, list[TermText]] = {}
        for name, text in (defined for pack in self._packs for defined in _defined_in(pack)):
            texts.setdefault(name, []).append(text)
        always = {name: [TermText(InForce(FIRST_DAY), term)] for name, term in rule.terms.items()}
        return RuleTerms({**texts, **always})


def _defined_in(pack: Pack) -> Iterator[tuple[str, TermText]]:
    """Yield the terms of a pack, those of the text begun last first."""
    for edition in sorted(pack.editions, key=lambda edition: edition.in_force.first_day, reverse=True):
        for name, term in edition.terms.items():
            yield name, TermText(edition.in_force, term)


def _turns(text: TermText) -> Iterator[Day]:
    """Yield the days on which a text begins to be in force, and no longer is."""
    yield text.in_force.first_day
    if (gone := next_change(text.in_force.last_day)) is not None:
        yield gone


def _chosen(texts: Sequence[TermText], day: Day) -> int:
    """Return the first text that is in force; or else the first that has begun, or the last that will."""
    begun = [index for index, text in enumerate(texts) if text.in_force.first_day <= day]
    in_force = (index for index in begun if (last := texts[index].in_force.last_day) is None or day <= last)
    return next(in_force, begun[0] if begun else len(texts) - 1)
