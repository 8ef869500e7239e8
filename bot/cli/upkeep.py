"""`tuidan forget`, `purge`, `check` and `version`."""

from importlib.metadata import version as installed_version
from importlib.resources import files
from typing import Annotated

import typer

from bot.app import use_data
from bot.cli.places import Database, duration, erase_progress, store_at
from bot.config import clock
from bot.orders.demo import FILE, demo_orders
from bot.orders.record import OrderError
from bot.privacy import pseudonym


def forget(person: Annotated[str, typer.Argument(help="Whose conversations.")], db: Database = None) -> None:
    """Erase a person's conversations, for good; staff who had one are told by the service."""
    from bot.desk.erasing import tell_of_erasing  # noqa: PLC0415 - the other commands need no desk

    use_data()
    store = store_at(db, must_exist=True)
    try:
        tell_of_erasing(store, pseudonym(person), clock())
        gone = store.forget(pseudonym(person))
    finally:
        store.close()
    erase_progress(db)
    typer.echo(f"{gone} conversations erased")


def purge(older_than: Annotated[str, typer.Option(help="Such as 90d or 12h.")], db: Database = None) -> None:
    """Erase what has not been used for that long."""
    before = clock() - duration(older_than)
    store = store_at(db, must_exist=True)
    try:
        gone = store.purge(before)
    finally:
        store.close()
    erase_progress(db)
    typer.echo(f"{gone} conversations erased")


def check() -> None:
    """Check every data file that people edit, and prove the tables; leaves with 1 if anything is found."""
    # The other commands need none of these rooms.
    from bot.channels.telegram.wording import check as check_telegram  # noqa: PLC0415
    from bot.desk.check import check as check_desk  # noqa: PLC0415
    from bot.dialogue import check as check_dialogue  # noqa: PLC0415
    from intents.check import check as check_intents  # noqa: PLC0415
    from knowledge import check as check_knowledge  # noqa: PLC0415

    use_data()
    checks = (check_knowledge, check_intents, check_dialogue, check_desk, check_telegram)
    found = [str(finding) for check_room in checks for finding in check_room()]
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
