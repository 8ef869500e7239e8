"""How long before the start, as people say it in passing: 超过两天, 不到六个小时, 开车以后."""

import re

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HOURS = {
    "天": 24.0,
    "日": 24.0,
    "周": 168.0,
    "星期": 168.0,
    "礼拜": 168.0,
    "小时": 1.0,
    "钟头": 1.0,
    "分钟": 1 / 60,
}
_SPAN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|[零一二两三四五六七八九十]+|半)(?:[到至~-](?:\d+|[一二两三四五六七八九十]+))?"
    r"(?P<more>多)?个?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|小时|钟头|分钟)(?P<after>半|以?[上外]|多|开外|以?内|之内)?"
)
_OVER = re.compile(r"超过|多于|大于|不止|早于")
_UNDER = re.compile(r"不到|不足|不满|少于|小于|没到")
_PASSED = re.compile(
    r"(?:开车|发车|开走|车开|开演|开场|开映|入园)(?:了|完|走)*(?:以|之)?后|(?:车|已经|都)(?:经|已)?(?:开走|开了|开演|开场)了?|错过|没赶上|误了(?:车|点|火车|场)"
)
_BIT = 0.05
"""Hours by which "more than" and "less than" miss the edge."""


def lead_hours(normal: str) -> float | None:
    """The hours before the start that a text names, or None; negative once it has begun."""
    if _PASSED.search(normal):
        return -1.0
    spans = list(_SPAN.finditer(normal))
    if len(spans) != 1:
        return None
    found = spans[0]
    hours = _number(found["number"]) + (0.5 if found["half"] or found["after"] == "半" else 0.0)
    hours *= _HOURS[found["unit"]]
    after = found["after"] or ""
    if found["more"] or _OVER.search(normal) or after in {"以上", "上", "以外", "外", "多", "开外"}:
        return hours + _BIT
    return hours - _BIT if _UNDER.search(normal) or after in {"以内", "内", "之内"} else hours


def _number(said: str) -> float:
    """四五 counts as four: what is said is a guess, and its nearer end decides."""
    if said == "半":
        return 0.5
    if said[0].isdecimal():
        return float(said)
    tens, ten, ones = said.rpartition("十")
    if ten:
        return 10.0 * _DIGITS.get(tens[-1:], 1) + _DIGITS.get(ones[:1], 0)
    return float(_DIGITS[said[0]])
