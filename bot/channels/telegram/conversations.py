"""Conversations side by side, each strictly in order: one task for each in which something waits."""

import asyncio
from collections.abc import Awaitable, Callable

QUIET_SECONDS = 0.3
"""So long nothing more may come from a person for their message to be answered: several in a row are one."""
WRITING_ON_SECONDS = 0.5
"""The same once a second message has come: who writes in pieces has more of them."""
LONGEST_BURST = 1.2
"""Seconds after which a person is answered though they keep writing."""


class Conversations:
    """Has whatever waits in a conversation handled, by `handle`, which tells whether something waits on."""

    def __init__(self, handle: Callable[[str], Awaitable[bool]], *, quiet: float = QUIET_SECONDS) -> None:
        self._handle, self._quiet = handle, quiet
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._rung: dict[str, asyncio.Event] = {}
        self._hurried: set[str] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __len__(self) -> int:
        """How many there are in which something waits."""
        return len(self._tasks)

    def ring(self, conversation: str, *, at_once: bool) -> None:
        """Something has come in; `at_once` where it is not worth waiting for more."""
        if at_once:
            self._hurried.add(conversation)
        if conversation in self._rung:
            self._rung[conversation].set()
            return
        self._rung[conversation] = asyncio.Event()
        self._rung[conversation].set()
        task = asyncio.create_task(self._serve(conversation))
        self._tasks[conversation] = task
        task.add_done_callback(self._ended)

    async def failure(self) -> None:
        """Wait for the first that fails, and raise what it raised."""
        await self._failed

    async def settle(self) -> None:
        """Wait until nothing waits; nobody is waited for any more to write on."""
        self._quiet = 0.0
        for event in self._rung.values():
            event.set()
        while self._tasks and not self._failed.done():
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _serve(self, conversation: str) -> None:
        rung = self._rung[conversation]
        try:
            while rung.is_set():
                await self._calm(conversation, rung)
                self._hurried.discard(conversation)
                rung.clear()
                if await self._handle(conversation):
                    self.ring(conversation, at_once=True)
        finally:
            del self._rung[conversation], self._tasks[conversation]

    async def _calm(self, conversation: str, rung: asyncio.Event) -> None:
        clock = asyncio.get_running_loop().time
        end, quiet = clock() + LONGEST_BURST, self._quiet
        while self._quiet and conversation not in self._hurried:
            rung.clear()
            try:
                # Not wait_for: on Python 3.11 it may swallow a cancellation that comes just as the wait ends.
                async with asyncio.timeout(min(quiet, end - clock())):
                    await rung.wait()
            except TimeoutError:
                return
            quiet = max(quiet, WRITING_ON_SECONDS)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            self._failed.set_exception(error)
