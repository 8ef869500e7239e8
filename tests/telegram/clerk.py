"""A desk as small as can be, for judging the judges: one topic a person, claimed once, by staff alone.

`TUIDAN_ECHO_BREAKS` names a promise to break: `both` may claim, it `talks` on after a claim, it `trusts`
all, or `keeps_quiet` of those who write to persons and are none of the staff.
"""

import asyncio
import json
import os
import sqlite3
import sys
from pathlib import Path

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

TABLES = """
    CREATE TABLE events (conversation TEXT, kind TEXT);
    CREATE TABLE outbox (seq INTEGER PRIMARY KEY, conversation TEXT, target TEXT, body TEXT, epoch INTEGER);
    CREATE TABLE desks (conversation TEXT PRIMARY KEY, state TEXT, epoch INTEGER, agent TEXT, agent_name TEXT,
                        staff_chat TEXT, topic INTEGER);
"""


class Clerk:
    """The bot. Updates are handled side by side, as a real one does."""

    def __init__(self, bot: Bot, database: Path, groups: list[int], broken: str) -> None:
        self.bot = bot
        self.groups = groups
        self.broken = broken
        self.db = sqlite3.connect(database, isolation_level=None)
        self.db.executescript(TABLES)

    async def poll(self) -> None:
        """For ever."""
        offset = 0
        async with asyncio.TaskGroup() as tasks:
            while True:
                for update in await self.bot.get_updates(offset=offset, timeout=10):
                    offset = update.update_id + 1
                    if update.message:
                        tasks.create_task(self.heard(update.update_id, update.message))
                    elif update.callback_query:
                        tasks.create_task(self.pressed(update.update_id, update.callback_query))

    async def heard(self, update: int, message: Message) -> None:
        """A person's word is answered until someone has claimed; that of staff goes to the person."""
        if (message.text or "").startswith("/") and not (message.text or "").startswith("//"):
            _refuse(update)  # it knows no commands
            return
        if message.chat.id in self.groups:
            await self._from_staff(update, message)
        if message.chat.type != "private":
            return
        conversation = f"telegram-{message.chat.id}"
        row = self._desk(conversation)
        if row is None and message.text == "转人工":
            await self._queue(message.chat.id, conversation)
        elif row is None or row[0] == "queued" or self.broken == "talks":
            said = f'{{"text": "机器人说：{message.text}"}}'
            self.db.execute("INSERT INTO outbox VALUES (NULL, ?, 'person', ?, 0)", (conversation, said))
            await asyncio.sleep(0)
            now = self._desk(conversation)
            if now is None or now[1] == 0 or self.broken == "talks":
                await self.bot.send_message(message.chat.id, f"机器人说：{message.text}")

    async def _queue(self, chat: int, conversation: str) -> None:
        group = self.groups[chat % len(self.groups)]
        topic = await self.bot.create_forum_topic(group, f"#{chat} 退票")
        self.db.execute(
            "INSERT INTO desks VALUES (?, 'queued', 0, NULL, NULL, ?, ?)",
            (conversation, group, topic.message_thread_id),
        )
        buttons = [
            InlineKeyboardButton(text=label, callback_data=f"{act}:{chat}")
            for label, act in (("接手", "claim"), ("结案", "close"))
        ]
        markup = InlineKeyboardMarkup(inline_keyboard=[buttons])
        await self.bot.send_message(
            group, "卡片", message_thread_id=topic.message_thread_id, reply_markup=markup
        )

    async def pressed(self, update: int, press: CallbackQuery) -> None:
        """A claim or the end, by one of the staff, from the topic of that person."""
        act, _, chat = (press.data or "").partition(":")
        conversation = f"telegram-{chat}"
        desk = self._desk(conversation)
        if desk is None or not (await self._staff(press, desk[4]) or self.broken == "trusts"):
            _refuse(update)
            await press.answer("不行").as_(self.bot)
            return
        if act == "claim":
            await press.answer(self._claim(update, conversation, press, desk)).as_(self.bot)
        elif act == "close" and desk[2] == str(press.from_user.id):
            self.db.execute("UPDATE desks SET state = 'closed' WHERE conversation = ?", (conversation,))
            await press.answer("结案了").as_(self.bot)
        else:
            _refuse(update)
            await press.answer("不是您的").as_(self.bot)

    def _claim(
        self, update: int, conversation: str, press: CallbackQuery, seen: tuple[str, int, str, str, str, int]
    ) -> str:
        desk = seen if self.broken == "both" else self._desk(conversation)
        assert desk is not None
        if desk[0] != "queued":
            _refuse(update)
            return f"已经由 {desk[3]} 接手了"
        self.db.execute(
            "UPDATE desks SET state = 'human', epoch = epoch + 1, agent = ?, agent_name = ?"
            " WHERE conversation = ?",
            (str(press.from_user.id), press.from_user.first_name, conversation),
        )
        self.db.execute("INSERT INTO events VALUES (?, 'desk.claimed')", (conversation,))
        said = f'{{"text": "{press.from_user.first_name}来了"}}'
        self.db.execute("INSERT INTO outbox VALUES (NULL, ?, 'person', ?, 1)", (conversation, said))
        return "归您了"

    async def _staff(self, press: CallbackQuery, group: str) -> bool:
        here = press.message is not None and press.message.chat.id == int(group)
        return here and await self._member(int(group), press.from_user.id)

    async def _member(self, group: int, user: int) -> bool:
        member = await self.bot.get_chat_member(group, user)
        return member.status in {"member", "administrator", "creator"}

    async def _from_staff(self, update: int, message: Message) -> None:
        row = self.db.execute(
            "SELECT conversation, agent FROM desks WHERE staff_chat = ? AND topic = ? AND state = 'human'",
            (str(message.chat.id), message.message_thread_id),
        ).fetchone()
        if (message.text or "").startswith("//"):
            return
        user = message.from_user.id if message.from_user else 0
        if row and (str(user) == row[1] or self.broken == "trusts"):
            await self.bot.send_message(int(row[0].partition("-")[2]), message.text or "")
        elif not await self._member(message.chat.id, user) and self.broken != "keeps_quiet":
            _refuse(update)

    def _desk(self, conversation: str) -> tuple[str, int, str, str, str, int] | None:
        row: tuple[str, int, str, str, str, int] | None = self.db.execute(
            "SELECT state, epoch, agent, agent_name, staff_chat, topic FROM desks WHERE conversation = ?",
            (conversation,),
        ).fetchone()
        return row


def _refuse(update: int) -> None:
    sys.stderr.write(json.dumps({"event": "staff.refused", "update": update}) + "\n")


async def main() -> None:
    """Until it is killed."""
    env = {
        key.removeprefix("TUIDAN_"): value for key, value in os.environ.items() if key.startswith("TUIDAN_")
    }
    session = AiohttpSession(api=TelegramAPIServer.from_base(env["API_URL"]))
    groups = [int(group) for group in env["STAFF_CHAT"].split(",")]
    async with Bot(env["TELEGRAM_TOKEN"], session=session) as bot:
        await Clerk(bot, Path(env["DB"]), groups, env.get("ECHO_BREAKS", "")).poll()


if __name__ == "__main__":
    asyncio.run(main())
