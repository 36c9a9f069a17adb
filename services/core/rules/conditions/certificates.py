"""`holds_certificate` and `recognized`: holds a certificate, or a qualification recognized here instead of one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from contracts.events.values import CertificateLevel, Day, Jurisdiction
from contracts.places import lies_in, stem
from services.core.calendar import AskedDay
from services.core.facts.facts import Certificate, Facts, Recognition, Sources
from services.core.rules.needs import CertificateNeed, ConditionNeed, PlainNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.terms import CertificateTerm
from services.core.rules.verdict import Decision, Reason, Verdict

CERTIFICATE_LEVELS: Sequence[CertificateLevel] = ("basic", "junior", "intermediate", "senior")
"""In ascending order."""
Scope: TypeAlias = Literal["national", "local_here", "local_unsaid"]
"""Valid nationally; locally, and in the place worked in; locally, and no one recorded where (R-35)."""
Obtained: TypeAlias = Literal["in_force", "earlier"]
"""While the text has been in force, or before its first day."""
Span: TypeAlias = tuple[Day, Day | None]
"""The first day on which something is held, and the first on which it no longer is, if any."""
HeldOn: TypeAlias = Callable[[Facts, AskedDay], Sequence[Certificate]]


class HoldsCertificate(Word, frozen=True):
    """Holds a certificate of one of `levels` (R-11), with a `scope` one of that validity, `obtained` at that time."""

    levels: tuple[CertificateLevel, ...] | None = None
    scope: Scope | None = None
    obtained: Obtained | None = None

    def compile(self, context: Context) -> Check:
        held_on, in_time = certificates_held(context, self.levels, self.scope), self._in_time(context)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            of_any_time = held_on(facts, day)
            held = tuple(certificate for certificate in of_any_time if in_time(certificate))
            if held:
                return Verdict("met", None, held[0].sources, held=held)
            if of_any_time:
                return Verdict("not_met", "certificate_of_another_time", of_any_time[0].sources)
            sources, reason = why_none_is_held(facts, day, self.levels, self.scope)
            return Verdict("not_met", reason, sources)

        return check

    def for_review_because(self) -> Decision:
        """Return what a person must decide of a certificate: whether an old one counts, or where a local one holds."""
        if self.obtained == "earlier":
            return "certificate_older_than_the_rule"
        return "place_of_certificate_unsaid" if self.scope == "local_unsaid" else self.FOR_REVIEW

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a certificate of one of the levels; nothing for one that is valid only locally, which nobody should be
        sent for."""
        if self.scope in (None, "national"):
            yield certificate_need(lack.members(), self.levels, self.scope)

    def _in_time(self, context: Context) -> Callable[[Certificate], bool]:
        """Return the function that says whether a certificate was obtained when it should have been."""
        by_issue, wanted = context.term(CertificateTerm).by_issue, self.obtained

        def in_time(certificate: Certificate) -> bool:
            on = obtained_on(certificate, by_issue=by_issue)
            return wanted is None or (wanted == "earlier") == (on < context.first_day)

        return in_time


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
        """Yield a recognition, if there is something to recognize."""
        yield from recognition_needs(lack)


def recognition_needs(lack: Lack) -> Iterator[PlainNeed]:
    """Yield a recognition for whoever has a qualification from elsewhere: declared one, or had it recognized elsewhere.

    Nobody else is told of it.
    """
    day = AskedDay(lack.as_of)
    days = [*(one.on for one in lack.facts.declarations), *(one.on for one in lack.facts.recognitions)]
    if any(map(day.reached, days)):
        yield PlainNeed(code="recognition", **lack.members())


def certificate_need(
    members: Mapping[str, Any], levels: Collection[CertificateLevel] | None, scope: Scope | None
) -> ConditionNeed:
    """Return the need of a certificate of one of the levels, and of which validity.

    No basic one is national, whatever it says: where one will do, it is one that is valid in the place (R-35).
    """
    accepted = tuple(level for level in CERTIFICATE_LEVELS if levels is None or level in levels)
    if scope is None:
        return CertificateNeed(code="certificate", levels=accepted, **members)
    code: Literal["certificate_national", "certificate_valid_here"] = (
        "certificate_valid_here" if "basic" in accepted else "certificate_national"
    )
    return CertificateNeed(code=code, levels=accepted, **members)


