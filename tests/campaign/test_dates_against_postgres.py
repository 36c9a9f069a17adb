"""Year and month steps as PostgreSQL takes them, over all pairs of days of 2019 to 2029: somebody else's arithmetic."""

from datetime import date, timedelta

import asyncpg
import pytest

from services.core.calendar import add_months, rolling_years

FIRST, LAST = date(2019, 1, 1), date(2029, 12, 31)
MOST_MONTHS = 132
ONE_DAY = timedelta(days=1)

STEPS = """
SELECT day::date, (day + make_interval(months => $3::int))::date
  FROM generate_series($1::date::timestamp, $2::date::timestamp, '1 day') AS day
"""

WITHIN = """
SELECT a.day::date, count(b.day), min(b.day)::date, max(b.day)::date
  FROM generate_series($1::date::timestamp, $2::date::timestamp, '1 day') AS a (day)
  LEFT JOIN generate_series($1::date::timestamp, $2::date::timestamp, '1 day') AS b (day)
    ON b.day > a.day - make_interval(years => $3)
   AND b.day <= a.day
 GROUP BY a.day
"""


async def test_every_step_of_up_to_eleven_years_from_every_day_lands_where_postgres_lands(
    admin: asyncpg.Connection,
) -> None:
    """R-05: the last day of a month that has no such day."""
    for step in range(-MOST_MONTHS, MOST_MONTHS + 1):
        landed = await admin.fetch(STEPS, FIRST, LAST, step)
        assert len(landed) == (LAST - FIRST).days + 1
        assert [(day, step, day_then) for day, day_then in landed if day_then != add_months(day, step)] == []


@pytest.mark.parametrize("years", [1, 3, 5])
async def test_of_all_pairs_of_days_postgres_finds_the_same_within_the_last_years(
    admin: asyncpg.Connection, years: int
) -> None:
    """R-04: (as_of - n years, as_of], counted pair by pair."""
    rows = await admin.fetch(WITHIN, FIRST, LAST, years)
    assert len(rows) == (LAST - FIRST).days + 1
    for as_of, count, first, last in rows:
        window = rolling_years(years, as_of)
        begins = max(window.first, FIRST)
        assert (first, last, count) == (begins, as_of, (as_of - begins).days + 1), as_of
