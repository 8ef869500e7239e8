"""`tuidan replay`: the command, and which of its ways to replay the options ask for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import TuidanError

_STORED = frozenset({"--since", "--fail-on", "--resume", "--progress", "--jobs", "--json", "--data"})
_AGAINST = frozenset({"--only", "--fail-on", "--jobs", "--json", "--data"})
_SUITES = frozenset(
    {"--only", "--fail-fast", "--jobs", "--json", "--junit", "--html", "--coverage", "--coverage-min"}
) | {"--accept", "--data"}
"""The options that go with each way to replay."""


def replay(
    paths: Annotated[list[Path] | None, typer.Argument(help="Suite files, or folders of them.")] = None,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Run only the dialogues with this in name or file, or at FILE:LINE; repeatable."),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="End after the first failure.")] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Run in so many processes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit's XML to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to look at to this file.")] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Say which rules, words and moves were exercised.")
    ] = False,
    coverage_min: Annotated[
        str | None, typer.Option(help="Fail below these percentages: rows=100,claims=100.")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Write what came into the suites as what is expected.")
    ] = False,
    against: Annotated[
        str | None, typer.Option(help="Compare with the data files of this git revision.", metavar="REV")
    ] = None,
    stored: Annotated[
        Path | None, typer.Option(help="Run the stored conversations of this database again.", metavar="DB")
    ] = None,
    since: Annotated[str | None, typer.Option(help="With --stored: only those used since this date.")] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="Leave with 1 where these differ: money,verdict,handoff,…")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="With --stored: go on where it was interrupted.")
    ] = False,
    progress: Annotated[
        Path | None, typer.Option(help="With --stored: where to keep how far it is; else beside DB.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="A folder of your own data files; else TUIDAN_DATA.")
    ] = None,
) -> None:
    """Run dialogue suites; leaves with 0 only if every one passes.

    With --against, on other data files; with --stored, what was really said: and tell what differs.
    """
    given = {
        "--only": only,
        "--fail-fast": fail_fast,
        "--junit": junit,
        "--html": html,
        "--coverage": coverage,
        "--coverage-min": coverage_min,
        "--accept": accept,
        "--since": since,
        "--fail-on": fail_on,
        "--resume": resume,
        "--progress": progress,
    }
    # Each way loads its own parts, and the other commands none of them.
    if stored is not None:
        from bot.cli.history import replay_stored  # noqa: PLC0415

        _only_with("--stored", {**given, "PATH": paths, "--against": against}, _STORED)
        options: dict[str, Any] = {"since": since, "fail_on": fail_on, "as_json": as_json, "jobs": jobs}
        raise typer.Exit(replay_stored(stored, **options, resume=resume, progress=progress, data=data))
    if not paths:
        raise TuidanError("name suite files or folders, or a database with --stored")
    if against is not None:
        from bot.cli.revisions import replay_against  # noqa: PLC0415

        _only_with("--against", given, _AGAINST)
        options = {"only": only or [], "jobs": jobs, "fail_on": fail_on, "as_json": as_json}
        raise typer.Exit(replay_against(paths, against, **options, data=data))
    from bot.cli.suites import Run, replay_suites  # noqa: PLC0415

    _only_with("a run of suites", given, _SUITES)
    run = Run(tuple(paths), tuple(only or ()), jobs, fail_fast, data)
    files = {"junit": junit, "html": html}
    raise typer.Exit(
        replay_suites(run, **files, json=as_json, coverage=coverage, coverage_min=coverage_min, accept=accept)
    )


def _only_with(way: str, given: Mapping[str, object], known: frozenset[str]) -> None:
    stray = [name for name, value in given.items() if value and name not in known]
    if stray:
        raise TuidanError(f"{', '.join(stray)} does not go with {way}")
