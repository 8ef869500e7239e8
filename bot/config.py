"""Where things lie and which clock holds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot.errors import TuidanError

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had no summer time since 1991, so that the fixed offset is the whole time zone."""

DOTENV = ".env"
"""A file of settings in the current folder; the environment goes before it."""

EPOCH = datetime(2000, 1, 1, tzinfo=SHANGHAI)
"""A clock for what does not depend on it."""
EARLIEST, LATEST = 2000, 2100
"""Years in which a turn's clock may lie: outside of them date arithmetic would overflow."""


def clock() -> datetime:
    """The real time, in Shanghai."""
    return datetime.now(SHANGHAI)


def read_time(text: str, assumed: timezone | None = None) -> datetime:
    """An ISO 8601 time, told in Shanghai's.

    ValueError where it is none, lies too far off, or has no offset and none is assumed.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"not an ISO 8601 time: {text[:40]!r}") from None
    if time.tzinfo is None:
        time = time.replace(tzinfo=assumed)
    if time.tzinfo is None:
        raise ValueError(f"the time needs an offset such as +08:00: {text[:40]!r}")
    if not EARLIEST <= time.year <= LATEST:
        raise ValueError(f"the year must lie between {EARLIEST} and {LATEST}: {text[:40]!r}")
    return time.astimezone(SHANGHAI)


def dotenv() -> Mapping[str, str | None]:
    """What `.env` in the current folder says; TuidanError where there is one that cannot be read."""
    if not Path(DOTENV).is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - not needed where there is no such file

    try:
        return dotenv_values(DOTENV, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TuidanError(f"cannot read {DOTENV}: {type(error).__name__}") from None


def _named(name: str) -> Path | None:
    """The path that the environment gives this name, else `.env`."""
    value = os.environ.get(name) or dotenv().get(name)
    return Path(value) if value else None


def data_folder() -> Path:
    """The folder of this user's database and history; not made here."""
    from platformdirs import user_data_dir  # noqa: PLC0415 - not needed where the path is given

    return Path(user_data_dir("tuidan", appauthor=False))


def database_path(given: Path | None = None) -> Path:
    """The database in use: the one given, else TUIDAN_DB, else `tuidan.db` in the user's data folder."""
    return given or _named("TUIDAN_DB") or data_folder() / "tuidan.db"


@dataclass(frozen=True, slots=True)
class DataFiles:
    """A person's own data files, by room; None where the built-in ones hold."""

    knowledge: Path | None = None
    intents: Path | None = None
    dialogue: Path | None = None
    desk: Path | None = None

    @property
    def own(self) -> bool:
        """Whether any room has files of the person's own."""
        return self != DataFiles()


def own_data(given: Path | None = None) -> Path | None:
    """The folder of a person's own data files: the one given, else TUIDAN_DATA; None where none is named."""
    return given or _named("TUIDAN_DATA")


def data_in_use(given: Path | None = None) -> Path:
    """The folder around the data files in use: a person's own, or that of the packages."""
    return own_data(given) or Path(__file__).parent.parent


def data_files(given: Path | None = None) -> DataFiles:
    """The data files in the folder given, else in the one that TUIDAN_DATA names, else the built-in ones.

    The folder holds any of `knowledge`, `intents`, `dialogue` and `desk`, laid out as the built-in folders
    are, or it is a checkout of the project, whose data files lie deeper. TuidanError where it holds none.
    """
    folder = own_data(given)
    if folder is None:
        return DataFiles()
    found = DataFiles(
        _folder(folder / "knowledge" / "data", folder / "knowledge"),
        _folder(folder / "intents" / "data", folder / "intents"),
        _folder(folder / "bot" / "dialogue" / "data", folder / "dialogue"),
        _folder(folder / "bot" / "desk" / "data", folder / "desk"),
    )
    if not found.own:
        rooms = "no knowledge/, intents/, dialogue/ or desk/ in it"
        wrong = rooms if folder.is_dir() else "there is no such folder"
        raise TuidanError(f"data files: {folder}: {wrong}")
    return found


def _folder(*places: Path) -> Path | None:
    return next((place for place in places if place.is_dir()), None)
