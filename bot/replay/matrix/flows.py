"""The flows that the rules have: found by asking them, so that a new rule brings its own questions.

A wish is put to `knowledge.decide` with nothing known; each question is answered in every way that can
matter, until there is an outcome. Products that are asked the same and judged by the same rows are one flow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from bot.dialogue.wording import labels, value_name, wish_name
from knowledge import Ask, Case, decide, load
from knowledge.conditions import Between

Said = tuple[tuple[str, str], ...]
"""Slots and values, in the order in which they are said."""
PRODUCT = "product"
_FEN = Decimal("0.01")
_PAID_WHERE_NO_RULE_CARES = Decimal(380)
_SHARES_THAT_CAME_BACK = (Decimal("0.85"), Decimal(1), Decimal("0.77"))
"""One that a rate of the tables explains, all of it, and one that nothing explains."""
_DAYS_AGO = (1, 30)
"""A request within and far beyond any term."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a wish's questions to its outcome."""

    said: Said
    rows: tuple[str, ...]
    """The rows that decide in the end."""

    @property
    def slots(self) -> tuple[str, ...]:
        """What is asked, in order."""
        return tuple(slot for slot, _ in self.said)


@dataclass(frozen=True, slots=True)
class Flow:
    """A wish, for the products that are judged alike; without products, as long as none is named."""

    wish: str
    products: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def title(self) -> str:
        """For people: 退票退款 · 火车票."""
        return " · ".join(
            [wish_name(self.wish), *filter(None, ["、".join(value_name(PRODUCT, p) for p in self.products)])]
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of the flow's own rows: with products, those asked after the product, else the others."""
        found: dict[str, None] = {}
        for way in self.ways:
            before, after = _around_product(way.slots)
            found.update(dict.fromkeys(after if self.products else before))
        return tuple(found)

    def ways_to(self, slot: str) -> tuple[Way, ...]:
        """One way for each series of questions that leads to the question for `slot`."""
        return _one_each({way: way.slots[: way.slots.index(slot)] for way in self.ways if slot in way.slots})

    def ways_to_the_end(self) -> tuple[Way, ...]:
        """One way for each series of questions that leads to an outcome."""
        own = [way for way in self.ways if self.products or PRODUCT not in way.slots]
        return _one_each({way: way.slots for way in own})

    def values_of(self, slot: str, before: Said) -> tuple[str, ...]:
        """The values that `slot` can have after what was said before."""
        place = len(before)
        found = (way.said[place][1] for way in self.ways if way.said[:place] == before and way.slots[place:])
        return tuple(dict.fromkeys(found))


def flows(now: datetime) -> tuple[Flow, ...]:
    """All flows of all wishes on which there are rules, in the rules' order; `now` is the persons' clock."""
    return tuple(flow for wish in load().wishes for flow in _flows_of(wish, now))


def _flows_of(wish: str, now: datetime) -> Iterator[Flow]:
    ways = tuple(_explore(wish, (), now))
    yield Flow(wish, (), ways)
    alike: dict[frozenset[tuple[Said, tuple[str, ...]]], list[str]] = {}
    for product in dict.fromkeys(value for way in ways for slot, value in way.said if slot == PRODUCT):
        own = [way for way in ways if (PRODUCT, product) in way.said]
        signature = frozenset((tuple(s for s in way.said if s[0] != PRODUCT), way.rows) for way in own)
        alike.setdefault(signature, []).append(product)
    for products in alike.values():
        yield Flow(wish, tuple(products), tuple(way for way in ways if (PRODUCT, products[0]) in way.said))


def _one_each(series: Mapping[Way, tuple[str, ...]]) -> tuple[Way, ...]:
    """Of the ways with equal series the middle one: the first and the last are at the tables' edges."""
    found: dict[tuple[str, ...], list[Way]] = {}
    for way, slots in series.items():
        found.setdefault(slots, []).append(way)
    return tuple(ways[len(ways) // 2] for ways in found.values())


def _around_product(slots: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if PRODUCT not in slots:
        return slots, ()
    place = slots.index(PRODUCT)
    return slots[: place + 1], slots[place + 1 :]


def _explore(wish: str, said: Said, now: datetime) -> Iterator[Way]:
    result = decide(Case(wish, dict(said)), now)
    if not isinstance(result, Ask):
        yield Way(said, result.rows)
        return
    for value in result.options or _free_values(result.slot, dict(said), now):
        yield from _explore(wish, (*said, (result.slot, value)), now)


def _free_values(slot: str, known: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    """One value for each stretch into which the tables cut the slot's line, or what else can matter."""
    if slot == "received_amount":
        paid = Decimal(known["amount"])
        return tuple(str((paid * share).quantize(_FEN)) for share in _SHARES_THAT_CAME_BACK)
    if slot == "requested_at":
        return tuple(_midnight(now - timedelta(days=days)) for days in _DAYS_AGO)
    column = load().rules.column_of[slot]
    points = _middles(_edges(column))
    match load().rules.columns[column].kind:
        case "lead":
            return tuple((now + lead).isoformat() for lead in reversed(points))
        case "money":
            return tuple(str(Decimal(sum_).quantize(_FEN)) for sum_ in points or [_PAID_WHERE_NO_RULE_CARES])
        case "minutes":
            return tuple(str(int(minutes)) for minutes in reversed(points))
        case _ as kind:
            raise ValueError(f"the matrix has no values for {slot}, of the kind {kind!r}")


def _midnight(day: datetime) -> str:
    return day.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


def _edges(column: str) -> list[Any]:
    """Where the conditions of any table cut the column's line."""
    conditions = [
        c for table in load().rules.tables for row in table.rows for n, c in row.when if n == column
    ]
    ends = {end for c in conditions if isinstance(c, Between) for end in (c.low, c.high)}
    return sorted(end for end in ends if end is not None)


def _middles(edges: list[Any]) -> list[Any]:
    """A value from within each stretch: before the first edge, between two, beyond the last."""
    if not edges:
        return []
    first, last = edges[0], edges[-1]
    below = first / 2 if first else first - (edges[1] - first) / 2
    return [below, *(low + (high - low) / 2 for low, high in pairwise(edges)), last + last / 2]


def slot_title(slot: str | None) -> str:
    """The name of a row for people."""
    return labels()["slots"].get(slot, slot) if slot else "（答完以后）"
