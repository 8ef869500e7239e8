"""`tuidan replay PATH…`: run dialogue suites and say what held."""

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer

from bot import app
from bot.errors import TuidanError
from bot.replay import coverage as covering
from bot.replay import progress, selection, suite, workers
from bot.replay.report import Report, as_json, terminal


@dataclass(frozen=True, slots=True)
class Run:
    """What to run, and how."""

    paths: tuple[Path, ...]
    only: tuple[str, ...] = ()
    jobs: int = 1
    fail_fast: bool = False
    data: Path | None = None


def replay_suites(
    run: Run,
    *,
    json: bool = False,
    junit: Path | None = None,
    html: Path | None = None,
    coverage: bool = False,
    coverage_min: str | None = None,
    accept: bool = False,
) -> int:
    """Run the suites and print what came; returns the exit code.

    0 where everything held, the minima of coverage are reached, and, with `accept`, nothing is left for a
    person to decide; else 1. Raises TuidanError where an option, the data or a file to write is at fault.
    """
    app.use_data(run.data)
    minima = covering.read_minima(coverage_min) if coverage_min is not None else {}
    found = _run(run)
    covered = covering.measure(found.results) if coverage or minima or html is not None else None
    _show(found, covered if coverage else None, json)
    if junit is not None:
        from bot.replay.report.junit import write_junit  # noqa: PLC0415 - few runs write it

        _written(junit, lambda file: write_junit(found, file))
    if html is not None:
        from bot.replay.report.page import page  # noqa: PLC0415 - brings the templates' library

        text = page(found, covering.as_summaries(covered) if covered else ())
        _written(html, lambda file: file.write_bytes(text.encode("utf-8")))
    if accept:
        return _accept(found)
    short = covering.unmet(covered, minima) if covered else []
    for line in short:
        typer.echo(f"coverage: {line}", err=True)
    return 0 if found.passed and not short else 1


def _run(run: Run) -> Report:
    suites = suite.read(run.paths)
    dialogues = selection.choose(suites.dialogues, run.only)
    results = []
    with closing(workers.run_all(dialogues, partial(app.mind, run.data), run.jobs)) as running:
        for result in progress.shown(running, len(dialogues), "replay"):
            results.append(result)
            if run.fail_fast and not result.passed:
                break
    return Report(tuple(results), suites.faults, len(dialogues) - len(results))


def _show(found: Report, covered: covering.Coverage | None, json: bool) -> None:
    if json:
        typer.echo(as_json(found, covering.as_data(covered) if covered else None).encode("utf-8"))
        return
    if sys.stdout.isatty():
        terminal.show(found)
    else:
        typer.echo(terminal.as_text(found))
    if covered:
        typer.echo(covering.as_text(covered))


def _accept(found: Report) -> int:
    from bot.replay import accept  # noqa: PLC0415 - few runs write into their suites

    accepted = accept.accept(found.results)
    typer.echo(accept.as_text(accepted))
    return 1 if accepted.left or found.faults else 0


def _written(path: Path, write: Callable[[Path], object]) -> None:
    try:
        write(path)
    except OSError as error:
        raise TuidanError(f"cannot write {path}: {error.strerror}") from error
