"""Runs dialogues against the whole bot, in memory and with the dialogue's own clock, and compares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.replay.suite import Dialogue, Expected, SuiteTurn, is_regex
from bot.session import Mind, Session
from bot.store.memory import MemoryStore
from knowledge import outcome_to_json

_SETS = frozenset({"citations", "steps", "evidence", "alternatives", "notes", "rows"})
"""Lists of an outcome of which an expectation names only some."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold. `turn` counts from 1."""

    turn: int
    line: int
    user: str
    key: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class Result:
    """One dialogue, run. It passed where there is no failure."""

    dialogue: Dialogue
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that was expected held."""
        return not self.failures


def run(dialogue: Dialogue, mind: Mind) -> Result:
    """Run one dialogue in a store of its own. After a turn that breaks down, the rest is not run."""
    session = Session(MemoryStore(dialogue.orders), mind)
    now = dialogue.now
    failures: list[Failure] = []
    for number, turn in enumerate(dialogue.turns, start=1):
        now += turn.after
        update = Update(str(number), dialogue.name, dialogue.name, dialogue.channel, turn.user, now)
        try:
            answer = session.handle(update)
        except Exception as error:  # a broken turn is a failed dialogue; the other dialogues still run
            got = f"{type(error).__name__}: {error}"
            failures.append(Failure(number, turn.line, turn.user, "error", "a reply", got))
            break
        if answer is None:
            raise AssertionError("the runner's update ids are its own")
        failures += _compare(number, turn, answer)
    return Result(dialogue, tuple(failures))


def _compare(number: int, turn: SuiteTurn, answer: Turn) -> list[Failure]:
    outcome = outcome_to_json(answer.outcome) if answer.outcome else None
    failed = []
    for expected in turn.expected:
        for name, want, got in _differences(expected, answer, outcome):
            failed.append(Failure(number, expected.line, turn.user, name, want, got))
    return failed


def _differences(
    expected: Expected, answer: Turn, outcome: Mapping[str, Any] | None
) -> list[tuple[str, Any, Any]]:
    """(name, expected, got) for all that does not hold."""
    key, want = expected.key, expected.value
    if key in {"intent", "asks"}:
        got = getattr(answer, key)
        return [] if got == want else [(key, want, got)]
    if key == "slots":
        return _partial(want, answer.slots, key)
    if key == "outcome":
        return _partial(want, outcome, key)
    if key == "handoff":
        handoff = {"reason": answer.handoff.reason, "card": answer.handoff.card} if answer.handoff else None
        return _partial(want, handoff, key)
    if key == "buttons":
        offered = [label for reply in answer.replies for label in reply.buttons]
        return [(key, label, offered) for label in want if label not in offered]
    if key == "cites":
        return [(key, cite, list(answer.cites)) for cite in want if cite not in answer.cites]
    text = "\n".join(reply.text for reply in answer.replies)
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
    return [] if _equal(want, got) else [(name, want, got)]


def _equal(want: Any, got: Any) -> bool:
    """Equal as written, or the same instant."""
    if isinstance(want, list) and isinstance(got, list | tuple):
        return len(want) == len(got) and all(map(_equal, want, got))
    if want == got:
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
