"""Sums of money in a message: where they stand, what they come to, and how sure that is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from intents.slots import numerals
from intents.slots.extraction import Claims
from intents.slots.money_words import (
    COUNTED_AFTER,
    CUE,
    FOREIGN_AFTER,
    FOREIGN_BEFORE,
    NO_SUM_AFTER,
    SOLD_AFTER,
    VAGUE_AFTER,
    VAGUE_BEFORE,
)
from intents.slots.phrasebook import Hit

_N = rf"(?:{numerals.HAN_DECIMAL}|{numerals.NUMBER}|[一两二三四五六七八九][kKwW])"
_HAN_BIG = r"[一二两三四五六七八九][百千万][零〇一二两三四五六七八九十百千万]{0,8}"
_HAN_TENS = r"[二三四五六七八九]十[一二三四五六七八九]?"
_START = r"(?<![\dA-Za-z第几数])(?<!\d[.:])"
_LIKE_KUAI = r"快(?![递件餐艇车点速捷进报手门乐要到过开了吧些去来把给退])"
"""380快: 快 for 块, as it sounds."""

_STARTS = (
    r"[\d零〇一二两三四五六七八九十百千万廿卅人¥￥$€£a-z港美刀日円欧英镑韩泰铢新台澳加卢里比马林瑞迪越葡]"
)
"""What a sum may start with; elsewhere the pattern is not tried at all."""

_SUM = rf"""
    (?={_STARTS})(?:
      (?:(?<![A-Za-z])(?:RMB|CNY)|人民币|¥|￥)\s?(?P<n1>{_N})(?:元|块钱?)?(?![A-Za-z])
    | (?P<foreign>{FOREIGN_BEFORE}\s?{numerals.ARABIC}|{_N}\s?[多来几]?{FOREIGN_AFTER})
    | {_START}(?P<n2>{_N})(?P<more>[多来几])?\s?
        (?:元(?![旦宵月气素件祖])钱?|(?P<piece>块(?!儿))|圆(?![形珠])|{_LIKE_KUAI}|蚊(?![子香帐])|洋钿
        |(?:rmb|cny)(?![a-z])|r(?![a-z\d]))(?P<u>[钱整])?
        (?:(?:零(?=[1-9一二三四五六七八九][毛角]))?(?P<tail>\d{{1,2}}|[一二三四五六七八九])(?:(?:毛钱?|角)(?:(?P<fen>[1-9一二三四五六七八九])分?
            (?![\d张个折点天号月小时件次排座%块元])|))?
            (?![\d.:张个折点天号月小时分件次排座%人块元十百千]))?
        (?P<more2>多)?
    | {_START}(?![248]k)(?P<wan>[一两三五六七九][wk](?![a-z])
        |\d{{1,4}}(?:\.\d{{1,2}})?(?:[wk万][1-9]千?(?![\d.a-z张个])|[wk](?![a-z])|万(?![人次年步里公达福众能元块])))
    | {_START}(?<![一二两三四五六七八九十])(?P<mao>\d|[一二两三四五六七八九])
        (?:毛(?![病绒巾衣豆线利坯笔不都没也])钱?|(?<!一)角(?![度色落斗]))
    )
