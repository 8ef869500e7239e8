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
"""The wish's slot, and the value that the wish itself implies (None where it must have been said).

Abroad is believed only where a word says so: it costs 1.5%.
"""
_ABOUT_DELIVERY = re.compile(r"送票|配送|别送")
_RETURNS = re.compile(r"(?<![不没])退(?!票?险|送|配送|[了过的])[^,，。?？]{0,6}票|退票(?!险)")
STOPS_DELIVERY = re.compile(
    r"送票|[取撤停]消?[^,，。]{0,4}(?:配送|快递|派送|邮寄|送)|[不别][要用想]?[送寄配]"
)
_WANTS_MONEY = re.compile(r"退(?!票?险)|tui|不去了|去不了|不要了|取消")
_ASKS_ABOUT_IT = {
    "minor_account": re.compile(r"授权|监护|材料|证明|家长助手|谁来|青少年模式"),
    "account_verification": re.compile(
        r"怎么[认验核]|[认验]证.{0,2}(?:不|失败|方法)|核验|材料|限额|额度|上限|为[什啥]"
    ),
    "ticket_insurance": re.compile(r"赔|保单|有用|管用|生效|退险|买不买|要不要买"),
    "cross_border": re.compile(r"怎么|咋|如何|哪里|哪儿|流程|汇率|换汇|外汇|时差"),
}
"""Words that make the circumstance itself the question."""


def real_wish(scene: Scene, wish: str) -> str:
    """The wish to serve for a wish heard; the circumstance is put into the case where it is only that."""
    if wish in {"cancel_delivery", "fee_query"} and _wants_ticket_back(scene):
        return "fee_query" if wish == "fee_query" else "request_refund"
    if wish == "fee_query" and ("ticket_plan" in scene.slots or _is_about_delivery(scene)):
        return "cancel_delivery"
    closed = scene.slots.get("order_status")
    if wish == "refund_status" and closed and closed.value == "closed" and not scene.value("refund_state"):
        return "request_refund"
    if wish not in SLOT_OF or not _is_only_circumstance(scene, wish):
        return wish
    slot, implied = SLOT_OF[wish]
    said = slot in scene.slots or scene.value(slot) is not None
    if not said and implied is None:
        return wish
    if not said and slot != "region":
        scene.learn(slot, Fact(implied or "", "said", scene.said.text, scene.state.turn))
    return "cancel_delivery" if _is_about_delivery(scene) else "request_refund"


def _is_about_delivery(scene: Scene) -> bool:
    """Whether a delivery is at stake: not where it is only said that there is none (没让人送票)."""
    heard = scene.slots.get("delivery_status")
    none = heard is not None and heard.value == "none"
    return bool(_ABOUT_DELIVERY.search(scene.said.normal)) and not none


def _wants_ticket_back(scene: Scene) -> bool:
    """退演唱会票，纸质票正在配送: where the parcel is, no word of stopping it or of keeping it."""
    text = scene.said.normal
    told = "delivery_status" in scene.slots and "ticket_plan" not in scene.slots
    return told and bool(_RETURNS.search(text)) and not STOPS_DELIVERY.search(text)


def _is_only_circumstance(scene: Scene, wish: str) -> bool:
    product = scene.slots.get("product")
    names_ticket = (product.value if product else scene.value("product")) in TICKETS
    text = scene.said.normal
    if wish == "cross_border" and names_ticket and "region" not in scene.slots and not scene.value("region"):
        return True
    return names_ticket and bool(_WANTS_MONEY.search(text)) and not _ASKS_ABOUT_IT[wish].search(text)
