"""From file entries to rules: every name resolved, every condition parsed, every complaint with its line."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.conditions import Condition, OneOf, parse_interval
from knowledge.datafile import DataError, Finding, Where, finding
from knowledge.schema import ChargeEntry, ColumnEntry, RowEntry, TableEntry, WishEntry
from knowledge.table import Applies, Price, Row, Table
from knowledge.wish import Implied, Wish


class Compiler:
    """Turns file entries into rules; `complaints` collects what is wrong on the way."""

    def __init__(
        self, columns: Mapping[str, ColumnEntry], claims: frozenset[str], drafts: Mapping[str, str]
    ) -> None:
        self.columns = columns
        self.claims = claims
        self.drafts = drafts
        self.complaints: list[Finding] = []

    def cited_by_columns(self, path: Path) -> None:
        """Checks the claims that the columns cite."""
        for name, column in self.columns.items():
            self._cited(path, (name, "cites"), column.cites)

    def conditions(self, path: Path, at: Where, when: Mapping[str, Any]) -> tuple[tuple[str, Condition], ...]:
        found = []
        for column, words in when.items():
            here = (*at, column)
            if column not in self.columns:
                self._complain(path, here, f"there is no column {column!r}")
            elif not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                self._complain(path, here, "must be text or a list of texts")
            else:
                condition = self._condition(path, here, self.columns[column], words)
                if condition is not None:
                    found.append((column, condition))
        return tuple(found)

    def _condition(self, path: Path, at: Where, column: ColumnEntry, words: list[str]) -> Condition | None:
        if column.kind in ("choice", "result"):
            allowed = [*column.values, *column.implied]
            for word in words:
                if word not in allowed:
                    self._complain(path, at, f"{word!r} is none of {', '.join(allowed)}")
            return OneOf(frozenset(words), tuple(words))
        try:
            if len(words) != 1:
                raise ValueError("a figure takes one interval")
            return parse_interval(words[0], column.kind)
        except (ValueError, KeyError) as error:
            self._complain(path, at, str(error))
            return None

    def wish(self, path: Path, name: str, entry: WishEntry, wishes: Mapping[str, WishEntry]) -> Wish:
        order = [*entry.ask_order, *(column for column in self.columns if column not in entry.ask_order)]
        for key in ("asks", "ask_order", "never_asks"):
            for column in getattr(entry, key):
                if column not in self.columns:
                    self._complain(path, (name, key), f"there is no column {column!r}")
        for index, change in enumerate(entry.becomes):
            if change.wish not in wishes:
                self._complain(path, (name, "becomes", index, "wish"), f"there is no wish {change.wish!r}")
        self._known_values(path, (name, "products"), "product", entry.products)
        self._known_values(path, (name, "in_doubt"), "product", entry.in_doubt)
        return Wish(
            name=name,
            title=entry.title,
            products=tuple(entry.products),
            in_doubt=tuple(entry.in_doubt or entry.products),
            asks=tuple(entry.asks),
            rank={column: place for place, column in enumerate(order)},
            never_asks=frozenset(entry.never_asks),
            no_verdict=entry.verdict == "none",
            implied=tuple(
                Implied(
                    when=self.conditions(path, (name, "assume", index, "when"), item.when),
                    unless=self.conditions(path, (name, "assume", index, "unless"), item.unless),
                    always=self._implied(path, (name, "assume", index, "always"), item.always),
                    silent=self._implied(path, (name, "assume", index, "silent"), item.silent),
                    unsure=self._implied(path, (name, "assume", index, "unsure"), item.unsure),
                )
                for index, item in enumerate(entry.assume)
            ),
            becomes=tuple(
                (self.conditions(path, (name, "becomes", index, "when"), item.when), item.wish)
                for index, item in enumerate(entry.becomes)
            ),
        )

    def _implied(self, path: Path, at: Where, values: Mapping[str, str]) -> Mapping[str, Any]:
        for column, value in values.items():
            self._known_values(path, (*at, column), column, [value])
        return {
            c: int(v) if c in self.columns and self.columns[c].kind == "minutes" else v
            for c, v in values.items()
        }

    def _known_values(self, path: Path, at: Where, column: str, values: list[str]) -> None:
        if column not in self.columns:
            self._complain(path, at, f"there is no column {column!r}")
            return
        entry = self.columns[column]
        allowed = [*entry.values, *entry.implied]
        for value in values:
            if value not in allowed and not (entry.kind == "minutes" and value.isdigit()):
                self._complain(path, at, f"{value!r} is none of {', '.join(allowed)}")

    def table(self, path: Path, entry: TableEntry, wishes: Mapping[str, WishEntry]) -> Table:
        applies: dict[str, list[Applies]] = {}
        for index, item in enumerate(entry.applies):
            extra = {c: [v] if isinstance(v, str) else v for c, v in (item.model_extra or {}).items()}
            when = self.conditions(path, ("applies", index), extra)
            for column in item.known:
                if column not in self.columns:
                    self._complain(path, ("applies", index, "known"), f"there is no column {column!r}")
            for wish in item.wish:
                if wish not in wishes:
                    self._complain(path, ("applies", index, "wish"), f"there is no wish {wish!r}")
                applies.setdefault(wish, []).append(Applies(tuple(item.known), when))
        rows = tuple(
            self._row(path, ("rows", index), row, entry.columns) for index, row in enumerate(entry.rows)
        )
        for index, row in enumerate(rows):
            if row.name in {other.name for other in rows[:index]}:
                self._complain(path, ("rows", index, "row"), f"the row {row.name!r} is here twice")
        for column in entry.columns:
            if column not in self.columns:
                self._complain(path, ("columns",), f"there is no column {column!r}")
            elif not any(column in row.when for row in entry.rows):
                self._complain(path, ("columns",), f"no row reads the column {column!r}")
        self._cited(path, ("falls",), entry.falls.cites if entry.falls else [])
        return Table(
            name=entry.table,
            title=entry.title,
            about=entry.about,
            order=entry.order,
            after=entry.stage == "after",
            since=entry.since or date.min,
            bill=entry.bill,
            asks_first=entry.asks_first,
            partial=entry.otherwise == "nothing",
            applies={wish: tuple(ways) for wish, ways in applies.items()},
            columns=tuple(entry.columns),
            also_charged=self._prices(path, ("also_charged",), entry.also_charged, []),
            falls=tuple(entry.falls.cites) if entry.falls else (),
            rows=rows,
        )

    def _row(self, path: Path, at: Where, entry: RowEntry, columns: list[str]) -> Row:
        self._cited(path, (*at, "cites"), entry.cites)
        for column in entry.when:
            if column in self.columns and column not in columns:
                self._complain(path, (*at, "when", column), f"{column!r} is not among the table's columns")
        if entry.draft is not None and entry.draft not in self.drafts:
            self._complain(path, (*at, "draft"), f"there is no draft {entry.draft!r}")
        return Row(
            name=entry.row,
            case=entry.case,
            when=self.conditions(path, (*at, "when"), entry.when),
            verdict=entry.verdict,
            charges=self._prices(path, (*at, "charges"), entry.charges, entry.cites),
            no_figures=entry.figures == "none",
            no_refund=entry.refund == "none",
            final=entry.final,
            eta=(entry.eta[0], entry.eta[1]) if entry.eta else None,
            insurance=entry.insurance,
            notes=tuple(entry.notes),
            steps=tuple(entry.steps),
            evidence=tuple(entry.evidence),
            alternatives=tuple(entry.alternatives),
            draft=entry.draft,
            cites=tuple(entry.cites),
        )

    def _prices(
        self, path: Path, at: Where, entries: list[ChargeEntry], cites: list[str]
    ) -> tuple[Price, ...]:
        for index, entry in enumerate(entries):
            self._cited(path, (*at, index, "cites"), entry.cites)
            if sum(value is not None for value in (entry.rate, entry.range, entry.flat)) != 1:
                self._complain(path, (*at, index), "exactly one of rate, range and flat")
            if entry.range and entry.range[0] > entry.range[1]:
                self._complain(path, (*at, index, "range"), "the range must rise")
        return tuple(
            Price(
                label=entry.label,
                rate=entry.rate,
                span=(entry.range[0], entry.range[1]) if entry.range else None,
                flat=entry.flat,
                cites=tuple(entry.cites or cites),
            )
            for entry in entries
        )

    def _cited(self, path: Path, at: Where, cites: list[str]) -> None:
        for claim in cites:
            if claim not in self.claims:
                self._complain(path, at, f"there is no claim {claim!r}")

    def _complain(self, path: Path, at: Where, message: str) -> None:
        self.complaints.append(finding(path, at, message))

    def stop_if_wrong(self) -> None:
        """Raises DataError with all that was found."""
        if self.complaints:
            raise DataError(self.complaints)
