"""Reasons that a contrast tells: what was said and what it is, what was ordered and what came, when and when.

说是实木的，其实是贴皮 · 跟图片差远了 · 买黑的寄来白的 · 说好上午到，下午才到. But for a comparison with
the page they are heard of goods only: with a ticket such words are about the journey or the show.
"""

import re

from intents.slots.extraction import Claims
from intents.understanding import SlotValue

_HINT = re.compile(
    "[寄发送来到]|[和跟与同][网图照页主直宣详介描说广样商卖店买实]|其实|结果|实际|一[吸验量称测查看用拆掂]|完只|[量称]了"
)
_TICKET = re.compile(r"(?<!发)票|演出|演唱会|高铁|动车|火车|航班|尾号|金额|扣")
_SAID = re.compile(
    r"(?<!我)(?:说是|说的是|说|(?:页面|详情页?|标题|介绍)上?写|写的是?|写着|写是|标的?是?|标着|标注|号称|宣传(?:说|的)?是?)(?P<a>[^,，。;；!！?？]{1,10})[,，\s]{0,2}"
    r"(?:拿[^,，。]{0,4})?(?:结果|其实|实际上?|到手|一[吸验量称测查看用拆掂]|激活完|用完|量了|称了|拆开|收到)"
    r"[^,，。]{0,6}?(?:是|才|只有|只|就|成了|没有|不)"
)
_PROMISE = re.compile(
    r"退|到|发|送|天|小时|分钟|取消|处理|审核|联系|回复|解决|能|可以|会|不|没|查|等|付|微信|支付宝|过"
)
_COMPARED = re.compile(
    r"[和跟与同](?:网上|图|照片|页面|主播|直播|宣传|详情|介绍|描述|说明|广告|样品|商家|卖家|店家|买家秀|卖家秀|实物)"
    r"[^,，。;；!！?？]{0,8}?(?:不符|不一样|不一致|不相符|不同|对不上|两(?:回事|码事|个?样)|不是一(?:回事|个)|不像"
    r"|差(?:远|很多|好多|得|太|老远|了?十万|距|别大|好远))"
)
_OF_MONEY = re.compile(r"金额|[钱款价费]|数[目额]|到账|退|扣|多少")
_MARK = (
    r"(?:(?:浅|深)?[黑白红蓝绿黄灰粉紫棕橙金银米咖杏]色?|\d{2,3}码|\d{2,4}(?:ml|g|gb|寸|毫升|克)|[大中小特加]+[号码]"
    r"|[xsml]{1,3}[码号]?|[男女]款?|[左右]边?|国行|港版|[新旧老]款)"
)
_MARKED = re.compile(
    rf"(?:买|拍|订|定|要|下单|选)(?:的|了)?(?:是|的是|[对双件条个])?[^,，。]{{0,4}}?(?P<a>{_MARK})[^,，。]{{0,5}}?[,，\s]{{0,2}}"
    rf"[^,，。]{{0,6}}?(?:寄|发|送|(?<![原本后起出想看])来|到手|收到)(?:来|过来|给我)?[^,，。改换]{{0,6}}?(?P<b>{_MARK}|\d{{2}}(?=的|$|[,，。]))",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"(?:买|拍|订|定|下单)(?:的|了)?(?:是|的是)(?P<a>[^,，。]{1,8})[,，\s]{1,2}(?:结果|却|但)?(?:商家|卖家|店家|他们?)?(?:给我)?"
    r"(?:[寄发送](?:来|过来|到)?|来|到手|收到|拿到|打开)(?:的|了)?(?:却?是|成了|变成了?|一?[个双件条台只把盒瓶包])(?P<b>[^,，。]{1,8})"
)
_AT_LAST = re.compile(r"才(?:给我|给)?(?:送|到|来|寄|发|出)(?!现|账|点)")
_AFTER_ALL = re.compile(r"[晚迟拖]|说好|约好|承诺|约定|答应|保证")
_COURIER = re.compile(r"取件|取票|接单|审核|回复|到账|[款钱][^,，。]{0,4}才|才到\d")


def read_contrast(claims: Claims, *, late: bool) -> dict[str, SlotValue]:
    """The reason that a contrast in the message tells; `late`: whether it says how late something was."""
    text = claims.text
    if _HINT.search(text) is None:
        return {}
    compared = _compared(text)
    if compared is not None:
        return _told("not_as_described", compared)
    if _TICKET.search(text):
        return {}
    said = _SAID.search(text)
    if said is not None and not _PROMISE.search(said["a"]):
        return _told("not_as_described", said)
    other = _other_came(text)
    if other is not None:
        return _told("wrong_item", other)
    came = _came_late(text, late)
    return {} if came is None else _told("late", came)


def _told(reason: str, match: re.Match[str]) -> dict[str, SlotValue]:
    return {"reason": SlotValue(reason, match[0], match.start(), match.end())}


def _compared(text: str) -> re.Match[str] | None:
    compared = _COMPARED.search(text)
    if compared is None or _OF_MONEY.search(text[max(0, compared.start() - 6) : compared.end()]):
        return None
    return compared


def _other_came(text: str) -> re.Match[str] | None:
    marked = _MARKED.search(text)
    if marked is not None and marked["a"].rstrip("色码") != marked["b"].rstrip("色码"):
        return marked
    ordered = _ORDERED.search(text)
    if (
        ordered is None
        or ordered["a"] in ordered["b"]
        or re.match(r"[没不已还了未坏假好]|什么", ordered["b"])
    ):
        return None
    return ordered


def _came_late(text: str, late: bool) -> re.Match[str] | None:
    came = _AT_LAST.search(text)
    if came is None or _COURIER.search(text) or not (late or _AFTER_ALL.search(text)):
        return None
    return came
