"""Lengths of time that say when: 还有3小时发车, 五天前取消的, 申请三天了."""

import re
from typing import Literal

from intents.slots.durations import Length
from intents.slots.time_roles import EVENT_NOUN, EVENT_VERB
from intents.slots.wording import either

Sureness = Literal["sure", "vague", "no_clock"]
"""no_clock: so many days ahead tell the day, not the hour."""

TICKET = re.compile(
    r"[票剧展]|高铁|动车|火车|航班|飞机|电影|影院|演出|演唱会|音乐|球赛|景区|乐园|入园|开场|发车|故宫|[GDCKZT]\d{1,4}"
)
"""A message that speaks of something with a ticket."""

_EVENT = rf"(?:{EVENT_VERB}|{EVENT_NOUN}|车|开)"
_LEFT = either("还有 还剩 只剩 就剩 只有")
_UNTIL = re.compile(
    rf"(?:(?P<named>距?离[^,，。!?]{{0,8}}?{_EVENT}[^,，。!?]{{0,2}}?(?:{_LEFT}|就|还|不到)?|距[^,，。!?]{{0,8}}?{_EVENT}{_LEFT}?"
    rf"|{EVENT_VERB}(?:时间)?{_LEFT}|临近?{EVENT_VERB})|还有|还剩|只剩|就剩|剩下?|再过|再有)"
    r"(?:不到|大概|大约|差不多|快|就|也就|将近)?\s?$"
)
_EVENT_NEAR = re.compile(rf"\s?[^,，。!?]{{0,5}}?{_EVENT}")
_EVENT_SOON = re.compile(rf"\s?(?:就|才|要|之后|后|以后|的)*{EVENT_VERB}")
_EVENT_LATER = re.compile(rf"\s?(?:之后|以后|后)[就才要的]*[^,，。!?退送发到]{{0,6}}?{_EVENT}")
_NO_EVENT = re.compile(
    r"\s?(?:才|就|能|可以|内|之内)*(?:[送到退满]|发货|过期|成年|出结果|.{0,4}(?:到账|到货|发货))"
)
_SHIFTED = re.compile(r"(?:提前|推迟|延后|晚|早)\s?$")
_ADVANCE = re.compile(r"提前(?:至少|大概)?\s?$")
_PLAN = re.compile(r"[就再来去]?(?:退|取消|申请)(?!的|了|过|掉|被|居然)")
_REFUND_DONE = re.compile(r"退了|退的(?!话|时候)|被扣|扣了|到账|退回来|已经退|取消了")

_AGO = re.compile(
    r"(?:之前|以前|前)(?:我|就|已经|刚|才|我就)*(?:在.{1,6})?"
    r"(?:(?:申请|退款?|退票|取消|提交|撤单?|寄回|发起)(?:了|的(?!话|时候)|过|掉|退)|[交递办报][的了]?(?:退|申请))"
)
_BEGUN = re.compile(
    rf"\s?(?:之前|以前|前)(?:我|就|都|已经|刚|才)*(?:{EVENT_VERB}|[开飞])了(?!会|户|票|发|通)"
)
_NOT_AGO = re.compile(r"(?:说|提前|至少|规定|最少|还)\s?$")
_ASKED = re.compile(
    either("申请 退款? 退票 取消 提交 撤单 退货 寄回 cancel") + r"(?:的?退款|的?退票|申请|成功|审核|掉)?"
    r"(?:了|都|已经?|有|快|整整|足足|差不多|大概|以后|之后|提交|到现在|过去){0,3}\s?$"
)
_PASSED = re.compile(r"(?:都|等了|过了|过去|已经|快)(?:(?:他|特)?(?:妈|么|娘)的?)?(?:有|快)?\s?$")
_PASSED_AFTER = re.compile(r"\s?多?(?:了|还|都|也|钱|没|一直|[,，]|$)")
_REFUND_TALK = re.compile(r"退款|退票|退的|申请|取消了|审核|到账|退货|退钱|退回")
_GOODS_TALK = re.compile(r"发货|揽|送|物流|没寄|还没发|充值|预售|卡密|点券|认证|工单|投诉|保险|理赔|拍下")
_AGO_ANSWER = re.compile(r"\s?(?:之?前|以前|了|$)")
_DAYS = frozenset(["天", "日", "周", "星期", "礼拜", "月"])


def until_event(text: str, length: Length, expecting: str | None) -> Sureness | None:
    """How surely a length is the time left until the event; None where it is not.

    提前48小时退 supposes a refund with that much time left, so it counts; 开场前2小时 only names a rule.
    """
    before, after = _around(text, length)
    sureness: Sureness = "vague" if length.vague else "sure"
    until = _UNTIL.search(before)
    if until and not _NO_EVENT.match(after):
        near = until["named"] or _EVENT_NEAR.match(after) or expecting == "event_time"
        if near or (TICKET.search(text) and not _REFUND_DONE.search(text)):
            return sureness
    if _EVENT_SOON.match(after) and not _SHIFTED.search(before):
        return "no_clock" if length.unit in _DAYS else sureness
    if _EVENT_LATER.match(after):
        return "no_clock" if length.unit in _DAYS else sureness
    if _ADVANCE.search(before) and _PLAN.match(after) and not _REFUND_DONE.search(text):
        return sureness
    if expecting == "event_time" and _is_all(text, length) and "前" not in after:
        return "no_clock" if length.unit in _DAYS else sureness
    return None


def since_event(text: str, length: Length) -> bool:
    """十五分钟前就开场了: the event lies so far behind."""
    before, after = _around(text, length)
    return bool(_BEGUN.match(after)) and not _NOT_AGO.search(before)


def since_request(text: str, length: Length, expecting: str | None) -> bool:
    """True where a length is the time since the refund or cancellation was asked for."""
    before, after = _around(text, length)
    if _AGO.match(after) and not _NOT_AGO.search(before):
        return True
    if expecting == "requested_at" and _is_all(text, length) and _AGO_ANSWER.match(after):
        return True
    if not _PASSED_AFTER.match(after):
        return False
    if _ASKED.search(before):
        return True
    waiting = _PASSED.search(before) and after.startswith(("了", "多了"))
    return bool(waiting and _REFUND_TALK.search(text) and not _GOODS_TALK.search(text))


def _around(text: str, length: Length) -> tuple[str, str]:
    return text[max(0, length.start - 16) : length.start], text[length.end : length.end + 14]


def _is_all(text: str, length: Length) -> bool:
    """True where the message, or its clause, is little more than the length: the answer to a question."""
    start = max(text.rfind(mark, 0, length.start) for mark in ",，。!?;；") + 1
    ends = [place for mark in ",，。!?;；" if (place := text.find(mark, length.end)) >= 0]
    return min(ends, default=len(text)) - start - (length.end - length.start) <= 6
