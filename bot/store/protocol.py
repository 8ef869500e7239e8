"""What a store must do; one suite of tests holds every implementation to it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.dialogue.order import Order
from bot.messages import Update

Json = Mapping[str, Any]
LockKind = Literal["order", "person"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as of its last turn. `state` is what the dialogue remembers, as JSON."""

    id: str
    person: str
    channel: str
    state: Json
    epoch: int
    """Rises when a person of the staff takes over: what the bot queued under an older epoch is not sent."""
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One thing that happened; events are only ever appended. `seq` rises with time over the whole store."""

    seq: int
    conversation: str
    at: datetime
    kind: str
    data: Json


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that was decided and not yet known to have been sent."""

    seq: int
    conversation: str
    epoch: int
    at: datetime
    body: Json


@dataclass(frozen=True, slots=True)
class Lock:
    """Wrong tries at an order, or by a person, that count together."""

    kind: LockKind
    key: str
    tries: int
    last_at: datetime
    locked_until: datetime | None = None


class TurnInStore(Protocol):
    """One turn's view of the store, and the one write that ends it."""

    repeated: bool
    """The update's id was taken before: nothing may be written."""
    conversation: Conversation | None

    def order(self, order_id: str) -> Order | None:
        """The order of this number, or None."""

    def lock(self, kind: LockKind, key: str) -> Lock | None:
        """The tries on record."""

    def put_lock(self, lock: Lock) -> None:
        """Write the tries down; they stay even where the conversation is started anew."""

    def recent_events(self, limit: int) -> list[StoredEvent]:
        """The conversation's last events, oldest first."""

    def write(self, state: Json, events: Iterable[tuple[str, Json]], outbox: Iterable[Json]) -> None:
        """The new state, events (kind, data) and messages to send; durable when the turn's block ends."""


class Store(Protocol):
    """All methods raise `StoreError` where the medium fails."""

    def turn(self, update: Update) -> AbstractContextManager[TurnInStore]:
        """Claim the update and hold its conversation, for as long as the block runs.

        Everything written in the block becomes durable together at its end, or not at all where it raises.
        """

    def conversation(self, conversation: str) -> Conversation | None:
        """The conversation of this id."""

    def latest(self, person: str, channel: str) -> Conversation | None:
        """The person's most recently used conversation on the channel."""

    def events(self, conversation: str) -> Iterator[StoredEvent]:
        """All events of a conversation, in order."""

    def unsent(self, conversation: str) -> list[Outgoing]:
        """Its messages not yet marked as sent, in order."""

    def mark_sent(self, messages: Iterable[Outgoing]) -> None:
        """The messages have reached the channel."""

    def save_orders(self, orders: Iterable[Order]) -> int:
        """Insert or replace by number, all or none; how many."""

    def orders(self) -> Iterator[Order]:
        """Every order, by number."""

    def forget(self, person: str) -> int:
        """Erase the person's conversations with their events, messages and update ids; returns how many.

        Locks on guessing stay until they expire, for erasing them would let the guessing go on.
        """

    def purge(self, before: datetime) -> int:
        """Erase events, messages and update ids from before the time, and conversations not used since.

        Returns how many conversations went.
        """

    def close(self) -> None:
        """Let go of the medium."""
