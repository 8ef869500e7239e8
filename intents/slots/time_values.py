"""From a time as said to a point in time: the calendar's part of reading times.

All results are in Shanghai time (UTC+8, no summer time). A `doubt` says why a value must be asked back:
half_day: 8点 may be morning or evening · no_clock: only a day was said, noon stands in · past: it lies
before now although an event is to come · vague: 左右, 周末 · several: more than one value was said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

from intents.slots.half_days import half_of_day
from intents.slots.time_tokens import Clock, Day

SHANGHAI = timezone(timedelta(hours=8))
_NOMINAL_HOUR = {"凌晨": 5, "早上": 8, "上午": 10, "中午": 12, "下午": 15, "傍晚": 18, "晚上": 20, "夜里": 22}
_SOON = timedelta(days=120)
_JUST_GONE = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Resolved:
    at: datetime
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the rest of the message says that decides between readings."""

    now: datetime
    past: bool = False
    """The time lies behind: a request, or an event that was missed."""
    soon: bool = False
    """What sounds gone may only be near: 七点半就开场了."""
    evening: bool = False
    """Cinema and stage: 8点 without more is the evening."""
    stage: bool = False
    """The stage alone: no concert begins at eight in the morning, as films do."""
    daytime: bool = False
    """Parks, cinemas: nobody goes at 3 in the morning, so 3点 is the afternoon."""
    near: bool = False
    """赶不上了, 堵在路上: it is about to begin."""
    day_enough: bool = False
    """Scenic tickets: the day of entry suffices."""

    def setting(self) -> frozenset[str]:
        """What the message tells of the half of the day."""
        told = {
            "past": self.past and not self.soon,
            "evening": self.evening,
            "stage": self.stage,
            "daytime": self.daytime,
            "park": self.day_enough,
            "near": self.near,
        }
        return frozenset(name for name, holds in told.items() if holds)


def resolve(day: Day | None, part: str | None, clock: Clock | None, context: Context) -> Resolved | None:
    """The point in time that is meant, or None where the calendar has no such day."""
    today = context.now.date()
    on = today if day is None else on_day(day, context)
    if on is None:
        return None
    if clock is None:
        return _without_clock(day, on, part, context)
    at, doubt = _at(on, part, clock, context, day)
    if day is None or (day.form == "week" and day.offset is None and on == today):
        at, doubt = _nearest(at, doubt, day, context)
    elif day.form == "week" and day.day == 0:
        doubt = doubt or "vague"
    if at < context.now and not context.past and not _says_past(day):
        doubt = doubt or "past"
    return Resolved(at, doubt)


def _says_past(day: Day | None) -> bool:
    return day is not None and day.offset is not None and day.offset < 0


def _without_clock(day: Day | None, on: date, part: str | None, context: Context) -> Resolved:
    if context.day_enough and day is not None:
        at = _moment(on, 0, 0)
    else:
        at = _moment(on, _NOMINAL_HOUR[part] if part else 12, 0)
    gone = on < context.now.date()
    if gone and not context.past and not _says_past(day):
        return Resolved(at, "past")
    if day is not None and day.form == "week" and day.day == 0:
        return Resolved(at, "vague")
    if gone or (context.day_enough and day is not None):
        return Resolved(at)
    return Resolved(at, "no_clock")


def _moment(on: date, hour: int, minute: int) -> datetime:
    return datetime.combine(on, time(0), SHANGHAI) + timedelta(hours=hour, minutes=minute)


def _at(
    on: date, part: str | None, clock: Clock, context: Context, day: Day | None
) -> tuple[datetime, str | None]:
    hour, minute = clock.hour, clock.minute
    if part is not None:
        hour, doubt = _hour_in(part, hour)
        return _moment(on, hour, minute), doubt
    if hour == 0 or hour >= 12 or clock.written:
        return _moment(on, hour, minute), None
    return half_of_day(clock, _moment(on, 0, 0), day, context.now, context.setting())


