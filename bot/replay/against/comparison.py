"""The same suites on the data files of two revisions: which turns differ, what costs money first."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot import app
from bot.config import data_in_use
from bot.errors import TuidanError
from bot.replay import progress, selection, suite, workers
from bot.replay.against.revision import checked_out
from bot.replay.difference import Difference, differences
from bot.replay.runner import Result
from bot.replay.suite import Dialogue
from bot.replay.yaml_nodes import Fault
from bot.session import Mind


@dataclass(frozen=True, slots=True)
class Changed:
    """One turn of a suite that goes otherwise than it went at the revision."""

    file: str
    line: int
    """Where the turn is written."""
    name: str
    turn: int
    """Counts from 1."""
    user: str
    after_a_change: bool
    """An earlier turn of the dialogue differs, so that this one answers another question."""
    differences: tuple[Difference, ...]
    broke: tuple[str | None, str | None] = (None, None)
    """The error where the bot breaks down, before and after; one side's rest of the dialogue was not run."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of all suites. `before` is the revision, `after` what is in use now."""

    rev: str
    dialogues: int
    turns: int
    changed: tuple[Changed, ...]
    """In the order of the suites."""
    faults: tuple[Fault, ...]
    """Files that could not be run."""

    def fails(self, layers: frozenset[str]) -> bool:
        """Whether the bot breaks down on one side, or one of these layers changes."""
        broke = any(turn.broke != (None, None) for turn in self.changed)
        return broke or any(found.layer in layers for turn in self.changed for found in turn.differences)


def compare(
    paths: Iterable[Path],
    rev: str,
    *,
    only: Sequence[str] = (),
    jobs: int = 1,
    data: Path | None = None,
) -> Comparison:
    """The suites, by today's code, on the data files of the git revision `rev` and on those in use.

    In use are the files in the folder `data` or in TUIDAN_DATA, else the built-in ones. Each side runs in
    processes of its own, `jobs` of them over both, but at least one each. TuidanError where git, the
    repository or the revision is not there, and where a side's data files cannot be used.
    """
    suites = suite.read(paths)
    dialogues = selection.choose(suites.dialogues, only)
    with checked_out(data_in_use(data), rev) as folder:
        sides = (partial(app.mind, folder), partial(app.mind, data))
        try:
            with closing(_on_both(dialogues, sides, max(1, jobs // 2))) as results:
                changed = [
                    turn
                    for before, after in progress.shown(results, len(dialogues), f"against {rev}")
                    for turn in changes(before, after)
                ]
        except TuidanError as error:
            # Where the revision lay for a moment tells nobody anything.
            raise TuidanError(str(error).replace(f"{folder}/", f"{rev}:")) from error
    turns = sum(len(dialogue.turns) for dialogue in dialogues)
    return Comparison(rev, len(dialogues), turns, tuple(changed), suites.faults)


def _on_both(
    dialogues: Sequence[Dialogue], sides: tuple[Callable[[], Mind], Callable[[], Mind]], jobs: int
) -> Generator[tuple[Result, Result], None, None]:
    with ExitStack() as stack:
        before, after = (
            stack.enter_context(closing(workers.run_apart(dialogues, side, jobs))) for side in sides
        )
        yield from zip(before, after, strict=True)


def changes(before: Result, after: Result) -> Iterator[Changed]:
    """The turns of one dialogue, run twice, that differ."""
    dialogue, changed = before.dialogue, False
    for number, turn in enumerate(dialogue.turns, start=1):
        broke = (_broke(before, number), _broke(after, number))
        both = len(before.played) >= number and len(after.played) >= number
        found = differences(before.played[number - 1].answer, after.played[number - 1].answer) if both else []
        if found or broke[0] != broke[1]:
            yield Changed(
                dialogue.file, turn.line, dialogue.name, number, turn.user, changed, tuple(found), broke
            )
            changed = True
        if not both:
            return


def _broke(result: Result, number: int) -> str | None:
    """The error in which the turn ended, if it did."""
    return next((str(f.got) for f in result.failures if f.turn == number and f.key == "error"), None)