"""
_CUED = re.compile(
    rf"{CUE}(?P<n>{numerals.ARABIC}|{numerals.HAN_DECIMAL}|{_HAN_BIG}|{_HAN_TENS}(?!的))(?P<more>[多几来])?{NO_SUM_AFTER}"
)
_SOLD = re.compile(
    rf"(?<![\dA-Za-z第./\-:号之])(?<!今年)(?<!刚满)(?<!今年才)(?P<n>{numerals.ARABIC}|{_HAN_BIG}|{_HAN_TENS})(?P<more>多)?{SOLD_AFTER}"
)
_NAMED = re.compile(
    r"(?:(?<=票)|(?<=话费)|(?<=电费)|(?<=水费)|(?<=油卡))[就才要得]?\s?"
    rf"(?P<n>{_HAN_BIG}|{_HAN_TENS}|[1-9]\d{{1,4}}(?:\.\d{{1,2}})?)(?P<more>多)?{NO_SUM_AFTER}"
)
_FIGURE = r"\d{1,2},\d{3}|(?<![\d.])(?<!\d,)[1-9]\d{1,4}(?:\.\d{1,2})?(?![\d.])"
_THEN = (
    r"(?=$|[\s,，。、;；!?的呢吧]|\d{1,2}张|[一两二三四五六七八九十]{1,2}张"
    r"|[能可不想要还退扣付我凭]|结果|整(?![个天套箱件点夜晚])|一[分毛]|全额?)"
)
_ALONE = re.compile(
    rf"(?:^|(?<=[\s,，。、;；:!?张])|(?<=[\d两三四五六七八个]人)|(?<=[\s,，]是))(?P<n>{_HAN_BIG}|{_HAN_TENS}|{_FIGURE})(?P<more>多)?{_THEN}{COUNTED_AFTER}"
    rf"|(?<![\d./\-:])(?P<cheap>\d{{1,3}}\.\d{{1,2}})(?=包邮)"
)
_SPOKEN = re.compile(
    rf"(?<![\d零一二两三四五六七八九十百千万第几数好])(?P<n>[一二两三四五六七八九][百千][零一二三四五六七八九][百十一二三四五六七八九]{{0,6}})"
    rf"(?P<more>多)?{NO_SUM_AFTER}(?![岁夜强])"
)
_BESIDE = re.compile(
    rf"(?:票|费|了|一[双个台件张份])?[\s,，:]{{0,2}}(?:就|才|要|是|共)?(?P<n>{_HAN_BIG}|{_HAN_TENS}|{_FIGURE})(?P<more>多)?{NO_SUM_AFTER}"
)
_ANSWER = re.compile(rf"{_START}(?P<n>{_N})(?P<more>多)?{NO_SUM_AFTER}")
_NAMED_BY = re.compile(
    r"(?:(?:取票|验证|校验|检票|取件|取货|提货|密|门禁)码|[室栋路]|门口|房间?|(?<![\d一二三四五六七八九十])号|航班|[车班]次|工单|口令|第|限额|额度|岁数|今年)[是为:]?\s?$|(?<![A-Za-z])[A-Z][A-Z\d]?\s$"
)
"""取票码 8842, 房间 1208: the word before says what the number is, and it is no sum."""
_COUNTED_APART = re.compile(
    r"\s(?:周?岁|年级|公里|排|座(?!位)|号|楼|次(?!日)|版|寸|米|斤)|\s?(?:电话|热线|客服)"
)
_SO_MANY_TIMES = re.compile(
    r"(?<![\dA-Za-z.])(?P<n>[1-9]\d{1,3}(?:\.\d{1,2})?)(?:元|块)?\s?[x*×X乘]\s?(?P<k>[2-9])(?:张|$|[\s,，。])"
)
"""280x2."""
_YEAR = re.compile(r"20[2-4]\d")
_ONE_OF_SOMETHING = re.compile(r"[一两1](?![零一二三四五六七八九十百千万\d.])")
"""一句, 一下, 1句: no sum of money, unless it is all that is said."""
_HOTLINES = frozenset(["12306", "12315", "12345", "12301", "10086", "10010", "10000", "95588", "96110"])
_TRADE = re.compile(r"[票买付充订价钱卡单机礼衣鞋餐张退拆扣]|不用送|配送|会员|送来|商家")
_MONTH_AND_DAY = re.compile(r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|0?[1-9])")
_PAYING = re.compile(r"[扣退付花收差少多加补赔到价要]了?我?个?$|只有$")
_MODEL = 100
"""Below this a number after a Latin name is a model: iPhone 15."""
_TOO_MUCH = Decimal(1_000_000)
"""No order costs so much: 1000万 counts coins of a game."""
_NUMERAL = re.compile(f"[0-9一二两三四五六七八九十百千万毛角{''.join(map(chr, numerals.PLAIN))}]")
"""A message without any of these characters names no sum."""
_UNIT = re.compile(
    f"[元块圆快蚊洋万毛角币¥￥$€£a-z{''.join(re.findall('[一-鿿]', FOREIGN_AFTER))}]", re.IGNORECASE
)
"""Without any of these no sum has a unit (`_SUM`)."""
_FIGURE_OR_TENS = re.compile(r"[\d十百千万点]")
"""Without any of these no number is taken for a sum that has no unit, unless a sum was asked for."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money. `value` is None for a foreign currency; `vague` for 五百多; `bare` without any unit."""

    start: int
    end: int
    value: Decimal | None
    vague: bool = False
    bare: bool = False
    beside: bool = False
    """Right beside the thing bought: 动车 99.5."""


