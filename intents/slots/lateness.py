"""How many minutes past the promised time something is."""

import re
from datetime import timedelta

from intents.slots.durations import Length
from intents.slots.extraction import Claims
from intents.understanding import SlotValue

_LATE_BEFORE = re.compile(
    r"(?:晚了|晚[到送来发满]了?|迟到了?|迟了|超时了?|超了|逾期了?|延误了?|误了|拖了|延迟了?|耽误了?|延期了?|慢了)(?:都|有|快|差不多|大概|将近|已经|整整|足足|大约|约|近)*\s?$"
)
_DRAGGING = re.compile(r"(?:拖了|耽误了?|超了)(?:都|有|快|差不多|整整)?$")
_UNDELIVERED = re.compile("没到|没送|没发|没寄|没来|发货|到货|送达")
_DAYS = frozenset(["天", "日", "周", "星期", "礼拜", "月"])
_REFUND = re.compile(r"退款|退票|退货|审核|退的|退回")
_LATE_AFTER = re.compile(r"\s?(?:多)?(?:了)?(?:的)?(?:超时|迟到)")
_AT_LEAST = re.compile(r"(?:超过|超出|至少|不止)了?$")
"""超过四十五分钟: the least is what counts."""
_FLIGHT = re.compile(r"航班|飞机|火车晚点|高铁晚点|列车晚点|车晚点")
_PROMISED_BEFORE = re.compile(
    r"(?:说|承诺|保证|号称|标的?是?|写着?|约定|页面|答应|说是|说好|讲好|宣传)(?:的|好|了|是|在|最多|只要|只需)*\s?$"
)
_PROMISED_AFTER = re.compile(
    r"\s?(?:以内|之内|内)?(?:就|能|必|可以|可)?(?:内|到|发|送|充|完成|秒|好|搞定|交付|[,，。\s]|$)"
)
_AT_ONCE = re.compile(r"秒到|秒发|即时到账|立即到账|马上到账|自动发货|实时到账")
_ELAPSED_BEFORE = re.compile(
    r"(?:等了|过了|已经|都|下单|付款|付了|现在|拖了|过去|付完|等|充了|买了)(?:都|有|快|差不多|已经|钱|款|整整|足足|了|我|过去|将近)*\s?$"
)
_ELAPSED_AFTER = re.compile(r"\s?(?:多)?(?:了|还没|没|还|都没|也没|过去|[,，。\s]|$)")


_AT_LAST = re.compile(r"\s?(?:之?后|以后)?才(?:到|来|送|发|寄|给|充)")
"""两个小时才来: that long it took."""


def read_lateness(claims: Claims, expecting: str | None, lengths: list[Length]) -> dict[str, SlotValue]:
    """`late_minutes`: said outright (晚了40分钟), or the wait less the promise (说10分钟到，等了两小时)."""
    text = claims.text
    if _FLIGHT.search(text):
        return {}
    usable = [length for length in lengths if claims.free(length.start, length.end)]
    for length in usable:
        before, after = text[max(0, length.start - 10) : length.start], text[length.end : length.end + 8]
        if length.unit in _DAYS and _DRAGGING.search(before) and not _UNDELIVERED.search(text):
            continue
        bare = expecting == "late_minutes" and len(text) - (length.end - length.start) <= 8
        if _LATE_BEFORE.search(before) or _LATE_AFTER.match(after) or bare:
            return _late(claims, length, length.value)
    waited = None if _REFUND.search(text) else _waited(text, usable)
    if waited is not None:
        return _late(claims, *waited)
    if expecting == "late_minutes":
        return _bare_number(claims)
    return {}


def _waited(text: str, lengths: list[Length]) -> tuple[Length, timedelta] | None:
    promised = timedelta(0) if _AT_ONCE.search(text) else None
    elapsed: Length | None = None
    for length in lengths:
        before, after = text[max(0, length.start - 10) : length.start], text[length.end : length.end + 6]
        if _PROMISED_BEFORE.search(before) and _PROMISED_AFTER.match(after):
            promised = length.value
        elif _AT_LAST.match(after) or (_ELAPSED_BEFORE.search(before) and _ELAPSED_AFTER.match(after)):
            elapsed = length
    if promised is None or elapsed is None or elapsed.value <= promised:
        return None
    return elapsed, elapsed.value - promised


def _late(claims: Claims, length: Length, late: timedelta) -> dict[str, SlotValue]:
    if not claims.take("late_minutes", length.start, length.end):
        return {}
    said = claims.text[length.start : length.end]
    at_least = _AT_LEAST.search(claims.text[: length.start][-4:])
    doubt = "vague" if length.vague and not at_least else None
    minutes = str(int(late.total_seconds() // 60))
    return {"late_minutes": SlotValue(minutes, said, length.start, length.end, doubt is None, doubt)}


def _bare_number(claims: Claims) -> dict[str, SlotValue]:
    match = re.search(r"(?<!\d)(\d{1,4})(?![\d:点号元块])", claims.text)
    if match is None or not claims.take("late_minutes", match.start(), match.end()):
        return {}
    return {"late_minutes": SlotValue(str(int(match[1])), match[1], match.start(), match.end())}
