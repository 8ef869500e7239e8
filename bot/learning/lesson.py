"""One lesson: decisions become examples and dialogues, all of them on disk or none."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import TuidanError
from bot.learning import dialogues
from bot.learning.decisions import Decision
from bot.learning.examples import Refused, plan


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was written."""

    added: dict[str, int]
    """Intent to how many examples it got."""
    files: tuple[Path, ...]
    suite: Path
    refused: tuple[Refused, ...]


def teach(decisions: Iterable[Decision], folder: Path, suites: Path, now: datetime) -> Lesson:
    """Write the decisions' messages as examples into `folder` and as dialogues into a suite in `suites`.

    The dialogues come first: where a kill comes between two files, the same lesson once more completes it.
    TuidanError where a file has faults or cannot be written.
    """
    planned = plan(decisions, folder)
    suite = suites / dialogues.FILE
    text = dialogues.extended(suite, planned.taken, now)
    if planned.taken:
        _make(suites)
    if text is not None:
        _replace(suite, text)
    for file, content in planned.contents.items():
        _replace(file, content)
    added = Counter(decision.intent for decision in planned.taken)
    return Lesson(dict(sorted(added.items())), tuple(planned.contents), suite, planned.refused)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TuidanError(f"cannot make {folder}: {error.strerror}") from error


def _replace(file: Path, content: bytes) -> None:
    """Whoever reads the file sees the old one or the new one; a link still leads to it."""
    target = file.resolve()
    new = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            new.write_bytes(content)
            if target.exists():
                shutil.copymode(target, new)
            new.replace(target)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise TuidanError(f"cannot write {file}: {error.strerror}") from error
