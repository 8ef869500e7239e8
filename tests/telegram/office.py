"""A store on disk, a sender, and a clock that goes only where it is told to: where the sender is tried."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.channels.telegram import sender as module
from bot.channels.telegram.errors import Fault
from bot.channels.telegram.pace import Limits, Pace
from bot.channels.telegram.requests import Place
from bot.channels.telegram.sender import Sender
from bot.store.protocol import Outgoing
from bot.store.sqlite import SqliteStore
from tests.telegram.faults import (
    TOKEN,
    FaultyApi,
)

P = ParamSpec("P")
T = TypeVar("T")
WANG, LI, GROUP = 7, 8, -100


class Thread:
    """The store's one thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)

    async def __call__(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: act(*args, **kwargs))

    def end(self) -> None:
        self._pool.shutdown()


@dataclass
class Noted:
    """What the sender reports."""

    arrived_: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    troubles: list[tuple[int, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    put_off_: list[str] = field(default_factory=list)

    def asking(self, message: Outgoing) -> None:
        """Nothing to note."""

    def put_off(self, message: Outgoing, fault: Fault) -> None:
        self.put_off_.append(fault.meaning)

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        self.arrived_.append((at.chat, ids))

    def trouble(self, message: Outgoing, at: Place | None, fault: Fault) -> None:
        self.troubles.append((at.chat if at else 0, fault.meaning))
        self.errors.append(fault.error)


@dataclass
class Post:
    """A store with its outbox, a sender, and a clock that goes only where it is told to."""

    path: Path
    store: SqliteStore
    write: Thread
    sender: Sender
    noted: Noted
    clock: "Clock"

    async def post(self, chat: int, text: str, **body: object) -> int:
        """A message to a person."""
        name = f"telegram-{chat}"
        await self.write(self.store.outbox.set_address, name, "telegram", str(chat))
        return await self.write(self.store.outbox.post, name, {"text": text, **body}, self.clock.now())

    async def post_staff(self, target: str, body: dict[str, object], conversation: str = "telegram-7") -> int:
        return await self.write(self.store.outbox.post, conversation, body, self.clock.now(), target)

    async def drain(self, at_most: timedelta = timedelta(hours=30)) -> None:
        """Send until nothing waits, or so much time has passed."""
        end = self.clock.now() + at_most
        while self.clock.now() < end:
            pause = await self.sender.round()
            await self.sender.settle()
            if "waiting" not in self.states():
                return
            left = (end - self.clock.now()).total_seconds()
            self.clock.ahead(min(pause, left, self._until_next()))

    def _until_next(self) -> float:
        """Seconds until something that was postponed is tried again."""
        rows = self._read("SELECT not_before FROM outbox WHERE state = 'waiting' AND not_before > ''")
        waits = [(datetime.fromisoformat(time) - self.clock.now()).total_seconds() for (time,) in rows]
        return min((wait for wait in waits if wait > 0), default=module.IDLE_SECONDS)

    def states(self) -> list[str]:
        """What became of every message, in order."""
        return [state for state, _ in self.fates()]

    def fates(self) -> list[tuple[str, str | None]]:
        return self._read("SELECT state, error FROM outbox ORDER BY seq")

    def _read(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()


class Clock:
    """Goes on by a little at each look, as a clock does."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def ahead(self, seconds: float) -> None:
        self._seconds += seconds

    def seconds(self) -> float:
        self._seconds += 1e-6
        return self._seconds

    def now(self) -> datetime:
        return datetime.fromisoformat("2026-03-06T10:00:00+08:00") + timedelta(seconds=self.seconds())


@asynccontextmanager
async def office(
    path: Path, bot: Bot, clock: Clock | None = None, limits: Limits | None = None
) -> AsyncIterator[Post]:
    clock, write, noted = clock or Clock(), Thread(), Noted()
    store = await write(SqliteStore, path)
    sender = Sender(store, write, bot, noted, pace=Pace(limits), now=clock.now, seconds=clock.seconds)
    try:
        yield Post(path, store, write, sender, noted, clock)
    finally:
        await write(store.close)
        write.end()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Bot]:
    """A real bot, real HTTP."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    try:
        yield Bot(TOKEN, session=session)
    finally:
        await (await session.create_session()).close()


def with_api(path: Path, scene: Callable[[FaultyApi, Post], Awaitable[None]]) -> None:
    async def played() -> None:
        async with FaultyApi() as api, wire(api.url) as bot, office(path, bot) as post:
            await scene(api, post)

    asyncio.run(played())
