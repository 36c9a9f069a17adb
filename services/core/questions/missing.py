"""What is missing for an answer to be another, with dates, figures and a sentence each. Pure.

A form names what is missing; here it is told so that the person can act on it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import dropwhile
from typing import Any, TypeAlias

from msgspec import Struct

from contracts.events.values import Day
from contracts.policies.language import Condition, Employed, Rule, Text
from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.facts.facts import Facts, Registration
from services.core.rules.conditions import LEVELS, best_certificate, last_granted_day, registration_on
from services.core.rules.parts import named_conditions
from services.core.rules.verdict import HOLDING, Context, Determination, Node, Question, as_need
from services.core.words.catalogue import FIELDS_OF_STUDY, SUBJECTS, TALENTS, UNITS
from services.core.words.catalogue import LEVELS as LEVEL_WORDS
from services.core.words.sentences import (
    any_in_words,
    any_of,
    employment_in_words,
    entry,
    in_words,
    levels_in_words,
    measured,
)

Entry: TypeAlias = Mapping[str, Any]

RENEWAL_MONTHS = 3
"""A registration is renewed in the last three months of its term (N-07)."""
ANY_DIRECT_SERVICE = Employed(direct_service=True, anywhere=True)
NEED_OF_REASON: Mapping[str, str] = {
    "no_certificate": "certificate",
    "certificate_withdrawn": "certificate",
    "no_registration": "registration",
    "registration_lapsed": "registration",
    "not_recognized_here": "recognition",
    "no_supervisor_designation": "supervisor",
    "no_direct_service": "direct_service",
    "no_post_here": "post",
    "level_outside_ladder": "post",
    "no_proof": "senior_proof",
    "proof_expired": "senior_proof",
}
DECISIONS: Mapping[str, str] = {
    "unit_not_convertible": "review_units",
    "field_not_listed": "review_field",
    "quality_has_no_test": "review_quality",
    "recognized_not_by_exam": "review_recognized",
    "title_not_listed": "review_title",
    "no_local_standard_known": "review_standard",
    "conditions_stand_elsewhere": "review_elsewhere",
    "decided_after_the_proof_expired": "review_late",
    "attestations_contradict": "review_attestations",
}
"""The sentence of the decision that is needed, by the reason for which a person must look."""


class Asked(Struct, frozen=True):
    """A question with what one must know to say what would change its answer. `on` asks it again of another day."""

    facts: Facts
    question: Question
    rule: Rule
    context: Context
    on: Callable[[Day], Determination]


def missing(asked: Asked, node: Node) -> Iterator[Entry]:
    """Yield what would change the answer were it recorded."""
    as_of = asked.question.as_of
    if node.status == "undefined_in_policy" or (node.status == "not_in_force" and not asked.rule.clause):
        yield entry("rule", as_need("rule", as_of))
    elif node.status == "not_applicable":
        yield from _to_apply(asked, node)
    elif node.status != "not_in_force":
        decisions = tuple(_decisions(asked, node))
        yield from decisions
        needs = (_one_way(asked.rule, _detailed(asked, need)) for need in _needs(asked, node))
        yield from (need for need in needs if need["need"] != "review" or not decisions)


def _decisions(asked: Asked, node: Node) -> Iterator[Entry]:
    """Yield the decisions that a person has to take where the answer waits for one, each told by what is open."""
    if node.status != "needs_review":
        return
    for part in (node, *node.children):
        # A form repeats the reason of its part; the decision is told once, with the clause of the part.
        repeated = part is node and any(child.reason == node.reason for child in node.children)
        sentence = DECISIONS.get(part.reason or "")
        if part.status == "needs_review" and sentence and not repeated:
            members = {**as_need("review", asked.question.as_of), "reason": part.reason}
            yield entry(sentence, members, clause=Text(zh=part.clause, en=part.clause))


def _needs(asked: Asked, node: Node) -> Iterable[Entry]:
    """Return what the form names as missing, else what its reason stands for."""
    if node.would_change or node.status in HOLDING:
        return node.would_change
    if need := NEED_OF_REASON.get(node.reason or ""):
        return (as_need(need, asked.question.as_of),)
    return (as_need("review", asked.question.as_of),) if node.status == "needs_review" else ()


def _to_apply(asked: Asked, node: Node) -> Iterator[Entry]:
    """Yield what would make the rule concern this person; once its day has passed, only that day can."""
    as_of, hours = asked.question.as_of, asked.rule.hours
    if node.decided_on is not None and node.decided_on < as_of:
        yield entry("decided", {"need": "facts", "on": node.decided_on.isoformat()})
        return
    if any(child.status != "met" for child in node.children):
        if hours and hours.applies_to:
            yield _of_condition(asked, as_need("employment", as_of), hours.applies_to)
        return
    if node.reason == "no_window":
        yield _registration(asked, as_need("registration", as_of))
    levels = hours.required_by_level if hours else None
    if levels and best_certificate(asked.facts, AskedDay(as_of), asked.context, national_only=True) is None:
        yield _certificate(as_need("certificate", as_of), levels, national_only=True)


def _detailed(asked: Asked, base: Entry) -> Entry:
    """Return one thing missing with its dates and its sentence."""
    need: str = base["need"]
    if need in UNITS and "amount" in base:
        return _hours(asked, base)
    kind, _, which = need.partition(":")
    condition = named_conditions(asked.rule).get(need)
    if condition is not None:
        return _of_condition(asked, base, condition)
    if kind == "certificate" and which in LEVEL_WORDS:
        return _certificate(base, dropwhile(lambda level: level != which, LEVELS), national_only=True)
    if kind == "certificate" and asked.rule.title:
        return _certificate(base, asked.rule.title.titles, national_only=True)
    if kind == "certificate":
        form = asked.rule.highest_certificate
        return _certificate(base, form.levels if form else LEVELS, national_only=bool(form and form.national_only))
    if kind == "registration":
        return _registration(asked, base)
    if kind == "exam_subject":
        return _exam_subject(base, which)
    if kind == "senior_review":
        lasts = [proof.last for proof in asked.facts.senior_proofs if proof.first <= asked.question.as_of]
        return entry("senior_review", {**base, "until": max(lasts).isoformat()}) if lasts else entry("review", base)
    if kind == "senior_proof":
        begun = any(proof.first <= asked.question.as_of for proof in asked.facts.senior_proofs)
        return entry("senior_proof_new" if begun else kind, base)
    if kind in ("recognition", "supervisor", "direct_service", "post", "review"):
        return entry(kind, base)
    return entry("other", base)


def _hours(asked: Asked, base: Entry) -> Entry:
    """Return hours with the last day on which they help: that of the window, or of the text where it ends before."""
    sentence, ends = "hours_rolling", asked.context.last_day
    if "until" in base:
        base = {**base, "until": base["until"] if ends is None else min(base["until"], ends.isoformat())}
        sentence = "hours" if asked.question.as_of.isoformat() <= base["until"] else "hours_late"
    return entry(sentence, base, amount=measured(base["amount"], base["need"]))


def _one_way(rule: Rule, need: Entry) -> Entry:
    """Return a need that says so where it is one of several of which any is enough."""
    if rule.entitlement and need["need"] in rule.entitlement.any_of:
        return any_of("ground", need) if len(rule.entitlement.any_of) > 1 else need
    if rule.talent is None:
        return need
    if need["need"] in rule.talent.engaged:
        return any_of("engagement", need) if len(rule.talent.engaged) > 1 else need
    routes = [route for route in (rule.talent.certificate, rule.talent.degree, rule.talent.hours) if route]
    return any_of("route", need) if len(routes) > 1 and need["need"] != "review" else need


def _of_condition(asked: Asked, base: Entry, condition: Condition) -> Entry:
    as_of = asked.question.as_of
    if condition.certificate is not None:
        return _certificate(base, condition.certificate.levels, national_only=condition.certificate.national_only)
    if condition.registered is not None:
        return _registration(asked, base)
    if condition.served is not None:
        months = {**base, "within_months": condition.served.within_months}
        before = [day for day in asked.facts.verified_days if day <= as_of]
        if not before:
            return entry("service_record", months)
        return entry("service_record_old", {**months, "last_recorded_on": before[-1].isoformat()})
    if condition.attested is not None:
        covering = [one for one in asked.facts.assessments if one.first <= as_of <= one.last]
        denied = any(not one.professional_role for one in covering)
        return entry("professional_role_denied" if denied else "professional_role", {**base, "on": as_of.isoformat()})
    return _of_designation(base, condition)


def _of_designation(base: Entry, condition: Condition) -> Entry:
    if condition.employed is not None:
        return _employment(base, condition.employed)
    if condition.degree is not None:
        sentence = "degree_or_review" if condition.degree.open_list else "degree"
        return entry(sentence, base, fields=any_in_words(FIELDS_OF_STUDY, condition.degree.fields))
    if condition.talent is not None:
        sentence = "talent_title_new" if condition.talent.while_in_force else "talent_title"
        titles = any_in_words(TALENTS, condition.talent.talents)
        return entry(sentence if condition.talent.listed else "talent_title_review", base, titles=titles)
    if condition.supervisor is not None:
        return entry("supervisor_of_rank", base, ranks=any_in_words(LEVEL_WORDS, condition.supervisor.ranks))
    if condition.exam_reward is not None:
        return entry("exam_reward", base, levels=levels_in_words(condition.exam_reward.levels))
    return entry("review", base)


def _employment(base: Entry, asked: Employed) -> Entry:
    if asked == ANY_DIRECT_SERVICE:
        return entry("direct_service", base)
    what = employment_in_words(
        asked.roles,
        asked.employer_types,
        direct_service=bool(asked.direct_service),
        widened=asked.widened_by_standards,
    )
    return entry("employment" if asked.anywhere else "employment_here", base, what=what)


def _certificate(base: Entry, levels: Iterable[str], *, national_only: bool) -> Entry:
    accepted = frozenset(levels)
    taken = [level for level in LEVELS if level in accepted]
    sentence = "certificate_national" if national_only else "certificate"
    return entry(sentence, {**base, "levels": taken}, levels=levels_in_words(taken))


def _registration(asked: Asked, base: Entry) -> Entry:
    current, begun = registration_on(asked.facts, AskedDay(asked.question.as_of), asked.context)
    if current is not None or begun is None:
        return entry("registration", base)
    granted, last = last_granted_day(begun, asked.context), _last_day(begun, asked.context)
    members = {**base, "held_until": last.isoformat()}
    if begun.ended_on is None or last == granted:
        return entry("registration_lapsed", members)
    # On the day of its end none holds, a new one neither.
    opens = max(begun.ended_on + ONE_DAY, asked.question.as_of).isoformat()
    ended = {"from": opens, "ended_on": begun.ended_on.isoformat(), "granted_until": granted.isoformat()}
    return entry("registration_ended", {**members, **ended})


def _exam_subject(base: Entry, subject: str) -> Entry:
    """Return a subject, with the last day on which it completes what was passed before."""
    return entry("exam_subject_by" if "until" in base else "exam_subject", base, subject=in_words(SUBJECTS, subject))


def renewal(asked: Asked, node: Node) -> Iterator[Entry]:
    """Yield when the registration that the answer rests on can be renewed, where it is not renewed yet.

    An answer that fails for want of something else, or whose text ends no later, is the same without the renewal.
    """
    rests_on_it = asked.rule.registration is not None or any(
        condition.registered is not None for condition in named_conditions(asked.rule).values()
    )
    if not rests_on_it or node.status not in (*HOLDING, "needs_review"):
        return
    as_of = asked.question.as_of
    current, _ = registration_on(asked.facts, AskedDay(as_of), asked.context)
    if current is None or current.ended_on is not None:
        return
    last, ends = _last_day(current, asked.context), asked.context.last_day
    if ends is not None and ends <= last:
        return
    if any(_last_day(other, asked.context) > last for other in asked.facts.registrations):
        return
    opens = add_months(last, -RENEWAL_MONTHS) + ONE_DAY
    members = {"need": "renewal", "from": opens.isoformat(), "until": last.isoformat()}
    yield entry("renewal" if as_of < opens else "renewal_open", members)


def _last_day(registration: Registration, context: Context) -> Day:
    last = last_granted_day(registration, context)
    return last if registration.ended_on is None else min(last, registration.ended_on - ONE_DAY)
