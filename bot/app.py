"""The composition root: the one place where the parts meet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import EPOCH, data_files
from bot.errors import TuidanError
from bot.session import Mind, Session
from bot.store.memory import MemoryStore
from bot.store.protocol import ChannelStore
from intents.loading import uncollected


def mind(data: Path | None = None) -> Mind:
    """The bot, its data files loaded: those in the folder `data` or `TUIDAN_DATA`, else the built-in ones.

    TuidanError, naming file, line and key, where a file is broken; also where another folder was named or
    loaded before, for a process has one set of rules: whoever names one names it in every call.
    """
    with uncollected():
        # Naming the parts must not load them.
        from bot.dialogue import order_query, step  # noqa: PLC0415
        from intents import understand  # noqa: PLC0415
        from knowledge import load  # noqa: PLC0415

    own = use_data(data)
    with _faults_of_data(), uncollected():
        load()
        if own:
            _read_all()
        understand("", EPOCH)
    return Mind(understand, order_query, step)


def use_data(folder: Path | None = None) -> bool:
    """Tells every room which data files hold (see `mind`), unread; returns whether any are a person's own.

    TuidanError where the folder holds none, or another was named or read before.
    """
    import intents  # noqa: PLC0415 - naming the parts must not load them
    import knowledge  # noqa: PLC0415 - likewise
    from bot import dialogue  # noqa: PLC0415 - likewise
    from bot.desk import home as desk  # noqa: PLC0415 - likewise

    found = data_files(folder)
    try:
        knowledge.use(found.knowledge)
        intents.use(found.intents)
        dialogue.use(found.dialogue)
        desk.use(found.desk)
    except ValueError as error:
        raise TuidanError(f"data files: {error}") from error
    return found.own


def _read_all() -> None:
    """Reads also what is else read when it is needed first: what a person edited fails at once, or never."""
    import intents  # noqa: PLC0415 - naming the parts must not load them
    from bot.dialogue.wording import labels, sentences  # noqa: PLC0415 - likewise
    from knowledge.answers import answers  # noqa: PLC0415 - likewise

    for read in (answers, sentences, labels, intents.load):
        read()


@contextmanager
def _faults_of_data() -> Iterator[None]:
    from intents.data_files import DataFileError  # noqa: PLC0415 - naming the parts must not load them
    from knowledge.datafile import DataError  # noqa: PLC0415 - likewise

    try:
        yield
    except (DataError, DataFileError) as error:
        raise TuidanError(str(error)) from error


def session_in_memory(events: int | None = None) -> Session:
    """A session that leaves nothing behind; `events` bounds what is remembered of all transcripts."""
    return Session(MemoryStore(events=events), mind())


def session_on_disk(path: Path) -> Session:
    """A session on the database at `path`, made where it does not exist. StoreError where that cannot be."""
    return Session(channel_store(path), mind())


def channel_store(path: Path) -> ChannelStore:
    """The database at `path`, brought up to date. StoreError where it cannot be opened."""
    from bot.store.sqlite import SqliteStore  # noqa: PLC0415 - a pipe without a database pays nothing for it

    return SqliteStore(path)
