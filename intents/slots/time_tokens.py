"""The words of which times are made: a day (3月8号, 周五, 后天, 国庆), a part of the day (晚上), a clock time (8点半)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from intents.slots import numerals

_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_H = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零〇一两二三四五六七八九])"
_MIN = r"(?:[零〇][一二三四五六七八九]|[二三四五]十[一二三四五六七八九]?|十[一二三四五六七八九]?)"
_LONG_PART = (
    "凌晨|清晨|大清早|清早|一大早|一早|早上|早晨|上午|正午|中午|晌午|午间|下午(?!茶)|午后"
    "|傍晚|晚上|晚间|夜里|夜间|半夜|深夜|午夜(?!场)|大晚上"
)
_AFTER_NUMERIC_DATE = (
    rf"(?=\s?(?:{_LONG_PART}|[早晚]|{_H}[点:]|那[天场趟班]|发车|开车|出发|起飞|开场|开演|入园"
    r"|的(?:票|车|高铁|动车|火车|场|演|门票|电影|航班|机票|飞机|班)))"
)
_AFTER_POINT = (
    r"(?!券|卡|击|开[^车场演始往]|进|数|积分|不|了|几|评|赞|按|确|[一两三几]?[下次遍]|建议|意见|问题|原因|儿)"
)

TOKEN = re.compile(
    rf"""
      (?P<iso>(?<![\d])(?P<iso_y>20\d\d|二[零〇][二三][零〇一二三四五六七八九])\s?[-/.年]\s?(?P<iso_m>{_M})\s?[-/.月]\s?
          (?P<iso_d>{_D})(?:[日号]|(?!\d))(?:T(?=\d))?)
    | (?P<compact>(?<![\dA-Za-z])(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\dA-Za-z]))
    | (?P<md>(?<![\d.])(?P<md_m>{_M})月份?(?P<md_d>{_D})(?:[日号]|(?!\d)))
    | (?P<slash>(?<![\d/.\-])(?P<sl_m>1[0-2]|0?[1-9])[/.\-](?P<sl_d>3[01]|[12]\d|0?[1-9])(?![\d/.\-元块%张折万])
          {_AFTER_NUMERIC_DATE})
    | (?P<end>(?P<end_w>上|这|本|下)?个?月底)
    | (?P<dom>(?:(?P<dom_w>上上|上|这|本|当|下)个?月)?(?<![\dA-Za-z#第])(?P<dom_d>{_D})(?:号|日(?![内游间后前均卡票报通]))
          (?![线楼门馆厅口座位机店院车厢登码台仓店柜库桌床铺]))
    | (?P<rel>大前[天日晚]|大后[天日晚]|(?<![以之然今提目往])[今明昨后前](?:天|日|儿个?|个儿?|[晚夜]上?|早(?!就)上?|晨)
          (?:[晚夜早](?![了点就已些到])上?)?)
    | (?P<week>(?:(?P<week_w>上上|上|这|本|下下|下)个?|(?<![一两二三四几\d]))(?:周|星期|礼拜)(?P<week_d>[一二三四五六日天末1-7])(?![\d年]))
    | (?P<lunar>(?:大年|正月)初(?P<lunar_d>十[一二三四五]?|[一二三四五六七八九]))
    | (?P<holiday>国庆|(?<![十百千万])五一(?![百张位人块个])|劳动节|元旦|中秋|端午|清明(?!上河)|除夕|大年三十|大年夜|年三十|春节|元宵|(?<![十百千万])六一(?![百张位人块个])|儿童节|圣诞|平安夜|情人节|七夕|重阳
          |十一(?=那天|当天|假期)|跨年夜)节?(?:那天|当天|当晚)?
    | (?P<part>{_LONG_PART}|(?<=[天日号儿一二三四五六末周\d])[早晚](?![了点就已些到退知])|[早晚](?=\s?{_H}[点:]))
    | (?P<to>差(?P<to_m>{_H}|{_MIN}|5|10|15|20)分钟?(?:到)?(?P<to_h>{_H})点)
    | (?P<clock>(?<![\d.:])(?P<c_h>{_H})(?:点钟|点{_AFTER_POINT}|时(?=\d{{1,2}}分))
          (?:过?(?P<c_w>半|一刻|三刻|整)|差(?P<c_less>{_MIN}|[五\d]{{1,2}})分|(?P<c_m2>[0-5]\d(?!\d)|{_MIN}(?![张块元百]))分?|(?P<c_m1>[0-5]?\d|[五])分(?!钟?[内后前])|))
    | (?P<hm>(?<![\d:.])(?P<hm_h>[01]?\d|2[0-4]):(?P<hm_m>[0-5]\d)(?::[0-5]\d)?(?![\d:]))
    | (?P<dot>(?<=[上午晚早])\s?(?P<dot_h>1?\d|2[0-3])\.(?P<dot_m>[0-5]\d)(?![\d元块]))
    """,
    re.VERBOSE,
)
TRIGGERS = frozenset("天日号月周星礼点时晨午晚早夜明昨今底夕节庆旦秋明五六初年:/.-20")
"""A message without any of these characters names no time."""

Kind = Literal["day", "part", "clock"]
_REL = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_HOLIDAY_NAMES = {
    "十一": "国庆",
    "劳动节": "五一",
    "大年三十": "除夕",
    "大年夜": "除夕",
    "年三十": "除夕",
    "儿童节": "六一",
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as said. `form` says which of the figures count.

    date: year (or None), month, day · dom: month offset (or None), day, 0 for the last · rel: days from today ·
    week: week offset (or None), weekday 1–7, 0 for the weekend · holiday: its name · lunar: day of the first month
    """

    form: Literal["date", "dom", "rel", "week", "holiday", "lunar"]
    year: int | None = None
    month: int = 0
    day: int = 0
    offset: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time as said. `written` is True for the 24-hour notation (10:05, 08:40)."""

    hour: int
    minute: int = 0
    written: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    day: Day | None = None
    part: str | None = None
    clock: Clock | None = None


def tokens(text: str) -> Iterator[Token]:
    """The time words of a text, in order."""
    for match in TOKEN.finditer(text):
        found = _READERS[_form(match)](match)
        if found is not None:
            yield found


def _form(match: re.Match[str]) -> str:

    return match.lastgroup or ""


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
    part = "晚上" if "晚" in said or "夜" in said else "早上" if "早" in said or "晨" in said else None
    return Token(m.start(), m.end(), day=Day("rel", offset=_REL[head]), part=part)


def _week(m: re.Match[str]) -> Token:
    said, which = m["week_d"], m["week_w"]
    weekday = 0 if said == "末" else 7 if said in "日天" else _number(said)
    return _day(m, Day("week", day=weekday, offset=_WEEKS[which] if which else None))


def _holiday(m: re.Match[str]) -> Token:
    name = (
        m["holiday"].removesuffix("节")
        if m["holiday"] not in {"儿童节", "劳动节", "春节", "情人节"}
        else m["holiday"]
    )
    part = "晚上" if m[0].endswith("当晚") else None
    return Token(m.start(), m.end(), day=Day("holiday", name=_HOLIDAY_NAMES.get(name, name)), part=part)


def _clock(m: re.Match[str]) -> Token | None:
    hour, word = _number(m["c_h"]), m["c_w"]
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(word or "", 0)
    if m["c_m2"] or m["c_m1"]:
        minute = _number(m["c_m2"] or m["c_m1"])
    elif m["c_less"]:
        hour, minute = hour - 1, 60 - _number(m["c_less"])
    bare_one = m["c_h"] in "一两" and not (minute or word or m[0].endswith("钟"))
    if (
        bare_one
        and not re.match(
            r"的(?:票|车|高铁|动车|火车|场|电影|飞机)|开|发车|起飞|出发|入", m.string[m.end() : m.end() + 4]
        )
        and not re.search(r"[午上晨晚早里]$", m.string[: m.start()])
    ):
        return None
    if not (0 <= hour <= 24 and minute < 60):
        return None
    formal = m["c_h"].isdigit() and len(m["c_h"]) == 2 and m[0].endswith("分")
    return Token(m.start(), m.end(), clock=Clock(hour, minute, written=formal))


def _written(m: re.Match[str], hour: str, minute: str) -> Token:
    full = len(hour) == 2
    return Token(m.start(), m.end(), clock=Clock(int(hour), int(minute), written=full))


_READERS = {
    "iso": _iso,
    "compact": _compact,
    "md": lambda m: _day(m, Day("date", None, _number(m["md_m"]), _number(m["md_d"]))),
    "slash": lambda m: _day(m, Day("date", None, int(m["sl_m"]), int(m["sl_d"]))),
    "end": lambda m: _day(m, Day("dom", day=0, offset=_MONTHS[m["end_w"]] if m["end_w"] else 0)),
    "dom": _dom,
    "rel": _rel,
    "week": _week,
    "lunar": lambda m: _day(m, Day("lunar", day=_number(m["lunar_d"]))),
    "holiday": _holiday,
    "part": lambda m: Token(m.start(), m.end(), part=_PARTS.get(m["part"], m["part"])),
    "to": lambda m: Token(m.start(), m.end(), clock=Clock(_number(m["to_h"]) - 1, 60 - _number(m["to_m"]))),
    "clock": _clock,
    "hm": lambda m: _written(m, m["hm_h"], m["hm_m"]),
    "dot": lambda m: _written(m, m["dot_h"], m["dot_m"]),
}
_PARTS = {
    "早": "早上", "清晨": "早上", "大清早": "早上", "清早": "早上", "一大早": "早上", "一早": "早上", "早晨": "早上",
    "正午": "中午", "晌午": "中午", "午间": "中午", "午后": "下午", "晚": "晚上", "晚间": "晚上", "大晚上": "晚上",
    "夜间": "夜里", "半夜": "夜里", "深夜": "夜里", "午夜": "夜里",
}  # fmt: skip
