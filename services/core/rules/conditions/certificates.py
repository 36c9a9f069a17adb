"""`holds_certificate` and `recognized`: holds a certificate, or a qualification recognized here instead of one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from contracts.events.values import CertificateLevel, Day
from contracts.places import lies_in
from services.core.calendar import AskedDay
from services.core.facts.facts import Certificate, Facts, Recognition, Sources
from services.core.rules.needs import CertificateNeed, ConditionNeed, PlainNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.terms import CertificateTerm
from services.core.rules.verdict import Reason, Verdict

CERTIFICATE_LEVELS: Sequence[CertificateLevel] = ("basic", "junior", "intermediate", "senior")
"""In ascending order."""
Scope: TypeAlias = Literal["national"]
HeldOn: TypeAlias = Callable[[Facts, AskedDay], Sequence[Certificate]]


class HoldsCertificate(Word, frozen=True):
    """Holds a certificate of one of `levels`, and with a `scope` one that is valid there (R-11)."""

    levels: tuple[CertificateLevel, ...] | None = None
    scope: Scope | None = None

    def compile(self, context: Context) -> Check:
        held_on = certificates_held(context, self.levels, self.scope)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            held = held_on(facts, day)
            if held:
                return Verdict("met", None, held[0].sources, held=tuple(held))
            sources, reason = why_none_is_held(facts, day, self.levels, self.scope)
            return Verdict("not_met", reason, sources)

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a certificate of one of the levels."""
        yield certificate_need(lack.members(), self.levels, self.scope)


class Recognized(Word, frozen=True):
    """Holds a qualification from elsewhere, recognized in the place asked about or where the person works inside it."""

    FOR_REVIEW: ClassVar = "recognized_not_by_exam"
    levels: tuple[CertificateLevel, ...] | None = None

    def compile(self, context: Context) -> Check:
        levels = self.levels or CERTIFICATE_LEVELS

        def check(facts: Facts, day: AskedDay) -> Verdict:
            best = best_recognition(facts, day, context, levels)
            if best is None:
                return Verdict("not_met", "not_recognized_here")
            return Verdict("met", None, best.sources, held=(best,))

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a recognition."""
        yield PlainNeed(code="recognition", **lack.members())


def certificate_need(
    members: Mapping[str, Any], levels: Collection[CertificateLevel] | None, scope: Scope | None
) -> ConditionNeed:
    """Return the need of a certificate of one of the levels."""
    accepted = tuple(level for level in CERTIFICATE_LEVELS if levels is None or level in levels)
    return CertificateNeed(code="certificate" if scope is None else "certificate_national", levels=accepted, **members)


def certificates_held(context: Context, levels: Collection[CertificateLevel] | None, scope: Scope | None) -> HeldOn:
    """Return the function that gives the fitting certificates held on a day, the highest first; of equals the first."""
    by_issue = context.term(CertificateTerm).counts_from == "issue"
    accepted = frozenset(CERTIFICATE_LEVELS if levels is None else levels)

    def held_on(facts: Facts, day: AskedDay) -> Sequence[Certificate]:
        held = [
            certificate
            for certificate in facts.certificates
            if certificate.level in accepted
            and (certificate.national or scope is None)
            and day.reached((by_issue and certificate.issued_on) or certificate.on)
            and not (certificate.withdrawn_on and day.reached(certificate.withdrawn_on))
        ]
        if len(held) > 1:
            held.sort(key=lambda certificate: CERTIFICATE_LEVELS.index(certificate.level), reverse=True)
        return held

    return held_on


def why_none_is_held(
    facts: Facts, day: AskedDay, levels: Collection[CertificateLevel] | None, scope: Scope | None
) -> tuple[Sources, Reason]:
    """Return why no certificate is held, with the events that say so: those of the one withdrawn last, if any."""
    last: tuple[Day, Sources] | None = None
    for certificate in facts.certificates:
        if (levels is not None and certificate.level not in levels) or not (certificate.national or scope is None):
            continue
        withdrawn_on = certificate.withdrawn_on
        if withdrawn_on and day.reached(withdrawn_on) and (last is None or withdrawn_on > last[0]):
            last = withdrawn_on, certificate.sources
    return (last[1], "certificate_withdrawn") if last else ((), "no_certificate")


def best_recognition(
    facts: Facts, day: AskedDay, context: Context, levels: Collection[CertificateLevel]
) -> Recognition | None:
    """Return the highest qualification recognized in the place asked about, or where the person works inside it."""
    of_level = [recognition for recognition in facts.recognitions if recognition.level in levels]
    if not of_level:
        return None
    inside = [job for job in facts.employments if lies_in(job.jurisdiction, context.place)]
    places = [context.place, *(job.jurisdiction for job in inside if day.within(job.first, job.last))]
    held = [
        recognition
        for recognition in of_level
        if any(lies_in(place, recognition.scope) for place in places) and day.reached(recognition.on)
    ]
    return max(held, key=lambda recognition: CERTIFICATE_LEVELS.index(recognition.level), default=None)
