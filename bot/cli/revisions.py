"""`tuidan replay --against`: the same suites on the data files of another revision."""

from collections.abc import Sequence
from pathlib import Path

import typer

from bot.cli.layers import layers
from bot.replay import against


def replay_against(
    paths: Sequence[Path],
    rev: str,
    *,
    only: Sequence[str] = (),
    jobs: int = 1,
    fail_on: str | None = None,
    as_json: bool = False,
    data: Path | None = None,
) -> int:
    """Print which turns go otherwise than with the data files of the git revision; returns the exit code.

    0, whatever differs; 1 where it is of a layer that `fail_on` names, where a side breaks down, or where a
    suite cannot be read. Raises TuidanError as `against.compare` does.
    """
    watched = layers(fail_on)
    found = against.compare(paths, rev, only=only, jobs=jobs, data=data)
    typer.echo((against.as_json if as_json else against.as_text)(found).encode())
    return 1 if found.faults or found.fails(watched) else 0
