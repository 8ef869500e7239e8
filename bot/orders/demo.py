"""Orders to try the bot with: their times are told from today, so that there is always a train tomorrow."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from bot.config import SHANGHAI
from bot.dialogue.order import Order
from bot.orders.record import OrderError, order_from

FILE = "demo_orders.jsonl"
_DAY_AND_TIME = re.compile(r"([+-]\d{1,3})d ([0-2]\d):([0-5]\d)")
_HOURS = re.compile(r"([+-]\d{1,3})h")
_TIMES = ("event_time", "paid_at", "requested_at", "settled_at")


def demo_orders(now: datetime) -> tuple[Order, ...]:
    """The orders as of now. OrderError, naming the line, where the file is wrong."""
    text = (files("bot") / "data" / FILE).read_text("utf-8")
    orders = []
    for line, words in enumerate(text.splitlines(), start=1):
        try:
            orders.append(order_from(_at(json.loads(words), now)))
        except (ValueError, OrderError) as error:
            raise OrderError(f"line {line}", str(error)) from None
    return tuple(orders)


def _at(record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        key: _at(value, now)
        if isinstance(value, Mapping)
        else _time(value, now)
        if key in _TIMES and isinstance(value, str)
        else value
        for key, value in record.items()
    }


def _time(text: str, now: datetime) -> str:
    """Tomorrow at ten is written +1d 10:00; in five hours, to the full ten minutes, +5h."""
    local = now.astimezone(SHANGHAI)
    if found := _DAY_AND_TIME.fullmatch(text):
        day = local + timedelta(days=int(found[1]))
        return day.replace(hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0).isoformat()
    if found := _HOURS.fullmatch(text):
        at = local + timedelta(hours=int(found[1]))
        return at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0).isoformat()
    return text
