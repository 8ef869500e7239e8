"""Slots with a fixed set of values, read from the phrases under data/slots."""

import re
from collections.abc import Iterable, Mapping
from operator import attrgetter

from intents.slots import numerals
from intents.slots.extraction import Claims
from intents.slots.phrasebook import STRONG, Hit, Phrasebook, Reading, levelled
from intents.slots.respelling import sound_of
from intents.understanding import SlotValue

Denied = tuple[tuple[str, str], ...]

_TRAIN_NUMBER = re.compile(r"(?<![A-Za-z0-9])[GDCKZTSgdckzts]\d{1,4}(?![A-Za-z0-9.])")
_FLIGHT_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?:CA|MU|CZ|HU|3U|ZH|MF|FM|9C|HO|SC|GS|JD|KN|EU|TV|8L|PN|DR|UQ|GJ|CX|KA|NX|SQ|AK)\d{3,4}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?<![\d一二三四五六七八九十])(?P<a>\d{1,2}|[一二三四五六七八九十]{1,3})(?:周)?岁|(?:我今年|今年刚?|刚满)(?P<b>\d{1,2})(?![\d月号日年.])"
)
_DENIAL = re.compile(
    r"(?:不是|并非|不算|没用|不用|没走|不走|没刷|没有用|不属于|而非)(?:用|走|从|在|那个|什么|刷|我|买|啥|订|的)*$"
)
_SLIP = re.compile(
    r"[说写打讲记看搞弄填输报]错(?:了|啦)?[,，。!\s]*(?:应该|其实|我说的|我要说的)?(?:不?是(?!不|我|商|他|你)|[¥￥\d])"
    r"|^(?:[我俺]|刚|刚才|唉|又|哦|等[一下等会]{1,3}[,，\s]*)*(?:[说讲记]错(?:了|啦)?[,，。!\s]|[看搞弄填]错(?:了|啦)[,，。!\s]+(?![^,，]{0,6}(?:[想要能退咋]|取消|怎么)))|又[看搞弄]错|更正"
)
"""Words that put right what was said before: 搞错了，不是电影票. They tell no reason for a refund."""
_NEGATION = frozenset("不没并而")
"""Without any of these nothing is denied."""
_ASKING = re.compile(r"(?:是不|能不|可不|有没|用不)$")
_DENIABLE = frozenset(
    ["product", "pay_channel", "platform", "account_type", "region", "reason", "delay_cause", "failure"]
)
_DEEDS = frozenset(["mistake", "duplicate", "quality", "wrong_item", "not_as_described"])
"""没点错, 没重复提交, 没发错: what was not done."""
_ASIDE = re.compile(r"会不会|怎么|能不能|可不可以|多少|什么|泄露|如何|吗|是不是|要不要")
"""A question in reply to a question: what it mentions is no answer."""
_FORGOT = re.compile("忘|记不|不记")
"""忘了 is no 晚了 misspelt."""
_CLAUSE = re.compile(r"[\s,，。.!?;；、]+")
_NARROWER = {"teen_mode": "minor"}
"""A value that says more than the other one beside it: a child's account, and that in teen mode."""
_CONSEQUENCES = frozenset({"changed_mind", "network"})
"""Beside another one this only follows from it or led to it: 一直不发货，我不想要了; 一直转圈，我点了五次."""
_TURN = re.compile(
    r"(?:而是|应该是|我是说|我说的是|要的是|买的是|改成|说错|错了|不对|[,，\s]是|票是|[^不就还都只]是)[^,，。]{0,6}$"
)
_DELAY = re.compile(
    r"超时|晚[了送到来发]|迟|没到|没来|没送|延误|延迟|拖|慢|等了|耽误|堵|没派|卡单|原因|放鸽子|还没|误"
)
_LATE = re.compile(r"超时|晚[了送到来发]|迟到|延误|延迟|堵|耽误")
_TICKET = re.compile(r"(?<![发彩股钞])票|演出|演唱会|高铁|动车")
_GOODS = frozenset(["physical_goods", "virtual_goods"])
_SERVICE = re.compile(r"送票|配送|派送|送上门|送货上门|邮寄|送那|快递送|寄票|那个服务|送票服务|不要.{0,4}送")
_PARTED = re.compile(r"送|寄|快递|骑手|取票|取件|揽|也|连票|留|只取消|只停|只想|保留")
_NOT_WANTED = re.compile(r"不(?:要了|需要|想要|需要了|想要了|用了)")
_PUNCTUATION = re.compile(r"[\s,，。.!?;；、~…]+")
_LEAD = re.compile(
    r"^(?:嗯+|啊|哦+|呃|额|那个|应该|好像|大概|可能|就|是|我|选|对|都|目前|现在|用的?|走|它|还是|那就|当然|肯定|已经|刚刚|刚才|的)+"
)
_TRAIL = re.compile(r"(?:吧|啊|呢|呀|哦|的|了|嘛|哈|呗|诶|喔|噢|付|付款|支付|买|谢谢)+$")


