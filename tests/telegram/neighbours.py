"""What else goes on on the machine while a bot is measured, so that it is not blamed for it."""

import asyncio
import os
import time
from pathlib import Path

from tests.telegram.judges import percentile

USUAL_SYNC = 0.02
"""Seconds that a write to the disk may take."""
SYNCS = 4
"""Writes that one answer may wait for: its own two, and others that were there first."""


class Neighbours:
    """Looks at how long the bot and its judge wait for a core, and at how long the disk takes."""

    def __init__(self, bot: int, folder: Path) -> None:
        """From now on; `bot` is the number of its process, `folder` where its database is."""
        self._pids = (bot, os.getpid())
        self._file = folder / "sync"
        self._before = [_scheduled(pid) for pid in self._pids]
        self._syncs: list[float] = []

    async def look(self) -> None:
        """Now and then."""
        self._syncs.append(await asyncio.to_thread(self._sync))

    def crowding(self) -> float:
        """How many times as long as it ran the bot or the judge waited for a core; 1 where that is nothing.

        Threads of a process wait for each other, too, about as long as they run.
        """
        shares = [1.0]
        for pid, (ran, waited) in zip(self._pids, self._before, strict=True):
            ran_now, waited_now = _scheduled(pid)
            shares.append((waited_now - waited) / max(ran_now - ran, 1))
        return max(shares)

    def slow_sync(self) -> float:
        """Seconds that 99 of 100 writes stayed under."""
        return percentile(self._syncs, 0.99)

    def allowed(self, waits: float, most: float) -> float:
        """What may be asked for here, where `most` seconds are the bar on a quiet machine.

        Of these it `waits` some on purpose, however long everything else takes.
        """
        disk = SYNCS * max(0.0, self.slow_sync() - USUAL_SYNC)
        return waits + (most - waits) * self.crowding() + disk

    def _sync(self) -> float:
        began = time.perf_counter()
        with self._file.open("wb") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return time.perf_counter() - began


def _scheduled(pid: int) -> tuple[int, int]:
    """Nanoseconds for which the process's threads ran, and for which they could have and did not."""
    ran = waited = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        on_core, in_line, _ = (task / "schedstat").read_text("ascii").split()
        ran, waited = ran + int(on_core), waited + int(in_line)
    return ran, waited
