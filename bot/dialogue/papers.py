"""要交什么材料, 上哪退: asked of an answer that sets conditions, its own papers and its own place."""

import re

from bot.dialogue import behind
from bot.dialogue.scene import Scene

_PAPERS = re.compile(
    r"(?:什么|哪些|哪几样|啥|几样)[^,，。?？]{0,3}(?:材料|资料|证件|证明|文件|手续|东西)|(?:材料|资料|证件|证明|文件|手续)[^,，。?？]{0,4}"
    r"(?:什么|哪些|啥|怎么[交弄传办])"
)
_FOR_A_DISPUTE = re.compile(r"投诉|举报|商家|卖家|维权|申诉|证据|凭证")
_WHERE = re.compile(
    r"(?:上|去|到|在|从)?(?:哪里?|哪儿|什么地方|啥地方)[^,，。?？]{0,4}(?:退|办|弄|取消|申请)|找谁[^,，。?？]{0,3}(?:退|办|弄)"
)
COUNTER = "movie_code"
"""The table of tickets that are only taken back at the cinema's counter."""


def counter(scene: Scene) -> bool:
    """上哪退去, asked of a ticket that no page takes back: the counter, and no way through the pages."""
    outcome = scene.state.outcome
    if outcome is None or scene.state.asked is not None or scene.slots:
        return False
    at_counter = any(row.startswith(COUNTER) for row in outcome.get("rows", ()))
    if not at_counter or outcome.get("verdict") != "conditional" or not _WHERE.search(scene.said.normal):
        return False
    scene.cite(tuple(outcome.get("citations", ())))
    return behind.show(scene, "steps")


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
