"""`evaluate(rules, facts, question) -> Determination`: the one function that every caller asks.

Pure: the same rules, facts and question give the same answer in the live query, a rebuild, an audit, a simulation.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from contracts.events.values import FIRST_DAY, NATION, Day
from contracts.places import parents
from contracts.policies.language import Edition, LocalStandard, Pack, Rule
from contracts.policies.readings import Assumption, assumptions
from services.core.calendar import ONE_DAY, calendar_year
from services.core.facts.facts import Facts
from services.core.questions.missing import Asked
from services.core.questions.would_change import would_change
from services.core.rules.kinds.registry import compile_rule
from services.core.rules.kinds.undefined import HELD, HOURS_FIELDS, NO_RULE
from services.core.rules.verdict import (
    Alternative,
    Context,
    Determination,
    Form,
    Node,
    PolicyUsed,
    Question,
    Status,
)

FACTS_ALONE = frozenset({*HELD, *HOURS_FIELDS})
"""What the facts alone give, and what is kept when no judgement is made."""


class PinnedPack(Struct, frozen=True):
    """A pack under the digest by which a ledger has pinned it."""

    digest: str
    pack: Pack


class Applicable(Struct, frozen=True):
    """The rule that answers, in its edition, and what every answer by it says; without a rule the text says nothing."""

    pinned: PinnedPack
    edition: Edition
    rule: Rule | None
    readings: tuple[str, ...]
    policy: PolicyUsed


class Rules:
    """The packs of one place composed, most specific first, with the local standards known. Compiled on demand."""

    def __init__(self, jurisdiction: str, packs: tuple[PinnedPack, ...], standards: tuple[LocalStandard, ...]) -> None:
        self.jurisdiction = jurisdiction
        self.packs = packs
        self.standards = standards
        self._candidates: dict[str, tuple[Applicable, ...]] = {}
        self._compiled: dict[tuple[str, str, Assumption | None], tuple[Context, Form]] = {}

    def applicable(self, question: Question) -> Applicable:
        """Return the most specific rule for the question's deciding day, or the nearest edition of the place."""
        candidates = self._candidates.get(question.determination)
        if candidates is None:
            candidates = self._candidates[question.determination] = _candidates(self.packs, question.determination)
        if len(candidates) == 1:
            return candidates[0]
        return min(candidates, key=lambda candidate: _distance(candidate, question))

    def compiled(self, found: Applicable, determination: str, assumption: Assumption | None) -> tuple[Context, Form]:
        """Return the rule's form and the context it is compiled for."""
        key = (determination, found.edition.edition, assumption)
        if key not in self._compiled:
            first, last = days_in_force(found, assumption)
            pack = found.pinned.pack
            context = Context(
                # Where no place has a text, what the facts alone give is looked for in the place asked about.
                jurisdiction=self.jurisdiction if pack.jurisdiction == NATION else pack.jurisdiction,
                place=self.jurisdiction,
                first_day=first,
                last_day=last,
                standards=tuple(s for s in self.standards if s.determination == determination),
                assumption=assumption,
            )
            self._compiled[key] = context, compile_rule(determination, found.rule or NO_RULE, context)
        return self._compiled[key]


def compose(jurisdiction: str, pinned: Mapping[str, PinnedPack], standards: Iterable[LocalStandard]) -> Rules:
    """Return the rules of a place: a district inherits its city, a city its province, everything the nation."""
    chain = tuple(pinned[code] for code in parents(jurisdiction) if code in pinned)
    return Rules(jurisdiction, chain, tuple(standards))


def evaluate(rules: Rules, facts: Facts, question: Question, *, alternatives: bool = True) -> Determination:
    """Answer one question about one person under the rules of one place.

    Where asked for, also with what other readings give and what would change the answer.
    """
    found = rules.applicable(question)
    node = _answer(rules, found, facts, question, None)
    return Determination(
        determination=question.determination,
        jurisdiction=rules.jurisdiction,
        as_of=question.as_of,
        node=node,
        readings=found.readings,
        alternatives=_alternatives(rules, found, facts, question, node.status) if alternatives else (),
        would_change=would_change(_asked(rules, found, facts, question), node) if alternatives else (),
        policy=structs.replace(found.policy, standards=node.standards) if node.standards else found.policy,
        source_status=found.rule.source_status if found.rule else "confirmed",
    )


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


def _answer(rules: Rules, found: Applicable, facts: Facts, question: Question, assumption: Assumption | None) -> Node:
    """Return the form's answer with the days of the edition over it."""
    context, form = rules.compiled(found, question.determination, assumption)
    node = form(facts, question)
    day = node.decided_on or question.as_of
    until = node.until
    ends = _edition_until(context, day) if day == question.as_of else None
    if ends is not None and (until is None or ends < until):
        until = ends
    if not context.first_day <= day or (context.last_day is not None and day > context.last_day):
        need = ({"need": "in_force", "from": context.first_day.isoformat()},) if day < context.first_day else ()
        return _without_judgement(node, "not_in_force", until, "edition_not_in_force", need)
    if found.rule is None or found.rule.undefined is not None:
        return _without_judgement(node, "undefined_in_policy", until, _silence(found), ())
    if node.status == "not_applicable":
        return _without_judgement(node, node.status, until, node.reason, node.would_change)
    return node if until == node.until else structs.replace(node, until=until)


def _silence(found: Applicable) -> str:
    """Return why there is no rule to go by."""
    if found.rule is not None:
        return "no_standard_in_the_text"
    return "no_text_known" if found.pinned.pack.jurisdiction == NATION else "no_such_rule"


def _edition_until(context: Context, day: Day) -> Day | None:
    if day < context.first_day:
        return context.first_day - ONE_DAY
    return context.last_day if context.last_day is not None and day <= context.last_day else None


def _without_judgement(
    node: Node, status: Status, until: Day | None, reason: str | None, would_change: tuple[Mapping[str, Any], ...]
) -> Node:
    """Return the answer without what only a judgement gives; what the facts alone give stays."""
    result = {
        name: value if name in FACTS_ALONE else [] if isinstance(value, list) else None
        for name, value in node.result.items()
    }
    return structs.replace(
        node, status=status, until=until, reason=reason, result=result, would_change=would_change, standards=()
    )


def _asked(rules: Rules, found: Applicable, facts: Facts, question: Question) -> Asked:
    """Return the question with what one must know to say what would change its answer."""

    def on(day: Day) -> Node:
        later = structs.replace(question, as_of=day)
        return _answer(rules, rules.applicable(later), facts, later, None)

    context, _ = rules.compiled(found, question.determination, None)
    return Asked(facts=facts, question=question, rule=found.rule or NO_RULE, context=context, on=on)


def _alternatives(
    rules: Rules,
    found: Applicable,
    facts: Facts,
    question: Question,
    status: Status,
) -> tuple[Alternative, ...]:
    """Return the alternatives that change the status, found by evaluating the rule under each."""
    seen: dict[tuple[str, Status], Alternative] = {}
    for reading in found.readings:
        for assumption in assumptions(reading):
            other = _answer(rules, found, facts, question, assumption).status
            if other != status:
                seen.setdefault((reading, other), Alternative(reading, assumption.choice, other))
    return tuple(seen.values())
