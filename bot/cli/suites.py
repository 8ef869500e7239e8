"""`tuidan replay`: run dialogue suites and say what held."""

from pathlib import Path
from typing import Annotated

import typer

from bot import app
from bot.errors import TuidanError
from bot.replay import report, runner, suite


def replay(
    paths: Annotated[list[Path], typer.Argument(help="Suite files, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit's XML to this file.")] = None,
) -> None:
    """Run dialogue suites; leaves with 0 only if every one passes."""
    suites = suite.read(paths)
    mind = app.mind()
    results = [runner.run(dialogue, mind) for dialogue in suites.dialogues]
    found = report.Report(tuple(results), suites.faults)
    typer.echo(report.as_json(found) if as_json else report.as_text(found))
    if junit is not None:
        try:
            report.write_junit(found, junit)
        except OSError as error:
            raise TuidanError(f"cannot write {junit}: {error.strerror}") from error
    raise typer.Exit(0 if found.passed else 1)
