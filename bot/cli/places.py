"""Options and small agreements that several commands share."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.app import open_store
from bot.config import database_path
from bot.errors import TuidanError
from bot.store.protocol import Store

Database = Annotated[
    Path | None,
    typer.Option("--db", help="The database file; else TUIDAN_DB, else one in your data folder."),
]


def store_at(given: Path | None, *, must_exist: bool = False) -> Store:
    """The store that the option, or the environment, names."""
    path = database_path(given)
    if must_exist and not path.exists():
        raise TuidanError(f"there is no database at {path}")
    return open_store(path)


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
