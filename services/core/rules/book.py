"""The rules of one place: packs composed, editions chosen by day, each rule compiled once. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from contracts.events.values import FIRST_DAY, NATION, Day
from contracts.places import parents
from contracts.policies.language import Edition, LocalStandard, Pack, Rule
from contracts.policies.packs import PinnedPack
from contracts.policies.readings import Assumption
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.kinds.registry import compile_rule
from services.core.rules.kinds.undefined import NO_RULE
from services.core.rules.verdict import Compiled, Context, PolicyUsed, Question, Run


class Provision(Struct, frozen=True):
    """What one edition says about one determination, compiled. Without a rule the edition says nothing.

    It is in force if the deciding day lies from `first_day` to `last_day`, both included; `always` on every day.
    """

    pinned: PinnedPack
    edition: Edition
    rule: Rule | None
    first_day: Day
    last_day: Day | None
    always: bool
    readings: tuple[str, ...]
    policy: PolicyUsed
    context: Context
    compiled: Compiled


class Rules:
    """The packs of one place, most specific first, with the known local standards. Rules are compiled on demand.

    Under an `assumption` one reading differs from its default.
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
        self._places: dict[str, tuple[tuple[Provision, ...], ...]] = {}
        self._assuming: dict[Assumption, Rules] = {}

    def assuming(self, assumption: Assumption) -> "Rules":
        """Return the same rules under one assumption."""
        if assumption not in self._assuming:
            self._assuming[assumption] = Rules(self.jurisdiction, self.packs, self.standards, assumption)
        return self._assuming[assumption]

    def applicable(self, facts: Facts, day: AskedDay, question: Question) -> tuple[Provision, bool]:
        """Return the provision that answers, and whether it is in force.

        It is that of the most specific place with a provision in force on the deciding day, and among several of that
        place the one that began last. If none is in force, the most specific place with any provision answers: with
        the one that began last, or, before the first of them, with the first.
        """
        places = self._places.get(question.determination)
        if places is None:
            places = self._places[question.determination] = self._compiled(question.determination)
        for provisions in places:
            for provision in provisions:
                if provision.always or provision.compiled.deciding_day(facts, day, question).within(
                    provision.first_day, provision.last_day
                ):
                    return provision, True
        most_specific = places[0]
        for provision in most_specific:
            if provision.compiled.deciding_day(facts, day, question).reached(provision.first_day):
                return provision, False
        return most_specific[-1], False

    def provision_for(self, facts: Facts, question: Question) -> Provision:
        """Return the provision that answers the question."""
        provision, _ = self.applicable(facts, AskedDay(question.as_of), question)
        return provision

    def _compiled(self, determination: str) -> tuple[tuple[Provision, ...], ...]:
        """Return the provisions of each place that has any, the latest first; or else provisions without a rule."""
        having = [
            (pinned, editions)
            for pinned in self.packs
            if (
                editions := tuple(
                    edition for edition in pinned.pack.editions if determination in edition.determinations
                )
            )
        ]
        places = having or [(self.packs[0], self.packs[0].pack.editions)]
        in_order: list[Provision] = []
        run = _run_over(in_order) if sum(len(editions) for _, editions in places) > 1 else None
        by_place = tuple(self._of_place(pinned, editions, determination, run) for pinned, editions in places)
        in_order += (provision for provisions in by_place for provision in provisions)
        return by_place

    def _of_place(
        self, pinned: PinnedPack, editions: Sequence[Edition], determination: str, run: Run | None
    ) -> tuple[Provision, ...]:
        first = min(days_in_force(pinned.pack, edition, self.assumption)[0] for edition in editions)
        provisions = [self._provision(pinned, edition, determination, first, run) for edition in editions]
        return tuple(sorted(provisions, key=lambda provision: provision.first_day, reverse=True))

    def _provision(
        self, pinned: PinnedPack, edition: Edition, determination: str, first_text_on: Day, run_of_texts: Run | None
    ) -> Provision:
        rule = edition.determinations.get(determination)  # type: ignore[call-overload]  # The id is one of the closed vocabulary.
        first, last = days_in_force(pinned.pack, edition, self.assumption)
        of_nation = pinned.pack.jurisdiction == NATION
        context = Context(
            # If no place has a text, facts are looked for in the place asked about.
            jurisdiction=self.jurisdiction if of_nation else pinned.pack.jurisdiction,
            place=self.jurisdiction,
            first_day=FIRST_DAY if of_nation else first,
            last_day=last,
            first_text_on=first_text_on,
            run_of_texts=run_of_texts,
            standards=tuple(s for s in self.standards if s.determination == determination),
            assumption=self.assumption,
        )
        return Provision(
            pinned=pinned,
            edition=edition,
            rule=rule,
            first_day=first,
            last_day=last,
            always=(first, last) == (FIRST_DAY, None),
            readings=tuple(dict.fromkeys((*edition.readings, *(rule.readings if rule else ())))),
            policy=PolicyUsed(
                jurisdiction=pinned.pack.jurisdiction,
                edition=edition.edition,
                digest=pinned.digest,
                document=(rule and rule.document) or edition.document,
                last_verified_on=edition.last_verified_on,
                standards=(),
            ),
            context=context,
            compiled=compile_rule(determination, rule or NO_RULE, context),
        )


def _run_over(provisions: Sequence[Provision]) -> Run:
    """Return the run of the first provision that is in force on each day; None on days without one."""

    def run(facts: Facts, day: AskedDay) -> object:
        in_force = next((text for text in provisions if day.within(text.first_day, text.last_day)), None)
        return in_force.compiled.run(facts, day) if in_force and in_force.compiled.run else None

    return run


def compose(jurisdiction: str, pinned: Mapping[str, PinnedPack], standards: Iterable[LocalStandard]) -> Rules:
    """Return the rules of a place. A district inherits from its city, a city from its province, all from the nation."""
    chain = tuple(pinned[code] for code in parents(jurisdiction) if code in pinned)
    return Rules(jurisdiction, chain, tuple(standards))


def days_in_force(pack: Pack, edition: Edition, assumption: Assumption | None) -> tuple[Day, Day | None]:
    """Return the first and last day on which an edition is in force.

    National rules never lapse, and the oldest of them have no beginning.
    """
    in_force = edition.in_force
    if pack.jurisdiction == NATION:
        oldest = min(pack.editions, key=lambda other: other.in_force.first_day)
        return FIRST_DAY if edition is oldest else in_force.first_day, None
    for other in in_force.alternatives:
        if assumption == Assumption(other.reading, other.choice):
            return other.first_day or in_force.first_day, other.last_day or in_force.last_day
    return in_force.first_day, in_force.last_day
