"""A circumstance named beside a wish for the money is a fact of the case, not the wish itself.

我没实名，想退火车票 is about a train ticket, with the account's limit on top of its fee.
没实名怎么验证 is about the account.
"""

import re

from bot.dialogue.scene import Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import TICKETS

SLOT_OF = {
    "minor_account": ("account_type", "minor"),
    "account_verification": ("account_type", None),
    "ticket_insurance": ("insured", "yes"),
    "cross_border": ("region", "cross_border"),
}
"""The wish's slot, and the value that the wish itself implies (None where it must have been said)."""
_WANTS_MONEY = re.compile(r"退[票款钱了掉]|[想要能可再]退|不去了|去不了|不要了|取消")
_ASKS_ABOUT_IT = re.compile(
    r"怎么|咋|如何|哪里|哪儿|流程|材料|认证|验证|理赔|赔|险[能可]?退|退.{0,2}险|授权|监护人"
)


def real_wish(scene: Scene, wish: str) -> str:
    """The wish to serve for a wish heard; the circumstance is put into the case where it is only that."""
    if wish not in SLOT_OF or not _is_only_circumstance(scene):
        return wish
    slot, implied = SLOT_OF[wish]
    if slot not in scene.slots and scene.value(slot) is None:
        if implied is None:
            return wish
        scene.learn(slot, Fact(implied, "said", scene.said.text, scene.state.turn))
    return "cancel_delivery" if re.search(r"送票|配送|别送", scene.said.normal) else "request_refund"


def _is_only_circumstance(scene: Scene) -> bool:
    product = scene.slots.get("product")
    names_ticket = (product.value if product else scene.value("product")) in TICKETS
    text = scene.said.normal
    return names_ticket and bool(_WANTS_MONEY.search(text)) and not _ASKS_ABOUT_IT.search(text)
