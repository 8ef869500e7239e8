"""`tuidan record`: a stored conversation becomes a suite."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import app
from bot.cli.places import Database, date, store_at
from bot.config import SHANGHAI
from bot.errors import TuidanError
from bot.store.protocol import Store
from bot.transcript import HEARD

_FIRST_WORDS = 30


def record(
    conversation: Annotated[str | None, typer.Argument(help="Its id; --list shows them.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The suite file to write; else it is printed.")
    ] = None,
    *,
    with_text: Annotated[bool, typer.Option("--with-text", help="Expect the replies' words too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="List conversations: id, last used, turns, first words.")
    ] = False,
    since: Annotated[str | None, typer.Option(help="With --list: only those used since this date.")] = None,
    db: Database = None,
) -> None:
    """Write a stored conversation as a suite, with stand-ins for personal data and order numbers."""
    if listed == (conversation is not None):
        raise TuidanError("name one conversation, or ask for --list")
    if since is not None and not listed:
        raise TuidanError("--since goes with --list")
    store = store_at(db, must_exist=True)
    try:
        if conversation is None:
            for line in _listed(store, date(since)):
                typer.echo(line)
        else:
            _record(store, conversation, output, with_text=with_text, force=force)
    finally:
        store.close()


def _record(store: Store, conversation: str, output: Path | None, *, with_text: bool, force: bool) -> None:
    # Listing needs neither the bot nor YAML.
    from bot.replay.record.again import differences  # noqa: PLC0415
    from bot.replay.record.recording import record as recorded  # noqa: PLC0415
    from bot.replay.record.writing import as_suite, write  # noqa: PLC0415

    mind = app.mind()
    recording = recorded(store, conversation, mind.understand, with_text=with_text)
    text = as_suite(recording)
    if output is None:
        typer.get_binary_stream("stdout").write(text.encode())
    else:
        write(text, output, over=force)
    for missing in recording.missing:
        typer.echo(f"missing: {missing}", err=True)
    for difference in differences(text, mind):
        typer.echo(f"today's bot differs: {difference}", err=True)


def _listed(store: Store, since: datetime | None) -> Iterator[str]:
    for conversation in store.conversations(since=since):
        heard = [event.data for event in store.events(conversation.id) if event.kind == HEARD]
        first = " ".join(str(heard[0].get("text", "")).split()) if heard else ""
        words = "".join(char for char in first if char.isprintable())[:_FIRST_WORDS]
        used = conversation.updated.astimezone(SHANGHAI).isoformat(" ", "minutes")
        yield f"{conversation.id}\t{used}\t{len(heard)}\t{words}"
