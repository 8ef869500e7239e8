"""What Telegram is told and asked about the bot itself."""

import asyncio
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, SendChatAction, SetMyCommands, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, User

from bot.channels.telegram.errors import fault
from bot.channels.telegram.wording import say
from bot.errors import TuidanError
from bot.ops.logs import logger

COMMANDS = ("start", "new", "human", "help", "privacy", "forget")
LONGEST_PAUSE = 30.0
T = TypeVar("T")


async def introduced(bot: Bot) -> User:
    """The bot's own account, once Telegram answers; people are shown the bot's commands from then on.

    TuidanError where the token is not good.
    """
    me = await until_done(bot, GetMe())
    commands = [BotCommand(command=name, description=say(f"menu.{name}")) for name in COMMANDS]
    try:
        await bot(SetMyCommands(commands=commands, scope=BotCommandScopeAllPrivateChats()))
    except AiogramError as error:  # people can be answered without a menu
        logger().warning("menu.not_set", error=fault(error, bot.token).error)
    return me


async def until_done(bot: Bot, request: TelegramMethod[T]) -> T:
    """Ask until there is an answer: a service may start before its network does."""
    tries = 0
    while True:
        try:
            return await bot(request, request_timeout=10)
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise TuidanError("TUIDAN_TELEGRAM_TOKEN: Telegram refuses the token") from error
        except AiogramError as error:
            tries += 1
            # It will say so for ever, unless it is the name of a host that is not known yet.
            if isinstance(error, TelegramBadRequest) and "resolve" not in error.message:
                raise TuidanError(f"Telegram refuses {request.__api_method__}: {error.message}") from error
            wait = min(LONGEST_PAUSE, 0.1 * 2.0 ** min(tries, 9))
            if isinstance(error, TelegramRetryAfter):
                wait = float(error.retry_after)
            logger().warning("telegram.unreachable", error=fault(error, bot.token).error, wait=wait)
            await asyncio.sleep(wait)


def typing(chat: int) -> TelegramMethod[Any]:
    """Shows the person that an answer is on its way."""
    return SendChatAction(chat_id=chat, action=ChatAction.TYPING)
