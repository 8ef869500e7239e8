"""Long polling by hand: the next request is what acknowledges updates, and so comes after their commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import DeleteWebhook, GetUpdates
from aiogram.types import Update
from pydantic import ValidationError

from bot.channels.telegram.errors import fault
from bot.channels.telegram.intake import WANTED
from bot.channels.telegram.menu import until_done
from bot.errors import TuidanError
from bot.ops.logs import logger

HOLD_SECONDS = 25
"""How long Telegram holds a request while there is nothing to tell."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries, at most, while Telegram cannot be reached."""

Take = Callable[[Sequence[Update]], Awaitable[None]]


async def poll(bot: Bot, take: Take, beat: Callable[[], None]) -> None:
    """Fetch updates until cancelled, and have each batch taken in before the next is asked for.

    Cancelled in between, what was fetched and not taken in is delivered once more. `beat` is called each time
    round. TuidanError where the token is not good; what `take` raises passes through.
    """
    await until_done(bot, DeleteWebhook())  # while there is one, nothing can be fetched
    offset: int | None = None
    vain, conflict = 0, False
    while True:
        if not conflict:  # else nothing comes in, and whoever asks for the service's health is to know
            beat()
        try:
            updates, highest = await _fetch(bot, offset)
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise TuidanError("TUIDAN_TELEGRAM_TOKEN: Telegram refuses the token") from error
        except AiogramError as error:
            vain += 1
            wait = error.retry_after if isinstance(error, TelegramRetryAfter) else 0.1 * 2.0 ** min(vain, 9)
            conflict = isinstance(error, TelegramConflictError)
            said = fault(error, bot.token).error
            if conflict:
                logger().error(
                    "poll.conflict", error=f"another process fetches with this token: {said}", wait=wait
                )
            else:
                logger().warning("poll.failed", error=said, wait=wait)
            await asyncio.sleep(min(wait, LONGEST_PAUSE))
            continue
        vain, conflict = 0, False
        await take(updates)
        if highest is not None:
            offset = highest + 1


async def _fetch(bot: Bot, offset: int | None) -> tuple[list[Update], int | None]:
    """The updates, and the highest number of them all."""
    asked = GetUpdates(offset=offset, timeout=HOLD_SECONDS, allowed_updates=list(WANTED))
    try:
        updates = await bot(asked, request_timeout=HOLD_SECONDS + 10)
    except ClientDecodeError as error:
        return _readable(error)
    return updates, max((update.update_id for update in updates), default=None)


def _readable(error: ClientDecodeError) -> tuple[list[Update], int | None]:
    """One update that this version cannot read must not hold up the others for ever."""
    answer: Any = error.data
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        raise error
    updates: list[Update] = []
    for told in answer["result"]:
        try:
            updates.append(Update.model_validate(told))
        except ValidationError as wrong:
            logger().error("update.unreadable", update=told["update_id"], exc_info=wrong)
    return updates, max(told["update_id"] for told in answer["result"])
