"""One connection to the database file: opened, brought up to date, and the transactions on it.

The file is written ahead (WAL); commits are synced to the disk, see docs/decisions. A connection belongs to
the thread that opened it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.errors import OldStoreError, StoreError
from bot.store.migrations import migrations

BUSY_SECONDS = 60
"""How long a writer waits for another one: rather long than to end a service that others wait for."""
READERS_SECONDS = 10
"""How long whoever empties the log waits for those who read."""


class Connection:
    """What the parts of a store share, so that what they write together is kept together."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, make it and its folder where they do not exist, and bring its tables up to date.

        With `read_only` nothing of it is changed, and StoreError says where it is missing, or of another
        version than this program.
        """
        try:
            if read_only:
                self.conn = _open_to_read(path)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                self.conn = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the database {path}: {error}") from error
        self._path = path
        self._execute = self.conn.execute

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """One statement. Raises StoreError where the medium fails."""
        try:
            return self._execute(sql, values)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each of the rows."""
        try:
            self.conn.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written in the block is kept together, or not at all; joins one that is open."""
        if self.conn.in_transaction:
            yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            self.conn.rollback()
            raise

    @contextmanager
    def unsynced_transaction(self) -> Iterator[None]:
        """A transaction that a failure of power may lose; as durable as the others where it joins one."""
        if self.conn.in_transaction:
            yield
            return
        self.run("PRAGMA synchronous = NORMAL")
        try:
            with self.transaction():
                yield
        finally:
            self.run("PRAGMA synchronous = FULL")

    def leave_no_trace(self, *, patient: bool = True) -> bool:
        """What was erased stays readable in the write-ahead file until that is emptied; whether it was.

        Another process that reads at the moment is waited for, for a while or not at all.
        """
        self.run(f"PRAGMA busy_timeout = {READERS_SECONDS * 1000 if patient else 0}")
        try:
            ((busy, *_),) = self.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self.run(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        return not busy

    def close(self) -> None:
        """Let go of the file."""
        self.conn.close()

    def _failed(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"the database {self._path} failed: {error}")


json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON as a column holds it: without blanks, Chinese as it is."""


def _open(path: Path) -> sqlite3.Connection:
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
    return conn


def _open_to_read(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreError(f"there is no database at {path}")
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    db = Database(conn)
    try:
        if not migrations.applied(db):
            raise StoreError(f"{path} is no database of Tuidan")
        if migrations.pending(db):
            raise OldStoreError(
                f"the database {path} is of an older version; `tuidan chat` brings it up to date"
            )
    except BaseException:
        conn.close()
        raise
    return conn
