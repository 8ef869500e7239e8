"""One look at the Bot API, which changes nothing there."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetChat, GetChatMember, TelegramMethod
from aiohttp import ClientError, ClientTimeout

from bot.config import clock
from bot.ops.seen import Seen, StaffChat, Webhook

SECONDS = 10
"""How long an answer is waited for."""


def look(token: str, api_url: str, staff_chats: tuple[int, ...], now: Callable[[], datetime] = clock) -> Seen:
    """Ask the Bot API about the bot; what goes wrong is told in the result, and holds no token."""
    return asyncio.run(_look(token, api_url, staff_chats, now))


async def _look(token: str, api_url: str, staff: tuple[int, ...], now: Callable[[], datetime]) -> Seen:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url), timeout=SECONDS)
    bot = Bot(token, session=session)
    try:
        me = await bot.get_me()
        webhook = await bot.get_webhook_info()
        return Seen(
            username=me.username or "",
            reads_all=bool(me.can_read_all_group_messages),
            webhook=Webhook(webhook.url, webhook.pending_update_count, webhook.last_error_message),
            staff=tuple([await _staff_chat(bot, chat, me.id) for chat in staff]),
            ahead=await _ahead(session, bot, now),
        )
    except (TelegramUnauthorizedError, TelegramNotFound):
        return Seen(fault="the token is refused", refused=True)
    except AiogramError as error:
        return Seen(fault=_words(error, token))
    finally:
        await session.close()


async def _staff_chat(bot: Bot, chat: int, me: int) -> StaffChat:
    try:
        found = await _answer(bot, GetChat(chat_id=chat))
        member = await _answer(bot, GetChatMember(chat_id=chat, user_id=me))
    except TelegramMigrateToChat as error:
        return StaffChat(chat, fault="the group has another id now", moved_to=error.migrate_to_chat_id)
    except AiogramError as error:
        return StaffChat(chat, fault=_words(error, bot.token))
    owner = member["status"] == "creator"
    return StaffChat(
        chat,
        title=found.get("title") or "",
        kind=found["type"],
        forum=bool(found.get("is_forum")),
        administrator=owner or member["status"] == "administrator",
        manages_topics=owner or bool(member.get("can_manage_topics")),
    )


async def _answer(bot: Bot, method: TelegramMethod[Any]) -> dict[str, Any]:
    """The answer as JSON: a Bot API of another version may leave out a field that aiogram insists on."""
    try:
        answer: dict[str, Any] = (await bot(method)).model_dump()
        return answer
    except ClientDecodeError as error:
        if isinstance(error.data, dict) and isinstance(error.data.get("result"), dict):
            return dict(error.data["result"])
        raise


async def _ahead(session: AiohttpSession, bot: Bot, now: Callable[[], datetime]) -> timedelta | None:
    """From the header `Date`, which has whole seconds; aiogram keeps headers to itself."""
    before = now()
    client = await session.create_session()
    try:
        async with client.get(
            session.api.api_url(bot.token, "getMe"), timeout=ClientTimeout(SECONDS)
        ) as answer:
            told = answer.headers.get("Date")
        return before + (now() - before) / 2 - parsedate_to_datetime(told) if told else None
    except (ClientError, TimeoutError, ValueError):
        return None


def _words(error: AiogramError, token: str) -> str:
    """Its first line: an address in it would hold the token."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].replace(token, "••••")[:200]
