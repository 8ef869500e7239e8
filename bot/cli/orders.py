"""`tuidan orders`: the shop's records, in and listed."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.places import Database, store_at
from bot.orders.files import read_orders

orders = typer.Typer(no_args_is_help=True, help="Order records: import a file, list what is there.")


@orders.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with a header line, or JSON lines; UTF-8.")],
    db: Database = None,
) -> None:
    """Read order records into the store; bad lines are named and left out."""
    found = read_orders(file)
    store = store_at(db)
    try:
        kept = store.save_orders(found.orders)
    finally:
        store.close()
    for bad in found.bad:
        typer.echo(f"{file}:{bad.line}: {bad.reason}", err=True)
    typer.echo(f"{kept} orders imported, {len(found.bad)} lines left out")
    raise typer.Exit(1 if found.bad else 0)


@orders.command("list")
def list_(db: Database = None) -> None:
    """List the orders, one a line: number, product, amount, time, status, title."""
    store = store_at(db, must_exist=True)
    try:
        for order in store.orders():
            fields = (order.product, order.amount, order.event_time, order.order_status, order.title)
            typer.echo("\t".join([order.order_id, *(field or "-" for field in fields)]))
    finally:
        store.close()
