"""Numbers as people write them: 380, 1,280.50, 三百八, 两千三, 1千2, 1.2w, 廿三, 壹仟贰佰."""

import re
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "w": 10_000, "W": 10_000, "k": 1000, "K": 1000, "千": 1000, "百": 100}
_TENS = {"廿": "二十", "卅": "三十"}

PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟贰参俩仨", "一二三四五六七八九十百千二三两三")
"""Capital figures, as on receipts, and 俩, 仨 to the plain ones, character by character."""

HAN = r"[零〇一二两三四五六七八九十百千万廿卅]{1,12}"
"""A pattern for a number in Chinese characters."""
ARABIC = (
    r"(?:\d{1,2}(?:,\d{3}){1,2}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)"
    r"(?:[万千百wWkK](?:[1-9](?![\d.])[千百]?)?)?"
)
"""A pattern for a number in Arabic digits, with a following 万/千/w and a digit after it (1千2, 2万5千)."""
NUMBER = rf"(?:{ARABIC}|{HAN})"

HAN_DECIMAL = rf"{HAN}点[零〇一二三四五六七八九]{{1,2}}"
"""二百九十七点五."""

_ARABIC_PARTS = re.compile(r"([\d,]+(?:\.\d+)?)([万千百wWkK]?)(\d?)([千百]?)")


def parse(said: str) -> Decimal | None:
    """The number that `said` writes, or None where it is none (十百, 三四).

    A last digit without its unit counts tenths of the unit before it, as it is spoken: 三百八 is 380,
    一万二 is 12,000.
    """
    if said[:1].isascii():
        return _arabic(said)
    if said[-1] in "kKwW":
        thousands = han(said[:-1])
        return None if thousands is None else thousands * _BIG[said[-1]]
    whole_part, point, fraction = said.partition("点")
    value = han(whole_part)
    if not point or value is None:
        return value
    digits = digit_string(fraction)
    return value + Decimal(f"0.{digits}") if digits.isdecimal() else None


def _arabic(said: str) -> Decimal | None:
    match = _ARABIC_PARTS.fullmatch(said)
    if match is None:
        return None
    value = Decimal(match[1].replace(",", ""))
    if not match[2]:
        return value
    unit = _BIG[match[2]]
    return value * unit + (int(match[3]) * _BIG.get(match[4], unit // 10) if match[3] else 0)


def han(said: str) -> Decimal | None:
    """A number in Chinese characters, or None where the characters make no number."""
    for short, full in _TENS.items():
        said = said.replace(short, full)
    if len(said) > 1 and all(c in DIGITS for c in said):
        return Decimal(digit_string(said)) if len(said) > 2 or "零" in said or "〇" in said else None
    high, ten_thousand, low = said.rpartition("万")
    if not ten_thousand:
        value = _below_ten_thousand(low)
        return None if value is None else Decimal(value)
    upper = _below_ten_thousand(high)
    if upper is None:
        return None
    if len(low) == 1 and low in DIGITS:
        return Decimal(upper * 10_000 + DIGITS[low] * 1000)
    lower = _below_ten_thousand(low) if low else 0
    return None if lower is None else Decimal(upper * 10_000 + lower)


def _below_ten_thousand(said: str) -> int | None:
    total, digit, last_unit = 0, -1, 10_000
    after_zero = False
    for place, char in enumerate(said):
        if char in DIGITS:
            if digit > 0:
                return None
            digit = DIGITS[char]
            after_zero = after_zero or digit == 0
            continue
        unit = _UNITS.get(char)
        if unit is None or unit >= last_unit:
            return None
        if digit < 0 or (digit == 0 and unit == 10):
            if unit != 10 or (place and said[place - 1] not in "零〇百千"):
                return None
            digit = 1
        total += digit * unit
        digit, last_unit = -1, unit
        after_zero = False
    if digit > 0:
        total += digit * (last_unit // 10 if last_unit in (100, 1000) and not after_zero else 1)
    return total if said else None


def digit_string(said: str) -> str:
    """Digits spoken one by one, written in Arabic digits: 幺二三四 is 1234."""
    return "".join(str(DIGITS[c]) if c in DIGITS else c for c in said)


def whole(said: str) -> int | None:
    """A whole number, or None."""
    value = parse(said)
    return int(value) if value is not None and value == value.to_integral_value() else None
