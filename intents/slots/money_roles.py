"""The order's sums among those of a message: the price, and what came back."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from intents.slots import numerals
from intents.slots.extraction import Claims
from intents.slots.money import Sum, sums
from intents.slots.money_words import AFTER, EACH_AFTER, NO_PRICE_AFTER, WISHED_BEFORE, Role, roles_before
from intents.slots.phrasebook import Hit
from intents.understanding import SlotValue

Priced = tuple[Sum, Role]

_COUNT = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?:张|位|个人)")
_COUNT_BOUGHT = re.compile(r"(?:买|订|抢|拍)了?(?P<n>[俩仨])(?=[\s,，。!?]|$)")
_COUNT_OF = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})张\s?$")
_UNEXPLAINED: frozenset[Role] = frozenset(["open", "bare", "face", "amount"])
_SHORT_ANSWER = 8
"""Characters besides the sum, up to which a message is an answer."""
_SELF_CHARGED = re.compile(
    "会员|(?<!手)续费|自动扣|包月|话费|游戏|充值|皮肤|道具|抽卡|打赏|订阅|开通|[月季年]卡"
)
"""What charges by itself: there 扣了50 is the price."""
_REDUCED = re.compile(r"打[一二三四五六七八九\d.]{1,3}折")
"""原价500打八折: what was paid is another sum."""
_FEN = Decimal("0.01")
_CORRECTION = re.compile(r"不对|错了|更正|应该是|说错|写错|不是")
_POLICY = re.compile(r"限额|额度|多少钱?以[内上下]|超过")
_REFUND_WISH = re.compile(r"退\s?$")
_TRIED = re.compile(r"[^,，。!?]{0,4}(?:提示|弹|显示|报错|失败|说|不让|不成|没反应|点不)")
"""退320提示未实名: what was tried is the whole."""
_NEEDS_CLOCK = re.compile(r"(?:1\d|2[0-3])[0-5]\d")
_DAY = re.compile("[今明后天号日周]|礼拜|星期")
_CLOCK = re.compile(r"[点时:]")
_ABOUT_ORDER = re.compile(r"[退票撤]|取消|不用送|配送")
_DENIED = re.compile(r"(?<![是要能])(?:不是|并非|不退|别退)(?:那|这)?[张个]?\s?$")
"""退260那张，不是380那张."""
_THE_DIFFERENCE = re.compile(r"(?:那|剩下的?|其余的?|差的)\s?$")
_ASKED_FOR = re.compile(r"钱?\s?(?:呢|去|被|谁|没|哪|怎么|为|凭|跑)")
"""那五块呢: the difference, not the price."""
_OF_A_TICKET = re.compile(r"[块元]?的(?:票|门票|车票|机票)")
_KEPT_BEFORE = re.compile(r"(?:被[扣收]了?|扣了|收了|扣掉|扣走)我?\s?$")
_KEPT_AFTER = re.compile(r"\s?(?:的|钱)?(?:退票|改签)?(?:手续|服务|退票|违约)[费金]")
"""被扣了57块手续费: what was kept, told as what it was kept for."""
_CLAUSE_END = re.compile(r"[,，。!?;；、]")


def read_money(claims: Claims, expecting: str | None, hits: Iterable[Hit]) -> dict[str, SlotValue]:
    """`amount` and `received_amount`; every sum of the message is claimed under what it is.

    Price for one and number of pieces both said (三百八一张, 两张): the total, surely. 两张380的票 may mean
    either:
    the total, to be asked back. What was kept (扣了57) makes the price less it the sum that came back.
    """
    text = claims.text
    found = sums(claims, expecting, hits)
    if not found:
        return {}
    priced = _roles(found, text, expecting)
    _claim(claims, priced)
    priced = [(s, role) for s, role in priced if s.value is not None]
    priced = [
        (s, "received_amount" if role in _UNEXPLAINED and _is_the_rest(s, priced, text) else role)
        for s, role in priced
    ]
    slots: dict[str, SlotValue] = {}
    price = _price(priced, text, _is_placed(claims, hits))
    if price is not None:
        slots["amount"] = price
    received = [s for s, role in priced if role == "received_amount"]
    if received:
        slots["received_amount"] = _one_of(text, received)
    elif price is not None:
        slots |= _less_deduction(price, priced, text)
    return slots


def _roles(found: list[Sum], text: str, expecting: str | None) -> list[Priced]:
    """The role of every sum; 扣个十块八块 is one guess at a sum, said in two."""
    priced: list[Priced] = []
    for s in found:
        if len(found) > 1 and _DENIED.search(text[max(0, s.start - 5) : s.start]):
            priced.append((s, "money"))
            continue
        said_on = priced and priced[-1][0].end == s.start and priced[-1][1] == "deducted"
        priced.append((s, "deducted" if said_on else _role(s, text, expecting)))
    return priced


def _is_placed(claims: Claims, hits: Iterable[Hit]) -> bool:
    """True where the message tells what was bought, when it takes place or that it goes back.

    A lone figure beside that is the price: 动车 后天9:40 217.
    """
    if claims.claimed("event_time"):
        return True
    products = [hit for hit in hits if hit.names("product")]
    if any(hit.names("product", "virtual_goods") for hit in products):
        return False
    return bool(products) or _ABOUT_ORDER.search(claims.text) is not None


def _role(s: Sum, text: str, expecting: str | None) -> Role:
    """By the words around the sum; where they tell nothing, a short message means what was asked."""
    role = _role_by_words(s, text)
    short = len(text) - (s.end - s.start) <= _SHORT_ANSWER
    if role not in ("bare", "open", "face", "expected") or not short:
        return role
    if expecting == "amount":
        return "amount"
    return "received_amount" if expecting == "received_amount" else role


def _role_by_words(s: Sum, text: str) -> Role:
    before = _CLAUSE_END.split(text[max(0, s.start - 12) : s.start])[-1]
    after = text[s.end : s.end + 8]
    if _THE_DIFFERENCE.search(before) and _ASKED_FOR.match(after):
        return "money"
    if _KEPT_BEFORE.search(before) and _KEPT_AFTER.match(after):
        return "deducted"
    if _REFUND_WISH.search(before) and _TRIED.match(after):
        return "amount"
    (_, no_price), *others = roles_before()
    if NO_PRICE_AFTER.match(after) or no_price.search(before):
        return "money"
    if EACH_AFTER.match(after):
        return "each"
    for role, pattern in others if before else ():
        if role == "received_amount" and (WISHED_BEFORE.search(before) or _OF_A_TICKET.match(after)):
            continue
        if pattern.search(before):
            return role
    for role, pattern in AFTER:
        if pattern.match(after):
            return role
    return "bare" if s.bare else "open"


def _is_the_rest(s: Sum, priced: Iterable[Priced], text: str) -> bool:
    """1000块退640: after a larger sum, 退 tells what came back."""
    if s.value is None or not _REFUND_WISH.search(text[: s.start]):
        return False
    return any(
        other.value is not None and other.end < s.start and other.value > s.value for other, _ in priced
    )


def _claim(claims: Claims, priced: Iterable[Priced]) -> None:
    for s, role in priced:
        kind = role if role in ("received_amount", "deducted", "money") else "amount"
        claims.take("foreign_money" if s.value is None else kind, s.start, s.end)


def _price(priced: Iterable[Priced], text: str, placed: bool) -> SlotValue | None:
    by_role: dict[Role, list[Sum]] = {}
    for s, role in priced:
        by_role.setdefault(role, []).append(s)
    if "total" in by_role:
        return _one_of(text, by_role["total"])
    if "charged" in by_role:
        return _one_of(text, by_role["charged"], "several" if "face" in by_role else None)
    if "amount" in by_role:
        return _one_of(text, by_role["amount"])
    if "each" in by_role:
        return _times_count(text, by_role["each"])
    if "listed" in by_role:
        return _one_of(text, by_role["listed"], "several" if _REDUCED.search(text) else None)
    if "deducted" in by_role and _SELF_CHARGED.search(text):
        return _one_of(text, by_role["deducted"])
    unexplained = by_role.get("open") or by_role.get("face") or by_role.get("bare")
    if unexplained:
        return _unexplained_price(text, unexplained, placed)
    if "expected" in by_role:
        return _one_of(text, by_role["expected"], "several")
    return None


def _unexplained_price(text: str, among: list[Sum], placed: bool) -> SlotValue | None:
    """A sum that no word explains is the price, unless limits are the talk.

    A bare 380 is asked back where nothing is said of the thing that it may be the price of.
    """
    if _POLICY.search(text):
        return None
    first = among[0]
    if text[: first.start].endswith("退"):
        return _one_of(text, among, "several")
    before = text[first.start - 1 : first.start]
    if len(among) == 1 and (first.beside or placed) and not _may_be_a_clock(first, text):
        return _one_of(text, among)
    guess = first.bare and (before == "张" or (text[first.start].isdigit() and before not in ("票", "费")))
    return _one_of(text, among, "bare" if guess else None)


def _may_be_a_clock(s: Sum, text: str) -> bool:
    """明天的高铁 1430: an hour is still missing, and this may be it."""
    clock_like = s.bare and _NEEDS_CLOCK.fullmatch(text[s.start : s.end]) is not None
    return clock_like and not _CLOCK.search(text) and _DAY.search(text) is not None


def _less_deduction(price: SlotValue, priced: Iterable[Priced], text: str) -> dict[str, SlotValue]:
    kept = [s for s, role in priced if role == "deducted" and "了" in text[max(0, s.start - 4) : s.start]]
    if len(kept) != 1 or kept[0].value is None or kept[0].value >= Decimal(price.value):
        return {}
    rest = Decimal(price.value) - kept[0].value
    sure = price.certain and not kept[0].vague
    said, start, end = text[kept[0].start : kept[0].end], kept[0].start, kept[0].end
    doubt = None if sure else "vague"
    return {"received_amount": SlotValue(str(rest.quantize(_FEN)), said, start, end, sure, doubt)}


def _times_count(text: str, among: list[Sum]) -> SlotValue:
    one = among[0]
    counts = {
        numerals.whole(m["n"])
        for m in (*_COUNT.finditer(text), *_COUNT_BOUGHT.finditer(text))
        if m.start() >= one.end or m.end() < one.start
    } - {None, 1}  # fmt: skip
    if len(counts) != 1 or one.value is None or len({s.value for s in among}) > 1:
        return _one_of(text, among)
    whole = Sum(one.start, one.end, one.value * (counts.pop() or 1), one.vague)
    return _one_of(text, [whole])


def _one_of(text: str, among: list[Sum], doubt: str | None = None) -> SlotValue:
    """One sum as a slot's value: of several the corrected one, else the first, and a doubt."""
    corrected = len(among) > 1 and _CORRECTION.search(text[max(0, among[0].start - 5) : among[-1].start])
    chosen = among[-1 if corrected else 0]
    value = chosen.value or Decimal(0)
    count = _COUNT_OF.search(text[max(0, chosen.start - 4) : chosen.start])
    number = numerals.whole(count["n"]) if count and text.startswith("的", chosen.end) else None
    if number is not None and number > 1 and len(among) == 1:
        value, doubt = value * number, "several"
    if chosen.vague:
        doubt = "vague"
    elif not corrected and len({s.value for s in among}) > 1:
        doubt = doubt or "several"
    written = str(value.quantize(_FEN, ROUND_HALF_UP))
    return SlotValue(written, text[chosen.start : chosen.end], chosen.start, chosen.end, doubt is None, doubt)
