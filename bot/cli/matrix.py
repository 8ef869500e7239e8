"""`tuidan matrix`: what people do at every question of every flow, and whether the bot's promises hold."""

from typing import Annotated

import typer

from bot import app


def matrix(
    *,
    only: Annotated[str, typer.Option(help="Check only the rows with this in their name.")] = "",
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Check in so many processes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the matrix as JSON.")] = False,
) -> None:
    """Check every move of repair at every question that the rules can ask; leaves with 0 only if all hold."""
    # The other commands do not wait for what only this one needs.
    from bot.replay import progress  # noqa: PLC0415
    from bot.replay.matrix import cells, table  # noqa: PLC0415

    asked = cells.questions(only)
    rows = list(progress.shown(cells.checked(asked, app.mind, jobs), len(asked), "matrix"))
    if as_json:
        typer.echo(table.as_json(rows).encode("utf-8"))
    else:
        table.show(rows)
    raise typer.Exit(1 if any(row.broken for row in rows) else 0)
