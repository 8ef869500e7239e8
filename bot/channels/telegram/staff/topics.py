"""One topic a conversation, in its staff group; in a group without topics, a thread of replies."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.methods import CreateForumTopic, DeleteForumTopic, SendMessage
from aiogram.types import LinkPreviewOptions

from bot.channels.telegram.errors import LONGEST_ERROR, fault
from bot.channels.telegram.format import messages
from bot.channels.telegram.requests import Request
from bot.channels.telegram.sender import REQUEST_SECONDS, Writer
from bot.desk.card import topic_title
from bot.desk.desk import StaffDesk
from bot.desk.record import last_card
from bot.desk.result import Refused
from bot.ops.logs import logger
from bot.store.protocol import ChannelStore, Desk

AGAIN_SECONDS = 5.0
"""How long a group is left alone where a topic could not be made in it; twice as long each time."""
LONGEST_REST = 300.0
TRIES_OF_A_GROUP = 2
"""After so many in vain, a group that has put the bot out is left alone, and others take who waits there."""
LEFT_ALONE = timedelta(minutes=10)
T = TypeVar("T")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to. Where the waiting for it is cancelled, it is still brought to its end."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def group_moved(desk: StaffDesk, old: int, new: int) -> None:
    """A staff group has become a supergroup: its conversations get topics there. In the store's thread."""
    if desk.group_moved(old, new):
        words = f"the group {old} has become {new}: put that into TUIDAN_STAFF_CHAT"
        logger().warning("staff.group_moved", chat=new, error=words)


class Topics:
    """Makes the topics that are missing. One task asks for them, so that no conversation gets two.

    Killed between Telegram's making a topic and our noting it, a second one is made: the Bot API can neither
    be asked which topics there are, nor told twice to make the same. So nothing short of a kill comes in
    between, and where it stays open whether one was made, the next try waits longer each time.
    """

    def __init__(
        self,
        store: ChannelStore,
        write: Writer,
        bot: Bot,
        desk: StaffDesk,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._write, self._bot, self._desk = store, write, bot, desk
        self._now, self._seconds = now, seconds
        self._rests: dict[str, float] = {}
        self._vain: dict[str, int] = {}
        """Tries in vain, by group."""

    async def make_missing(self) -> int:
        """Make those that can be made now; how many."""
        made = 0
        for desk in await self._write(self._desk.without_topic):
            chat = desk.staff_chat or ""
            if self._seconds() >= self._rests.get(chat, 0.0):
                made += await to_its_end(self._make(desk, int(chat)))
        return made

    async def _make(self, desk: Desk, chat: int) -> bool:
        title = await self._write(self._title, desk)
        try:
            topic = await self._topic(chat, title)
        except TelegramMigrateToChat as moved:
            await self._write(group_moved, self._desk, chat, moved.migrate_to_chat_id)
            return False
        except (TelegramAPIError, ClientDecodeError, OSError, TimeoutError) as error:
            self._vain[str(chat)] = tries = self._vain.get(str(chat), 0) + 1
            again = min(LONGEST_REST, AGAIN_SECONDS * 2.0 ** min(tries - 1, 9))
            pause = float(error.retry_after) if isinstance(error, TelegramRetryAfter) else again
            self._rests[str(chat)] = self._seconds() + pause
            found = fault(error, self._bot.token)
            logger().warning(
                "topic.not_made", conversation=desk.conversation, error=found.error, seconds=pause
            )
            if found.meaning == "blocked" and tries >= TRIES_OF_A_GROUP:
                now = self._now()
                await self._write(self._desk.unreachable, chat, now + LEFT_ALONE, now)
            return False
        self._vain.pop(str(chat), None)
        await self._write(self._desk.reachable, chat)
        done = await self._write(self._desk.topic_made, desk.conversation, topic, self._now())
        if isinstance(done, Refused):
            await self._remove(chat, topic)
            return False
        logger().info("topic.made", conversation=desk.conversation, number=desk.number, topic=topic)
        return True

    async def _topic(self, chat: int, title: str) -> int:
        try:
            return await self._number(CreateForumTopic(chat_id=chat, name=title), "message_thread_id")
        except (TelegramBadRequest, TelegramNotFound) as error:
            said = str(error)[:LONGEST_ERROR]
            if "forum" not in said:  # a plain group is no trouble; missing rights are
                logger().warning("topic.thread_instead", chat=chat, error=said)
        first = SendMessage(
            chat_id=chat,
            text=messages(title, marked=False)[0],
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return -await self._number(first, "message_id")

    async def _number(self, method: Request, name: str) -> int:
        try:
            return int(getattr(await self._bot(method, request_timeout=REQUEST_SECONDS), name))
        except ClientDecodeError as error:  # a Bot API of another version: it was made all the same
            if isinstance(error.data, dict) and name in (error.data.get("result") or {}):
                return int(error.data["result"][name])
            raise

    async def _remove(self, chat: int, topic: int) -> None:
        if topic > 0:
            try:
                await self._bot(DeleteForumTopic(chat_id=chat, message_thread_id=topic))
            except (TelegramAPIError, OSError, TimeoutError) as error:
                logger().warning("topic.not_removed", chat=chat, error=fault(error, self._bot.token).error)

    def _title(self, desk: Desk) -> str:
        return topic_title(desk, last_card(self._store, desk.conversation))
