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


@migrations()
def channels_that_can_be_killed(db: Database) -> None:
    """What came in and waits for its turn, where to send, who has the conversation, and what falls due."""
    db.executescript("""
        CREATE TABLE inbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, update_id INTEGER NOT NULL,
            conversation TEXT NOT NULL, received TEXT NOT NULL, payload TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
            error TEXT, UNIQUE (channel, update_id)
        ) STRICT;
        CREATE INDEX inbox_waiting ON inbox (conversation, update_id) WHERE state = 'waiting';
        CREATE INDEX inbox_conversation ON inbox (conversation);
        CREATE INDEX inbox_received ON inbox (received);
        CREATE TABLE addresses (
            conversation TEXT PRIMARY KEY, channel TEXT NOT NULL, address TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reruns (
            conversation TEXT NOT NULL, message TEXT NOT NULL, turn INTEGER NOT NULL, at TEXT NOT NULL,
            state TEXT NOT NULL, PRIMARY KEY (conversation, message)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reruns_at ON reruns (at);

        DROP INDEX outbox_unsent;
        ALTER TABLE outbox ADD COLUMN target TEXT NOT NULL DEFAULT 'person';
        ALTER TABLE outbox ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'sent', 'dropped', 'failed'));
        ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN not_before TEXT NOT NULL DEFAULT '';
        ALTER TABLE outbox ADD COLUMN error TEXT;
        ALTER TABLE outbox ADD COLUMN line TEXT NOT NULL
            GENERATED ALWAYS AS (iif(target = 'person', 'person:' || conversation, target)) VIRTUAL;
        UPDATE outbox SET state = 'sent' WHERE sent = 1;
        ALTER TABLE outbox DROP COLUMN sent;
        CREATE INDEX outbox_waiting ON outbox (line, seq) WHERE state = 'waiting';
        CREATE INDEX outbox_conversation ON outbox (conversation, seq);
        CREATE INDEX outbox_at ON outbox (at);

        CREATE TABLE desks (
            conversation TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('bot', 'queued', 'human', 'closed')),
            epoch INTEGER NOT NULL DEFAULT 0, reason TEXT, agent TEXT, agent_name TEXT,
            queued_at TEXT, claimed_at TEXT, agent_at TEXT, person_at TEXT, snoozed_until TEXT,
            reminded INTEGER NOT NULL DEFAULT 0, staff_chat TEXT, topic INTEGER, card_message INTEGER,
            rating INTEGER CHECK (rating BETWEEN 1 AND 5), rating_asked TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE desk_numbers (number INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
        CREATE INDEX desks_state ON desks (state, queued_at);
        CREATE UNIQUE INDEX desks_topic ON desks (staff_chat, topic);
        CREATE TABLE bans (person TEXT PRIMARY KEY, by TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE mirrors (
            staff_chat TEXT NOT NULL, message INTEGER NOT NULL, conversation TEXT NOT NULL,
            person_message INTEGER, PRIMARY KEY (staff_chat, message)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mirrors_conversation ON mirrors (conversation, person_message);
        CREATE TABLE timers (
            id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, kind TEXT NOT NULL,
            due TEXT NOT NULL, data TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dropped'))
        ) STRICT;
        CREATE UNIQUE INDEX timers_one_of_a_kind ON timers (conversation, kind) WHERE state = 'waiting';
        CREATE INDEX timers_due ON timers (due) WHERE state = 'waiting';
    """)


@migrations()
def groups_that_move(db: Database) -> None:
    """A staff group may get another id."""
    db.executescript("""
        CREATE TABLE group_moves (old TEXT PRIMARY KEY, new TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """)


@migrations()
def events_by_kind(db: Database) -> None:
    """The last event of a kind is found at once, however long a conversation is."""
    db.executescript("CREATE INDEX events_kind ON events (conversation, kind, seq);")
