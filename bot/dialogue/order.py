"""What the shop's own system knows of an order, as the dialogue sees it."""

from dataclasses import dataclass
from typing import Literal

RefundState = Literal["processing", "success", "closed", "abnormal"]


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that the shop has on record. `amount` in CNY ("57.00"); times ISO 8601 with offset."""

    amount: str | None
    requested_at: str | None
    status: RefundState
    settled_at: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order; every field but the number may be missing. Values are written like the slots'."""

    order_id: str
    product: str | None = None
    title: str | None = None
    amount: str | None = None
    event_time: str | None = None
    order_status: str | None = None
    delivery_status: str | None = None
    pay_channel: str | None = None
    platform: str | None = None
    paid_at: str | None = None
    phone_tail: str | None = None
    refund: Refund | None = None


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """A look-up that the dialogue wants made before it answers."""

    order_id: str
    phone_tail: str


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """The shop's answer. A wrong tail and a number that does not exist are the same `refused`, on purpose.

    `locked` means that this order, or this person, has had its tries, in this or an earlier conversation.
    """

    status: Literal["found", "refused", "locked"]
    order: Order | None = None
