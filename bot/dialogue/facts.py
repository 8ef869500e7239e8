"""What is known of a case: taking in what was said, what the order shows, and keeping the two apart."""

import re
from dataclasses import asdict, replace

from bot.dialogue.moments import TIMES, by_product, complete, start_of_day
from bot.dialogue.order import Order
from bot.dialogue.scene import META_SLOTS, Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import GOODS, TICKETS, say, slot_name, value_name
from intents.contrast import OUGHT, contrast
from intents.understanding import SlotValue

ORDER_SLOTS = (
    "product",
    "amount",
    "event_time",
    "order_status",
    "delivery_status",
    "pay_channel",
    "platform",
)
SHOWN = (
    "product",
    "event_time",
    "amount",
    "received_amount",
    "ticket_plan",
    "delivery_status",
    "order_status",
    "reason",
    "late_minutes",
    "requested_at",
    "pay_channel",
    "account_type",
    "region",
    "failure",
    "delay_cause",
    "insured",
)
"""The slots that an answer names as its basis, in this order."""
OF_THE_PERSON = frozenset({"account_type"})
"""Facts that hold for whatever the person asks next; all others belong to one order."""


_DAY_APART = re.compile(r"(?:^|[,，。\s是])(?:大?后天|明天|今天|\d{1,2}月\d{1,2}[号日])的?(?:$|[,，。\s])")
_HAS_COME = re.compile(r"^(?:收到|到了|拿到了)")
_PARCELS = frozenset({"快递", "快件", "包裹"})
PARCEL_OF_TICKET = {"paid_unshipped": "none", "shipped": "delivering", "completed": "signed"}
STATE_OF_GOODS = {"accepted": "shipped", "delivering": "shipped", "signed": "completed"}
"""The same the other way round: goods have no delivery of their own."""
"""A ticket's parcel: what is said of its sending is the state of its delivery."""


def take_in(scene: Scene) -> tuple[str, ...]:
    """Put the values heard into the case. Returns the slots whose value is new or changed.

    A value that the order holds otherwise is not taken: the order wins, and the bot says so.
    """
    changed = []
    read_parcel(scene)
    _read_code(scene)
    for slot, raw in scene.slots.items():
        heard = completed(scene, slot, raw) if slot in TIMES else raw
        if slot == "event_time":
            heard = by_product(heard, _product(scene), scene.now)
        if slot == "event_time" and heard.doubt == "no_clock" and _is_for_a_day(scene):
            heard = replace(heard, value=start_of_day(heard.value), certain=True, doubt=None)
        if slot == "product" and heard.doubt == "several" and len(scene.said.wishes) > 1:
            heard = replace(heard, certain=True)
            scene.set(mixed=True)
        if not heard.certain and _only_asked_about(scene, slot):
            continue
        if not heard.certain and not _said_again(scene, slot, heard):
            _keep_doubt(scene, slot, heard)
            changed.append(slot)
            continue
        old = scene.state.facts.get(slot)
        if slot == "product" and old is not None and _in_passing(scene):
            continue
        if old is not None and old.value == heard.value:
            continue
        if old is not None and old.source == "order":
            _order_wins(scene, slot, heard.value, old.value)
            continue
        scene.learn(slot, Fact(heard.value, "said", heard.said, scene.state.turn))
        changed.append(slot)
        if old is not None:
            _echo_correction(scene, slot, old.value, heard.value)
    return tuple(changed)


def completed(scene: Scene, slot: str, heard: SlotValue) -> SlotValue:
    """The time heard, with what it does not name taken from the case: 早上8点，明天 names its day apart."""
    beside = scene.said.normal.replace(heard.said, "")
    if heard.certain and contrast(beside) is None and _DAY_APART.search(beside):
        return heard
    return complete(heard, scene.state.doubtful.get(slot) or scene.state.facts.get(slot))


def _is_for_a_day(scene: Scene) -> bool:
    """A ticket to a park is for a day: no hour is missing."""
    return _product(scene) == "scenic_ticket"


def _product(scene: Scene) -> str | None:
    named = scene.slots.get("product")
    return named.value if named else scene.value("product")


def rule_out(scene: Scene) -> tuple[str, ...]:
    """Drop what the person says is not so: 不是火车票. Returns the slots dropped."""
    dropped = []
    for slot, value in scene.said.denied:
        if scene.value(slot) == value and slot not in scene.slots:
            scene.forget(slot)
            scene.prefix.append(say("denied_value", value=value_name(slot, value)))
            scene.note("denied", slot=slot, value=value)
            dropped.append(slot)
    return tuple(dropped)


def take_in_order(scene: Scene, order: Order) -> None:
    """Fill the case from an order that the person has shown to be theirs."""
    for slot in ORDER_SLOTS:
        value = getattr(order, slot)
        if value is None:
            continue
        old = scene.state.facts.get(slot)
        if old is not None and old.source == "said" and old.value not in {value, "unknown"}:
            _order_wins(scene, slot, old.value, value)
        scene.learn(slot, Fact(value, "order", order.order_id, scene.state.turn))
    if order.refund is not None:
        refund = asdict(order.refund)
        scene.learn("refund_state", Fact(refund["status"], "order"))
        if refund["requested_at"] and scene.value("requested_at") is None:
            scene.learn("requested_at", Fact(refund["requested_at"], "order"))
        if refund["amount"]:
            scene.learn("refund_amount", Fact(refund["amount"], "order"))
    scene.set(paid_at=order.paid_at)