def sums(claims: Claims, expecting: str | None, hits: Iterable[Hit]) -> list[Sum]:
    """The sums of money in the characters that nobody has read yet, in the order of the text.

    `hits`: the phrases of the message, for the names of what is bought.
    """
    if not _NUMERAL.search(claims.text):
        return []
    text = claims.text.translate(numerals.PLAIN)
    found: list[Sum] = []
    if any(times in text for times in "xX*×乘"):
        _add(found, _multiplied(text, asked=expecting == "amount"), claims)
    if _UNIT.search(text):
        _add(found, _marked(text), claims)
    if expecting not in ("amount", "received_amount") and not _FIGURE_OR_TENS.search(text):
        return found
    _add(found, _unmarked((_CUED, _SOLD), text), claims)
    if expecting not in ("amount", "received_amount"):
        things = _things(hits)
        _add(found, _beside(text, things), claims)
        _add(found, _guessed(text, bool(things) or claims.claimed("event_time")), claims)
    elif not found:
        _add(found, _unmarked((_ANSWER,), text), claims)
    return sorted(found, key=lambda s: s.start)


def _things(hits: Iterable[Hit]) -> dict[int, bool]:
    """Where the name of something bought ends, and whether a number beside it can only be its price.

    Two 会员 or 300 点券 are counted, too.
    """
    return {hit.end: not hit.names("product", "virtual_goods") for hit in hits if hit.names("product")}


def _add(found: list[Sum], candidates: Iterator[Sum], claims: Claims) -> None:
    for one in candidates:
        if one.value is not None and one.value >= _TOO_MUCH:
            continue
        if claims.free(one.start, one.end) and not any(
            s.start < one.end and one.start < s.end for s in found
        ):
            found.append(one)


def _multiplied(text: str, asked: bool) -> Iterator[Sum]:
    for m in _SO_MANY_TIMES.finditer(text) if asked or _TRADE.search(text) else ():
        yield Sum(m.start("n"), m.end("k"), Decimal(m["n"]) * int(m["k"]))


def _marked(text: str) -> Iterator[Sum]:
    """Sums with their unit: 380块, ¥99.9, 八十块五毛, 1.2w."""
    for m in _sum().finditer(text):
        if m["foreign"]:
            yield Sum(m.start(), m.end(), None)
            continue
        value = numerals.parse(m["n1"] or m["n2"] or m["wan"] or m["mao"])
        if not value or (m["piece"] and _is_a_piece(m, text)):
            continue
        if m["mao"]:
            value /= 10
        if m["tail"]:
            tail = m["tail"]
            value += Decimal(tail) / 100 if len(tail) == 2 else (numerals.parse(tail) or Decimal(0)) / 10
        if m["fen"]:
            value += (numerals.parse(m["fen"]) or Decimal(0)) / 100
        more = bool(m["more"] or m["more2"])
        yield Sum(m.start(), m.end() - bool(m["more2"]), value, _vague(text, m.start(), m.end(), more))


