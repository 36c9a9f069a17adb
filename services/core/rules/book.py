"""The rules of one place: packs composed, editions chosen by day, rules compiled once. Pure."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from contracts.events.values import FIRST_DAY, NATION, Day
from contracts.places import parents
from contracts.policies.language import Edition, LocalStandard, Rule
from contracts.policies.pinned import PinnedPack
from contracts.policies.readings import Assumption
from services.core.calendar import calendar_year
from services.core.rules.kinds.registry import compile_rule
from services.core.rules.kinds.undefined import NO_RULE
from services.core.rules.verdict import Context, Form, PolicyUsed, Question


class Applicable(Struct, frozen=True):
    """The rule that answers, in its edition, and what every answer by it says; without a rule the text says nothing."""

    pinned: PinnedPack
    edition: Edition
    rule: Rule | None
    readings: tuple[str, ...]
    policy: PolicyUsed


class Rules:
    """The packs of one place composed, most specific first, with the local standards known. Compiled on demand.

    Under an `assumption` one reading is taken otherwise than by default.
    """

    def __init__(
        self,
        jurisdiction: str,
        packs: tuple[PinnedPack, ...],
        standards: tuple[LocalStandard, ...],
        assumption: Assumption | None = None,
    ) -> None:
        self.jurisdiction = jurisdiction
        self.packs = packs
        self.standards = standards
        self.assumption = assumption
        self._candidates: dict[str, tuple[Applicable, ...]] = {}
        self._compiled: dict[tuple[str, str], tuple[Context, Form]] = {}
        self._assuming: dict[Assumption, Rules] = {}

    def assuming(self, assumption: Assumption) -> "Rules":
        """Return the same rules with one reading taken otherwise."""
        if assumption not in self._assuming:
            self._assuming[assumption] = Rules(self.jurisdiction, self.packs, self.standards, assumption)
        return self._assuming[assumption]

    def applicable(self, question: Question) -> Applicable:
        """Return the most specific rule for the question's deciding day, or the nearest edition of the place."""
        candidates = self._candidates.get(question.determination)
        if candidates is None:
            candidates = self._candidates[question.determination] = _candidates(self.packs, question.determination)
        if len(candidates) == 1:
            return candidates[0]
        return min(candidates, key=lambda candidate: _distance(candidate, question))

    def compiled(self, found: Applicable, determination: str) -> tuple[Context, Form]:
        """Return the rule's form and the context it is compiled for."""
        key = (determination, found.edition.edition)
        if key not in self._compiled:
            first, last = days_in_force(found, self.assumption)
            pack = found.pinned.pack
            context = Context(
                # Where no place has a text, what the facts alone give is looked for in the place asked about.
                jurisdiction=self.jurisdiction if pack.jurisdiction == NATION else pack.jurisdiction,
                place=self.jurisdiction,
                first_day=first,
                last_day=last,
                standards=tuple(s for s in self.standards if s.determination == determination),
                assumption=self.assumption,
            )
            self._compiled[key] = context, compile_rule(determination, found.rule or NO_RULE, context)
        return self._compiled[key]


def compose(jurisdiction: str, pinned: Mapping[str, PinnedPack], standards: Iterable[LocalStandard]) -> Rules:
    """Return the rules of a place: a district inherits its city, a city its province, everything the nation."""
    chain = tuple(pinned[code] for code in parents(jurisdiction) if code in pinned)
    return Rules(jurisdiction, chain, tuple(standards))


def days_in_force(found: Applicable, assumption: Assumption | None) -> tuple[Day, Day | None]:
    """Return the first and last day of the edition, both in force. National rules do not depend on an edition."""
    if found.pinned.pack.jurisdiction == NATION:
        return FIRST_DAY, None
    in_force = found.edition.in_force
    for other in in_force.alternatives:
        if assumption == Assumption(other.reading, other.choice):
            return other.first_day or in_force.first_day, other.last_day or in_force.last_day
    return in_force.first_day, in_force.last_day


def _candidates(packs: tuple[PinnedPack, ...], determination: str) -> tuple[Applicable, ...]:
    """Return the editions of the most specific place whose text has the determination, else of the place itself."""
    for pinned in packs:
        if any(determination in edition.determinations for edition in pinned.pack.editions):
            break
    else:
        pinned = packs[0]
    return tuple(_candidate(pinned, edition, determination) for edition in pinned.pack.editions)


def _candidate(pinned: PinnedPack, edition: Edition, determination: str) -> Applicable:
    rule = edition.determinations.get(determination)  # type: ignore[call-overload]  # The id is one of the closed vocabulary.
    return Applicable(
        pinned=pinned,
        edition=edition,
        rule=rule,
        readings=tuple(dict.fromkeys((*edition.readings, *(rule.readings if rule else ())))),
        policy=PolicyUsed(
            jurisdiction=pinned.pack.jurisdiction,
            edition=edition.edition,
            digest=pinned.digest,
            document=(rule and rule.document) or edition.document,
            last_verified_on=edition.last_verified_on,
            standards=(),
        ),
    )


def _distance(candidate: Applicable, question: Question) -> int:
    """Return how many days the edition lies from the day that decides under it, 0 where it is in force then."""
    first, last = candidate.edition.in_force.first_day, candidate.edition.in_force.last_day
    day = _deciding_day(candidate.rule, question)
    if day < first:
        return (first - day).days
    return (day - last).days if last is not None and day > last else 0


def _deciding_day(rule: Rule | None, question: Question) -> Day:
    """Return the earlier of `as_of` and the last day of a window that the question or the rule fixes."""
    days = [question.as_of]
    if question.period is not None:
        days.append(calendar_year(question.period).last)
    if rule and rule.hours and rule.hours.window.until_day:
        days.append(rule.hours.window.until_day)
    return min(days)
