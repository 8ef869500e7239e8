"""What the rules return for a case: the result types of this room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Verdict = Literal["allowed", "conditional", "unknown", "denied"]
UNKNOWN = "unknown"
"""The value of a slot that the person cannot tell."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of the rules: the wish (an intent's name) and what is known so far.

    Slot values are strings as the slot's contract writes them; `"unknown"` means asked and not known.
    `rules_as_of` is the date whose version of the rules applies (an order's `paid_at`), None for today.
    """

    wish: str
    slots: Mapping[str, str] = field(default_factory=dict)
    rules_as_of: date | None = None
    high_season: bool = False
    faulty: bool = False
    """True where the goods were said to be faulty, in words that name no reason: of the reasons, only the
    merchant's are in question."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The first slot on which the answer still depends."""

    slot: str
    options: tuple[str, ...] = ()
    """The slot's values that lead to different answers, in the table's order; empty for free values."""
    cites: tuple[str, ...] = ()
    """The claims that make the slot matter: the answer to 为什么要问这个."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the bill. Exactly one of `rate` and a flat `amount` may be the given one."""

    label: str
    rate: Decimal | None
    amount: Decimal | None
    """In CNY, rounded half up to the fen; None where the price is not known."""
    low: Decimal | None = None
    high: Decimal | None = None
    """The range of the rate, where sources contradict each other or a slot is unknown."""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextChange:
    at: datetime
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Eta:
    """When the money arrives; working days of the Chinese calendar."""

    low: int
    high: int
    since: date
    earliest: date
    latest: date
    overdue: int = 0
    """Working days past `latest`, as of now."""
    passed: bool = False
    """`latest` is over, also where there was no working day since."""
    approximate: bool = False
    """True where a year's official calendar is not published yet (Monday to Friday assumed)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a case; see the fields' table in docs/rules.md."""

    verdict: Verdict | None
    fee: Decimal | None = None
    refund: Decimal | None = None
    fee_rate: Decimal | None = None
    fee_range: tuple[Decimal, Decimal] | None = None
    """In CNY, or in rates where the amount is not known (`range_in_rates`)."""
    range_in_rates: bool = False
    next_change: NextChange | None = None
    insurance: Decimal | None = None
    eta: Eta | None = None
    charges: tuple[Charge, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences that belong to the answer itself: warnings, both statements of a contradiction, lead time."""
    steps: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    message_draft: str | None = None
    citations: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    """The rows that fired, as "table/row"."""
    could_refine: tuple[str, ...] = ()
    """Slots that were not asked because a silent default held, and that would change the answer."""
