"""Where things lie and which clock holds."""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had no summer time since 1991, so that the fixed offset is the whole time zone."""

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


def data_folder() -> Path:
    """The folder of this user's database and history; not made here."""
    from platformdirs import user_data_dir  # noqa: PLC0415 - not needed where the path is given

    return Path(user_data_dir("tuidan", appauthor=False))


def database_path(given: Path | None = None) -> Path:
    """The database in use: the one given, else TUIDAN_DB, else `tuidan.db` in the user's data folder."""
    if given is not None:
        return given
    named = os.environ.get("TUIDAN_DB")
    return Path(named) if named else data_folder() / "tuidan.db"
