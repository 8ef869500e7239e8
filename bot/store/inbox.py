"""What channels took in and what waits for its turn. See `Inbox` and `Reruns` in the protocol."""

import json
from collections.abc import Iterable
from datetime import datetime

from bot.store.connection import Connection, json_text
from bot.store.protocol import Json, Received, Rerun
from bot.store.stamps import moment, stamp

TURNS_KEPT = 20
"""Turns of a conversation that an edit can go back to, at most: each costs a copy of the state."""


class SqliteInbox:
    """See `Inbox`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def receive(self, channel: str, update_id: int, conversation: str, payload: Json, at: datetime) -> bool:
        with self._db.transaction():
            new = self._db.run(
                "INSERT OR IGNORE INTO inbox (channel, update_id, conversation, received, payload)"
                " VALUES (?, ?, ?, ?, ?)",
                (channel, update_id, conversation, stamp(at), json_text(payload)),
            )
        return new.rowcount == 1

    def waiting(self) -> list[str]:
        rows = self._db.run(
            "SELECT conversation FROM inbox WHERE state = 'waiting' GROUP BY conversation ORDER BY min(id)"
        )
        return [conversation for (conversation,) in rows]

    def take(self, conversation: str, at_most: int | None = None) -> list[Received]:
        rows = self._db.run(
            "SELECT id, channel, update_id, received, payload FROM inbox"
            " WHERE conversation = ? AND state = 'waiting' ORDER BY update_id, id LIMIT ?",
            (conversation, -1 if at_most is None else at_most),
        )
        return [
            Received(id_, channel, update_id, conversation, moment(at), json.loads(payload))
            for id_, channel, update_id, at, payload in rows
        ]

    def finish(self, received: Iterable[Received]) -> list[Received]:
        return self._settle(received, "done", None)

    def give_up(self, received: Iterable[Received], error: str) -> list[Received]:
        return self._settle(received, "failed", error)

    def _settle(self, received: Iterable[Received], state: str, error: str | None) -> list[Received]:
        """Those that still waited: whoever settles a row first is the one who acts on it."""
        settled = "UPDATE inbox SET state = ?, error = ?, payload = '{}' WHERE id = ? AND state = 'waiting'"
        with self._db.transaction():
            return [row for row in received if self._db.run(settled, (state, error, row.id)).rowcount == 1]


class SqliteReruns:
    """See `Reruns`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, conversation: str, messages: Iterable[str], turn: int, state: Json, at: datetime) -> None:
        rows = [(conversation, message, turn, stamp(at), json_text(state)) for message in messages]
        self._db.run_many(
            "INSERT OR REPLACE INTO reruns (conversation, message, turn, at, state) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        oldest = turn - TURNS_KEPT + 1
        self._db.run("DELETE FROM reruns WHERE conversation = ? AND turn < ?", (conversation, oldest))

    def before(self, conversation: str, message: str) -> Rerun | None:
        row = self._db.run(
            "SELECT turn, state FROM reruns WHERE conversation = ? AND message = ?", (conversation, message)
        ).fetchone()
        return Rerun(row[0], json.loads(row[1])) if row else None

    def undo(self, conversation: str, turn: int) -> None:
        self._db.run("DELETE FROM reruns WHERE conversation = ? AND turn >= ?", (conversation, turn))

    def decided(self, conversation: str) -> None:
        self._db.run("DELETE FROM reruns WHERE conversation = ?", (conversation,))
