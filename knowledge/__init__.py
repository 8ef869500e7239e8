"""What the rules say: claims with their sources, decision tables as data, and outcomes computed from them.

Nothing is read or computed at import; the first decision loads the book.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.outcome import UNKNOWN, Ask, Case, Charge, Eta, NextChange, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from knowledge.book import Book, Claim
    from knowledge.datafile import Finding

__all__ = [
    "UNKNOWN",
    "Ask",
    "Case",
    "Charge",
    "Eta",
    "NextChange",
    "Outcome",
    "Verdict",
    "check",
    "claims",
    "compute_eta",
    "decide",
    "load",
    "outcome_to_json",
    "render_rules_md",
    "use",
]


def use(folder: Path | None) -> None:
    """From now on the data files are those in `folder`, laid out as `knowledge/data`; None: built-in.

    To be told before the first is read. ValueError where another folder was named or read before.
    """
    from knowledge.datafile import HOME  # noqa: PLC0415

    HOME.use(folder)


def decide(case: Case, now: datetime) -> Outcome | Ask:
    """What the rules say about `case` at `now`, or the first question on which that still hangs.

    Raises ValueError for a wish without rules and for a slot value that its slot cannot have.
    """
    return load().decide(case, now)


def load(folder: Path | None = None) -> "Book":
    """The book of rules in `folder`, by default the one in use. Raises DataError."""
    from knowledge.book import load as load_book  # noqa: PLC0415
    from knowledge.book import own_book  # noqa: PLC0415

    return load_book(folder) if folder else own_book()


def claims() -> "Mapping[str, Claim]":
    """Every statement of the sources, by its id."""
    return load().claims


def compute_eta(since: "date", working_days: tuple[int, int], today: "date") -> Eta:
    """When money asked for on `since` arrives, `working_days` (least, most) later; see `working_days`."""
    from knowledge.working_days import compute_eta as compute  # noqa: PLC0415

    return compute(since, working_days, today)


def outcome_to_json(outcome: Outcome) -> "dict[str, Any]":
    """The outcome as JSON values: CNY "57.00", rates "0.15", ISO dates."""
    from knowledge.as_json import outcome_to_json as to_json  # noqa: PLC0415

    return to_json(outcome)


def check(folder: Path | None = None) -> "list[Finding]":
    """Everything that is wrong with the data in `folder`; an empty list proves the tables. Raises nothing."""
    from knowledge.proof import check as prove  # noqa: PLC0415

    return prove(folder)


def render_rules_md(book: "Book") -> str:
    """The rules as a page to read: every table, its rows, and what they cite."""
    from knowledge.rules_page import render_rules_md as render  # noqa: PLC0415

    return render(book)