@cache
def _sum() -> re.Pattern[str]:
    """The pattern; it is large, and made when a text first has something of a sum."""
    return re.compile(_SUM, re.VERBOSE | re.IGNORECASE)


def _is_a_piece(m: re.Match[str], text: str) -> bool:
    """一块电池, 两块表: 块 counts pieces, where nothing says that it is money."""
    if m["n2"] not in ("一", "两", "1", "2", "三", "3") or m["u"] or m["tail"]:
        return False
    before, after = text[max(0, m.start() - 4) : m.start()], text[m.end() : m.end() + 1]
    return after in tuple("去来买走玩看退电表屏肉蛋地布板") or not _PAYING.search(before)


def _unmarked(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[Sum]:
    """Numbers without a unit that the words around them make money: 票价380, 580一张."""
    for pattern in patterns:
        for m in pattern.finditer(text):
            value = numerals.parse(m["n"])
            if value and m["n"] not in _HOTLINES and not _bought_on(m) and not _is_counting(m, pattern):
                yield Sum(m.start("n"), m.end("n"), value, _vague_number(m, text))


def _is_counting(m: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """先问一句: a lone 一 counts something, unless it is the whole answer."""
    return pattern is _ANSWER and bool(_ONE_OF_SOMETHING.match(m["n"])) and m.end("n") < len(m.string)


def _bought_on(m: re.Match[str]) -> bool:
    """5.28买的 tells the day."""
    return m.string.startswith("买", m.end("n")) and bool(_MONTH_AND_DAY.fullmatch(m["n"]))


def _beside(text: str, things: Mapping[int, bool]) -> Iterator[Sum]:
    """Numbers right after the name of something bought: 动车 99.5, 台灯一百二."""
    for end, priced in things.items():
        m = _BESIDE.match(text, end)
        value = numerals.parse(m["n"]) if m else None
        if m is None or not value or m["n"] in _HOTLINES or _YEAR.fullmatch(m["n"]):
            continue
        latin = text[end - 1].isascii()
        if _is_a_model(text, m.start("n"), value) or _is_named(text, m.start("n"), m.end("n")):
            continue
        sure = priced and not latin and not _MONTH_AND_DAY.fullmatch(m["n"])
        yield Sum(m.start("n"), m.end("n"), value, _vague_number(m, text), bare=True, beside=sure)


def _guessed(text: str, things: bool) -> Iterator[Sum]:
    """Numbers by themselves: 演唱会门票 580, 三百八."""
    for pattern in (_NAMED, _ALONE, _SPOKEN):
        for m in pattern.finditer(text):
            cheap = pattern is _ALONE and m["cheap"]
            said = "cheap" if cheap else "n"
            value = numerals.parse(m[said])
            spoken = not m[said][0].isdigit()
            if not value or m[said] in _HOTLINES or _YEAR.fullmatch(m[said]):
                continue
            if _is_a_model(text, m.start(said), value) or _is_named(text, m.start(said), m.end(said)):
                continue
            if spoken or cheap or things or _TRADE.search(text):
                yield Sum(m.start(said), m.end(said), value, not cheap and _vague_number(m, text), bare=True)


def _is_a_model(text: str, start: int, value: Decimal) -> bool:
    name = text[max(0, start - 3) : start].rstrip()
    return value < _MODEL and name[-2:].isascii() and name[-2:].isalpha()


def _is_named(text: str, start: int, end: int) -> bool:
    return bool(_NAMED_BY.search(text[max(0, start - 5) : start]) or _COUNTED_APART.match(text, end))


def _vague_number(m: re.Match[str], text: str) -> bool:
    return _vague(text, m.start("n"), m.end("n"), bool(m["more"]))


def _vague(text: str, start: int, end: int, more: bool) -> bool:
    return more or bool(VAGUE_BEFORE.search(text[max(0, start - 4) : start]) or VAGUE_AFTER.match(text, end))
