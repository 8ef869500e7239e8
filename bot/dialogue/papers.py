"""要交什么材料, asked of an answer that sets conditions: its own papers, not those of a dispute."""

import re

from bot.dialogue import behind
from bot.dialogue.scene import Scene

_PAPERS = re.compile(
    r"(?:什么|哪些|哪几样|啥|几样)[^,，。?？]{0,3}(?:材料|资料|证件|证明|文件|手续|东西)|(?:材料|资料|证件|证明|文件|手续)[^,，。?？]{0,4}"
    r"(?:什么|哪些|啥|怎么[交弄传办])"
)
_FOR_A_DISPUTE = re.compile(r"投诉|举报|商家|卖家|维权|申诉|证据|凭证")


def papers(scene: Scene) -> bool:
    """The papers that the last answer asked for."""
    outcome, text = scene.state.outcome, scene.said.normal
    if outcome is None or scene.state.asked is not None or scene.slots:
        return False
    bound = outcome.get("verdict") == "conditional" and bool(outcome.get("evidence"))
    if not bound or not _PAPERS.search(text) or _FOR_A_DISPUTE.search(text):
        return False
    scene.cite(tuple(outcome.get("citations", ())))
    return behind.show(scene, "steps")
