"""那要是到时候还没到呢, 超期了找谁: what to do once the last day of a refund is over."""

import re
from datetime import datetime, timedelta

from bot.dialogue import behind
from bot.dialogue.arrival import WISH
from bot.dialogue.scene import Scene
from bot.dialogue.serving import decide_case
from bot.dialogue.wording import day, say
from knowledge.outcome import Outcome

_NOT_COME = re.compile(
    r"(?:要是|如果|万一|假如|到时候?|那时候?|过了[^,，。?？]{1,5}|今天|明天|后天|这几天|那天)[^。?？]{0,8}"
    r"(?:[没不]到(?!账?日|期)|[没不]来|[没不]退|没收到|没见[到着]?|没动静|收不到|等不到)[^。]{0,5}(?:呢|怎么|咋|找|吗|[?？]|$)"
)
_WHOM = re.compile(
    r"(?:超期|超时|逾期|过期|超了|拖)[^。]{0,8}(?:找谁|找哪|找什么|怎么办|怎么弄|咋办|咋整|咋弄|往哪|去哪|上哪|向谁|跟谁)"
    r"|(?:该|要|能|得|去)(?:找谁|找哪个?|往哪里?|上哪儿?|去哪儿?|跟谁|向谁)(?:[催要说问查反投]|$|[?？呢啊呀])"
)
OF_GOODS = frozenset({"not_delivered", "order_status"})
_GOODS = re.compile(r"[货票单]|快递|包裹|物流|发|寄|送|充|商品|东西|会员|点[卡券]|话费|状态|进度")
_SHORT = re.compile(r"少|差|不对|不够|不符|不一[样致]|只|扣了|扣我|多扣|\d")
LOOK_AHEAD = 20
"""Days after the last one within which there is a working day."""


def overdue(scene: Scene) -> bool:
    """Asked what to do if the money does not come in time: the way to escalate, from that day on."""
    outcome, text = scene.state.outcome, scene.said.normal
    if scene.state.wish == WISH and not scene.slots and _is_about_money(scene.intent, text):
        scene.intent = WISH
    if scene.state.wish != WISH or outcome is None or scene.state.asked is not None:
        return False
    if scene.slots or not (_NOT_COME.search(text) or _WHOM.search(text)):
        return False
    eta = outcome.get("eta")
    if eta is None or eta["overdue"]:
        return behind.show(scene, "steps")
    latest = datetime.fromisoformat(eta["latest"])
    late = _once_late(scene, latest)
    if late is None:
        return False
    scene.cite(late.citations)
    scene.note("shown", what="overdue")
    steps = [f"{n}. {step}" for n, step in enumerate(late.steps, 1)]
    lines = [say("overdue.then", latest=day(latest)), *steps]
    scene.reply("\n".join(lines), scene.state.options)
    return True


def _is_about_money(intent: str, text: str) -> bool:
    """怎么还没到, 所以最晚到哪天, 是不是扣着不退: about the money, while that is the matter."""
    if intent == "refund_amount_wrong":
        return not _SHORT.search(text)
    return intent in OF_GOODS and not _GOODS.search(text)


def _once_late(scene: Scene, latest: datetime) -> Outcome | None:
    """What the rules say of the case on the first day on which it is late."""
    acting = scene.acting
    for days in range(1, LOOK_AHEAD):
        scene.acting = scene.now.replace(year=latest.year, month=latest.month, day=latest.day) + timedelta(
            days
        )
        found = decide_case(scene, WISH)
        if isinstance(found, Outcome) and found.eta is not None and found.eta.overdue:
            scene.acting = acting
            return found
    scene.acting = acting
    return None
