"""When staff are at the desk: hours of the day, on working days of the Chinese calendar or on every day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, pairwise, takewhile

from bot.config import SHANGHAI
from knowledge.working_days import compute_eta, is_working_day

_DAY = timedelta(days=1)
DAYS_AHEAD = 31
"""How far the next opening is looked for: the longest holiday announced so far has nine days."""
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of one day, in Shanghai's time, rising and apart; an empty tuple: at all times."""

    spans: tuple[tuple[timedelta, timedelta], ...] = ()
    """From and to, since midnight; to is not included."""
    every_day: bool = False
    """Else only on working days: Monday to Friday without the holidays, and with the make-up days."""

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there."""
        return not self.spans or any(begin <= now < end for begin, end in self._spans_of(_day(now)))

    def opens(self, now: datetime) -> datetime:
        """The next moment at which somebody is there: now, or a span's begin."""
        if self.open_at(now):
            return now
        for day in _days(_day(now)):
            for begin, _ in self._spans_of(day):
                if begin > now:
                    return begin
        raise ValueError(f"no working day within {DAYS_AHEAD} days of {now.isoformat()}")

    def known(self, since: datetime, until: datetime) -> bool:
        """Whether the holidays of these years are announced; true where holidays make no difference."""
        days = (_day(since), _day(until))
        return self.every_day or not self.spans or not compute_eta(days[0], (0, 0), days[1]).approximate

    def staffed(self, since: datetime, until: datetime) -> timedelta:
        """How much of [since, until) lies within the hours; nothing where `until` is not later."""
        if not self.spans:
            return max(timedelta(), until - since)
        days = takewhile(lambda day: day <= _day(until), (_day(since) + n * _DAY for n in count()))
        shares = (min(end, until) - max(begin, since) for day in days for begin, end in self._spans_of(day))
        return sum((share for share in shares if share > timedelta()), timedelta())

    def _spans_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.every_day or is_working_day(day):
            midnight = datetime.combine(day, time(), SHANGHAI)
            for begin, end in self.spans:
                yield midnight + begin, midnight + end


def read_hours(text: str) -> Hours:
    """The hours as they are configured: `9:00-18:00`, `9:00-12:00,13:30-18:00`, `daily 8:00-22:00`, `always`.

    Without `daily` they hold on working days. ValueError, which quotes the text, where it is none of these.
    """
    if text.strip() == "always":
        return Hours()
    first, _, rest = text.strip().partition(" ")
    every_day = first == "daily"
    spans = tuple(_span(part.strip(), text) for part in (rest if every_day else text).split(","))
    ends = [moment for span in spans for moment in span]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise ValueError(f"hours must rise, and end before midnight or at 24:00: {text!r}")
    return Hours(spans, every_day)


def _span(part: str, text: str) -> tuple[timedelta, timedelta]:
    found = _SPAN.fullmatch(part)
    if not found:
        raise ValueError(f"not hours such as 9:00-18:00, daily 8:00-22:00 or always: {text!r}")
    begin, end = (timedelta(hours=int(found[n]), minutes=int(found[n + 1])) for n in (1, 3))
    if end > _DAY or max(int(found[2]), int(found[4])) > 59:
        raise ValueError(f"there is no such time of day: {part!r} in {text!r}")
    return begin, end


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _days(first: date) -> Iterator[date]:
    return (first + n * _DAY for n in range(DAYS_AHEAD + 1))
