"""Certificates, registrations and supervisor designations, each with its end. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from contracts.events.catalogue import (
    CertificateObtained,
    CertificateWithdrawn,
    RegistrationEnded,
    RegistrationGranted,
    SupervisorDesignated,
    SupervisorEnded,
)
from contracts.events.facts import Fact
from services.core.facts.facts import Certificate, Registration, Supervision
from services.core.facts.optional import known


def certificates_of(
    obtained: Iterable[tuple[Fact, CertificateObtained]], withdrawn: Sequence[tuple[Fact, CertificateWithdrawn]]
) -> tuple[Certificate, ...]:
    """Return the certificates. A withdrawal ends every one of its level obtained up to and including its day."""
    certificates = []
    for fact, data in obtained:
        taken = next(
            (w for w, what in withdrawn if what.level == data.level and w.occurred_on >= fact.occurred_on), None
        )
        certificates.append(
            Certificate(
                level=data.level,
                national=data.scope == "national",
                on=fact.occurred_on,
                issued_on=known(data.issued_on),
                withdrawn_on=taken.occurred_on if taken else None,
                sources=fact.evidence + (taken.evidence if taken else ()),
            )
        )
    return tuple(certificates)


def registrations_of(
    granted: Iterable[tuple[Fact, RegistrationGranted]], ended: Sequence[tuple[Fact, RegistrationEnded]]
) -> tuple[Registration, ...]:
    """Return the registrations. An end ends every one that has begun on or before its day."""
    registrations = []
    for fact, data in granted:
        end = next((e for e, _ in ended if e.occurred_on >= data.valid_from), None)
        registrations.append(
            Registration(
                first=data.valid_from,
                printed_last=known(data.valid_until),
                ended_on=end.occurred_on if end else None,
                sources=fact.evidence + (end.evidence if end else ()),
            )
        )
    return tuple(sorted(registrations, key=lambda registration: registration.first))


def supervisions_of(
    designated: Iterable[tuple[Fact, SupervisorDesignated]], ended: Sequence[tuple[Fact, SupervisorEnded]]
) -> tuple[Supervision, ...]:
    """Return the designations. An end ends every one made on or before its last day."""
    supervisions = []
    for fact, data in designated:
        ends = [(end.last_day, end_fact) for end_fact, end in ended if end.last_day >= fact.occurred_on]
        if isinstance(data.last_day, date):
            ends.append((data.last_day, fact))
        last, because = min(ends, key=lambda end: end[0], default=(None, None))
        extra = because.evidence if because and because is not fact else ()
        supervisions.append(Supervision(data.rank, fact.occurred_on, last, fact.evidence + extra))
    return tuple(supervisions)
