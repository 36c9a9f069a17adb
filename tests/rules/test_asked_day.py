"""The day that a question asks about: how long an answer holds follows only from what was asked of that day."""

from datetime import date, timedelta

import pytest

from services.core.calendar import AskedDay, Window, leaving_day_after

ONE_DAY = timedelta(days=1)
FIRST = date(2024, 1, 1)
HORIZON = 60
SPAN = [FIRST + n * ONE_DAY for n in range(HORIZON)]


def test_an_answer_for_which_nothing_lies_ahead_holds_for_ever() -> None:
    day = AskedDay(date(2024, 1, 1))
    assert [day.reached(turn) for turn in (date(2023, 1, 1), date(2024, 1, 1))] == [True, True]
    assert day.until is None


def test_an_answer_holds_to_the_day_before_the_first_turn_that_was_not_reached() -> None:
    day = AskedDay(date(2024, 1, 1))
    assert not any(day.reached(turn) for turn in (date(2024, 3, 1), date(2024, 2, 1)))
    assert day.until == date(2024, 1, 31)


def test_records_that_come_every_day_are_no_turns_while_there_are_enough() -> None:
    day = AskedDay(SPAN[40])
    assert day.latest_if_enough(1, SPAN, lambda other: other + 30 * ONE_DAY) == 40
    assert (day.since, day.until) == (SPAN[11], SPAN[40] + 29 * ONE_DAY)


def test_a_record_of_29_february_counts_through_28_february() -> None:
    """R-05: reckoned back from 2025-02-28, the same day a year ago is 2024-02-28, and the record lies after it."""
    assert leaving_day_after(12)(date(2024, 2, 29)) == date(2025, 3, 1)


def test_what_moves_stands_for_its_day_alone_and_a_year_for_its_year() -> None:
    day = AskedDay(date(2024, 5, 6))
    assert (day.year(), day.until) == (2024, date(2024, 12, 31))
    assert (day.exact_date(), day.until) == (date(2024, 5, 6), date(2024, 5, 6))


@pytest.mark.parametrize(
    ("last", "met", "until"),
    [(5, False, None), (10, True, None), (15, True, None), (None, True, None)],
)
def test_a_day_that_decides_for_a_window_asks_what_was_so_on_any_day_of_it(
    last: int | None, met: bool, until: date | None
) -> None:
    """From the sixth to the eleventh day of the year, asked about on the 21st: the last day of the window decides."""
    day = AskedDay(SPAN[20])
    deciding = day.deciding_for(Window(SPAN[5 + 1], SPAN[10]))
    assert deciding.meets(SPAN[0], None if last is None else SPAN[last]) is met
    assert day.until == until


def test_what_begins_inside_a_window_meets_it_from_its_first_day_on() -> None:
    window = Window(SPAN[5], SPAN[10])
    day = AskedDay(SPAN[7])
    assert not day.deciding_for(window).meets(SPAN[8], None)
    assert day.until == SPAN[7]
    assert AskedDay(SPAN[8]).deciding_for(window).meets(SPAN[8], SPAN[8])
    assert not AskedDay(SPAN[30]).deciding_for(window).meets(SPAN[11], None)
    assert not AskedDay(SPAN[30]).deciding_for(window).meets(SPAN[8], SPAN[7])


def test_a_day_without_a_window_decides_for_itself_alone() -> None:
    assert AskedDay(SPAN[7]).meets(SPAN[0], SPAN[7])
    assert not AskedDay(SPAN[8]).meets(SPAN[0], SPAN[7])
    assert not AskedDay(SPAN[20]).capped_at(SPAN[8]).meets(SPAN[0], SPAN[7])
