"""Whether this machine can run the service, and what to do where it cannot. Nothing is changed."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.app import session_in_memory
from bot.channels.telegram.probe import look
from bot.config import DOTENV, clock, database_path, own_data
from bot.errors import OldStoreError, TuidanError
from bot.messages import Update
from bot.ops.findings import Finding
from bot.ops.judged import judged
from bot.ops.logs import HIDDEN
from bot.settings import Settings, read_settings, unknown
from bot.store.sqlite import SqliteStore

LEAST_FREE = 500_000_000
"""Bytes of the disk that the database lies on."""
PATIENCE = 2.0
"""Seconds that the doctor waits for another writer."""


def findings(db: Path | None = None, now: Callable[[], datetime] = clock) -> Iterator[Finding]:
    """Each as soon as it is known; no secret is in any of them."""
    try:
        settings = read_settings()
    except TuidanError as error:
        yield Finding(
            "settings", False, str(error).removeprefix("settings: "), "docs/telegram.md has them all"
        )
        settings = None
    else:
        yield from _settings()
    yield from _dotenv()
    yield _answers(now)
    database = database_path(db)
    yield _database(database)
    yield _disk(database)
    if settings:
        yield from _telegram(settings, now)


def _settings() -> Iterator[Finding]:
    strays = [f"{name}{f' (meant {likely}?)' if likely else ''}" for name, likely in unknown()]
    if strays:
        yield Finding("settings", False, "no such setting: " + ", ".join(strays), "see docs/telegram.md")
    else:
        yield Finding("settings", True, "all are known and well-formed")


def _dotenv() -> Iterator[Finding]:
    file = Path(DOTENV)
    if os.name == "posix" and file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("secrets", False, f"others on this machine can read {DOTENV}", f"chmod 600 {DOTENV}")


def _answers(now: Callable[[], datetime]) -> Finding:
    """A whole turn, so that words, rules and sentences are all loaded."""
    folder = own_data()
    where = f"those in {folder}" if folder else "the built-in ones"
    try:
        turn = session_in_memory().handle(Update("1", "doctor", "doctor", "doctor", "火车票想退", now()))
    except TuidanError as error:
        return Finding("data files", False, str(error), "`tuidan check` names all that is wrong")
    if turn is None or not turn.replies:
        return Finding("data files", False, f"{where} give no answer", "`tuidan check` names what is wrong")
    return Finding("data files", True, f"{where}, loaded; a message is answered")


def _database(path: Path) -> Finding:
    if not path.exists():
        return _place_for(path)
    if path.is_dir():
        return Finding("database", False, f"{path} is a folder", "let TUIDAN_DB name a file")
    version = "up to date"
    try:
        try:
            SqliteStore(path, read_only=True).close()
        except OldStoreError:
            version = "of an older version, which the next start brings up to date"
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
        ) as conn:
            sound = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
            conn.execute("BEGIN IMMEDIATE")
            conn.execute("ROLLBACK")
    except TuidanError as error:
        return Finding("database", False, str(error), "restore a backup, or let TUIDAN_DB name another file")
    except sqlite3.Error as error:
        return Finding("database", False, f"{path}: {error}", "may this user write the file and its folder?")
    if sound != "ok":
        return Finding("database", False, f"{path} is damaged: {sound}", "restore a backup")
    return Finding("database", True, f"{path}: sound, writable, {version}")


def _place_for(path: Path) -> Finding:
    folder = _nearest(path)
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return Finding("database", True, f"none yet; the first start makes {path}")
    return Finding("database", False, f"{path} cannot be made", f"may this user write {folder}?")


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(_nearest(path)).free
    says = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE:
        return Finding("disk", False, says, "make room, or let TUIDAN_DB name a place on another disk")
    return Finding("disk", True, says)


def _nearest(path: Path) -> Path:
    return next(folder for folder in path.absolute().parents if folder.exists())


def _telegram(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    if settings.telegram_token is None:
        todo = "talk to @BotFather (/newbot) and set TUIDAN_TELEGRAM_TOKEN"
        yield Finding("token", None, "none: webhook, staff groups and clock are not looked at", todo)
        return
    token = settings.telegram_token.get_secret_value()
    seen = look(token, settings.api_url, settings.staff_chat, now)
    for finding in judged(seen, settings):
        yield replace(finding, says=_without(finding.says, settings), todo=_without(finding.todo, settings))


def _without(text: str, settings: Settings) -> str:
    for secret in settings.secrets():
        text = text.replace(secret, HIDDEN)
    return text
