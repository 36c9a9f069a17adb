"""The place to which a person belongs on a day. Pure."""

from contracts.events.values import Day
from services.core.calendar import AskedDay, last_day_of_run
from services.core.facts.facts import Facts


def place_on(facts: Facts, day: Day, otherwise: str) -> str:
    """Return the place of the latest non-concurrent employment on `day`, or of enrolment, or else `otherwise`."""
    return _place(facts, AskedDay(day), otherwise)


def place_until(facts: Facts, day: Day, otherwise: str) -> Day | None:
    """Return the last day on which the person's place is still that of `day`; None if it never changes."""
    return last_day_of_run(lambda at: _place(facts, at, otherwise), day)


def _place(facts: Facts, day: AskedDay, otherwise: str) -> str:
    for job in reversed(facts.employments):
        if not job.concurrent and day.within(job.first, job.last):
            return job.jurisdiction
    for enrolment in reversed(facts.enrolments):
        if enrolment.jurisdiction is not None and day.reached(enrolment.on):
            return enrolment.jurisdiction
    return otherwise
