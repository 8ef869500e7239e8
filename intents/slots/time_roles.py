"""What a time belongs to: the event, the request for a refund, the payment, or something else; by the words around it."""

import re
from typing import Literal

Role = Literal["event", "request", "paid", "other", "open"]
"""`open`: nothing said so; the caller decides by what is being talked about."""

EVENT_VERB = (
    "发车|开车|开走|出发|起飞|开场|开演|入园|入场|进园|进场|放映|上映|演出|开赛|开始(?!收|扣)|登机|检票|启程"
    "|飞(?!猪)|开(?![通发票始具了的着卖业机头心放封口奖会学店])"
)
EVENT_NOUN = (
    "(?<![取退买送抢改验订])票(?!点|员)|高铁|动车|火车|列车|车次|航班|飞机|电影|影片|首映|场次|场(?!馆)|演出|演唱会|话剧|音乐会|音乐节|音乐剧|歌剧|舞剧|相声|脱口秀"
    "|漫展|画展|展览|特展|球赛|比赛|晚会|越剧|京剧|戏|专场|livehouse|故宫|迪士尼|乐园|卧铺|硬座|软卧|二等座|那班|那趟|那场|这班|这趟|这场"
    "|[的那这]车|班车|机票|早班机|晚班机"
)
_NOT_ACTION = r"(?:(?!退[^改]|取消|买|付|下单|下的|路过|送|寄|收|发货|到账|扣|申请|提交|改签|改到|换|拿)[^,，。!?;；、\n]){0,14}?"

PAID = re.compile(
    r"\s?的?(?:时候)?(?:我|就|才|刚|也)?(?:们|妈|爸)?(?:在.{1,8}?|用.{1,6}?|从.{1,6}?|给.{1,5}?|花.{1,6}?)?"
    r"(?:付|买|下的?单|下的|拍|订(?!单)|预订|充|花了|支付|抢|购|续|开通|交的?|入手)"
)
_PAST_REQUEST = (
    r"(?:申请(?:了|过|的|退|取消)|提交(?:了|过|的|退|取消)|发起(?:了|的)|点(?:了|的)?退|办(?:了|的)退|退(?:了|掉|的|货的|票的|款的|过)"
    r"|取消(?:了|掉|的|成功)|撤(?:了|的|单了|单的|掉)|寄回|递交|退票|退款|退货|撤单|取消|要求退|就退)"
)
REQUEST = re.compile(
    rf"\s?(?:我|就|刚|已经?|才|都|们|也)*(?:在.{{1,8}}?|跟.{{1,4}}?|给.{{1,4}}?|从.{{1,6}}?|窗口)?{_PAST_REQUEST}"
)
REQUEST_DONE = re.compile(
    r".{0,12}?(?:申请|提交|发起|点退|退|取消|撤单?|货|票|款)(?:了|过|的|掉|成功|$)|.{0,8}(?:寄回|申请退)"
)
REQUEST_BEFORE = re.compile(r"(?:申请|提交|退款|退票|取消|撤单|申请退款)(?:时间|日期)?(?:是|为|:|在|于)?\s?$")
PAID_BEFORE = re.compile(
    r"(?:付款|下单|支付|购买|购票|买票|充值|签收|到货|收货)(?:时间|日期)?(?:是|为|:|在|于)?\s?$"
)
EVENT_AFTER = re.compile(
    rf"\s?(?:钟|整|左右|准时|就要?|才|要|的|那天|从.{{1,10}}?|去.{{1,8}}?|到.{{1,8}}?){{0,4}}(?:{EVENT_VERB})|{_NOT_ACTION}(?:{EVENT_NOUN})"
)
EVENT_BEFORE = re.compile(
    rf"(?:(?:{EVENT_VERB}|检票|场次|使用|游玩|预约)(?:的?时间|日期|的)?|[票车场](?:时间|日期))(?:就?是|为|:|在|定在|约的?)?(?:今天)?\s?$"
)
_NOUN_BEFORE = re.compile(
    r"(?:票|车|场|航班|电影|飞机|高铁|动车|[GDCKZT]\d{1,4}次?(?:列车)?)(?:就?是|为|:|在|定在|约的?)?(?:今天)?\s?$"
)
_OTHER_AFTER = re.compile(
    r"\s?(?:之?前(?!后)|以前|之?内|以内|以后|之后|送|到货|到账|发(?!车)|寄|签|收到|拿|取|没|还没|要|再|能|会|有|改|换|加班|会|才|可以|还|又|退|取消|才|看"
    r"|用|给|联系|打电话|回复|了|就能|必须|得|想|现在|怎么|怎样|也|都|说|跟|来|挪|往后|是不是|能不能)"
)
_SAYS_NOW = re.compile(r"(?:现在|目前|这会儿?|此刻)(?:是|都|已经|才)?\s?$")
_SAYS_PROMISE = re.compile(
    r"(?:说|说好|承诺|保证|约好|(?<!预)约的|预计|预售|最晚|最迟|等到|改到|改签到|换到|换成|改成|挪到|延期到|说是|写着|撑到)(?:的|了|在|是|今天)?\s?$"
)
_FREE_STANDING = re.compile(r"\s?的?(?:[,，。!?;；、~…\s]|$)")


def role_of(text: str, start: int, end: int, next_start: int, previous_end: int) -> Role:
    """The role of the time phrase at text[start:end]; its neighbours among the time phrases bound the view."""
    after = text[end : min(next_start, end + 24)]
    before = text[max(previous_end, start - 12) : start]
    if _SAYS_NOW.search(before):
        return "other"
    after = _clause(after)
    if PAID.match(after) or PAID_BEFORE.search(before):
        return "paid"
    if EVENT_BEFORE.search(before) and not _SAYS_PROMISE.search(before):
        return "event"
    if REQUEST_BEFORE.search(before) or REQUEST.match(after):
        return "request"
    if _SAYS_PROMISE.search(before):
        return "other"
    if EVENT_AFTER.match(after):
        return "event"
    if _OTHER_AFTER.match(after):
        return "other"
    if _NOUN_BEFORE.search(before):
        return "event"
    return "open" if _FREE_STANDING.match(after) else "other"


def _clause(after: str) -> str:
    """The words after a time up to the end of its clause; a blank right after the time does not end it."""
    stripped = after.lstrip(" ,，")
    lead = after[: len(after) - len(stripped)]
    if "," in lead or "，" in lead:
        return ""
    cut = re.search(r"[\s,，。!?;；、\n]", stripped)
    return stripped[: cut.start()] if cut else stripped
