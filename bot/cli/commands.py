"""All commands, and the one place where their faults become exit codes."""

from collections.abc import Sequence

import click
import typer

from bot.cli import suites

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.command()(suites.replay)


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; returns its exit code."""
    try:
        code = app(args=list(arguments), prog_name="tuidan", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return code if isinstance(code, int) else 0
