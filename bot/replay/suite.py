"""Suites as people write them: YAML files, one dialogue a document (docs: the contract of dialogue suites).

Every expectation is partial. What is not known here is an error that names file and line.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import SHANGHAI, read_time
from bot.dialogue.order import Order
from bot.replay.yaml_nodes import (
    Fault,
    Node,
    NodeError,
    documents,
    is_null,
    known,
    mapping,
    one_or_many,
    plain,
    sequence,
    string,
)
from intents.understanding import IN_WHOLE_MINUTES

_DIALOGUE = frozenset({"name", "now", "channel", "orders", "turns", "xfail"})
_REQUIRED = ("name", "now", "turns")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation of a turn; `line` is where it was written."""

    key: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class SuiteTurn:
    """What the person writes, how long after the turn before, and what must hold then."""

    user: str
    line: int
    after: timedelta = timedelta()
    expected: tuple[Expected, ...] = ()
    now: datetime | None = None
    """The clock of the turn, where it is given outright and not as `after` the turn before."""
    orders: tuple[Order, ...] = ()
    """Orders that the shop's system has anew, or otherwise, from this message on."""
    locked: tuple[str, ...] = ()
    """Numbers of orders that wrong tries in other conversations have locked when the message comes."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One dialogue of a suite."""

    file: str
    line: int
    name: str
    now: datetime
    turns: tuple[SuiteTurn, ...]
    channel: str = "terminal"
    orders: tuple[Order, ...] = ()
    xfail: str | None = None
    """Why the dialogue is known to fail; one that passes all the same is a failure."""


@dataclass(frozen=True, slots=True)
class Suites:
    """All that was read: the dialogues that can run, and what is wrong with the others."""

    dialogues: tuple[Dialogue, ...] = ()
    faults: tuple[Fault, ...] = field(default_factory=tuple)


def read(paths: Iterable[Path]) -> Suites:
    """The suites in these files, and below these folders, by file and line however the paths are given.

    A file with a fault does not run; the others do. A file that is named twice is read once.
    """
    dialogues: list[Dialogue] = []
    faults: list[Fault] = []
    files: set[Path] = set()
    for path in paths:
        found = set(_files(path))
        files |= found
        if not found:
            nothing = "no suite here (*.yaml)" if path.exists() else "no such file"
            faults.append(Fault(str(path), 0, "", nothing))
    for file in sorted(files, key=str):
        good, bad = read_file(file)
        faults += bad
        dialogues += () if bad else good
    return Suites(tuple(dialogues), tuple(sorted(faults, key=lambda fault: (fault.file, fault.line))))


def read_file(path: Path) -> tuple[list[Dialogue], list[Fault]]:
    """The dialogues of one file, and its faults."""
    dialogues: list[Dialogue] = []
    faults: list[Fault] = []
    names: set[str] = set()
    for document in documents(path, str(path)):
        if isinstance(document, Fault):
            faults.append(document)
            continue
        if document is None or is_null(document):
            continue
        try:
            dialogue = _dialogue(document, str(path))
            if dialogue.name in names:
                raise NodeError(document, "name", f"two dialogues are called {dialogue.name}")
        except NodeError as bad:
            faults.append(Fault(str(path), bad.line, bad.key, bad.message))
        else:
            names.add(dialogue.name)
            dialogues.append(dialogue)
    if not dialogues and not faults:
        faults.append(Fault(str(path), 1, "", "no dialogue in it"))
    return dialogues, faults


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (p for p in path.rglob("*") if p.suffix in {".yaml", ".yml"} and p.is_file())
    elif path.exists():
        yield path


