"""A decision table, compiled: which rows are still possible, and what to ask to get down to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.conditions import Condition
from knowledge.facts import UNSURE
from knowledge.outcome import Verdict


@dataclass(frozen=True, slots=True)
class Price:
    """A line of the bill before the amount is known: exactly one of `rate`, `span` and `flat`."""

    label: str
    rate: Decimal | None
    span: tuple[Decimal, Decimal] | None
    flat: Decimal | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    case: str
    when: tuple[tuple[str, Condition], ...]
    verdict: Verdict | None
    charges: tuple[Price, ...]
    no_figures: bool
    no_refund: bool
    final: bool
    eta: tuple[int, int] | None
    insurance: Decimal | None
    notes: tuple[str, ...]
    steps: tuple[str, ...]
    evidence: tuple[str, ...]
    alternatives: tuple[str, ...]
    draft: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applies:
    """One way for a table to be in play."""

    known: tuple[str, ...]
    when: tuple[tuple[str, Condition], ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A column without which there is no going on."""

    column: str
    rows: tuple[Row, ...] = ()
    """The rows between which the column decides."""
    first: bool = False
    """Goes before what other tables want to know."""
    any_value: bool = False
    """Values that no row names lead to an answer too."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    about: str
    order: int
    after: bool
    since: date
    bill: str | None
    asks_first: bool
    partial: bool
    """Where no row holds, the table adds nothing."""
    applies: Mapping[str, tuple[Applies, ...]]
    """By wish."""
    columns: tuple[str, ...]
    also_charged: tuple[Price, ...]
    falls: tuple[str, ...]
    """The claims that allow the fee to fall as the start comes nearer."""
    rows: tuple[Row, ...]

    def fire(self, wish: str, facts: Mapping[str, Any]) -> Row | Need | None:
        """The row that holds, None where the table has no say, or what must be known to tell."""
        ways = self.applies.get(wish)
        if ways is None:
            return None
        open_column = _in_play(ways, facts)
        if open_column is None:
            return None
        rows = [row for row in self.rows if _possible(row.when, facts)]
        if not rows:
            return None
        if open_column:
            return Need(open_column, tuple(rows), self.asks_first, any_value=True)
        if len(rows) == 1 and (not self.partial or not _open(rows[0].when, facts)):
            return rows[0]
        for column in self.columns:
            conditions = {dict(row.when).get(column) for row in rows}
            if _is_open(column, facts) and (len(conditions) > 1 or (self.partial and conditions != {None})):
                return Need(column, tuple(rows), self.asks_first, any_value=self.partial)
        raise LookupError(f"rows of {self.name} overlap: {[row.name for row in rows]}")


def _in_play(ways: tuple[Applies, ...], facts: Mapping[str, Any]) -> str | None:
    """ "" where a way holds, the column that would tell where one still may, None where none can."""
    undecided: str | None = None
    for way in ways:
        if any(_is_open(column, facts) for column in way.known) or not _possible(way.when, facts):
            continue
        column = _open(way.when, facts)
        if not column:
            return ""
        undecided = undecided or column
    return undecided


def _possible(when: tuple[tuple[str, Condition], ...], facts: Mapping[str, Any]) -> bool:
    for column, condition in when:
        value = facts.get(column, UNSURE)
        if value is not UNSURE and not condition.holds(value):
            return False
    return True


def _open(when: tuple[tuple[str, Condition], ...], facts: Mapping[str, Any]) -> str:
    """The first column of the conditions that is not known yet, "" if all are."""
    for column, _ in when:
        if facts.get(column, UNSURE) is UNSURE:
            return column
    return ""


def _is_open(column: str, facts: Mapping[str, Any]) -> bool:
    return facts.get(column, UNSURE) is UNSURE
