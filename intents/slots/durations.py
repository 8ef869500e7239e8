"""Lengths of time: 40分钟, 两天半, 一个半小时, 俩小时; and what they are measured from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from intents.slots import numerals

_LENGTH = re.compile(
    r"(?<![第\d年月\-~])(?<!\d\.)(?<![\d一二三四五六七八九十][到至])(?P<n>\d{1,4}(?:\.\d)?|[一二两三四五六七八九十百廿俩仨]{1,5}|半)(?P<more>多|来|几)?个?(?P<half>半)?(?P<more2>多)?"
    r"(?P<unit>小时|钟头|钟|天|日|分钟|分(?![之店期享手钱])|刻钟|周|星期|礼拜|月|h(?![a-z])|min)(?P<tail>半)?(?P<more3>多|来)?"
    r"(?:零?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})分钟?|零?(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,3})个?(?:小时|钟头)|[零又](?P<d>[1-6一二两三四五六])天)?"
)
_UNIT = re.compile("[时头钟天日分周星礼月hm]")
"""A message without any of these characters names no length of time."""
_MINUTES = {
    "小时": 60, "钟头": 60, "钟": 60, "h": 60, "分钟": 1, "分": 1, "min": 1, "刻钟": 15,
    "天": 1440, "日": 1440, "周": 10080, "星期": 10080, "礼拜": 10080, "月": 43200,
}  # fmt: skip
_NEARLY = re.compile(r"(?:不到|将近|快|快要|大概|大约|差不多|约|近|至少|超过|最多)\s?$")


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time at its place. `vague` where it is only about (一个多小时, 快一小时)."""

    start: int
    end: int
    value: timedelta
    vague: bool
    unit: str


def lengths(text: str) -> Iterator[Length]:
    """The lengths of time in a text, in order."""
    if not _UNIT.search(text):
        return
    for match in _LENGTH.finditer(text):
        found = _read(match, text)
        if found is not None:
            yield found


def _read(m: re.Match[str], text: str) -> Length | None:
    unit = m["unit"]
    if m["n"] == "半":
        if unit in ("天", "日", "分", "分钟", "周", "星期", "礼拜"):
            return None
        count: Decimal | None = Decimal("0.5")
    else:
        count = numerals.parse(m["n"])
    if count is None or (unit in ("钟", "月") and "个" not in m[0]):
        return None
    if m["half"] or m["tail"]:
        count += Decimal("0.5")
    value = timedelta(minutes=float(_MINUTES[unit] * count))
    if m["m"]:
        value += timedelta(minutes=int(numerals.parse(m["m"]) or 0))
    if m["h"]:
        value += timedelta(hours=int(numerals.parse(m["h"]) or 0))
    if m["d"] and unit in ("周", "星期", "礼拜", "月"):
        value += timedelta(days=int(numerals.parse(m["d"]) or 0))
    vague = bool(
        m["more"] or m["more2"] or m["more3"] or unit == "月" or _NEARLY.search(text[: m.start()][-4:])
    )
    return Length(m.start(), m.end(), value, vague, unit)
