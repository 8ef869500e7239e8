"""Runs dialogues one after the other, or in several processes; the results are the same."""

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context, resource_tracker
from typing import ClassVar

from bot.errors import TuidanError
from bot.replay.runner import Result, run
from bot.replay.suite import Dialogue
from bot.session import Mind

_BATCH = 16
"""Dialogues that a process takes at a time: some ten milliseconds of work."""


def run_all(
    dialogues: Sequence[Dialogue], mind: Callable[[], Mind], jobs: int = 1
) -> Generator[Result, None, None]:
    """The results in the order of the dialogues, each as soon as it and those before it are there.

    `mind` builds the bot, once in every process; with more than one job it must be a module's function (or a
    `partial` of one), since it goes to processes that start afresh. Whoever has seen enough closes the
    iterator: what was not begun is not run. Raises TuidanError where a process dies.
    """
    jobs = min(jobs, -(-len(dialogues) // _BATCH))
    if jobs > 1:
        return run_apart(dialogues, mind, jobs)
    return _here(dialogues, mind)


def _here(dialogues: Sequence[Dialogue], mind: Callable[[], Mind]) -> Generator[Result, None, None]:
    parts = mind()
    for dialogue in dialogues:
        yield run(dialogue, parts)


def run_apart(
    dialogues: Sequence[Dialogue], mind: Callable[[], Mind], jobs: int
) -> Generator[Result, None, None]:
    """As `run_all`, but never in this process, whose data files may be others than those `mind` loads."""
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _Process.begin, (mind,)) as pool:
        batches = [dialogues[start : start + _BATCH] for start in range(0, len(dialogues), _BATCH)]
        with interrupts_held():
            running = [pool.submit(_Process.run, batch) for batch in batches]
        try:
            for batch in running:
                yield from batch.result()
        except BrokenProcessPool:
            raise TuidanError("a process that ran dialogues has died; try without -j") from None
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Ctrl-C waits until the block ends; processes started in it hear it once they can leave quietly."""
    resource_tracker.ensure_running()  # started within the block, it would let signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process:
    """What one process of several holds: how to build the bot, and the bot."""

    make: ClassVar[Callable[[], Mind]]

    @classmethod
    def begin(cls, make: Callable[[], Mind]) -> None:
        """Ctrl-C ends the process at once; the one that started it tells the person."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        cls.make = make

    @classmethod
    @cache
    def mind(cls) -> Mind:
        return cls.make()

    @classmethod
    def run(cls, batch: Sequence[Dialogue]) -> list[Result]:
        return [run(dialogue, cls.mind()) for dialogue in batch]
