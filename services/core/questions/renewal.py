"""When a registration that an answer rests on can be renewed. Pure."""

from collections.abc import Iterator, Sequence

from msgspec import structs

from contracts.events.values import Day
from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.facts.facts import Facts, Registration
from services.core.questions import advice
from services.core.questions.results import announced_changes
from services.core.rules.conditions.registered import (
    Registered,
    approved_certificates,
    covered_by,
    is_of_gone,
    last_granted_day,
    last_held_day,
    rank,
    registration_on,
)
from services.core.rules.kinds import registration
from services.core.rules.kinds.kind import Inquiry
from services.core.rules.needs import RegistrationNeed
from services.core.rules.parts import words_of
from services.core.rules.terms import Renewal
from services.core.rules.verdict import HOLDING, Node

MAX_ENDS = 32
"""Ends of registrations in force that are looked at, the earliest first: the question is asked again for each."""


def renewal(inquiry: Inquiry, node: Node) -> Iterator[advice.Renewal | RegistrationNeed]:
    """Yield the days on which each registration can be renewed whose end changes the answer, the earliest first.

    Of one that is of no national certificate it is told, last and once, that the registrar must be asked (N-07).

    Yields nothing where a renewal makes no difference: the answer does not hold, the text ends first and no other takes
    over, or another registration in force gives the same; nor for one that is renewed already or ends early, nor where
    no certificate is held that could be registered again, nor for one whose certificate was withdrawn (R-34).
    """
    if not rests_on_registration(inquiry, node):
        return
    term = inquiry.context.term(Renewal)
    unsaid = False
    for last, ending in _ends(inquiry):
        to_renew = [one for one in ending if not _is_renewed(inquiry, one, last)]
        if not to_renew or not _changes(inquiry, to_renew, last):
            continue
        if not _is_of_national(inquiry, to_renew):
            unsaid = True
            continue
        opens = add_months(last, -term.last_months) + ONE_DAY
        yield advice.Renewal(
            code="renewal" if inquiry.as_of < opens else "renewal_open",
            need="renewal",
            from_=opens,
            until=last,
            clause=term.clause or inquiry.rule.clause,
        )
    if unsaid:
        yield RegistrationNeed(code="registration_unsaid", **inquiry.lack("review").members())


def _ends(inquiry: Inquiry) -> Sequence[tuple[Day, Sequence[Registration]]]:
    """Return the first `MAX_ENDS` days on which registrations in force end as granted, each with those that do.

    Those of certificates that are withdrawn are left out.
    """
    context, facts, day = inquiry.context, inquiry.facts, AskedDay(inquiry.as_of)
    granted = last_granted_day(context)
    if not approved_certificates(facts, day):
        return ()
    by_last: dict[Day, list[Registration]] = {}
    for one in registration_on(facts, day, granted).in_force:
        if last_held_day(one, granted) == granted(one) and not is_of_gone(one, facts, day, context):
            by_last.setdefault(granted(one), []).append(one)
    return sorted(by_last.items())[:MAX_ENDS]


def _is_renewed(inquiry: Inquiry, ending: Registration, last: Day) -> bool:
    """Say whether registrations that begin later and end after `last` are of every certificate that this one is of."""
    context, day = inquiry.context, AskedDay(inquiry.as_of)
    granted, held = last_granted_day(context), approved_certificates(inquiry.facts, day)
    renewing = [
        one for one in inquiry.facts.registrations if not day.reached(one.first) and last_held_day(one, granted) > last
    ]
    again = covered_by(renewing, held, context)
    return bool(renewing) and all(certificate in again for certificate in covered_by([ending], held, context))


def _is_of_national(inquiry: Inquiry, registrations: Sequence[Registration]) -> bool:
    """Say whether any of the registrations is of a national certificate; or may be, where they are of none held."""
    held = approved_certificates(inquiry.facts, AskedDay(inquiry.as_of))
    return any(certificate.national for certificate in covered_by(registrations, held, inquiry.context) or held)


def _changes(inquiry: Inquiry, ending: Sequence[Registration], last: Day) -> bool:
    """Say whether the answer on the day after `last` is another than if these registrations held on that day, too.

    An answer about the registration itself is another, too, if the highest certificate registered is.
    """
    day = last + ONE_DAY
    question = structs.replace(inquiry.question, as_of=day)
    going_on = tuple(
        structs.replace(one, printed_last=day) if one in ending else one for one in inquiry.facts.registrations
    )
    renewed = structs.replace(inquiry.facts, registrations=going_on)
    without, with_them = inquiry.evaluate(inquiry.facts, question).node, inquiry.evaluate(renewed, question).node
    if without.status != with_them.status or announced_changes(without, with_them):
        return True
    about_registration = isinstance(inquiry.kind, registration.Registration)
    return about_registration and _highest(inquiry, inquiry.facts, day) != _highest(inquiry, renewed, day)


def _highest(inquiry: Inquiry, facts: Facts, on: Day) -> int:
    """Return the rank of the highest certificate that a registration in force is of; -1 if there is none."""
    context, day = inquiry.context, AskedDay(on)
    in_force = registration_on(facts, day, last_granted_day(context)).in_force
    return max(map(rank, covered_by(in_force, approved_certificates(facts, day), context)), default=-1)


def rests_on_registration(inquiry: Inquiry, node: Node) -> bool:
    """Say whether an answer that holds, or is open, rests on a registration."""
    rule_asks = isinstance(inquiry.kind, registration.Registration) or any(
        isinstance(word, Registered) for word in words_of(inquiry.kind)
    )
    return rule_asks and node.status in (*HOLDING, "needs_review")
