"""The composition root: the one place where the parts meet."""

from pathlib import Path

from bot.config import EPOCH
from bot.errors import TuidanError
from bot.session import Mind, Session
from bot.store.memory import MemoryStore
from bot.store.protocol import Store


def mind() -> Mind:
    """The bot as it is built in, its data loaded. TuidanError, naming the place, where a file is broken."""
    # Naming the parts must not load them.
    from bot.dialogue import order_query, step  # noqa: PLC0415
    from intents import understand  # noqa: PLC0415
    from intents.data_files import DataFileError  # noqa: PLC0415
    from knowledge import load  # noqa: PLC0415
    from knowledge.datafile import DataError  # noqa: PLC0415

    try:
        load()
        understand("", EPOCH)
    except (DataError, DataFileError) as error:
        raise TuidanError(str(error)) from error
    return Mind(understand, order_query, step)


def session_in_memory(events: int | None = None) -> Session:
    """A session that leaves nothing behind; `events` bounds what is remembered of all transcripts."""
    return Session(MemoryStore(events=events), mind())


def session_on_disk(path: Path) -> Session:
    """A session on the database at `path`, made where it does not exist. StoreError where that cannot be."""
    return Session(open_store(path), mind())


def open_store(path: Path) -> Store:
    """The database at `path`, brought up to date. StoreError where it cannot be opened."""
    from bot.store.sqlite import SqliteStore  # noqa: PLC0415 - a pipe without a database pays nothing for it

    return SqliteStore(path)
