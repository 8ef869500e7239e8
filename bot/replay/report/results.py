"""The results of a run, and their sum."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.replay.compare import Failure
from bot.replay.runner import Played, Result
from bot.replay.trace import trace
from bot.replay.yaml_nodes import Fault

Status = Literal["failed", "passed", "known"]
"""`known`: a known failure, which failed as its suite says."""


@dataclass(frozen=True, slots=True)
class Report:
    """All results, in the order of the suites, and the files that could not be run."""

    results: tuple[Result, ...]
    faults: tuple[Fault, ...] = ()
    not_run: int = 0
    """Dialogues left out after the first failure, where the run was to end there."""

    @property
    def passed(self) -> bool:
        """Whether everything could be run and held, known failures aside."""
        return not self.faults and all(result.passed for result in self.results)

    def having(self, status: Status) -> list[Result]:
        """The dialogues that ended so."""
        return [result for result in self.results if status_of(result) == status]

    @property
    def failed(self) -> list[Result]:
        """The dialogues that did not hold."""
        return self.having("failed")

    @property
    def turns(self) -> int:
        """Turns of all dialogues that were run."""
        return sum(len(result.dialogue.turns) for result in self.results)


def status_of(result: Result) -> Status:
    """How the dialogue ended."""
    if not result.passed:
        return "failed"
    return "passed" if result.dialogue.xfail is None else "known"


def unexpected_pass(result: Result) -> str | None:
    """The complaint about a known failure that passed, None for any other result."""
    known = result.dialogue.xfail is not None
    return f"passed, though marked xfail: {result.dialogue.xfail}" if known and not result.failures else None


def failed_turns(result: Result) -> Iterator[tuple[list[Failure], Played | None]]:
    """The failures of each turn that has any, and how the turn went: None where it broke down."""
    played: Mapping[int, Played] = {turn.number: turn for turn in result.played}
    for number in sorted({failure.turn for failure in result.failures}):
        yield [failure for failure in result.failures if failure.turn == number], played.get(number)


def why(played: Played) -> list[str]:
    """The trace of a turn."""
    return trace(played.heard, played.events, played.answer, played.sentences)


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that did not hold, in words; `sides`: what was wanted and what came, with labels."""

    layer: str
    key: str
    line: int
    """Where the expectation was written."""
    sides: tuple[tuple[str, str], ...]


def findings(failures: Iterable[Failure]) -> list[Finding]:
    """The failures of one turn, layer by layer. What the replies said is left to whoever shows them."""
    return [Finding(failure.layer, failure.key, failure.line, _sides(failure)) for failure in failures]


def _sides(failure: Failure) -> tuple[tuple[str, str], ...]:
    if failure.key in {"says", "never_says"}:
        return (("missing" if failure.partly else "must not be said", str(failure.expected)),)
    wanted = "missing" if failure.partly else "expected"
    return ((wanted, _as_written(failure.expected)), ("came", _as_written(failure.got)))


def _as_written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
