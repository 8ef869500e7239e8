"""A turn as events: what was heard and what was answered, without personal data."""

from collections.abc import Iterable
from typing import Any

from bot.dialogue.order import OrderAnswer, OrderQuery
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.privacy import TAIL, hide_tail, mask, mask_all, order_numbers
from bot.store.protocol import Json
from intents.understanding import SlotValue, Understanding
from knowledge import outcome_to_json

LONGEST = 4_000
"""Characters of one message that are kept; what is longer is noise to whoever reads the transcript."""


def numbers_to_keep(text: str, before: State, said: Understanding, after: State) -> tuple[str, ...]:
    """The order numbers that this turn knows, so that masking leaves them alone."""
    heard = said.slots.get("order_id")
    fresh = order_numbers(text, [heard.value] if heard else [], before.asked == "order_id")
    known = [before.facts.get("order_id"), before.doubtful.get("order_id")]
    if heard is None:
        known += [after.facts.get("order_id"), after.doubtful.get("order_id")]
    return tuple(dict.fromkeys((*fresh, *(fact.value for fact in known if fact))))


def stored_state(state: State, keep: Iterable[str]) -> dict[str, Any]:
    """The state as it is stored: masked, save for four digits that wait for their order number."""
    data: dict[str, Any] = mask_all(state.to_json(), keep)
    for facts in (data["facts"], data["doubtful"]):
        if "phone_tail" in facts:
            facts["phone_tail"]["said"] = TAIL
    return data


def heard_event(
    update: Update, said: Understanding, asked: str | None, keep: Iterable[str], query: OrderQuery | None
) -> tuple[str, Json]:
    """What came in; `text` is masked and cut to a readable length, and a tail is not kept."""
    tail = said.slots.get("phone_tail")
    wording = [tail.value, tail.said] if tail else []
    if query is not None:
        wording.append(query.phone_tail)
    text = mask(hide_tail(update.text, wording), keep)
    if asked == "phone_tail" and tail is None:
        text = hide_tail(text, _four_digits(text))
    slots = {name: _slot(name, value, wording, keep) for name, value in said.slots.items()}
    data = {
        "update": update.id,
        "text": text if len(text) <= LONGEST else f"{text[:LONGEST]}…（共{len(text)}字）",
        "intent": said.intent,
        "confidence": said.confidence,
        "slots": slots,
        "reasons": mask_all([hide_tail(reason, wording) for reason in said.reasons], keep),
    }
    return "heard", data


def _four_digits(text: str) -> list[str]:
    groups = "".join(char if char.isdecimal() else " " for char in text).split()
    return [group for group in groups if len(group) == 4]


def _slot(name: str, slot: SlotValue, wording: list[str], keep: Iterable[str]) -> dict[str, Any]:
    if name == "phone_tail":
        return {"value": TAIL, "said": TAIL, "certain": slot.certain}
    return {
        "value": mask(slot.value, keep),
        "said": mask(hide_tail(slot.said, wording), keep),
        "certain": slot.certain,
    }


def looked_up_event(query: OrderQuery, answer: OrderAnswer) -> tuple[str, Json]:
    """That an order was looked up, and how that ended; not with which digits."""
    return "order_lookup", {"order_id": query.order_id, "status": answer.status}


def answered_event(update: Update, turn: Turn, keep: Iterable[str]) -> tuple[str, Json]:
    """What went out, and what it rests on."""
    slots = {name: TAIL if name == "phone_tail" else value for name, value in turn.slots.items()}
    data = {
        "update": update.id,
        "replies": [{"text": reply.text, "buttons": list(reply.buttons)} for reply in turn.replies],
        "intent": turn.intent,
        "confidence": turn.confidence,
        "slots": slots,
        "asks": turn.asks,
        "outcome": outcome_to_json(turn.outcome) if turn.outcome else None,
        "handoff": turn.handoff.reason if turn.handoff else None,
        "cites": list(turn.cites),
    }
    return "answered", mask_all(data, keep)


def lines(events: Iterable[tuple[str, Json]]) -> list[dict[str, str]]:
    """The events (kind, data) of a conversation as who said what, for a person who takes it over."""
    said: list[dict[str, str]] = []
    for kind, data in events:
        if kind == "heard":
            said.append({"who": "person", "text": data["text"]})
        elif kind == "answered":
            said += [{"who": "bot", "text": reply["text"]} for reply in data["replies"]]
    return said
