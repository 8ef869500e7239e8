"""All commands."""

from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from bot.cli import recording, talk, upkeep
from bot.cli.doctor import doctor
from bot.cli.matrix import matrix
from bot.cli.misses import misses
from bot.cli.orders import orders
from bot.cli.replay import replay
from bot.cli.stats import stats
from bot.cli.teach import teach
from bot.cli.telegram import telegram


class _Commands(TyperGroup):
    """A reader that has gone ends a command like any other end of the work."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # typer's own alias of the base's type
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return ctx.exit(0)


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Tuidan: after-sales support that computes its answers from cited rules.",
)
app.command()(talk.chat)
app.command()(telegram)
app.command()(replay)
app.command()(matrix)
app.command()(recording.record)
app.command()(stats)
app.command()(misses)
app.command()(teach)
app.add_typer(orders, name="orders")
app.command()(upkeep.check)
app.command()(doctor)
app.command()(upkeep.forget)
app.command()(upkeep.purge)
app.command()(upkeep.version)


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; returns its exit code (2 where the arguments are wrong)."""
    try:
        app(args=list(arguments), prog_name="tuidan")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
