"""What a store must do; one suite of tests holds every implementation to it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.dialogue.order import Order
from bot.messages import Update
from bot.store.records import (
    NO_TOPIC,
    PERSON,
    Conversation,
    Desk,
    DeskState,
    Json,
    Lock,
    LockKind,
    Mirror,
    Outgoing,
    Received,
    Rerun,
    StoredEvent,
    Timer,
)

__all__ = [
    "NO_TOPIC",
    "PERSON",
    "ChannelStore",
    "Conversation",
    "Desk",
    "DeskState",
    "Desks",
    "Inbox",
    "Json",
    "Lock",
    "LockKind",
    "Mirror",
    "Outbox",
    "Outgoing",
    "Received",
    "Rerun",
    "Reruns",
    "Store",
    "StoredEvent",
    "Timer",
    "Timers",
    "TurnInStore",
]


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

    def conversations(
        self, since: datetime | None = None, after: str | None = None
    ) -> Iterator[Conversation]:
        """Every conversation, by id: those used since the time, those whose id comes after `after`.

        Few are held in memory at once, and nothing is held up between two of them: one that is begun, used
        or erased meanwhile may be told or not, as it was or as it is.
        """

    def latest(self, person: str, channel: str) -> Conversation | None:
        """The person's most recently used conversation on the channel."""

    def events(
        self, conversation: str, *, kinds: Sequence[str] = (), after: int = 0, last: int | None = None
    ) -> Iterator[StoredEvent]:
        """The events of a conversation, in order: those of some kinds, those behind one, the `last` of them.

        What it costs depends on what is told, and not on how long the conversation is.
        """

    def unsent(self, conversation: str) -> list[Outgoing]:
        """Its messages not yet marked as sent, in order."""

    def mark_sent(self, messages: Iterable[Outgoing]) -> None:
        """The messages have reached the channel."""

    def save_orders(self, orders: Iterable[Order]) -> int:
        """Insert or replace by number, all or none; how many."""

    def order(self, order_id: str) -> Order | None:
        """The order of this number, or None."""

    def orders(self) -> Iterator[Order]:
        """Every order, by number."""

    def forget(self, person: str) -> int:
        """Erase the person's conversations with their events, messages and update ids; returns how many.

        Locks on guessing stay until they expire, for erasing them would let the guessing go on.
        """

    def purge(self, before: datetime) -> int:
        """Erase events, messages and update ids from before the time, and conversations not used since.

        What still waits to be heard or to fall due stays with its conversation. Others may write while it
        goes on.

        Returns how many conversations went.
        """

    def close(self) -> None:
        """Let go of the medium."""


class Inbox(Protocol):
    """What channels took in: acknowledged only once it is here, gone when its turn is committed.

    `conversation` is a pseudonym (`bot.privacy.pseudonym`), here as everywhere in the store.
    """

    def receive(self, channel: str, update_id: int, conversation: str, payload: Json, at: datetime) -> bool:
        """Take an update in, durably; False where this id of the channel is known."""

    def waiting(self) -> list[str]:
        """The conversations in which something waits, the longest waiting first."""

    def take(self, conversation: str, at_most: int | None = None) -> list[Received]:
        """What waits there, in the order of the update ids; it waits on until it is finished or given up.

        The first of them, where there are more than `at_most`.
        """

    def finish(self, received: Iterable[Received]) -> list[Received]:
        """Claim them for an effect that is written in the same transaction; their payload is erased.

        Returns those that still waited: the others had their effect before.
        """

    def give_up(self, received: Iterable[Received], error: str) -> list[Received]:
        """These cannot be handled; the error, which must quote nothing of them, stays. As `finish` does."""


class Reruns(Protocol):
    """The states before the turns in which nothing was decided yet: an edited message goes back to them."""

    def keep(self, conversation: str, messages: Iterable[str], turn: int, state: Json, at: datetime) -> None:
        """The state, masked, in which these messages were heard, and how many turns it remembered."""

    def before(self, conversation: str, message: str) -> Rerun | None:
        """The state before the message's turn, where nothing was decided since."""

    def undo(self, conversation: str, turn: int) -> None:
        """Forget this turn and later ones: they are about to be played again."""

    def decided(self, conversation: str) -> None:
        """Forget them all: what was said up to now has led to an outcome, or to a person."""


