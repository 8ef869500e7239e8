"""A store that ends with the process: for replay, and for pipes that must leave nothing on disk."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.order import Order
from bot.messages import Update
from bot.store.protocol import Conversation, Json, Lock, LockKind, Outgoing, StoredEvent


@dataclass(slots=True)
class _Kept:
    """All that belongs to one conversation and goes with it."""

    conversation: Conversation
    events: deque[StoredEvent]
    outbox: list[Outgoing] = field(default_factory=list)
    updates: dict[str, None] = field(default_factory=dict)
    """In the order in which they were claimed."""


@dataclass(slots=True)
class MemoryTurn:
    """See `TurnInStore`. What is written waits here until the block ends well."""

    _store: "MemoryStore"
    _update: Update
    repeated: bool
    conversation: Conversation | None
    locks: dict[tuple[LockKind, str], Lock] = field(default_factory=dict)
    written: tuple[Json, list[tuple[str, Json]], list[Json]] | None = None

    def order(self, order_id: str) -> Order | None:
        return self._store.order_book.get(order_id)

    def lock(self, kind: LockKind, key: str) -> Lock | None:
        return self.locks.get((kind, key)) or self._store.locks.get((kind, key))

    def put_lock(self, lock: Lock) -> None:
        self.locks[lock.kind, lock.key] = lock

    def recent_events(self, limit: int) -> list[StoredEvent]:
        return list(self._store.events(self._update.conversation))[-limit:]

    def write(self, state: Json, events: Iterable[tuple[str, Json]], outbox: Iterable[Json]) -> None:
        self.written = (state, list(events), list(outbox))


class MemoryStore:
    """See `Store`. The least recently used conversation goes when there are more than `conversations`.

    `events` bounds what is kept of each conversation's events and update ids (None: all of them).
    """

    def __init__(self, orders: Iterable[Order] = (), conversations: int = 10_000, events: int | None = None):
        self.order_book = {order.order_id: order for order in orders}
        self.locks: dict[tuple[LockKind, str], Lock] = {}
        self._bound, self._events_bound = conversations, events
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._seq = 0

    @contextmanager
    def turn(self, update: Update) -> Iterator[MemoryTurn]:
        kept = self._kept.get(update.conversation)
        repeated = kept is not None and update.id in kept.updates
        turn = MemoryTurn(self, update, repeated, kept.conversation if kept else None)
        yield turn
        if not repeated:
            self._commit(turn, update)

    def _commit(self, turn: MemoryTurn, update: Update) -> None:
        state, events, outbox = turn.written or ({}, [], [])
        kept = self._kept.get(update.conversation)
        if kept is None:
            new = Conversation(
                update.conversation, update.person, update.channel, state, 0, update.now, update.now
            )
            kept = self._kept[update.conversation] = _Kept(new, deque(maxlen=self._events_bound))
        elif turn.written:
            kept.conversation = replace(kept.conversation, state=state, updated=update.now)
        self.locks.update(turn.locks)
        kept.updates[update.id] = None
        for kind, data in events:
            kept.events.append(StoredEvent(self._next(), update.conversation, update.now, kind, data))
        for body in outbox:
            epoch = kept.conversation.epoch
            kept.outbox.append(Outgoing(self._next(), update.conversation, epoch, update.now, body))
        self._stay_within_bounds(update.conversation, kept)

    def _stay_within_bounds(self, conversation: str, kept: _Kept) -> None:
        self._kept.move_to_end(conversation)
        if len(self._kept) > self._bound:
            self._kept.popitem(last=False)
        if self._events_bound is not None and len(kept.updates) > self._events_bound:
            del kept.updates[next(iter(kept.updates))]
        if len(self.locks) > 2 * self._bound:
            del self.locks[next(iter(self.locks))]

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def conversation(self, conversation: str) -> Conversation | None:
        kept = self._kept.get(conversation)
        return kept.conversation if kept else None

    def latest(self, person: str, channel: str) -> Conversation | None:
        recent_first = (kept.conversation for kept in reversed(self._kept.values()))
        mine = [c for c in recent_first if (c.person, c.channel) == (person, channel)]
        return max(mine, key=lambda c: c.updated, default=None)

    def events(self, conversation: str) -> Iterator[StoredEvent]:
        kept = self._kept.get(conversation)
        yield from tuple(kept.events) if kept else ()

    def unsent(self, conversation: str) -> list[Outgoing]:
        kept = self._kept.get(conversation)
        return list(kept.outbox) if kept else []

    def mark_sent(self, messages: Iterable[Outgoing]) -> None:
        for message in messages:
            kept = self._kept.get(message.conversation)
            if kept is not None and message in kept.outbox:
                kept.outbox.remove(message)

    def save_orders(self, orders: Iterable[Order]) -> int:
        new = {order.order_id: order for order in orders}
        self.order_book.update(new)
        return len(new)

    def orders(self) -> Iterator[Order]:
        yield from (self.order_book[number] for number in sorted(self.order_book))

    def forget(self, person: str) -> int:
        mine = [id_ for id_, kept in self._kept.items() if kept.conversation.person == person]
        for conversation in mine:
            del self._kept[conversation]
        return len(mine)

    def purge(self, before: datetime) -> int:
        old = [id_ for id_, kept in self._kept.items() if kept.conversation.updated < before]
        for conversation in old:
            del self._kept[conversation]
        for kept in self._kept.values():
            kept.events = deque((e for e in kept.events if e.at >= before), self._events_bound)
            kept.outbox = [m for m in kept.outbox if m.at >= before]
        self.locks = {
            k: v for k, v in self.locks.items() if max(v.last_at, v.locked_until or v.last_at) >= before
        }
        return len(old)

    def close(self) -> None:
        """Nothing to let go of."""
