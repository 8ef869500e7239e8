"""Proving the data: every name known, every case covered once, no fee that no claim stands for."""

from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path
from typing import Any

from knowledge.answers import check_answers
from knowledge.book import Book, load
from knowledge.conditions import Between, OneOf, sample_points
from knowledge.datafile import HOME, DataError, Finding, finding, repeated_keys
from knowledge.figures import Figure, figures
from knowledge.rulebook import Rules
from knowledge.schema import ColumnEntry
from knowledge.table import Price, Row, Table


def check(folder: Path | None = None) -> list[Finding]:
    """Everything that is wrong with the data in `folder` (the one in use by default); empty if all is proven.

    For each table: no case without a row and none with two, no row that can never hold, at most the whole
    price charged, and a fee that does not fall as the start comes nearer, unless the table says which claim
    has it so, and no figure that its claims do not have. No key twice; the answers by `check_answers`.
    """
    root = folder or HOME.folder
    found: list[Finding] = []
    try:
        for path in [*sorted(root.glob("*.yaml")), *sorted(root.glob("tables/*.yaml"))]:
            found += repeated_keys(path)
        book = load(root)
    except DataError as error:
        return [*found, *error.findings]
    for path, table in zip(book.entries, book.rules.tables, strict=True):
        found += _coverage(path, table, book.rules)
        found += _prices(path, table)
        found += _figures(path, table, book)
    return [*found, *_totals(book), *_versions(book), *check_answers(root)]


def regions(table: Table, columns: Mapping[str, ColumnEntry]) -> Iterator[dict[str, Any]]:
    """One point from every region into which the table's conditions cut the space of its columns."""
    ranges = [_points(table, column, columns[column]) for column in table.columns]
    return (dict(zip(table.columns, point, strict=True)) for point in product(*ranges))


def _points(table: Table, column: str, entry: ColumnEntry) -> list[Any]:
    conditions = [c for row in table.rows for name, c in row.when if name == column]
    conditions += [
        c for ways in table.applies.values() for way in ways for name, c in way.when if name == column
    ]
    intervals = [c for c in conditions if isinstance(c, Between)]
    if intervals:
        return sample_points(intervals, entry.kind)
    values = [
        *entry.values,
        *(v for v in entry.implied if any(isinstance(c, OneOf) and v in c.values for c in conditions)),
    ]
    if entry.kind != "minutes" and not entry.takes_unknown:
        values = [value for value in values if value != "unknown"]
    return values


def _applies(table: Table, point: Mapping[str, Any], rules: Rules) -> bool:
    """Whether the table can be in play at the point, whatever the columns that it does not read."""
    for name, ways in table.applies.items():
        wish = rules.wishes[name]
        if point.get("product", wish.products[0]) not in wish.products or wish.turned_into(point):
            continue
        if any(all(c not in point or condition.holds(point[c]) for c, condition in way.when) for way in ways):
            return True
    return False


def _coverage(path: Path, table: Table, rules: Rules) -> list[Finding]:
    """Gaps and overlaps (the first of each) and rows that can never hold."""
    gaps: list[Finding] = []
    overlaps: dict[str, Finding] = {}
    fires: set[str] = set()
    for point in regions(table, rules.columns):
        if not _applies(table, point, rules):
            continue
        rows = [row for row in table.rows if all(c.holds(point[name]) for name, c in row.when)]
        fires.update(row.name for row in rows)
        where = "，".join(f"{rules.columns[name].label}={value}" for name, value in point.items())
        if not rows and not table.partial and not gaps:
            gaps.append(finding(path, ("rows",), f"no row for {where}"))
        if len(rows) > 1 and rows[1].name not in overlaps:
            place = ("rows", table.rows.index(rows[1]))
            overlaps[rows[1].name] = finding(path, place, f"overlaps the row {rows[0].name!r} at {where}")
    never = [
        finding(path, ("rows", index), f"the row {row.name!r} can never hold")
        for index, row in enumerate(table.rows)
        if row.name not in fires
    ]
    return [*gaps, *overlaps.values(), *never]


def _prices(path: Path, table: Table) -> list[Finding]:
    found: list[Finding] = []
    for index, row in enumerate(table.rows):
        if _rates(row)[1] > 1:
            found.append(finding(path, ("rows", index, "charges"), "charges more than was paid"))
        if row.charges and table.bill is None:
            found.append(
                finding(path, ("rows", index, "charges"), "a table that charges must say its `bill`")
            )
    nearer = sorted(
        (row for row in table.rows if row.charges and _lead(row)),
        key=lambda row: _lead(row).low,
        reverse=True,
    )
    for before, after in pairwise(nearer):
        if not table.falls and (_rates(after) < _rates(before) or _rates(after)[1] < _rates(before)[1]):
            place = ("rows", table.rows.index(after), "charges")
            found.append(finding(path, place, f"cheaper than {before.name!r}, though the start is nearer"))
    return found


def _lead(row: Row) -> Any:
    return next((c for name, c in row.when if name == "lead"), None)


def _rates(row: Row) -> tuple[Any, Any]:
    def ends(price: Price) -> tuple[Any, Any]:
        return price.span or (price.rate or 0, price.rate or 0)

    return sum(ends(price)[0] for price in row.charges), sum(ends(price)[1] for price in row.charges)


def _totals(book: Book) -> list[Finding]:
    """Tables whose dearest row, with every surcharge that can join it, comes to more than was paid."""
    found: list[Finding] = []
    tables = list(zip(book.entries, book.rules.tables, strict=True))
    for path, table in tables:
        for index, row in enumerate(table.rows if table.bill == "own" else ()):
            wishes = set(table.applies)
            joining = [
                other for _, other in tables if other.bill == "surcharge" and wishes & set(other.applies)
            ]
            most = sum((max(_rates(line)[1] for line in other.rows) for other in joining), _rates(row)[1])
            if row.charges and not row.final and most > 1:
                message = f"with {'、'.join(other.name for other in joining)} this charges more than was paid"
                found.append(finding(path, ("rows", index), message))
    return found


def _figures(path: Path, table: Table, book: Book) -> list[Finding]:
    """Figures in a row's charges and sentences that none of its claims has: nothing may be made up."""
    found: list[Finding] = []
    for index, row in enumerate(table.rows):
        draft = book.rules.drafts[row.draft] if row.draft else ""
        said = figures("\n".join([*row.notes, *row.steps, *row.evidence, *row.alternatives, draft]))
        cites = {*row.cites, *(claim for price in row.charges for claim in price.cites)}
        rates = {rate for price in row.charges for rate in (price.span or (price.rate,)) if rate} | {
            row.insurance
        }
        said |= {Figure(f"{(rate * 100).normalize():f}", "%") for rate in rates if rate and rate != 1}
        backed = {figure for claim in cites for figure in figures(book.claims[claim].text)}
        if invented := sorted(said - backed):
            message = f"no cited claim says {'、'.join(map(str, invented))}"
            found.append(finding(path, ("rows", index), message))
    return found


def _versions(book: Book) -> list[Finding]:
    """Every table has one version that was always in force, and no two from the same day."""
    found: list[Finding] = []
    seen: dict[tuple[str, Any], Path] = {}
    for path, entry in book.entries.items():
        if (entry.table, entry.since) in seen:
            found.append(
                finding(path, ("table",), f"the same version is in {seen[entry.table, entry.since].name}")
            )
        seen[entry.table, entry.since] = path
    for path, entry in book.entries.items():
        if (entry.table, None) not in seen:
            found.append(finding(path, ("since",), "the first version of a table has no `since`"))
    return found
