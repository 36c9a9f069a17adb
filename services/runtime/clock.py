"""The only place where the clock is made. Everything else takes the time, or a `Clock`, as an argument."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

Clock = Callable[[], datetime]
CLOCK_BEHIND_AT_MOST_S, CLOCK_AHEAD_AT_MOST_S = 5, 2
"""How far the clock of a process may be from the database's. Beyond that, nothing is recorded until the clocks are set
right."""
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time, without daylight saving."""


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place that the ban points to


def china_day(instant: datetime) -> date:
    """Return the civil day in China."""
    return instant.astimezone(CHINA).date()
