"""When the event is, when the refund was asked for: reading both from one message."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intents.slots import time_phrases, time_values
from intents.slots.durations import Length
from intents.slots.extraction import Claims
from intents.slots.time_phrases import Phrase
from intents.slots.time_roles import EVENT_NOUN, EVENT_VERB, REQUEST_DONE, Role, role_of
from intents.slots.time_values import SHANGHAI, Context, resolve
from intents.understanding import SlotValue

_TICKET = re.compile(
    r"票|高铁|动车|火车|航班|飞机|电影|影院|演出|演唱会|话剧|音乐|剧|展|球赛|景区|乐园|入园|开场|发车|故宫|[GDCKZT]\d{1,4}"
)
_STAGE = re.compile(
    r"电影|影院|观影|影票|演出|演唱会|话剧|音乐|歌剧|越剧|京剧|相声|脱口秀|晚会|开场|开演|首映|livehouse"
)
_DAYTIME = re.compile(r"高铁|动车|[GDC]\d{1,4}|景区|门票|入园|电影|影院|话剧|演唱会|演出|展|球赛|乐园|故宫")
_TIMETABLE = re.compile(r"高铁|动车|火车|车次|发车|[GDCKZT]\d{1,4}|航班|飞机|机票|起飞")
_SCENIC = re.compile(
    r"门票|景区|景点|入园|乐园|故宫|迪士尼|方特|长隆|环球影城|动物园|植物园|博物馆|海洋馆|缆车|游船|索道|水上|欢乐谷|公园"
)
_NOT_SCENIC = re.compile(r"演唱会|话剧|音乐|球赛|演出|比赛|晚会|漫展|火车|高铁|动车|电影")
_MISSED = re.compile(
    r"没赶上|没赶到|错过|误了?(?:车|机|点|了)|没去成|没看成|没坐上|没走成|已经?(?:开走|发车|开车|开场|起飞|开演|开始|放映|开了)"
    r"|(?<![没未])(?:都|就)?(?:开走|发车|开场|开演|起飞|车开|火车开|电影开始)了(?!吗|没|么)|开场了|过了(?:发车|开场|开车)"
)
_STARTED = re.compile(
    r"没赶上(?:车|火车|高铁|飞机|动车|场|电影|开场)?|(?:车|火车|高铁|飞机|电影|演出|动车)?(?:都|就)?已经?(?:开走|发车|开车|开场|起飞|开演|开始放|开了)了?"
    r"|(?:车|火车|高铁|动车|飞机|航班|电影)(?:都|就)?(?:已经)?(?:开走|起飞|飞走|开|开场|开演)了(?!吗|没|么|半)|错过(?:了)?(?:车|火车|高铁|飞机|开场|电影|演出|时间)"
)
_NOT_STARTED = re.compile(
    r"(?:还没|没有|未|快要?|马上就?要?|就要?|要|即将|别|以为|如果|要是|万一|假如).{0,3}$"
)
_CORRECTION = re.compile(r"不是|不对|错了|更正|应该是|改成|是说")


@dataclass(frozen=True, slots=True)
class Found:
    slot: str
    value: SlotValue
    at: datetime


def read_times(
    claims: Claims, now: datetime, expecting: str | None, lengths: list[Length]
) -> dict[str, SlotValue]:
    """`event_time` and `requested_at` of a message; claims every time phrase, whatever its role."""
    text = claims.text
    here = now.astimezone(SHANGHAI)
    found: list[Found] = []
    undecided: list[tuple[Phrase, Role]] = []
    phrases = [p for p in time_phrases.phrases(text) if claims.free(p.start, p.end)]
    for place, phrase in enumerate(phrases):
        role = _role(phrases, place, text, expecting)
        undecided.append((phrase, role))
    for phrase, role in _completed(undecided):
        slot = {"event": "event_time", "request": "requested_at"}.get(role)
        value = _value(phrase, role, text, here) if slot else None
        if claims.take(slot if slot and value else "time", phrase.start, phrase.end) and slot and value:
            found.append(Found(slot, value, datetime.fromisoformat(value.value)))
    for length in lengths:
        measured = _measured(length, claims, here, expecting, bool(found))
        if measured is not None and claims.take(measured.slot, length.start, length.end):
            found.append(measured)
    slots = {}
    for slot in ("event_time", "requested_at"):
        values = [f for f in found if f.slot == slot]
        if values:
            slots[slot] = _one_of(values, text)
    return slots


def _role(phrases: list[Phrase], place: int, text: str, expecting: str | None) -> Role:
    phrase = phrases[place]
    if phrase.statement:
        return "other"
    next_start = phrases[place + 1].start if place + 1 < len(phrases) else len(text)
    previous_end = phrases[place - 1].end if place else 0
    role = role_of(text, phrase.start, phrase.end, next_start, previous_end)
    if role == "request" and not _really_asked(phrase, text):
        return "other"
    if role == "event" and phrase.day is None and phrase.clock is None and expecting != "event_time":
        return "other"
    if role == "open":
        if expecting in ("event_time", "requested_at"):
            return "event" if expecting == "event_time" else "request"
        if phrase.day is not None and (phrase.clock is not None or _TICKET.search(text)):
            return "event"
        return "event" if phrase.clock is not None and _TICKET.search(text) else "other"
    if (
        role == "other"
        and expecting in ("event_time", "requested_at")
        and len(phrases) == 1
        and _answers(phrase, text)
    ):
        return "event" if expecting == "event_time" else "request"
    return role


def _answers(phrase: Phrase, text: str) -> bool:
    """True where the message is little more than the time: the answer to the bot's question."""
    return len(text) - (phrase.end - phrase.start) <= 4


