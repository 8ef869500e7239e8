"""The matrix as people and programs read it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.replay.matrix.cells import Held, Row
from bot.replay.matrix.flows import slot_title
from bot.replay.matrix.moves import MOVES

_MARKS: dict[Held, tuple[str, str]] = {
    "holds": ("✓", "green"),
    "broken": ("✗", "bold red"),
    "not_applicable": ("–", "dim"),
}
_SLOT_WIDTH = 16


def show(rows: Sequence[Row]) -> None:
    """Print the matrix by flow, what its columns mean, and every broken cell with its conversation."""
    console = Console()
    heads = [Text(move.title, "bold") for move in MOVES]
    for flow, own in groupby(rows, key=lambda row: row.question.flow):
        console.print(Text(flow.title, "bold"), soft_wrap=True)
        console.print(_grid("", heads))
        for row in own:
            marks = [Text(*_MARKS[cell.held]) for cell in row.cells]
            console.print(_grid(f"  {slot_title(row.question.slot)}", marks))
    for move in MOVES:
        console.print(Text(f"{move.title} {move.name}: {move.promise}", "dim"), soft_wrap=True)
    for line in (*_broken(rows), summary(rows)):
        console.print(Text(line), soft_wrap=True)


def summary(rows: Sequence[Row]) -> str:
    """How many cells hold."""
    count = _count(rows)
    flows = len({row.question.flow for row in rows})
    return (
        f"{count['holds']} of {count['holds'] + count['broken']} cells hold, "
        f"{count['not_applicable']} more are not applicable ({flows} flows, {len(rows)} questions)"
    )


def as_json(rows: Sequence[Row]) -> str:
    """For a program: the same bot gives the same bytes."""
    data = {
        "cells": _count(rows),
        "moves": {move.name: move.promise for move in MOVES},
        "rows": [
            {
                "wish": row.question.flow.wish,
                "products": row.question.flow.products,
                "slot": row.question.slot,
                "name": row.question.name,
                "cells": {
                    cell.move: {"held": cell.held, "why": cell.why, "talk": cell.talk} for cell in row.cells
                },
            }
            for row in rows
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _count(rows: Sequence[Row]) -> dict[str, int]:
    count = Counter(cell.held for row in rows for cell in row.cells)
    return {held: count[held] for held in _MARKS}


def _grid(first: str, cells: Sequence[Text]) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_SLOT_WIDTH, no_wrap=True)
    for _ in cells:
        grid.add_column(width=2)
    grid.add_row(Text(first), *cells)
    return grid


def _broken(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        for cell in row.broken:
            yield f"\n✗ {row.question.name}, {cell.move}: {cell.why}"
            for who, text in cell.talk:
                mark = "›" if who == "person" else " "
                yield from (f"    {mark} {line}" for line in text.splitlines())