_start = attrgetter("start")


class _Ballot:
    """The readings of one slot, in the order of the text."""

    __slots__ = ("denied", "said")

    def __init__(self) -> None:
        self.said: list[tuple[str, int, Hit]] = []
        self.denied: list[str] = []


_HEDGED = re.compile(
    r"(?:好像|应该|大概|可能|其实|原来|确实|还|真|又|哦|噢|就|是|用的?是?|走的?)*(?P<it>.*?)"
    r"(?:的|吧|呀|啊|呢|哦|没错|才对)*"
)
"""A word with nothing but hesitation around it: 好像是微信吧."""


def read_choices(
    claims: Claims, book: Phrasebook, found: Iterable[Hit], expecting: str | None, foreign_money: bool
) -> tuple[dict[str, SlotValue], Denied]:
    """The chosen value of each such slot, and the values that were ruled out."""
    text = claims.text
    hits = [hit for hit in found if claims.readable(hit.start, hit.end)]
    hits += _numbered_journeys(claims)
    hits += _ages(claims)
    ballots = _collect(hits, text, expecting) if hits else {}
    if foreign_money:
        _add_foreign(claims, ballots)
    slots: dict[str, SlotValue] = {}
    for slot, ballot in ballots.items():
        if ballot.said and (slot != "delay_cause" or _delayed(ballot, text)):
            slots[slot] = _choose(ballot, text)
    if slots:
        _drop_asides(slots, ballots, claims, expecting)
        _claim(claims, hits, slots)
    if "pay_channel" not in slots and expecting != "pay_channel":
        slots |= _named_alone(claims, "pay_channel", book.answers.get("pay_channel", {}))
    if expecting and expecting in book.answers and (expecting not in slots or not slots[expecting].certain):
        answer = _bare_answer(text, expecting, book.answers[expecting], ballots)
        if answer is not None:
            slots[expecting] = answer
            claims.take(expecting, answer.start, answer.end)
    return slots, tuple(
        [
            (slot, value)
            for slot, ballot in ballots.items()
            for value in dict.fromkeys(ballot.denied)
            if slot not in slots or slots[slot].value != value
        ]
    )


def _named_alone(claims: Claims, slot: str, answers: Mapping[str, str]) -> dict[str, SlotValue]:
    """3月4号退的，微信，几时到账 or 好像是微信吧: a word that makes up a whole clause."""
    start = 0
    for clause in _CLAUSE.split(claims.text):
        start = claims.text.index(clause, start)
        word = _HEDGED.fullmatch(clause)
        if word is not None and len(word["it"]) > 1 and word["it"] in answers:
            first, last = start + word.start("it"), start + word.end("it")
            if claims.take(slot, first, last):
                return {slot: SlotValue(answers[word["it"]], word["it"], first, last)}
        start += len(clause)
    return {}


def _numbered_journeys(claims: Claims) -> list[Hit]:
    if not claims.digits:
        return []
    return [
        Hit(match.start(), match.end(), (Reading("product", product, STRONG),))
        for pattern, product in ((_FLIGHT_NUMBER, "flight_ticket"), (_TRAIN_NUMBER, "train_ticket"))
        for match in pattern.finditer(claims.text)
        if claims.free(match.start(), match.end())
    ]


