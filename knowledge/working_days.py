"""Working days of mainland China, with the holidays and the make-up days that the State Council announces."""

from datetime import date, timedelta
from functools import lru_cache

from knowledge.outcome import Eta

_DAY = timedelta(days=1)


def compute_eta(since: date, working_days: tuple[int, int], today: date) -> Eta:
    """When money asked for on `since` arrives.

    Day n is the n-th working day after `since`; day 0 is `since` itself. Overdue are the working days in
    (latest, today]. A year whose calendar is not published yet counts Monday to Friday and makes the result
    `approximate`.
    """
    low, high = working_days
    if not 0 <= low <= high:
        raise ValueError(f"working days must rise from 0: {working_days}")
    earliest, latest = _nth_working_day(since, low), _nth_working_day(since, high)
    last = max(latest, today)
    return Eta(
        low=low,
        high=high,
        since=since,
        earliest=earliest,
        latest=latest,
        overdue=_working_days_between(latest, today) if today > latest else 0,
        passed=today > latest,
        approximate=not all(_published(year) for year in range(since.year, last.year + 1)),
    )


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether offices work on `day`; Monday to Friday where no calendar is published for its year."""
    from chinese_calendar import is_workday  # noqa: PLC0415 - its tables cost more than the rest of the room

    if not _published(day.year):
        return day.weekday() < 5
    return bool(is_workday(day))


@lru_cache(maxsize=64)
def _published(year: int) -> bool:
    from chinese_calendar import is_workday  # noqa: PLC0415

    try:
        is_workday(date(year, 1, 1))
        is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True


def _nth_working_day(since: date, count: int) -> date:
    day = since
    while count:
        day += _DAY
        count -= is_working_day(day)
    return day


def _working_days_between(after: date, until: date) -> int:
    """Working days in (after, until]."""
    count, day = 0, after + _DAY
    while day <= until:
        end_of_year = date(day.year, 12, 31)
        if (day.month, day.day) == (1, 1) and end_of_year <= until:
            count += _working_days_of(day.year)
            day = end_of_year
        else:
            count += is_working_day(day)
        day += _DAY
    return count


@lru_cache(maxsize=256)
def _working_days_of(year: int) -> int:
    first = date(year, 1, 1)
    return sum(is_working_day(first + n * _DAY) for n in range((date(year + 1, 1, 1) - first).days))
