"""The embedded store: one SQLite file, written ahead (WAL), every turn one `BEGIN IMMEDIATE` transaction.

Commits are synced to the disk, see docs/decisions. A connection belongs to the thread that opened it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.config import SHANGHAI
from bot.dialogue.order import Order
from bot.errors import StoreError
from bot.messages import Update
from bot.orders import codec
from bot.store.migrations import migrations
from bot.store.protocol import Conversation, Json, Lock, LockKind, Outgoing, StoredEvent

BUSY_SECONDS = 10
"""How long a writer waits for another one."""


@dataclass(slots=True)
class SqliteTurn:
    """See `TurnInStore`. Reads and writes inside the transaction that `SqliteStore.turn` holds."""

    _run: Any
    _update: Update
    repeated: bool
    conversation: Conversation | None

    def order(self, order_id: str) -> Order | None:
        row = self._run("SELECT data FROM orders WHERE order_id = ?", (order_id,)).fetchone()
        return codec.from_json(json.loads(row[0])) if row else None

    def lock(self, kind: LockKind, key: str) -> Lock | None:
        row = self._run(
            "SELECT tries, last_at, locked_until FROM order_locks WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return Lock(kind, key, row[0], _time(row[1]), _time(row[2]) if row[2] else None) if row else None

    def put_lock(self, lock: Lock) -> None:
        until = _stamp(lock.locked_until) if lock.locked_until else None
        self._run(
            "INSERT OR REPLACE INTO order_locks (kind, key, tries, last_at, locked_until)"
            " VALUES (?, ?, ?, ?, ?)",
            (lock.kind, lock.key, lock.tries, _stamp(lock.last_at), until),
        )

    def recent_events(self, limit: int) -> list[StoredEvent]:
        rows = self._run(
            "SELECT seq, conversation, at, kind, data FROM events WHERE conversation = ?"
            " ORDER BY seq DESC LIMIT ?",
            (self._update.conversation, limit),
        ).fetchall()
        return [_event(row) for row in reversed(rows)]

    def write(self, state: Json, events: Iterable[tuple[str, Json]], outbox: Iterable[Json]) -> None:
        it, at = self._update, _stamp(self._update.now)
        epoch = self.conversation.epoch if self.conversation else 0
        self._run(
            "INSERT INTO conversations (id, person, channel, state, epoch, created, updated)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated = excluded.updated",
            (it.conversation, it.person, it.channel, _json(state), epoch, at, at),
        )
        for kind, data in events:
            self._run(
                "INSERT INTO events (conversation, at, kind, data) VALUES (?, ?, ?, ?)",
                (it.conversation, at, kind, _json(data)),
            )
        for body in outbox:
            self._run(
                "INSERT INTO outbox (conversation, epoch, at, body) VALUES (?, ?, ?, ?)",
                (it.conversation, epoch, at, _json(body)),
            )


class SqliteStore:
    """See `Store`."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it and its folder where they do not exist, and bring its tables up to date."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the database {path}: {error}") from error
        self._path = path
        self._run = self._db.conn.execute

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._run("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.rollback()
                raise
            self._run("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"the database {self._path} failed: {error}") from error

    @contextmanager
    def turn(self, update: Update) -> Iterator[SqliteTurn]:
        with self._transaction():
            claimed = self._run(
                "INSERT OR IGNORE INTO updates (conversation, id, at) VALUES (?, ?, ?)",
                (update.conversation, update.id, _stamp(update.now)),
            )
            found = self.conversation(update.conversation)
            yield SqliteTurn(self._run, update, claimed.rowcount == 0, found)

    def conversation(self, conversation: str) -> Conversation | None:
        return self._one_conversation("id = ?", (conversation,))

    def latest(self, person: str, channel: str) -> Conversation | None:
        where = "person = ? AND channel = ? ORDER BY updated DESC, rowid DESC LIMIT 1"
        return self._one_conversation(where, (person, channel))

    def _one_conversation(self, where: str, values: tuple[str, ...]) -> Conversation | None:
        row = self._read(
            f"SELECT id, person, channel, state, epoch, created, updated FROM conversations WHERE {where}",
            values,
        ).fetchone()
        if row is None:
            return None
        id_, person, channel, state, epoch, created, updated = row
        return Conversation(id_, person, channel, json.loads(state), epoch, _time(created), _time(updated))

    def events(self, conversation: str) -> Iterator[StoredEvent]:
        rows = self._read(
            "SELECT seq, conversation, at, kind, data FROM events WHERE conversation = ? ORDER BY seq",
            (conversation,),
        )
        yield from (_event(row) for row in rows)

    def unsent(self, conversation: str) -> list[Outgoing]:
        rows = self._read(
            "SELECT seq, epoch, at, body FROM outbox WHERE conversation = ? AND sent = 0 ORDER BY seq",
            (conversation,),
        )
        return [Outgoing(row[0], conversation, row[1], _time(row[2]), json.loads(row[3])) for row in rows]

    def mark_sent(self, messages: Iterable[Outgoing]) -> None:
        # Not worth a sync: where the mark is lost, a message is sent again.
        self._run("PRAGMA synchronous = NORMAL")
        try:
            with self._transaction():
                for message in messages:
                    self._run("UPDATE outbox SET sent = 1 WHERE seq = ?", (message.seq,))
        finally:
            self._run("PRAGMA synchronous = FULL")

    def save_orders(self, orders: Iterable[Order]) -> int:
        rows = [(order.order_id, _json(codec.to_json(order))) for order in orders]
        with self._transaction():
            self._db.conn.executemany("INSERT OR REPLACE INTO orders (order_id, data) VALUES (?, ?)", rows)
        return len(rows)

    def orders(self) -> Iterator[Order]:
        for row in self._read("SELECT data FROM orders ORDER BY order_id", ()):
            yield codec.from_json(json.loads(row[0]))

    def forget(self, person: str) -> int:
        with self._transaction():
            rows = self._run("SELECT id FROM conversations WHERE person = ?", (person,)).fetchall()
            for (conversation,) in rows:
                self._erase(conversation)
        self._leave_no_trace()
        return len(rows)

    def purge(self, before: datetime) -> int:
        stamp = _stamp(before)
        with self._transaction():
            rows = self._run("SELECT id FROM conversations WHERE updated < ?", (stamp,)).fetchall()
            for (conversation,) in rows:
                self._erase(conversation)
            for table in ("events", "outbox", "updates"):
                self._run(f"DELETE FROM {table} WHERE at < ?", (stamp,))
            self._run("DELETE FROM order_locks WHERE coalesce(locked_until, last_at) < ?", (stamp,))
        self._leave_no_trace()
        return len(rows)

    def _erase(self, conversation: str) -> None:
        for table in ("events", "outbox", "updates"):
            self._run(f"DELETE FROM {table} WHERE conversation = ?", (conversation,))
        self._run("DELETE FROM conversations WHERE id = ?", (conversation,))

    def _leave_no_trace(self) -> None:
        """What was erased stays readable in the write-ahead file until that is emptied."""
        self._read("PRAGMA wal_checkpoint(TRUNCATE)", ()).fetchall()

    def _read(self, sql: str, values: tuple[str, ...]) -> sqlite3.Cursor:
        try:
            return self._run(sql, values)
        except sqlite3.Error as error:
            raise StoreError(f"the database {self._path} failed: {error}") from error

    def close(self) -> None:
        self._db.close()


def _open(path: Path) -> Database:
    conn = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    db = Database(conn)
    try:
        for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            conn.execute(f"PRAGMA {setting}").fetchall()
        if migrations.pending(db):
            # Taken before looking again: two processes may open a new file at the same moment.
            conn.execute("BEGIN IMMEDIATE")
            migrations.apply(db)
            conn.execute("COMMIT")
    except BaseException:
        conn.close()
        raise
    return db


def _event(row: tuple[int, str, str, str, str]) -> StoredEvent:
    return StoredEvent(row[0], row[1], _time(row[2]), row[3], json.loads(row[4]))


def _json(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _stamp(time: datetime) -> str:
    """All stamps have one offset, so that text sorts as time does."""
    return time.astimezone(SHANGHAI).isoformat(timespec="microseconds")


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
