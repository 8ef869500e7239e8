"""What a time belongs to, by the words around it: the event, the request, the payment, or something else."""

import re
from typing import Literal

from intents.slots.wording import either

Role = Literal["event", "request", "paid", "other", "open"]
"""`open`: nothing said so; the caller decides by what is being talked about."""

EVENT_VERB = either(r"""
    发车 开车 开走 出发 起飞 启程 登机 检票 飞(?!猪) 开场 开演 开赛 演出 放映 上映 入园 入场 进园 进场
    开始(?![收扣退试申等排点弄操算])
    上山 爬山 进山 上车 去玩 去看 走(?=[,，。!?吧啊呢的\s]|$)
    [去玩演](?=的?(?:[,，。!?吧啊呢\s]|$)) 进(?=[,，。!?的\s]|$)
    开(?![通发票始具了的着卖业机头心放封口奖会学店])
""")
EVENT_NOUN = either(r"""
    (?<![取退买送抢改验订])票(?![点员]) 机票 门票
    高铁 动车 火车 列车 车次 班车 [的那这]车 卧铺 硬座 软卧 二等座 航班 飞机 早班机 晚班机
    电影 影片 首映 场次 场(?!馆) 演出 演唱会 话剧 音乐[会节剧] 歌剧 舞剧 相声 脱口秀 漫展 画展 展览 特展
    球赛 比赛 [童偶]剧
    晚会 [越京昆评川豫]剧 昆曲 曲艺 戏 专场 livehouse 故宫 迪士尼 乐园 [那这][班趟场张]
""")
_ACTION = "退[^改]|取消|买|付|下单|下的|路过|送|寄|收|发货|到账|扣|申请|提交|改签|改到|换|拿"
_DONE = either(r"""
    申请[了过的退取] 提交[了过的退取] 提的?[退申]
    发起[了的] 点[了的]?退 办[了的]退 退(?:[了掉过]|的(?!话|时候)) 退[货票款]的(?!话)
    取消[了掉的成] 撤[了的掉] [交递报][的了]?(?:退[票款货]|申请) [交递报]上去
    撤单[了的] 寄回 递交 退票 退款 退货 撤单 取消 要求退 就退
""")
_WHO_WHERE = r"(?:在.{1,8}?|用.{1,6}?|从.{1,6}?|给.{1,5}?|花.{1,6}?)?"

