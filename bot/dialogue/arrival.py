"""多久到账, asked right after an answer: when the money of this very case would arrive."""

import re
from datetime import date

from bot.dialogue.answers import arrival_lines
from bot.dialogue.scene import META_SLOTS, Scene
from bot.dialogue.state import Fact
from knowledge import Ask, Case, decide
from knowledge.outcome import UNKNOWN, Outcome

WISH = "refund_status"
_WHEN = r"多久|多长时间|几天|多少天|几个工作日|几号|哪天|几时|何时|[什啥]么?时候"
_COMES = r"到账|到帐|到卡|到[了吗呢啊呀]?|退[回到给]?|回来|收到|打[回到]"
_FREE = re.compile(r"免费|不[用要扣收花]|扣|手续费|[提之以]前|开[场车演]前|最[晚迟]")
"""Words of when to hand back, not of when the money comes: 提前多久退是免费的."""
_ARRIVAL = re.compile(
    rf"(?:{_WHEN})[^,，。？?]{{0,6}}(?:{_COMES})|(?:到账|到帐|退回|回来)[^,，。？?]{{0,4}}(?:{_WHEN})"
)


def arrival(scene: Scene) -> bool:
    """Asked for the arrival of the refund just computed, with nothing new but the channel."""
    outcome = scene.state.outcome
    told = outcome is not None and outcome.get("eta") and scene.state.asked is None
    if not told or scene.slots.keys() - {"pay_channel"}:
        return False
    if scene.state.wish == WISH or not asks_for_arrival(scene.said.normal):
        return False
    channel = scene.slots.get("pay_channel")
    if channel is not None:
        scene.learn("pay_channel", Fact(channel.value, "said", channel.said, scene.state.turn))
    found = expected_arrival(scene)
    if found.eta is None:
        return False
    scene.outcome = found
    scene.cite(found.citations)
    scene.note("shown", what="arrival")
    scene.reply("\n".join(arrival_lines(found)), scene.state.options)
    return True


def asks_for_arrival(text: str) -> bool:
    """True for 几天到账, false for 到哪了: a refund that is still to come, none that is under way."""
    return bool(_ARRIVAL.search(text)) and not _FREE.search(text)


def expected_arrival(scene: Scene) -> Outcome:
    """What the rules tell of a refund that is asked for today; what is not known is left open."""
    slots = {slot: fact.value for slot, fact in scene.state.facts.items() if slot not in META_SLOTS}
    slots["requested_at"] = _today(scene).isoformat()
    found = decide(Case(wish=WISH, slots=slots), scene.now)
    while isinstance(found, Ask):
        slots[found.slot] = UNKNOWN
        found = decide(Case(wish=WISH, slots=slots), scene.now)
    return found


def _today(scene: Scene) -> date:
    return (scene.acting or scene.now).date()
