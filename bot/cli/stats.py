"""`tuidan stats`: how the stored conversations went."""

import sys
from typing import Annotated

import typer

from bot.app import use_data
from bot.cli.places import Database, Since, date, of_stored


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
    sums = of_stored(db, from_then, summed)
    if not as_json and sys.stdout.isatty():
        shown.show(sums)
    else:
        typer.echo((shown.as_json if as_json else shown.as_text)(sums).encode("utf-8"))
