"""`registered`: has a registration in force."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

from contracts.events.values import Day, ExamLevel
from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.facts.facts import Certificate, Facts, Recognition, Registration
from services.core.rules.conditions.certificates import CERTIFICATE_LEVELS, certificate_need, obtained_on
from services.core.rules.needs import ConditionNeed, RegistrationNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.terms import Calendar, CertificateTerm, FirstRegistration, RegistrationTerm, Renewal
from services.core.rules.verdict import Reason, Verdict

LastDay: TypeAlias = Callable[[Registration], Day]
Held: TypeAlias = Certificate | Recognition
Covers: TypeAlias = Callable[[Registration, Held], bool]


class Registered(Word, frozen=True):
    """Has a registration in force (R-12).

    With `covers`, it gives those of the certificates that this part gives which a registration in force covers. If
    certificates are held and none is covered, a person must look; if none is held, any registration will do. A
    registration covers, as `covering` says, every certificate, or that of the level that it names or, if it names none,
    those obtained by its first day, and always a basic one (R-34).
    """

    covers: str | None = None
    covering: Literal["its_level_or_earlier", "every_certificate"] | None = None

    def compile(self, context: Context) -> Check:
        granted = last_granted_day(context)
        context.term(Renewal)  # Advice tells when to renew: a rule that could not is refused when it is compiled.
        certificates = context.sibling(self.covers) if self.covers is not None else None
        covers = _coverage(context, every=self.covering != "its_level_or_earlier") if certificates else None

        def check(facts: Facts, day: AskedDay) -> Verdict:
            on_day = registration_on(facts, day, granted)
            if on_day.current:
                if certificates and covers and (held := certificates(facts, day).held):
                    return _covered(on_day.in_force, held, covers)
                return Verdict("met", None, on_day.current.sources)
            if on_day.latest:
                return Verdict("not_met", why_over(on_day.latest, granted), on_day.latest.sources)
            return Verdict("not_met", "no_registration")

        return check

    @property
    def about(self) -> str | None:
        return self.covers

    def needs(self, lack: Lack, verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a registration; nothing where there is one, and a person must look whether it is of the certificate."""
        if verdict.status == "not_met":
            yield from needs(lack)


def _coverage(context: Context, *, every: bool) -> Covers:
    """Return the function that says whether a registration covers a certificate."""
    by_issue = context.term(CertificateTerm).by_issue

    def covers(registration: Registration, held: Held) -> bool:
        if every or held.level == "basic":
            return True
        if registration.level is not None:
            return registration.level == held.level
        on = held.on if isinstance(held, Recognition) else obtained_on(held, by_issue=by_issue)
        return on <= registration.first

    return covers


def _covered(in_force: Sequence[Registration], held: tuple[Held, ...], covers: Covers) -> Verdict:
    """Return the verdict on registrations in force and the certificates held, the highest first.

    It rests on the registration begun last that covers the highest certificate covered, and on that certificate.
    """
    covered = tuple(one for one in held if any(covers(registration, one) for registration in in_force))
    if not covered:
        of_all = tuple(source for registration in in_force for source in registration.sources)
        return Verdict("needs_review", "certificate_not_registered", of_all)
    highest = covered[0]
    registration = next(registration for registration in reversed(in_force) if covers(registration, highest))
    own = () if highest is held[0] else highest.sources  # The part that gives the certificates names the highest.
    return Verdict("met", None, registration.sources + own, held=covered)


class RegistrationOn(Struct, frozen=True):
    """The registrations in force on a day, in order of their first days, and the one that lasts longest among those
    that have begun."""

    in_force: tuple[Registration, ...]
    latest: Registration | None

    @property
    def current(self) -> Registration | None:
        """The one in force. Among several, it is the one that began last."""
        return self.in_force[-1] if self.in_force else None


def registration_on(facts: Facts, day: AskedDay, granted: LastDay) -> RegistrationOn:
    """Return the registrations in force. Among those that last equally long, the latest is the one that began last."""
    begun = [registration for registration in facts.registrations if day.reached(registration.first)]
    in_force: list[Registration] = []
    latest = longest = None
    for registration in begun:
        last = last_registered_day(registration, day, granted)
        if not day.reached(last + ONE_DAY):
            in_force.append(registration)
        if longest is None or last >= longest:
            latest, longest = registration, last
    return RegistrationOn(tuple(in_force), latest)


