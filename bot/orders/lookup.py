"""An order is shown only to who knows the last four digits of the phone it was placed with.

Three wrong tries, at an order or by a person, lock it or them for a day; no new conversation lifts that. A
number that does not exist takes the same path as a wrong tail, so that trying numbers tells nothing.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Protocol

from bot.dialogue.order import Order, OrderAnswer, OrderQuery
from bot.store.protocol import Lock, LockKind

TRIES = 3
LOCKED_FOR = timedelta(hours=24)


class Orders(Protocol):
    """What a look-up needs of a turn in the store."""

    def order(self, order_id: str) -> Order | None: ...

    def lock(self, kind: LockKind, key: str) -> Lock | None: ...

    def put_lock(self, lock: Lock) -> None: ...


def look_up(orders: Orders, query: OrderQuery, person: str, now: datetime) -> OrderAnswer:
    """The shop's answer; a wrong try is written down in the turn that made it."""
    keys: tuple[tuple[LockKind, str], ...] = (("order", query.order_id), ("person", person))
    locks = [_current(orders.lock(kind, key) or Lock(kind, key, 0, now), now) for kind, key in keys]
    order = orders.order(query.order_id)
    tail = (order.phone_tail if order else None) or ""
    right = compare_digest(tail.encode(), query.phone_tail.encode("utf-8", "replace")) and tail != ""
    if any(lock.tries >= TRIES for lock in locks):
        return OrderAnswer("locked")
    if order is not None and right:
        return OrderAnswer("found", order)
    for lock in locks:
        tries = lock.tries + 1
        until = now + LOCKED_FOR if tries >= TRIES else None
        orders.put_lock(replace(lock, tries=tries, last_at=now, locked_until=until))
    return OrderAnswer("refused")


def _current(lock: Lock, now: datetime) -> Lock:
    """The lock as it counts now: expired tries are forgotten."""
    over = lock.locked_until or lock.last_at + LOCKED_FOR
    return replace(lock, tries=0, locked_until=None) if now >= over else lock