def _really_asked(phrase: Phrase, text: str) -> bool:
    """明天退, 今天退要扣多少 are plans, not requests; only what is done counts."""
    day = phrase.day
    if day is not None and day.form == "rel" and (day.offset or 0) > 0:
        return False
    if day is not None and day.offset is not None and day.offset > 0:
        return False
    after = text[phrase.end : phrase.end + 16]
    if day is None or (day.form == "rel" and day.offset == 0):
        return bool(re.match(r".{0,6}?(?:申请|提交|退|取消|撤单?)(?:了|过|的|掉)|.{0,3}刚", after))
    return day.offset is not None or bool(REQUEST_DONE.match(after)) or bool(re.search("没|还|钱|到", after))


def _completed(read: list[tuple[Phrase, Role]]) -> list[tuple[Phrase, Role]]:
    """早上八点的飞机，明天的: a clock and a day said apart belong together when each stands alone."""
    events = [(place, p) for place, (p, role) in enumerate(read) if role == "event"]
    clocks = [(place, p) for place, p in events if p.day is None]
    days = [(place, p) for place, p in events if p.day is not None and p.clock is None]
    if len(clocks) == 1 and len(days) == 1 and len(events) == 2:
        (at, clock), (on, day) = clocks[0], days[0]
        merged = replace(clock, day=day.day, part=clock.part or day.part)
        result = list(read)
        result[at] = (merged, "event")
        result[on] = (day, "other")
        return result
    return read


def _value(phrase: Phrase, role: Role, text: str, now: datetime) -> SlotValue | None:
    request = role == "request"
    context = Context(
        now,
        past=request or bool(_MISSED.search(text)),
        evening=bool(_STAGE.search(text)),
        daytime=bool(_DAYTIME.search(text)),
        timetable=bool(_TIMETABLE.search(text)),
        day_enough=bool(_SCENIC.search(text)) and not _NOT_SCENIC.search(text),
    )
    if request:
        return _request_value(phrase, context, text)
    resolved = resolve(phrase.day, phrase.part, phrase.clock, context)
    if resolved is None:
        return None
    doubt = resolved.doubt or ("vague" if phrase.vague else None)
    return _slot(phrase.start, phrase.end, text, resolved.at, doubt)


