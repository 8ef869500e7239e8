"""A turn as events: what was heard and what was answered, without personal data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.dialogue.order import OrderAnswer, OrderQuery
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.orders import codec
from bot.privacy import TAIL, each_string, hide_tail, mask, order_numbers
from bot.store.protocol import Json, StoredEvent
from intents.understanding import Understanding, as_json
from knowledge import outcome_to_json

HEARD, LOOKED_UP, ANSWERED, HANDED_OFF, STATE_DROPPED = (
    "shell.heard",
    "shell.order_lookup",
    "shell.answered",
    "shell.handoff",
    "shell.state_dropped",
)
"""Kinds of the shell's own events; the dialogue's have no dot."""
TAKEN_BACK, EDITED, TO_STAFF = "shell.taken_back", "shell.edited", "shell.to_staff"
"""Turns that an edited message undid; an edit that came too late; words that staff answer."""
SHOWN = "shell.shown"
"""A picture or the like, which the bot does not read; `body` is how staff are shown it."""
DESK = "desk."
"""What the kinds of the desk's events begin with."""
QUEUED, WITHDRAWN, REOPENED = "desk.queued", "desk.withdrawn", "desk.reopened"
"""Somebody of the staff was called (`reason`), was waited for no longer, was called again by the staff."""
CLAIMED, RELEASED, CLOSED, RETURNED = "desk.claimed", "desk.released", "desk.closed", "desk.returned"
"""Somebody took it, gave it back to the bot, ended it; who was served came back."""
AGENT_WROTE, NOTED = "desk.agent_wrote", "desk.note"
"""What a person of the staff answered (`text`), and what staff wrote for each other."""
REMINDED, OFFERED, SNOOZED = "desk.reminded", "desk.offered", "desk.snoozed"
"""Staff were reminded of who waits, were offered whose agent is silent, want no reminder for a while."""
RATED, BANNED, UNBANNED = "desk.rated", "desk.banned", "desk.unbanned"
"""The person's satisfaction (`rating`, 1 to 5); the person was shut out, let in again."""
LONGEST = 4_000
"""Characters of one message that are kept; what is longer is noise to whoever reads the transcript."""
LONGEST_PASSED_ON = 10_000
"""The same for a message that staff read: more than messengers take in one, so that nothing is missing."""
END_KEPT = 700
"""How many of them are its end: of a long message, head and end are what is understood."""


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Takes personal data out of all that one turn stores."""

    keep: tuple[str, ...]
    """The order numbers that the turn knows."""
    tail: tuple[str, ...]
    """How the person wrote the four digits that prove who ordered; they are not kept."""

    def text(self, text: str) -> str:
        """One string, clean."""
        masked = mask(text, self.keep)
        return hide_tail(masked, self.tail, self.keep) if self.tail else masked

    def data(self, data: Any) -> Any:
        """JSON data, clean."""
        return each_string(data, self.text)


def cleaner(before: State, said: Understanding, after: State, query: OrderQuery | None) -> Cleaner:
    """The cleaner of this turn."""
    keep = known_orders(said, before)
    if "order_id" not in said.slots:
        keep += _orders_of(after)
    slot = said.slots.get("phone_tail")
    tail = [slot.value, slot.said] if slot else []
    if query is not None:
        tail.append(query.phone_tail)
    if "phone_tail" in before.facts:  # said once more, where nobody asked for them
        tail.append(before.facts["phone_tail"].value)
    if before.asked == "phone_tail" and slot is None:
        tail += _four_digits(said.text)
    return Cleaner(tuple(dict.fromkeys(keep)), tuple(dict.fromkeys(tail)))


def known_orders(said: Understanding, before: State) -> list[str]:
    """The order numbers that the message names or the dialogue remembered."""
    heard = said.slots.get("order_id")
    named = order_numbers(said.text, [heard.value], before.asked == "order_id") if heard else ()
    return [*named, *_orders_of(before)]


def _orders_of(state: State) -> list[str]:
    return [facts["order_id"].value for facts in (state.facts, state.doubtful) if "order_id" in facts]


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


@dataclass(frozen=True, slots=True)
class Marks:
    """Which messages of a messenger were heard as one, so that an edit of one finds what it belongs to."""

    messages: tuple[str, ...]
    """Their ids, in order."""
    parts: tuple[str, ...]
    """What each of them said."""
    updates: tuple[str, ...] = ()
    """The ids of the updates that brought them."""
    versions: tuple[str, ...] = ()
    """What some said before they were edited, still unheard."""
    edited: bool = False
    """The first was heard before, with other words."""
    again: str = ""
    """The update that brought them, where they are heard again because of an edit before them."""

    def to_json(self, clean: Cleaner) -> dict[str, Any]:
        """As an event tells it: what is a matter of course is left out, and so is what was very long."""
        data: dict[str, Any] = {"messages": list(self.messages)}
        if len(self.parts) > 1 and sum(map(len, self.parts)) <= LONGEST:
            data["parts"] = [clean.text(part) for part in self.parts]
        if len(self.updates) > 1:
            data["updates"] = list(self.updates)
        if self.versions:
            data["versions"] = [clean.text(version)[:LONGEST_PASSED_ON] for version in self.versions]
        if self.again:
            data["again"] = self.again
        return data | ({"edited": True} if self.edited else {})


def heard_event(
    update: Update,
    said: Understanding,
    clean: Cleaner,
    states: tuple[State, State],
    marks: Marks | None = None,
) -> tuple[str, Json]:
    """What came in, as it was read; of what is too long the middle is left out, and `length` tells how long.

    `states` are the dialogue's before and after it. `turn` is how many turns were remembered before, so that
    missing ones can be told; `masked` tells masks from the same words written by the person; `tail`, which of
    the hidden digits are the same; `written`, from when 明天 is counted, where that is not the event's time.
    """
    before, after = states
    text = clean.text(said.text)
    slots = {
        name: {"value": slot.value, "said": slot.said, "certain": slot.certain}
        for name, slot in said.slots.items()
        if name != "phone_tail"
    }
    if "phone_tail" in said.slots:
        slots["phone_tail"] = {"value": TAIL, "said": TAIL, "certain": said.slots["phone_tail"].certain}
    data: dict[str, Any] = {
        "update": update.id,
        "turn": before.turn,
        "masked": text != update.text,
        "text": text if len(text) <= LONGEST else _without_middle(text),
        "intent": said.intent,
        "confidence": said.confidence,
        "slots": clean.data(slots),
        "reasons": clean.data(list(said.reasons)),
    }
    if update.written is not None:
        data["written"] = update.written.isoformat()
    if tail := _tail(before, said, after):
        data["tail"] = tail
    if len(text) > LONGEST:
        data["length"] = len(text)
    return HEARD, data | (marks.to_json(clean) if marks else {})


def _tail(before: State, said: Understanding, after: State) -> Json:
    """Of the four digits: whether those said were remembered already, and which are remembered afterwards."""
    heard = said.slots.get("phone_tail")
    known, kept = (state.facts.get("phone_tail") for state in (before, after))
    tail: dict[str, Any] = {}
    if heard and known:
        tail["same"] = heard.value == known.value
    if kept:
        tail["kept"] = "said" if heard and heard.value == kept.value else "before"
    return tail


def noted_event(
    kind: str, update: Update, marks: Marks, clean: Cleaner, *, copy: Json | None = None, was: str = ""
) -> tuple[str, Json]:
    """What came in and was not heard by the dialogue; `body` is how staff are shown it.

    `copy` names the message where it is passed on as it is. `was` is what an edited message said, as it is
    stored, where staff were not shown it as a message of its own.
    """
    clean_text = clean.text(update.text)
    text = clean_text[:LONGEST_PASSED_ON]
    body: dict[str, Any] = {"copy": dict(copy)} if copy else {"text": text, "plain": True}
    body["said"] = marks.messages[0]
    if marks.edited:
        body |= {"edited": True, **({"was": was} if was else {})}
        body |= {"caption": text} if copy and text else {}
    data = {"update": update.id, "masked": clean_text != update.text, "text": text, "body": body}
    return kind, data | marks.to_json(clean)


def last_version(events: Iterable[StoredEvent], message: str) -> StoredEvent | None:
    """The event that tells the words of a message as they were last; None where there is none."""
    found = None
    for event in events:
        if event.kind in {HEARD, EDITED, TO_STAFF} and message in event.data.get("messages", ()):
            found = event
    return found if message else None


def _without_middle(text: str) -> str:
    return f"{text[: LONGEST - END_KEPT]}{left_out(len(text))}{text[-END_KEPT:]}"


def left_out(length: int) -> str:
    """What stands in a text of that many characters where its middle is left out."""
    return f"…（共{length}字）…"


def looked_up_event(query: OrderQuery, answer: OrderAnswer, clean: Cleaner) -> tuple[str, Json]:
    """That an order was looked up, how that ended, and what was shown; not with which digits."""
    shown = codec.to_json(answer.order) if answer.order is not None else None
    if shown is not None:
        del shown["phone_tail"]
    data = {"order_id": clean.text(query.order_id), "status": answer.status, "order": clean.data(shown)}
    return LOOKED_UP, data


def turn_to_json(turn: Turn) -> dict[str, Any]:
    """A turn for a program, as the person sees it: nothing in it is masked."""
    handoff = turn.handoff
    return {
        "replies": [{"text": reply.text, "buttons": list(reply.buttons)} for reply in turn.replies],
        "intent": turn.intent,
        "confidence": turn.confidence,
        "slots": as_json(turn.slots),
        "asks": turn.asks,
        "outcome": outcome_to_json(turn.outcome) if turn.outcome else None,
        "handoff": {"reason": handoff.reason, "card": dict(handoff.card)} if handoff else None,
        "cites": list(turn.cites),
    }


def answered_event(update: Update, turn: Turn, clean: Cleaner) -> tuple[str, Json]:
    """What went out, and what it rests on."""
    data = {
        **turn_to_json(turn),
        "slots": as_json(turn.slots) | ({"phone_tail": TAIL} if "phone_tail" in turn.slots else {}),
        "handoff": turn.handoff.reason if turn.handoff else None,
    }
    return ANSWERED, {"update": update.id, **clean.data(data)}


def said_at(event: StoredEvent) -> datetime:
    """When what was heard had been written."""
    written = event.data.get("written")
    return datetime.fromisoformat(written) if written else event.at


def standing(events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """What was heard in the conversation, without the turns that an edited message took back."""
    heard: list[StoredEvent] = []
    for event in events:
        if event.kind == TAKEN_BACK:
            heard = [each for each in heard if each.data["turn"] < event.data["turn"]]
        elif event.kind == HEARD:
            heard.append(event)
    return heard


def lines(events: Iterable[tuple[str, Json]]) -> list[dict[str, str]]:
    """The events (kind, data) of a conversation as who said what, for a person who takes it over.

    Both versions of an edited message are told, the second with `edited`.
    """
    said: list[dict[str, str]] = []
    for kind, data in events:
        if kind in {HEARD, EDITED, TO_STAFF}:
            edited = {"edited": "yes"} if data.get("edited") else {}
            said.append({"who": "person", "text": data["text"], **edited})
        elif kind == AGENT_WROTE:
            said.append({"who": "staff", "text": data["text"]})
        elif kind == ANSWERED:
            said += [{"who": "bot", "text": reply["text"]} for reply in data["replies"]]
    return said
