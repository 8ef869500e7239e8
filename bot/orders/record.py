"""An order record as the shop's system gives it: checked strictly, written as the slots are."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.config import EARLIEST, LATEST, SHANGHAI
from bot.dialogue.order import Order, Refund

_Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OrderError(ValueError):
    """The record is no order; `key` is the field at fault ("refund.status")."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key
        self.message = message


def _money(text: str) -> str:
    if not re.fullmatch(r"\d{1,9}(?:\.\d{1,2})?", text, re.ASCII):
        raise ValueError('must be an amount in CNY such as "380.00"')
    return f"{Decimal(text):.2f}"


def _time(text: str) -> str:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be an ISO 8601 time such as 2026-03-07T10:00:00+08:00") from None
    if not EARLIEST <= time.year <= LATEST:
        raise ValueError(f"the year must lie between {EARLIEST} and {LATEST}")
    return (time if time.tzinfo else time.replace(tzinfo=SHANGHAI)).isoformat()


_Money = Annotated[str, AfterValidator(_money)]
_Time = Annotated[str, AfterValidator(_time)]
_Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{3,63}$", to_upper=True)]


class _RefundRecord(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    amount: _Money | None = None
    requested_at: _Time | None = None
    status: Literal["processing", "success", "closed", "abnormal"]
    settled_at: _Time | None = None


class _OrderRecord(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    order_id: _Number
    product: (
        Literal[
            "train_ticket",
            "movie_ticket",
            "scenic_ticket",
            "show_ticket",
            "flight_ticket",
            "virtual_goods",
            "physical_goods",
        ]
        | None
    ) = None
    title: _Text | None = None
    amount: _Money | None = None
    event_time: _Time | None = None
    order_status: Literal["unpaid", "paid_unshipped", "shipped", "completed", "closed"] | None = None
    delivery_status: Literal["none", "accepted", "delivering", "signed"] | None = None
    pay_channel: Literal["wechat", "alipay", "bank_card", "balance"] | None = None
    platform: _Text | None = None
    paid_at: _Time | None = None
    phone_tail: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    refund: _RefundRecord | None = None


FIELDS = frozenset(_OrderRecord.model_fields)


def order_from(record: Mapping[str, Any]) -> Order:
    """The order that a record describes. Raises `OrderError` naming the first field at fault."""
    try:
        found = _OrderRecord.model_validate(dict(record))
    except ValidationError as errors:
        first = errors.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise OrderError(key, _reason(first, key)) from None
    fields = found.model_dump(exclude={"refund"})
    return Order(**fields, refund=Refund(**found.refund.model_dump()) if found.refund else None)


def _reason(error: Any, key: str) -> str:
    if error["type"] == "string_type":
        return (
            f'{key} must be quoted: "{error["input"]}"' if error["input"] is not None else "must be a string"
        )
    if error["type"] == "extra_forbidden":
        return f"unknown field; known here: {', '.join(sorted(FIELDS))}"
    return _SHAPES.get(key) or str(error["msg"]).removeprefix("Value error, ")


_SHAPES = {
    "order_id": "must be 4 to 64 digits, letters and hyphens",
    "phone_tail": "must be the last four digits of a phone number",
}
