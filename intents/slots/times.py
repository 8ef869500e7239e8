"""When the event is, and when the refund was asked for, as one message tells it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intents.slots import time_phrases, time_values
from intents.slots.countdowns import TICKET, since_event, since_request, until_event
from intents.slots.durations import Length
from intents.slots.extraction import Claims
from intents.slots.said_apart import settled
from intents.slots.suppositions import act_before_event, act_of_length, act_of_phrase, supposes
from intents.slots.time_phrases import Phrase
from intents.slots.time_roles import REQUEST_DATED, REQUEST_DONE, Role, role_of
from intents.slots.time_values import SHANGHAI, Context, resolve
from intents.slots.wording import either
from intents.understanding import SlotValue

_STAGE = re.compile(
    either("""
    电影 影院 观影 影票 首映 演出 演唱会 话剧 音乐 歌剧 [越京昆评川豫]剧
    昆曲 曲艺 相声 脱口秀 晚会 开场 开演 livehouse
""")
)
_DAYTIME = re.compile(r"景区|门票|入园|电影|影院|话剧|演唱会|演出|展|球赛|乐园|故宫")
_SCENIC = re.compile(
    either("""
    门票 景区 景点 入园 乐园 故宫 迪士尼 方特 长隆 环球影城 动物园 植物园 博物馆 海洋馆 缆车 游船 索道 水上
    欢乐谷 公园