def _ages(claims: Claims) -> list[Hit]:
    """An age under eighteen: 今年15, 才七岁, 十七岁半."""
    if "岁" not in claims.text and "今年" not in claims.text and "刚满" not in claims.text:
        return []
    found = []
    for match in _AGE.finditer(claims.text):
        years = numerals.whole(match["a"] or match["b"])
        if years is not None and years < 18 and claims.free(match.start(), match.end()):
            found.append(Hit(match.start(), match.end(), (Reading("account_type", "minor", STRONG),)))
    return found


def _collect(hits: list[Hit], text: str, expecting: str | None) -> dict[str, _Ballot]:
    ballots: dict[str, _Ballot] = {}
    slip = _SLIP.search(text) if "错" in text or "更正" in text else None
    denied_until: dict[tuple[str, str], int] = {}
    for hit in sorted(hits, key=_start) if len(hits) > 1 else hits:
        if not hit.readings:
            continue
        slots = {reading.slot for reading in hit.readings}
        denies, undone = _ruled_out(text, hit.start)
        for reading in hit.readings:
            if not _belongs(reading.slot, slots, text, expecting):
                continue
            if slip and reading.value == "mistake" and hit.start < slip.end() and slip.start() < hit.end:
                continue
            ballot = ballots.get(reading.slot)
            if ballot is None:
                ballot = ballots[reading.slot] = _Ballot()
            name = (reading.slot, reading.value)
            goes_on = denied_until.get(name) == hit.start  # 不是景区门票: one name in two words
            if ((denies or goes_on) and reading.slot in _DENIABLE) or (undone and reading.value in _DEEDS):
                ballot.denied.append(reading.value)
                denied_until[name] = hit.end
            else:
                ballot.said.append((reading.value, reading.strength, hit))
    return ballots


def _ruled_out(text: str, start: int) -> tuple[bool, bool]:
    """Whether the words before a place deny what is said there, and whether they say that it was not done."""
    before = text[max(0, start - 6) : start]
    if _NEGATION.isdisjoint(before):
        return False, False
    denial = _DENIAL.search(before)
    denies = denial is not None and not _ASKING.search(before[: denial.start() + 1])
    denies = denies or (before.endswith(("没", "不是", "没有")) and text[start] in "用走刷拿")
    denies = denies or (before.endswith("不") and text[start] == "是" and not _ASKING.search(before))
    undone = before.endswith(("没", "没有", "没去")) and not _ASKING.search(before)
    return denies, undone


def _belongs(slot: str, slots: set[str], text: str, expecting: str | None) -> bool:
    """已签收 of a ticket is its delivery, of goods the order's status; what was asked goes before both."""
    statuses = {"order_status", "delivery_status"}
    if slot not in statuses:
        return True
    if expecting in statuses:
        return slot == expecting
    if statuses <= slots:
        return bool(_TICKET.search(text)) == (slot == "delivery_status")
    return True


def _add_foreign(claims: Claims, ballots: dict[str, _Ballot]) -> None:
    for span in claims.spans():
        if span.kind == "foreign_money":
            ballots.setdefault("region", _Ballot()).said.append(
                ("cross_border", STRONG, Hit(span.start, span.end, ()))
            )
            return


def _choose(ballot: _Ballot, text: str) -> SlotValue:
    """The strong before the weak; of several the one after a correction, else the first, to be asked back."""
    if len(ballot.said) == 1:
        value, _, hit = ballot.said[0]
        return SlotValue(value, text[hit.start : hit.end], hit.start, hit.end)
    named = {value for value, _, _ in ballot.said}
    narrower = next((value for value, wider in _NARROWER.items() if named == {value, wider}), None)
    strongest = max(strength for _, strength, _ in ballot.said)
    said = [
        (value, hit)
        for value, strength, hit in ballot.said
        if value == narrower or (narrower is None and strength == strongest)
    ]
    named = {value for value, _ in said}
    grounds = named - _CONSEQUENCES if len(named) == 2 else named
    if len(grounds) == 1 and "还是" not in text:
        said = [(value, hit) for value, hit in said if value in grounds]
    value, hit = said[0]
    doubt = None
    if any(other != value for other, _ in said):
        last_value, last = said[-1]
        if _TURN.search(text[hit.end : last.start]):
            value, hit = last_value, last
        else:
            doubt = "several"
    return SlotValue(value, text[hit.start : hit.end], hit.start, hit.end, doubt is None, doubt)


