"""A store that ends with the process: for replay, and for pipes that must leave nothing on disk.

States and events are held as JSON text: a third of the memory of objects, and as strict as a store on disk.
"""

import json
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.order import Order
from bot.messages import Update
from bot.store.protocol import Conversation, Json, Lock, LockKind, Outgoing, StoredEvent

UPDATES_KEPT = 1_000
"""Update ids that a conversation remembers where the events are bounded."""


@dataclass(slots=True)
class _Kept:
    """All that belongs to one conversation and goes with it."""

    conversation: Conversation
    """Without its state."""
    state: str = "{}"
    events: deque[tuple[int, datetime, str, str]] = field(default_factory=deque)
    """(seq, at, kind, data)"""
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

    `events` bounds the events kept over all conversations: the oldest go first (None: all are kept).
    """

    def __init__(self, orders: Iterable[Order] = (), conversations: int = 10_000, events: int | None = None):
        self.order_book = {order.order_id: order for order in orders}
        self.locks: dict[tuple[LockKind, str], Lock] = {}
        self._bound, self._events_bound = conversations, events
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._oldest_events: deque[str] = deque()
        """Whose event came when: one entry an event kept."""
        self._seq = 0

    @contextmanager
    def turn(self, update: Update) -> Iterator[MemoryTurn]:
        kept = self._kept.get(update.conversation)
        repeated = kept is not None and update.id in kept.updates
        turn = MemoryTurn(self, update, repeated, self.conversation(update.conversation))
        yield turn
        if not repeated:
            self._commit(turn, update)

    def _commit(self, turn: MemoryTurn, update: Update) -> None:
        state, events, outbox = turn.written or ({}, [], [])
        kept = self._kept.get(update.conversation)
        if kept is None:
            it = update
            new = Conversation(it.conversation, it.person, it.channel, {}, 0, it.now, it.now)
            kept = self._kept[it.conversation] = _Kept(new)
        if turn.written:
            kept.conversation = replace(kept.conversation, updated=update.now)
            kept.state = json.dumps(state)
        self.locks.update(turn.locks)
        kept.updates[update.id] = None
        for kind, data in events:
            kept.events.append((self._next(), update.now, kind, json.dumps(data)))
            self._oldest_events.append(update.conversation)
        for body in outbox:
            epoch = kept.conversation.epoch
            kept.outbox.append(Outgoing(self._next(), update.conversation, epoch, update.now, body))
        self._stay_within_bounds(update.conversation, kept)

    def _stay_within_bounds(self, conversation: str, kept: _Kept) -> None:
        self._kept.move_to_end(conversation)
        if len(self._kept) > self._bound:
            self._kept.popitem(last=False)
        if self._events_bound is not None:
            while len(self._oldest_events) > self._events_bound:
                self._drop_oldest_event(self._oldest_events.popleft())
            if len(kept.updates) > UPDATES_KEPT:
                del kept.updates[next(iter(kept.updates))]
        if len(self.locks) > 2 * self._bound:
            del self.locks[next(iter(self.locks))]

    def _drop_oldest_event(self, conversation: str) -> None:
        kept = self._kept.get(conversation)
        if kept and kept.events:
            kept.events.popleft()

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def conversation(self, conversation: str) -> Conversation | None:
        kept = self._kept.get(conversation)
        return replace(kept.conversation, state=json.loads(kept.state)) if kept else None

    def conversations(
        self, since: datetime | None = None, after: str | None = None
    ) -> Iterator[Conversation]:
        for id_ in sorted(id_ for id_ in self._kept if after is None or id_ > after):
            found = self.conversation(id_)
            if found is not None and (since is None or found.updated >= since):
                yield found

    def latest(self, person: str, channel: str) -> Conversation | None:
        recent_first = (kept.conversation for kept in reversed(self._kept.values()))
        mine = [c for c in recent_first if (c.person, c.channel) == (person, channel)]
        latest = max(mine, key=lambda c: c.updated, default=None)
        return self.conversation(latest.id) if latest else None

    def events(
        self, conversation: str, *, kinds: Sequence[str] = (), after: int = 0, last: int | None = None
    ) -> Iterator[StoredEvent]:
        kept = self._kept.get(conversation)
        found = [
            event
            for event in (kept.events if kept else ())
            if event[0] > after and (not kinds or event[2] in kinds)
        ]
        for seq, at, kind, data in found if last is None else found[len(found) - min(last, len(found)) :]:
            yield StoredEvent(seq, conversation, at, kind, json.loads(data))

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

    def order(self, order_id: str) -> Order | None:
        return self.order_book.get(order_id)

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
            kept.events = deque(e for e in kept.events if e[1] >= before)
            kept.outbox = [m for m in kept.outbox if m.at >= before]
        self.locks = {
            k: v for k, v in self.locks.items() if max(v.last_at, v.locked_until or v.last_at) >= before
        }
        return len(old)

    def close(self) -> None:
        """Nothing to let go of."""
