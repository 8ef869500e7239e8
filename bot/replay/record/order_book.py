"""The shop's orders as a recording needs them, so that every look-up ends as it ended then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.order import Order
from bot.replay.record.said import LookUp


@dataclass(slots=True)
class OrderBook:
    """What the suite says of orders: at the beginning, and by the number of a turn (from 0)."""

    at_first: list[Order] = field(default_factory=list)
    changes: dict[int, list[Order]] = field(default_factory=dict)
    """Orders that are new, or otherwise, from this turn on."""
    locked: dict[int, list[str]] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    """Turns whose order was shown and is kept nowhere."""


def order_book(look_ups: Sequence[LookUp | None]) -> OrderBook:
    """The orders behind the look-ups of a dialogue's turns.

    An order is there from the beginning, with the stand-in for the right digits, and changes where it was
    shown otherwise, or the digits that had been right were refused. Why a look-up met a lock cannot be told
    from the conversation, so that its turn says that the order was locked.
    """
    book = OrderBook()
    now: dict[str, Order] = {}
    for turn, shown in _first_shown(look_ups):
        refused = (shown.order_id, "refused", shown.phone_tail)
        if not any(up and (up.order_id, up.status, up.tail) == refused for up in look_ups[:turn]):
            now[shown.order_id] = shown
            book.at_first.append(shown)
    for turn, up in enumerate(look_ups):
        if up is None:
            continue
        there = now.get(up.order_id)
        if up.status == "locked":
            book.locked[turn] = [up.order_id]
        elif up.status == "found":
            if up.order is None:
                book.lost.append(turn)
            elif there != (shown := _shown(up.order, up)):
                now[up.order_id] = shown
                book.changes[turn] = [shown]
        elif there is not None and there.phone_tail == up.tail:
            now[up.order_id] = replace(there, phone_tail=_another(up.tail))
            book.changes[turn] = [now[up.order_id]]
    return book


def _first_shown(look_ups: Sequence[LookUp | None]) -> Iterator[tuple[int, Order]]:
    """Every order as it was shown first, and in which turn."""
    seen = set()
    for turn, up in enumerate(look_ups):
        if up is not None and up.status == "found" and up.order is not None and up.order_id not in seen:
            seen.add(up.order_id)
            yield turn, _shown(up.order, up)


def _shown(order: Order, up: LookUp) -> Order:
    return replace(order, order_id=up.order_id, phone_tail=up.tail)


def _another(tail: str) -> str:
    return f"{(int(tail) + 1111) % 10_000:04}"
