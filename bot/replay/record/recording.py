"""A stored conversation as the dialogues of a suite: plain data, in the order in which people write it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.order import Order
from bot.errors import TuidanError
from bot.orders import codec
from bot.privacy import CARD, EMAIL, IDENTITY, PHONE, TAIL, pseudonym
from bot.replay.record.order_book import OrderBook, order_book
from bot.replay.record.order_numbers import without_order_numbers
from bot.replay.record.said import SaidTurn, Understand, turns
from bot.replay.suite import is_regex
from bot.store.protocol import Conversation, Json, Store, StoredEvent
from bot.transcript import HEARD, LOOKED_UP

_OUTCOME = ("verdict", "fee", "refund", "fee_rate", "fee_range", "next_change", "insurance", "eta")
_WHY = ("citations", "rows")
"""What of an outcome money and dates hang on, in the contract's order."""
_ETA = ("working_days", "from", "earliest", "latest", "overdue")
_NAME_LENGTH = 24
_MASKED = {
    PHONE: "phone numbers",
    TAIL: "the last digits of phones",
    IDENTITY: "identity cards",
    CARD: "bank cards",
    EMAIL: "e-mail addresses",
}


@dataclass(frozen=True, slots=True)
class Recording:
    """What `tuidan record` writes: the dialogues as plain data, and what a reader must know of them."""

    dialogues: tuple[dict[str, Any], ...]
    replaced: tuple[str, ...]
    """Kinds of things that stand-ins took the place of."""
    missing: tuple[str, ...]
    """What the store does not have, so that the recording may not end as the conversation did."""


def record(store: Store, conversation: str, understand: Understand, *, with_text: bool = False) -> Recording:
    """The conversation of this id, recorded. TuidanError where there is none, or nothing of it is left.

    With `with_text` the replies' words are expected too.
    """
    found = store.conversation(pseudonym(conversation))
    if found is None:
        raise TuidanError(f"there is no conversation {conversation!r}; --list shows which there are")
    events = [_with_order(event, store) for event in store.events(found.id)]
    anonymous = without_order_numbers(events)
    said = turns(anonymous, understand, found.created)
    if not said:
        raise TuidanError(f"nothing of the conversation {conversation!r} is left: its events were purged")
    parts = _parts(said)
    books = [order_book([turn.look_up for turn in part]) for part in parts]
    names = _names(parts)
    return Recording(
        dialogues=tuple(
            _dialogue(name, found, part, book, with_text=with_text)
            for name, part, book in zip(names, parts, books, strict=True)
        ),
        replaced=tuple(_replaced(events, numbers=anonymous != events)),
        missing=tuple(_missing(parts, books)),
    )


def _with_order(event: StoredEvent, store: Store) -> StoredEvent:
    """Older events do not hold the order that they showed; then it is taken as the shop has it today."""
    if event.kind != LOOKED_UP or event.data.get("status") != "found" or event.data.get("order"):
        return event
    order = store.order(str(event.data.get("order_id")))
    if order is None:
        return event
    return replace(event, data={**event.data, "order": codec.to_json(replace(order, phone_tail=None))})


def _parts(said: list[SaidTurn]) -> list[list[SaidTurn]]:
    """Where the bot forgot everything, another dialogue begins."""
    parts: list[list[SaidTurn]] = []
    for turn in said:
        if turn.fresh or not parts:
            parts.append([])
        parts[-1].append(turn)
    return parts


def _names(parts: list[list[SaidTurn]]) -> Iterator[str]:
    first = " ".join("".join(char if char.isprintable() else " " for char in parts[0][0].text).split())
    short = first if len(first) <= _NAME_LENGTH else f"{first[:_NAME_LENGTH]}…"
    name = f"{short or '（空）'}（{parts[0][0].at:%Y-%m-%d}）"
    for number in range(1, len(parts) + 1):
        yield name if number == 1 else f"{name}（{number}）"


def _dialogue(
    name: str, found: Conversation, part: list[SaidTurn], book: OrderBook, *, with_text: bool
) -> dict[str, Any]:
    dialogue: dict[str, Any] = {"name": name, "now": part[0].at.isoformat(), "channel": found.channel}
    if book.at_first:
        dialogue["orders"] = [_order(order) for order in book.at_first]
    known: set[str] = set()
    dialogue["turns"] = []
    for number, turn in enumerate(part):
        written: dict[str, Any] = {"user": turn.text}
        if number:
            written["now"] = turn.at.isoformat()
        if number in book.changes:
            written["orders"] = [_order(order) for order in book.changes[number]]
        if number in book.locked:
            written["locked"] = book.locked[number]
        if turn.answer:
            written |= _expected(turn.answer, known, with_text=with_text)
            known = set(turn.answer["slots"])
        dialogue["turns"].append(written)
    return dialogue


def _order(order: Order) -> dict[str, Any]:
    """The order's record; what is not known of it is left out."""
    record = {key: value for key, value in codec.to_json(order).items() if value is not None}
    if order.refund is not None:
        record["refund"] = {key: value for key, value in record["refund"].items() if value is not None}
    return record


def _expected(answer: Json, known: set[str], *, with_text: bool) -> dict[str, Any]:
    """What the turn must bring again; slots that were `known` before and are not now must be gone."""
    slots = {**answer["slots"], **dict.fromkeys(sorted(known - set(answer["slots"])))}
    outcome = answer["outcome"]
    expected: dict[str, Any] = {"intent": answer["intent"]}
    if slots:
        expected["slots"] = slots
    expected["asks"] = answer["asks"]
    expected["outcome"] = outcome and _outcome(outcome)
    if with_text:
        expected["says"] = [_literal(reply["text"]) for reply in answer["replies"] if reply["text"]]
    if answer["cites"]:
        expected["cites"] = answer["cites"]
    expected["handoff"] = answer["handoff"] and {"reason": answer["handoff"]}
    return expected


def _outcome(outcome: Json) -> dict[str, Any]:
    written = {key: outcome[key] for key in _OUTCOME if key in outcome}
    if written.get("eta"):
        written["eta"] = {key: written["eta"][key] for key in _ETA if key in written["eta"]}
    return written | {key: outcome[key] for key in _WHY if outcome.get(key)}


def _literal(text: str) -> str:
    """Words between slashes would be read as a regular expression."""
    return f"/{re.escape(text)}/" if is_regex(text) else text


def _replaced(events: Iterable[StoredEvent], *, numbers: bool) -> Iterator[str]:
    texts = [str(event.data.get("text", "")) for event in events if event.kind == HEARD]
    if numbers:
        yield "order numbers"
    yield from (name for mask, name in _MASKED.items() if any(mask in text for text in texts))


def _missing(parts: list[list[SaidTurn]], books: list[OrderBook]) -> Iterator[str]:
    number = 0
    for part, book in zip(parts, books, strict=True):
        for place, turn in enumerate(part):
            number += 1
            if turn.gap:
                yield f"turn {number}: what came before it was purged"
            if turn.dropped:
                yield f"turn {number}: the bot had forgotten all (another version); a new dialogue begins"
            if turn.cut:
                yield f"turn {number}: the message was too long to be kept whole; its middle is missing"
            if not turn.answer:
                yield f"turn {number}: the answer is not in the store"
            if place in book.lost:
                yield f"turn {number}: the order that was shown is not in the store"
