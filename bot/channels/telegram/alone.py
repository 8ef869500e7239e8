"""One process a database: two would send everything twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreError, TuidanError


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Hold the database for this process, until the block ends or the process is killed.

    TuidanError where another process holds it.
    """
    lock = database.with_name(f"{database.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"cannot open {lock}: {error}") from error
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TuidanError(f"another process serves {database} already: {lock} is held") from error
        yield
    finally:
        os.close(held)
