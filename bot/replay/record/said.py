"""What was said in a stored conversation, turn by turn, with stand-ins where the store has masked."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.dialogue.order import Order
from bot.orders import codec
from bot.privacy import PHONE, TAIL, each_string
from bot.replay.record.filling import Filling
from bot.replay.record.stand_ins import StandIns
from bot.replay.record.stored import StoredTurn, stored_turns
from bot.store.protocol import Json, StoredEvent
from bot.transcript import LONGEST, left_out
from intents.understanding import Understanding

Understand = Callable[[str, datetime, str | None], Understanding]


@dataclass(frozen=True, slots=True)
class LookUp:
    """An order that was looked up. `tail` is the stand-in for the digits that were given."""

    order_id: str
    status: str
    tail: str
    order: Order | None = None
    """As it was shown, without the phone's digits; None where nothing was, or an old event does not tell."""


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """One turn of a stored conversation. Stand-ins are put in wherever something was masked."""

    update: str
    at: datetime
    written: datetime
    """When the message was written: at the turn's time, or long enough before."""
    text: str
    asked: str | None
    """The slot that was open when the message came."""
    heard: Json
    """What was understood, as the event tells it."""
    answer: Json
    """The answer as `turn_to_json` writes it, the hand-off as its reason alone; {} where it is lost."""
    tail: str
    """The stand-in for the four digits in force after it."""
    events: tuple[tuple[str, Json], ...]
    """What happened in the dialogue, as (kind, data)."""
    look_up: LookUp | None
    fresh: bool
    """The dialogue remembered nothing when the message came."""
    dropped: bool
    """It remembered nothing because its state was of another version."""
    gap: bool
    """Turns before this one are missing: they were purged."""
    cut: bool
    """The message was too long to be kept whole."""


def turns(
    events: Iterable[StoredEvent], understand: Understand, created: datetime | None = None
) -> list[SaidTurn]:
    """The turns of one conversation, from its events in order. Events of unknown kinds are passed over.

    `created` is the conversation's first clock: where the events do not count the turns (older ones do
    not), a conversation whose first turn has another clock begins in the middle.
    """
    stored = stored_turns(events, created)
    stand_ins = StandIns(_seed(stored))
    tails = _tails(stored, stand_ins, understand)
    return [_said(turn, pair, stand_ins, understand) for turn, pair in zip(stored, tails, strict=True)]


def _seed(stored: list[StoredTurn]) -> str:
    content = [[turn.heard.get("update"), turn.at.isoformat(), turn.heard.get("text")] for turn in stored]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _tails(stored: list[StoredTurn], stand_ins: StandIns, understand: Understand) -> list[tuple[str, str]]:
    """For each turn the four digits that its message named, and those in force after it."""
    named, in_force = _same_tails(stored)
    digits: dict[int, str] = {}
    for place, number in enumerate(dict.fromkeys(n for n in (*named, *in_force) if n >= 0)):
        digits[number] = _in_the_open(stored[number], understand) or stand_ins.tail(place)
    default = stand_ins.tail(0)
    return [(digits.get(m, default), digits.get(k, default)) for m, k in zip(named, in_force, strict=True)]


def _same_tails(stored: list[StoredTurn]) -> tuple[list[int], list[int]]:
    """For each turn whose digits its message named and whose are in force after it: the turn they came in.

    Digits that showed the same order are the same; all that are not known to be have been others. -1 is none.
    """
    named: list[int] = []
    in_force: list[int] = []
    first: dict[int, int] = {}
    shown: dict[str, int] = {}
    known = -1
    for number, turn in enumerate(stored):
        tail: Json = turn.heard.get("tail", {})
        known = -1 if turn.fresh else known
        new = "phone_tail" in turn.slots and not tail.get("same")
        said = number if new else known
        named.append(said)
        if turn.look_up is not None and turn.look_up.get("status") == "found":
            first[said] = shown.setdefault(str(turn.look_up.get("order_id")), first.get(said, said))
        known = {"said": said, "before": known}.get(str(tail.get("kept")), -1)
        in_force.append(known)
    return [first.get(n, n) for n in named], [first.get(n, n) for n in in_force]


def _in_the_open(turn: StoredTurn, understand: Understand) -> str | None:
    """Digits that were taken for a phone's and stand in the text all the same: those of a date, say."""
    text, _ = _without_mark(turn.heard)
    if PHONE in text or TAIL in text:
        return None
    heard = understand(text, turn.written, turn.asked).slots.get("phone_tail")
    return heard.value if heard else None


def _said(turn: StoredTurn, tails: tuple[str, str], stand_ins: StandIns, understand: Understand) -> SaidTurn:
    tail, in_force = tails
    masked, cut = _without_mark(turn.heard)
    filling = Filling(turn.heard, tail, stand_ins)
    put_in = filling.usual
    return SaidTurn(
        update=str(turn.heard.get("update", "")),
        at=turn.at,
        written=turn.written,
        text=filling.as_heard(masked, lambda text: understand(text, turn.written, turn.asked)),
        asked=turn.asked,
        heard=each_string(dict(turn.heard), put_in),
        answer=_answer(turn, filling, in_force),
        tail=in_force,
        events=tuple((kind, each_string(dict(data), put_in)) for kind, data in turn.events),
        look_up=_look_up(each_string(dict(turn.look_up), put_in), tail) if turn.look_up else None,
        fresh=turn.fresh,
        dropped=turn.dropped,
        gap=turn.gap,
        cut=cut,
    )


def _without_mark(heard: Json) -> tuple[str, bool]:
    """The text, without the words that stand where its middle is left out."""
    text, length = str(heard.get("text", "")), heard.get("length")
    if length is not None:
        head, _, end = text.partition(left_out(length))
        return head + end, True
    return text, len(text) > LONGEST


def _answer(turn: StoredTurn, filling: Filling, in_force: str) -> Json:
    """The answer; what is masked in a slot that this message did not fill, the bot itself knew no better."""
    answer: dict[str, Any] = each_string(dict(turn.answer or {}), filling.usual)
    if turn.answer:
        answer["replies"] = each_string(turn.answer["replies"], filling.of_the_bot)
        slots = turn.answer["slots"]
        answer["slots"] |= {slot: value for slot, value in slots.items() if slot not in turn.slots}
        if "phone_tail" in slots:
            answer["slots"]["phone_tail"] = in_force
    return answer


def _look_up(data: Json, tail: str) -> LookUp:
    return LookUp(str(data.get("order_id", "")), str(data.get("status", "")), tail, _order(data.get("order")))


def _order(shown: Json | None) -> Order | None:
    """The order; None where it was stored with other fields than an order has today."""
    try:
        return codec.from_json(shown) if shown else None
    except TypeError:
        return None
