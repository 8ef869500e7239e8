"""`tuidan teach`: what was not understood becomes examples and dialogues."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import use_data
from bot.cli.places import Database, Since, date, of_stored
from bot.config import EPOCH, clock, data_files, data_in_use, own_data
from bot.errors import TuidanError

if TYPE_CHECKING:
    from bot.insight.groups import Group
    from bot.learning.decisions import Decision
    from bot.learning.lesson import Lesson

OFFERED = 4
"""Intents that are offered for a message, beside that it is none of the bot's business."""


def teach(
    *,
    dialogues: Annotated[
        Path | None, typer.Option(help="The folder for the suite that holds what was learned.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Carry out the decisions of this file and ask nothing.")
    ] = None,
    draft: Annotated[
        Path | None, typer.Option(help="Write a file of decisions to be made, and change nothing else.")
    ] = None,
    since: Since = None,
    data: Annotated[
        Path | None, typer.Option(help="The data folder; else TUIDAN_DATA, else the built-in one.")
    ] = None,
    db: Database = None,
) -> None:
    """Make examples and dialogue tests of messages that were not understood.

    Leaves with 1 where a decision is refused.
    """
    from_then = date(since)
    use_data(data)
    if draft is not None:
        if dialogues is not None or decisions is not None:
            raise TuidanError("--draft goes with neither --decisions nor --dialogues")
        _draft(draft, _missed(db, from_then))
        return
    if dialogues is None:
        raise TuidanError("--dialogues: name the folder for the dialogues of what is learned")
    folder = _folder(data)
    from bot.learning.decisions import read  # noqa: PLC0415 - the other commands teach nothing
    from bot.learning.lesson import teach as taught  # noqa: PLC0415 - likewise

    decided = read(decisions) if decisions is not None else _asked(_missed(db, from_then), folder)
    lesson = taught(decided, folder, dialogues, clock())
    _tell(lesson, data)
    raise typer.Exit(1 if lesson.refused else 0)


def _folder(data: Path | None) -> Path:
    """The intents' data files in use. TuidanError where they are not for editing."""
    own = data_files(data).intents
    if own is not None:
        return own
    if own_data(data) is not None:
        raise TuidanError(
            f"{data_in_use(data)} holds no intents/: put a copy of the built-in intents/data there"
        )
    if not (data_in_use() / "pyproject.toml").is_file():
        raise TuidanError(
            "the built-in data files are not for editing: name your own with --data or TUIDAN_DATA"
        )
    from intents.data_files import FOLDER  # noqa: PLC0415 - naming the parts must not load them

    return FOLDER


def _missed(db: Path | None, since: datetime | None) -> "list[Group]":
    from bot.insight.groups import groups  # noqa: PLC0415 - the other commands do not need the engine
    from bot.insight.misses import misses  # noqa: PLC0415 - likewise

    return of_stored(db, since, lambda store, then: groups(misses(store, then)))


def _likeliest() -> Callable[[str], Sequence[str]]:
    from intents import understand  # noqa: PLC0415 - naming the parts must not load them
    from intents.model import OUT_OF_SCOPE  # noqa: PLC0415 - likewise

    return lambda text: [
        *(intent for intent, _ in understand(text, EPOCH).ranking[:OFFERED]),
        OUT_OF_SCOPE,
    ]


def _draft(file: Path, missed: "list[Group]") -> None:
    from bot.learning.decisions import draft  # noqa: PLC0415 - the other commands teach nothing

    try:
        with file.open("x", encoding="utf-8", newline="\n") as target:
            target.write(draft(missed, _likeliest()))
    except FileExistsError:
        raise TuidanError(f"{file} exists already") from None
    except OSError as error:
        raise TuidanError(f"cannot write {file}: {error.strerror}") from error
    typer.echo(
        f"{sum(len(group.wordings) for group in missed)} messages in {file}: write their intents there"
    )


def _asked(missed: "list[Group]", folder: Path) -> "list[Decision]":
    # Only somebody at a screen needs its library.
    from bot.channels.screen import FullScreen, PlainScreen  # noqa: PLC0415
    from bot.learning.examples import titles  # noqa: PLC0415
    from bot.learning.walk import walk  # noqa: PLC0415

    if not missed:
        return []
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    screen = FullScreen() if at_terminal else PlainScreen(sys.stdin, sys.stdout)
    return walk(missed, _likeliest(), titles(folder), screen)


def _tell(lesson: "Lesson", data: Path | None) -> None:
    for refused in lesson.refused:
        place = refused.decision.place or refused.decision.intent
        typer.echo(f"refused: {place}: {refused.why}", err=True)
    if not lesson.added:
        typer.echo("nothing was written")
        return
    for (intent, count), file in zip(lesson.added.items(), lesson.files, strict=True):
        typer.echo(f"{intent}: {count} more examples in {file}")
    typer.echo(f"their dialogues are in {lesson.suite}")
    typer.echo("\nnext, for the bot to learn them and to see what has changed:")
    if own_data(data) is None:
        typer.echo(f"  make data\n  tuidan replay {quote(str(lesson.suite))}")
    else:
        # The first start learns anew, which takes some seconds.
        typer.echo(f"  TUIDAN_DATA={quote(str(data_in_use(data)))} tuidan replay {quote(str(lesson.suite))}")
