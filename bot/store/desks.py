"""Who has which conversation, in SQL: desks, persons who are shut out, messages and their copies.

What belongs together is put into one `ChannelStore.transaction()`; `open` needs one.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.store.protocol import Desk, DeskState, Mirror
from bot.store.stamps import moment, stamp

_FIELDS = tuple(field.name for field in fields(Desk))
_TIMES = frozenset(field.name for field in fields(Desk) if "datetime" in str(field.type))
_CHANGEABLE = frozenset(_FIELDS) - {"conversation", "number", "state"}
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM desks"
_QUEUED_FIRST = "ORDER BY queued_at, number"


class SqliteDesks:
    """See `Desks`."""

    def __init__(self, run: Any) -> None:
        """`run` executes a statement on the store's connection."""
        self._run = run

    def desk(self, conversation: str) -> Desk | None:
        return self._one("WHERE conversation = ?", (conversation,))

    def at_topic(self, staff_chat: str, topic: int) -> Desk | None:
        return self._one("WHERE staff_chat = ? AND topic = ?", (staff_chat, topic))

    def numbered(self, number: int) -> Desk | None:
        return self._one("WHERE number = ?", (number,))

    def open(self, conversation: str, state: DeskState, **changes: object) -> Desk:
        found = self.desk(conversation)
        if found is not None:
            return found
        # Counted in a table of its own, so that a forgotten person's number is nobody else's.
        number = self._run("INSERT INTO desk_numbers DEFAULT VALUES").lastrowid
        self._run("DELETE FROM desk_numbers")
        values = {"conversation": conversation, "number": number, "state": state, **_row(changes)}
        self._run(
            f"INSERT INTO desks ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            tuple(values.values()),
        )
        opened = self.desk(conversation)
        assert opened is not None
        return opened

    def move(
        self, conversation: str, from_state: DeskState, from_epoch: int, to: DeskState, **changes: object
    ) -> Desk | None:
        values = _row(changes)
        moved = self._run(
            f"UPDATE desks SET state = ?{''.join(f', {name} = ?' for name in values)}"
            f" WHERE conversation = ? AND state = ? AND epoch = ? RETURNING {', '.join(_FIELDS)}",
            (to, *values.values(), conversation, from_state, from_epoch),
        ).fetchall()
        return _desk(moved[0]) if moved else None

    def queue(self) -> list[Desk]:
        return self.in_state("queued")

    def in_state(self, *states: DeskState) -> list[Desk]:
        marks = ", ".join("?" * len(states))
        rows = self._run(f"{_SELECT} WHERE state IN ({marks}) {_QUEUED_FIRST}", states).fetchall()
        return [_desk(row) for row in rows]

    def of_person(self, person: str) -> list[Desk]:
        own = "SELECT id FROM conversations WHERE person = ?"
        rows = self._run(f"{_SELECT} WHERE conversation IN ({own}) ORDER BY number", (person,)).fetchall()
        return [_desk(row) for row in rows]

    def load(self) -> dict[str, int]:
        rows = self._run(
            "SELECT staff_chat, count(*) FROM desks WHERE state IN ('queued', 'human')"
            " AND staff_chat IS NOT NULL GROUP BY staff_chat"
        ).fetchall()
        return dict(rows)

    def group_moved(self, old: str, new: str) -> bool:
        if self.group_moves().get(old) == new:
            return False
        self._run("INSERT OR REPLACE INTO group_moves (old, new) VALUES (?, ?)", (old, new))
        self._run(
            "UPDATE desks SET staff_chat = ?, topic = NULL, card_message = NULL WHERE staff_chat = ?",
            (new, old),
        )
        return True

    def group_moves(self) -> dict[str, str]:
        return dict(self._run("SELECT old, new FROM group_moves").fetchall())

    def keep_agents_words(self, conversation: str, epoch: int) -> None:
        self._run(
            "UPDATE outbox SET epoch = ?"
            " WHERE line = ? AND state = 'waiting' AND body ->> 'agent' IS NOT NULL",
            (epoch, f"person:{conversation}"),
        )

    def ban(self, person: str, by: str, at: datetime) -> bool:
        row = (person, by, stamp(at))
        done = self._run("INSERT OR IGNORE INTO bans (person, by, at) VALUES (?, ?, ?)", row)
        return bool(done.rowcount)

    def unban(self, person: str) -> bool:
        return bool(self._run("DELETE FROM bans WHERE person = ?", (person,)).rowcount)

    def banned(self, person: str) -> bool:
        return self._run("SELECT 1 FROM bans WHERE person = ?", (person,)).fetchone() is not None

    def mirror(self, mirror: Mirror) -> None:
        self._run(
            "INSERT OR REPLACE INTO mirrors (staff_chat, message, conversation, person_message)"
            " VALUES (?, ?, ?, ?)",
            (mirror.staff_chat, mirror.message, mirror.conversation, mirror.person_message),
        )

    def mirrored(self, staff_chat: str, message: int) -> Mirror | None:
        return self._mirror("staff_chat = ? AND message = ?", (staff_chat, message))

    def mirror_of(self, conversation: str, person_message: int) -> Mirror | None:
        where = "conversation = ? AND person_message = ? ORDER BY message DESC"
        return self._mirror(where, (conversation, person_message))

    def _one(self, where: str, values: tuple[object, ...]) -> Desk | None:
        row = self._run(f"{_SELECT} {where}", values).fetchone()
        return _desk(row) if row else None

    def _mirror(self, where: str, values: tuple[object, ...]) -> Mirror | None:
        row = self._run(
            f"SELECT staff_chat, message, conversation, person_message FROM mirrors WHERE {where} LIMIT 1",
            values,
        ).fetchone()
        return Mirror(*row) if row else None


def _row(changes: dict[str, object]) -> dict[str, object]:
    strange = changes.keys() - _CHANGEABLE
    if strange:
        raise TypeError(f"a desk has no such field to change: {', '.join(sorted(strange))}")
    return {name: stamp(v) if isinstance(v, datetime) else v for name, v in changes.items()}


def _desk(row: tuple[Any, ...]) -> Desk:
    named = zip(_FIELDS, row, strict=True)
    values: dict[str, Any] = {name: moment(v) if v and name in _TIMES else v for name, v in named}
    return Desk(**values)
