"""Where a person belongs on a day. Pure."""

from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.facts.facts import Facts


def place_on(facts: Facts, day: Day, otherwise: str) -> str:
    """Return the place of the latest non-concurrent employment on the day, else of enrolment, else `otherwise`."""
    for job in reversed(facts.employments):
        if not job.concurrent and job.holds_on(day):
            return job.jurisdiction
    for enrolment in reversed(facts.enrolments):
        if enrolment.jurisdiction is not None and enrolment.on <= day:
            return enrolment.jurisdiction
    return otherwise


def place_until(facts: Facts, day: Day, otherwise: str) -> Day | None:
    """Return the last day on which the person's place is that of `day`; None where it never changes."""
    here = place_on(facts, day, otherwise)
    turns = {enrolment.on for enrolment in facts.enrolments}
    for job in facts.employments:
        turns |= {job.first} if job.last is None else {job.first, job.last + ONE_DAY}
    move = next((turn for turn in sorted(turns) if turn > day and place_on(facts, turn, otherwise) != here), None)
    return None if move is None else move - ONE_DAY
