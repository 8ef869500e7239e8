"""What is particular to the embedded database: durability, several processes, faults of the medium."""

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlite_utils import Database

from bot.errors import StoreError
from bot.messages import Update
from bot.store.migrations import migrations
from bot.store.sqlite import SqliteStore


@pytest.fixture
def update(now: datetime) -> Update:
    return Update("u1", "c1", "p1", "test", "你好", now)


def take(store: SqliteStore, update: Update) -> None:
    with store.turn(update) as turn:
        if not turn.repeated:
            count = turn.conversation.state["count"] if turn.conversation else 0
            turn.write({"count": count + 1}, [("heard", {"text": update.text})], [])


def test_what_was_committed_is_there_after_reopening(tmp_path: Path, update: Update) -> None:
    path = tmp_path / "deep" / "folder" / "store.db"
    first = SqliteStore(path)
    take(first, update)
    first.close()
    second = SqliteStore(path)
    assert [e.data["text"] for e in second.events("c1")] == ["你好"]
    second.close()


def test_the_log_is_emptied_unless_somebody_reads_just_then(tmp_path: Path, update: Update) -> None:
    store = SqliteStore(tmp_path / "store.db")
    take(store, update)
    reader = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM events").fetchall()
    take(store, replace(update, id="u2"))
    assert not store.leave_no_trace(patient=False)
    reader.execute("COMMIT")
    reader.close()
    assert store.leave_no_trace(patient=False)
    assert (tmp_path / "store.db-wal").stat().st_size == 0
    assert store._db.run("PRAGMA busy_timeout").fetchone() == (60_000,)
    store.close()


def test_commits_are_synced_to_the_disk(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    connection = store._db.conn
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def test_writers_side_by_side_wait_for_each_other(tmp_path: Path, update: Update) -> None:
    path = tmp_path / "store.db"
    faults: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            store = SqliteStore(path)
            for number in range(25):
                take(store, replace(update, id=f"{writer}-{number}"))
            store.close()
        except BaseException as fault:
            faults.append(fault)

    writers = [Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not faults
    store = SqliteStore(path)
    kept = store.conversation("c1")
    assert kept is not None
    assert kept.state == {"count": 100}, "read and write of a turn are one"
    store.close()


def test_events_cannot_be_rewritten(tmp_path: Path, update: Update) -> None:
    store = SqliteStore(tmp_path / "store.db")
    take(store, update)
    with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
        store._db.conn.execute("UPDATE events SET kind = 'forged'")
    store.close()


def test_what_was_forgotten_is_not_in_the_file(tmp_path: Path, update: Update) -> None:
    path = tmp_path / "store.db"
    store = SqliteStore(path)
    secret = "只有我知道的一句话"
    take(store, replace(update, text=secret))
    assert any(secret.encode() in file.read_bytes() for file in tmp_path.iterdir())
    store.forget("p1")
    store.close()
    assert not any(secret.encode() in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"this is no database, but a text of some length" * 50, b"\0" * 4096])
def test_a_file_that_is_no_database_is_a_named_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"broken\.db"):
        SqliteStore(path)


def test_a_folder_or_an_impossible_path_is_a_named_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "store.db"):
        with pytest.raises(StoreError, match="cannot open the database"):
            SqliteStore(path)


def test_opening_twice_applies_the_migrations_once(tmp_path: Path) -> None:
    for _ in range(2):
        SqliteStore(tmp_path / "store.db").close()
    connection = sqlite3.connect(tmp_path / "store.db")
    assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (4,)
    connection.close()


def test_an_older_database_keeps_what_is_in_it(tmp_path: Path, now: datetime) -> None:
    path, at = tmp_path / "old.db", "2026-03-06T04:00:00.000000+08:00"
    old = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(old, stop_before="channels_that_can_be_killed")
    old.conn.execute("INSERT INTO conversations VALUES ('c1', 'p1', 'test', '{\"n\": 1}', 0, ?, ?)", (at, at))
    old.conn.execute("INSERT INTO updates VALUES ('c1', 'u1', ?)", (at,))
    old.conn.execute("INSERT INTO events VALUES (7, 'c1', ?, 'heard', '{}')", (at,))
    for seq, sent in ((3, 1), (5, 0), (9, 1)):
        row = (seq, at, f'{{"n": {seq}}}', sent)
        old.conn.execute("INSERT INTO outbox VALUES (?, 'c1', 0, ?, ?, ?)", row)
    old.close()

    store = SqliteStore(path)
    kept = store.conversation("c1")
    assert kept is not None
    assert (kept.state, kept.updated) == ({"n": 1}, now)
    assert [e.seq for e in store.events("c1")] == [7]
    assert [(m.seq, m.body, m.at) for m in store.unsent("c1")] == [(5, {"n": 5}, now)]
    with store.turn(Update("u1", "c1", "p1", "test", "", now)) as turn:
        assert turn.repeated
    assert store.outbox.post("c1", {}, now) == 10, "numbers are not given twice"
    store.close()
    fresh = SqliteStore(tmp_path / "fresh.db")
    schema = "SELECT sql FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name"
    again = sqlite3.connect(path)
    assert again.execute(schema).fetchall() == fresh._db.run(schema).fetchall()
    again.close()
    fresh.close()


def test_what_is_opened_to_read_is_not_changed_and_sees_what_a_writer_adds(
    tmp_path: Path, update: Update
) -> None:
    path = tmp_path / "a ?#%.db"
    writer = SqliteStore(path)
    take(writer, update)
    reader = SqliteStore(path, read_only=True)
    assert [c.id for c in reader.conversations()] == ["c1"]
    take(writer, replace(update, conversation="c2"))
    assert [c.id for c in reader.conversations()] == ["c1", "c2"]
    with pytest.raises(StoreError, match="readonly"):
        take(reader, replace(update, conversation="c3"))
    with pytest.raises(StoreError, match="readonly"):
        reader.forget("p1")
    reader.close()
    assert len(list(writer.conversations())) == 2
    writer.close()


def test_a_writer_is_not_held_up_by_a_reader_in_the_middle(tmp_path: Path, update: Update) -> None:
    path = tmp_path / "store.db"
    writer = SqliteStore(path)
    for number in range(3):
        take(writer, replace(update, conversation=f"c{number}"))
    reader = SqliteStore(path, read_only=True)
    told = reader.conversations()
    next(told)
    writer.purge(update.now.replace(year=update.now.year + 1))
    assert not list(writer.conversations())
    assert (tmp_path / "store.db-wal").stat().st_size == 0, "the log could be emptied"
    reader.close()
    writer.close()


def test_a_database_that_cannot_be_read_is_a_named_fault(tmp_path: Path) -> None:
    missing, broken, other, old = (tmp_path / f"{name}.db" for name in ("missing", "broken", "other", "old"))
    broken.write_bytes(b"this is no database, but a text of some length" * 50)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE things (id)")
    connection.close()
    SqliteStore(old).close()
    connection = sqlite3.connect(old)
    connection.execute(
        "UPDATE _sqlite_migrations SET name = 'an_earlier_step' WHERE name = 'channels_that_can_be_killed'"
    )
    connection.commit()
    connection.close()
    for path, fault in (
        (missing, "there is no database at .*missing"),
        (tmp_path, "there is no database at"),
        (broken, "cannot open the database .*broken"),
        (other, "other.db is no database of Tuidan"),
        (old, "old.db is of an older version"),
    ):
        with pytest.raises(StoreError, match=fault):
            SqliteStore(path, read_only=True)
    assert not missing.exists()
