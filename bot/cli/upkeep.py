"""`tuidan forget`, `purge`, `check` and `version`."""

from importlib.metadata import version as installed_version
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Protocol

import typer

from bot.cli.places import Database, duration, store_at
from bot.config import clock
from bot.orders.demo import FILE, demo_orders
from bot.orders.record import OrderError
from bot.privacy import pseudonym


class Finding(Protocol):
    """What every room's check returns: something wrong in a data file."""

    @property
    def file(self) -> str | Path: ...
    @property
    def line(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def message(self) -> str: ...


def forget(person: Annotated[str, typer.Argument(help="Whose conversations.")], db: Database = None) -> None:
    """Erase a person's conversations, for good."""
    store = store_at(db, must_exist=True)
    try:
        gone = store.forget(pseudonym(person))
    finally:
        store.close()
    typer.echo(f"{gone} conversations erased")


def purge(older_than: Annotated[str, typer.Option(help="Such as 90d or 12h.")], db: Database = None) -> None:
    """Erase what has not been used for that long."""
    before = clock() - duration(older_than)
    store = store_at(db, must_exist=True)
    try:
        gone = store.purge(before)
    finally:
        store.close()
    typer.echo(f"{gone} conversations erased")


def check() -> None:
    """Check every data file that people edit, and prove the tables; leaves with 1 if anything is found."""
    # The other commands need none of these rooms.
    from bot.dialogue import check as check_dialogue  # noqa: PLC0415
    from intents.check import check as check_intents  # noqa: PLC0415
    from knowledge import check as check_knowledge  # noqa: PLC0415

    findings: list[Finding] = [*check_knowledge(), *check_intents(), *check_dialogue()]
    found = [f"{finding.file}:{finding.line}: {finding.key}: {finding.message}" for finding in findings]
    try:
        demo_orders(clock())
    except OrderError as error:
        found.append(f"{files('bot') / 'data' / FILE}: {error}")
    for line in found:
        typer.echo(line)
    typer.echo(f"{len(found)} findings" if found else "all data files are sound")
    raise typer.Exit(1 if found else 0)


def version() -> None:
    """Print the version."""
    typer.echo(f"tuidan {installed_version('tuidan')}")
