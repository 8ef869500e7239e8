"""What the bot says: sentences by key and names of values, from the data files beside this module."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

WEEKDAYS = "一二三四五六日"
TICKETS = frozenset({"train_ticket", "movie_ticket", "scenic_ticket", "show_ticket", "flight_ticket"})
GOODS = frozenset({"virtual_goods", "physical_goods"})


def _load(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (files("bot.dialogue") / "data" / name).read_text("utf-8")
    return cast(dict[str, Any], yaml.load(text, Loader=loader))


@cache
def sentences() -> Mapping[str, str]:
    """All sentences by key."""
    return _load("replies.yaml")


@cache
def labels() -> Mapping[str, Any]:
    """Names of slots, values and wishes; see labels.yaml."""
    return _load("labels.yaml")


def say(key: str, **fields: object) -> str:
    """The sentence of `key`, filled in. Raises KeyError where the key or a field is missing."""
    return sentences()[key].format(**fields)


def slot_name(slot: str) -> str:
    """What a slot is called."""
    return cast(str, labels()["slots"].get(slot, slot))


def wish_name(wish: str) -> str:
    """What a wish is called."""
    return cast(str, labels()["wishes"].get(wish, wish))


def value_name(slot: str, value: str, product: str | None = None) -> str:
    """What a slot's value is called: 火车票 for ("product", "train_ticket"); money, times written out."""
    if value == "unknown":
        return say("ask.unsure")
    special = labels()["special"].get(slot, {}).get(product, {})
    known = special.get(value) or labels()["values"].get(slot, {}).get(value)
    if known:
        return cast(str, known)
    if slot in {"amount", "received_amount"}:
        return f"{value}元"
    if slot in {"event_time", "requested_at"}:
        return when(datetime.fromisoformat(value))
    if slot == "late_minutes":
        return f"{value}分钟"
    return value


def when(at: datetime) -> str:
    """A moment as people write it: 3月7日（周六）10:00, with the year left out."""
    return f"{at.month}月{at.day}日（周{WEEKDAYS[at.weekday()]}）{at:%H:%M}"


def day(at: date) -> str:
    """A day as people write it: 3月7日（周六）."""
    return f"{at.month}月{at.day}日（周{WEEKDAYS[at.weekday()]}）"


def percent(rate: Decimal) -> str:
    """A rate as people write it: 15%, 1.5%."""
    return f"{(rate * 100).normalize():f}%"
