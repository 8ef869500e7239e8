"""`tuidan replay --stored`: run stored conversations again and say what would be different today."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import typer

from bot import app
from bot.cli.layers import layers
from bot.cli.places import date, progress_beside
from bot.config import data_files
from bot.replay.history import told
from bot.replay.history.bar import bar
from bot.replay.history.basis import basis
from bot.replay.history.found import Batch
from bot.replay.history.journal import Journal
from bot.replay.history.load import Parts, batches
from bot.replay.history.tally import Tally
from bot.store.sqlite import SqliteStore

INTERRUPTED = 130


def replay_stored(
    database: Path,
    *,
    since: str | None = None,
    fail_on: str | None = None,
    as_json: bool = False,
    jobs: int = 1,
    resume: bool = False,
    progress: Path | None = None,
    data: Path | None = None,
) -> int:
    """Run the database's conversations again and print what differs; returns the exit code.

    0, whatever differs; 1 where it is of a layer that `fail_on` names ("money,handoff"), or where today's bot
    breaks down; 130 after Ctrl-C. The database is only read; what has been run is written to `progress`, else
    beside it, and `resume` goes on from there. `data` is a folder of a person's own data files. Raises
    TuidanError where there is no such database, date, layer or data, or nothing to resume.
    """
    watched, used = layers(fail_on), date(since)
    file = progress or progress_beside(database)
    open_history = partial(SqliteStore, database, read_only=True)
    history = open_history()
    rests_on = basis(database, used, data_files(data))
    try:
        with Journal.go_on(file, rests_on) if resume else Journal.begin(file, rests_on) as journal:
            tally = _run(
                journal,
                lambda last: sum(1 for _ in history.conversations(used, last)),
                lambda last: batches(Parts(partial(app.mind, data), open_history), history, used, last, jobs),
            )
    finally:
        history.close()
    if tally is None:
        return INTERRUPTED
    typer.echo((told.as_json if as_json else told.as_text)(tally, file).encode())
    return 1 if tally.fails(watched) else 0


def _run(
    journal: Journal, left: Callable[[str | None], int], later: Callable[[str | None], Iterator[Batch]]
) -> Tally | None:
    """The sum over what an earlier run has written down and what is left of it; None after Ctrl-C.

    `left` and `later` tell how many conversations follow an id, and run them.
    """
    tally = Tally()
    last: str | None = None
    try:
        for batch in journal.earlier():
            tally.add(batch)
            last = batch.last
        begun, total = tally.turns, tally.conversations + left(last)
        with bar(total, tally.conversations) as shown:
            for batch in later(last):
                journal.add(batch)
                tally.add(batch)
                last = batch.last
                shown.at(tally.conversations, tally.turns - begun)
    except KeyboardInterrupt:
        where = f"{tally.conversations:,} conversations" + (f", the last of them {last}" if last else "")
        sys.stderr.write(f"interrupted after {where}; --resume goes on from there ({journal.path})\n")
        return None
    return tally
