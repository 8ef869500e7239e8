"""What a turn was expected to be, against what it was."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.replay.suite import Expected, SuiteTurn, is_regex

Json = Mapping[str, Any]
Layer = Literal["error", "intent", "slots", "outcome", "text", "handoff"]
LAYERS: tuple[Layer, ...] = ("error", "intent", "slots", "outcome", "text", "handoff")
"""In the order in which one leads to the next: a wrong intent explains wrong slots, these a wrong outcome."""
_LAYER_OF: Mapping[str, Layer] = {
    "error": "error",
    "intent": "intent",
    "slots": "slots",
    "asks": "slots",
    "outcome": "outcome",
    "cites": "outcome",
    "says": "text",
    "never_says": "text",
    "buttons": "text",
    "handoff": "handoff",
}
_SETS = frozenset({"citations", "steps", "evidence", "alternatives", "notes", "rows"})
"""Lists of an outcome of which an expectation names only some."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold. `turn` counts from 1; `key` leads to the value: "outcome.fee"."""

    turn: int
    line: int
    user: str
    key: str
    expected: Any
    got: Any

    @property
    def layer(self) -> Layer:
        """Which part of the turn it is about."""
        return _LAYER_OF[self.key.partition(".")[0]]

    @property
    def partly(self) -> bool:
        """Whether `expected` is only what is missing among what came."""
        return self.key in {"says", "cites", "buttons"} or self.key.rpartition(".")[2] in _SETS


def compare(number: int, turn: SuiteTurn, answer: Json) -> list[Failure]:
    """What does not hold of the turn's expectations, layer by layer; `answer` as the runner writes it."""
    failed = [
        Failure(number, expected.line, turn.user, name, want, got)
        for expected in turn.expected
        for name, want, got in _differences(expected, answer)
    ]
    return sorted(failed, key=lambda failure: LAYERS.index(failure.layer))


def _differences(expected: Expected, answer: Json) -> list[tuple[str, Any, Any]]:
    """(name, expected, got) for all that does not hold."""
    key, want = expected.key, expected.value
    if key in {"intent", "asks"}:
        return [] if answer[key] == want else [(key, want, answer[key])]
    if key in {"slots", "outcome", "handoff"}:
        return _partial(want, answer[key], key)
    if key == "buttons":
        offered = [label for reply in answer["replies"] for label in reply["buttons"]]
        return [(key, label, offered) for label in want if label not in offered]
    if key == "cites":
        return [(key, cite, answer["cites"]) for cite in want if cite not in answer["cites"]]
    text = "\n".join(reply["text"] for reply in answer["replies"])
    return [(key, pattern, text) for pattern in want if _says(pattern, text) != (key == "says")]


def _says(pattern: str, text: str) -> bool:
    """Whether the replies hold the words, or match the expression; bold marks may be written or left out."""
    texts = (text, text.replace("**", ""))
    if is_regex(pattern):
        return any(re.search(pattern[1:-1], t) for t in texts)
    return any(pattern in t for t in texts)


def _partial(want: Any, got: Any, name: str) -> list[tuple[str, Any, Any]]:
    """Where `got` does not hold all that `want` names."""
    if isinstance(want, Mapping) and isinstance(got, Mapping):
        return [d for key, value in want.items() for d in _partial(value, got.get(key), f"{name}.{key}")]
    if name.rpartition(".")[2] in _SETS and isinstance(want, list) and isinstance(got, Sequence):
        missing = [item for item in want if item not in got]
        return [(name, missing, list(got))] if missing else []
    return [] if equal(want, got) else [(name, want, got)]


def equal(want: Any, got: Any) -> bool:
    """Equal as written, or the same instant; a whole number and its digits are equal."""
    if isinstance(want, list) and isinstance(got, list | tuple):
        return len(want) == len(got) and all(map(equal, want, got))
    if want == got or ({type(want), type(got)} == {int, str} and str(want) == str(got)):
        return True
    first, second = _instant(want), _instant(got)
    return first is not None and first == second


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or len(value) < 16:
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else None
