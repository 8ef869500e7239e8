"""What a sum is: the price, what came back, what was kept, or none of the order's sums."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from intents.slots import numerals
from intents.slots.extraction import Claims
from intents.slots.money import Sum, sums
from intents.understanding import SlotValue

Role = Literal[
    "amount", "total", "each", "received_amount", "deducted", "expected", "charged", "face", "money", "open"
]

_BEFORE: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("money", re.compile(
        r"(?:(?<![话电水网气房])费|缺的?|加价.{0,5}|多花了?|多付了?|手续费|服务费|配送费|送票费|快递费|运费|邮费|退票费|差价|差额|优惠了?|优惠券|红包|立减|满|抵扣?|抵了|补贴|赔付?|赔偿|赔了|最多|最高|上限|限额|额度|超过|不到|低于|高于|加价|加了?|补|违约金|利息|押金|折旧费|夜间费|工本费|税费?都?交?|税|保险费?|保费|险|便宜|少了|少退了?|少|差了?|差着|多扣了?|多收了?|另收|再收|再加|每天|月租|补差|返现|券|面值|余额|定金|转换费|无门槛)(?:的|是|要|得|了|我|那|约|大概|就|为|:|退|花|收|付|只|才|扣|最多|那|给)*\s?$")),
    ("money", re.compile(r"(?:赔付?|赔偿|退款|补偿)[^,，。]{0,6}(?:一共|总共|共|总计|合计)\s?$")),
    ("expected", re.compile(r"(?:实际应该?|应该是|应该|应该?退|该退|本该退|应该给|理应退|说退|答应退|说好退|申请退|申请退款|要退)(?:我|给我|的是|是)*\s?$")),
    ("received_amount", re.compile(
        r"(?:实退|只退|才退|就退|仅退|退给我|退我|退回来?|退回到卡|退还|退了|返了|返还|返回|到账|到帐|入账|收到|回来|打回来?|打给我|拿回来?|只拿到|只回|只到|才到|只来|只进|进了|变成|退返|实际到|给退|只给|才给|手机上|退款到)(?:了|我|的|是|才|就|只|只有|给我|来|钱|退款|有|为|:)*\s?$")),
    ("charged", re.compile(r"充[^,，。]{1,6}却扣了?我?\s?$")),
    ("deducted", re.compile(r"(?:扣了?|扣掉|扣除|扣我|收了|收我|收|罚了?|扣费|被扣|扣走|吃了|砍了)(?:我|了|掉|的|是|走)*\s?$")),
    ("total", re.compile(r"(?:一共|总共|总计|共计|合计|加起来|总价|总额|共)(?:是|花了?|付了?|要|就|才|为|:|买了?)*\s?$|[张个位人](?:票)?共\s?$")),
    ("face", re.compile(r"(?:充了?|充值了?|面额|买了?个?|充的?)\s?$")),
    ("amount", re.compile(
        r"(?:实付|全款|涨到|付了?|付款|支付了?|花了?|票价|票面价?|票钱|原价|单价|全价|售价|价格|价钱|价|金额|面额|打赏了?|交了?|买的?时候|卖|标价|扣款|消费|刷了|买的)(?:是|为|:|了|的|我|钱|出去|就|才|都|整整)*\s?$")),
)  # fmt: skip
_AFTER: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("money", re.compile(
        r"\s?(?:的)?(?:手续费|服务费|配送费|送票费|运费|邮费|快递费|退票费|差价|优惠|红包|券|代金券|保险|补偿|赔偿|违约金|押金|定金|利息|加价|立减|满减|以内|以下|以上|额度|限额|话费券|抵用|补贴|封顶|起步|起退)")),
    ("each", re.compile(r"\s?(?:一张|每张|/张|那?一?档|一位|一个人|每人|每位|/人|一人|1张|一份|一件|一箱|单张|那张)")),
    ("received_amount", re.compile(r"\s?(?:到账|到了(?!没)|回来|退回来|的?退款(?:到|收))")),
    ("amount", re.compile(r"\s?(?:的(?:票|高铁|动车|门票|机票|座|电影|车票)|买的|票价|的那[张场]|的?单)")),
)  # fmt: skip
_COUNT = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?:张|位|个人)")
_COUNT_OF = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})张\s?$")
_FEN = Decimal("0.01")
_CORRECTION = re.compile(r"不对|错了|更正|应该是|说错|写错|不是")
_POLICY = re.compile(r"限额|额度|多少钱?以[内上下]|没实名|未实名|没认证|超过")
_REFUND_WISH = re.compile(r"退\s?$")


def read_money(claims: Claims, expecting: str | None) -> dict[str, SlotValue]:
    """`amount` and `received_amount`; every sum of the message is claimed under what it is.

    Price for one and number of pieces both said (三百八一张, 两张): the total, surely. 两张380的票 may mean either:
    the total, to be asked back. What was kept (扣了57) makes the price less it the sum that came back.
    """
    text = claims.text
    found = sums(claims, expecting)
    if not found:
        return {}
    roles = [_role(s, text, expecting) for s in found]
    _claim(claims, found, roles)
    slots: dict[str, SlotValue] = {}
    priced = [(s, r) for s, r in zip(found, roles, strict=True) if s.value is not None]
    priced = [(s, _rest_of(s, priced, text) or r) for s, r in priced]
    price = _price(priced, text)
    if price is not None:
        slots["amount"] = price
    received = [s for s, r in priced if r == "received_amount"]
    if received:
        slots["received_amount"] = _slot(text, received, received[-1 if _corrected(text, received) else 0])
    elif price is not None:
        kept = [s for s, r in priced if r == "deducted" and "了" in text[max(0, s.start - 4) : s.start]]
        if len(kept) == 1 and kept[0].value is not None and kept[0].value < Decimal(price.value):
            rest = Decimal(price.value) - kept[0].value
            sure = price.certain and not kept[0].vague
            said = text[kept[0].start : kept[0].end]
            slots["received_amount"] = SlotValue(
                str(rest.quantize(_FEN)), said, kept[0].start, kept[0].end, sure, None if sure else "vague"
            )
    return slots


def _rest_of(s: Sum, priced: list[tuple[Sum, Role]], text: str) -> Role | None:
    """1000块退640: after a larger sum, 退 tells what came back."""
    if not _REFUND_WISH.search(text[: s.start]) or s.value is None:
        return None
    larger = any(o.value is not None and o.end < s.start and o.value > s.value for o, _ in priced)
    return "received_amount" if larger else None


def _role(s: Sum, text: str, expecting: str | None) -> Role:
    before, after = text[max(0, s.start - 12) : s.start], text[s.end : s.end + 8]
    before = re.split(r"[,，。!?;；、]", before)[-1]
    if expecting in ("amount", "received_amount") and len(text) - (s.end - s.start) <= 6:
        return "amount" if expecting == "amount" else "received_amount"
    if _AFTER[0][1].match(after):
        return "money"
    for role, pattern in (_BEFORE[0], _AFTER[1], *_BEFORE[1:]):
        if pattern.search(before) if (role, pattern) in _BEFORE else pattern.match(after):
            return role
    for role, pattern in _AFTER[2:]:
        if pattern.match(after):
            return role
    return "bare" if s.bare else "open"


def _claim(claims: Claims, found: list[Sum], roles: list[Role]) -> None:
    kinds = {"received_amount": "received_amount", "deducted": "deducted", "money": "money"}
    for s, role in zip(found, roles, strict=True):
        kind = "foreign_money" if s.value is None else kinds.get(role, "amount")
        claims.take(kind, s.start, s.end)


def _price(priced: list[tuple[Sum, Role]], text: str) -> SlotValue | None:
    by_role: dict[str, list[Sum]] = {}
    for s, role in priced:
        by_role.setdefault(role, []).append(s)
    for role in ("total", "charged", "amount"):
        if role in by_role:
            chosen = by_role[role]
            doubt = "several" if role == "charged" and "face" in by_role else None
            return _slot(text, chosen, chosen[-1 if _corrected(text, chosen) else 0], doubt)
    if "each" in by_role:
        return _times_count(text, by_role["each"])
    for role in ("open", "face", "bare"):
        if role in by_role:
            return _open_price(text, by_role[role])
    if "expected" in by_role:
        return _slot(text, by_role["expected"], by_role["expected"][0], "several")
    return None


def _open_price(text: str, chosen: list[Sum]) -> SlotValue | None:
    """A sum that no word explains: the price, unless the message talks of limits."""
    if _POLICY.search(text):
        return None
    first = chosen[-1 if _corrected(text, chosen) else 0]
    if _REFUND_WISH.search(text[: first.start]):
        return _slot(text, chosen, first, "several")
    return _slot(text, chosen, first, "bare" if first.bare and _only_a_number(text, first) else None)


def _only_a_number(text: str, s: Sum) -> bool:
    """380 by itself could be anything; 三百八 and 票380 are prices."""
    return text[s.start].isdigit() and text[s.start - 1 : s.start] not in ("票", "费") or "张" in text[s.start - 1 : s.start]


def _corrected(text: str, chosen: list[Sum]) -> bool:
    return len(chosen) > 1 and bool(_CORRECTION.search(text[max(0, chosen[0].start - 5) : chosen[-1].start]))


def _times_count(text: str, chosen: list[Sum]) -> SlotValue | None:
    one = chosen[0]
    around = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    counts = {
        numerals.whole(m["n"])
        for m in _COUNT.finditer(around)
        if m.start() > one.end + 2 or m.end() < one.start
    }
    counts -= {None, 1}
    if len(counts) != 1 or one.value is None:
        return _slot(text, chosen, one)
    count = counts.pop() or 1
    whole = Sum(one.start, one.end, one.value * count, one.vague)
    return _slot(text, [whole], whole)


def _slot(text: str, among: list[Sum], chosen: Sum, doubt: str | None = None) -> SlotValue:
    if chosen.value is None:
        raise ValueError("a foreign sum is no slot value")
    value = chosen.value
    count = _COUNT_OF.search(text[max(0, chosen.start - 4) : chosen.start])
    if count and len(among) == 1 and text.startswith("的", chosen.end):
        number = numerals.whole(count["n"])
        if number is not None and number > 1:
            value, doubt = value * number, "several"
    if chosen.vague:
        doubt = "vague"
    elif doubt is None and len({s.value for s in among}) > 1 and not _corrected(text, among):
        doubt = "several"
    written = str(value.quantize(_FEN, ROUND_HALF_UP))
    return SlotValue(written, text[chosen.start : chosen.end], chosen.start, chosen.end, doubt is None, doubt)
