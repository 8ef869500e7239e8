"""Leads conversations through the real session into a real database, and multiplies them there."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random

from bot.app import mind
from bot.messages import Update
from bot.session import Mind, Session
from bot.store.sqlite import SqliteStore
from tests.history.persons import NOW, ORDERS, Message, talk


def lead(session: Session, name: str, messages: Iterable[Message], now: datetime = NOW) -> None:
    """One conversation; a button is chosen by its number, as the terminal does it."""
    buttons: tuple[str, ...] = ()
    for number, message in enumerate(messages):
        now += message.after
        text = message.text
        if text.isdecimal() and 0 < int(text) <= len(buttons):
            text = buttons[int(text) - 1]
        update = Update(str(number), name, f"person of {name}", "terminal", text, now)
        for _ in range(1 + message.again):
            turn = session.handle(update)
            if turn is not None:
                buttons = tuple(label for reply in turn.replies for label in reply.buttons)


def history(path: Path, conversations: int, bot: Mind | None = None, seed: int = 1) -> None:
    """A database of so many conversations, no two alike."""
    chance = Random(seed)
    store = SqliteStore(path)
    with closing(store):
        # Nothing here has to survive a power cut.
        store._db.conn.execute("PRAGMA synchronous = OFF")
        store.save_orders(ORDERS)
        session = Session(store, bot or mind())
        for number in range(conversations):
            lead(session, f"c{number:05}", talk(chance))


def multiply(path: Path, turns: int) -> int:
    """Copies all conversations under other ids until there are so many turns; returns how many there are."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        (once,) = db.execute("SELECT count(*) FROM events WHERE kind = 'shell.answered'").fetchone()
        times = -(-turns // once)
        db.execute(
            "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ?)"
            " INSERT INTO conversations (id, person, channel, state, epoch, created, updated)"
            " SELECT id || '-' || n, person, channel, state, epoch, created, updated"
            " FROM conversations, copy",
            (times - 1,),
        )
        db.execute(
            "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ?)"
            " INSERT INTO events (conversation, at, kind, data)"
            " SELECT conversation || '-' || n, at, kind, data FROM copy, events ORDER BY n, seq",
            (times - 1,),
        )
        db.commit()
        return int(once * times)