def _request_value(phrase: Phrase, context: Context, text: str) -> SlotValue | None:
    """Of a request the day counts (working days run from it): a missing clock is no doubt."""
    day, clock = phrase.day, phrase.clock
    if day is not None and clock is None:
        on = time_values.on_day(day, context)
        at = None if on is None else datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)
        doubt = "vague" if day.form == "week" and day.day == 0 else None
    else:
        resolved = resolve(day, phrase.part, clock, context)
        at, doubt = (resolved.at, None) if resolved else (None, None)
        if at is not None and at > context.now and at.date() == context.now.date():
            at = at - timedelta(hours=12) if at - timedelta(hours=12) <= context.now else at
    if at is None or at > context.now:
        return None
    return _slot(phrase.start, phrase.end, text, at, doubt)


def _slot(start: int, end: int, text: str, at: datetime, doubt: str | None) -> SlotValue:
    return SlotValue(at.isoformat(timespec="seconds"), text[start:end], start, end, doubt is None, doubt)


def _one_of(values: list[Found], text: str) -> SlotValue:
    if len({f.at for f in values}) == 1:
        return values[0].value
    between = text[values[0].value.end - len(values[0].value.said) : values[-1].value.start]
    before = text[max(0, values[0].value.start - 4) : values[0].value.start]
    if _CORRECTION.search(before + between):
        return values[-1].value
    return replace(values[0].value, certain=False, doubt=values[0].value.doubt or "several")


_EVENT = rf"(?:{EVENT_VERB}|{EVENT_NOUN}|车|开)"
_UNTIL = re.compile(
    rf"(?:(?P<sure>(?:离|距离?)[^,，。!?]{{0,8}}?{_EVENT}[^,，。!?]{{0,2}}?(?:还有|还剩|只有|只剩|就剩|就|还|不到)?"
    rf"|(?:{EVENT_VERB})(?:时间)?(?:还有|还剩|只剩|就剩|只有)|临(?:近)?(?:{EVENT_VERB}))|还有|还剩|只剩|就剩|剩下?|再过|再有)"
    r"(?:不到|大概|大约|差不多|快|就|也就|将近)?\s?$"
)
_EVENT_SOON = re.compile(rf"\s?(?:就|才|要|之后|后|以后|的)*(?:{EVENT_VERB})")
_EVENT_LATER = re.compile(rf"\s?(?:之后|以后|后)(?:就|才|要|的)*[^,，。!?退送发到]{{0,6}}?{_EVENT}")
_NO_EVENT = re.compile(
    r"\s?(?:才|就|能|可以|内|之内)*(?:送|到|发货|退|到账|过期|满|成年|出结果|.{0,4}(?:到账|到货|发货))"
)
_ADVANCE = re.compile(r"提前(?:至少|大概)?\s?$")
_ADVANCE_PLAN = re.compile(r"(?:就|来|去|再)?(?:退|取消|申请)(?!的|了|过|掉|被|居然)")
_AGO = re.compile(
    r"(?:之前|以前|前)(?:我|就|已经|刚|才|我就)*(?:在.{1,6})?"
    r"(?:申请|退款?|退票|取消|提交|撤单?|寄回|发起)(?:了|的(?!话|时候)|过|掉|退)"
)
_NOT_AGO = re.compile(r"(?:说|提前|至少|规定|最少|还)\s?$")
_ASKED_FOR = re.compile(
    r"(?:申请|退款?|退票|取消|提交|撤单|退货|寄回|cancel)(?:的?退款|的?退票|申请|成功|审核|掉)?(?:了|都|已经?|有|快|以后|之后|提交|到现在|过去){0,3}\s?$"
)
_PASSED = re.compile(r"(?:都|等了|过了|过去|已经|快)(?:有|快)?\s?$")
_PASSED_AFTER = re.compile(r"\s?(?:多)?(?:了|还|都|也|钱|没|一直|[,，]|$)")
_REFUND_TALK = re.compile(r"退款|退票|退的|申请|取消了|审核|到账|退货|退钱|退回")
_GOODS_TALK = re.compile(r"发货|揽|送|物流|没寄|还没发|充值|预售|卡密|点券|认证|工单|投诉|保险|理赔|拍下")


