"""`registered`: has a registration in force."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from contracts.events.values import Day
from services.core.calendar import ONE_DAY, AskedDay, add_months
from services.core.facts.facts import Facts, Registration
from services.core.rules.needs import ConditionNeed, RegistrationNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.terms import Calendar, RegistrationTerm, Renewal
from services.core.rules.verdict import Verdict

LastDay: TypeAlias = Callable[[Registration], Day]


class Registered(Word, frozen=True):
    """Has a registration in force (R-12)."""

    def compile(self, context: Context) -> Check:
        granted = last_granted_day(context)
        context.term(Renewal)  # Advice tells when to renew: a rule that could not is refused when it is compiled.

        def check(facts: Facts, day: AskedDay) -> Verdict:
            on_day = registration_on(facts, day, granted)
            if on_day.current:
                return Verdict("met", None, on_day.current.sources)
            if on_day.latest:
                return Verdict("not_met", "registration_lapsed", on_day.latest.sources)
            return Verdict("not_met", "no_registration")

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a registration."""
        yield registration_need(lack)


class RegistrationOn(Struct, frozen=True):
    """The registration in force on a day, and the one that lasts longest among those that have begun."""

    current: Registration | None
    latest: Registration | None


def registration_on(facts: Facts, day: AskedDay, granted: LastDay) -> RegistrationOn:
    """Return the registration in force. Among several, or lasting equally long, it is the one that began last."""
    begun = [registration for registration in facts.registrations if day.reached(registration.first)]
    # A registration that was ended on its first day never held; it is named only if there is no other.
    begun = [registration for registration in begun if registration.ever_held] or begun
    current = latest = longest = None
    for registration in begun:
        last = last_registered_day(registration, day, granted)
        if not day.reached(last + ONE_DAY):
            current = registration
        if longest is None or last >= longest:
            latest, longest = registration, last
    return RegistrationOn(current, latest)


def registration_need(lack: Lack) -> ConditionNeed:
    """Return the need of a registration, with the days on which the last one ended and would have ended."""
    granted = last_granted_day(lack.context)
    on_day = registration_on(lack.facts, AskedDay(lack.as_of), granted)
    begun = on_day.latest
    if on_day.current is not None or begun is None:
        return RegistrationNeed(code="registration", **lack.members())
    as_granted, last = granted(begun), last_held_day(begun, granted)
    if begun.ended_on is None or last == as_granted:
        return RegistrationNeed(code="registration_lapsed", held_until=last, **lack.members())
    # On the day on which a registration ends no registration holds, not even a new one.
    members = {**lack.members(), "from_": max(begun.ended_on + ONE_DAY, lack.as_of)}
    return RegistrationNeed(
        code="registration_ended", held_until=last, ended_on=begun.ended_on, granted_until=as_granted, **members
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