def _drop_asides(
    slots: dict[str, SlotValue], ballots: Mapping[str, _Ballot], claims: Claims, expecting: str | None
) -> None:
    """Readings that the rest of the message makes unlikely."""
    text = claims.text
    product = slots.get("product")
    if product is not None and product.value in _GOODS:
        ticket = _TICKET.search(text) is not None
        if ticket and product.value == "physical_goods" and _all_weak(ballots["product"]):
            del slots["product"]
        if not ticket:
            slots.pop("delivery_status", None)
    planned = slots.get("ticket_plan") is not None and expecting != "ticket_plan"
    if planned and not _PARTED.search(claims.unread(text, "delivery_status")):
        del slots["ticket_plan"]
    reason = slots.get("reason")
    if (
        reason is not None
        and reason.value == "changed_mind"
        and _SERVICE.search(text)
        and _NOT_WANTED.match(reason.said)
    ):
        del slots["reason"]


def _delayed(ballot: _Ballot, text: str) -> bool:
    """Who is to blame matters only where something is late; a mere 骑手 needs the plainer words for it."""
    return bool((_LATE if _all_weak(ballot) else _DELAY).search(text))


def _all_weak(ballot: _Ballot) -> bool:
    return all(strength < STRONG for _, strength, _ in ballot.said)


def _claim(claims: Claims, hits: Iterable[Hit], slots: Mapping[str, SlotValue]) -> None:
    for hit in hits:
        slot = next((r.slot for r in hit.readings if r.slot in slots), None)
        if slot is not None:
            claims.take(slot, hit.start, hit.end)


def _bare_answer(
    text: str, slot: str, answers: Mapping[str, str], ballots: Mapping[str, _Ballot]
) -> SlotValue | None:
    """What a short message means as the answer to the question for this slot."""
    if len(text) > 30:
        return None
    ruled_out = ballots[slot].denied if slot in ballots else []
    whole = _PUNCTUATION.sub("", levelled(text))
    without_lead = _LEAD.sub("", whole)
    for form in (whole, without_lead, _TRAIL.sub("", whole), _TRAIL.sub("", without_lead)):
        if form in answers and answers[form] not in ruled_out:
            return _at(text, form, answers[form])
    if _ASIDE.search(text):
        return None
    heard = None if _FORGOT.search(text) else _sounding(text, (whole, without_lead), answers)
    if heard is not None and heard.value not in ruled_out:
        return heard
    lowered = levelled(text)
    if _SLIP.search(text):
        ruled_out = [*ruled_out, "mistake"]
    for phrase in sorted((p for p in answers if len(p) > 1), key=lambda p: (-len(p), p)):
        place = lowered.find(phrase)
        if (
            place >= 0
            and answers[phrase] not in ruled_out
            and not re.search(r"[不没别未]$|不是$", lowered[:place])
        ):
            return SlotValue(answers[phrase], text[place : place + len(phrase)], place, place + len(phrase))
    return None


def _sounding(text: str, forms: Iterable[str], answers: Mapping[str, str]) -> SlotValue | None:
    """微心 for 微信: the whole message sounds like an answer of two characters or more."""
    sounds: dict[str, str] = {}
    for answer, value in answers.items():
        if len(answer) > 1:
            sounds.setdefault(sound_of(answer), value)
    for form in forms:
        if len(form) > 1 and (sound := sound_of(form)) in sounds:
            return _at(text, form, sounds[sound])
    return None


def _at(text: str, form: str, value: str) -> SlotValue:
    place = levelled(text).find(form)
    start, end = (place, place + len(form)) if place >= 0 else (0, len(text))
    return SlotValue(value, text[start:end], start, end)