def _dialogue(node: Node, file: str) -> Dialogue:
    keys = known(node, "", _DIALOGUE)
    for name in _REQUIRED:
        if name not in keys:
            raise NodeError(node, name, "missing")
    turns = sequence(keys["turns"], "turns")
    if not turns:
        raise NodeError(keys["turns"], "turns", "must not be empty")
    orders = keys.get("orders")
    return Dialogue(
        file=file,
        line=node.start_mark.line + 1,
        name=string(keys["name"], "name"),
        now=_time(keys["now"]),
        channel=string(keys["channel"], "channel") if "channel" in keys else "terminal",
        orders=_orders(orders) if orders and not is_null(orders) else (),
        xfail=string(keys["xfail"], "xfail") if "xfail" in keys else None,
        turns=tuple(_turn(turn) for turn in turns),
    )


def _time(node: Node) -> datetime:
    text = string(node, "now", time=True)
    try:
        return read_time(text, assumed=SHANGHAI)
    except ValueError as error:
        raise NodeError(node, "now", str(error)) from None


def _orders(node: Node) -> tuple[Order, ...]:
    from bot.orders.record import OrderError, order_from  # noqa: PLC0415 - few suites bring orders

    orders = []
    for item in sequence(node, "orders"):
        fields = mapping(item, "orders")
        try:
            orders.append(order_from(plain(item, "orders")))
        except OrderError as bad:
            raise NodeError(fields.get(bad.key.partition(".")[0], item), bad.key, bad.message) from None
    return tuple(orders)


def _turn(node: Node) -> SuiteTurn:
    keys = known(node, "turns", _TURN)
    if "user" not in keys:
        raise NodeError(node, "user", "missing")
    expected = tuple(
        Expected(key, _READERS[key](value, key), value.start_mark.line + 1)
        for key, value in keys.items()
        if key in _READERS
    )
    if "after" in keys and "now" in keys:
        raise NodeError(
            keys["now"], "now", "a turn has a clock of its own or comes after the one before, not both"
        )
    after = _duration(keys["after"]) if "after" in keys else timedelta()
    return SuiteTurn(
        user=string(keys["user"], "user"),
        line=node.start_mark.line + 1,
        after=after,
        expected=expected,
        now=_time(keys["now"]) if "now" in keys else None,
        orders=_orders(keys["orders"]) if "orders" in keys else (),
        locked=tuple(_strings(keys["locked"], "locked")) if "locked" in keys else (),
    )


def _duration(node: Node) -> timedelta:
    found = re.fullmatch(r"(\d{1,6})([smhd])", string(node, "after"), re.ASCII)
    if not found:
        raise NodeError(node, "after", "must be a number and a unit: 30s, 2m, 3h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _word(node: Node, key: str) -> str | None:
    return None if is_null(node) else string(node, key)


def _partial(node: Node, key: str) -> dict[str, Any] | None:
    if is_null(node):
        return None
    mapping(node, key)
    found: dict[str, Any] = plain(node, key)
    return found


def _slots(node: Node, key: str) -> dict[str, str | int | None]:
    return {slot: _slot(value, slot) for slot, value in mapping(node, key).items()}


def _slot(node: Node, slot: str) -> str | int | None:
    if is_null(node):
        return None
    if slot in IN_WHOLE_MINUTES:
        minutes = str(plain(node, slot))
        return int(minutes) if minutes.isdecimal() else minutes
    return string(node, slot, time=True)


def _strings(node: Node, key: str) -> list[str]:
    return [string(item, key) for item in one_or_many(node)]


def _patterns(node: Node, key: str) -> list[str]:
    patterns = _strings(node, key)
    for pattern in patterns:
        if is_regex(pattern):
            try:
                re.compile(pattern[1:-1])
            except re.error as error:
                raise NodeError(node, key, f"{pattern} is no regular expression: {error}") from None
    return patterns


def is_regex(pattern: str) -> bool:
    """Whether the pattern stands between slashes."""
    return len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/")


_READERS: dict[str, Any] = {
    "intent": _word,
    "asks": _word,
    "slots": _slots,
    "outcome": _partial,
    "says": _patterns,
    "never_says": _patterns,
    "cites": _strings,
    "handoff": _partial,
    "buttons": _strings,
}
_TURN = frozenset({"user", "after", "now", "orders", "locked", *_READERS})