def _measured(
    length: Length, claims: Claims, now: datetime, expecting: str | None, dated: bool
) -> Found | None:
    """A length of time that says when: 还有3小时发车, 五天前取消的, 申请三天了."""
    text = claims.text
    if not claims.free(length.start, length.end):
        return None
    before, after = text[max(0, length.start - 16) : length.start], text[length.end : length.end + 14]
    if not dated or "event_time" not in dated_slots(claims):
        doubt = _ahead(before, after, text, length, expecting)
        if doubt is not None:
            return _found("event_time", now + length.value, length, text, None if doubt == "" else doubt)
    if _is_request(before, after, text, expecting):
        return _found("requested_at", now - length.value, length, text, "vague" if length.vague else None)
    return None


def dated_slots(claims: Claims) -> set[str]:
    """The slots that some span of the message already fills."""
    return {span.kind for span in claims.spans()}


def _ahead(before: str, after: str, text: str, length: Length, expecting: str | None) -> str | None:
    """None: not the time until the event. "": it surely is. Else the doubt."""
    vague = "vague" if length.vague else ""
    until = _UNTIL.search(before)
    if until and not _NO_EVENT.match(after):
        near = bool(until["sure"]) or bool(re.match(rf"\s?[^,，。!?]{{0,5}}?{_EVENT}", after))
        if near or expecting == "event_time" or (_TICKET.search(text) and not _REFUND_DONE.search(text)):
            return vague
    if _EVENT_SOON.match(after) and not before.endswith("前"):
        return vague
    if _EVENT_LATER.match(after):
        return "no_clock" if length.unit in _DAYS else vague
    if _ADVANCE.search(before) and _ADVANCE_PLAN.match(after) and not _REFUND_DONE.search(text):
        return vague
    if expecting == "event_time" and len(text) - (length.end - length.start) <= 6:
        return None if re.search("前", after) else vague or ("no_clock" if length.unit in _DAYS else "")
    return None


_DAYS = frozenset(["天", "日", "周", "星期", "礼拜", "月"])
_REFUND_DONE = re.compile(r"退了|退的(?!话|时候)|被扣|扣了|到账|退回来|已经退|取消了")


def _is_request(before: str, after: str, text: str, expecting: str | None) -> bool:
    if _AGO.match(after) and not _NOT_AGO.search(before):
        return True
    if (
        expecting == "requested_at"
        and len(text) - len(before) - len(after) >= 0
        and re.match(r"\s?(?:之?前|以前|了|$)", after)
    ):
        return True
    if not _PASSED_AFTER.match(after):
        return False
    if _ASKED_FOR.search(before):
        return True
    return bool(
        _PASSED.search(before)
        and after.startswith(("了", "多了"))
        and _REFUND_TALK.search(text)
        and not _GOODS_TALK.search(text)
    )


def _found(slot: str, at: datetime, length: Length, text: str, doubt: str | None) -> Found:
    at = at.replace(microsecond=0)
    return Found(slot, _slot(length.start, length.end, text, at, doubt), at)


def read_started(claims: Claims, now: datetime) -> SlotValue | None:
    """已经开车了, 没赶上: the event lies behind, whenever it was; now stands in for it."""
    for match in _STARTED.finditer(claims.text):
        if _NOT_STARTED.search(claims.text[max(0, match.start() - 5) : match.start()]):
            continue
        claims.take("started", match.start(), match.end())
        here = now.astimezone(SHANGHAI).replace(microsecond=0)
        return _slot(match.start(), match.end(), claims.text, here, None)
    return None
