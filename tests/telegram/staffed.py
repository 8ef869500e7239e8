"""A town with the staff's side at work: the real store, session, desk and sender, against a Bot API."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.types import Update

from bot.app import mind
from bot.channels.telegram.handling import Handling
from bot.channels.telegram.intake import Arrival, Intake
from bot.channels.telegram.pace import Limits, Pace
from bot.channels.telegram.person import PersonSide
from bot.channels.telegram.polling import poll
from bot.channels.telegram.requests import Request
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.staff.side import Staff
from bot.channels.telegram.writer import StoreThread
from bot.desk.hours import read_hours
from bot.desk.waiting import Patience
from bot.ops.metrics import Metrics
from bot.privacy import pseudonym
from bot.store.protocol import Desk
from bot.store.sqlite import SqliteStore
from tests.telegram.botapi import BOT, BotApi
from tests.telegram.chats import Json
from tests.telegram.town import STAFF_CHAT, Someone, Town, town

MORNING = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
"""A working Friday, within the hours."""
PATIENCE = timedelta(minutes=10)
T = TypeVar("T")


class Office:
    """What a test holds in hand. Its clock stands still but for `later`; nothing is paced."""

    def __init__(self, people: Town, api: BotApi, bot: Bot, store: SqliteStore, write: StoreThread) -> None:
        self.people, self.api, self.bot, self.store, self.write = people, api, bot, store, write
        self.time = MORNING
        self.metrics = Metrics()
        self.chats: tuple[int, ...] = (STAFF_CHAT,)

    def now(self) -> datetime:
        """The office's clock."""
        return self.time

    def later(self, span: timedelta) -> None:
        """Some time goes by."""
        self.time += span

    async def in_time(self, what: Coroutine[Any, Any, T]) -> T:
        """What it comes to, while time goes by: for what was put off."""
        waiting = asyncio.ensure_future(what)
        while not waiting.done():
            self.later(timedelta(seconds=10))
            await self.people.place.news(0.1)
        return await waiting

    async def desk(self, person: Someone) -> Desk | None:
        """The person's desk, as it is stored."""
        return await self.write(self.store.desks.desk, pseudonym(f"telegram-{person.user}"))

    async def events(self, person: Someone, kind: str) -> list[Json]:
        """The data of the conversation's events of one kind."""

        def read() -> list[Json]:
            stored = self.store.events(pseudonym(f"telegram-{person.user}"))
            return [dict(event.data) for event in stored if event.kind == kind]

        return await self.write(read)

    async def handed_over(self, name: str = "小明", *said: str) -> tuple[Someone, int]:
        """A person who asks for a person of the staff, and their topic with the card in it."""
        person = self.people.person(name)
        for text in (*said, "转人工"):
            await person.writes(text)
        await person.hears("排上队")

        async def shown() -> bool:
            desk = await self.desk(person)
            return desk is not None and desk.card_message is not None

        assert await self.people.until(shown), "the card never came"
        desk = await self.desk(person)
        assert desk is not None
        assert desk.topic is not None
        return person, desk.topic

    async def new_topic(self, person: Someone, old: int) -> int:
        """The person's topic, once it is another one than the old."""
        topic = None

        async def anew() -> bool:
            nonlocal topic
            desk = await self.desk(person)
            topic = desk.topic if desk else None
            return topic not in {None, old}

        assert await self.people.until(anew), "no topic was made anew"
        assert topic is not None
        return topic

    async def taken(self, agent: Someone, *said: str) -> tuple[Someone, int]:
        """A person whom this agent has claimed, and their topic."""
        person, topic = await self.handed_over("小明", *said)
        await (await agent.presses("接手", topic)).answered("好了")
        await person.hears("来了")
        return person, topic

    async def run(self) -> None:
        """What the service does, one update after the other, until it is cancelled."""
        store, write, bot = self.store, self.write, self.bot
        patience = Patience(PATIENCE, PATIENCE, read_hours("9:00-18:00"))
        staff = Staff(
            *(store, write, bot, self.chats, patience),
            wake=lambda: sender.wake(),  # noqa: PLW0108 - the sender is made next
            metrics=self.metrics,
            now=self.now,
        )
        limits = Limits(a_second=1000, burst=1000, group_a_minute=1000)
        sender = Sender(store, write, bot, staff, pace=Pace(limits), now=self.now)
        person = PersonSide(store, mind(), staff, self.metrics)
        asked: list[Request] = []
        handling = Handling(
            *(store, write, person, staff),
            make=asked.append,
            ring=lambda _: None,
            metrics=self.metrics,
            now=self.now,
        )
        intake = Intake(bot.id, str(BOT["username"]), staff.chats)

        def read(update: Update) -> Arrival | None:
            arrival = intake.read(update)
            staff.noticed(update)
            return arrival

        async def take(updates: Sequence[Update]) -> None:
            for arrival in filter(None, map(read, updates)):
                await write(handling.receive, arrival, self.now())
                await handling.handle(pseudonym(arrival.conversation))
                while asked:
                    await self._make(asked.pop(0))
                sender.wake()

        async with asyncio.TaskGroup() as parts:
            parts.create_task(poll(bot, take, lambda: None))
            parts.create_task(sender.run())
            parts.create_task(staff.run())

    async def _make(self, request: Request) -> None:
        with suppress(AiogramError):
            await self.bot(request)


@asynccontextmanager
async def office_at(
    path: Path, *, forum: bool = True, chats: tuple[int, ...] = (STAFF_CHAT,)
) -> AsyncIterator[Office]:
    """An office in a town, at work until the block ends."""
    async with town(forum=forum) as (people, api):
        for chat in chats:
            if chat != STAFF_CHAT:
                await people.place.add_group(chat, "客服", forum)
        session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
        async with Bot(api.token, session=session) as bot:
            write = StoreThread()
            store = await write(SqliteStore, path / "bot.db")
            office = Office(people, api, bot, store, write)
            office.chats = chats
            working = asyncio.create_task(office.run())
            try:
                yield office
                assert not working.done(), working.exception()
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                await write(store.close)
                write.close()
