"""What the registration of a higher certificate would add to an answer that rests on registration. Pure."""

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, structs

from services.core.calendar import AskedDay
from services.core.facts.facts import Certificate, Facts, Registration
from services.core.questions.advice import HigherRegistration
from services.core.questions.renewal import rests_on_registration
from services.core.questions.results import announced_changes, money_of
from services.core.rules.conditions.registered import Higher, highest_unregistered
from services.core.rules.kinds import registration
from services.core.rules.kinds.kind import Inquiry
from services.core.rules.verdict import Node


def higher_registration(inquiry: Inquiry, node: Node) -> Iterator[HigherRegistration]:
    """Yield the registration of the highest certificate that is not registered, with what the answer gains by it.

    Yields nothing where the answer gains nothing; only an answer about the registration itself tells it all the same.
    """
    if not rests_on_registration(inquiry, node):
        return
    higher = highest_unregistered(inquiry.context, inquiry.facts, AskedDay(inquiry.as_of))
    if higher is None:
        return
    advice = HigherRegistration(
        code=_code(higher),
        levels=(higher.certificate.level,),
        until=UNSET if higher.over or higher.last_to_apply is None else higher.last_to_apply,
        **inquiry.lack("review" if higher.over else "registration").members(),
    )
    if isinstance(inquiry.kind, registration.Registration):
        yield advice
        return
    then = inquiry.if_so(_registered(inquiry, higher.certificate)).node
    if gained := announced_changes(node, then):
        yield structs.replace(advice, result=gained, money=money_of(then))


def _code(higher: Higher) -> Literal["registration_higher", "registration_higher_by", "registration_higher_over"]:
    if higher.over:
        return "registration_higher_over"
    return "registration_higher" if higher.last_to_apply is None else "registration_higher_by"


def _registered(inquiry: Inquiry, certificate: Certificate) -> Facts:
    """Return the facts as they would be with a registration of the certificate from the day asked about on."""
    added = Registration(inquiry.as_of, None, None, certificate.level, None, certificate.sources)
    all_of_them = sorted((*inquiry.facts.registrations, added), key=lambda one: one.first)
    return structs.replace(inquiry.facts, registrations=tuple(all_of_them))
