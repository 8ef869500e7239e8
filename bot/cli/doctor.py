"""`tuidan doctor`."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.places import Database
from bot.ops.findings import Finding

_MARKS = {True: "✓", False: "✗", None: "–"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
    db: Database = None,
) -> None:
    """Look whether the bot can run in Telegram from here, and say what to do; leaves with 1 if it cannot."""
    from bot.ops.doctor import findings  # noqa: PLC0415 - the other commands need none of it

    found: list[Finding] = []
    for finding in findings(db):
        found.append(finding)
        if not as_json:
            typer.echo(_shown(finding))
    well = all(finding.ok is not False for finding in found)
    if as_json:
        typer.echo(
            json.dumps({"ok": well, "findings": list(map(asdict, found))}, ensure_ascii=False, indent=2)
        )
    raise typer.Exit(0 if well else 1)


def _shown(finding: Finding) -> str:
    todo = f"\n    → {finding.todo}" if finding.todo else ""
    return f"{_MARKS[finding.ok]} {finding.name}: {finding.says}{todo}"
