"""Certificates, registrations, reviews and supervisor designations, each with its end. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from contracts.events.catalogue import (
    CertificateObtained,
    CertificateWithdrawn,
    RegistrationEnded,
    RegistrationGranted,
    SeniorReviewApplied,
    SeniorReviewDecided,
    SupervisorDesignated,
    SupervisorEnded,
)
from contracts.events.facts import Fact
from contracts.events.values import Day
from services.core.facts.ends import Begun, End, ends_of, first_of, from_its_day_on, through
from services.core.facts.facts import Certificate, Registration, SeniorReview, Sources, Supervision
from services.core.facts.optional import known

CountsFrom: TypeAlias = Callable[[Fact, CertificateObtained], Day]


class FirstHeld(Struct, frozen=True):
    """The day since which a certificate is held without a break, and what tells of the first one."""

    since: Day
    fact: Fact


def certificates_of(
    obtained: Sequence[tuple[Fact, CertificateObtained]], withdrawn: Iterable[tuple[Fact, CertificateWithdrawn]]
) -> tuple[Certificate, ...]:
    """Return the certificates. A withdrawal takes those of its level."""
    taken = _withdrawn(obtained, withdrawn)
    gone_on = {event_id: end.day for event_id, end in taken.items()}
    by_approval = _first_held(obtained, gone_on, lambda fact, _: fact.occurred_on)
    by_issue = _first_held(obtained, gone_on, lambda fact, data: known(data.issued_on) or fact.occurred_on)
    certificates = []
    for fact, data in obtained:
        end, first = taken.get(fact.event_id), by_approval[fact.event_id]
        certificates.append(
            Certificate(
                level=data.level,
                national=data.scope == "national",
                valid_in=known(data.valid_in),
                on=fact.occurred_on,
                issued_on=known(data.issued_on),
                withdrawn_on=end.day if end else None,
                held_since=first.since,
                held_since_by_issue=by_issue[fact.event_id].since,
                sources=fact.evidence + _evidence(end) + (() if first.fact is fact else first.fact.evidence),
            )
        )
    return tuple(certificates)


def _first_held(
    obtained: Iterable[tuple[Fact, CertificateObtained]], gone_on: Mapping[str, Day], counts_from: CountsFrom
) -> Mapping[str, FirstHeld]:
    """Return since when each certificate is held without a break, by its event id.

    It is the first day of the one that was withdrawn on the very day on which it was obtained, if that was one of the
    same level and validity: it was issued again, and not given for a second time.
    """
    found: dict[str, FirstHeld] = {}
    replaced: dict[object, FirstHeld] = {}
    for first, fact, data in sorted(((counts_from(*one), *one) for one in obtained), key=lambda one: one[0]):
        kind = data.level, data.scope, known(data.valid_in)
        found[fact.event_id] = held = replaced.get((*kind, first), FirstHeld(first, fact))
        gone = gone_on.get(fact.event_id)
        if gone is not None and first < gone:
            replaced[*kind, gone] = min(replaced.get((*kind, gone), held), held, key=lambda one: one.since)
    return found


def _withdrawn(
    obtained: Sequence[tuple[Fact, CertificateObtained]], withdrawn: Iterable[tuple[Fact, CertificateWithdrawn]]
) -> dict[str, End]:
    """Return what withdraws each certificate, by the event id of the certificate."""
    by_level: dict[str, list[End]] = {}
    for fact, what in withdrawn:
        by_level.setdefault(what.level, []).append(from_its_day_on(fact))
    taken = {}
    for level, ends in by_level.items():
        held = [fact for fact, data in obtained if data.level == level]
        of_level = zip(held, ends_of([Begun(fact.occurred_on) for fact in held], ends), strict=True)
        taken.update({fact.event_id: end for fact, end in of_level if end})
    return taken


def registrations_of(
    granted: Sequence[tuple[Fact, RegistrationGranted]], ended: Iterable[tuple[Fact, RegistrationEnded]]
) -> tuple[Registration, ...]:
    """Return the registrations, in order of their first day."""
    reasons = {fact.event_id: why.reason for fact, why in ended}
    begun = [Begun(data.valid_from, known(data.valid_until)) for _, data in granted]
    ends = ends_of(begun, [from_its_day_on(fact) for fact, _ in ended])
    registrations = [
        Registration(
            first=data.valid_from,
            printed_last=known(data.valid_until),
            ended_on=end.day if end else None,
            level=known(data.level),
            ending=reasons[end.fact.event_id] if end else None,
            sources=fact.evidence + _evidence(end),
        )
        for (fact, data), end in zip(granted, ends, strict=True)
    ]
    return tuple(sorted(registrations, key=lambda registration: registration.first))


def senior_reviews_of(
    applied: Iterable[tuple[Fact, SeniorReviewApplied]], decided: Iterable[tuple[Fact, SeniorReviewDecided]]
) -> tuple[SeniorReview, ...]:
    """Return the reviews in order of the day of application.

    A decision is of the application made on its `applied_on`; one without a recorded application tells of it by that
    day alone (R-39). One that comes to the same result on a later day says again what was decided; one that comes to
    the other is kept beside it.
    """
    applications: dict[Day, Sources] = {fact.occurred_on: fact.evidence for fact, _ in applied}
    first_decided: dict[tuple[Day, bool], Fact] = {}
    for fact, data in decided:
        first_decided.setdefault((data.applied_on, data.result == "pass"), fact)
    reviews = [
        SeniorReview(applied_on, fact.occurred_on, passed, applications.get(applied_on, ()) + fact.evidence)
        for (applied_on, passed), fact in first_decided.items()
    ]
    settled = {review.applied_on for review in reviews}
    reviews += [SeniorReview(day, None, None, sources) for day, sources in applications.items() if day not in settled]
    return tuple(sorted(reviews, key=lambda review: review.applied_on))


def supervisions_of(
    designated: Sequence[tuple[Fact, SupervisorDesignated]], ended: Iterable[tuple[Fact, SupervisorEnded]]
) -> tuple[Supervision, ...]:
    """Return the designations, each up to its own last day or the end that takes it before."""
    own = [through(data.last_day, fact) if isinstance(data.last_day, date) else None for fact, data in designated]
    begun = [
        Begun(fact.occurred_on, last.last if last else None) for (fact, _), last in zip(designated, own, strict=True)
    ]
    taken = ends_of(begun, [through(end.last_day, fact) for fact, end in ended])
    supervisions = []
    for (fact, data), *ends in zip(designated, taken, own, strict=True):
        end = first_of(ends)
        supervisions.append(
            Supervision(
                rank=data.rank,
                jurisdiction=known(data.jurisdiction),
                first=fact.occurred_on,
                last=end.last if end else None,
                sources=fact.evidence + (_evidence(end) if end and end.fact is not fact else ()),
            )
        )
    return tuple(supervisions)


def _evidence(end: End | None) -> Sources:
    return end.fact.evidence if end else ()
