"""Running a whole history again: batch by batch, in order, in one process or several, in bounded memory."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import ClassVar

from bot.errors import TuidanError
from bot.replay.history.again import run_again
from bot.replay.history.found import Batch, Changed
from bot.session import Mind
from bot.store.protocol import Store

BATCH = 40
"""Conversations that are run, and written down, at once: what a kill loses."""
AHEAD = 3
"""Batches that wait for each process."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How each process comes by its own mind and its own view of the history; both can be pickled."""

    mind: Callable[[], Mind]
    history: Callable[[], Store]


def batches(
    parts: Parts, history: Store, since: datetime | None, after: str | None, processes: int
) -> Iterator[Batch]:
    """All conversations used since the time whose id comes after `after`, run again, in the order of ids."""
    ids = (conversation.id for conversation in history.conversations(since, after))
    pieces = iter(lambda: list(islice(ids, BATCH)), [])
    if processes > 1:
        return _side_by_side(parts, pieces, processes)
    mind = parts.mind()
    return (run_batch(piece, history, mind) for piece in pieces)


def run_batch(ids: list[str], history: Store, mind: Mind) -> Batch:
    """Run these conversations again. One that has been erased meanwhile is passed over."""
    conversations = turns = 0
    left_out: dict[str, tuple[int, int]] = {}
    changed: list[Changed] = []
    for id_ in ids:
        conversation = history.conversation(id_)
        if conversation is None:
            continue
        rerun = run_again(conversation, history, mind)
        conversations += 1
        turns += rerun.turns
        changed += rerun.changed
        for reason, count in rerun.left_out.items():
            before = left_out.get(reason, (0, 0))
            left_out[reason] = (before[0] + 1, before[1] + count)
    return Batch(ids[-1], conversations, turns, left_out, tuple(changed))


def _side_by_side(parts: Parts, pieces: Iterator[list[str]], processes: int) -> Iterator[Batch]:
    """Results come in the order of the pieces, and few pieces wait, however many there are."""
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _Process.begin, (parts,))
    waiting: deque[Future[Batch]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(_Process.run, piece))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise TuidanError("a process of the run has ended before its time; go on with --resume") from error
    finally:
        pool.shutdown(cancel_futures=True)


class _Process:
    """What one process of several holds."""

    mind: ClassVar[Mind]
    history: ClassVar[Store]

    @classmethod
    def begin(cls, parts: Parts) -> None:
        """Ctrl-C is the parent's business, and its death is the process's own, however it died."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Thread(target=_die_with_parent, daemon=True).start()
        cls.mind, cls.history = parts.mind(), parts.history()

    @classmethod
    def run(cls, ids: list[str]) -> Batch:
        """Run one batch."""
        return run_batch(ids, cls.history, cls.mind)


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
