"""The matrix itself: every question of every flow, every move, each cell checked on all ways to it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from itertools import product
from multiprocessing import get_context
from typing import Literal

from bot.config import SHANGHAI
from bot.errors import TuidanError
from bot.replay.matrix.flows import Flow, Way, flows, slot_title
from bot.replay.matrix.moves import MOVES, Move
from bot.replay.matrix.probe import Probe, product_of
from bot.replay.matrix.talk import BrokenLawError, NotApplicableError
from bot.replay.matrix.wording import Wording
from bot.replay.workers import interrupts_held
from bot.session import Mind

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI)
"""The persons' clock: a working day, with room before and behind it; it stands still."""
PERSONS = 2
"""Persons who try each move, each with words of their own."""
_MESSAGES_REMEMBERED = 20_000
_BATCH = 4
"""Questions that a process takes at a time: under a second of work."""
Held = Literal["holds", "broken", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Question:
    """Where a move can be made: a slot that a flow asks, or after its outcome (`slot` is None)."""

    flow: Flow
    slot: str | None
    place: int
    """In the whole matrix; whose words are used depends on it."""

    @property
    def name(self) -> str:
        """For people, and for `--only`."""
        return f"{self.flow.title} / {slot_title(self.slot)}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One move at one question. `why` is the law that is broken, or what makes the move impossible here."""

    move: str
    held: Held
    why: str = ""
    talk: tuple[tuple[str, str], ...] = ()
    """The conversation that broke the law, as (who, text)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its cells, one for each move."""

    question: Question
    cells: tuple[Cell, ...]

    @property
    def broken(self) -> tuple[Cell, ...]:
        """The cells that do not hold."""
        return tuple(cell for cell in self.cells if cell.held == "broken")


def questions(only: str = "") -> list[Question]:
    """All questions whose name holds `only`, in the rules' order. TuidanError where there is none."""
    every = [(flow, slot) for flow in flows(NOW) for slot in _slots_of(flow)]
    found = [Question(flow, slot, place) for place, (flow, slot) in enumerate(every)]
    chosen = [question for question in found if only in question.name]
    if not chosen:
        raise TuidanError(f"no row of the matrix has {only!r} in its name")
    return chosen


def checked(asked: Sequence[Question], mind: Callable[[], Mind], jobs: int = 1) -> Iterator[Row]:
    """The rows in the order of the questions. `mind` builds the bot, once in every process.

    With more than one job it must be a module's function. Raises TuidanError where a process dies, and for
    a value that phrases.yaml has no words for.
    """
    if jobs == 1:
        quick = _remembering(mind)
        yield from (check(question, quick) for question in asked)
        return
    batches = [asked[start : start + _BATCH] for start in range(0, len(asked), _BATCH)]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        with interrupts_held():  # the processes never hear Ctrl-C: they end with their batch
            running = [pool.submit(_check_all, batch, mind) for batch in batches]
        try:
            for rows in running:
                yield from rows.result()
        except BrokenProcessPool:
            raise TuidanError("a process that checked the matrix has died; try without -j") from None
        finally:
            pool.shutdown(cancel_futures=True)


def check(question: Question, mind: Mind) -> Row:
    """One row of the matrix."""
    return Row(question, tuple(_cell(question, move, mind) for move in MOVES))


def _check_all(batch: Sequence[Question], mind: Callable[[], Mind]) -> list[Row]:
    return [check(question, _remembering(mind)) for question in batch]


@cache
def _remembering(mind: Callable[[], Mind]) -> Mind:
    """The bot, which understands a message that it has heard before without hearing it again."""
    whole = mind()
    return replace(whole, understand=lru_cache(maxsize=_MESSAGES_REMEMBERED)(whole.understand))


def _slots_of(flow: Flow) -> tuple[str | None, ...]:
    return (*flow.slots, None) if flow.ways_to_the_end() else flow.slots


def _cell(question: Question, move: Move, mind: Mind) -> Cell:
    """Not applicable where it is so on every way; broken where it is so on one, for one person."""
    flow, slot = question.flow, question.slot
    ways = flow.ways_to(slot) if slot else flow.ways_to_the_end()
    impossible: list[str] = []
    for way, person in product(ways, range(PERSONS)):
        probe = _probe(question, way, person, mind)
        try:
            move.law(probe)
        except NotApplicableError as error:
            impossible.append(str(error))
        except BrokenLawError as error:
            return Cell(move.name, "broken", str(error), tuple(probe.talks[-1].lines))
    if len(impossible) == len(ways) * PERSONS:
        return Cell(move.name, "not_applicable", impossible[0])
    return Cell(move.name, "holds")


def _probe(question: Question, way: Way, person: int, mind: Mind) -> Probe:
    slot = question.slot
    at = way.slots.index(slot) if slot else len(way.said)
    return Probe(
        mind=mind,
        now=NOW,
        wish=question.flow.wish,
        said=way.said,
        at=at,
        values=question.flow.values_of(slot, way.said[:at]) if slot else (),
        wording=Wording(question.place + person, product_of(way.said)),
    )
