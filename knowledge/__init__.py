"""What the rules say: claims with their sources, decision tables as data, and outcomes computed from them.

Nothing is read or computed at import; the first decision loads the book.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.outcome import UNKNOWN, Ask, Case, Charge, Eta, NextChange, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.book import Book, Claim

__all__ = [
    "UNKNOWN",
    "Ask",
    "Case",
    "Charge",
    "Eta",
    "NextChange",
    "Outcome",
    "Verdict",
    "claims",
    "decide",
    "load",
]


def decide(case: Case, now: datetime) -> Outcome | Ask:
    """What the rules say about `case` at `now`, or the first question on which that still hangs.

    Raises ValueError for a wish without rules and for a slot value that its slot cannot have.
    """
    return load().decide(case, now)


def load(folder: Path | None = None) -> "Book":
    """The book of rules in `folder`, by default the one that comes with the package. Raises DataError."""
    from knowledge.book import load as load_book  # noqa: PLC0415

    return load_book(folder)


def claims() -> "Mapping[str, Claim]":
    """Every statement of the sources, by its id."""
    return load().claims
