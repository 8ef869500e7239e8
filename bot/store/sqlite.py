"""The embedded store: one SQLite file, every turn one `BEGIN IMMEDIATE` transaction."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.dialogue.order import Order
from bot.messages import Update
from bot.orders import codec
from bot.store.connection import Connection, json_text
from bot.store.desks import SqliteDesks
from bot.store.inbox import SqliteInbox, SqliteReruns
from bot.store.outbox import EPOCH, SqliteOutbox
from bot.store.protocol import PERSON, Conversation, Json, Lock, LockKind, Outgoing, StoredEvent
from bot.store.stamps import moment, stamp
from bot.store.timers import SqliteTimers

CONVERSATIONS_AT_ONCE = 200
"""Read in one go: so few that they cost no memory, so many that the going costs no time."""
_BY_CONVERSATION = (
    "events",
    "outbox",
    "updates",
    "inbox",
    "addresses",
    "reruns",
    "timers",
    "desks",
    "mirrors",
)
"""Tables whose rows belong to a conversation, and go with it."""
_BY_TIME = {
    "events": "at",
    "outbox": "at",
    "updates": "at",
    "inbox": "received",
    "reruns": "at",
    "timers": "due",
}
_WAITING = frozenset({"inbox", "timers"})
"""Tables of which nothing that still waits is purged: nobody has been answered yet, however old it is."""
_KEYS = {"updates": "conversation, id", "reruns": "conversation, message"}
"""The keys of tables whose rows have no number."""
ERASED_AT_ONCE, ROWS_AT_ONCE = 50, 2_000
"""Conversations and rows that go in one transaction."""
LONGEST_REST = 0.2
"""Seconds between two such transactions."""
_ORDER = "SELECT data FROM orders WHERE order_id = ?"
_USED = (
    "max(updated, coalesce((SELECT at FROM events"
    " WHERE conversation = conversations.id ORDER BY seq DESC LIMIT 1), ''))"
)
"""When a conversation was used last: staff may have gone on with it since the person wrote, as SQL."""
_EVENTS = "SELECT seq, conversation, at, kind, data FROM events WHERE conversation = ?"
_CONVERSATION = "SELECT id, person, channel, state, epoch, created, updated FROM conversations"


@dataclass(slots=True)
class SqliteTurn:
    """See `TurnInStore`. Reads and writes inside the transaction that `SqliteStore.turn` holds."""

    _db: Connection
    _update: Update
    repeated: bool
    conversation: Conversation | None

    def order(self, order_id: str) -> Order | None:
        return _order(self._db.run(_ORDER, (order_id,)))

    def lock(self, kind: LockKind, key: str) -> Lock | None:
        row = self._db.run(
            "SELECT tries, last_at, locked_until FROM order_locks WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return Lock(kind, key, row[0], moment(row[1]), moment(row[2]) if row[2] else None) if row else None

    def put_lock(self, lock: Lock) -> None:
        until = stamp(lock.locked_until) if lock.locked_until else None
        self._db.run(
            "INSERT OR REPLACE INTO order_locks (kind, key, tries, last_at, locked_until)"
            " VALUES (?, ?, ?, ?, ?)",
            (lock.kind, lock.key, lock.tries, stamp(lock.last_at), until),
        )

    def recent_events(self, limit: int) -> list[StoredEvent]:
        rows = self._db.run(
            "SELECT seq, conversation, at, kind, data FROM events WHERE conversation = ?"
            " ORDER BY seq DESC LIMIT ?",
            (self._update.conversation, limit),
        ).fetchall()
        return [_event(row) for row in reversed(rows)]

    def write(self, state: Json, events: Iterable[tuple[str, Json]], outbox: Iterable[Json]) -> None:
        it, at = self._update, stamp(self._update.now)
        [(epoch,)] = self._db.run(
            "INSERT INTO conversations (id, person, channel, state, epoch, created, updated)"
            f" VALUES (?, ?, ?, ?, {EPOCH}, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, epoch = excluded.epoch,"
            " updated = excluded.updated RETURNING epoch",
            (it.conversation, it.person, it.channel, json_text(state), it.conversation, at, at),
        ).fetchall()
        _append(self._db, it.conversation, events, at)
        self._db.run_many(
            "INSERT INTO outbox (conversation, epoch, at, body) VALUES (?, ?, ?, ?)",
            [(it.conversation, epoch, at, json_text(body)) for body in outbox],
        )


class SqliteStore:
    """See `Store`."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, make it and its folder where they do not exist, and bring its tables up to date.

        With `read_only` nothing of it is changed, and StoreError says where it is missing, or of another
        version than this program.
        """
        self._db = Connection(path, read_only=read_only)
        self._run = self._db.run
        self.inbox = SqliteInbox(self._db)
        self.outbox = SqliteOutbox(self._db)
        self.timers = SqliteTimers(self._db)
        self.reruns = SqliteReruns(self._db)
        self.desks = SqliteDesks(self._db.run)

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction()

    def leave_no_trace(self, *, patient: bool = True) -> bool:
        return self._db.leave_no_trace(patient=patient)

    @contextmanager
    def turn(self, update: Update) -> Iterator[SqliteTurn]:
        with self._db.transaction():
            claimed = self._run(
                "INSERT OR IGNORE INTO updates (conversation, id, at) VALUES (?, ?, ?)",
                (update.conversation, update.id, stamp(update.now)),
            )
            found = self.conversation(update.conversation)
            yield SqliteTurn(self._db, update, claimed.rowcount == 0, found)

    def conversation(self, conversation: str) -> Conversation | None:
        return self._one_conversation("id = ?", (conversation,))

    def latest(self, person: str, channel: str) -> Conversation | None:
        where = "person = ? AND channel = ? ORDER BY updated DESC, rowid DESC LIMIT 1"
        return self._one_conversation(where, (person, channel))

    def _one_conversation(self, where: str, values: tuple[str, ...]) -> Conversation | None:
        row = self._run(f"{_CONVERSATION} WHERE {where}", values).fetchone()
        return _conversation(row) if row else None

    def conversations(
        self, since: datetime | None = None, after: str | None = None
    ) -> Iterator[Conversation]:
        used = stamp(since) if since else ""
        where, last = ("id > ?", after) if after is not None else ("id >= ?", "")
        while True:
            # Read to the end each time: a statement left open would keep the writers' log from being emptied.
            page = f"{_CONVERSATION} WHERE {where} AND {_USED} >= ? ORDER BY id LIMIT {CONVERSATIONS_AT_ONCE}"
            rows = self._run(page, (last, used)).fetchall()
            yield from map(_conversation, rows)
            if len(rows) < CONVERSATIONS_AT_ONCE:
                return
            where, last = "id > ?", rows[-1][0]

    def events(
        self, conversation: str, *, kinds: Sequence[str] = (), after: int = 0, last: int | None = None
    ) -> Iterator[StoredEvent]:
        if not kinds and last is None:
            yield from map(_event, self._run(f"{_EVENTS} AND seq > ? ORDER BY seq", (conversation, after)))
            return
        most, rows = -1 if last is None else last, []
        for kind in kinds or (None,):  # one by one, for each of them is in order by itself
            where, values = ("", ()) if kind is None else (" AND kind = ?", (kind,))
            page = f"{_EVENTS}{where} AND seq > ? ORDER BY seq DESC LIMIT ?"
            rows += self._run(page, (conversation, *values, after, most)).fetchall()
        rows.sort()
        yield from map(_event, rows if last is None else rows[len(rows) - min(last, len(rows)) :])

    def record(self, conversation: str, events: Iterable[tuple[str, Json]], at: datetime) -> None:
        with self._db.transaction():
            _append(self._db, conversation, events, stamp(at))

    def unsent(self, conversation: str) -> list[Outgoing]:
        rows = self._run(
            "SELECT seq, epoch, at, body FROM outbox"
            " WHERE conversation = ? AND state = 'waiting' AND target = ? ORDER BY seq",
            (conversation, PERSON),
        )
        return [Outgoing(row[0], conversation, row[1], moment(row[2]), json.loads(row[3])) for row in rows]

    def mark_sent(self, messages: Iterable[Outgoing]) -> None:
        # Not worth a sync: where the mark is lost, a message is sent again.
        with self._db.unsynced_transaction():
            for message in messages:
                self.outbox.sent(message.seq)

    def save_orders(self, orders: Iterable[Order]) -> int:
        rows = [(order.order_id, json_text(codec.to_json(order))) for order in orders]
        with self._db.transaction():
            self._db.run_many("INSERT OR REPLACE INTO orders (order_id, data) VALUES (?, ?)", rows)
        return len(rows)

    def order(self, order_id: str) -> Order | None:
        return _order(self._run(_ORDER, (order_id,)))

    def orders(self) -> Iterator[Order]:
        for row in self._run("SELECT data FROM orders ORDER BY order_id", ()):
            yield codec.from_json(json.loads(row[0]))

    def forget(self, person: str) -> int:
        with self._db.transaction():
            rows = self._run("SELECT id FROM conversations WHERE person = ?", (person,)).fetchall()
            for (conversation,) in rows:
                self._erase(conversation)
            # What came in and had no turn yet is of no conversation so far.
            self._run("DELETE FROM inbox WHERE payload ->> 'person' = ?", (person,))
        self.leave_no_trace()
        return len(rows)

    def purge(self, before: datetime) -> int:
        """See `Store`. Piece by piece, so that a service that is at work can write in between."""
        oldest, gone = stamp(before), 0
        old = "SELECT id FROM conversations WHERE updated < ? LIMIT ?"
        while rows := self._unhurried(partial(self._erase_some, old, (oldest, ERASED_AT_ONCE))):
            gone += rows
        for table, time_ in _BY_TIME.items():
            waits = " AND state <> 'waiting'" if table in _WAITING else ""
            key = _KEYS.get(table, "rowid")
            some = f"SELECT {key} FROM {table} WHERE {time_} < ?{waits} LIMIT ?"
            erase = f"DELETE FROM {table} WHERE ({key}) IN ({some})"
            while self._unhurried(partial(self._changed, erase, (oldest, ROWS_AT_ONCE))):
                pass
        with self._db.transaction():
            self._run("DELETE FROM order_locks WHERE coalesce(locked_until, last_at) < ?", (oldest,))
        self.leave_no_trace()
        return gone

    def _unhurried(self, erase: Callable[[], int]) -> int:
        """One piece, and as long a rest: whoever waits to write has their turn."""
        began = time.monotonic()
        with self._db.transaction():
            erased = erase()
        if erased and not self._db.conn.in_transaction:
            time.sleep(min(time.monotonic() - began, LONGEST_REST))
        return erased

    def _changed(self, sql: str, values: tuple[object, ...]) -> int:
        return self._run(sql, values).rowcount

    def _erase_some(self, which: str, values: tuple[object, ...]) -> int:
        rows = self._run(which, values).fetchall()
        for (conversation,) in rows:
            self._erase(conversation)
        return len(rows)

    def _erase(self, conversation: str) -> None:
        for table in _BY_CONVERSATION:
            self._run(f"DELETE FROM {table} WHERE conversation = ?", (conversation,))
        self._run("DELETE FROM conversations WHERE id = ?", (conversation,))

    def close(self) -> None:
        self._db.close()


def _append(db: Connection, conversation: str, events: Iterable[tuple[str, Json]], at: str) -> None:
    db.run_many(
        "INSERT INTO events (conversation, at, kind, data) VALUES (?, ?, ?, ?)",
        [(conversation, at, kind, json_text(data)) for kind, data in events],
    )


def _conversation(row: tuple[str, str, str, str, int, str, str]) -> Conversation:
    id_, person, channel, state, epoch, created, updated = row
    return Conversation(id_, person, channel, json.loads(state), epoch, moment(created), moment(updated))


def _order(found: sqlite3.Cursor) -> Order | None:
    row = found.fetchone()
    return codec.from_json(json.loads(row[0])) if row else None


def _event(row: tuple[int, str, str, str, str]) -> StoredEvent:
    return StoredEvent(row[0], row[1], moment(row[2]), row[3], json.loads(row[4]))
