"""Explaining a deduction: which of the ladders' rates, if any, makes it up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any, Literal

from knowledge.bill import ZERO, Bill, rounded
from knowledge.facts import UNSURE, Facts
from knowledge.table import Price

Kind = Literal["nothing", "explained", "unexplained", "not_known"]


@dataclass(frozen=True, slots=True)
class KnownPrices:
    """The prices that the tables know for one product."""

    own: tuple[Price, ...]
    surcharges: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    kind: Kind
    bill: Bill = field(default_factory=Bill)
    prices: tuple[Price, ...] = ()
    """The lines that explain it."""


def explain(said: Facts, product: Any, known: Mapping[str, KnownPrices]) -> Deduction | None:
    """What was deducted, and by which rates; None where it hangs on the product.

    An explanation is at most one own price and any surcharges whose rounded sum is the difference to the fen
    (or which is it when rounded as one): contract of the bill, each line rounded half up.
    """
    if said.amount is None or said.received is None:
        return Deduction("not_known")
    missing = said.amount - said.received
    if missing <= 0:
        return Deduction("nothing", Bill(ZERO, None, ZERO, ZERO))
    if product is UNSURE and any(_lines(missing, said.amount, prices) for prices in known.values()):
        return None
    lines = () if product is UNSURE else _lines(missing, said.amount, known[product])
    rate = None
    if lines and all(line.rate is not None for line in lines):
        rate = sum((line.rate for line in lines if line.rate is not None), Decimal(0))
    return Deduction("explained" if lines else "unexplained", Bill(missing, rate, missing, missing), lines)


def _lines(missing: Decimal, amount: Decimal, known: KnownPrices) -> tuple[Price, ...]:
    own_choices: list[tuple[Price, ...]] = [(), *((price,) for price in known.own)]
    sums = [
        (*own, *more)
        for own in own_choices
        for count in range(len(known.surcharges) + 1)
        for more in combinations(known.surcharges, count)
    ]
    for lines in sorted(filter(None, sums), key=len):
        flat = sum((line.flat for line in lines if line.flat is not None), ZERO)
        rates = [line.rate for line in lines if line.rate is not None]
        each = flat + sum((rounded(amount * rate) for rate in rates), ZERO)
        if missing in (each, rounded(flat + amount * sum(rates, Decimal(0)))):
            return lines
    return ()
