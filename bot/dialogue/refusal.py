"""What we never advise, and what we cannot do though it is asked of us: found before any wish is served."""

import re

from bot.dialogue import general
from bot.dialogue.own_words import ABOUT_MONEY
from bot.dialogue.questions import back_to_question
from bot.dialogue.scene import SURE, TALK, Scene
from knowledge.answers import Answer, answer

_SCHEME = re.compile(
    r"谎|其实没|没有这回事|编[个一造些段]|[造作]假|假[装冒]|绕[过开]|歪招|[pP](?:图|一|个|张|s|掉)|怎么[pP]"
)
"""Words of who means to deceive."""
_TRICK = re.compile(
    r"假(?:身份|证|截图|聊天|记录|病历|冒)|跳过|骗|冒[充用]|别人的(?:实名|身份)|伪造|破解|拒付|盗刷|黄牛|贩子"
    r"|(?:拿|用|借)[^,，。]{0,8}的(?:身份证|证件|护照|脸|签证)(?!买|订|定|下|购|抢)"
)
"""Words of a trick, which its victims use as well."""
_ASKED_OF_US = re.compile(
    r"密码|口令|验证码|付款码|共享|远程|忽略|无视|指令|提示词|system|ignore|assistant|开发者|管理员|扮|假[装设如]|后门"
    r"|没有限制|改[^,，。]{0,6}(?:规则|代码|免费)|脚本|代码|连点|外挂|插件|按键精灵|程序|[一每]秒|api|抓包|接口"
    r"|别人|人家|他|她|[爸妈夫妻哥姐弟妹友]|老[公婆板]|同[学事]|邻居|亲戚|对象|闺|儿子|女儿|前[夫妻男女任]|名下|住址|警察|民警|记者"
    r"|导[出给]|(?:买家|顾客|用户|客户|客人)[^,，。]{0,6}(?:信息|电话|地址|住|名|资料|手机|数据|方式)"
    r"|尾号[^,，。]{0,8}(?:试|猜|挨个|人|他|她)|(?:试|猜)[^,，。]{0,8}尾号|不用核|跳过|买的|买了|答应|承诺|说好|照[这那你他]|按[这那你]|规定|上次|上回|都[说讲是]|听|说过|刚[弄办]"
    r"|群|加价|推我|经理|老板|宣布|就当|通融|破例|走后门"
)
"""Words of what is asked of us, innocent in most messages."""
_BROKEN = re.compile(r"没(?:退|到|给|发|动|处理|兑现|收)|一直|还没|反悔|不认")
"""Words of a promise that was not kept: a case like any other."""
_PROMISE = re.compile(r"保证|发[个誓]*誓|打包票|答应|承诺|[说给]一?句|准话|给个?(?:肯定|痛快)|立字据|说死")
_OUTSIDE = re.compile(r"私下|私底|微信转|转账|线下")
TRICKY = 0.65
"""From this score on words of a trick make it one; below, they are as often the victim's (单号是假的)."""
ASKED_SCORE = 0.8
ASKED_TOPICS = frozenset({"no_others_order", "no_password", "no_rule_change", "no_script", "no_hearsay"})
TRICKED = frozenset({"item_problem", "not_delivered", "complaint", "purchase_tips"})
"""Wishes of people who met with a fake or a trick, and name it."""
OWN_AFFAIRS = ABOUT_MONEY | {"transfer_ticket"}
WISH_SURE = 0.9


def refuse(scene: Scene) -> bool:
    """帮我查他的订单, 密码给你, 保证能退吗: a short honest answer, and whatever is open stays open."""
    if scene.state.asked in scene.slots:
        return False
    told = refused(scene) or _cannot_promise(scene) or _outside(scene)
    if told is None:
        return False
    scene.slots.clear()
    scene.note("answered", topic=told.topic)
    general.tell(scene, told)
    back_to_question(scene)
    return True


def is_tricked(scene: Scene) -> bool:
    """True for who complains of a trick, rather than asking how it is done."""
    return scene.intent in TRICKED and scene.confidence >= WISH_SURE


def refused(scene: Scene) -> Answer | None:
    """The answer to something that we never advise, or cannot do, where words and score say so."""
    text = scene.said.normal
    scheme = bool(_SCHEME.search(text)) or (not is_tricked(scene) and bool(_TRICK.search(text)))
    own = scene.slots.keys() >= {"order_id", "phone_tail"}
    if not scheme and (own or not _ASKED_OF_US.search(text)):
        return None
    for topic, score in scene.said.topics:
        told = answer(topic)
        if told is None or not told.advised_against or not (scheme or topic in ASKED_TOPICS):
            continue
        if score >= (ASKED_SCORE if topic in ASKED_TOPICS else TRICKY):
            return None if is_innocent(scene, topic) else told
    return None


def is_innocent(scene: Scene, topic: str) -> bool:
    """我老公买的票想退: no order is shown for that; 客服答应退的，一直没退: no hearsay."""
    if topic == "no_others_order":
        return scene.intent in OWN_AFFAIRS and scene.confidence >= SURE
    return topic == "no_hearsay" and bool(_BROKEN.search(scene.said.normal))


def _cannot_promise(scene: Scene) -> Answer | None:
    if not _PROMISE.search(scene.said.normal) or scene.slots.keys() & general.FIGURES:
        return None
    return _first(scene, "no_promise_of_refund")


def _outside(scene: Scene) -> Answer | None:
    if not _OUTSIDE.search(scene.said.normal) or scene.intent not in TALK:
        return None
    return _first(scene, "private_chat")


def _first(scene: Scene, wanted: str) -> Answer | None:
    topic, score = scene.said.topics[0] if scene.said.topics else ("", 0.0)
    return answer(topic) if topic == wanted and score >= ASKED_SCORE else None
