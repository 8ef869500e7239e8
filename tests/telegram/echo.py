"""A bot as small as can be that keeps the promises the judges look for; or, on demand, breaks one.

It says back what it is told. Its tables are named as Tuidan's, so that the judges read both alike.
"""

import asyncio
import json
import os
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import web

TABLES = """
    CREATE TABLE IF NOT EXISTS updates (id INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS inbox (state TEXT);
    CREATE TABLE IF NOT EXISTS events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT, at TEXT, kind TEXT, data TEXT);
    CREATE TABLE IF NOT EXISTS outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT, target TEXT, body TEXT, state TEXT);
"""


class Echo:
    """The bot. `broken` is the promise that it breaks: `forgets`, `repeats`, `shuffles` or none."""

    def __init__(self, bot: Bot, database: Path, broken: str) -> None:
        self.bot = bot
        self.broken = broken
        self.db = sqlite3.connect(database)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.executescript(TABLES)
        self.work = asyncio.Event()
        self.work.set()

    def take(self, update: dict[str, Any]) -> None:
        """What an update does: an event and an answer, in one transaction, once."""
        shown, text = _shown(update)
        with self.db:
            new = self.db.execute("INSERT OR IGNORE INTO updates VALUES (?)", (update["update_id"],)).rowcount
            if shown is None or not (new or self.broken == "repeats"):
                return
            conversation = f"telegram-{shown['chat']['id']}"
            data = json.dumps({"update": str(update["update_id"]), "text": text})
            self.db.execute(
                "INSERT INTO events (conversation, at, kind, data) VALUES (?, '', 'shell.heard', ?)",
                (conversation, data),
            )
            body = {"text": text, "thread": shown.get("message_thread_id")}
            self.db.execute(
                "INSERT INTO outbox (conversation, target, body, state) VALUES (?, 'person', ?, 'waiting')",
                (conversation, json.dumps(body)),
            )
        self.work.set()

    async def poll(self) -> None:
        """Fetch and keep; the next offset acknowledges, and so comes after the commit."""
        offset = 0
        while True:
            try:
                updates = await self.bot.get_updates(offset=offset, timeout=10)
            except TelegramAPIError:
                await asyncio.sleep(0.05)
                continue
            for update in updates:
                if self.broken == "forgets":
                    asyncio.get_running_loop().call_later(0.3, self.take, update.model_dump(mode="json"))
                else:
                    self.take(update.model_dump(mode="json"))
                if update.callback_query:
                    with suppress(TelegramAPIError):  # answered before, or too old
                        await self.bot.answer_callback_query(update.callback_query.id, text="收到")
                offset = update.update_id + 1

    async def serve(self, url: str, port: int, secret: str) -> None:
        """The same by webhook."""

        async def pushed(request: web.Request) -> web.Response:
            if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != secret:
                return web.Response(status=401)
            self.take(await request.json())
            return web.Response()

        app = web.Application()
        app.router.add_post(urlsplit(url).path, pushed)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await self.bot.set_webhook(url, secret_token=secret)
        await asyncio.Event().wait()

    async def send(self) -> None:
        """Send what waits: chats side by side, one message after the other in each."""
        while True:
            await self.work.wait()
            self.work.clear()
            order = "DESC" if self.broken == "shuffles" else "ASC"
            rows = self.db.execute(
                f"SELECT seq, conversation, body FROM outbox WHERE state = 'waiting' ORDER BY seq {order}"
            ).fetchall()
            by_chat: dict[str, list[tuple[int, str]]] = {}
            for seq, conversation, body in rows:
                by_chat.setdefault(conversation, []).append((seq, body))
            await asyncio.gather(*(self._send_chat(chat, rows) for chat, rows in by_chat.items()))

    async def _send_chat(self, conversation: str, rows: list[tuple[int, str]]) -> None:
        markup = InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="再说一次", callback_data="v1:0")]]
        )
        for seq, stored in rows:
            body = json.loads(stored)
            try:
                await self.bot.send_message(
                    int(conversation.removeprefix("telegram-")),
                    body["text"],
                    message_thread_id=body["thread"],
                    reply_markup=markup,
                )
            except TelegramAPIError:
                self.work.set()
                return
            with self.db:
                self.db.execute("UPDATE outbox SET state = 'sent' WHERE seq = ?", (seq,))


def _shown(update: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    if query := update.get("callback_query"):
        return query["message"], f"你按了{query['data']}"
    message = update.get("edited_message") or update.get("message")
    said = (message or {}).get("text") or (message or {}).get("caption") or "（没有字）"
    return message, f"你{'改' if update.get('edited_message') else '说'}：{said}"


async def main() -> None:
    """Until SIGTERM."""
    env = {
        key.removeprefix("TUIDAN_"): value for key, value in os.environ.items() if key.startswith("TUIDAN_")
    }
    session = AiohttpSession(api=TelegramAPIServer.from_base(env["API_URL"]))
    async with Bot(env["TELEGRAM_TOKEN"], session=session) as bot:
        echo = Echo(bot, Path(env["DB"]), env.get("ECHO_BREAKS", ""))
        url = env.get("WEBHOOK_URL")
        intake = echo.serve(url, int(env["WEBHOOK_PORT"]), env["WEBHOOK_SECRET"]) if url else echo.poll()
        tasks = [asyncio.create_task(intake), asyncio.create_task(echo.send())]
        loop = asyncio.get_running_loop()
        for task in tasks:
            loop.add_signal_handler(signal.SIGTERM, lambda: [task.cancel() for task in tasks])
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled() and task.exception():
                raise task.exception()  # type: ignore[misc]


if __name__ == "__main__":
    asyncio.run(main())
