"""`tuidan chat`: in this terminal, or through a pipe of JSON lines."""

from typing import Annotated

import typer

from bot.cli.places import Database


def chat(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="JSON lines in and out; nothing on disk unless --db is given.")
    ] = False,
    db: Database = None,
) -> None:
    """Talk to the bot."""
    if jsonl:
        from bot.channels.jsonl import main as pipe  # noqa: PLC0415 - one of two front doors

        raise typer.Exit(pipe(db))
    from bot.channels.terminal import main as terminal  # noqa: PLC0415 - one of two front doors

    raise typer.Exit(terminal(db))
