"""The rules, compiled: which tables are in force, and what each product may have been charged."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from knowledge.deduction import KnownPrices
from knowledge.schema import ColumnEntry
from knowledge.table import Applies, Price, Table
from knowledge.wish import Wish

TablesByWish = Mapping[tuple[str, bool], tuple[Table, ...]]


@dataclass(slots=True)
class Rules:
    columns: Mapping[str, ColumnEntry]
    wishes: Mapping[str, Wish]
    tables: tuple[Table, ...]
    """Every version of every table, in reading order."""
    drafts: Mapping[str, str]
    column_of: Mapping[str, str]
    """The column that a slot fills."""
    known_prices: Mapping[str, KnownPrices]
    """By product."""
    explaining: frozenset[str]
    """The wishes that compare what came back with what was paid."""
    _since: tuple[date, ...] = field(init=False)
    _versions: tuple[TablesByWish, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._since = tuple(sorted({table.since for table in self.tables}))
        self._versions = tuple(_by_wish(_in_force(self.tables, day)) for day in self._since)

    def wish(self, name: str) -> Wish:
        """Raises ValueError for a wish on which there are no rules."""
        try:
            return self.wishes[name]
        except KeyError:
            raise ValueError(f"there are no rules for the wish {name!r}") from None

    def tables_as_of(self, day: date) -> TablesByWish:
        """The version of each table that is in force on `day`, by wish and stage."""
        return self._versions[bisect_right(self._since, day) - 1]


def _in_force(tables: tuple[Table, ...], day: date) -> tuple[Table, ...]:
    newest: dict[str, Table] = {}
    for table in tables:
        if table.since <= day and (table.name not in newest or newest[table.name].since < table.since):
            newest[table.name] = table
    return tuple(newest.values())


def _by_wish(tables: tuple[Table, ...]) -> TablesByWish:
    found: dict[tuple[str, bool], list[Table]] = {}
    for table in sorted(tables, key=lambda table: table.order):
        for wish in table.applies:
            found.setdefault((wish, table.after), []).append(table)
    return {key: tuple(value) for key, value in found.items()}


def known_prices(tables: tuple[Table, ...], products: tuple[str, ...]) -> Mapping[str, KnownPrices]:
    """For each product the prices that may have been deducted, as the tables have them."""
    return {
        product: KnownPrices(_prices_for(tables, product, "own"), _prices_for(tables, product, "surcharge"))
        for product in products
    }


def _prices_for(tables: tuple[Table, ...], product: str, bill: str) -> tuple[Price, ...]:
    found: dict[Price, None] = {}
    for table in tables:
        if table.bill != bill or not any(
            _for_product(way, product) for ways in table.applies.values() for way in ways
        ):
            continue
        for price in (*(price for row in table.rows for price in row.charges), *table.also_charged):
            if price.span:
                found[Price(price.label, price.span[1], None, None, price.cites)] = None
            elif price.rate or price.flat:
                found[price] = None
    return tuple(found)


def _for_product(way: Applies, product: str) -> bool:
    return all(condition.holds(product) for column, condition in way.when if column == "product")