def why_over(registration: Registration, granted: LastDay) -> Reason:
    """Return why a registration no longer holds: it was ended before its last day, or that day has passed."""
    if registration.ended_on is None or registration.ended_on > granted(registration):
        return "registration_lapsed"
    return OF_ENDING.get(registration.ending, "registration_lapsed")


OF_ENDING: Mapping[str | None, Reason] = {"cancelled": "registration_cancelled", "refused": "registration_refused"}


def needs(lack: Lack, to_ask: str | None = None) -> Iterator[ConditionNeed]:
    """Yield what leads to a registration, by a step that is open to the person on the day (N-07).

    That is a certificate, or the first registration of one, while it can be applied for. Afterwards, and where no text
    says how a certificate is registered, only the registrar can tell; such a need is named `to_ask`. Where a
    registration is in force, or begins later, nothing else is needed.
    """
    facts, day, granted = lack.facts, AskedDay(lack.as_of), last_granted_day(lack.context)
    registrations = _ever_held(facts, granted)
    to_come = any(not day.reached(registration.first) for registration in registrations)
    held = approved_certificates(facts, day)
    if not held:
        if not to_come:
            yield certificate_need({**lack.members(), "need": "certificate"}, get_args(ExamLevel), "national")
        return
    on_day = registration_on(facts, day, granted)
    covers = _coverage(lack.context, every=False)
    unregistered = [one for one in held if one.national and not _any_covers(registrations, one, covers)]
    asking = {**lack.members(), "need": to_ask or lack.need}
    last_to_apply = last_day_to_apply(lack.context, unregistered)
    if last_to_apply and not day.reached(last_to_apply + ONE_DAY):
        yield RegistrationNeed(code="registration_by", until=last_to_apply, **lack.members())
    elif on_day.current or to_come:
        return
    elif on_day.latest:
        yield _ask_after(on_day.latest, granted, asking)
    elif last_to_apply:
        yield RegistrationNeed(code="registration_late", until=last_to_apply, **asking)
    elif unregistered:
        yield RegistrationNeed(code="registration", **lack.members())
    else:
        yield RegistrationNeed(code="registration_unsaid", **asking)


def last_day_to_apply(context: Context, unregistered: Sequence[Certificate]) -> Day | None:
    """Return the last day on which the first registration of any of the certificates can be applied for (R-40).

    None if there is none, or no text of the place says until when.
    """
    term = context.terms.known(FirstRegistration)
    if term is None or not unregistered:
        return None
    by_issue, round_up = term.counted_from == "issue", context.term(Calendar).round_up
    days = [obtained_on(certificate, by_issue=by_issue) for certificate in unregistered]
    return add_months(max(days), term.within_months, round_up=round_up)


class Higher(Struct, frozen=True):
    """A certificate higher than any that is registered, and the last day on which its first registration can be applied
    for, if the text says so. None of it can any more if `over`: that day has passed, or it was registered before."""

    certificate: Certificate
    last_to_apply: Day | None
    over: bool


def highest_unregistered(context: Context, facts: Facts, day: AskedDay) -> Higher | None:
    """Return the highest national certificate that no registration in force on the day is of, nor one to come (R-34).

    One that can still be registered goes before those that cannot. None unless a registration is in force, nor where
    all that are held are as high as the highest registered one. If none held is registered, one that can no longer be
    is not returned while it is open what a registration is of: not where all that they are of is gone.
    """
    covers, granted = _coverage(context, every=False), last_granted_day(context)
    in_force = registration_on(facts, day, granted).in_force
    if not in_force:
        return None
    registrations = _ever_held(facts, granted)
    to_come = [registration for registration in registrations if not day.reached(registration.first)]
    held = approved_certificates(facts, day)
    of_held = [rank(one) for one in held if _any_covers(in_force, one, covers)]
    higher = [
        _higher(context, one, day, before=_any_covers(registrations, one, covers))
        for one in sorted(held, key=rank, reverse=True)
        if one.national and rank(one) > max(of_held, default=-1) and not _any_covers(to_come, one, covers)
    ]
    open_ones = [one for one in higher if not one.over]
    is_known = bool(of_held) or all(is_of_gone(one, facts, day, context) for one in in_force)
    return next(iter(open_ones or (higher if is_known else ())), None)


