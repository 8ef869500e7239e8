"""What a message demands in so many words, whatever else it tells: 取消订单！, 给我退票, 算一下手续费.

In an open case a demand with a verb of its own is no answer to the question asked, and no other name for the
trouble that was told.
"""

import re

from bot.dialogue.circumstances import SLOT_OF, STOPS_DELIVERY
from bot.dialogue.own_words import lacks_own_words
from bot.dialogue.scene import SURE, TALK, Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import GOODS, TICKETS

MONEY = frozenset({"request_refund", "fee_query", "cancel_order", "cancel_delivery"})
"""Wishes about the same thing, an order and its money: between them one goes over without a digression."""
ABOUT_GOODS = frozenset({"not_delivered", "item_problem", "merchant_refusal"})
"""Wishes whose answer already says what becomes of the order."""
_TIMID = 0.9
"""The confidence up to which another wish gives way to a demand in so many words.

A wrong amount always does, for its words are those of every fee: 给我退票 就按现在的扣.
"""
_FIRM = (TALK - {"out_of_scope", "affirm", "deny"}) | MONEY
_PAUSE = r"(?:^|[,，。!！?？;；\s])"
_ORDERS = (
    r"(?:给我|帮我|替我|麻烦|请|我要|我想|我就想|我就要|要求|申请|就|还是|直接|现在|马上|赶紧|赶快|立刻|那|行吧|不等了|要|得"
    r"|把[^,，。?？]{1,8})"
)
_POLITE = r"(?:吧|了吧|行不行|行吗|行不|可以吗|可不可以|好吗|好不好|成不成|成吗|算了|得了|[!！]|$)"
_OVER = r"(?![了过]|的|成功|失败|到|款?进度|不|没|险|票险|休)"
"""What was done already, or what is told of it, demands nothing."""
_HOW_FOR_A_CHILD = re.compile(r"授权|监护|材料|证明|家长助手|谁来|怎么|咋")
YET = re.compile(r"还是(?:把它|给我|先)?(?:退|取消|撤)(?!不)")
"""算了还是退: what is given up is giving up."""
_THE_ORDER = r"(?:这|那|该|我的)?[一1]?(?:个|笔)?(?:订单|单子?)"
_CANCEL_ORDER = re.compile(
    rf"{_ORDERS}{{1,3}}(?:取消|撤销|撤掉|退掉)(?:一下)?{_THE_ORDER}{_OVER}"
    rf"|{_PAUSE}取消(?:一下)?{_THE_ORDER}(?:$|[,，。!！;；\s])"
    rf"|{_ORDERS}{{1,3}}{_THE_ORDER}(?:给我)?(?:取消|撤销|撤掉)(?:掉|{_POLITE})"
)
_WITHDRAW = re.compile(
    rf"(?:{_PAUSE}|{_ORDERS})把[^,，。?？]{{0,4}}单子?[^,，。?？没不别]{{0,3}}(?:取消|撤|退)[掉了销]{{0,2}}{_POLITE}"
    rf"|(?:这|那|该)[个笔]?(?:订单|单子?)[^,，。?？没不别]{{0,3}}(?:取消|撤|退)[掉销]?{_POLITE}"
)
_CANCEL = re.compile(rf"{_PAUSE}{_ORDERS}*[^,，。?？没不别已]{{0,3}}取消掉?{_THE_ORDER}?掉?{_POLITE}")
_REFUND = re.compile(
    rf"{_ORDERS}{{1,3}}[^,，。?？没不别]{{0,4}}(?:退票(?!险)|退款|退货|退钱|退掉|把[^,，。]{{1,6}}退){_OVER}"
    rf"|(?:^|[,，。!！?？;；\s]){_ORDERS}{{0,3}}(?:退票|退款|退货退款|退货|退钱|退掉|退)(?:了|掉)?(?:吧|算了|得了|行不行|[!！])"
    rf"|{_PAUSE}{_ORDERS}{{1,3}}退(?:了|掉)?(?:$|[,，。;；])"
)
_FEE = re.compile(
    r"算[一下算]{0,2}[^,，。?？]{0,8}(?:手续费|费用|扣)|(?:手续费|扣)[^,，。?？]{0,4}(?:多少|几块|几成)"
)
_ARRIVED = re.compile(
    r"到账|到帐|到手|收到|退回|退给|退了(?!吧|算|得|行)|退到|实际|少[退给]|只退|没退|一直没|已经?(?:申请|退|扣)|申请[了的过]|打[回给]|进账|提交了"
)
"""Words of a refund that is under way or has come: what is asked is about that one."""


