"""The day that a question asks about: how long an answer holds follows only from what was asked of that day."""

import ast
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeGuard

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.core.rules
from services.core.calendar import AskedDay, add_months, first_day_of_run, last_day_of_run, leaving_day

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


def test_an_answer_for_which_nothing_lies_ahead_holds_for_ever() -> None:
    day = AskedDay(date(2024, 1, 1))
    assert [day.reached(turn) for turn in (date(2023, 1, 1), date(2024, 1, 1))] == [True, True]
    assert day.until is None


def test_an_answer_holds_to_the_day_before_the_first_turn_that_was_not_reached() -> None:
    day = AskedDay(date(2024, 1, 1))
    assert not any(day.reached(turn) for turn in (date(2024, 3, 1), date(2024, 2, 1)))
    assert day.until == date(2024, 1, 31)


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


def test_records_that_come_every_day_are_no_turns_while_there_are_enough() -> None:
    day = AskedDay(SPAN[40])
    assert day.latest_if_enough(1, SPAN, lambda other: other + 30 * ONE_DAY) == 40
    assert (day.since, day.until) == (SPAN[11], SPAN[40] + 29 * ONE_DAY)


@given(DAYS_OF_LEAP_YEARS, st.sampled_from((1, 6, 12, 36, 60)), st.booleans(), st.booleans())
def test_a_day_leaves_a_window_on_the_first_day_whose_window_no_longer_holds_it(
    day: date, months: int, closed: bool, round_up: bool
) -> None:
    """R-04, R-05: the window is reckoned back from each day, so from 29 February it is another day than reckoned on."""

    def holds(at: date) -> bool:
        same_day = add_months(at, -months, round_up=round_up)
        return same_day < day or (closed and same_day == day)

    last = leaving_day(day, months, closed=closed, round_up=round_up) - ONE_DAY
    assert holds(last)
    assert not any(holds(last + n * ONE_DAY) for n in range(1, 40))


def test_a_record_of_29_february_counts_through_28_february() -> None:
    """R-05: reckoned back from 2025-02-28, the same day a year ago is 2024-02-28, and the record lies after it."""
    assert leaving_day(date(2024, 2, 29), 12) == date(2025, 3, 1)


def test_what_moves_stands_for_its_day_alone_and_a_year_for_its_year() -> None:
    day = AskedDay(date(2024, 5, 6))
    assert (day.year(), day.until) == (2024, date(2024, 12, 31))
    assert (day.exact_date(), day.until) == (date(2024, 5, 6), date(2024, 5, 6))


RULES = Path(services.core.rules.__path__[0])
CORE = RULES.parent
MAY_READ_THE_DATE: Sequence[str] = ("experience.py", "training_hours.py", "undefined.py")
"""What moves every day, and the day on which something was decided."""


def modules(folder: Path = RULES) -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(folder.rglob("*.py")):
        yield path.name if folder == RULES else path.relative_to(folder).as_posix(), ast.parse(path.read_text())


def test_no_rule_writes_until_when_it_holds() -> None:
    """Only `evaluate` does, from the asked day."""
    written = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Assign) and "until" in {target.id for target in ast.walk(node) if is_stored(target)})
        or (isinstance(node, ast.keyword) and node.arg == "until")
    ]
    assert written == ["evaluate.py"]


def test_two_modules_write_until_when_an_answer_holds_the_one_that_judges_and_the_one_that_searches() -> None:
    """The first takes it from the asked day; the second moves it later, to the exact last day."""
    written = [
        (name, callee_of(node))
        for name, tree in modules(CORE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "until" in {keyword.arg for keyword in node.keywords}
        if callee_of(node) in ("Determination", "replace")
    ]
    made = [name for name, tree in modules(CORE) for node in ast.walk(tree) if callee_of(node) == "Determination"]
    assert written == [("questions/standing.py", "replace"), ("rules/evaluate.py", "Determination")]
    assert made == ["rules/evaluate.py"]


def callee_of(node: ast.AST) -> str | None:
    """Return the last name of what a call calls; None if the node is no call of a name."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


def is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


@pytest.mark.parametrize("attribute", ["date", "since", "turn"])
def test_no_rule_looks_at_the_asked_day_but_through_what_it_has_reached(attribute: str) -> None:
    assert readers(attribute) <= set(MAY_READ_THE_DATE if attribute == "date" else ())


def readers(attribute: str) -> set[str]:
    """Return the modules that read an attribute of this name."""
    return {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == attribute
    }


def test_no_rule_compares_with_the_day_in_the_question_or_reckons_from_it() -> None:
    """It stands there for the asked day to be made of, and for advice to speak of."""
    compared = [
        (name, node.lineno)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.BinOp)
        and any(isinstance(part, ast.Attribute) and part.attr == "as_of" for part in ast.walk(node))
    ]
    assert compared == []
