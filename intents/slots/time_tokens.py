"""The words of which times are made: a day (3月8号, 周五), a part of it (晚上), a clock time (8点半)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from intents.slots import numerals
from intents.slots.time_patterns import ONE_O_CLOCK, PART_BEFORE, token

_REL = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3,
    "听": 1, "寻": -1, "琴": -1,
}  # fmt: skip
"""聽日 is tomorrow and 尋日, 琴日 yesterday in Cantonese."""
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_HOLIDAY_NAMES = {
    "十一": "国庆",
    "劳动节": "五一",
    "大年三十": "除夕",
    "大年夜": "除夕",
    "年三十": "除夕",
    "儿童节": "六一",
    "双11": "双十一",
    "双12": "双十二",
    "三八": "妇女",
}


_SOMEWHAT = frozenset("晚早快慢迟大小多少")
"""晚一点 is a little later."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day as said. `form` says which of the figures count.

    date: year (or None), month, day · dom: month offset (or None), day, 0 for the last · rel: days from
    today ·
    week: week offset (or None), weekday 1–7, 0 for the weekend · holiday: its name · lunar: day of the
    first month, or of the last one where `month` is 12
    """

    form: Literal["date", "dom", "rel", "week", "holiday", "lunar"]
    year: int | None = None
    month: int = 0
    day: int = 0
    offset: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time as said. `written` is True for the 24-hour notation (10:05, 08:40).

    `figures` is True for 9:00 and 10点整: as good as written, but for what is only shown in the evening.
    """

    hour: int
    minute: int = 0
    written: bool = False
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    day: Day | None = None
    part: str | None = None
    clock: Clock | None = None


def tokens(text: str) -> Iterator[Token]:
    """The time words of a text, in order."""
    for match in token().finditer(text):
        found = _READERS[match.lastgroup or ""](match)
        if found is not None:
            yield found


def _number(said: str) -> int:
    value = numerals.whole(said)
    if value is None:
        raise ValueError(f"not a whole number: {said}")
    return value


def _day(match: re.Match[str], day: Day) -> Token:
    return Token(match.start(), match.end(), day=day)


def _iso(m: re.Match[str]) -> Token:
    year = int(numerals.digit_string(m["iso_y"]))
    return _day(m, Day("date", year, _number(m["iso_m"]), _number(m["iso_d"])))


def _compact(m: re.Match[str]) -> Token:
    said = m["compact"]
    return _day(m, Day("date", int(said[:4]), int(said[4:6]), int(said[6:])))


def _dom(m: re.Match[str]) -> Token:
    which = m["dom_w"]
    return _day(m, Day("dom", day=_number(m["dom_d"]), offset=_MONTHS[which] if which else None))


def _rel(m: re.Match[str]) -> Token:
    said = m["rel"]
    head = said[:2] if said[0] == "大" else said[0]
    early = "早" in said or "晨" in said or said in ("听朝", "寻朝", "琴朝")
    part = "晚上" if "晚" in said or "夜" in said else "早上" if early else None
    return Token(m.start(), m.end(), day=Day("rel", offset=_REL[head]), part=part)


_ENGLISH = {"today": (0, None), "tonight": (0, "晚上"), "tomorrow": (1, None), "tmr": (1, None)}


def _english(m: re.Match[str]) -> Token:
    offset, part = _ENGLISH[m["en"].lower()]
    return Token(m.start(), m.end(), day=Day("rel", offset=offset), part=part)


def _day_hour(m: re.Match[str]) -> Token:
    """0309 1430: month and day, hour and minute, as on a ticket."""
    return Token(
        m.start(),
        m.end(),
        day=Day("date", None, int(m["dh_m"]), int(m["dh_d"])),
        clock=Clock(int(m["dh_h"]), int(m["dh_min"]), written=True),
    )


def _week(m: re.Match[str]) -> Token:
    said, which = m["week_d"], m["week_w"]
    weekday = 0 if said == "末" else 7 if said in "日天" else _number(said)
    return _day(m, Day("week", day=weekday, offset=_WEEKS[which] if which else None))


def _lunar(m: re.Match[str]) -> Token:
    if m.lastgroup == "layue":
        return _day(m, Day("lunar", month=12, day=_number(m["layue_s"] or m["layue_d"])))
    return _day(m, Day("lunar", day=_number(m["lunar_d"] or m["lunar_m"] or m["lunar_s"])))


