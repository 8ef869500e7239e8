"""What is particular to the embedded database: durability, several processes, faults of the medium."""

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest

from bot.errors import StoreError
from bot.messages import Update
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
        store._db.execute("UPDATE events SET kind = 'forged'")
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
    assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (1,)
    connection.close()
