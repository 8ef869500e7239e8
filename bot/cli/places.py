"""Options and small agreements that several commands share."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.app import channel_store
from bot.config import SHANGHAI, database_path, read_time
from bot.errors import TuidanError
from bot.store.protocol import ChannelStore, Store

Database = Annotated[
    Path | None,
    typer.Option("--db", help="The database file; else TUIDAN_DB, else one in your data folder."),
]

Since = Annotated[
    str | None,
    typer.Option(help="Only what happened since this date, such as 2026-03-01.", show_default=False),
]
T = TypeVar("T")


def date(text: str | None) -> datetime | None:
    """What `--since` names, in Shanghai; None where nothing is named. TuidanError where it is no date."""
    try:
        return read_time(text, assumed=SHANGHAI) if text is not None else None
    except ValueError as error:
        raise TuidanError(f"--since: {error}") from None


def of_stored(db: Path | None, since: datetime | None, read: Callable[[Store, datetime | None], T]) -> T:
    """What `read` makes of the conversations that are stored. TuidanError where there is no database."""
    store = store_at(db, must_exist=True)
    try:
        return read(store, since)
    finally:
        store.close()


def store_at(given: Path | None, *, must_exist: bool = False) -> ChannelStore:
    """The store that the option, or the environment, names."""
    path = database_path(given)
    if must_exist and not path.exists():
        raise TuidanError(f"there is no database at {path}")
    return channel_store(path)


def progress_beside(database: Path) -> Path:
    """Where a run of stored conversations writes how far it is, unless it is told where."""
    return database.with_name(f"{database.name}.replay")


def erase_progress(given: Path | None) -> None:
    """Erase that file of the database in use: it quotes what persons wrote."""
    file = progress_beside(database_path(given))
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise TuidanError(f"cannot erase {file}: {error.strerror}") from error


def duration(text: str) -> timedelta:
    """ "90d", "12h" as a time span."""
    found = re.fullmatch(r"(\d{1,5})([dh])", text, re.ASCII)
    if not found:
        raise TuidanError(f"not a time span such as 90d or 12h: {text}")
    return timedelta(**{{"d": "days", "h": "hours"}[found[2]]: int(found[1])})