def _holiday(m: re.Match[str]) -> Token:
    name = (
        m["holiday"].removesuffix("节")
        if m["holiday"] not in {"儿童节", "劳动节", "春节", "情人节"}
        else m["holiday"]
    )
    part = "晚上" if m[0].endswith("当晚") else None
    return Token(m.start(), m.end(), day=Day("holiday", name=_HOLIDAY_NAMES.get(name, name)), part=part)


def _minutes(said: str) -> int:
    return 15 if said == "一刻" else _number(said)


def _clock(m: re.Match[str]) -> Token | None:
    hour, word = _number(m["c_h"]), m["c_w"]
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(word or "", 0)
    if m["c_m2"] or m["c_m1"]:
        minute = _number(m["c_m2"] or m["c_m1"])
    elif m["c_less"]:
        hour, minute = hour - 1, 60 - _minutes(m["c_less"])
    bare = m["c_h"] in "一两" and not (minute or word or m[0].endswith("钟"))
    if bare and m.string[m.start() - 1 : m.start()] in _SOMEWHAT:
        return None
    if bare and not (ONE_O_CLOCK.match(m.string, m.end()) or PART_BEFORE.search(m.string[: m.start()])):
        return None
    if not (0 <= hour <= 24 and minute < 60):
        return None
    formal = m["c_h"].isdigit() and len(m["c_h"]) == 2 and m[0].endswith("分")
    return Token(m.start(), m.end(), clock=Clock(hour, minute, written=formal, figures=word == "整"))


def _written(m: re.Match[str], hour: str, minute: str, half: str | None = None) -> Token:
    if half is not None and int(hour) <= 12:
        of_day = int(hour) % 12 + (12 if half == "p" else 0)
        return Token(m.start(), m.end(), clock=Clock(of_day, int(minute), written=True))
    full = len(hour) == 2
    return Token(m.start(), m.end(), clock=Clock(int(hour), int(minute), written=full, figures=not full))


_PART_NAMES = {
    "凌晨": "零晨 凌辰",
    "早上": "朝头早 早 清晨 大清早 清早 一大早 一早 早晨 早尚 朝早",
    "上午": "前晌 头晌 上半天 上五",
    "中午": "正午 晌午 晌午头 午间 中五",
    "下午": "下晌 后半晌 晏昼 午后 后晌 下昼 下半天 下五",
    "傍晚": "擦黑 傍黑",
    "晚上": "晚黑 夜晚 夜头 晚 晚间 大晚上 晚尚 夜到",
    "夜里": "夜间 半夜 深夜 午夜",
}
_PARTS = {word: part for part, words in _PART_NAMES.items() for word in words.split()}
_READERS: dict[str, Callable[[re.Match[str]], Token | None]] = {
    "iso": _iso,
    "compact": _compact,
    "md": lambda m: _day(m, Day("date", None, _number(m["md_m"]), _number(m["md_d"]))),
    "mmdd": lambda m: _day(m, Day("date", None, int(m["mmdd"][:2]), int(m["mmdd"][2:]))),
    "slash": lambda m: _day(m, Day("date", None, int(m["sl_m"]), int(m["sl_d"]))),
    "end": lambda m: _day(m, Day("dom", day=0, offset=_MONTHS[m["end_w"]] if m["end_w"] else 0)),
    "dom": _dom,
    "rel": _rel,
    "english": _english,
    "day_hour": _day_hour,
    "run": lambda m: _written(m, m["run_h"], m["run_m"]),
    "week": _week,
    "ahead": lambda m: _day(m, Day("rel", offset=_number(m["ahead_n"]))),
    "lunar": _lunar,
    "layue": _lunar,
    "holiday": _holiday,
    "part": lambda m: Token(m.start(), m.end(), part=_PARTS.get(m["part"], m["part"])),
    "to": lambda m: Token(m.start(), m.end(), clock=Clock(_number(m["to_h"]) - 1, 60 - _minutes(m["to_m"]))),
    "clock": _clock,
    "hm": lambda m: _written(m, m["hm_h"], m["hm_m"], m["hm_half"]),
    "half": lambda m: _written(m, m["half_h"], "0", m["half_w"]),
    "dot": lambda m: _written(m, m["dot_h"], m["dot_m"]),
}
