"""Which term governs a rule on a day: its own, that of its place, or that of a place around it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from contracts.events.values import FIRST_DAY
from contracts.policies.choices import Choices, merged
from contracts.policies.language import InForce, Pack, Rule, Term
from services.core.calendar import AskedDay


class TermText(Struct, frozen=True):
    """A term as one text defines it, on the days on which the text is in force."""

    in_force: InForce
    term: Term


Chosen: TypeAlias = tuple[int, ...]
"""Which text defines each of the terms that several texts define."""


class RuleTerms:
    """The terms of one rule. Those that several texts define depend on the day."""

    def __init__(self, texts: Mapping[str, Sequence[TermText]]) -> None:
        self._settled = {name: defined[0].term for name, defined in texts.items() if len(defined) == 1}
        self._by_day = [(name, defined) for name, defined in texts.items() if len(defined) > 1]

    @property
    def settled(self) -> bool:
        """Whether the terms are the same on every day."""
        return not self._by_day

    @property
    def days(self) -> Choices:
        """The choices of readings that move the days of the texts between which the day decides."""
        return merged(text.in_force.choices for _, defined in self._by_day for text in defined)

    def chosen(self, day: AskedDay) -> Chosen:
        """Return the texts that define the terms on a day."""
        return tuple([_chosen(defined, day) for _, defined in self._by_day])

    def terms(self, chosen: Chosen) -> Mapping[str, Term]:
        """Return the terms as these texts define them."""
        by_day = zip(self._by_day, chosen, strict=True)
        return {**self._settled, **{name: defined[index].term for (name, defined), index in by_day}}

    def variants(self) -> Iterator[Mapping[str, Term]]:
        """Yield the terms as they may be on some day: those of the texts begun last, and each other text once."""
        newest = (0,) * len(self._by_day)
        yield self.terms(newest)
        for place, (_, defined) in enumerate(self._by_day):
            for index in range(1, len(defined)):
                yield self.terms((*newest[:place], index, *newest[place + 1 :]))


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


def _chosen(texts: Sequence[TermText], day: AskedDay) -> int:
    """Return the first text that is in force; or else the first that has begun, or the last that will."""
    for index, text in enumerate(texts):
        if day.within(text.in_force.first_day, text.in_force.last_day):
            return index
    for index, text in enumerate(texts):
        if day.reached(text.in_force.first_day):
            return index
    return len(texts) - 1
