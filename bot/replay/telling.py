"""Differences between two answers as lines for a person."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.replay.difference import LAYERS, Difference

_NAMES = {"handoff": "hand-off", "cites": "citations"}
_LONGEST = 160
"""Characters of a value, or of a message, that a line shows."""


def layer_name(layer: str) -> str:
    """What the layer is called."""
    return _NAMES.get(layer, layer)


def sums(turns: int, changed: Mapping[str, int]) -> str:
    """How many of the turns change something, layer by layer."""
    return f"of {turns:,} turns: " + ", ".join(
        f"{changed.get(layer, 0):,} change {layer_name(layer)}" for layer in LAYERS
    )


def lines(differences: Iterable[Difference]) -> Iterator[str]:
    """What differs, before → after; where that is long, on two lines from where they part."""
    for difference in differences:
        before, after = _shown(difference.before), _shown(difference.after)
        if len(before) + len(after) <= _LONGEST // 2:
            yield f"{difference.key}: {before} → {after}"
        else:
            start = _first_difference(before, after)
            yield f"{difference.key}: {cut(before, start)}"
            yield f"{' ' * len(difference.key)}→ {cut(after, start)}"


def _first_difference(one: str, two: str) -> int:
    return next((at for at, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def cut(text: str, around: int = 0) -> str:
    """One line of the text, from a little before the place that matters."""
    line = "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))
    start = max(0, around - _LONGEST // 4)
    piece = line[start : start + _LONGEST]
    return f"{'…' * (start > 0)}{piece}{'…' * (start + _LONGEST < len(line))}"


def many(count: int, what: str) -> str:
    """1 turn, 2 turns."""
    return f"{count:,} {what}{'s' * (count != 1)}"
