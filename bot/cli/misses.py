"""`tuidan misses`: what was not understood."""

from typing import Annotated

import typer

from bot.app import use_data
from bot.cli.places import Database, Since, date, of_stored


def misses(
    *,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many groups.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print the groups as JSON.")] = False,
    db: Database = None,
) -> None:
    """What was not understood, alike messages together, the most frequent first, without personal data."""
    # The other commands need neither the groups nor the engine.
    from bot.insight import misses_told  # noqa: PLC0415
    from bot.insight.groups import groups  # noqa: PLC0415
    from bot.insight.misses import misses as missed  # noqa: PLC0415

    from_then = date(since)
    use_data()
    found = of_stored(db, from_then, lambda store, since: groups(missed(store, since)))
    typer.echo((misses_told.as_json if as_json else misses_told.as_text)(found, limit).encode("utf-8"))
