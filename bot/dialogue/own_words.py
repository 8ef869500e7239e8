"""Words without which some wishes are hardly ever meant: a guess that lacks them all is none.

The matching weighs parts of words, and a few words say little: 微信支付的啦 sounds like the state of an
order, 我妈让我来问退票 like a child's account, 你们是不是骗人的 like a leak.
"""

import re

from bot.dialogue.scene import TALK, Scene

OWN: dict[str, re.Pattern[str]] = {
    "minor_account": re.compile(
        r"未成年|孩|娃|儿子|儿童|女儿|闺女|青少年|少年|家长|监护|小朋友|宝宝|岁|学生|初[中一二三]|高[中一二三]|小学|中学|年级|伢|老[大二三幺]"
        r"|侄|外甥|孙|弟|妹|崽|囡|丫头|细路|仔|小鬼|大人|成年|满1[68]|父母|爸妈|爸爸|妈妈|我[爸妈](?!让我|叫我|喊我|要我|托我|问|买|的)|授权"
    ),
    "account_verification": re.compile(
        r"实名|认证|身份|验证|核验|校验|外籍|外国|国籍|护照|签证|[账帐][号户]|证件|绑|限额|额度|人脸|刷脸|刷连|脸|视频|老外|港澳|台胞"
        r"|通行证|姓名|名字|监护|注册|资料"
    ),
    "privacy_security": re.compile(
        r"隐私|泄|安全|信息|看[到得见]|打码|遮|马赛克|截[图屏]|手机|号码|电话|地址|住|身份|证件|卡号|银行卡|头像|昵称|微信名|wifi|wi-fi|网络"
        r"|热点|缓存|记录|数据|资料|隐藏|公开|匿名|照|盗|偷|登录?了|密码|验证码|链接|钓鱼|诈骗|扫码|屏幕|保密|公共|网吧|人肉|名字|姓名|监听"
        r"|授权|通讯录|面单|删|陌生|客服"
    ),
    "order_status": re.compile(
        r"单|物流|快递|快件|状态|发|寄|送|到哪(?!天|日|个?星期|号)|哪[了儿里步]|查|进度|出票|揽|派|签收|在途|运|货|包裹|站|仓"
        r"|出库|核销|取件|待|处理中|成功|完成|显示|票(?:呢|出|到)|充[上值]|怎么样了|动静|更新|几排|排[到产]|做了|到[了没]|能到"
    ),
    "cancel_failed": re.compile(
        r"失败|不了|反应|白屏|请在|没用|灰|按|点(?!卡|券)|报错|错误|(?<!点)卡(?!密|券)|转圈|网络|断网|没网|网[不卡慢]|重复|异常|系统|提交|崩|闪退|加载|超时|无法|不成"
        r"|没成|不[出动上掉让给]|弹|提示|打不开|刷新|bug|多次|好几|一半|付到|支付|锁|冻|驳回|断|退出|重新|连|反复"
    ),
    "refund_amount_wrong": re.compile(
        r"少|扣|差|到[账帐手]|收到|进账|退[回给了的来我]|只|才|实际|不[对符够]|不一[样致]|金额|缩水|手续费|没退|数目|多收|吞|黑|短|剩|缺|部分"
        r"|一半|全额|钱|费用|矮"
    ),
    "complaint": re.compile(
        r"投诉|举报|检举|维权|介入|消协|消费者|12315|工商|市监|市场监|热线|曝光|告|诉|权益|升级|仲裁|监管|差评|管管|反映|反馈|申诉|说法|评理"
        r"|赔|客服|欺|骗|坑|黑心|法院|律师|部门|上级|领导|追究|催|三倍|管不管|处[理罚]|没人|不理|评价|找谁|封"
    ),
}
"""By wish, the words of which at least one is said by nearly everybody who means it."""
ABOUT_MONEY = frozenset({"request_refund", "refund_status", "fee_query", "cancel_order", "cancel_delivery"})
"""What nearly everybody comes for."""
CERTAIN = 0.95
"""From this confidence on the matching knows better: 陌生人知道我买了哪场演唱会."""
INSULT = 0.8
"""Up to this confidence an insult is nothing but one, whatever wish it resembles."""
_PLAIN = re.compile(r"(?:退票|退款|退货|退钱)(?:的事情?|怎么[弄办搞]?|吗|不|呢|[。.!！?？\s])*$")
"""A message that ends with the thing itself: 我妈让我来问退票."""
ACCUSES = re.compile(
    r"骗[人钱子]?|坑[人钱爹]?|垃圾|黑店|黑心钱?|废物|耍我|忽悠|滚|无耻|恶心|欺负|抢钱|强盗|良心|不要脸|什么玩意"
)
"""Anger that tells nothing of a case: 你们是不是骗人的, 抢钱呢."""
_CHINESE = re.compile(r"[一-鿿]")
_MATTER = re.compile(r"退|取消|钱|[票单货券险]|快递|[账帐]|改签|转|投诉|人工|客服|费|扣|发|付|买|坏|质量|假")
"""Words of the things this house deals with."""


def lacks_own_words(scene: Scene, wish: str) -> bool:
    """True where none of the wish's own words is there; never of a message in pinyin."""
    own, text = OWN.get(wish), scene.said.normal
    return own is not None and bool(_CHINESE.search(text)) and not own.search(text)


def stray_guess(scene: Scene) -> bool:
    """A guess that lacks its own words is dropped: for the case that is open, or for the next best guess."""
    if scene.intent in {*TALK, scene.state.wish}:
        return False
    if _mere_insult(scene):
        scene.intent, scene.confidence = "out_of_scope", 0.0
        return False
    angry = scene.said.mood != "calm" and scene.intent == "privacy_security"  # 你们就是骗人的吧
    if (scene.confidence >= CERTAIN and not angry) or not lacks_own_words(scene, scene.intent):
        return False
    if scene.state.wish is not None:
        scene.intent = scene.state.wish if scene.slots else "out_of_scope"
    else:
        scene.intent = _next_best(scene)
    scene.confidence = 0.0
    return False


def _mere_insult(scene: Scene) -> bool:
    if scene.said.mood == "calm" or scene.slots or scene.confidence >= CERTAIN:
        return False
    rest = ACCUSES.sub("", scene.said.normal)
    accuses = rest != scene.said.normal or (scene.said.mood == "abusive" and scene.confidence < INSULT)
    return accuses and not _MATTER.search(rest)


def _next_best(scene: Scene) -> str:
    """The likeliest of the other wishes that the message is about at all; anger is about none."""
    if scene.said.mood != "calm":
        return "out_of_scope"
    if _PLAIN.search(scene.said.normal):
        return "request_refund"
    others = (name for name, score in scene.said.ranking[1:] if score >= 0 and name in ABOUT_MONEY)
    return next(others, "out_of_scope")