""")
)
_NOT_SCENIC = re.compile("演唱会|话剧|音乐|球赛|演出|比赛|晚会|漫展|火车|高铁|动车|电影")
_GONE = either("开走 发车 开车 开场 起飞 开演 开始 放映 开了")
_MISSED = re.compile(
    rf"没赶[上到]|错过|误了?[车机点了]|没去成|没看成|没坐[上成]|没走成|没看上|没进去|已经?{_GONE}"
    r"|睡过[头了]|睡着了|起晚了|起来晚了|去晚了|到晚了|[给都]忘了|忘了[去看坐赶]|(?<!还)没[去看坐](?=[,，。!?]|了?$)"
    r"|(?<![没未])[都就]?(?:开走|发车|开场|开演|起飞|车开|火车开|电影开始)了(?![吗没么])|过了(?:发车|开场|开车)|(?:已经|都|早就?|[,，]\s?)过(?:去|期)?了(?![\d一两二三四五六七八九十半几好多])"
)
_NEAR = re.compile(
    r"赶不[上赢及到]|赶得[上及]|来不及|堵|马上就?要?[开发走]|快[开发]车|快要?开|就要开|还在路上|要迟到"
)
"""What people say who are on their way to it."""
_CANNOT_GO = re.compile(r"[去走来看坐]不[了到成上]|没法[去走看坐]|没空|有事")
_CINEMA = re.compile("影|片子")
_CARRIER = "(?:车|火车|高铁|动车|飞机|航班|电影|演出)"
_STARTED = re.compile(
    rf"{_CARRIER}?[都就]?(?:已经?|刚刚?)(?:开走|发车|开车|开场|起飞|开演|开始放|开了)了?"
    rf"|{_CARRIER}[都就]?(?:已经)?(?:开走|起飞|飞走|开|开场|开演)了(?![吗没么半])"
)
_MAYBE_STARTED = re.compile("[开飞]|发车")
_NOT_STARTED = re.compile(
    either("还没 没有 未 快要? 马上就?要? 就要? 要 即将 别 以为 估计 怕 可能 差点 如果 要是 万一 假如")
    + ".{0,3}$"
)
_CORRECTION = re.compile("不是|不对|错了|更正|应该是|改成|是说")
_PUTS_RIGHT = re.compile(
    r"(?:[^,，。]{0,4}(?:不对|不是|错了?|不是[^,，。是]{1,6})[,，。\s]*)?(?:应该|其实|而)?是?"
)
_SHORT = 12
"""Up to this many characters a message says little besides its time."""
_DAY_UNREAD = re.compile(
    r"(?:[初节周旬天号日夜寒暑雪](?:上|里)?|\d[/.\-]\d{1,2}|(?:廿|卅|二十|三十)[一二三四五六七八九]?)[的\s]?$"
)
"""A word for a day right before a clock time that was read without one: today would be a guess."""
_OF_SOMETHING = re.compile(r"的(?!退|申请|时候|话|快递|客服|订单|账|活动|短信|电话|付|买|单|发票)")
"""后天12点45的G666: whatever it is, it takes place then."""
_JUST_NOW = re.compile(r"刚刚|刚才|刚申请|刚退|刚提")
_JUST_DONE = re.compile(
    r"刚[刚才]?(?:才|已经|就|把[^,，。]{1,6}?|给[^,，。]{1,4}?)?(?:申请|提交|退|取消|点|办)"
    r"(?:(?<=[点办])(?:完了?|了)退|[票款货]?(?:完|了|掉|好|的(?!时候|话|那))(?![几多半一会吗没]))"
)
"""刚退的, 刚刚取消了: asked for now."""
_SLOTS = {"event": "event_time", "request": "requested_at"}
_ROLES: dict[str, Role] = {"event_time": "event", "requested_at": "request"}


@dataclass(frozen=True, slots=True)
class _Found:
    slot: str
    value: SlotValue
    at: datetime


def read_times(
    claims: Claims, now: datetime, expecting: str | None, lengths: list[Length]
) -> dict[str, SlotValue]:
    """`event_time` and `requested_at` of a message; every time phrase is claimed, whatever its role."""
    phrases = time_phrases.phrases(claims.text)
    if expecting == "event_time":
        phrases = time_phrases.with_bare_clock(phrases, claims.text)
    phrases = [p for p in phrases if claims.free(p.start, p.end)]
    if not phrases and not lengths and expecting != "requested_at" and "刚" not in claims.text:
        return {}
    here = now.astimezone(SHANGHAI).replace(microsecond=0)
    slots = _supposed(claims, here, phrases, lengths) if supposes(claims.text) else {}
    found = _pointed(claims, here, expecting, [p for p in phrases if claims.free(p.start, p.end)])
    found += _measured(claims, here, expecting, lengths, dated=any(f.slot == "event_time" for f in found))
    if not any(f.slot == "requested_at" for f in found):
        found += _just_now(
            claims, here, _JUST_NOW if expecting == "requested_at" and not found else _JUST_DONE
        )
    for slot in _ROLES:
        values = [f for f in found if f.slot == slot]
        if values:
            slots[slot] = _one_of(values, claims.text)
    return slots


def read_started(claims: Claims, now: datetime) -> SlotValue | None:
    """已经开车了: the event lies behind, whenever it was; now stands in for it.

    没赶上 says no more than why (the reason `missed`): the time is still to be asked.
    """
    if not _MAYBE_STARTED.search(claims.text):
        return None
    for match in _STARTED.finditer(claims.text):
        if not _NOT_STARTED.search(claims.text[max(0, match.start() - 5) : match.start()]):
            claims.take("started", match.start(), match.end())
            here = now.astimezone(SHANGHAI).replace(microsecond=0)
            return _slot(match.start(), match.end(), claims.text, here, None)
    return None


def _just_now(claims: Claims, now: datetime, words: re.Pattern[str]) -> list[_Found]:
    match = words.search(claims.text)
    if match is None or not claims.take("requested_at", match.start(), match.end()):
        return []
    return [_Found("requested_at", _slot(match.start(), match.end(), claims.text, now, None), now)]


def _supposed(
    claims: Claims, now: datetime, phrases: list[Phrase], lengths: list[Length]
) -> dict[str, SlotValue]:
    """`act_at`: 要是明天再退, 晚两个小时再取消."""
    for phrase in phrases:
        supposed = act_of_phrase(phrase, claims.text, now)
        if supposed is not None and claims.take("act_at", phrase.start, supposed[1]):
            return {"act_at": supposed[0]}
    for length in lengths:
        value = act_of_length(length, claims.text, now)
        if value is not None and claims.take("act_at", value.start, value.end):
            return {"act_at": value}
        ahead = act_before_event(length, claims.text)
        if ahead is not None:
            return {
                "act_before": ahead
            }  # unclaimed: 提前一天退呢 also tells what is left, where no time is known
    return {}


def _pointed(claims: Claims, now: datetime, expecting: str | None, phrases: list[Phrase]) -> list[_Found]:
    """Times that name their point: 明天上午10点, 3月8号, 周五."""
    text = claims.text
    roles = [_role(phrases, place, text, expecting) for place in range(len(phrases))]
    found = []
    for phrase, role in settled(list(zip(phrases, roles, strict=True)), text):
        value = _value(phrase, role, text, now) if role in _SLOTS else None
        if value and role == "event" and _only_a_past_time(phrase, value, text, now, expecting):
            value = None
        if claims.take(_SLOTS[role] if value else "time", phrase.start, phrase.end) and value:
            found.append(_Found(_SLOTS[role], value, datetime.fromisoformat(value.value)))
    return found


def _only_a_past_time(
    phrase: Phrase, value: SlotValue, text: str, now: datetime, expecting: str | None
) -> bool:
    """时间是昨晚八点: a time gone by that nothing ties to an event."""
    if expecting == "event_time" or len(text) <= _SHORT or datetime.fromisoformat(value.value) >= now:
        return False
    return phrase.day is not None and "车" not in text and not TICKET.search(text)


def _measured(
    claims: Claims, now: datetime, expecting: str | None, lengths: list[Length], dated: bool
) -> list[_Found]:
    """Times that are measured from now: 还有3小时发车, 五天前取消的; a time that is named goes first."""
    text, found = claims.text, []
    for length in lengths:
        if not claims.free(length.start, length.end):
            continue
        sureness = None if dated else until_event(text, length, expecting)
        if sureness is not None:
            slot, at, doubt = "event_time", now + length.value, None if sureness == "sure" else sureness
        elif not dated and since_event(text, length):
            slot, at, doubt = "event_time", now - length.value, "vague" if length.vague else None
        elif since_request(text, length, expecting):
            slot, at, doubt = "requested_at", now - length.value, "vague" if length.vague else None
        else:
            continue
        claims.take(slot, length.start, length.end)
        found.append(_Found(slot, _slot(length.start, length.end, text, at, doubt), at))
    return found


def _role(phrases: list[Phrase], place: int, text: str, expecting: str | None) -> Role:
    phrase = phrases[place]
    if phrase.statement:
        return "other"
    next_start = phrases[place + 1].start if place + 1 < len(phrases) else len(text)
    previous_end = phrases[place - 1].end if place else 0
    role = role_of(text, phrase.start, phrase.end, next_start, previous_end)
    asked = _ROLES.get(expecting or "")
    dated = REQUEST_DATED.search(text[max(previous_end, phrase.start - 12) : phrase.start])
    if role == "request" and not dated and not _really_asked(phrase, text):
        return "event" if _stands_apart(phrase, text) else "other"
    if role == "event" and phrase.day is None and phrase.clock is None and asked != "event":
        return "event" if _is_put_right(phrase, text) else "other"
    if role == "other" and asked is None and _OF_SOMETHING.match(text, phrase.end):
        role = "open" if phrase.day is not None and phrase.clock is not None else role
    if role == "open":
        return asked or _role_by_topic(phrase, text)
    if role == "other" and asked and len(phrases) == 1 and len(text) - (phrase.end - phrase.start) <= 4:
        return asked
    return role


def _role_by_topic(phrase: Phrase, text: str) -> Role:
    """A time that nothing is tied to is the event's; a mere 今天 or a day gone by may be said in passing."""
    if phrase.day is None and phrase.clock is None:
        return "event" if _is_put_right(phrase, text) else "other"
    if TICKET.search(text) or (phrase.day is not None and phrase.clock is not None):
        return "event"
    offset = phrase.day.offset if phrase.day is not None and phrase.day.form == "rel" else 1
    said_last = len(text) - phrase.end <= 2 and len(text) <= _SHORT
    return "event" if (offset or 0) > 0 or (offset == 0 and said_last) else "other"