def other_order(scene: Scene) -> None:
    """Begin with another order: only what holds for the person is kept."""
    kept = {slot: fact for slot, fact in scene.state.facts.items() if slot in OF_THE_PERSON}
    scene.set(facts=kept, doubtful={}, doubt=None, asked_times={}, paid_at=None, outcome=None, faulty=False)


def summary(scene: Scene) -> str:
    """What the case rests on, for people: 火车票、380.00元、3月7日（周六）10:00."""
    product = scene.value("product")
    known = {
        slot: value_name(slot, fact.value, product)
        for slot, fact in scene.state.facts.items()
        if fact.value != "unknown"
    }
    for slot in TIMES & scene.state.doubtful.keys():
        known[slot] = scene.state.doubtful[slot].said
    return "、".join(known[slot] for slot in SHOWN if slot in known)


def _leave_parcel_to_ticket(scene: Scene) -> None:
    """快递到哪了, said in a ticket's case, names the ticket's parcel and no goods."""
    named = scene.slots.get("product")
    about_ticket = scene.value("product") in TICKETS and scene.state.asked != "product"
    if named is not None and about_ticket and named.said in _PARCELS and "correct" not in scene.said.moves:
        del scene.slots["product"]


def read_parcel(scene: Scene) -> None:
    """已经发货了, said of a ticket: its parcel is on the way."""
    _leave_parcel_to_ticket(scene)
    product = _product(scene)
    sent = scene.slots.get("order_status")
    about_delivery = scene.state.wish == "cancel_delivery" or scene.state.asked == "delivery_status"
    if product in TICKETS and about_delivery and sent is not None:
        state = PARCEL_OF_TICKET.get(sent.value)
        if state is not None:
            scene.slots.setdefault("delivery_status", replace(sent, value=state))
            del scene.slots["order_status"]
    parcel = scene.slots.get("delivery_status")
    if product in GOODS and parcel is not None:
        del scene.slots["delivery_status"]
        if parcel.value in STATE_OF_GOODS:
            scene.slots.setdefault("order_status", replace(parcel, value=STATE_OF_GOODS[parcel.value]))


def _read_code(scene: Scene) -> None:
    """收到了, said to "has the pick-up code come", means the code and not a ticket that was signed for."""
    heard = scene.slots.get("delivery_status")
    if heard is None or heard.value != "signed" or not _HAS_COME.search(heard.said):
        return
    if scene.state.asked == "delivery_status" and scene.value("product") == "movie_ticket":
        scene.slots["delivery_status"] = replace(heard, value="delivering")


def _said_again(scene: Scene, slot: str, heard: SlotValue) -> bool:
    """A past time that was asked back and is said once more is meant so."""
    before = scene.state.doubtful.get(slot)
    return heard.doubt == "past" and before is not None and before.doubt == "past"


def _only_asked_about(scene: Scene, slot: str) -> bool:
    """能退308吗, 应该退520: what is asked or complained about in doubt pushes out nothing that is known."""
    if scene.value(slot) == scene.slots[slot].value:
        return True
    mentions = scene.is_question() or OUGHT.search(scene.said.normal)
    asks = mentions and not {"correct", "what_if"} & set(scene.said.moves)
    return bool(asks) and slot in scene.state.facts and scene.state.asked != slot


def _in_passing(scene: Scene) -> bool:
    """A thing named while another question is open does not change what the case is about."""
    named = scene.slots["product"].said
    if scene.is_nothing_but_values() or scene.said.normal.strip("。.!！ 的吧") == named:
        return False
    return scene.state.asked not in {None, "product"} and "correct" not in scene.said.moves


def _keep_doubt(scene: Scene, slot: str, heard: SlotValue) -> None:
    fact = Fact(heard.value, "said", heard.said, scene.state.turn, heard.doubt or "other")
    doubtful = {**scene.state.doubtful, slot: fact}
    scene.set(doubtful=doubtful, doubt=None, facts={k: v for k, v in scene.state.facts.items() if k != slot})


def _order_wins(scene: Scene, slot: str, said: str, value: str) -> None:
    names = {"said": value_name(slot, said), "value": value_name(slot, value)}
    scene.prefix.append(say("order.differs", slot=slot_name(slot), **names) + "\n")
    scene.note("contradiction", slot=slot, said=said, order=value)


def _echo_correction(scene: Scene, slot: str, old: str, new: str) -> None:
    if slot in META_SLOTS or old == "unknown":
        return
    key = "noted_what_if" if "what_if" in scene.said.moves else "corrected"
    scene.prefix.append(say(key, slot=slot_name(slot), value=value_name(slot, new)))
    scene.note("corrected", slot=slot, old=old, new=new)
