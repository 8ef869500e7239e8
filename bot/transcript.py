"""A turn as events: what was heard and what was answered, without personal data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.dialogue.order import OrderAnswer, OrderQuery
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.privacy import TAIL, each_string, hide_tail, mask, order_numbers
from bot.store.protocol import Json
from intents.understanding import Understanding
from knowledge import outcome_to_json

HEARD, ANSWERED, HANDED_OFF, STATE_DROPPED = (
    "shell.heard",
    "shell.answered",
    "shell.handoff",
    "shell.state_dropped",
)
"""Kinds of the shell's own events; the dialogue's have no dot."""
LONGEST = 4_000
"""Characters of one message that are kept; what is longer is noise to whoever reads the transcript."""


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Takes personal data out of all that one turn stores."""

    keep: tuple[str, ...]
    """The order numbers that the turn knows."""
    tail: tuple[str, ...]
    """How the person wrote the four digits that prove who ordered; they are not kept."""

    def text(self, text: str) -> str:
        """One string, clean."""
        return hide_tail(mask(text, self.keep), self.tail)

    def data(self, data: Any) -> Any:
        """JSON data, clean."""
        return each_string(data, self.text)


def cleaner(
    update: Update, before: State, said: Understanding, after: State, query: OrderQuery | None
) -> Cleaner:
    """The cleaner of this turn."""
    heard = said.slots.get("order_id")
    keep = list(order_numbers(update.text, [heard.value], before.asked == "order_id")) if heard else []
    for state in (before,) if heard else (before, after):
        keep += [facts["order_id"].value for facts in (state.facts, state.doubtful) if "order_id" in facts]
    slot = said.slots.get("phone_tail")
    tail = [slot.value, slot.said] if slot else []
    if query is not None:
        tail.append(query.phone_tail)
    if before.asked == "phone_tail" and slot is None:
        tail += _four_digits(update.text)
    return Cleaner(tuple(dict.fromkeys(keep)), tuple(dict.fromkeys(tail)))


def _four_digits(text: str) -> list[str]:
    groups = "".join(char if char.isdecimal() else " " for char in text[:LONGEST]).split()
    return [group for group in groups if len(group) == 4][:8]


def stored_state(state: State, clean: Cleaner) -> dict[str, Any]:
    """The state as it is stored: masked, save for four digits that wait for their order number."""
    data: dict[str, Any] = each_string(state.to_json(), lambda text: mask(text, clean.keep))
    for facts in (data["facts"], data["doubtful"]):
        if "phone_tail" in facts:
            facts["phone_tail"]["said"] = TAIL
    return data


def heard_event(update: Update, said: Understanding, clean: Cleaner) -> tuple[str, Json]:
    """What came in; `text` is cut to a readable length."""
    text = clean.text(update.text)
    slots = {
        name: {"value": slot.value, "said": slot.said, "certain": slot.certain}
        for name, slot in said.slots.items()
        if name != "phone_tail"
    }
    if "phone_tail" in said.slots:
        slots["phone_tail"] = {"value": TAIL, "said": TAIL, "certain": said.slots["phone_tail"].certain}
    data = {
        "update": update.id,
        "text": text if len(text) <= LONGEST else f"{text[:LONGEST]}…（共{len(text)}字）",
        "intent": said.intent,
        "confidence": said.confidence,
        "slots": clean.data(slots),
        "reasons": clean.data(list(said.reasons)),
    }
    return HEARD, data


def looked_up_event(query: OrderQuery, answer: OrderAnswer, clean: Cleaner) -> tuple[str, Json]:
    """That an order was looked up, and how that ended; not with which digits."""
    return "shell.order_lookup", {"order_id": clean.text(query.order_id), "status": answer.status}


def answered_event(update: Update, turn: Turn, clean: Cleaner) -> tuple[str, Json]:
    """What went out, and what it rests on."""
    data = {
        "replies": [{"text": reply.text, "buttons": list(reply.buttons)} for reply in turn.replies],
        "intent": turn.intent,
        "confidence": turn.confidence,
        "slots": {name: TAIL if name == "phone_tail" else value for name, value in turn.slots.items()},
        "asks": turn.asks,
        "outcome": outcome_to_json(turn.outcome) if turn.outcome else None,
        "handoff": turn.handoff.reason if turn.handoff else None,
        "cites": list(turn.cites),
    }
    return ANSWERED, {"update": update.id, **clean.data(data)}


def lines(events: Iterable[tuple[str, Json]]) -> list[dict[str, str]]:
    """The events (kind, data) of a conversation as who said what, for a person who takes it over."""
    said: list[dict[str, str]] = []
    for kind, data in events:
        if kind == HEARD:
            said.append({"who": "person", "text": data["text"]})
        elif kind == ANSWERED:
            said += [{"who": "bot", "text": reply["text"]} for reply in data["replies"]]
    return said
