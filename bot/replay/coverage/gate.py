"""The least that must be exercised: `rows=100,claims=99.5`."""

import re
from collections.abc import Mapping
from decimal import Decimal

from bot.errors import TuidanError
from bot.replay.coverage.measure import Coverage
from bot.replay.coverage.show import percent
from bot.replay.coverage.subjects import KINDS


def read_minima(text: str) -> Mapping[str, Decimal]:
    """The minima by kind, in percent. Raises `TuidanError` for what is no `kind=percent,…`."""
    minima: dict[str, Decimal] = {}
    for part in text.split(","):
        name, equals, figure = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise TuidanError(f"coverage minimum {part.strip()!r}: write kind=percent, such as rows=100")
        if name not in KINDS:
            raise TuidanError(f"coverage minimum {name!r}: no such kind; there are {', '.join(KINDS)}")
        if name in minima:
            raise TuidanError(f"coverage minimum {name}: given twice")
        if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", figure, re.ASCII) or Decimal(figure) > 100:
            raise TuidanError(
                f"coverage minimum {name}: {figure!r} is no percentage from 0 to 100, such as 99.5"
            )
        minima[name] = Decimal(figure)
    return minima


def unmet(coverage: Coverage, minima: Mapping[str, Decimal]) -> list[str]:
    """A sentence for each minimum that is not reached, in the kinds' order; empty if all are."""
    return [
        f"{kind.name}: {percent(kind)} exercised ({len(kind.covered)} of {len(kind.items)}),"
        f" at least {minima[kind.name]}% wanted"
        for kind in coverage.kinds
        if kind.name in minima and len(kind.covered) * 100 < minima[kind.name] * len(kind.items)
    ]
