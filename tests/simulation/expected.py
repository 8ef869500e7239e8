"""What the judge holds an outcome to: for each field the values that the contract permits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FEN = Decimal("0.01")


class Anything:
    """The contract leaves room: whatever comes is right."""

    def __contains__(self, value: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "anything"


ANY = Anything()
Allowed = frozenset[Any] | Anything
NOTHING: Allowed = frozenset({None})


def just(*values: Any) -> Allowed:
    """Exactly one of these values."""
    return frozenset(values)


def fen(value: Decimal) -> Decimal:
    """Rounded half up to the fen."""
    return value.quantize(FEN, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The expected `eta`."""

    working_days: tuple[int, int]
    since: date
    earliest: date
    latest: date
    overdue: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold of an outcome; `because` names the sentence of the contract that says so."""

    verdict: Allowed = ANY
    fee: Allowed = ANY
    refund: Allowed = ANY
    fee_rate: Allowed = ANY
    fee_range: Allowed = ANY
    next_change: Allowed = ANY
    insurance: Allowed = ANY
    eta: Arrival | Anything | None = ANY
    cites: tuple[frozenset[str], ...] = ()
    """Of each group at least one claim is cited."""
    says: tuple[str, ...] = ()
    """Regular expressions that the replies together must match."""
    figures: frozenset[Decimal] = frozenset()
    """Amounts that the replies may show besides those of the case and the claims."""
    moments: frozenset[datetime] = frozenset()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A simulated person's case: the truth, of which the bot learns what the person tells."""

    kind: str
    """What the report groups by: "request_refund/train"."""
    wish: str
    now: datetime
    slots: dict[str, str] = field(default_factory=dict)
    order: dict[str, Any] | None = None
    tail_story: str = ""
    """How the person does with `phone_tail`: "" not asked, right, late, wrong (three times), clash."""

    def with_slots(self, **changed: str) -> "Hidden":
        """The same case with some slots put right."""
        return Hidden(self.kind, self.wish, self.now, {**self.slots, **changed}, self.order, self.tail_story)


def one_of(*groups: str | Iterable[str]) -> tuple[frozenset[str], ...]:
    """Groups of claims for `Expected.cites`: a string is a group of its own words."""
    return tuple(frozenset(g.split()) if isinstance(g, str) else frozenset(g) for g in groups)
