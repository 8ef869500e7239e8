"""The shape of this room's data files. Everything is strict: an unknown key or a wrong type is an error."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Verdict = Literal["allowed", "conditional", "unknown", "denied"]


def _percent(value: object) -> Decimal:
    """`15%` as 0.15."""
    if not isinstance(value, str) or not value.endswith("%"):
        raise ValueError("must be a percentage such as 15%")
    rate = Decimal(value[:-1]) / 100
    if not 0 <= rate <= 1:
        raise ValueError("must lie between 0% and 100%")
    return rate


def _yuan(value: object) -> Decimal:
    """`5元` as 5.00."""
    if not isinstance(value, str) or not value.endswith("元"):
        raise ValueError("must be a sum such as 5元")
    return Decimal(value[:-1]).quantize(Decimal("0.01"))


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Rate = Annotated[Decimal, BeforeValidator(_percent)]
Yuan = Annotated[Decimal, BeforeValidator(_yuan)]
Texts = list[Annotated[str, Field(min_length=1)]]
Words = Annotated[Texts, BeforeValidator(_several)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ClaimEntry(Strict):
    """One statement of a source, in our own words."""

    id: Annotated[str, Field(pattern=r"^[TKMW]\d+\.\d+$")]
    source: str
    section: str
    kind: Literal["rule", "step", "fact", "case", "system"]
    text: Annotated[str, Field(min_length=4)]


class ColumnEntry(Strict):
    """What a table can ask about: a slot, or a figure that is derived from one."""

    label: str
    kind: Literal["choice", "lead", "money", "minutes", "time", "result"]
    slot: str | None = None
    """The slot to ask for; None for what is never asked."""
    values: dict[str, str] = {}
    implied: dict[str, str] = {}
    """Values that only `assume` sets, never a person."""
    takes_unknown: bool = False
    """The tables have a row for "unknown" of their own."""
    find_out: str | None = None
    """How a person who cannot tell finds out."""
    cites: Texts = []


class Assumption(Strict):
    """What a wish implies.

    `silent` where nothing is known, `unsure` only where the person cannot tell, `always` in any case.
    """

    when: dict[str, Words] = {}
    unless: dict[str, Words] = {}
    always: dict[str, str] = {}
    silent: dict[str, str] = {}
    unsure: dict[str, str] = {}


class Becomes(Strict):
    """A wish that is really another one under a condition."""

    when: dict[str, Words]
    wish: str


class WishEntry(Strict):
    title: str
    products: Words
    in_doubt: Words = []
    """The products it can be where the person cannot tell; all of `products` by default."""
    asks: Texts = []
    """Columns that are asked for in any case, before the tables have their say."""
    ask_order: Texts = []
    """Columns that come first, where the order differs from that of the columns' file."""
    never_asks: Texts = []
    verdict: Literal["none"] | None = None
    """`none` where there is nothing to allow, whatever the tables say."""
    assume: list[Assumption] = []
    becomes: list[Becomes] = []


class ChargeEntry(Strict):
    """One line of the bill: exactly one of `rate`, `range` and `flat`."""

    label: str
    rate: Rate | None = None
    range: Annotated[list[Rate], Field(min_length=2, max_length=2)] | None = None
    flat: Yuan | None = None
    cites: Texts = []


class AppliesEntry(BaseModel):
    """When a table is consulted: for these wishes, where these columns are known, if the other keys hold."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    wish: Words
    known: Words = []


class RowEntry(Strict):
    row: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    case: str
    """The case in words: 发车前 48 小时以上."""
    when: dict[str, Words] = {}
    verdict: Verdict | None = None
    charges: list[ChargeEntry] = []
    figures: Literal["none"] | None = None
    """`none`: no fee and no refund can be computed, whatever else is charged."""
    refund: Literal["none"] | None = None
    final: bool = False
    """No later table has a say in verdict and figures."""
    eta: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    insurance: Rate | None = None
    notes: Texts = []
    steps: Texts = []
    evidence: Texts = []
    alternatives: Texts = []
    draft: str | None = None
    cites: Annotated[Texts, Field(min_length=1)]


class FallsEntry(Strict):
    """The permission for a fee that falls as the start comes nearer."""

    because: str
    cites: Annotated[Texts, Field(min_length=1)]


class TableEntry(Strict):
    table: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: str
    about: str
    order: int
    """The place among the tables: lower numbers are read first."""
    stage: Literal["rules", "after"] = "rules"
    """`after`: reads what the rules came to (whether there is a refund, whether it is overdue)."""
    since: date | None = None
    """The first day on which this version is in force; the version before it needs none."""
    bill: Literal["own", "surcharge"] | None = None
    """`own`: the price of undoing the order itself; `surcharge`: comes on top of it."""
    asks_first: bool = False
    otherwise: Literal["nothing"] | None = None
    """`nothing`: where no row holds the table adds nothing. Without it the rows must cover every case."""
    applies: Annotated[list[AppliesEntry], Field(min_length=1)]
    columns: Texts = []
    also_charged: list[ChargeEntry] = []
    """Deductions of which a source does not say when: they explain a wrong amount, they decide nothing."""
    falls: FallsEntry | None = None
    rows: Annotated[list[RowEntry], Field(min_length=1)]
