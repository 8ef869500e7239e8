"""Adding charges up. Every line is rounded half up to the fen, then the lines are summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from knowledge.outcome import Charge
from knowledge.table import Price

_FEN = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Bill:
    """The sum of a case's charges. `fee` is None where it cannot be computed; `low`/`high` bound it then."""

    fee: Decimal | None = None
    rate: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    in_rates: bool = False
    """`low` and `high` are rates, for want of an amount."""


def rounded(value: Decimal) -> Decimal:
    """CNY, half up to the fen."""
    return value.quantize(_FEN, rounding=ROUND_HALF_UP)


def charge(price: Price, amount: Decimal | None) -> Charge:
    """One line of the bill for a ticket or an order of `amount` CNY."""
    low, high = price.span or (None, None)
    value = price.flat
    if price.rate is not None:
        value = ZERO if not price.rate else None if amount is None else rounded(amount * price.rate)
    return Charge(price.label, price.rate, value, low, high, price.cites)


def add_up(prices: Sequence[Price], amount: Decimal | None) -> Bill:
    """The bill of `prices`; that they cannot come to more than the amount is proven of the tables."""
    rate = prices[0].rate if len(prices) == 1 else None
    spans = [price.span or (price.rate, price.rate) for price in prices if price.flat is None]
    flat = sum((price.flat for price in prices if price.flat is not None), ZERO)
    if amount is None:
        if all(high == 0 for _, high in spans):
            return Bill(fee=flat, rate=rate, low=flat, high=flat)
        if flat:
            return Bill(rate=rate)
        ends = [sum((end or Decimal(0) for end in side), Decimal(0)) for side in zip(*spans, strict=True)]
        return Bill(rate=rate, low=ends[0], high=ends[1], in_rates=True)
    low, high = (
        flat + sum((rounded(amount * (end or 0)) for end in side), ZERO)
        for side in (zip(*spans, strict=True) if spans else ((), ()))
    )
    return Bill(fee=low if low == high else None, rate=rate, low=low, high=high)