def _is_put_right(phrase: Phrase, text: str) -> bool:
    """不对，是下午的: nothing but the half of the day."""
    return text[phrase.end :].strip("的吧啊呀哦才对。.!！ ") == "" and bool(
        _PUTS_RIGHT.fullmatch(text[: phrase.start])
    )


def _stands_apart(phrase: Phrase, text: str) -> bool:
    """机票 6月25日11:00 要退: a whole time between blanks is the ticket's, whatever is wanted of it."""
    whole = phrase.day is not None and phrase.clock is not None
    return (
        whole
        and text[phrase.end : phrase.end + 1] in ("", " ", ",", "，", "。")
        and bool(TICKET.search(text))
    )


def _really_asked(phrase: Phrase, text: str) -> bool:
    """明天退, 今天退要扣多少 are plans, not requests; only what is done counts."""
    day = phrase.day
    if day is not None and day.offset is not None and day.offset > 0:
        return False
    after = text[phrase.end : phrase.end + 16]
    if day is None or (day.form == "rel" and day.offset == 0):
        return bool(re.match(r".{0,6}?(?:申请|提交|退|取消|撤单?)(?:了|过|的|掉)|.{0,3}刚", after))
    return day.offset is not None or bool(REQUEST_DONE.match(after)) or bool(re.search("[没还钱到]", after))


