"""What is to be sent, and what became of it. See `Outbox` in the protocol."""

import json
from collections import Counter
from datetime import datetime

from bot.store.connection import Connection, json_text
from bot.store.protocol import NO_TOPIC, PERSON, Json, Outgoing
from bot.store.stamps import moment, stamp

EPOCH = "coalesce((SELECT epoch FROM desks WHERE conversation = ?), 0)"
"""The epoch that a message queued now belongs to, as SQL with the conversation as its value."""

LINES_OF_A_GROUP = 50
"""Of one staff group so many lines are told as due where others wait: it takes twenty messages a minute."""
_DUE = "o.seq, o.conversation, o.epoch, o.at, o.body, o.target, o.attempts, a.address"
_HEADS = (
    "(SELECT min(seq) AS seq FROM outbox WHERE state = 'waiting' GROUP BY line) first"
    " JOIN outbox o ON o.seq = first.seq"
    " LEFT JOIN addresses a ON a.conversation = o.conversation AND o.target = ?"
    " WHERE (o.target <> ? OR a.address IS NOT NULL) AND o.target <> ? AND o.not_before <= ?"
)
"""Of each line its first message, where it may be sent now."""
_GROUP = "substr(o.target, 1, 6 + instr(substr(o.target, 7), ':'))"
"""Of a target such as `staff:-1001:7`, what is the group's, as SQL."""
LEFT = (
    "body = iif(target = 'person' AND body ->> 'agent' IS NOT NULL,"
    " json_remove(body, '$.text', '$.caption'), body)"
)
"""What is left of a message that waits no longer: an agent's words reach the person as they were written, and
are kept, masked, in the transcript alone."""


class SqliteOutbox:
    """See `Outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def post(self, conversation: str, body: Json, at: datetime, target: str = PERSON) -> int:
        with self._db.transaction():
            row = self._db.run(
                f"INSERT INTO outbox (conversation, epoch, at, body, target) VALUES (?, {EPOCH}, ?, ?, ?)",
                (conversation, conversation, stamp(at), json_text(body), target),
            )
        assert row.lastrowid is not None
        return row.lastrowid

    def due(self, now: datetime, limit: int) -> list[Outgoing]:
        may_go = (PERSON, PERSON, NO_TOPIC, stamp(now))
        heads = self._db.run(
            f"SELECT {_DUE} FROM {_HEADS} ORDER BY o.seq LIMIT ?", (*may_go, limit)
        ).fetchall()
        of_groups = Counter(head[5].rpartition(":")[0] for head in heads)
        if len(heads) == limit and max(of_groups.values()) > LINES_OF_A_GROUP:
            # One group's many topics may hide what others wait for. Costs twice as much, and so only then.
            heads = self._db.run(
                f"SELECT {_DUE} FROM (SELECT o.seq, a.address,"
                f" row_number() OVER (PARTITION BY coalesce(a.address, {_GROUP}) ORDER BY o.seq) AS nth"
                f" FROM {_HEADS}) a JOIN outbox o ON o.seq = a.seq WHERE nth <= ? ORDER BY o.seq LIMIT ?",
                (*may_go, LINES_OF_A_GROUP, limit),
            ).fetchall()
        return [
            Outgoing(seq, conversation, epoch, moment(at), json.loads(body), target, attempts, address)
            for seq, conversation, epoch, at, body, target, attempts, address in heads
        ]

    def depth(self) -> int:
        (count,) = self._db.run("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
        return int(count)

    def is_waiting(self, seq: int) -> bool:
        found = self._db.run("SELECT 1 FROM outbox WHERE seq = ? AND state = 'waiting'", (seq,))
        return found.fetchone() is not None

    def sent(self, seq: int) -> None:
        with self._db.unsynced_transaction():
            self._db.run(
                f"UPDATE outbox SET state = 'sent', error = NULL, {LEFT} WHERE seq = ? AND state = 'waiting'",
                (seq,),
            )

    def postpone(self, seq: int, until: datetime, error: str) -> None:
        with self._db.unsynced_transaction():
            self._db.run(
                "UPDATE outbox SET attempts = attempts + 1, not_before = ?, error = ?"
                " WHERE seq = ? AND state = 'waiting'",
                (stamp(until), error, seq),
            )

    def fail(self, seq: int, error: str) -> None:
        with self._db.transaction():
            self._db.run(
                f"UPDATE outbox SET state = 'failed', error = ?, {LEFT} WHERE seq = ? AND state = 'waiting'",
                (error, seq),
            )

    def drop_before(self, conversation: str, epoch: int) -> int:
        return self._drop(conversation, "epoch < ?", epoch, "a person of the staff took over")

    def drop_all(self, conversation: str, error: str) -> int:
        return self._drop(conversation, "seq > ?", 0, error)

    def _drop(self, conversation: str, where: str, value: int, error: str) -> int:
        with self._db.transaction():
            dropped = self._db.run(
                f"UPDATE outbox SET state = 'dropped', error = ?, {LEFT}"
                f" WHERE line = ? AND state = 'waiting' AND {where}",
                (error, f"person:{conversation}", value),
            )
        return dropped.rowcount

    def take_along(self, conversation: str, keep: str) -> list[Outgoing]:
        with self._db.transaction():
            rows = self._db.run(
                "UPDATE outbox SET state = 'dropped', error = 'shown in another topic'"
                " WHERE conversation = ? AND state = 'waiting' AND target <> ?"
                " AND (target = ? OR target LIKE 'staff:%') AND target NOT LIKE '%:'"
                " RETURNING seq, epoch, at, body, target, attempts",
                (conversation, keep, NO_TOPIC),
            ).fetchall()
        return [
            Outgoing(seq, conversation, epoch, moment(at), json.loads(body), target, attempts)
            for seq, epoch, at, body, target, attempts in sorted(rows)
        ]

    def chat_moved(self, old: str, new: str) -> None:
        with self._db.transaction():
            self._db.run("UPDATE addresses SET address = ? WHERE address = ?", (new, old))
            self._db.run(
                "UPDATE outbox SET target = ?, not_before = '' WHERE state = 'waiting' AND target = ?",
                (f"staff:{new}:", f"staff:{old}:"),
            )

    def set_address(self, conversation: str, channel: str, address: str) -> None:
        with self._db.transaction():
            self._db.run(
                "INSERT OR REPLACE INTO addresses (conversation, channel, address) VALUES (?, ?, ?)",
                (conversation, channel, address),
            )

    def address(self, conversation: str) -> str | None:
        row = self._db.run("SELECT address FROM addresses WHERE conversation = ?", (conversation,)).fetchone()
        return row[0] if row else None
