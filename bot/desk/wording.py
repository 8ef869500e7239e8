"""The desk's sentences by key, canned answers by name, and times as people say them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from bot.config import SHANGHAI
from bot.desk import data_files
from bot.desk.hours import Hours
from bot.dialogue.wording import WEEKDAYS, day


@cache
def sentences() -> Mapping[str, str]:
    """All sentences by key. Raises DataError."""
    return data_files.read_texts()


@cache
def canned() -> Mapping[str, str]:
    """All canned answers by name. Raises DataError."""
    return data_files.read_canned()


def say(key: str, **fields: object) -> str:
    """The sentence of `key`, filled in. Raises KeyError where the key or a field is missing."""
    return sentences()[key].format(**fields)


def edit_words(text: str, was: str | None) -> str:
    """An edited message as staff read it; `was` is what it said, where they have not seen that before."""
    return say("staff.edited_from", was=was, text=text) if was else say("staff.edited", text=text)


def clock_words(at: datetime, now: datetime) -> str:
    """A moment to come as people say it: 今天 14:00, 明天 9:00, 周一 9:00, 10月9日（周五） 9:00."""
    at, now = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    days = (at.date() - now.date()) // timedelta(days=1)
    if days < 2:
        name = "明天" if days else "今天"
    else:
        name = f"周{WEEKDAYS[at.weekday()]}" if days < 7 else day(at)
    return f"{name} {at.hour}:{at:%M}"


def closed_words(hours: Hours, now: datetime) -> str:
    """What the person hears outside of the hours; "" within them."""
    if hours.open_at(now):
        return ""
    opens = hours.opens(now)
    key = "person.closed_now" if hours.known(now, opens) else "person.closed_now_roughly"
    return say(key, when=clock_words(opens, now))