class Outbox(Protocol):
    """Messages to send. A line, all that goes to one person or to one topic of the staff, keeps its order.

    What an agent says to the person (its body has `agent`) is queued as it was written; once it waits no
    longer its words, `text` or `caption`, are erased.
    """

    def post(self, conversation: str, body: Json, at: datetime, target: str = PERSON) -> int:
        """Queue a message outside of a turn, under the desk's epoch; returns its number."""

    def due(self, now: datetime, limit: int) -> list[Outgoing]:
        """Of each line the first message, where it may be sent now; the oldest first.

        None of a line whose first message is postponed, none to a person whose address is not known, none for
        a topic that is not made yet (`NO_TOPIC`): a long line takes no other one's place among `limit`, nor
        do the many lines of one chat.
        """

    def depth(self) -> int:
        """How many messages wait."""

    def is_waiting(self, seq: int) -> bool:
        """Whether the message is still to be sent: asked right before, for a person may have taken over."""

    def sent(self, seq: int) -> None:
        """The message has arrived. Not synced: where the mark is lost, the message is sent again."""

    def postpone(self, seq: int, until: datetime, error: str) -> None:
        """A try was in vain; the message, and its line, wait until then."""

    def fail(self, seq: int, error: str) -> None:
        """The message cannot be sent; the ones behind it can."""

    def drop_before(self, conversation: str, epoch: int) -> int:
        """Drop what waits for the person from under older epochs; how many."""

    def drop_all(self, conversation: str, error: str) -> int:
        """Drop all that waits for the person, who cannot be reached; how many."""

    def take_along(self, conversation: str, keep: str) -> list[Outgoing]:
        """Drop what waits for topics of the conversation other than `keep`; what it was, in order.

        That may have been for a former topic, or for `NO_TOPIC`.
        """

    def chat_moved(self, old: str, new: str) -> None:
        """A chat has another address: persons are reached there, and so is a staff group at large."""

    def set_address(self, conversation: str, channel: str, address: str) -> None:
        """Where the conversation's person is reached from now on."""

    def address(self, conversation: str) -> str | None:
        """Where the conversation's person is reached."""


class Timers(Protocol):
    """What is to be done at a time; kept through a restart."""

    def set_timer(self, conversation: str, kind: str, due: datetime, data: Json) -> int:
        """Set it, in place of the one of the same kind that waits in the conversation; returns its id."""

    def due_timers(self, now: datetime, limit: int) -> list[Timer]:
        """Those that have fallen due, the earliest first."""

    def waiting_timers(self, conversation: str) -> list[Timer]:
        """Those of the conversation that will fall due, the earliest first."""

    def finish_timer(self, timer: int) -> bool:
        """It has been acted on; False where it was before, or was dropped. Belongs into that transaction."""

    def drop_timers(self, conversation: str, kind: str | None = None) -> int:
        """Those of the conversation (of one kind, or all) will not fall due; how many."""


class Desks(Protocol):
    """Who has which conversation."""

    def desk(self, conversation: str) -> Desk | None:
        """The conversation's desk, if it was ever handed over."""

    def open(self, conversation: str, state: DeskState, **changes: object) -> Desk:
        """A desk, with the next number, for a conversation that has none; its own where it has one."""

    def move(
        self, conversation: str, from_state: DeskState, from_epoch: int, to: DeskState, **changes: object
    ) -> Desk | None:
        """Compare and set: the desk as it is now, or None where it was in another state or epoch.

        `changes` are other fields of `Desk`.
        """

    def queue(self) -> list[Desk]:
        """The desks that wait for a person, the longest waiting first."""

    def in_state(self, *states: DeskState) -> list[Desk]:
        """The desks in these states, the longest waiting first."""

    def at_topic(self, staff_chat: str, topic: int) -> Desk | None:
        """The desk that staff see under this topic."""

    def numbered(self, number: int) -> Desk | None:
        """The desk of this number."""

    def of_person(self, person: str) -> list[Desk]:
        """The desks of the person's conversations."""

    def load(self) -> dict[str, int]:
        """How many desks are waiting or taken, by staff group; groups without any are not told."""

    def group_moved(self, old: str, new: str) -> bool:
        """A staff group has another id, for good: its desks are there, without a topic as yet.

        False where that was known.
        """

    def group_moves(self) -> dict[str, str]:
        """All such moves, from the old id to the new."""

    def keep_agents_words(self, conversation: str, epoch: int) -> None:
        """What an agent said and is still to be sent (its body has `agent`) is of this epoch from now on."""

    def ban(self, person: str, by: str, at: datetime) -> bool:
        """Shut a person out; False where they were already. Stays when the person is forgotten."""

    def unban(self, person: str) -> bool:
        """Let a person in again; False where they were not shut out."""

    def banned(self, person: str) -> bool:
        """Whether the person is shut out."""

    def mirror(self, mirror: Mirror) -> None:
        """Which message of the staff group shows which message of the person."""

    def mirrored(self, staff_chat: str, message: int) -> Mirror | None:
        """What a message of the staff group shows."""

    def mirror_of(self, conversation: str, person_message: int) -> Mirror | None:
        """Where the staff group shows a message of the person; the newest place."""


class ChannelStore(Store, Protocol):
    """A store for channels that are killed and go on: its parts share one connection and its transactions.

    Only the one on disk is such a store. `MemoryStore` ends with its process and serves what answers at once
    (pipes, replay): nobody writes to it while it is down, and nothing is sent or falls due afterwards.
    """

    @property
    def inbox(self) -> Inbox:
        """What came in."""

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""

    @property
    def reruns(self) -> Reruns:
        """What an edited message goes back to."""

    @property
    def timers(self) -> Timers:
        """What falls due."""

    @property
    def desks(self) -> Desks:
        """Who has which conversation."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written in the block is kept together, or not at all; joins one that is open."""

    def leave_no_trace(self, *, patient: bool = True) -> bool:
        """Empty the medium's log, in which what was erased still stands; takes milliseconds.

        For a channel to call, outside of a transaction, when nothing waits: messages lie in the inbox as they
        were written until their turn. Where another process reads just then, a `patient` caller waits for it;
        False where it was not emptied.
        """

    def record(self, conversation: str, events: Iterable[tuple[str, Json]], at: datetime) -> None:
        """Append events (kind, data) outside of a turn. They must be masked already."""
