"""Two cases in one conversation: the one on the table, and the one that was put away for it.

算了 puts the case away, and so does 还有一张也想退; 还是退吧 and 上一张 take it up again as it was.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.demands import MONEY, YET, demanded
from bot.dialogue.facts import other_order
from bot.dialogue.scene import SURE, TALK, Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import TICKETS

SAME = frozenset(
    {
        ("cancel_delivery", "cancel_order"),
        ("refund_status", "order_status"),
        ("refund_status", "not_delivered"),
    }
)
"""The wish put away, and what it is taken for in few words: 还是取消吧, 刚才那个几号能到."""
PROOF = frozenset({"order_id", "phone_tail"})
"""What only served to look the order up: its facts stay, the proof is not kept beside them."""
_THINGS = r"[张单笔件份个条场套盒台双本部]"
_NOT_MEANT = (
    r"(?!月|星期|小时|钟|问|人|事|意|办|方|途|疑|[优惠]*券|[银行信用]*卡|身份|截|图|号|账|帐"
    r"|平台|影院|座|理由|原因)"
)
_ANOTHER = re.compile(
    rf"(?<![一1两2]张)(?:还有|另外?(?:还)?有?|再有)(?:[一1两2几那]?{_THINGS}{_NOT_MEANT})"
    rf"|[又也还](?:得|要|想|打算|准备|需要)?(?:再)?(?:退|取消|撤)掉?(?:[一1两2]{_THINGS}{_NOT_MEANT}|别的|其他)"
    r"|(?:别的|其他|另外的?)(?:订单|票|单子)"
)
"""Words for a thing beside the one talked about."""
_BACK = re.compile(
    rf"(?<![早晚马网线])(?:上一?|前一|头一|最早那?|最开始那?|第[一1]){_THINGS}{_NOT_MEANT}"
    r"|(?<![退钱款能会])(?:回到|说回|再说回)(?!账|帐|卡|微信|支付|原|余额|哪|银行|我)"
)
"""Words for the thing talked about before this one."""
_THAT = re.compile(rf"(?:刚才|刚刚|之前|前面|先前|上面|原来|^那)(?:的|说的)?那?{_THINGS}{_NOT_MEANT}")
"""Words for what was talked about: the thing before this one only where its kind is named."""
_THAT_KIND = re.compile(rf"那{_THINGS}|刚才|刚刚|之前|前面|先前|原来")
"""The same, where the kind named is the other thing's: 电影票那张."""
_DAY_OF_TALK = re.compile(
    r"(?:昨天|昨晚|前天|前晚|今早|上午|早上|刚才|上次|那天)(?:说的|问的|看的|讲的|算的)?那"
)
"""昨天那张票, of the case talked about yesterday: no time of the ticket."""
_SET_ASIDE = re.compile(r"放着|放一[放边]|先不[管说弄办]|先别[管说弄办]|不用?管|待会|等会|回头再")
"""刚才那个先放着: what is named is left, not taken up."""
_ACT = r"(?<![不没别])(?:退(?!出|不)|取消(?!不)|撤|办|弄)"
_AFTER_ALL = re.compile(
    rf"(?:还是|又|那|要不|决定|变卦|改主意|反悔|想了想|想通|接着|继续|照旧|照样|重新)[^?？]{{0,9}}{_ACT}"
    rf"|{_ACT}(?:了|掉|票)?吧"
)
"""A case that was put away is wanted after all."""
_MIXED_UP = re.compile(r"[搞弄看记想说]?混|[搞弄看记说]错|不是")
"""跟另一单搞混了: the other thing is named to be left out."""
_ONE_OF_SEVERAL = re.compile(rf"[一1两2]{_THINGS}[^,，。]{{0,8}}[,，、\s]?还有")
"""一张200，还有一张180: parts of one sum."""
BARE = 9
"""Up to this many characters 那刚才那张呢 asks for nothing but the other thing."""


def put_away(scene: Scene) -> None:
    """Clear the table; the case on it can be taken up again. What holds for the person stays."""
    state = scene.state
    away = state.away
    if state.wish is not None and state.facts:
        away = {
            "wish": state.wish,
            "facts": {slot: fact.to_json() for slot, fact in state.facts.items() if slot not in PROOF},
            "doubtful": {slot: fact.to_json() for slot, fact in state.doubtful.items()},
            "paid_at": state.paid_at,
        }
    other_order(scene)
    scene.set(away=away, asked=None, later=())


