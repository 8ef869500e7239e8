"""What the slots of one message tell of each other: readings that cannot be true beside another one."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from intents.understanding import SlotValue

Slots = dict[str, SlotValue]

_LATE = re.compile(r"超时|晚[了到送]|迟[到了]|延误|延迟|耽误|逾期|没按时|没准时")
_NOT_ARRIVED = re.compile(r"(?:没|没有|未|不)(?:见)?(?:到账|到货|收到|发货|充上|充进|发|到)")
_REFUND = re.compile(r"退款|退票|退货|退的|退了|申请|取消了")
_TAKEN = re.compile(r"(?<!没)(?<!没人)(?<!没有)(?<!有人)(?<!骑手)(?<!未)接了?单(?![吗没])")
_STUCK = re.compile(r"[堵卡困]在路上")
_GOODS = frozenset(["physical_goods", "virtual_goods"])
_ENDED = re.compile(r"赶|错过|误|过[了点]|已经|没")
_TICKET = re.compile(r"票|取票|演出|演唱会|高铁|动车|配送")
_WRITTEN = re.compile(r"写的是|写着")
_ON_TICKET = re.compile(r"(?:票面?|票价|订单|短信|账单)(?:上|里)?(?:面|头)?$")
_TOLD = ("event_time", "requested_at", "amount", "received_amount")


def agreed(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """The slots without those that the others rule out, and with those that follow from them."""
    for step in _STEPS:
        slots = step(slots, text, now, expecting)
    return slots


def _cause_of_delay(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """系统故障，配送超时了 blames somebody for a delay: no attempt failed, no reason is told."""
    del now
    cause = slots.get("delay_cause")
    if cause is None:
        return slots
    if slots.get("delivery_status") and expecting != "delay_cause" and not _LATE.search(text):
        return _without(slots, "delay_cause")
    if "order_status" in slots and _STUCK.search(text):
        slots = _without(slots, "order_status")
    if expecting == "delay_cause":
        return _without(slots, "failure", "reason")
    if not _LATE.search(text):
        return slots
    product = slots.get("product")
    of_goods = product is not None and product.value in _GOODS
    if _reason(slots, "late") is not None and not of_goods:
        slots = _without(slots, "reason")
    return _without(slots, "failure")


def _not_arrived(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """超时29分钟还没到账: what is late and has not come was paid and not delivered."""
    del now, expecting
    late = slots.get("late_minutes") or _reason(slots, "late") or _own_wish(slots)
    if late is None or "order_status" in slots or "delivery_status" in slots:
        return slots
    missing = _NOT_ARRIVED.search(text)
    if missing is None or _TICKET.search(text) or _REFUND.search(text):
        return slots
    start, end = missing.span()
    return slots | {"order_status": SlotValue("paid_unshipped", text[start:end], start, end)}


def _not_missed_yet(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """明天下午就飞了: what is still to come was not missed."""
    del expecting
    reason, event = _reason(slots, "missed"), slots.get("event_time")
    if reason is None or event is None or datetime.fromisoformat(event.value) <= now:
        return slots
    return slots if _ENDED.search(reason.said) else _without(slots, "reason")


def _code_of_film(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """取票码没收到 tells of a film, and of goods nothing: 洗衣机未送货 is no delivery of a ticket."""
    del now, expecting
    state, product = slots.get("delivery_status"), slots.get("product")
    if state is None:
        return slots
    if product is None:
        # A bare answer tells no more than was asked; its words may be those of a button.
        code = "取票码" in state.said and state.value == "none" and len(text) > len(state.said) + 1
        return slots | {"product": replace(state, value="movie_ticket")} if code else slots
    of_goods = product.value in _GOODS and product.certain
    return _without(slots, "delivery_status") if of_goods and not _TICKET.search(text) else slots


def _goods_came_at_last(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """晚了35分钟才送到: goods that came are a completed order; what else came may be a ticket's courier."""
    del text, now
    state, product = slots.get("order_status"), slots.get("product")
    if state is None or expecting == "order_status" or not state.said.startswith("才"):
        return slots
    return slots if product is not None and product.value in _GOODS else _without(slots, "order_status")


def _further_on(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """还没寄出，只是接单了: of two stages of a delivery said at once, the further one holds."""
    del now, expecting
    state = slots.get("delivery_status")
    taken = _TAKEN.search(text) if state is not None and state.value == "none" else None
    if state is None or taken is None:
        return slots
    start, end = taken.span()
    value = replace(state, value="accepted", said=taken[0], start=start, end=end, certain=True, doubt=None)
    return slots | {"delivery_status": value}


def _written_on_ticket(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """票上写的是3月9日早上7:20 tells the time; nothing is otherwise than it was described."""
    del now, expecting
    reason = _reason(slots, "not_as_described")
    if reason is None or not _WRITTEN.fullmatch(reason.said):
        return slots
    follows = any(reason.end <= slots[slot].start <= reason.end + 2 for slot in _TOLD if slot in slots)
    return _without(slots, "reason") if follows or _ON_TICKET.search(text[: reason.start]) else slots


def _goods_take_no_place(slots: Slots, text: str, now: datetime, expecting: str | None) -> Slots:
    """蛋糕定的下午3点: only what is attended has a time of its own."""
    del now
    product = slots.get("product")
    if product is None or product.value not in _GOODS or not product.certain or expecting == "event_time":
        return slots
    return slots if _TICKET.search(text) else _without(slots, "event_time")


def _own_wish(slots: Slots) -> SlotValue | None:
    """话费充错号了，还没到账: the buyer's own wish about what was topped up."""
    product = slots.get("product")
    if product is None or product.value != "virtual_goods":
        return None
    return _reason(slots, "mistake") or _reason(slots, "changed_mind")


def _reason(slots: Slots, value: str) -> SlotValue | None:
    reason = slots.get("reason")
    return reason if reason is not None and reason.value == value else None


def _without(slots: Slots, *names: str) -> Slots:
    return {slot: value for slot, value in slots.items() if slot not in names}


_STEPS: tuple[Callable[[Slots, str, datetime, str | None], Slots], ...] = (
    _cause_of_delay,
    _not_arrived,
    _not_missed_yet,
    _goods_take_no_place,
    _code_of_film,
    _goods_came_at_last,
    _written_on_ticket,
    _further_on,
)
