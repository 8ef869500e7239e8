"""Which figures a reply may show: those of the case and the claims, and what the rates make of the case."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.simulation.expected import fen
from tests.simulation.workdays import nth_working_day_after

RATES = tuple(
    map(Decimal, ("0", "0.015", "0.05", "0.10", "0.15", "0.20", "0.50", "0.80", "0.85", "0.70", "1"))
)
CLAIMED_AMOUNTS = frozenset(map(Decimal, ("0", "5", "95", "100", "200")))
CLAIMED_PERCENTS = frozenset(
    map(Decimal, ("0", "1.5", "5", "10", "15", "20", "40", "50", "70", "80", "85", "100"))
)
SUMMED_PERCENTS = frozenset(
    one + other for one in CLAIMED_PERCENTS for other in map(Decimal, ("0", "1.5", "10"))
)
"""A rate of the ticket's own table with that of the delivery, or of another currency, on top."""
_AMOUNT = re.compile(r"[¥￥]\s*([\d,]+(?:\.\d+)?)|([\d,]*\d(?:\.\d+)?)\s*(?:元|块|塊)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_DAY = re.compile(r"(?:(\d{4})\s*[年/-]\s*)?(\d{1,2})\s*[月/-]\s*(\d{1,2})\s*[日号號]?")


def amounts_in(text: str) -> Iterator[Decimal]:
    """Every sum of money in a text."""
    for found in _AMOUNT.finditer(text):
        yield Decimal((found[1] or found[2]).replace(",", ""))


def percents_in(text: str) -> Iterator[Decimal]:
    """Every percentage in a text."""
    for found in _PERCENT.finditer(text):
        yield Decimal(found[1])


def days_in(text: str, year: int) -> Iterator[date]:
    """Every calendar day in a text; `year` where none is written."""
    for found in _DAY.finditer(text):
        try:
            yield date(int(found[1] or year), int(found[2]), int(found[3]))
        except ValueError:
            continue


def permitted_amounts(told: Iterable[str], extra: Iterable[Decimal]) -> frozenset[Decimal]:
    """What may be said of the amounts that were told: their shares, the sums of two shares, and the rests."""
    allowed = set(CLAIMED_AMOUNTS) | set(extra)
    values = [Decimal(value) for value in told if value != "unknown"]
    for amount in values:
        shares = [fen(amount * rate) for rate in RATES]
        sums = {one + other for one in shares for other in shares} | {
            sum(shares[:2]) + share for share in shares
        }
        allowed |= sums | {amount - part for part in sums}
    allowed |= {abs(one - other) for one in values for other in values}
    return frozenset(allowed)


def permitted_days(now: datetime, events: Iterable[str], asked: Iterable[str]) -> frozenset[date]:
    """Days that follow from the case: the event and its edges, now, and working days after an application."""
    days = {now.date() + timedelta(days=n) for n in (-1, 0, 1, 2)}
    for told in events:
        moment = datetime.fromisoformat(told)
        days |= {(moment - timedelta(hours=hours)).date() for hours in (0, 2, 6, 24, 48, 72, 168)}
    for told in (*asked, now.isoformat()):
        since = datetime.fromisoformat(told).date()
        days.add(since)
        days |= {nth_working_day_after(since, n) for n in range(10)}
    return frozenset(days)