def take_up(scene: Scene, away: Mapping[str, Any]) -> None:
    """Put the case that was put away back on the table, and what lies there in its place."""
    scene.set(away=None)
    put_away(scene)
    scene.set(
        wish=away["wish"],
        facts=_facts(away["facts"]),
        doubtful=_facts(away["doubtful"]),
        paid_at=away["paid_at"],
    )
    scene.note("taken_up", wish=away["wish"])


_MIXED_UP = re.compile(r"[搞弄记看][混串岔]")
"""我跟别的订单搞混了 is about this one."""


def other_case(scene: Scene) -> bool:
    """还有一张也想退 begins a case beside this one; 上一张, 还是退吧 take the one put away up again."""
    if scene.intent in TALK - {"out_of_scope", "stop", "deny", "affirm", "restart"}:
        return False
    if _begins_another(scene):
        kind = scene.state.facts.get("product")
        put_away(scene)
        if kind is not None and kind.value in TICKETS and "product" not in scene.slots:
            scene.learn("product", replace(kind, source="assumed"))  # 另外一张也退: of the same kind
        scene.note("put_away")
        return False
    away = scene.state.away
    if away is None or not _wants_back(scene, away):
        return False
    take_up(scene, away)
    scene.said = replace(scene.said, moves=tuple(move for move in scene.said.moves if move != "repeat"))
    day = scene.slots.get("event_time")
    if (
        day is not None
        and (spoken := _DAY_OF_TALK.search(scene.said.normal))
        and spoken[0].startswith(day.said)
    ):
        del scene.slots["event_time"]
    wish = scene.intent
    if wish in TALK or (away["wish"], wish) in SAME:
        scene.intent = away["wish"]
    return False


def _begins_another(scene: Scene) -> bool:
    state, text = scene.state, scene.said.normal
    if state.wish is None or scene.intent == "stop" or "correct" in scene.said.moves:
        return False
    if _MIXED_UP.search(text):
        return False
    if scene.intent == "restart":
        if not ((_asks_after(text) or scene.slots) and _ANOTHER.search(text)):
            return False
        scene.intent = state.wish
    differs = _product(scene) not in {None, scene.value("product")} and scene.value("product") is not None
    if differs and scene.intent not in TALK and (_SET_ASIDE.search(text) or _tells_case(scene)):
        return True
    answered = scene.intent in {"deny", "affirm"} and scene.confidence >= SURE
    if answered or _MIXED_UP.search(text):
        return False
    if state.asked in scene.slots or _ONE_OF_SEVERAL.search(text) or not _ANOTHER.search(text):
        return False
    if scene.intent in TALK and scene.slots.keys() & {"event_time", "amount"}:
        scene.intent = state.wish  # 那另外那张明天下午两点的呢
    return scene.intent not in TALK or "product" in scene.slots


def _tells_case(scene: Scene) -> bool:
    """我要退火车票，明晚九点发车，98块, whatever was asked about the headphones."""
    figures = scene.slots.keys() & {"amount", "event_time", "order_status", "delivery_status"}
    return demanded(scene) is not None and scene.confidence >= SURE and len(figures) > 1


def _wants_back(scene: Scene, away: Mapping[str, Any]) -> bool:
    text = scene.said.normal
    if _SET_ASIDE.search(text) or (scene.intent == "stop" and not YET.search(text)):
        return False
    product, then = _product(scene), away["facts"].get("product", {}).get("value")
    if product is not None and then is not None and product != then:
        return False
    if _BACK.search(text):
        return True
    if scene.state.wish is not None:
        same_kind = product is not None and product == then != scene.value("product")
        return bool((same_kind and _THAT_KIND.search(text)) or (_asks_after(text) and _THAT.search(text)))
    return bool(_THAT.search(text)) or (scene.intent in MONEY | TALK and bool(_AFTER_ALL.search(text)))


def _asks_after(text: str) -> bool:
    """那刚才那张呢, and nothing else."""
    return len(text) <= BARE and text.rstrip("?？").endswith("呢")


def _product(scene: Scene) -> str | None:
    heard = scene.slots.get("product")
    return heard.value if heard else None


def _facts(stored: Mapping[str, Any]) -> dict[str, Fact]:
    return {slot: Fact(**fact) for slot, fact in stored.items()}
