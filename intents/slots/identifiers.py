"""Numbers that name something: orders, phones, cards. Read first, lest they be taken for money."""

import re

from intents.slots import numerals
from intents.slots.extraction import Claims
from intents.understanding import SlotValue

_LABELLED = re.compile(
    r"(?P<label>订单(?:编?号码?)?|(?<![递运流保货工修航])单号|(?<![品型])编号|交易号|流水号|order\s?(?:no\.?|id|number|#)?)\s?"
    r"(?:是|为|叫|:|#|=)?\s?(?P<id>[A-Za-z0-9](?:[A-Za-z0-9\-]{2,30})[A-Za-z0-9])(?![A-Za-z0-9])(?!元|块|张|个|月|年)",
    re.IGNORECASE,
)
_IN_GROUPS = re.compile(
    r"(?:订单(?:编?号码?)?|(?<![递运流保货工修航])单号)\s?(?:是|为|叫|:|#)?\s?"
    r"(?P<id>(?:[A-Za-z]{1,4} ?)?\d{4}(?: \d{4}){1,7})(?!\d| \d{4}(?!\d)|\s?[元块.])"
)
"""订单号 E 2024 1188 2331: read off in fours."""
_SPOKEN = re.compile(
    r"(?:订单(?:编?号码?)?|(?<![递运流保货工修航])单号)\s?(?:是|为|:)?\s?(?P<id>[零〇一二三四五六七八九幺]{6,20})"
)
_OTHER_LABELLED = re.compile(
    r"(?:快递单号?|运单号?|物流单号?|保单号?|退货单号?|工单号?|修单号|航班号|券号|卡密|序列号|投诉编号|投诉)\s?(?:是|为|:)?\s?(?P<id>[A-Za-z0-9\-]{5,32})",
)
_BARE = re.compile(
    r"(?<![A-Za-z0-9.\-])(?:[A-Za-z]{1,6}\d{6,30}|\d{10,32}|(?=[A-Z0-9]{0,11}\d)(?=[A-Z0-9]{0,11}[A-Z])[A-Z0-9]{12})(?![A-Za-z0-9.])"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ \-]?)?(1[3-9]\d)[ \-]?(\d{4}|\*{4})[ \-]?(\d{4})(?!\d)")
_ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_NAMED_ID_CARD = re.compile(r"身份证(?:号码?|件号)?\s?(?:是|为|:)?\s?(?P<id>\d{15,17}[\dXx])(?!\d)")
_BANK_CARD = re.compile(
    r"(?:卡号|银行卡|信用卡|储蓄卡|账号)\s?(?:是|为|:)?\s?(?P<id>(?:\d[ \-]?){15,18}\d)(?!\d)"
)
_DIGIT = r"[\d零〇一二三四五六七八九幺]"
_TAIL = re.compile(
    rf"(?P<whose>[^,，。!?;\s]{{0,6}}?)\s?(?:尾号|尾数|尾码|(?:后|末|最后)(?:的)?(?:四|4|几)位(?:数字?|号码)?|末尾)\s?(?:是|为|:|号码|应该是|好像是)*\s?"
    rf"(?P<tail>(?:{_DIGIT} ?){{3}}{_DIGIT})(?!{_DIGIT})"
)
_TAIL_AFTER = re.compile(r"(?<!\d)(?P<tail>\d{4})(?:结尾|尾号)")
_NOT_PHONE = re.compile(r"订单|卡|单号?|身份证|快递|车牌|信用|储蓄|银行")
_OWN_PHONE = re.compile(
    r"(?:下单|预留|绑定|注册|购票|订票|我的?)?(?:用的)?(?:手机号?码?|电话号?码?|号码)(?:是|为|:)?\s?$"
)
_OWN_AFTER = re.compile(
    r"\s?(?:就?是我的|(?:就?是)?我的?(?:手机|电话)?号?|这个(?:手机|电话)?号码?(?:下|订|买|购|注册))(?!朋友|老公|老婆|妈|爸)"
)
_WRONG_PHONE = re.compile(r"错|成了?|充到|充给|旧|前任|别人")
_ANSWER_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]{3,30})[A-Za-z0-9]")
_ON_THE_RADIO = str.maketrans("洞拐勾", "零七九")
"""How soldiers and railwaymen call out digits."""
_ANSWER_TAIL = re.compile(rf"(?<!{_DIGIT})(?:{_DIGIT}[ ]?){{3}}{_DIGIT}(?!{_DIGIT}|[年/.-]\d|年)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def read_identifiers(claims: Claims, expecting: str | None) -> dict[str, SlotValue]:
    """`order_id` and `phone_tail`; phones and cards are claimed so that nobody else reads them."""
    slots: dict[str, SlotValue] = {}
    text = claims.text
    if claims.digits:
        _read_order(claims, slots)
        _claim_private(claims, slots, expecting)
        _read_bare_order(claims, slots, expecting)
    if "单" in text:
        for match in _SPOKEN.finditer(text):
            _take_order(claims, slots, match.start("id"), match.end("id"))
    if "尾" in text or "位" in text or "末" in text:
        _read_tail(claims, slots)
    if expecting == "phone_tail" and "phone_tail" not in slots:
        tail = _ANSWER_TAIL.search(text.translate(_ON_THE_RADIO))
        if tail and len(text) <= 20 and claims.take("phone_tail", tail.start(), tail.end()):
            value = numerals.digit_string(tail[0].replace(" ", ""))
            slots["phone_tail"] = SlotValue(value, text[tail.start() : tail.end()], tail.start(), tail.end())
    return slots


def _read_order(claims: Claims, slots: dict[str, SlotValue]) -> None:
    for match in _OTHER_LABELLED.finditer(claims.text):
        if any(map(str.isdigit, match["id"])):
            claims.take("other_id", match.start("id"), match.end("id"))
    for match in _IN_GROUPS.finditer(claims.text):
        _take_order(claims, slots, match.start("id"), match.end("id"))
    for match in _LABELLED.finditer(claims.text):
        said = match["id"]
        if said.isdigit() and len(said) < 5:
            claims.take("other_id", match.start("id"), match.end("id"))
        enough = 5 if match["label"] != "订单" or not said.isdigit() else 8
        if sum(map(str.isdigit, said)) >= 2 and len(said) >= enough:
            _take_order(claims, slots, match.start("id"), match.end("id"))


def _take_order(claims: Claims, slots: dict[str, SlotValue], start: int, end: int) -> None:
    if claims.take("order_id", start, end):
        said = claims.text[start:end]
        value = numerals.digit_string(said.replace(" ", "")).upper()
        slots.setdefault("order_id", SlotValue(value, said, start, end))


def _claim_private(claims: Claims, slots: dict[str, SlotValue], expecting: str | None) -> None:
    text = claims.text
    for match in _BANK_CARD.finditer(text):
        claims.take("bank_card", match.start("id"), match.end("id"))
    for match in _NAMED_ID_CARD.finditer(text):
        claims.take("id_card", match.start("id"), match.end("id"))
    for match in _ID_CARD.finditer(text):
        if is_id_card(match[0]):
            claims.take("id_card", match.start(), match.end())
    for match in _PHONE.finditer(text):
        if not claims.free(match.start(), match.end()):
            continue
        before = text[max(0, match.start() - 12) : match.start()]
        own = (_OWN_PHONE.search(before) or _OWN_AFTER.match(text, match.end())) and not _WRONG_PHONE.search(
            text
        )
        kind = "phone_tail" if expecting == "phone_tail" or own else "phone"
        claims.take(kind, match.start(), match.end())
        if kind == "phone_tail":
            slots.setdefault(kind, SlotValue(match[3], match[0], match.start(), match.end()))


def is_id_card(number: str) -> bool:
    """True where the last character is the checksum of GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def _read_bare_order(claims: Claims, slots: dict[str, SlotValue], expecting: str | None) -> None:
    for match in _BARE.finditer(claims.text):
        _take_order(claims, slots, match.start(), match.end())
    if expecting == "order_id" and "order_id" not in slots:
        for match in _ANSWER_ID.finditer(claims.text):
            if sum(map(str.isdigit, match[0])) >= 3:
                _take_order(claims, slots, match.start(), match.end())


def _read_tail(claims: Claims, slots: dict[str, SlotValue]) -> None:
    text = claims.text
    for match in (*_TAIL.finditer(text), *_TAIL_AFTER.finditer(text)):
        start, end = match.start("tail"), match.end("tail")
        foreign = (
            _NOT_PHONE.search(text[max(0, start - 12) : start])
            and "手机" not in text[max(0, start - 12) : start]
        )
        if claims.take("other_id" if foreign else "phone_tail", start, end) and not foreign:
            value = numerals.digit_string(match["tail"].replace(" ", ""))
            slots.setdefault("phone_tail", SlotValue(value, match["tail"], start, end))
