"""Starts of a bot without the seconds that its library takes to load: each is forked off a process that has.

The launcher: python -m tests.telegram.nursery MODULE ARGUMENTS…: for every line it is given it starts the
module once, as `python -m` would, and tells the number of the process and then how it ended.
"""

import asyncio
import importlib
import os
import runpy
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.telegram.process import ROOT, BotProcess

LOADED = "bot.channels.telegram.service"
LAUNCHER = (sys.executable, "-m", "tests.telegram.nursery")


class Nursery(BotProcess):
    """A bot that is started in no time, or `cold`: by its command, as everyone starts it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        super().__init__(command, environment, log)
        self.cold = 0
        """How many of the starts were."""
        self._launcher: Process | None = None
        self._child: int | None = None
        self._ended: asyncio.Task[int] | None = None

    @property
    def ended(self) -> int | None:
        """How it ended; None while it runs."""
        if self._ended is None:
            return super().ended
        return self._ended.result() if self._ended.done() else None

    async def start(self, *, cold: bool = False) -> None:
        """Once more; the one before has ended."""
        if cold:
            self._ended = None
            self.cold += 1
            await super().start()
            return
        if self._launcher is None:
            with self.log.open("ab") as log:
                self._launcher = await asyncio.create_subprocess_exec(
                    *(*LAUNCHER, *self.command[2:]),
                    cwd=ROOT,
                    env=self.environment,
                    stdin=PIPE,
                    stdout=PIPE,
                    stderr=log,
                )
        assert self._launcher.stdin
        self._launcher.stdin.write(b"start\n")
        self._child = await self._told()
        self._ended = asyncio.create_task(self._told())
        self.starts += 1

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self._ended is None:
            await super().kill()
            return
        assert self._child is not None
        if not self._ended.done():
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
        await self._ended

    async def _told(self) -> int:
        assert self._launcher
        assert self._launcher.stdout
        return int(await self._launcher.stdout.readline())

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
        if self._launcher is not None:
            self._launcher.kill()
            await self._launcher.wait()


def main() -> None:
    """Start whenever told to; one at a time."""
    importlib.import_module(LOADED)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            os.dup2(2, 1)
            sys.argv[:] = sys.argv[1:]
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
            return
        _tell(child)
        _tell(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
