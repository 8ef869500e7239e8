"""The one thread in which the store is opened, used and closed: a SQLite connection belongs to a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class StoreThread:
    """Runs one thing after the other, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def __call__(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it there, and wait for what it returns. It is done to its end even if the wait is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(act, *args, **kwargs))

    def close(self) -> None:
        """Wait for what is still to be done."""
        self._pool.shutdown()
