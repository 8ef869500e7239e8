"""Sums of money in a message: where they stand, what they come to, and how sure that is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from intents.slots import numerals
from intents.slots.extraction import Claims

_N = numerals.NUMBER
_HAN_BIG = r"[一二两三四五六七八九][百千万][零〇一二两三四五六七八九十百千万]{0,8}"
_FOREIGN = (
    r"港币|港元|港纸|美元|美金|美刀|刀(?![削具片])|日元|日币|円|欧元|英镑|镑|韩元|韩币|泰铢|铢|新币|新加坡元|台币|新台币|澳元|澳币|加元|加币|卢布|里拉"
    r"|卢比|马币|林吉特|瑞郎|迪拉姆|越南盾|比索|usd|hkd|jpy|eur|gbp|krw|thb|sgd|twd|aud|cad|myr|澳门元|澳门币|葡币"
)
_VAGUE_BEFORE = re.compile(
    r"(?:大概|大约|差不多|将近|接近|约|快|上下|左右|不到|至少|最多|超过|顶多|好像是?|可能|也就)\s?$"
)
_VAGUE_AFTER = re.compile(r"多(?!扣|收|少|付)|来块|来元|几|\s?(?:左右|上下|出头|以上|以内|以下)")
_COUNTERS = "张个位天次分点小时号月年日%折件条排座区楼人度级份箱斤米寸码倍遍秒周星期礼拜成辆双瓶盒袋包台部套把本支颗粒间层届届岁班路栋代代步代集季股克吨升瓦兆里积"
_NOT_A_SUM = rf"(?![\d:/\-~%A-Za-z]|\.\d|,\d{{3}}(?!\d)|[多几来]?[{_COUNTERS}]|[多几]?个|多?(?:小时|分钟|工作日)|到\d|[点.]\d|[一二三四五六七八九十百千])"

_SUM = re.compile(
    rf"""
      (?P<sign>(?:(?<![A-Za-z])(?:RMB|CNY|rmb|cny)|人民币|¥|￥)\s?(?P<n1>{_N}))(?:元|块钱?)?
    | (?P<foreign>(?:(?:{_FOREIGN}|\$|€|£|HK\$|US\$)\s?{numerals.ARABIC}|{_N}\s?(?:多|来|几)?(?:{_FOREIGN}|\$|€|£)))
    | (?<![\dA-Za-z第.])(?P<n2>{_N})(?P<more>[多来几])?\s?(?:元(?!旦|宵|月|气|素|件|祖)钱?|块(?!儿)|圆(?![形珠]))(?P<u>钱|整)?
        (?:(?P<tail>\d{{1,2}}|[一二三四五六七八九])(?:毛钱?|角)?(?![\d.:张个折点天号月小时分件次:排座%人块元十百千]))?(?P<more2>多)?
    | (?<![\dA-Za-z第.])(?P<wan>\d{{1,4}}(?:\.\d{{1,2}})?(?:[wW](?![A-Za-z])|万(?![人次年步里公达福众能元块])))
    | (?<![\dA-Za-z第.])(?P<mao>\d|[一二两三四五六七八九])(?:毛(?![病绒巾衣豆线利坯笔不都没也])钱?|角(?!度|色|落|斗))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CUES = (
    "付了?|涨到|全款|实付|实际支付|支付了?|花了?|票价|票面价?|票钱|总价|原价|单价|全价|售价|价格|价钱|价|金额|总额|总共|一共|总计|共计|合计|共|面额|收了?我?|扣款|扣了?|罚了?"
    "|退了?|退回来?|退还|返了?|到账|收到|回来|进了|拿回|变成|满打满算|应该|应退|实退|应该退|该退|少了|少退了?|少|差了?|充了?|打赏了?|交了?|买的?时候|买了?|卖|要价|标价|扣费|退款"
)
_CUED = re.compile(
    rf"(?:{_CUES})(?:我|了|的|是|为|:|才|就|只|给|他|您|才给|只有|都|整整|成|出去)*\s?(?P<n>{numerals.ARABIC}|{_HAN_BIG}|[二三四五六七八九]十[一二三四五六七八九]?(?!的))"
    rf"(?P<more>[多几来])?{_NOT_A_SUM}"
)
_CUED_AFTER = re.compile(
    rf"(?<![\dA-Za-z第./\-:号])(?P<n>{numerals.ARABIC}|{_HAN_BIG})(?P<more>多)?(?=\s?(?:的(?:票|高铁|动车|门票|座|那[张档场]|档|机票|电影)|那?[一每]张|/张|那?一?档|一位|一个人|每位|每人|(?:块|元)?买的|/人))"
)
_ALONE = re.compile(
    rf"(?:^|(?<=[\s,，。、;;:张]))(?P<n>{_HAN_BIG}|[二三四五六七八九]十[一二三四五六七八九]?|(?<![\d.])[1-9]\d{{1,4}}(?:\.\d{{1,2}})?)(?P<more>多)?(?=$|[\s,，。、;;!?的呢吧])(?!的?[{_COUNTERS}])"
)
_NAMED = re.compile(rf"(?:(?<=票)|(?<=话费)|(?<=电费)|(?<=水费)|(?<=油卡))(?:就|才|要|得)?\s?(?P<n>{_HAN_BIG}|[1-9]\d{{1,4}}(?:\.\d{{1,2}})?)(?P<more>多)?{_NOT_A_SUM}")
_HOTLINES = frozenset(["12306", "12315", "12345", "12301", "10086", "10010", "10000", "95588", "96110"])
_TRADE = re.compile(r"票|买|付|充|订|价|钱|卡|会员|单|机|礼|送来|衣|鞋|餐")
_ANSWER = re.compile(rf"(?<![\dA-Za-z第.])(?P<n>{_N})(?P<more>多)?{_NOT_A_SUM}")
TRIGGERS = frozenset("0123456789一二两三四五六七八九十百千万毛角")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money. `value` is None for a foreign currency; `vague` for 五百多; `bare` where no unit was said."""

    start: int
    end: int
    value: Decimal | None
    vague: bool = False
    bare: bool = False


def sums(claims: Claims, expecting: str | None) -> list[Sum]:
    """The sums of money in the characters that nobody has read yet, in the order of the text."""
    text = claims.text
    if TRIGGERS.isdisjoint(text):
        return []
    found: list[Sum] = []
    for candidate in (*_marked(text), *_cued(text)):
        if claims.free(candidate.start, candidate.end) and not any(
            _overlap(candidate, other) for other in found
        ):
            found.append(candidate)
    asked = expecting in ("amount", "received_amount")
    for candidate in () if asked and found else _alone(text, asked):
        if claims.free(candidate.start, candidate.end) and not any(_overlap(candidate, other) for other in found):
            found.append(candidate)
    return sorted(found, key=lambda s: s.start)


def _overlap(one: Sum, other: Sum) -> bool:
    return one.start < other.end and other.start < one.end


def _marked(text: str) -> Iterator[Sum]:
    for m in _SUM.finditer(text):
        if m["foreign"]:
            yield Sum(m.start(), m.end(), None)
            continue
        said = m["n1"] or m["n2"] or m["wan"] or m["mao"]
        value = numerals.parse(said)
        if value is None or (m["n2"] and _is_a_piece(m, text)):
            continue
        if m["mao"]:
            value /= 10
        if m["tail"]:
            tail = m["tail"]
            value += Decimal(tail) / 100 if len(tail) == 2 else (numerals.parse(tail) or Decimal(0)) / 10
        end = m.end() - (1 if m["more2"] else 0)
        yield Sum(m.start(), end, value, _vague(text, m.start(), m.end(), bool(m["more"] or m["more2"])))


def _is_a_piece(m: re.Match[str], text: str) -> bool:
    """一块电池, 两块表: 块 counts pieces, where nothing says that it is money."""
    if m["n2"] not in ("一", "两", "1", "2", "三", "3") or "块" not in m[0] or m["u"] or m["tail"]:
        return False
    before, after = text[max(0, m.start() - 4) : m.start()], text[m.end() : m.end() + 1]
    return (
        not re.search(r"[扣退付花收差少多加补赔到价要]了?我?$|只有$", before) or after in "电表屏肉蛋地布板"
    )


def _vague(text: str, start: int, end: int, more: bool) -> bool:
    return more or bool(
        _VAGUE_BEFORE.search(text[max(0, start - 4) : start]) or _VAGUE_AFTER.match(text, end)
    )


def _cued(text: str) -> Iterator[Sum]:
    for pattern in (_CUED, _CUED_AFTER):
        for m in pattern.finditer(text):
            value = numerals.parse(m["n"])
            if value is not None and m["n"] not in _HOTLINES:
                yield Sum(m.start("n"), m.end("n"), value, _vague(text, m.start("n"), m.end("n"), bool(m["more"])))


def _alone(text: str, asked: bool) -> Iterator[Sum]:
    """A number by itself: surely money as the answer to the question for it; else a guess, spoken shorthand aside."""
    if asked:
        for m in _ANSWER.finditer(text):
            value = numerals.parse(m["n"])
            if value is not None:
                yield Sum(m.start("n"), m.end("n"), value, _vague(text, m.start("n"), m.end("n"), bool(m["more"])))
        return
    for pattern in (_NAMED, _ALONE):
        for m in pattern.finditer(text):
            value = numerals.parse(m["n"])
            spoken = not m["n"][0].isdigit()
            if value is not None and m["n"] not in _HOTLINES and (spoken or _TRADE.search(text)):
                yield Sum(m.start("n"), m.end("n"), value, _vague(text, m.start("n"), m.end("n"), bool(m["more"])), True)
