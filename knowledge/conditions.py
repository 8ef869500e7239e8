"""Conditions of decision tables: a set of values, or an interval such as `>= 24h, < 48h`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

_COMPARISON = re.compile(r"(>=|<=|>|<) ?(-?\d+(?:\.\d+)?) ?([a-z元分钟小时天]*)")
_UNITS: dict[str, dict[str, Any]] = {
    "lead": {
        "h": timedelta(hours=1),
        "小时": timedelta(hours=1),
        "d": timedelta(days=1),
        "天": timedelta(days=1),
        "min": timedelta(minutes=1),
        "分钟": timedelta(minutes=1),
    },
    "money": {"元": Decimal(1), "": Decimal(1)},
    "minutes": {"min": 1, "分钟": 1},
}
_STEP: dict[str, Any] = {"lead": timedelta(minutes=30), "money": Decimal("0.01"), "minutes": 1}


@dataclass(frozen=True, slots=True)
class OneOf:
    """Holds for the values that it names."""

    values: frozenset[str]
    in_order: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        return value in self.values


@dataclass(frozen=True, slots=True)
class Between:
    """Holds between two edges, each of them in or out; None for no edge on that side."""

    low: Any = None
    high: Any = None
    with_low: bool = False
    with_high: bool = False

    def holds(self, value: Any) -> bool:
        low, high = self.low, self.high
        if low is not None and (value < low or (value == low and not self.with_low)):
            return False
        return high is None or value < high or (value == high and self.with_high)


Condition = OneOf | Between


def parse_interval(text: str, kind: str) -> Between:
    """`>= 24h, < 48h` as an interval of the kind `lead` (a duration), `money` (CNY) or `minutes`.

    Raises ValueError for anything else: a condition that is misread would be a wrong answer about money.
    """
    low = high = None
    with_low = with_high = False
    units = _UNITS[kind]
    for part in text.split(","):
        match = _COMPARISON.fullmatch(part.strip())
        if match is None or (match[3] not in units and match[2] != "0"):
            allowed = " ".join(unit for unit in units if unit)
            raise ValueError(
                f"cannot read {part.strip()!r}: write >=, >, <= or <, a figure and a unit ({allowed})"
            )
        edge = _figure(match[2], kind) * units.get(match[3], next(iter(units.values())))
        if match[1][0] == ">":
            if low is not None:
                raise ValueError(f"two lower edges in {text!r}")
            low, with_low = edge, match[1] == ">="
        else:
            if high is not None:
                raise ValueError(f"two upper edges in {text!r}")
            high, with_high = edge, match[1] == "<="
    if low is not None and high is not None and not (low < high or (low == high and with_low and with_high)):
        raise ValueError(f"nothing lies in {text!r}")
    return Between(low, high, with_low, with_high)


def _figure(text: str, kind: str) -> Any:
    if kind == "money":
        return Decimal(text)
    return float(text) if "." in text else int(text)


def sample_points(intervals: list[Between], kind: str) -> list[Any]:
    """One value from every region into which the intervals' edges cut the line; edges are regions too."""
    edges = sorted({edge for i in intervals for edge in (i.low, i.high) if edge is not None})
    if not edges:
        return [0 * _STEP[kind]]
    step = _STEP[kind]
    points = [edges[0] - step]
    for edge, following in pairwise(edges):
        points += [edge, edge + (following - edge) / 2]
    return [*points, edges[-1], edges[-1] + step]