def demanded(scene: Scene) -> str | None:
    """The wish about the money that the message demands in so many words, or None."""
    text = scene.said.normal
    if _CANCEL_ORDER.search(text) or _WITHDRAW.search(text):
        return "cancel_order"
    if _ARRIVED.search(text) or scene.slots.keys() & {"requested_at", "received_amount", "act_at"}:
        return None
    if _CANCEL.search(text):
        return "cancel_order"
    if _REFUND.search(text):
        return "request_refund"
    return "fee_query" if _FEE.search(text) else None


def demands_instead(scene: Scene, wish: str) -> bool:
    """取消订单！, said while something is asked about the trouble told: that, with all that is known."""
    if demanded(scene) != wish:
        return False
    if scene.state.wish in ABOUT_GOODS:
        return carries_over(scene, wish)
    if wish == "fee_query" and scene.slots.keys().isdisjoint({"amount", "event_time"}):
        return False
    return scene.state.wish not in MONEY and (wish != "fee_query" or _surely_fee(scene))


def _stops_delivery(scene: Scene) -> bool:
    """不让送了，取消, amid the trouble that its delay made."""
    product = scene.slots.get("product")
    ticket = (product.value if product else scene.value("product")) in TICKETS
    unsure = scene.intent in {"cancel_failed", "not_delivered", "order_status"} and scene.confidence < SURE
    return ticket and unsure and bool(STOPS_DELIVERY.search(scene.said.normal))


def _wants_it_for_a_child(scene: Scene) -> bool:
    """儿子用青少年模式买的演唱会门票，要求退票: a ticket's money, with the account's condition."""
    product = scene.slots.get("product")
    told = scene.intent == "minor_account" and "account_type" in scene.slots
    if not told or product is None or product.value not in TICKETS or scene.is_question():
        return False
    return bool(_REFUND.search(scene.said.normal)) and not _HOW_FOR_A_CHILD.search(scene.said.normal)


def demand(scene: Scene) -> bool:
    """In an open case a demand in so many words is heard as what it says; 取消订单 also beside a delay."""
    if _stops_delivery(scene):
        scene.intent = "cancel_delivery"
        return False
    if scene.state.wish is None:
        if _wants_it_for_a_child(scene):
            scene.intent = "request_refund"
        late = scene.intent == "not_delivered" and _CANCEL_ORDER.search(scene.said.normal)
        product = scene.slots.get("product")
        if late and (product is None or product.value in GOODS):
            assume(scene, "not_delivered")
            scene.intent = "cancel_order"
        return False
    if scene.intent == "stop" and (yet := YET.search(scene.said.normal)):
        wish = "request_refund" if yet[0].endswith("退") else "cancel_order"
        current = scene.state.wish
        scene.intent = current if current is not None and current in MONEY else wish
        return False
    if scene.intent in _FIRM or "correct" in scene.said.moves:
        return False
    if scene.intent in SLOT_OF and not lacks_own_words(scene, scene.intent):
        return False
    if scene.confidence > _TIMID and scene.intent != "refund_amount_wrong":
        return False
    named = demanded(scene)
    if named is not None and named in {"cancel_order", "request_refund"}:
        scene.intent = "cancel_delivery" if scene.state.wish == "cancel_delivery" else named
    return False


def _surely_fee(scene: Scene) -> bool:
    """How much is deducted, of a case that is told with it."""
    return scene.confidence >= SURE or {"amount", "event_time"} <= scene.slots.keys()


def carries_over(scene: Scene, wish: str) -> bool:
    """True where a demand goes over from the trouble told (东西坏了) to what is to become of the order.

    The trouble's own wish assumed what it is about; the demand keeps that, said as an assumption.
    """
    current = scene.state.wish
    if demanded(scene) != wish or (wish == "fee_query" and not _surely_fee(scene)):
        return False
    if "product" not in {*scene.slots, *scene.state.facts}:
        return False
    if current == "item_problem" and "reason" not in {*scene.slots, *scene.state.facts}:
        return False  # of the reasons, only the merchant's faults are in question still
    assume(scene, current)
    return True


def assume(scene: Scene, current: str | None) -> None:
    """What the trouble told implies of an order of goods, kept for the wish that follows it."""
    heard = scene.slots.get("product")
    product = heard.value if heard else scene.value("product")
    if product not in GOODS:
        return
    implied = {
        "item_problem": {"order_status": "completed"},
        "not_delivered": {"order_status": "paid_unshipped", "reason": "late"},
    }.get(current or "", {})
    for slot, value in implied.items():
        if slot not in scene.slots and scene.value(slot) is None:
            scene.learn(slot, Fact(value, "assumed", "", scene.state.turn))
