"""The figures in a Chinese text, so that what an answer says can be held against the claims it cites."""

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = "个工作日|工作日|小时|分钟|天|元|岁|位|次|年"
_NUMBER = r"\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:至|到|[-–—~～])\s*({_NUMBER})\s*(%|{_UNITS})?")
_SINGLE = re.compile(rf"({_NUMBER})\s*(%|{_UNITS})?")
_TENTHS = re.compile(r"([一二三四五六七八九])成")
_SPELT = re.compile(r"([一二两三四五六七八九十百]+)\s*(个工作日|小时|分钟|天|元|年)")
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NAMES = re.compile(r"12306")


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A number with its unit: "%", "小时", "元" and the like, or "" for a bare one."""

    value: str
    unit: str

    def __str__(self) -> str:
        return self.value + self.unit


def figures(text: str) -> frozenset[Figure]:
    """Every figure in `text`; 七成 counts as 70%, both ends of a range carry its unit, 12306 is a name.

    Numbers in Chinese characters count only before a unit and keep their characters (一两分钟).
    """
    rest = _NAMES.sub("", text.replace("*", ""))
    found = {Figure(str(_DIGITS[tenths] * 10), "%") for tenths in _TENTHS.findall(rest)}
    found |= {Figure(number, _unit(unit)) for number, unit in _SPELT.findall(rest)}
    for low, high, unit in _RANGE.findall(rest):
        found |= {Figure(_plain(low), _unit(unit)), Figure(_plain(high), _unit(unit))}
    singles = _SINGLE.findall(_RANGE.sub("", rest))
    return frozenset(found | {Figure(_plain(number), _unit(unit)) for number, unit in singles})


def _plain(number: str) -> str:
    return format(Decimal(number).normalize(), "f")


def _unit(unit: str) -> str:
    return unit.removeprefix("个")
