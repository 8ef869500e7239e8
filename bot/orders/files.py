"""Order records from files: CSV with a header line, or JSON lines. Good lines are kept, bad ones named."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.order import Order
from bot.errors import TuidanError
from bot.orders.record import FIELDS, OrderError, order_from


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that was left out. `line` counts from 1, in the file."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class OrderFile:
    """What a file held."""

    orders: tuple[Order, ...]
    bad: tuple[BadRecord, ...]


def read_orders(path: Path) -> OrderFile:
    """The orders of a file. TuidanError where the file cannot be read at all, or its header is wrong."""
    try:
        # Bytes that are no UTF-8 come through as lone surrogates, so that only their own line is bad.
        text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError as error:
        raise TuidanError(f"cannot read {path}: {error.strerror}") from error
    is_csv = path.suffix.lower() == ".csv" or not text.lstrip().startswith("{")
    records = _csv_records(text, path) if is_csv else _json_records(text)
    orders: dict[str, tuple[int, Order]] = {}
    bad: list[BadRecord] = []
    for line, record in records:
        if isinstance(record, BadRecord):
            bad.append(record)
            continue
        try:
            order = order_from(record)
        except OrderError as error:
            bad.append(BadRecord(line, str(error)))
            continue
        if order.order_id in orders:
            bad.append(BadRecord(line, f"order_id: given before, on line {orders[order.order_id][0]}"))
        else:
            orders[order.order_id] = (line, order)
    return OrderFile(tuple(order for _, order in orders.values()), tuple(bad))


def _json_records(text: str) -> Iterator[tuple[int, Mapping[str, Any] | BadRecord]]:
    for line, words in enumerate(text.split("\n"), start=1):
        if not words.strip():
            continue
        if not _is_unicode(words):
            yield line, BadRecord(line, "not UTF-8")
            continue
        try:
            record = json.loads(words)
        except (ValueError, RecursionError) as error:
            yield line, BadRecord(line, f"not JSON: {str(error)[:120]}")
            continue
        if isinstance(record, dict):
            yield line, record
        else:
            yield line, BadRecord(line, "not a JSON object")


def _csv_records(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any] | BadRecord]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    for name in header:
        if name.partition(".")[0] not in FIELDS:
            known = ", ".join(sorted(FIELDS))
            raise TuidanError(f"{path}:1: {_printable(name)}: unknown column; known are: {known}")
    if "order_id" not in header:
        raise TuidanError(f"{path}:1: order_id: this column is missing")
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield first, BadRecord(first, f"not CSV: {error}")
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield first, _record(header, row, first)


def _record(header: list[str], row: list[str], line: int) -> Mapping[str, Any] | BadRecord:
    """A row as a record: an empty cell is nothing; `refund.status` and its like, or JSON, make the refund."""
    if len(row) != len(header):
        return BadRecord(line, f"{len(row)} cells under {len(header)} columns")
    if not all(map(_is_unicode, row)):
        return BadRecord(line, "not UTF-8")
    record: dict[str, Any] = {}
    for name, cell in zip(header, row, strict=True):
        whole, _, part = name.partition(".")
        value = cell.strip()
        if not value:
            continue
        if part:
            record.setdefault(whole, {})[part] = value
        elif whole == "refund":
            try:
                record[whole] = json.loads(value)
            except (ValueError, RecursionError):
                return BadRecord(line, "refund: not JSON")
        else:
            record[whole] = value
    return record


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()[:60]
