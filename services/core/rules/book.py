"""The rules of one place: packs composed, editions chosen by day, each rule compiled once. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, structs

from contracts.events.values import FIRST_DAY, NATION, Day
from contracts.places import parents
from contracts.policies.choices import Choices, merged
from contracts.policies.language import Edition, LocalStandard, Pack, Rule, Term, Text
from contracts.policies.packs import PinnedPack
from contracts.policies.readings import Assumption
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.kinds.kind import Compiled
from services.core.rules.kinds.registry import ANSWERS, kind_of_rule, silence
from services.core.rules.parts import Context
from services.core.rules.term_book import RuleTerms, TermBook
from services.core.rules.terms import Terms
from services.core.rules.verdict import Ground, PolicyUsed, Question, Reason, Run
from services.core.rules.windows import Counted


class Source(Struct, frozen=True):
    """A pack of the place or of one around it, as read under the assumption."""

    digest: str
    pack: Pack


class CompiledText(Struct, frozen=True):
    """A rule compiled under the terms of certain days, and the ground of its answers."""

    context: Context
    compiled: Compiled
    ground: Ground


class Provision:
    """What one edition says about one determination. Without a rule the edition says nothing.

    It is in force if the deciding day lies from `first_day` to `last_day`, both included; `always` on every day, as is
    the silence of the nation, whose texts stand side by side.
    """

    __slots__ = (
        "_compile",
        "_settled",
        "_terms",
        "_texts",
        "always",
        "edition",
        "first_day",
        "last_day",
        "rule",
        "source",
    )

    def __init__(
        self,
        source: Source,
        edition: Edition,
        rule: Rule | None,
        terms: RuleTerms,
        compile_under: Callable[[Mapping[str, Term]], CompiledText],
    ) -> None:
        self.source = source
        self.edition = edition
        self.rule = rule
        self.first_day, self.last_day = edition.in_force.first_day, edition.in_force.last_day
        of_nation = source.pack.jurisdiction == NATION
        self.always = (self.first_day, self.last_day) == (FIRST_DAY, None) or (of_nation and rule is None)
        self._terms = terms
        self._compile = compile_under
        self._texts: dict[int, CompiledText] = {}
        self._settled = self._after(0) if terms.settled else None

    def on(self, day: AskedDay) -> CompiledText:
        """Return the rule as compiled under the terms of a day."""
        if self._settled is not None:
            return self._settled
        return self._after(day.count_reached(self._terms.turns))

    def _after(self, number: int) -> CompiledText:
        """Return the rule as compiled under the terms once so many of their turns are reached."""
        text = self._texts.get(number)
        if text is None:
            text = self._texts[number] = self._compile(self._terms.after(number))
        return text

    def check(self) -> None:
        """Compile the rule under the terms of every day. Raises UnreadablePackError."""
        for number in range(len(self._terms.turns) + 1):
            self._after(number)

    def counted(self, facts: Facts, day: AskedDay, question: Question) -> tuple[CompiledText, Counted]:
        """Return the rule under the terms of the deciding day, and the days that it counts."""
        text = self._settled
        if text is not None:
            return text, text.compiled.counting(facts, day, question)
        text = self.on(day)
        counted = text.compiled.counting(facts, day, question)
        then = text if counted.deciding_day is day else self.on(counted.deciding_day)
        return (text, counted) if then is text else (then, then.compiled.counting(facts, day, question))


class Applicable(Struct, frozen=True):
    """The provision that answers, whether it is in force, its compiled text, and the days that it counts."""

    provision: Provision
    in_force: bool
    text: CompiledText
    counted: Counted


class Rules:
    """The packs of one place, most specific first, with the known local standards. Rules are compiled on demand.

    `talents` are the words for talent titles. Under an `assumption` one reading differs from its default. Evaluating
    raises UnreadablePackError where a rule, or a term that it needs, cannot be read.
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
        self.talents = talents_of(pinned.pack for pinned in packs)
        self._national_titles = frozenset(
            title for pinned in packs for title in pinned.pack.vocabulary.national_talents
        )
        self._sources = tuple(
            Source(pinned.digest, pinned.assuming(assumption) if assumption else pinned.pack) for pinned in packs
        )
        self._terms = TermBook([source.pack for source in self._sources])
        self._places: dict[str, tuple[tuple[Provision, ...], ...]] = {}
        self._assuming: dict[Assumption, Rules] = {}

    def assuming(self, assumption: Assumption) -> "Rules":
        """Return the same rules under one assumption."""
        if assumption not in self._assuming:
            self._assuming[assumption] = Rules(self.jurisdiction, self.packs, self.standards, assumption)
        return self._assuming[assumption]

    def applicable(self, facts: Facts, day: AskedDay, question: Question) -> Applicable:
        """Return the provision that answers, whether it is in force, and the days that it counts.

        It is that of the most specific place with a provision in force on the deciding day, and among several of that
        place the one that began last. If none is in force, the most specific place with any provision answers: with
        the one that began last, or, before the first of them, with the first.
        """
        places = self._places.get(question.determination) or self.provisions(question.determination)
        for provisions in places:
            for provision in provisions:
                text, counted = provision.counted(facts, day, question)
                if provision.always or counted.deciding_day.within(provision.first_day, provision.last_day):
                    return Applicable(provision, True, text, counted)
        for provision in places[0]:
            text, counted = provision.counted(facts, day, question)
            if counted.deciding_day.reached(provision.first_day):
                break
        return Applicable(provision, False, text, counted)

    def provisions(self, determination: str) -> tuple[tuple[Provision, ...], ...]:
        """Return what each place says about a determination, the most specific first, the latest text first."""
        if determination not in self._places:
            self._places[determination] = self._compiled(determination)
        return self._places[determination]

    def written(self, determination: str) -> list[Rule]:
        """Return the rules on a determination that stand in the texts of the place and of those around it, unread."""
        editions = (edition for source in self._sources for edition in source.pack.editions)
        return [edition.rules[determination] for edition in editions if determination in edition.rules]  # type: ignore[index]  # Of the closed vocabulary.

    def check(self, determinations: Iterable[str]) -> None:
        """Compile every rule that answers here, and read those of the place's own pack under each of its readings.

        Raises UnreadablePackError.
        """
        for determination in determinations:
            for provision in self.provisions(determination)[0]:
                provision.check()
        own = self.packs[0]
        for assumption in (Assumption(reading, name) for reading, names in own.choices.items() for name in names):
            for edition in own.assuming(assumption).editions:
                for rule in edition.rules.values():
                    kind_of_rule(rule)
                    Terms(rule.terms).read_all()
                Terms(edition.terms).read_all()

    def answering(self, facts: Facts, question: Question) -> Applicable:
        """Return the provision that answers the question, as `applicable`."""
        return self.applicable(facts, AskedDay(question.as_of), question)

    def _compiled(self, determination: str) -> tuple[tuple[Provision, ...], ...]:
        """Return the provisions of each place that has any, the latest first; or else provisions without a rule."""
        having = [
            (source, editions)
            for source in self._sources
            if (editions := tuple(edition for edition in source.pack.editions if determination in edition.rules))
        ]
        places = having or [(self._sources[0], self._sources[0].pack.editions)]
        texts = [edition for _, editions in places for edition in editions]
        rules = [edition.rules.get(determination) for edition in texts]  # type: ignore[call-overload]  # Of the closed vocabulary.
        by_day = len(texts) > 1 or not all(rule is None or self._terms.of(rule).settled for rule in rules)
        days = merged(edition.in_force.choices for edition in texts)
        in_order: list[Provision] = []
        run = _run_over(in_order) if by_day else None
        by_place = tuple(self._of_place(source, editions, determination, days, run) for source, editions in places)
        in_order += (provision for provisions in by_place for provision in provisions)
        return by_place

    def _of_place(
        self, source: Source, editions: Sequence[Edition], determination: str, days: Choices, run: Run | None
    ) -> tuple[Provision, ...]:
        first = min(edition.in_force.first_day for edition in editions)
        provisions = [self._provision(source, edition, determination, first, days, run) for edition in editions]
        return tuple(sorted(provisions, key=lambda provision: provision.first_day, reverse=True))

    def _provision(
        self,
        source: Source,
        edition: Edition,
        determination: str,
        first_text_on: Day,
        days: Choices,
        run_of_texts: Run | None,
    ) -> Provision:
        rule = edition.rules.get(determination)  # type: ignore[call-overload]  # The id is one of the closed vocabulary.
        of_nation = source.pack.jurisdiction == NATION
        compiled_for = rule or structs.replace(silence(determination), document=_silent_documents(source.pack, edition))

        def compile_under(terms: Mapping[str, Term]) -> CompiledText:
            context = Context(
                # If no place has a text, facts are looked for in the place asked about.
                jurisdiction=self.jurisdiction if of_nation else source.pack.jurisdiction,
                place=self.jurisdiction,
                first_day=edition.in_force.first_day,
                last_day=edition.in_force.last_day,
                first_text_on=first_text_on,
                terms=Terms(terms),
                clause=compiled_for.clause,
                silence=ANSWERS[determination].result(),
                why_silent=self._why_silent(source, rule),
                determination=determination,
                run_of_texts=run_of_texts,
                standards=tuple(s for s in self.standards if s.determination == determination),
                national_titles=self._national_titles,
            )
            compiled = kind_of_rule(compiled_for).compile(determination, compiled_for, context)
            own = merged((edition.in_force.choices, compiled_for.choices, *context.terms.used))
            ground = self._ground(source, edition, compiled_for, own, merged((own, days, rule_terms.days)))
            return CompiledText(context, compiled, ground)

        rule_terms = self._terms.of(compiled_for)
        return Provision(source, edition, rule, rule_terms, compile_under)

    def _why_silent(self, source: Source, rule: Rule | None) -> Reason:
        """Return why nobody can be judged where the text is silent, or mentions a matter without a rule."""
        if rule is not None:
            return "no_standard_in_the_text"
        return "no_text_known" if source.pack.jurisdiction == NATION else "no_such_rule"

    def _ground(self, source: Source, edition: Edition, rule: Rule, own: Choices, choices: Choices) -> Ground:
        """Return what answers rest on: `own` are the choices of the rule, and `choices` also those that could let
        another text answer, or define a term."""
        return Ground(
            policy=PolicyUsed(
                jurisdiction=source.pack.jurisdiction,
                edition=edition.edition,
                digest=source.digest,
                document=rule.document or edition.document,
                last_verified_on=edition.last_verified_on,
                standards=(),
            ),
            readings=tuple(sorted({*own, *rule.readings})),
            choices=choices,
            source_status=rule.source_status,
            told=rule.told,
            talents=self.talents,
            notes=source.pack.notes,
        )