def _hour_in(part: str, hour: int) -> tuple[int, str | None]:
    """The hour of the 24 that 晚上8点 means; past midnight it runs on into the next day."""
    if hour > 12 or part in ("早上", "上午"):
        return hour, None
    if part == "凌晨":
        return hour % 12, None
    if part == "中午":
        return hour + 12 if hour <= 3 else hour, None
    if part in ("下午", "傍晚"):
        return hour + 12 if hour < 12 else hour, None
    if hour in (0, 12):
        return 24, None
    return (hour + 24, "half_day") if hour <= 4 else (hour + 12, None)


def _nearest(
    at: datetime, doubt: str | None, day: Day | None, context: Context
) -> tuple[datetime, str | None]:
    """A clock time without a day, or on a weekday that is today: if it is gone, it must be asked."""
    if context.past or at > context.now:
        return at, doubt
    half_a_day = timedelta(hours=12)
    if day is None and doubt == "half_day" and at.hour < 12 and at + half_a_day > context.now:
        return at + half_a_day, doubt
    return at, doubt or "past"


def on_day(day: Day, context: Context) -> date | None:
    """The date that a day as said falls on, nearest in the direction that the context gives."""
    today = context.now.date()
    if day.form == "rel":
        return today + timedelta(days=day.offset or 0)
    if day.form == "week":
        return _weekday(day, today, context.past)
    if day.form == "dom":
        return _day_of_month(day, today, context.past)
    if day.form == "date":
        if day.year is not None:
            return _date(day.year, day.month, day.day)
        return _nearest_year(
            [_date(today.year + step, day.month, day.day) for step in (-1, 0, 1)], today, context.past
        )
    named = [
        holiday(day.name, year, day.day, day.month == 12)
        for year in (today.year - 1, today.year, today.year + 1)
    ]
    return _nearest_year(named, today, context.past, _JUST_GONE)


def _weekday(day: Day, today: date, past: bool) -> date:
    wanted = day.day or 6
    if day.offset is not None:
        return today - timedelta(days=today.weekday()) + timedelta(weeks=day.offset, days=wanted - 1)
    ahead = (wanted - today.isoweekday()) % 7
    if past:
        return today + timedelta(days=ahead - 7 if ahead else 0)
    return today + timedelta(days=ahead)


def _day_of_month(day: Day, today: date, past: bool) -> date | None:
    if day.day == 0:
        year, month = _shift(today, (day.offset or 0) + 1)
        return date(year, month, 1) - timedelta(days=1)
    if day.offset is not None:
        return _date(*_shift(today, day.offset), day.day)
    steps = (0, -1, -2) if past else (0, 1, 2)
    for step in steps:
        found = _date(*_shift(today, step), day.day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _shift(today: date, months: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest_year(
    candidates: list[date | None], today: date, past: bool, near: timedelta = _SOON
) -> date | None:
    """Of the same day in three years: the last one gone where the past is meant, else the next one to come,
    unless that is far off while the last one is near (3月1号, said in the first week of March)."""
    known = [found for found in candidates if found is not None]
    gone = [found for found in known if found <= today]
    coming = [found for found in known if found >= today]
    if past:
        return gone[-1] if gone else None
    if gone and (not coming or (coming[0] - today > 2 * _SOON and today - gone[-1] < near)):
        return gone[-1]
    return coming[0] if coming else None


def holiday(name: str, year: int, day_of_lunar_month: int = 0, last_month: bool = False) -> date | None:
    """The date of a named day in a year, or None where the table does not reach.

    Days of a lunar month are those of the first, or with `last_month` of the twelfth that ends in the year.
    """
    fixed, lunar = _holidays()
    if day_of_lunar_month:
        known, number = ("腊月十五", 15) if last_month else ("春节", 1)
        anchor = lunar.get(known, {}).get(year)
        return anchor + timedelta(days=day_of_lunar_month - number) if anchor else None
    if name == "除夕":
        first = lunar.get("春节", {}).get(year)
        return first - timedelta(days=1) if first else None
    if name in fixed:
        return date(year, *fixed[name])
    return lunar.get(name, {}).get(year)


def load() -> None:
    """Read the named days, if that was not done before. Raises DataFileError."""
    _holidays()


@cache
def _holidays() -> tuple[Mapping[str, tuple[int, int]], Mapping[str, Mapping[int, date]]]:
    from intents.slots import phrase_files  # noqa: PLC0415 - read only when a holiday is named

    return phrase_files.holidays()
