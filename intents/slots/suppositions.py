"""When a person supposes to act: 要是明天再退扣多少, 晚两个小时再取消, 等周五再办.

Such a time is neither the event's nor the request's: the rules are asked as of then.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from intents.slots.durations import Length
from intents.slots.time_phrases import Phrase
from intents.slots.time_values import SHANGHAI, Context, on_day, resolve
from intents.understanding import SlotValue

_ACT = r"(?:退|取消|申请|办|弄|处理|操作|撤)"
_NOT_DONE = r"(?!了(?!呢|的话|多少|会)|的(?!话|时候)|过|掉了)"
_THEN = rf"(?:再|才)(?:去|来|给)?{_ACT}{_NOT_DONE}"
_ASKED = (
    rf"(?:去)?{_ACT}[票款掉单了]?(?:订单)?"
    r"(?:呢|的话|的时候|还?会|要?扣|还?能[退拿]|要?多少|怎么算|[,，]?\s?扣多少)"
)
_SUPPOSING = re.compile(r"(?:要是|如果|假如|假设|万一|若是?|倘若)[^,，。!?;；]{0,4}$")
_WAITING = re.compile(r"(?:等[我俺]?到?|拖到?|挨到|放到|推到|过了)[我们]?\s?$")
_PUT_OFF = re.compile(r"(?:拖|挨|推)到\s?$")
_AND_THEN = re.compile(r"\s?(?:呢|的话|$|[,，]?\s?(?:会|要|又)?(?:扣|多少|怎么))")
"""要是拖到周日上午呢: what is put off needs no second word for it."""
_SAME_CLOCK = re.compile(r"的?(?:这个?|同一)(?:时候|时间|时刻|点儿?)")
_ME = r"\s?(?:的时候|之?后|以后)?[我俺]?(?:们)?"
_AFTER_TIME = re.compile(rf"{_ME}{_THEN}|(?!\s){_ME}{_ASKED}")
_OTHERS = re.compile("商家|卖家|店家|物流|快递|骑手|发货|到货|到账|改期|延期|演出推")
"""Whose delay it is, where it is not the person's."""
_AT_A_CLOCK = re.compile(rf"(?!\s){_ME}{_ACT}[票款掉单了]?(?:呢|的话|的时候)")
"""明天早上九点退呢; 明天早上九点退要扣多少 may be the ticket of that hour."""
_AFTER_IF = re.compile(rf"{_ME}(?:再|才)?(?:去)?{_ACT}{_NOT_DONE}")
_LONGER = re.compile(r"(?:晚|过|再过|再等|等|拖|推迟|延后|再晚|隔)(?:个|上)?\s?$")
_STILL_LONGER = re.compile(r"再(?:拖|等|晚|推)(?:个|上)?\s?$")
_AFTER_LENGTH = re.compile(rf"(?:之?后|以后)?[我俺]?(?:{_THEN}|{_ASKED}|再{_ACT})")
_BEFORE_EVENT = re.compile(
    r"(?:提前|(?:发车|开车|开场|开演|起飞|入园|演出|检票)(?:之|以)?前|提早)[我]?(?:个|上)?\s?$"
)
_AFTER_BEFORE = re.compile(
    rf"(?:[我俺]?{_THEN}|[我俺]?(?:去|来)?{_ACT}[票款掉]?(?:呢|的话|要?扣多少|会?扣多少|是?多少|能退多少)|呢$)"
)
_AFTER_LATER = re.compile(rf"(?:之后|以后|后)[我俺]?(?:{_THEN}|{_ACT}[票款掉]?(?:呢|的话))")
_ACTS = re.compile(rf"{_ACT}|拖|挨|再等|再晚|推到")
_MAYBE = re.compile("[再才等拖要如假万若退取办]")


def supposes(text: str) -> bool:
    """False where nothing in the text can be a supposition: a quick look before the closer one."""
    return _MAYBE.search(text) is not None and _ACTS.search(text) is not None


def act_of_phrase(phrase: Phrase, text: str, now: datetime) -> tuple[SlotValue, int] | None:
    """`act_at` of a time that names its point, and where its words end; None where it is no such time."""
    if phrase.statement:
        return None
    same = _SAME_CLOCK.match(text, phrase.end)
    end = same.end() if same else phrase.end
    before = text[max(0, phrase.start - 8) : phrase.start]
    tied = _AFTER_TIME if phrase.clock is None or _says_again(text, end) else _AT_A_CLOCK
    supposed = _SUPPOSING.search(before) or _WAITING.search(before)
    put_off = _PUT_OFF.search(before) and _AND_THEN.match(text, end) and not _OTHERS.search(text)
    if not (put_off or (_AFTER_IF if supposed else tied).match(text, end)):
        return None
    found = _moment(phrase, now, same is not None)
    if found is None:
        return None
    at, doubt = found
    if at < now:
        return None
    return _value(text, phrase.start, end, at, doubt), end


def _says_again(text: str, end: int) -> bool:
    return re.match(rf"{_ME}{_THEN}", text[end : end + 14]) is not None


def act_of_length(length: Length, text: str, now: datetime) -> SlotValue | None:
    """`act_at` of a time measured from now: 晚两个小时再取消, 12小时以后再退."""
    before = text[max(0, length.start - 6) : length.start]
    pattern = _AFTER_LENGTH if _LONGER.search(before) else _AFTER_LATER
    put_off = _STILL_LONGER.search(before) and text.startswith(("呢", "的话", "会扣"), length.end)
    put_off = put_off and not _OTHERS.search(text)
    if not (put_off or pattern.match(text, length.end)):
        return None
    return _value(text, length.start, length.end, now + length.value, "vague" if length.vague else None)


def act_before_event(length: Length, text: str) -> SlotValue | None:
    """`act_before`: how many minutes before the event somebody supposes to act, 开车前两小时再退."""
    before = text[max(0, length.start - 8) : length.start]
    if length.vague or not (_BEFORE_EVENT.search(before) and _AFTER_BEFORE.match(text, length.end)):
        return None
    minutes = str(int(length.value.total_seconds() // 60))
    return SlotValue(minutes, text[length.start : length.end], length.start, length.end)


def _moment(phrase: Phrase, now: datetime, same_clock: bool) -> tuple[datetime, str | None] | None:
    context = Context(now)
    if phrase.clock is None and (phrase.part is None or same_clock):
        on = now.date() if phrase.day is None else on_day(phrase.day, context)
        doubt = "vague" if phrase.day and phrase.day.form == "week" and phrase.day.day == 0 else None
        return None if on is None else (datetime.combine(on, now.timetz()), doubt)
    if phrase.clock is not None and phrase.part is None and phrase.day is None:
        return next(_coming(phrase.clock.hour, phrase.clock.minute, now)), None
    resolved = resolve(phrase.day, phrase.part, phrase.clock, context)
    return None if resolved is None else (resolved.at, resolved.doubt)


def _coming(hour: int, minute: int, now: datetime) -> Iterator[datetime]:
    """The next times that a clock of twelve hours (of twenty-four, past noon) shows this."""
    step = timedelta(hours=24 if hour > 12 or hour == 0 else 12)
    at = datetime.combine(now.date(), time(0), SHANGHAI) + timedelta(
        hours=hour % 12 if step.days == 0 else hour, minutes=minute
    )
    while True:
        if at > now:
            yield at
        at += step


def _value(text: str, start: int, end: int, at: datetime, doubt: str | None) -> SlotValue:
    return SlotValue(at.isoformat(timespec="seconds"), text[start:end], start, end, doubt is None, doubt)
