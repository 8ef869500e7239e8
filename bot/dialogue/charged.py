"""为什么扣这么多, asked of an answer: the charges it named, each with the claim that says so."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.dialogue import behind
from bot.dialogue.scene import Scene
from bot.dialogue.serving import TOPIC_ALONE, sure_topic, tell_topic
from bot.dialogue.wording import percent, say
from knowledge import claims

_WHY = r"为[什啥]么?|为何|凭[什啥哪]|怎么|咋|干嘛|干吗|什么道理|啥道理|哪一?条|谁规?定|有没有道理|合理|合法"
_CHARGE = (
    r"扣|收[我这费钱取]|收(?=$|[?？吗呢啊])|手续费|服务费|费用|退票费|换汇|全退|退全|全额"
    r"|这么多|那么多|这么贵|少退|少我|\d%"
)
_ASKS_WHY = re.compile(
    rf"(?:{_WHY})[^。?？!！]{{0,10}}(?:{_CHARGE})"
    rf"|(?:{_CHARGE})[^。?？!！]{{0,8}}(?:为[什啥]|凭[什啥]|什么道理|啥道理|哪一?条|哪来|怎么来|咋来|谁定|合理|合法|依据)"
)
_HAS_COME = re.compile(
    r"到账|到帐|到手|收到|退回|[只才]退|退了|退到|实际|少[退给]|已经?(?:申请|退)|申请[了的过]|打[回给]我?"
)
"""The money has come already: that is a question of what came, not of what was computed."""
_WHY_NOT = re.compile(
    r"(?:为[什啥]么?|为何|凭[什啥哪]么?|怎么(?:就|会|还)|咋(?:就|会|还))[^,，。?？]{0,4}(?:不能|不可以|不让|不行|退不了|取消不了|不给|没法|说不准|有条件)"
    r"|(?:不能退|退不了|不给退|不让退|取消不了|不能取消|说不准)[^。?？]{0,4}(?:凭[什啥]|为[什啥]|什么道理|啥道理)"
)
_WHY_SO = re.compile(
    r"^(?:那|可|但|啊|这|我|你们?|[,，\s])*(?:为(?:什么|啥|何)|凭(?:什么|啥)|怎么|咋)[^,，。?？]{0,6}"
    r"(?:[扣收赔退].{0,2}(?:这么|那么|这些|那些|这点|那点|钱|多|少|一半|全)|只[能有退赔]|就[赔退]|不[能让给]|退不|[这那]么(?:多|少|贵|高))"
)
"""The grounds are asked for of what was just said."""
_BY_OTHERS = re.compile(r"商家|卖家|店|他|她|对方|影院|平台|客服|页面|按钮|系统")
"""A refusal by somebody else is a matter of its own."""
REFUSALS = frozenset({"denied", "conditional", "unknown"})
_CONDITION = re.compile(r"如果|要是|假如|万一|一般|通常|平时")
"""Another case, or a question in general."""


def charged(scene: Scene) -> bool:
    """Asked why the answer just given takes something off: its lines, and what each rests on."""
    outcome, text = scene.state.outcome, scene.said.normal
    if outcome is None or scene.state.asked is not None or not _ASKS_WHY.search(text):
        return False
    wrong_amount = scene.state.wish == "refund_amount_wrong"
    if scene.slots.keys() - {"amount"} or _CONDITION.search(text) or "correct" in scene.said.moves:
        return False
    if _HAS_COME.search(text) and not wrong_amount:
        return False
    lines = [charge for charge in outcome.get("charges", ()) if _takes(charge)]
    if not lines:
        return scene.intent == "refund_amount_wrong" and not wrong_amount and _otherwise(scene)
    cites = tuple(dict.fromkeys(claim for charge in lines for claim in charge["cites"])) or tuple(
        outcome.get("citations", ())
    )
    told = [_line(charge) for charge in lines]
    told += [f"· {claim} {claims()[claim].text}（{claims()[claim].source}）" for claim in cites]
    scene.note("shown", what="charges")
    scene.cite(cites)
    scene.reply("\n".join([say("charged.head"), *told]), scene.state.options)
    return True


def _otherwise(scene: Scene) -> bool:
    """Nothing is known to be taken off: the topic that it is about, or what the answer rests on."""
    topic = sure_topic(scene, TOPIC_ALONE)
    return tell_topic(scene, topic) if topic is not None else behind.sources(scene)


def grounds(scene: Scene) -> bool:
    """凭什么不能退, 凭什么只赔这些, asked of an answer that refuses or takes something: what it rests on."""
    outcome, text = scene.state.outcome, scene.said.normal
    if outcome is None or scene.state.asked is not None or scene.slots:
        return False
    refused = outcome.get("verdict") in REFUSALS
    if refused and _WHY_NOT.search(text) and not _BY_OTHERS.search(text):
        return behind.sources(scene)
    if scene.state.wish in {"refund_amount_wrong", "complaint"} or not _WHY_SO.search(text):
        return False
    takes = any(outcome.get(name) for name in ("fee_range", "fee_rate", "insurance"))
    return (refused or takes or outcome.get("fee") not in {None, "0.00"}) and behind.sources(scene)


def _takes(charge: Mapping[str, Any]) -> bool:
    """True where the line takes something off, or may."""
    return any(charge[name] not in {None, "0", "0.00"} for name in ("rate", "amount", "high"))


def _line(charge: Mapping[str, Any]) -> str:
    rate = _percent(charge["rate"])
    if charge["amount"] is not None:
        amount = f"{charge['amount']} 元" + (f"（{rate}）" if rate else "")
    elif charge["low"] is not None and charge["high"] is not None:
        amount = f"{_percent(charge['low'])} 到 {_percent(charge['high'])}"
    else:
        amount = rate
    return say("outcome.charge", label=charge["label"], amount=amount)


def _percent(rate: str | None) -> str:
    return percent(Decimal(rate)) if rate is not None else ""
