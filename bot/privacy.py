"""Personal data leaves a text here, before anything is stored or logged.

Masked: mobile numbers, resident identity cards (checksum of GB 11643-1999), bank cards (Luhn, of ISO/IEC
7812-1), e-mail addresses, and the last four digits of a phone where they are named as such. Order numbers
stay.
"""

import hashlib
import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

PHONE, CARD, IDENTITY, EMAIL, TAIL = "[手机号]", "[银行卡号]", "[身份证号]", "[邮箱]", "****"
NO_OPERATOR = "154"
"""The one range of mobile numbers between 150 and 159 that no operator was given."""

_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_WORTH_A_LOOK = re.compile(
    rf"(?:[\d①-⑨⓪][ \u3000\u2010-\u2013\u2212－{_UNSEEN}-]*){{4}}|[@＠]|[一幺][{_UNSEEN}]*[三四五六七八九]"
)
"""Four digits in a row, however set apart, or another sign without which there is nothing to mask."""
_ORDER_WORD = re.compile(r"(?:单号|單號|订单|訂單|订单编号|編號|编号|order)[^\d\n]{0,6}$", re.IGNORECASE)
_CARD_START = re.compile(r"62\d{14,17}|(?:4\d|5[1-5]|35|37|60|81)\d{14}")


_ODD = re.compile(r"[^\D\x00-\x7f]|[①-⑨⓪Ａ-Ｚａ-ｚ＠＋－．＿\u3000\u2010-\u2013\u2212]")


def _plain(found: re.Match[str]) -> str:
    char = found[0]
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    if char == "\u3000":
        return " "
    return chr(ord(char) - 0xFEE0) if ord(char) > 0xFF00 else "-"


def _ascii_digits(text: str) -> str:
    """Digits of every script, and the full-width forms, as ASCII: length kept, so that places stay."""
    return text if text.isascii() else _ODD.sub(_plain, text)


def is_identity_number(text: str) -> bool:
    """Eighteen characters with the check character of GB 11643-1999 (weights 2^(17-i) mod 11)."""
    if not re.fullmatch(r"\d{17}[\dXx]", text, re.ASCII):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def passes_luhn(digits: str) -> bool:
    """The Luhn check of ISO/IEC 7812-1, over a string of digits."""
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def looks_like_card(digits: str) -> bool:
    """Whether it begins, is as long and checks as the numbers that banks and card schemes give out."""
    return bool(_CARD_START.fullmatch(digits)) and passes_luhn(digits)


def _is_card(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 14) : match.start()]
    return passes_luhn(re.sub(r"\D", "", match[0])) and not _ORDER_WORD.search(before)


