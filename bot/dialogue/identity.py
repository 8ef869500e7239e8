"""Whose order it is: the phone number's last four digits, three tries, before anything is shown."""

import re
from collections.abc import Mapping

from bot.dialogue.facts import take_in_order
from bot.dialogue.order import OrderQuery
from bot.dialogue.questions import ask
from bot.dialogue.scene import Scene
from bot.dialogue.state import Option, State
from bot.dialogue.wording import say, wish_name
from intents.understanding import Understanding

TRIES = 3
"""Tries a conversation; the shop's side keeps its own lock by order and by person."""
_NEVER_MIND = re.compile(r"算了|不查了?|不用查|别查|直接(?:说|告诉|问)|不看订单")
"""那算了，是微信付的，3月2号退的: the talk goes on without the order."""
OFFERED = ("request_refund", "refund_status", "cancel_order", "order_status")


def order_query(state: State, said: Understanding) -> OrderQuery | None:
    """The look-up that this message makes possible: a number and a tail, both known, not tried out yet."""
    tail = said.slots.get("phone_tail")
    order = said.slots.get("order_id")
    known = {slot: fact.value for slot, fact in state.facts.items()}
    number = order.value if order else known.get("order_id")
    digits = tail.value if tail else known.get("phone_tail")
    new_order = order is not None and order.value != known.get("order_id")
    if number is None or digits is None or digits == "unknown" or (tail is None and not new_order):
        return None
    if state.order_closed or state.tail_tries >= TRIES:
        return None
    return OrderQuery(number, digits)


def check_identity(scene: Scene) -> bool:
    """Take in the shop's answer; ask for the tail while an order number waits for it."""
    if scene.order is not None:
        return _take_answer(scene)
    if not _waits_for_tail(scene.state):
        return False
    if (
        scene.state.asked == "phone_tail"
        and _NEVER_MIND.search(scene.said.normal)
        and scene.brought("learned")
    ):
        scene.set(order_closed=True, asked=None)
        return False
    ask(scene, "phone_tail")
    return True


def try_without_tail(scene: Scene) -> bool:
    """不清楚 for the tail counts as a try."""
    return _refuse(scene, "order.unverified_unsure")


def _waits_for_tail(state: State) -> bool:
    number = state.facts.get("order_id")
    return number is not None and not state.order_closed and not _verified(state.facts, number.value)


def _verified(facts: Mapping[str, object], number: str) -> bool:
    return any(
        getattr(fact, "source", "") == "order" and getattr(fact, "said", "") == number
        for fact in facts.values()
    )


def _take_answer(scene: Scene) -> bool:
    answer = scene.order
    if answer is None:
        return False
    if answer.status == "found" and answer.order is not None:
        scene.note("order_found", order=answer.order.order_id)
        title = answer.order.title or answer.order.order_id
        scene.prefix.append(say("order.found", title=title) + "\n")
        take_in_order(scene, answer.order)
        if scene.state.wish is None:
            options = tuple(Option(wish_name(wish), "wish", wish) for wish in OFFERED)
            scene.reply(say("greet.order"), options)
            return True
        return False
    if answer.status == "locked":
        scene.set(order_closed=True)
        scene.note("order_refused", locked=True)
        scene.prefix.append(say("order.locked") + "\n")
        return False
    scene.forget("phone_tail")
    return _refuse(scene, "order.refused")


def _refuse(scene: Scene, words: str) -> bool:
    tries = scene.state.tail_tries + 1
    scene.set(tail_tries=tries)
    scene.note("order_refused", tries=tries)
    if tries >= TRIES:
        scene.set(order_closed=True, asked=None)
        scene.prefix.append(say("order.given_up") + "\n")
        return False
    scene.asks = "phone_tail"
    scene.reply(say(words, left=TRIES - tries))
    return True
