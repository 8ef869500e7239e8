"""The tables of the embedded database, step by step; a step that has been released is never changed."""

from sqlite_utils import Database, Migrations

migrations = Migrations("tuidan")


@migrations()
def first_tables(db: Database) -> None:
    """Conversations, what happened in them, what is to be sent, orders, and the locks on guessing."""
    db.executescript("""
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY, person TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL,
            epoch INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL, updated TEXT NOT NULL
        ) STRICT;
        CREATE INDEX conversations_person ON conversations (person, channel, updated);
        CREATE INDEX conversations_updated ON conversations (updated);
        CREATE TABLE updates (
            conversation TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (conversation, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX updates_at ON updates (at);
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, at TEXT NOT NULL,
            kind TEXT NOT NULL, data TEXT NOT NULL
        ) STRICT;
        CREATE INDEX events_conversation ON events (conversation, seq);
        CREATE INDEX events_at ON events (at);
        CREATE TABLE outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, epoch INTEGER NOT NULL,
            at TEXT NOT NULL, body TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX outbox_unsent ON outbox (conversation, seq) WHERE sent = 0;
        CREATE TABLE orders (order_id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE order_locks (
            kind TEXT NOT NULL, key TEXT NOT NULL, tries INTEGER NOT NULL, last_at TEXT NOT NULL,
            locked_until TEXT, PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER events_are_not_rewritten BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are only ever appended'); END;
    """)
