"""The service in this process, at the Bot API written here, with a clock that a test sets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from pydantic import SecretStr

from bot.app import channel_store, mind
from bot.channels.telegram.pace import Limits, Pace
from bot.channels.telegram.service import Service
from bot.channels.telegram.writer import StoreThread
from bot.config import SHANGHAI
from bot.ops.metrics import Metrics
from bot.settings import Settings
from bot.store.protocol import ChannelStore
from tests.telegram.botapi import BOT, BotApi

MORNING = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        """So much later."""
        self.at += span


class AtWork:
    """A running service, and what a test may look at."""

    def __init__(self, store: ChannelStore, write: StoreThread, metrics: Metrics) -> None:
        self.store, self.write, self.metrics = store, write, metrics


@asynccontextmanager
async def at_work(
    api: BotApi, database: Path, clock: Clock | None = None, port: int | None = None, **more: object
) -> AsyncIterator[AtWork]:
    """The service, until the block ends; then it is drained. With a port it has a webhook, without https."""
    settings = Settings.model_validate({"telegram_token": SecretStr(api.token), "api_url": api.url, **more})
    if port is not None:
        url, secret = f"http://127.0.0.1:{port}/hook", SecretStr("s" * 32)
        hook = {"webhook_url": url, "webhook_secret": secret, "webhook_port": port}
        settings = settings.model_copy(update=hook)
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    write, metrics, ended = StoreThread(), Metrics(), asyncio.Event()
    async with Bot(api.token, session=session) as bot:
        store = await write(channel_store, database)
        service = Service(
            settings,
            bot,
            store,
            write,
            metrics,
            own_mind=mind(),
            me=(BOT["id"], BOT["username"]),
            pace=Pace(Limits(burst=50)),
            now=clock or Clock(),
        )
        running = asyncio.create_task(service.run(ended))
        try:
            yield AtWork(store, write, metrics)
        finally:
            ended.set()
            await running
            await write(store.close)
            write.close()
