"""Coverage as text for a person, as JSON for a program, and in short for a page."""

import json
from collections.abc import Sequence
from typing import Any, TypedDict

from bot.replay.coverage.measure import Coverage, Item, Kind

_BAR = 20


class Summary(TypedDict):
    """One kind in short: counts, and the names of what is missing with their places."""

    name: str
    covered: int
    total: int
    missing: Sequence[str]


def as_text(coverage: Coverage) -> str:
    """A line with a bar for each kind, then what was not exercised, with the place where it stands."""
    lines = [_summary(kind) for kind in coverage.kinds]
    for kind in coverage.kinds:
        missing = [item for item in kind.items if not item.turns]
        if missing:
            width = max(len(item.name) for item in missing)
            lines += ["", f"{kind.name} not exercised ({len(missing)}):"]
            lines += [f"  {item.name:<{width}}  {item.place}" for item in missing]
    return "\n".join(lines)


def as_json(coverage: Coverage) -> str:
    """For a program. The same run gives the same bytes."""
    return json.dumps({"kinds": as_data(coverage)}, ensure_ascii=False, indent=2)


def as_data(coverage: Coverage) -> list[dict[str, Any]]:
    """Each kind as `name`, `covered` and `total` (counts), `missing` and `exercised` (lists of items)."""
    return [
        {
            "name": kind.name,
            "covered": len(kind.covered),
            "total": len(kind.items),
            "missing": [_place(item) for item in kind.items if not item.turns],
            "exercised": [
                _place(item) | {"turns": item.turns, "first": item.first} for item in kind.items if item.turns
            ],
        }
        for kind in coverage.kinds
    ]


def as_summaries(coverage: Coverage) -> list[Summary]:
    """Each kind in short, for a page."""
    return [
        Summary(
            name=kind.name,
            covered=len(kind.covered),
            total=len(kind.items),
            missing=[f"{item.name} ({item.place})" for item in kind.items if not item.turns],
        )
        for kind in coverage.kinds
    ]


def _place(item: Item) -> dict[str, Any]:
    return {"name": item.name, "file": item.place.file, "line": item.place.line}


def percent(kind: Kind) -> str:
    """The share that was exercised, rounded down: only what is complete reads 100.0%."""
    total = len(kind.items)
    tenths = 1000 * len(kind.covered) // total if total else 1000
    return f"{tenths // 10}.{tenths % 10}%"


def _summary(kind: Kind) -> str:
    covered, total = len(kind.covered), len(kind.items)
    full = _BAR * covered // total if total else _BAR
    bar = "█" * full + "░" * (_BAR - full)
    return f"{kind.name:<9} {bar} {percent(kind):>6}  {covered} of {total}"