def _value(phrase: Phrase, role: Role, text: str, now: datetime) -> SlotValue | None:
    evening = bool(_STAGE.search(text))
    context = Context(
        now,
        past=role == "request" or bool(_MISSED.search(text)),
        evening=evening,
        stage=evening and not _CINEMA.search(text),
        near=bool(_NEAR.search(text)),
        daytime=bool(_DAYTIME.search(text)),
        day_enough=bool(_SCENIC.search(text)) and not _NOT_SCENIC.search(text),
    )
    if role == "request":
        return _request_value(phrase, context, text)
    resolved = resolve(phrase.day, phrase.part, phrase.clock, context)
    if resolved is None:
        return None
    doubt = resolved.doubt or ("vague" if phrase.vague else None)
    if doubt == "past" and _this_morning(phrase) and _CANNOT_GO.search(text):
        doubt = None
    if phrase.day is None and _DAY_UNREAD.search(text[max(0, phrase.start - 5) : phrase.start]):
        doubt = doubt or "vague"
    return _slot(phrase.start, phrase.end, text, resolved.at, doubt)


def _this_morning(phrase: Phrase) -> bool:
    """今早8点, 今天8:30: the day and its half are said, there is nothing to mistake."""
    said = phrase.part is not None or (phrase.clock is not None and phrase.clock.figures)
    return phrase.day is not None and phrase.day.form == "rel" and phrase.day.offset == 0 and said


def _request_value(phrase: Phrase, context: Context, text: str) -> SlotValue | None:
    """Of a request the day counts (working days run from it): a missing clock is no doubt."""
    day, doubt = phrase.day, None
    if day is not None and phrase.clock is None:
        on = time_values.on_day(day, context)
        at = None if on is None else datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)
        doubt = "vague" if day.form == "week" and day.day == 0 else None
    else:
        resolved = resolve(day, phrase.part, phrase.clock, context)
        at = resolved.at if resolved else None
        half_a_day = timedelta(hours=12)
        if at is not None and at > context.now:
            at -= 2 * half_a_day if phrase.part or at - half_a_day > context.now else half_a_day
    if at is None or at > context.now:
        return None
    return _slot(phrase.start, phrase.end, text, at, doubt)


def _slot(start: int, end: int, text: str, at: datetime, doubt: str | None) -> SlotValue:
    return SlotValue(at.isoformat(timespec="seconds"), text[start:end], start, end, doubt is None, doubt)


def _one_of(values: list[_Found], text: str) -> SlotValue:
    """Of several times the one after a correction, else the first, to be asked back."""
    first, last = values[0].value, values[-1].value
    if len({f.at for f in values}) == 1 or (
        values[0].slot == "requested_at" and len({f.at.date() for f in values}) == 1
    ):
        return first
    if _CORRECTION.search(text[max(0, first.start - 4) : last.start]):
        return last
    return replace(first, certain=False, doubt=first.doubt or "several")