def _always(match: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Rule:
    token: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = _always


def _rule(token: str, pattern: str, holds: Callable[[re.Match[str]], bool] = _always) -> _Rule:
    return _Rule(token, re.compile(pattern, re.ASCII | re.IGNORECASE), holds)


_DATE = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SPOKEN = "零〇一二三四五六七八九幺"
_CARD_WORD = "(?:卡号|卡號|银行卡|銀行卡|储蓄卡|信用卡|借记卡|工资卡)"
_IDENTITY_WORD = "(?:身份证|身份證|证件|證件)(?:号码|號碼|号|號)?"
_TAIL_WORD = "(?:尾号|尾號|尾数|后四位|後四位|末四位|后4位|末4位)"
_IS = r"[是为為:：\s]{0,3}"
# The group "it" is masked, or else the whole match. Of two that begin at one place, the earlier rule counts.
_RULES = (
    _rule(EMAIL, r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}"),
    _rule(
        IDENTITY,
        rf"(?<!\d)[1-9]\d{{5}} ?{_DATE} ?\d{{3}}[\dx](?![\da-z])",
        lambda m: is_identity_number(m[0].replace(" ", "")),
    ),
    _rule(IDENTITY, rf"{_IDENTITY_WORD}{_IS}(?P<it>\d{{15}}(?:\d{{2}}[\dx])?(?![\da-z]))"),
    _rule(CARD, rf"{_CARD_WORD}{_IS}(?P<it>\d(?:[ -]?\d){{14,18}}(?!\d))"),
    _rule(CARD, r"(?<![\da-z])\d{16,19}(?![\da-z])", _is_card),
    _rule(CARD, r"(?<![\da-z])\d{4}([ -])\d{4}\1\d{4}\1\d{4}\1\d{1,3}(?![\da-z])", _is_card),
    _rule(CARD, r"(?<![\da-z])\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?![\da-z])", _is_card),
    _rule(PHONE, r"(?<!\d)(?:\+?(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    _rule(PHONE, rf"(?<![{_SPOKEN}])[一幺][三四五六七八九][{_SPOKEN}]{{9}}(?![{_SPOKEN}])"),
    _rule(TAIL, rf"{_TAIL_WORD}{_IS}(?P<it>\d{{4}}(?!\d))"),
)
_NUMBERS = tuple(rule for rule in _RULES if rule.token != TAIL)
_IN_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_WIDE = {PHONE: "［手机号］", TAIL: "＊＊＊＊"}


def mask(text: str, keep: Iterable[str] = ()) -> str:
    """The text without personal data; `keep` are order numbers, left as they stand wherever they occur whole.

    Applying it again changes nothing. Linear in the length of the text.
    """
    return _until_stable(text, keep, _RULES, lambda rule, found: rule.token)


def conceal(text: str, keep: Iterable[str] = ()) -> str:
    """The text to be understood: what decides nothing is gone, so that what is stored is understood alike.

    Of a mobile number the last four digits remain, after ones that nobody has; they may prove who ordered.
    Whatever a person writes that looks like a mask, and could be taken for one, is widened. Applying it again
    changes nothing.
    """
    for mark in (PHONE, TAIL):
        if mark in text:
            text = text.replace(mark, _WIDE[mark])
    return _until_stable(text, keep, _NUMBERS, _nobodys)


_Write = Callable[[_Rule, str], str]


def _nobodys(rule: _Rule, found: str) -> str:
    if rule.token != PHONE:
        return rule.token
    digits = re.sub(r"\D", "", found.translate(_IN_DIGITS))
    return f"{NO_OPERATOR}0000{digits[-4:]}"


def _until_stable(text: str, keep: Iterable[str], rules: Iterable[_Rule], write: _Write) -> str:
    while _WORTH_A_LOOK.search(text):
        written = _once(text, keep, rules, write)
        if written == text:
            break
        text = written
    return text


def _once(text: str, keep: Iterable[str], rules: Iterable[_Rule], write: _Write) -> str:
    shadow, places = _shadow(text)
    kept = sorted(place for number in keep for place in _places_of(number, shadow))
    cuts: list[tuple[int, int, int, str]] = []
    for order, rule in enumerate(rules):
        group: str | int = "it" if "it" in rule.pattern.groupindex else 0
        for found in rule.pattern.finditer(shadow):
            start, end = found.span(group)
            if not _inside(kept, start, end) and rule.holds(found):
                cuts.append((start, order, end, write(rule, shadow[start:end])))
    return _cut(text, places, cuts) if cuts else text


def _inside(kept: list[tuple[int, int]], start: int, end: int) -> bool:
    before = bisect_right(kept, (start, sys.maxsize)) - 1
    return before >= 0 and end <= kept[before][1]


def _shadow(text: str) -> tuple[str, list[int] | None]:
    """The text with plain digits and without invisible characters, and where its characters stood."""
    plain = _ascii_digits(text)
    if not _INVISIBLE.search(plain):
        return plain, None
    places = [place for place, char in enumerate(plain) if not _INVISIBLE.match(char)]
    return "".join(plain[place] for place in places), places


def _cut(text: str, places: list[int] | None, cuts: list[tuple[int, int, int, str]]) -> str:
    """Where cuts overlap, the one that begins first has the place, then the earlier rule."""
    parts: list[str] = []
    done = 0
    for start, _, end, token in sorted(cuts):
        first, last = (start, end - 1) if places is None else (places[start], places[end - 1])
        if first >= done:
            apart = " " if token[-1].isdecimal() and text[last + 1 : last + 2].isdecimal() else ""
            between = " " if token[0].isdecimal() and text[done:first][-1:].isdecimal() else ""
            parts += (text[done:first], between, token, apart)
            done = last + 1
    return "".join(parts) + text[done:]


def _places_of(number: str, shadow: str) -> Iterator[tuple[int, int]]:
    """Where the number stands whole, in either case."""
    text, wanted = shadow.lower(), number.lower()
    if len(text) != len(shadow):  # a few letters of other scripts grow when lowered; then only as written
        text, wanted = shadow, number
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        if not (_joins(text[start - 1 : start]) or _joins(text[end : end + 1])):
            yield start, end
        start = text.find(wanted, end)


def _joins(char: str) -> bool:
    return char.isascii() and char.isalnum()


def each_string(data: Any, change: Callable[[str], str]) -> Any:
    """JSON data with every string in it changed; keys stay."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: each_string(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [each_string(value, change) for value in data]
    return data


def order_numbers(text: str, candidates: Iterable[str], asked: bool) -> tuple[str, ...]:
    """Which of the candidates are order numbers beyond doubt.

    One that reads like a bank card counts only where the person was asked for an order or calls it one.
    """
    plain = _ascii_digits(text)
    return tuple(
        number
        for number in candidates
        if asked or not looks_like_card(number) or _ORDER_WORD.search(plain.upper().partition(number)[0])
    )


def hide_tail(text: str, wording: Iterable[str], keep: Iterable[str] = ()) -> str:
    """The text without the four digits, in whichever wording, that prove who ordered; sums and dates stay.

    So do the order numbers in `keep`, in which the same digits may stand.
    """
    for said in wording:
        if said:
            edges = r"(?<![\d.:-]){}(?![\d.:年元块-])" if said.isdecimal() else "{}"
            text = _hide(text, re.compile(edges.format(re.escape(said))), keep)
    return text


def _hide(text: str, tail: re.Pattern[str], keep: Iterable[str]) -> str:
    kept = sorted(place for number in keep for place in _places_of(number, _ascii_digits(text)))
    return tail.sub(lambda found: found[0] if _inside(kept, *found.span()) else TAIL, text)


def pseudonym(name: str) -> str:
    """A person's or conversation's name as it is stored: itself, or a digest where it is personal data."""
    if mask(name) == name:
        return name
    return "hidden-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]
