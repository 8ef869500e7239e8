"""Goods that are faulty: what is said of the cause or of another piece does not make it the buyer's own wish.

不是我弄坏的 tells how it broke, 我就想换一个新的 what would put it right: neither is a no, nor a fresh start,
nor a change of mind.
"""

import re
from dataclasses import replace

from bot.dialogue.demands import ABOUT_GOODS, MONEY
from bot.dialogue.scene import SURE, TALK, Scene
from bot.dialogue.wording import TICKETS
from intents.understanding import SlotValue

FAULTS = frozenset({"wrong_item", "not_as_described", "quality", "late"})
"""Reasons that are the merchant's doing."""
_SWAP = re.compile(
    r"(?:换|补)(?:[一1]?[个件双台条只部套把瓶盒本张]|货|新)|重新?[发寄]|再[发寄][一1]?[个件双台条只部套把]?"
)
_NOT_BY_ME = re.compile(
    r"不是(?:我|咱|我们|我自己|自己|人为)(?:自己)?(?:弄|摔|搞|碰|撞|磕|用|洗|穿|拆|整|造成|损|[填选点拍写输买]错|的问题|的错|的原因|的锅)"
    r"|我(?:可|真|从来|根本|压根|都|也)*没(?:有)?(?:摔|碰|磕|动|拆|弄|用)(?:过|坏)"
)
_BROKEN = re.compile(r"坏|碎|破|裂|烂|断|摔|磕|损")


def fault(scene: Scene) -> bool:
    """In a case of faulty goods, words of the cause and of an exchange belong to that case."""
    state, text = scene.state, scene.said.normal
    if state.wish not in ABOUT_GOODS | MONEY or scene.value("product") in TICKETS:
        return False
    known = scene.value("reason")
    faulty = state.wish == "item_problem" or known in FAULTS
    if not faulty:
        return False
    guessed = scene.intent in {*TALK, "change_ticket", state.wish} or scene.confidence < SURE
    if _NOT_BY_ME.search(text) and guessed:
        _tell_cause(scene, text)
    swap = bool(_SWAP.search(text))
    heard = scene.slots.get("reason")
    own_wish = heard is not None and heard.value == "changed_mind"
    put_right = bool({"correct", "what_if"} & set(scene.said.moves)) or bool(scene.said.denied)
    if own_wish and not put_right and (swap or known in FAULTS):
        del scene.slots["reason"]
        if guessed:
            _stays(scene)
    elif swap and guessed and not scene.slots:
        _stays(scene)
    return False


def _tell_cause(scene: Scene, text: str) -> None:
    if scene.value("reason") in {None, "unknown"} and "reason" not in scene.slots and _BROKEN.search(text):
        scene.slots["reason"] = SlotValue("quality", text[:20], 0, len(text))
    _stays(scene)


def _stays(scene: Scene) -> None:
    """The message belongs to the case that is open."""
    scene.intent = scene.state.wish or scene.intent
    scene.said = replace(scene.said, denied=(), topics=())
    scene.note("kept", slots=["reason"])