PAID = re.compile(
    rf"\s?的?(?:时候)?[我就才刚也]?[们妈爸]?{_WHO_WHERE}"
    + either(
        "付 买 下的?单 下的 拍 订(?!单) 预订 充 花了 支付 抢 购 续 开通 交(?![的了]?退|[的了]?申请|上去) 入手"
    )
)
_TOOK_BACK = re.compile(
    r"[^,，。!?]{0,10}(?:把|将)[^,，。!?]{0,6}(?:票|单|货|款)(?:给|都|全)?(?:退|取消)(?:了|掉)"
)
PAID_BEFORE = re.compile(
    either("付款 下单 支付 购买 购票 买票 充值 签收 到货 收货") + r"(?:时间|日期)?(?:是|为|:|在|于)?\s?$"
)
REQUEST = re.compile(
    rf"\s?(?:我|就|刚|已经?|才|都|们|也)*(?:在.{{1,8}}?|跟.{{1,4}}?|给.{{1,4}}?|从.{{1,6}}?|窗口)?{_DONE}"
)
REQUEST_DONE = re.compile(
    r".{0,12}?(?:申请|提交|发起|点退|退|取消|撤单?|货|票|款)(?:了|过|的|掉|成功|$)|.{0,8}(?:寄回|申请退)|.{0,4}[办点交递提报](?:的|了|上)"
)
REQUEST_BEFORE = re.compile(
    either("申请 提交 退款 退票 取消 撤单 申请退款")
    + r"(?:(?:时间|日期)(?:是|为|:|在|于)?\s?|(?:是|为|:|在|于)\s?)?$"
)
REQUEST_DATED = re.compile(
    r"(?:申请|提交|退[款票货]|取消|撤单)的?(?:时间|日期|日子)(?:是|为|:|在|于|填的)?\s?$|(?:申请|提交)[于是]\s?$"
)
_CANNOT_GO = (
    r"[我俺]?们?(?:就|都|又|肯定|实在|突然|临时|有事)*"
    r"(?:(?:去|来|走|看|坐|赶|飞|参加)不(?:了|成|上)|(?:没法|不能|没空|没时间)(?:去|来|走|看|坐))"
)
"""下周二去不了了: the day that something is for."""
EVENT_AFTER = re.compile(
    r"\s?(?:钟|整|左右|准时|就要?|才|要|的|那天|从.{1,10}?|去.{1,8}?|到.{1,8}?){0,4}"
    rf"{EVENT_VERB}|{_CANNOT_GO}|\s?的?[GDCKZTYgdckzty]\d{{1,4}}(?![\dA-Za-z])|(?:(?!{_ACTION})[^,，。!?;；、\n]){{0,14}}?{EVENT_NOUN}"
)
_IS = r"(?:就?是|为|:|在|定在|约的?)?(?:今天)?\s?$"
EVENT_BEFORE = re.compile(
    rf"(?:(?:{EVENT_VERB}|检票|场次|使用|游玩|预约)(?:的?时间|日期|的)?|[票车场](?:时间|日期)){_IS}"
)
_NOUN_BEFORE = re.compile(rf"(?:票|车|场|航班|电影|飞机|高铁|动车|[GDCKZT]\d{{1,4}}次?(?:列车)?){_IS}")
_OTHER_AFTER = re.compile(
    r"\s?"
    + either(r"""
        之?前(?!后) 以前 之?内 以内 以后 之后 送 到货 到账 发(?!车) 寄 签 收到 拿 取 没 还没 要 再 能 会 有
        改 换 加班
        才(?![对是]) 可以 还 又 退 取消 看 用 给 联系 打电话 回复 了 就能 必须 得 想 现在 怎么 怎样 也 都 说
        跟 来 挪 往后 是不是
    """)
)
_SAYS_NOW = re.compile(r"(?:现在|目前|这会儿?|此刻)(?:是|都|已经|才)?\s?$")
_SAYS_PROMISE = re.compile(
    either(r"""
        说 说好 承诺 保证 约好 (?<!预)约的 预计 预售 最晚 最迟 等到 改到 改签到 换到 换成 改成 挪到 延期到
        说是 (?<!票上)(?<!票面)(?<!面上)(?<!票)(?<!错了)(?<!错了[,，])写着 撑到 得 要等 要到
    """)
    + r"(?:的|了|在|是|今天)?\s?$"
)
_CLOCK_END = re.compile(r"[点半刻分整钟\d]\s?$")
_LEAVES = re.compile(r"\s?(?:钟|整)?开的(?:$|[,，。!?\s\d一二两三四五六七八九车那我想要退])(?!车票)")
"""五点开的: said of an hour, what opens is a train or a film; 昨天开的会员 is something else."""
_RIGHT = re.compile(r"(?:才|先)(?:对|是|啱)")
"""是明天8:30才对."""
_SETS_OUT = re.compile(rf"\s?(?:钟|整|的)?(?:{EVENT_VERB})")
"""本来说大后天上午9点走: said, and still the event."""
_SURELY_DONE = re.compile("(?:申请|提交|退[票款货掉]?|取消|撤单?|寄回)[了的过]")
_FREE_STANDING = re.compile(
    r"\s?的?(?:呢|吧|啊)?(?:[,，。!?;；、~…\s)）】]|\d|$)|\s?(?=不是|而不是|[吧啊呀哦呢嘛哈]|的?才[对是]|了$)|\s?(?:左右)?的(?=[我想要能可不现帮给怎咋扣有这那本俺]|退(?!款)|取消)"
)
"""A time that no verb is tied to: 后天, · 明天上午10点的我要退票."""
_TIED = re.compile(
    r"\s?"
    + either(r"""
        之?前(?!后) 以前 之?内 以内 以后 之后 到货 到账 发货 签收 收到 改签 挪到 联系
        回复 还没到 才到 还没收 没收
        说 答复 客服 商家 我就
    """)
)
"""What ties a time to something else even after a blank."""
_CLAUSE_END = re.compile(r"[\s,，。!?;；、\n]")


def role_of(text: str, start: int, end: int, next_start: int, previous_end: int) -> Role:
    """The role of the time phrase at text[start:end], read up to the time phrases next to it."""
    before = text[max(previous_end, start - 12) : start]
    after = _clause(text[end : min(next_start, end + 24)])
    promised = bool(_SAYS_PROMISE.search(before))
    if _SAYS_NOW.search(before) or (before.endswith("都") and after.startswith("了")):
        return "other"
    if PAID.match(after) or PAID_BEFORE.search(before):
        return "paid"
    if not promised and EVENT_BEFORE.search(before):
        return "event"
    if REQUEST_BEFORE.search(before) or _is_request(text[end : end + 1], after):
        return "request"
    if promised and not _SETS_OUT.match(after):
        return "other"
    if EVENT_AFTER.match(after) or (_LEAVES.match(text, end) and _CLOCK_END.search(text[start:end])):
        return "event"
    if _RIGHT.match(after):
        return "open"
    free = _FREE_STANDING.match(text, end)
    if (_TIED if free else _OTHER_AFTER).match(after):
        return "other"
    if _NOUN_BEFORE.search(before):
        return "event"
    return "open" if free else "other"


def _is_request(next_character: str, after: str) -> bool:
    """昨天退票 is a request; in 大年三十 取消 the blank parts two things, unless it is done (取消的)."""
    request = REQUEST.match(after) or _TOOK_BACK.match(after)
    return bool(request) and (next_character != " " or bool(_SURELY_DONE.search(after)))


def _clause(after: str) -> str:
    """The words after a time up to the end of its clause; a blank right after the time does not end it."""
    stripped = after.lstrip(" ,，")
    lead = after[: len(after) - len(stripped)]
    if "," in lead or "，" in lead:
        return ""
    cut = _CLAUSE_END.search(stripped)
    return stripped[: cut.start()] if cut else stripped
