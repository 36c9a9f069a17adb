"""What makes a registration or a certificate doubtful. Pure.

Nothing follows from it: both count as recorded, and what is odd about them is told. How long a registration lasts
without a printed last day is for the rules (R-12), which hand it in.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias, get_args

from msgspec import Struct

from contracts.events.catalogue import SanctionImposed, SanctionLifted
from contracts.events.facts import Fact
from contracts.events.values import CERTIFICATE_IN_TEXTS, REGISTRATION_IN_TEXTS, CertificateLevel, Day
from contracts.folding import folded
from services.core.calendar import ONE_DAY, earliest
from services.core.facts.facts import Certificate, OddFact, Oddity, Registration

SANCTIONS = frozenset({"sanction.imposed", "sanction.lifted"})


class Held(Struct, frozen=True):
    """Days on which some certificate was held without a break; on `gone_on` none is any more."""

    first: Day
    gone_on: Day | None


class Term(Struct, frozen=True):
    """From `first` to `last`, as far as that is known. On `ended_on` it no longer holds."""

    first: Day
    last: Day | None
    ended_on: Day | None


Level: TypeAlias = CertificateLevel | None
"""The level of the certificate that was registered; None where that is not recorded."""


LastDay: TypeAlias = Callable[[Registration], Day | None]
"""The last day on which a registration holds; None where nobody says which."""


def without_certificate(
    registrations: Sequence[Registration], certificates: Sequence[Certificate]
) -> Iterator[OddFact]:
    """Yield the registrations without a certificate: none at all, or one obtained later."""
    for registration, held in _with_held(registrations, certificates):
        event_id, first = registration.sources[0].event_id, registration.first
        if not held:
            detail = f"registered from {first}, no certificate on record"
            yield OddFact(event_id, "registered_without_certificate", detail)
        elif first < held[0].first:
            detail = f"registered from {first}, the certificate is of {held[0].first}"
            yield OddFact(event_id, "registered_before_certificate", detail)


def certificate_gone(
    registrations: Sequence[Registration], certificates: Sequence[Certificate], last_day: LastDay
) -> Iterator[OddFact]:
    """Yield the registrations that outlast the certificates that they are of: those were withdrawn meanwhile."""
    gone_from = _gone_from(certificates)
    for registration in registrations:
        gone_on, last = gone_from(registration), last_day(registration)
        if gone_on is not None and (last is None or gone_on <= last):
            detail = f"registered from {registration.first}, no certificate that it is of is held from {gone_on} on"
            yield OddFact(registration.sources[0].event_id, "certificate_gone", detail)


def _gone_from(certificates: Sequence[Certificate]) -> Callable[[Registration], Day | None]:
    """Return what tells from which day on none is held any more that a registration is of; None where one is.

    It is of those of its level or, without one, of those obtained by its first day and of any basic one (R-34).
    """
    spans = {level: _held(certificates, level) for level in get_args(CertificateLevel)}
    others = sorted((one for one in certificates if one.level != "basic"), key=lambda one: one.held_since)
    all_gone_on = tuple(accumulate((one.withdrawn_on or Day.max for one in others), max))

    def gone_from(registration: Registration) -> Day | None:
        first = registration.first
        obtained = bisect_right(others, first, key=lambda one: one.held_since)
        if registration.level is not None or not obtained:
            span = _begun_last(spans[registration.level or "basic"], first)
            return span.gone_on if span else None
        gone_on = all_gone_on[obtained - 1]
        basic = _begun_last(spans["basic"], max(first, gone_on))
        if basic and (basic.gone_on is None or basic.gone_on > max(first, gone_on)):
            return basic.gone_on
        return None if gone_on == Day.max else gone_on

    return gone_from


def _begun_last(spans: Sequence[Held], day: Day) -> Held | None:
    index = bisect_right(spans, day, key=lambda span: span.first) - 1
    return spans[index] if index >= 0 else None


def _with_held(
    registrations: Sequence[Registration], certificates: Sequence[Certificate]
) -> Iterator[tuple[Registration, Sequence[Held]]]:
    """Yield the registrations, each with when certificates of its level were held."""
    held = {level: _held(certificates, level) for level in {registration.level for registration in registrations}}
    return ((registration, held[registration.level]) for registration in registrations)


def _held(certificates: Iterable[Certificate], level: Level) -> Sequence[Held]:
    """Return when certificates of a level, or of any, were held, in order."""
    spans: list[Held] = []
    for certificate in sorted(certificates, key=lambda certificate: certificate.on):
        if level not in (None, certificate.level):
            continue
        before = spans[-1] if spans else None
        if before and (before.gone_on is None or certificate.on <= before.gone_on):
            gone_on = None if before.gone_on is None else _later(before.gone_on, certificate.withdrawn_on)
            spans[-1] = Held(before.first, gone_on)
        else:
            spans.append(Held(certificate.on, certificate.withdrawn_on))
    return spans


def _later(day: Day, other: Day | None) -> Day | None:
    return None if other is None else max(day, other)


def overlapping(registrations: Iterable[Registration], last_day: LastDay) -> Iterator[OddFact]:
    """Yield the registrations that begin while another lasts, as far as that is known, unless of another level."""
    longest: dict[Level, tuple[Day, Registration]] = {}
    for registration in registrations:
        level = registration.level
        others = [at for known, at in longest.items() if level is None or known in (None, level)]
        last, other = max(others, key=lambda at: at[0], default=(None, None))
        if other and last and registration.first <= last:
            detail = f"begins {registration.first}, while that of {other.first} lasts to {last}"
            yield OddFact(registration.sources[0].event_id, "registrations_overlap", detail)
        own_last = last_day(registration)
        if own_last and (level not in longest or longest[level][0] < own_last):
            longest[level] = own_last, registration


def recorded_last_day(registration: Registration) -> Day | None:
    """Return the last day that is recorded."""
    ended = registration.ended_on and registration.ended_on - ONE_DAY
    return earliest((registration.printed_last, ended))


def sanctioned_certificates(facts: Iterable[Fact], certificates: Iterable[Certificate]) -> Iterator[OddFact]:
    """Yield the sanctions, not lifted since, that name a certificate which stands from their day on, and goes on."""
    terms = [Term(one.on, None, one.withdrawn_on) for one in certificates]
    return _sanctioned(facts, "sanction_names_certificate", CERTIFICATE_IN_TEXTS, terms)


def sanctioned_registrations(
    facts: Iterable[Fact], registrations: Iterable[Registration], last_day: LastDay
) -> Iterator[OddFact]:
    """Yield the sanctions, not lifted since, that name a registration which stands from their day on, and goes on."""
    terms = [Term(one.first, last_day(one), one.ended_on) for one in registrations]
    return _sanctioned(facts, "sanction_names_registration", REGISTRATION_IN_TEXTS, terms)


def _sanctioned(facts: Iterable[Fact], problem: Oddity, name: str, terms: Sequence[Term]) -> Iterator[OddFact]:
    sanctions = [fact for fact in facts if fact.type in SANCTIONS]
    in_force: dict[str, list[OddFact]] = {}
    for fact in sorted(sanctions, key=lambda fact: (fact.occurred_on, fact.position)):
        if isinstance(fact.data, SanctionImposed):
            sanction = folded(fact.data.sanction)
            if name in sanction and _stands_from(fact.occurred_on, terms):
                detail = f"{fact.data.sanction}, imposed on {fact.occurred_on}"
                in_force.setdefault(sanction, []).append(OddFact(fact.event_id, problem, detail))
        elif isinstance(fact.data, SanctionLifted):
            in_force.pop(folded(fact.data.sanction), None)
    return (odd for several in in_force.values() for odd in several)


def _stands_from(day: Day, terms: Iterable[Term]) -> bool:
    """Say whether one of some terms lasts on `day`, and none that had begun was ended on it or later."""
    begun = [term for term in terms if term.first <= day]
    lasting = any(term.ended_on is None and (term.last is None or day <= term.last) for term in begun)
    return lasting and all(term.ended_on is None or term.ended_on < day for term in begun)