def _ever_held(facts: Facts, granted: LastDay) -> Sequence[Registration]:
    """Return the registrations that hold on some day: one that ends before it begins registers nothing."""
    return [one for one in facts.registrations if one.first <= last_held_day(one, granted)]


def _higher(context: Context, certificate: Certificate, day: AskedDay, *, before: bool) -> Higher:
    last_to_apply = last_day_to_apply(context, [certificate])
    over = before or (last_to_apply is not None and day.reached(last_to_apply + ONE_DAY))
    return Higher(certificate, last_to_apply, over)


def rank(certificate: Certificate) -> int:
    """Return how high the level of a certificate is among the levels; 0 for the lowest."""
    return CERTIFICATE_LEVELS.index(certificate.level)


def approved_certificates(facts: Facts, day: AskedDay) -> Sequence[Certificate]:
    """Return the certificates, of any level and scope, that are held from their day of approval on."""
    approved = (certificate for certificate in facts.certificates if day.reached(certificate.on))
    return [certificate for certificate in approved if not _is_gone(certificate, day)]


def _is_gone(certificate: Certificate, day: AskedDay) -> bool:
    return certificate.withdrawn_on is not None and day.reached(certificate.withdrawn_on)


def is_of_gone(registration: Registration, facts: Facts, day: AskedDay, context: Context) -> bool:
    """Say whether a registration is of certificates on record, all of which are withdrawn by the day (R-34).

    That a basic one is, which any registration covers, tells nothing of a registration that names another level.
    """
    approved = [certificate for certificate in facts.certificates if day.reached(certificate.on)]
    of_it = covered_by([registration], approved, context)
    is_known = any(registration.level in (None, certificate.level) for certificate in of_it)
    return is_known and all(_is_gone(certificate, day) for certificate in of_it)


def covered_by(
    registrations: Sequence[Registration], certificates: Sequence[Certificate], context: Context
) -> Sequence[Certificate]:
    """Return those of the certificates that any of the registrations is of (R-34)."""
    covers = _coverage(context, every=False)
    return [certificate for certificate in certificates if _any_covers(registrations, certificate, covers)]


def _any_covers(registrations: Sequence[Registration], certificate: Certificate, covers: Covers) -> bool:
    return any(covers(registration, certificate) for registration in registrations)


def _ask_after(over: Registration, granted: LastDay, members: Mapping[str, Any]) -> ConditionNeed:
    """Return the need to ask the registrar, whether there is a way back to a registration that is over."""
    reason, held_until = why_over(over, granted), last_held_day(over, granted)
    if reason not in ("registration_cancelled", "registration_refused") or over.ended_on is None:
        return RegistrationNeed(code="registration_lapsed", held_until=held_until, **members)
    return RegistrationNeed(
        code=reason, held_until=held_until, ended_on=over.ended_on, granted_until=granted(over), **members
    )


def last_held_day(registration: Registration, granted: LastDay) -> Day:
    """Return the last day on which a registration holds: as granted, or the day before it ended early."""
    last = granted(registration)
    return last if registration.ended_on is None else min(last, registration.ended_on - ONE_DAY)


def last_granted_day(context: Context) -> LastDay:
    """Return the function that gives the last day as granted: the printed one, or else the corresponding day (R-12)."""
    term, round_up = context.term(RegistrationTerm), context.term(Calendar).round_up

    def last_day(registration: Registration) -> Day:
        if registration.printed_last is not None:
            return registration.printed_last
        last = add_months(registration.first, term.months, round_up=round_up)
        return last - ONE_DAY if term.last_day == "day_before" else last

    return last_day


def last_registered_day(registration: Registration, day: AskedDay, granted: LastDay) -> Day:
    """Return the last valid day: as granted, or if it has ended by `day`, the day before its end."""
    last = granted(registration)
    if registration.ended_on is not None and day.reached(registration.ended_on):
        return min(last, registration.ended_on - ONE_DAY)
    return last
