"""Figures in every form: sums, clocks, days, numbers that name."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from intents import understand

TABLES = Path(__file__).parent / "slots"
ROWS = TABLES / "figures.yaml"
_SLOTS = {
    "amount": "amount",
    "received": "received_amount",
    "event": "event_time",
    "requested": "requested_at",
    "late": "late_minutes",
    "order": "order_id",
    "tail": "phone_tail",
}


def _blocks(table: Path) -> list[tuple[str, datetime, list[list[Any]]]]:
    blocks = yaml.load(table.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [(block["kind"], datetime.fromisoformat(block["now"]), block["rows"]) for block in blocks]


def misread(
    text: str, wanted: dict[str, str], expecting: str | None, now: datetime, sure: bool = False
) -> list[str]:
    """What was read otherwise than wanted: `slot: wanted / read`; `sure`: a doubt counts as a fault, too."""
    read = understand(text, now, expecting).slots
    wrong = []
    for name, slot in _SLOTS.items():
        value = wanted.get(name)
        got = read.get(slot)
        if value is None:
            if got is not None and got.certain:
                wrong.append(f"{name}: - / {got.value}")
            continue
        plain, doubtful = value.rstrip("?"), value.endswith("?")
        shown = "" if got is None else _shown(name, got.value)[: len(plain) or None]
        right = got is not None and (not plain or shown == plain)
        if (doubtful or sure) and got is not None:
            right = right and got.certain != doubtful
        if not (right or (doubtful and got is None)):
            wrong.append(f"{name}: {value} / {got and (got.value, got.doubt)}")
    return wrong


def _shown(name: str, value: str) -> str:
    """A time without its year, and without the T between day and clock."""
    return value[5:16].replace("T", " ") if name in {"event", "requested"} else value


def _faults(now: datetime, rows: list[list[Any]], sure: bool) -> dict[str, list[str]]:
    return {
        text: wrong
        for text, wanted, *rest in rows
        if (wrong := misread(text, wanted, rest[0] if rest else None, now, sure))
    }


@pytest.mark.parametrize(
    ("kind", "now", "rows"), [pytest.param(*block, id=block[0]) for block in _blocks(ROWS)]
)
def test_figures_are_read_in_every_form(kind: str, now: datetime, rows: list[list[Any]]) -> None:
    assert not _faults(now, rows, sure=False)


@pytest.mark.parametrize(
    ("kind", "now", "rows"),
    [
        pytest.param(*block, id=block[0])
        for table in ("bare_figures.yaml", "said_times.yaml")
        for block in _blocks(TABLES / table)
    ],
)
def test_figures_are_as_sure_as_they_are_said(kind: str, now: datetime, rows: list[list[Any]]) -> None:
    assert not _faults(now, rows, sure=True)
