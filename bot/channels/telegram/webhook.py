"""The webhook: Telegram delivers here, and is answered 200 only after the commit."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.methods import SetWebhook
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from bot.channels.telegram.intake import WANTED
from bot.channels.telegram.menu import until_done
from bot.channels.telegram.polling import Take
from bot.errors import TuidanError
from bot.ops.logs import logger
from bot.ops.metrics import Metrics

LONGEST_BODY = 1_000_000
"""Bytes of an update; Telegram's have a few thousand."""
SLOWEST_BODY = 10.0
"""Seconds in which an update must have come in."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
BEAT_SECONDS = 10.0
SHUTDOWN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where updates come in: `url` as Telegram has it, `host` and `port` as its proxy has it."""

    url: str
    secret: str
    host: str
    port: int


@asynccontextmanager
async def listening(where: Listening, take: Take, metrics: Metrics) -> AsyncIterator[None]:
    """Take updates in while the block runs. TuidanError where the port cannot be had.

    Telegram goes on delivering to the address afterwards, and tries again until the next start.
    """
    app = web.Application(client_max_size=LONGEST_BODY)
    app.router.add_post(urlsplit(where.url).path or "/", _Door(where.secret, take).deliver)
    app.router.add_get("/healthz", _health(metrics))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, where.host, where.port).start()
        except OSError as error:
            reason = error.strerror or error
            raise TuidanError(f"TUIDAN_WEBHOOK_PORT: {where.host}:{where.port}: {reason}") from error
        yield
    finally:
        await runner.cleanup()


async def announced(where: Listening, bot: Bot, beat: Callable[[], None]) -> None:
    """Have Telegram deliver there; then tell now and then that the loop comes round, until cancelled.

    TuidanError where the token is not good.
    """
    asked = SetWebhook(url=where.url, secret_token=where.secret, allowed_updates=list(WANTED))
    await until_done(bot, asked)
    while True:
        beat()
        await asyncio.sleep(BEAT_SECONDS)


class _Door:
    def __init__(self, secret: str, take: Take) -> None:
        self._secret, self._take = secret.encode(), take

    async def deliver(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            logger().warning("webhook.refused", reason="secret")
            return web.Response(status=401)
        try:
            async with asyncio.timeout(SLOWEST_BODY):
                body = await request.read()  # 413 where it is too long
        except TimeoutError:
            return web.Response(status=408)
        try:
            update = Update.model_validate_json(body)
        except ValidationError as error:
            # An update that this version cannot read would be delivered again for a day, before all others.
            logger().error("update.unreadable", exc_info=error)
            return web.Response()
        # Telegram may hang up while the commit is under way: it is brought to its end all the same.
        await asyncio.shield(asyncio.ensure_future(self._take([update])))
        return web.Response()


def _health(metrics: Metrics) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def health(_: web.Request) -> web.StreamResponse:
        alive = metrics.alive()
        return web.Response(status=200 if alive else 503, text="OK\n" if alive else "stuck\n")

    return health
