"""Hours of training and years of service, counted day by day: a part of the second implementation of the rules.

It imports only the standard library and no code of ours but the second reading itself. If the text leaves a choice it
takes the most literal one, which a comment that begins "Choice" records.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.campaign.life import ONE_DAY, Fact, Life, day_of

Answer = dict[str, Any]

# Choice: days that fill no calendar month of their run are put together, and 31 of them are surely a month.
DAYS_OF_A_MONTH_PUT_TOGETHER = 31
MINUTES_OF_AN_HOUR, MINUTES_OF_A_CLASS_HOUR = 60, 45


def months_later(day: date, months: int) -> date:
    """Return the corresponding day `months` later; without one the end of the month (R-05, N-17)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def months_of_service(life: Life, as_of: date, first: date, last: date) -> int | None:
    """Return the whole months of direct service from `first` to `last`; None without a day of it.

    Employments that begin after `as_of` are left out; one that has not ended goes on to `last`.
    """
    # Choice: any employment with direct service is professional work, whatever the role, and no day counts twice.
    runs: list[tuple[date, date]] = []
    for fact, begun, ended in sorted(life.employments, key=lambda each: each[1]):
        begun, ended = max(begun, first), min(ended, last)
        if not fact.data["direct_service"] or fact.day > as_of or ended < begun:
            continue
        if runs and begun <= runs[-1][1] + ONE_DAY:
            runs[-1] = (runs[-1][0], max(runs[-1][1], ended))
        else:
            runs.append((begun, ended))
    months, days = 0, 0
    for begun, ended in runs:
        whole = 0
        while months_later(begun, whole + 1) <= ended + ONE_DAY:
            whole += 1
        months += whole
        days += (ended + ONE_DAY - months_later(begun, whole)).days
    return months + days // DAYS_OF_A_MONTH_PUT_TOGETHER if runs else None


def hours(
    life: Life, as_of: date, first: date, last: date, unit: str, required: int | None, extra: Sequence[tuple[date, int]]
) -> Answer:
    """Return how the training from `first` to `last` compares with `required` of `unit`.

    `extra` are lump sums with their days. Without a figure to reach every sum reaches it.
    """
    otherwise = life.otherwise
    until = min(as_of, last)
    counted = [(day, Fraction(amount)) for day, amount in extra if first <= day <= until]
    reasons = {fact.event_id: "voided" for fact in life.voided_facts if fact.type == "training.completed"}
    convertible, days_seen = Fraction(0), False
    earlier: list[Fact] = []
    for fact in life.of("training.completed"):
        within = [(day, amount) for day, amount in _parts(fact, otherwise) if first <= day <= until]
        if otherwise != "R-10 each" and (fact.event_id in life.told_again or _told_before(fact, earlier, otherwise)):
            reasons[fact.event_id] = "duplicate"
        elif not within:
            reasons[fact.event_id] = "outside_window"
        elif otherwise != "R-09" and not any(topic.startswith("sw_") for topic in fact.data["subjects"]):
            reasons[fact.event_id] = "not_professional_subject"
        elif fact.data["unit"] != unit:
            reasons[fact.event_id] = "unit_not_convertible"
            days_seen = days_seen or fact.data["unit"] == "day"
            if fact.data["unit"] != "day":
                convertible += sum(amount for _, amount in within)
        else:
            # Choice: a training of which some sessions count is counted, and has no reason.
            counted += within
        earlier.append(fact)
    total = sum((amount for _, amount in counted), Fraction(0))
    met_on, running = None, Fraction(0)
    for day, amount in sorted(counted):
        running += amount
        if required is not None and met_on is None and running >= required:
            met_on = day.isoformat()
    # one to one, or 45 minutes to a class hour.
    shorter = Fraction(MINUTES_OF_A_CLASS_HOUR, MINUTES_OF_AN_HOUR)
    factors = {"R-07 alike": Fraction(1), "R-07 minutes": 1 / shorter if unit == "class_hour" else shorter}
    if otherwise in factors:
        # The factor is known then, so nothing is open but training in days.
        total += convertible * factors[otherwise]
        factors = {}
    if required is None or total >= required:
        status = "met"
    elif days_seen or any(total + convertible * factor >= required for factor in factors.values()):
        status = "needs_review"
    else:
        status = "pending" if as_of < last else "not_met"
    return {
        "status": status,
        "result": {
            "counted_hours": total,
            "required_hours": required,
            "shortfall_hours": None if required is None else max(Fraction(0), required - total),
            "window": {"from": first.isoformat(), "until": last.isoformat()},
            "met_on": met_on,
            "not_counted": [{"event_id": id_, "reason": reason} for id_, reason in sorted(reasons.items())],
        },
    }


def _parts(training: Fact, otherwise: str | None) -> list[tuple[date, Fraction]]:
    """R-08: by session, else all on the day of completion, or as much on every day."""
    data = training.data
    if "sessions" in data:
        return [(day_of(session["day"]), Fraction(session["amount"])) for session in data["sessions"]]
    amount = Fraction(data["amount"])
    if otherwise != "R-08" or "started_on" not in data:
        return [(training.day, amount)]
    started_on = day_of(data["started_on"])
    days = (training.day - started_on).days + 1
    return [(started_on + ONE_DAY * number, amount / days) for number in range(days)]


def _told_before(training: Fact, earlier: Iterable[Fact], otherwise: str | None) -> bool:
    """R-10: whether one recorded before it is the same one; or one that looks like it is too."""
    same = any(_identity(training) == _identity(one) for one in earlier)
    return same or (otherwise == "R-10 alike" and any(_looks_like(training, one) for one in earlier))


def _identity(training: Fact) -> tuple[Any, ...]:
    """Return what two reports of one training share (R-10); texts are compared folded (§3)."""
    data = training.folded
    if "proof_no" in data:
        return "proof", data.get("provider"), data["proof_no"]
    # Choice: the dates are all that are told, sessions included; amounts agree as numbers and subjects as a set.
    return (
        "like",
        data.get("provider"),
        data.get("course"),
        data.get("started_on"),
        training.day,
        tuple(session["day"] for session in data.get("sessions", ())),
        Decimal(data["amount"]),
        data["unit"],
        frozenset(data["subjects"]),
    )


def _looks_like(one: Fact, other: Fact) -> bool:
    """Whether two reports may be of one training, as those that A29 of the findings names may.

    They are the same number under two providers; or one amount of one day, of which only one has a number or tells
    more than the other; or one course under two providers, neither with a number.
    """
    this, that = one.folded, other.folded

    def differ(*names: str) -> bool:
        """Whether both tell something, and not the same."""
        return any(name in this and name in that and this[name] != that[name] for name in names)

    if "proof_no" in this and "proof_no" in that:
        # Choice: what the same number says besides may differ, as it may under one provider.
        return bool(this["proof_no"] == that["proof_no"])
    amounts = Decimal(this["amount"]) == Decimal(that["amount"]) and this["unit"] == that["unit"]
    if one.day != other.day or not amounts or set(this["subjects"]) != set(that["subjects"]):
        return False
    if differ("course", "started_on", "sessions"):
        return False
    # Choice: without a course in common, or with a number of one of them, two providers are two trainings.
    one_course = "course" in this and "course" in that and "proof_no" not in {*this, *that}
    return one_course or not differ("provider")
