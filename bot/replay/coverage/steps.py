"""The steps of the ladders: every interval of a figure that a row names, and every edge between two of them.

A step is taken only where the person's own figure lay in it: a row that fires because the figure is not known
(all rows do then, for the range) or because a default stands in for it shows nothing of where the step
begins. An edge is hit by the very figure that stands there, a lead of 48 hours to the second: that is the
case that a `>=` in place of a `>` would decide otherwise. How far a step reaches between its edges takes
figures just beside them; coverage cannot tell that, mutants of the tables can.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.replay.coverage.places import Place, at, items
from bot.replay.runner import Played
from bot.replay.yaml_nodes import mapping
from knowledge import Case
from knowledge.book import Book
from knowledge.conditions import Between, parse_interval
from knowledge.facts import UNSURE, read_case
from knowledge.table import Table

_OPERATORS = "<>= "


@dataclass(frozen=True, slots=True)
class Step:
    """An interval of one row, or (`row` None) an edge, which any row of the table may decide."""

    table: str
    row: str | None
    column: str
    interval: Between
    words: str
    place: Place

    @property
    def name(self) -> str:
        """As coverage tells it: `train_ticket/low lead >= 24h, < 48h`, `train_ticket lead = 48h`."""
        home = f"{self.table}/{self.row}" if self.row else self.table
        return f"{home} {self.column} {self.words}"

    def fired(self, rows: Iterable[str]) -> bool:
        """Whether the rows ("table/row") have the step's own among them."""
        if self.row is None:
            return any(row.startswith(f"{self.table}/") for row in rows)
        return f"{self.table}/{self.row}" in rows


def steps(book: Book) -> list[Step]:
    """Every step of every table, in the tables' order."""
    found: dict[str, Step] = {}
    for path, table in zip(book.entries, book.rules.tables, strict=True):
        for step in _of_table(book, path, table):
            found.setdefault(step.name, step)
    return list(found.values())


def taken(steps: Iterable[Step], book: Book, played: Played) -> Iterator[str]:
    """The names of the steps that the outcomes of one turn took."""
    for kind, data in played.events:
        if kind != "outcome":
            continue
        slots = {slot: str(value) for slot, value in played.answer["slots"].items()}
        known = read_case(Case("", slots), _moment(played), book.rules.columns).columns
        for step in steps:
            figure = known.get(step.column, UNSURE)
            if figure is not UNSURE and step.fired(data["rows"]) and step.interval.holds(figure):
                yield step.name


def _moment(played: Played) -> datetime:
    """The moment of which the rules were asked: the turn's, or the one that the person supposed."""
    supposed = (data["at"] for kind, data in played.events if kind == "learned" and "at" in data)
    at = next(supposed, None)
    return played.at if at is None else datetime.fromisoformat(at)


def _of_table(book: Book, path: Path, table: Table) -> Iterator[Step]:
    edges: list[Step] = []
    for row, entry, node in zip(table.rows, book.entries[path].rows, items(path, "rows"), strict=True):
        for column, interval in row.when:
            if not isinstance(interval, Between):
                continue
            (words,) = entry.when[column]
            here = at(path, mapping(mapping(node, "row")["when"], "when")[column])
            yield Step(table.name, row.name, column, interval, words, here)
            kind = book.rules.columns[column].kind
            edges += [
                Step(table.name, None, column, _edge(part, kind), f"= {part.strip(_OPERATORS)}", here)
                for part in words.split(",")
            ]
    yield from edges


def _edge(words: str, kind: str) -> Between:
    """The single point at the end of a half-open interval such as `>= 24h`."""
    half = parse_interval(words, kind)
    figure = half.high if half.low is None else half.low
    return Between(figure, figure, with_low=True, with_high=True)
