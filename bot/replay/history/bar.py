"""How far a run has come, on standard error: a bar at a terminal, else a line now and then."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

SECONDS_APART = 10.0


class Bar(Protocol):
    """Told after every batch: conversations done in all, and turns run by this process."""

    def at(self, conversations: int, turns: int) -> None: ...


@dataclass(slots=True)
class Lines:
    """For a log: one line at a time, seldom."""

    total: int
    started: float
    last: float

    def at(self, conversations: int, turns: int) -> None:
        now = time.monotonic()
        if now - self.last >= SECONDS_APART:
            self.last = now
            rate = turns / (now - self.started)
            sys.stderr.write(
                f"{conversations:,} of {self.total:,} conversations, {rate:,.0f} turns a second\n"
            )
            sys.stderr.flush()


@contextmanager
def bar(total: int, done: int) -> Iterator[Bar]:
    """A bar over so many conversations, of which some were done in an earlier run."""
    if not sys.stderr.isatty():
        now = time.monotonic()
        yield Lines(total, now, now)
        return
    from rich.console import Console  # noqa: PLC0415 - a pipe pays nothing for it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("conversations"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, completed=done)
        started = time.monotonic()

        class _Bar:
            def at(self, conversations: int, turns: int) -> None:
                rate = turns / max(time.monotonic() - started, 0.001)
                progress.update(task, completed=conversations, description=f"{rate:,.0f} turns/s")

        yield _Bar()
