"""The bot under test, as the process that it will be."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent.parent
TUIDAN = (sys.executable, "-m", "bot", "telegram")
ECHO = (sys.executable, "-m", "tests.telegram.echo")
CLERK = (sys.executable, "-m", "tests.telegram.clerk")
LONGEST_START = 30.0


def settings(url: str, token: str, **more: str) -> dict[str, str]:
    """The environment of a bot that talks to this Bot API; names without their TUIDAN_."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("TUIDAN_")}
    own = {"TELEGRAM_TOKEN": token, "API_URL": url, **more}
    return inherited | {f"TUIDAN_{key}": value for key, value in own.items()}


class BotProcess:
    """Use as `async with BotProcess(command, environment, log) as bot`; ended at the end, however it goes."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, core: int | None = None
    ) -> None:
        self.command = command
        self.environment = environment
        self.log = log
        self.core = core
        self.starts = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Once more. What it prints goes to the log."""
        pinned = ("taskset", "-c", str(self.core)) if self.core is not None else ()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *pinned, *self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.starts += 1

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def drain(self, seconds: float = 20.0) -> int:
        """SIGTERM, and how it ended."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    def memory(self) -> int:
        """Bytes of its resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