def certificates_held(context: Context, levels: Collection[CertificateLevel] | None, scope: Scope | None) -> HeldOn:
    """Return the function that gives the fitting certificates held on a day, the highest first; of equals the first."""
    by_issue = context.term(CertificateTerm).by_issue
    accepted = frozenset(CERTIFICATE_LEVELS if levels is None else levels)

    def held_on(facts: Facts, day: AskedDay) -> Sequence[Certificate]:
        held = [
            certificate
            for certificate in facts.certificates
            if certificate.level in accepted
            and may_be_of(certificate, scope)
            and day.reached(first_day_of(certificate, by_issue=by_issue))
            and not (certificate.withdrawn_on and day.reached(certificate.withdrawn_on))
        ]
        if held and scope == "local_here":
            worked_in = places_worked_in(facts, day, context)
            held = [one for one in held if one.valid_in and any(lies_in(place, one.valid_in) for place in worked_in)]
        if len(held) > 1:
            held.sort(key=lambda certificate: CERTIFICATE_LEVELS.index(certificate.level), reverse=True)
        return held

    return held_on


def spans_held(
    context: Context, levels: Collection[CertificateLevel] | None, scope: Scope | None
) -> Callable[[Facts], Iterator[tuple[CertificateLevel, Span]]]:
    """Return the function that gives the level of each fitting certificate with its days, wherever the person works."""
    by_issue = context.term(CertificateTerm).by_issue
    accepted = frozenset(CERTIFICATE_LEVELS if levels is None else levels)

    def spans(facts: Facts) -> Iterator[tuple[CertificateLevel, Span]]:
        for certificate in facts.certificates:
            if certificate.level in accepted and may_be_of(certificate, scope):
                yield certificate.level, (first_day_of(certificate, by_issue=by_issue), certificate.withdrawn_on)

    return spans


def holds_level_or_higher(context: Context, level: CertificateLevel | None, facts: Facts, as_of: Day) -> bool:
    """Say whether somebody holds a national certificate of this level or of a higher one."""
    if level is None:
        return False
    levels = CERTIFICATE_LEVELS[CERTIFICATE_LEVELS.index(level) :]
    return bool(certificates_held(context, levels, "national")(facts, AskedDay(as_of)))


def may_be_of(certificate: Certificate, scope: Scope | None) -> bool:
    """Say whether a certificate may be of this validity, wherever the person works."""
    match scope:
        case None:
            return True
        case "national":
            return certificate.national
        case "local_here":
            return certificate.valid_in is not None
        case "local_unsaid":
            return not certificate.national and certificate.valid_in is None


def places_worked_in(facts: Facts, day: AskedDay, context: Context) -> Sequence[Jurisdiction]:
    """Return the places of work inside that of the text; without any, the place asked about."""
    reach = stem(context.jurisdiction)
    inside = [
        job for job in facts.employments if job.jurisdiction.startswith(reach) and day.within(job.first, job.last)
    ]
    return [job.jurisdiction for job in inside] or [context.place]


def first_day_of(certificate: Certificate, *, by_issue: bool) -> Day:
    """Return the day from which a certificate counts (R-11)."""
    return (by_issue and certificate.issued_on) or certificate.on


def obtained_on(certificate: Certificate, *, by_issue: bool) -> Day:
    """Return the day on which a certificate was obtained (R-11); of one issued again, the first was."""
    return certificate.held_since_by_issue if by_issue else certificate.held_since


def why_none_is_held(
    facts: Facts, day: AskedDay, levels: Collection[CertificateLevel] | None, scope: Scope | None
) -> tuple[Sources, Reason]:
    """Return why no certificate is held, with the events that say so: those of the one withdrawn last, if any."""
    last: tuple[Day, Sources] | None = None
    for certificate in facts.certificates:
        if (levels is not None and certificate.level not in levels) or not may_be_of(certificate, scope):
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
