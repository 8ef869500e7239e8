"""Working days of 2026, written down by hand from the State Council's notice of holidays for that year."""

from datetime import date, timedelta

_ONE = timedelta(days=1)


def _span(first: str, last: str) -> frozenset[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return frozenset(start + _ONE * n for n in range((end - start).days + 1))


HOLIDAYS = (
    _span("2026-01-01", "2026-01-03")
    | _span("2026-02-15", "2026-02-23")
    | _span("2026-04-04", "2026-04-06")
    | _span("2026-05-01", "2026-05-05")
    | _span("2026-06-19", "2026-06-21")
    | _span("2026-09-25", "2026-09-27")
    | _span("2026-10-01", "2026-10-07")
)
MAKE_UP = frozenset(
    map(
        date.fromisoformat,
        ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    )
)


def is_working(day: date) -> bool:
    """Whether people work on that day; outside 2026 there is no answer."""
    if day.year != 2026:
        raise ValueError(f"only 2026 is written down here: {day}")
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


def nth_working_day_after(day: date, n: int) -> date:
    """The n-th working day after `day`; `day` itself for 0."""
    while n:
        day += _ONE
        n -= is_working(day)
    return day


def working_days_between(after: date, until: date) -> int:
    """How many working days lie in (after, until]."""
    count = 0
    while after < until:
        after += _ONE
        count += is_working(after)
    return count