def talents_of(packs: Iterable[Pack]) -> Mapping[str, Text]:
    """Return the words for the talent titles that packs declare; where several declare one, those of the first."""
    words: dict[str, Text] = {}
    for pack in packs:
        words = {**pack.vocabulary.talents, **words}
    return words


def _silent_documents(pack: Pack, edition: Edition) -> str:
    """Return the document that is silent; of the nation, in which no matter has a text of its own, each of them."""
    if pack.jurisdiction != NATION:
        return edition.document
    return "; ".join(dict.fromkeys(text.document for text in reversed(pack.editions)))


def _run_over(provisions: Sequence[Provision]) -> Run:
    """Return the run of the first provision that is in force on each day; None on days without one."""

    def run(facts: Facts, day: AskedDay) -> object:
        in_force = next((text for text in provisions if day.within(text.first_day, text.last_day)), None)
        state = in_force.on(day).compiled.run if in_force else None
        return state(facts, day) if state else None

    return run


def compose(jurisdiction: str, pinned: Mapping[str, PinnedPack], standards: Iterable[LocalStandard]) -> Rules:
    """Return the rules of a place. A district inherits from its city, a city from its province, all from the nation."""
    chain = tuple(pinned[code] for code in parents(jurisdiction) if code in pinned)
    return Rules(jurisdiction, chain, tuple(standards))
