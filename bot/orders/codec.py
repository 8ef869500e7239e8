"""Orders as JSON and back, between the store and the dialogue.

Records from outside go through `bot.orders.record`, which checks them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.dialogue.order import Order, Refund


def to_json(order: Order) -> dict[str, Any]:
    """The order's fields; what is missing is null."""
    return asdict(order)


def from_json(data: Mapping[str, Any]) -> Order:
    """The order back from `to_json`."""
    refund = data.get("refund")
    return Order(**{**data, "refund": Refund(**refund) if refund else None})
