"""What the bot says: sentences by key and names of values, from the data files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

from bot.dialogue import data_files

WEEKDAYS = "一二三四五六日"
TICKETS = frozenset({"train_ticket", "movie_ticket", "scenic_ticket", "show_ticket", "flight_ticket"})
GOODS = frozenset({"virtual_goods", "physical_goods"})
_noted: ContextVar[set[str] | None] = ContextVar("_noted", default=None)


@cache
def sentences() -> Mapping[str, str]:
    """All sentences by key. Raises DataError."""
    return data_files.sentences()


@cache
def labels() -> Mapping[str, Any]:
    """Names of slots, values and wishes; see labels.yaml. Raises DataError."""
    return data_files.labels()


def say(key: str, **fields: object) -> str:
    """The sentence of `key`, filled in. Raises KeyError where the key or a field is missing."""
    noted = _noted.get()
    if noted is not None:
        noted.add(key)
    return sentences()[key].format(**fields)


@contextmanager
def noting_keys() -> Iterator[set[str]]:
    """Collects the keys that `say` is asked for within the block, for a coverage of the sentences."""
    keys: set[str] = set()
    token = _noted.set(keys)
    try:
        yield keys
    finally:
        _noted.reset(token)


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
