"""`tuidan stats`: how the stored conversations went."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from bot.app import use_data
from bot.cli.places import Database, store_at
from bot.config import SHANGHAI, read_time
from bot.errors import TuidanError

Since = Annotated[
    str | None,
    typer.Option(help="Only what happened since this date, such as 2026-03-01.", show_default=False),
]


def stats(
    *,
    since: Since = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    db: Database = None,
) -> None:
    """How conversations went: solved, handed over and why, times, satisfaction, what people wanted."""
    # The other commands need neither the sums nor rich.
    from bot.insight import shown  # noqa: PLC0415
    from bot.insight.stats import stats as summed  # noqa: PLC0415

    from_then = date(since)
    use_data()
    store = store_at(db, must_exist=True)
    try:
        sums = summed(store, from_then)
    finally:
        store.close()
    if not as_json and sys.stdout.isatty():
        shown.show(sums)
    else:
        typer.echo((shown.as_json if as_json else shown.as_text)(sums).encode("utf-8"))


def date(text: str | None) -> datetime | None:
    """What `--since` names, in Shanghai; None where nothing is named. TuidanError where it is no date."""
    try:
        return read_time(text, assumed=SHANGHAI) if text is not None else None
    except ValueError as error:
        raise TuidanError(f"--since: {error}") from None
