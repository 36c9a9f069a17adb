"""What an asked day knows of how long an answer stands, against asking day by day."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.core.calendar import AskedDay, add_months, first_day_of_run, last_day_of_run, leaving_day_after

ONE_DAY = timedelta(days=1)
FIRST = date(2024, 1, 1)
HORIZON = 60
SPAN = [FIRST + n * ONE_DAY for n in range(HORIZON)]
SOME_DAYS = st.lists(st.sampled_from(SPAN), max_size=12)
DAYS_OF_LEAP_YEARS = st.dates(date(2015, 1, 1), date(2033, 12, 31))

State = Callable[[AskedDay], object]


def stands_as_told(state: State) -> None:
    """Assert that each day has the same state as all days up to its `until` and back to the last turn before it."""
    asked = [AskedDay(day) for day in SPAN]
    values = [state(day) for day in asked]
    for day, value in zip(asked, values, strict=True):
        first, last = max(day.since, SPAN[0]), min(day.until or SPAN[-1], SPAN[-1])
        assert set(values[(first - FIRST).days : (last - FIRST).days + 1]) == {value}


@given(SOME_DAYS, st.integers(1, 4))
def test_whatever_is_made_of_days_that_were_reached_stands_until_the_next_turn(turns: list[date], modulus: int) -> None:
    stands_as_told(lambda day: sum([day.reached(turn) for turn in turns]) % modulus)


@given(SOME_DAYS, st.sampled_from(SPAN))
def test_a_day_that_stands_still_is_never_past_its_last_one(turns: list[date], last: date) -> None:
    def reached_by_then(day: AskedDay) -> tuple[bool, ...]:
        still = day.capped_at(last)
        return tuple(still.reached(turn) for turn in turns)

    stands_as_told(reached_by_then)
    after = AskedDay(SPAN[-1] + ONE_DAY)
    assert reached_by_then(after) == tuple(turn <= last for turn in turns)
    assert after.until is None


@given(st.lists(st.booleans(), min_size=1, max_size=HORIZON), st.integers(1, 5))
def test_a_run_is_what_walking_day_by_day_finds(states: list[bool], stride: int) -> None:
    """Early is allowed: a turn may be asked for on which nothing happens."""
    days = [FIRST + n * ONE_DAY for n in range(len(states))]
    turns = [day for n, day in enumerate(days) if n % stride == 0 or states[n] != states[n - 1]]

    def state(day: AskedDay) -> bool:
        return states[sum([day.reached(turn) for turn in turns]) and days.index(max(t for t in turns if t <= day.date))]

    last = len(days) - 1
    begun = next(n for n in range(last, -1, -1) if n == 0 or states[n - 1] != states[last])
    ended = next(n for n in range(len(days)) if n == last or states[n + 1] != states[0])
    asked = AskedDay(days[-1])
    assert first_day_of_run(state, state(asked), asked, FIRST) == days[begun]
    assert last_day_of_run(state, FIRST) == (None if ended == last else days[ended])


@given(SOME_DAYS, st.integers(1, 4), st.one_of(st.none(), st.integers(1, 30)))
def test_enough_days_are_there_from_the_oldest_needed_until_the_newest_needed_goes(
    days: list[date], number: int, stay: int | None
) -> None:
    ordered = sorted(days)

    def gone(day: date) -> date:
        return day + (stay or 0) * ONE_DAY

    def enough(day: AskedDay) -> bool:
        return day.latest_if_enough(number, ordered, gone if stay else None) is not None

    stands_as_told(enough)
    for day in SPAN:
        there = [other for other in ordered if other <= day and (not stay or day < gone(other))]
        assert enough(AskedDay(day)) == (len(there) >= number)


@given(DAYS_OF_LEAP_YEARS, st.sampled_from((1, 6, 12, 36, 60)), st.booleans(), st.booleans())
def test_a_day_leaves_a_window_on_the_first_day_whose_window_no_longer_holds_it(
    day: date, months: int, closed: bool, round_up: bool
) -> None:
    """R-04, R-05: the window is reckoned back from each day, so from 29 February it is another day than reckoned on."""

    def holds(at: date) -> bool:
        same_day = add_months(at, -months, round_up=round_up)
        return same_day < day or (closed and same_day == day)

    last = leaving_day_after(months, closed=closed, round_up=round_up)(day) - ONE_DAY
    assert holds(last)
    assert not any(holds(last + n * ONE_DAY) for n in range(1, 40))
