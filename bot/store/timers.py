"""What is to be done at a time. See `Timers` in the protocol."""

import json
from datetime import datetime

from bot.store.connection import Connection, json_text
from bot.store.protocol import Json, Timer
from bot.store.stamps import moment, stamp


class SqliteTimers:
    """See `Timers`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def set_timer(self, conversation: str, kind: str, due: datetime, data: Json) -> int:
        with self._db.transaction():
            self.drop_timers(conversation, kind)
            row = self._db.run(
                "INSERT INTO timers (conversation, kind, due, data) VALUES (?, ?, ?, ?)",
                (conversation, kind, stamp(due), json_text(data)),
            )
        assert row.lastrowid is not None
        return row.lastrowid

    def due_timers(self, now: datetime, limit: int) -> list[Timer]:
        return self._waiting("due <= ? ORDER BY due, id LIMIT ?", (stamp(now), limit))

    def waiting_timers(self, conversation: str) -> list[Timer]:
        return self._waiting("conversation = ? ORDER BY due, id", (conversation,))

    def _waiting(self, where: str, values: tuple[object, ...]) -> list[Timer]:
        columns = "id, conversation, kind, due, data"
        rows = self._db.run(f"SELECT {columns} FROM timers WHERE state = 'waiting' AND {where}", values)
        return [Timer(row[0], row[1], row[2], moment(row[3]), json.loads(row[4])) for row in rows]

    def finish_timer(self, timer: int) -> bool:
        with self._db.transaction():
            finished = self._db.run(
                "UPDATE timers SET state = 'done' WHERE id = ? AND state = 'waiting'", (timer,)
            )
        return finished.rowcount == 1

    def drop_timers(self, conversation: str, kind: str | None = None) -> int:
        with self._db.transaction():
            dropped = self._db.run(
                "UPDATE timers SET state = 'dropped'"
                " WHERE conversation = ? AND state = 'waiting' AND kind = coalesce(?, kind)",
                (conversation, kind),
            )
        return dropped.rowcount
