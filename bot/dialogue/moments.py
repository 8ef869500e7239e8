"""Putting a half-said time together with the half known before: 后天 keeps the ten o'clock of 明天10点."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue.state import Fact
from intents.understanding import SlotValue

HALF_DAY = 12
ABOUT = timedelta(minutes=30)
"""How far 八点左右 may be from eight."""
AND_MORE = timedelta(minutes=59)
"""How far 八点多 may be from eight."""
_NIGHT = 5
"""Up to this hour of the clock of twelve nothing is shown in the morning."""
_OPEN = {"movie_ticket": (HALF_DAY, 8), "show_ticket": (HALF_DAY, 9), "scenic_ticket": (8, 0)}
"""From which hour on the morning is meant, and before which hour the evening."""
TIMES = frozenset({"event_time", "requested_at"})
DELAY = "late_minutes"
_DATE = re.compile(
    r"今|明|昨|前天|后天|周|星期|礼拜|[0-9一二三四五六七八九十][号日月]|[/\-]|节|国庆|元旦|五一|初[一二三四五六七八九十]"
    r"|除夕|月底|小时|分钟|天[后前内]|半天"
)
_HALF = re.compile(r"凌晨|[清早]晨|[今明昨]?(?:早上|早)|上午|中午|下午|傍晚|晚上|夜里|晚")
_CLOCK = re.compile(r"[点时:]|中午|半夜")


def complete(heard: SlotValue, known: Fact | None) -> SlotValue:
    """The time heard, with the day or the clock that it does not name taken from the time known before."""
    if known is None or known.value == "unknown":
        return heard
    names_day, names_clock = bool(_DATE.search(heard.said)), bool(_CLOCK.search(heard.said))
    if not names_day and not names_clock:
        return _half_alone(heard, known)
    new, old = datetime.fromisoformat(heard.value), datetime.fromisoformat(known.value)
    if names_day and names_clock:
        if heard.doubt == "half_day" and not known.doubt and _same_clock(new, old):
            same_half = in_half(heard.value, old.hour - old.hour % HALF_DAY)
            return replace(heard, value=same_half, certain=True, doubt=None)
        return heard
    if names_clock:
        joined = new.replace(year=old.year, month=old.month, day=old.day)
        still = heard.doubt if heard.doubt in {"half_day", "vague"} else None
        half = half_of_day(known.said)
        if still == "half_day" and half is not None:
            return replace(heard, value=in_half(joined.isoformat(), half), certain=True, doubt=None)
        return replace(heard, value=joined.isoformat(), certain=still is None, doubt=still)
    half = half_of_day(heard.said)
    if known.doubt == "no_clock":
        told = _HALF.search(known.said)
        if told is None or half is not None:
            return heard
        return replace(heard, value=_on_day(old, new).isoformat(), said=heard.said + told[0])
    hour = old.hour if half is None else old.hour % 12 + half
    joined = new.replace(hour=hour, minute=old.minute, second=0, microsecond=0)
    still = None if half is not None and known.doubt == "half_day" else known.doubt or None
    return replace(heard, value=joined.isoformat(), certain=still is None, doubt=still)


def _same_clock(one: datetime, other: datetime) -> bool:
    """The same hour and minute by the clock of twelve."""
    return (one.hour % HALF_DAY, one.minute) == (other.hour % HALF_DAY, other.minute)


def _half_alone(heard: SlotValue, known: Fact) -> SlotValue:
    """晚上的, of a day or of an hour that was said before."""
    half = half_of_day(heard.said)
    if half is None or known.doubt == "several":
        return heard
    if known.doubt != "no_clock":
        return replace(heard, value=in_half(known.value, half), certain=True, doubt=None)
    new, old = datetime.fromisoformat(heard.value), datetime.fromisoformat(known.value)
    return replace(heard, value=_on_day(new, old).isoformat(), said=_HALF.sub("", known.said) + heard.said)


def _on_day(clock: datetime, day: datetime) -> datetime:
    return clock.replace(year=day.year, month=day.month, day=day.day)


def by_product(heard: SlotValue, product: str | None, now: datetime) -> SlotValue:
    """8点那场, of a film that is known: the half of the day in which such a thing takes place."""
    if heard.doubt != "half_day" or product not in _OPEN:
        return heard
    morning, evening = (datetime.fromisoformat(in_half(heard.value, half)) for half in (0, HALF_DAY))
    first, evenings_until = _OPEN[product]
    tonight = product != "scenic_ticket" and morning <= now < evening and morning.hour > _NIGHT
    if morning.hour <= _NIGHT or morning.hour < evenings_until or tonight:
        meant = evening
    elif first <= morning.hour:
        meant = morning
    else:
        return heard
    return replace(heard, value=meant.isoformat(), certain=True, doubt=None)


def start_of_day(value: str) -> str:
    """Midnight of the day of a time."""
    return datetime.fromisoformat(value).replace(hour=0, minute=0).isoformat()


def in_half(value: str, half: int) -> str:
    """A time heard by the clock of twelve, put into the half of the day that begins at hour `half`."""
    at = datetime.fromisoformat(value)
    return at.replace(hour=at.hour % HALF_DAY + half).isoformat()


def names_no_clock(heard: SlotValue | None) -> bool:
    """True for 晚上的: neither a day nor an hour."""
    return heard is not None and not _CLOCK.search(heard.said) and not _DATE.search(heard.said)


def readings(doubtful: Fact) -> tuple[str, ...]:
    """The least and the most that a half-said value may mean; empty where it lacks something else."""
    if doubtful.value.isdecimal():
        return _about(int(doubtful.value)) if doubtful.doubt == "vague" else ()
    at = datetime.fromisoformat(doubtful.value)
    if doubtful.doubt == "half_day":
        return tuple(in_half(doubtful.value, half) for half in (0, HALF_DAY))
    if doubtful.doubt == "no_clock":
        return at.replace(hour=0, minute=0).isoformat(), at.replace(hour=23, minute=59).isoformat()
    if doubtful.doubt == "vague" and _CLOCK.search(doubtful.said):
        return (at - ABOUT).isoformat(), (at + (AND_MORE if "多" in doubtful.said else ABOUT)).isoformat()
    return ()


def _about(minutes: int) -> tuple[str, str]:
    """快一个小时, 一个多小时: how far from it that may be."""
    return str(minutes * 3 // 4), str(minutes * 2)


def half_of_day(said: str) -> int | None:
    """Hours to add to a clock of twelve: 0 in the morning, 12 after noon, None where unsaid."""
    if re.search(r"[下中]午|晚|傍|夜", said):
        return HALF_DAY
    return 0 if re.search(r"早|凌晨|清晨|上午", said) else None
