"""Who is of the staff: the members of the configured groups, and nobody else."""

import time
from collections import OrderedDict
from collections.abc import Callable, Container
from math import ceil

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.methods import GetChatMember
from aiogram.types import User

REMEMBERED_SECONDS = 120.0
"""How long Telegram's answer counts where it tells of no changes: who leaves can act no longer than that.

It tells a bot that is an administrator.
"""
PEOPLE_KEPT = 1_000


class Gate:
    """Asks Telegram whether somebody is a member of a staff group, and remembers it for a while."""

    def __init__(
        self, bot: Bot, chats: Container[int], *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.chats = chats
        self._bot, self._seconds = bot, seconds
        self._known: OrderedDict[tuple[int, int], tuple[bool, float]] = OrderedDict()
        self._changes = 0
        self._held_until = float("-inf")
        """While Telegram wants to be asked nothing more: whoever asks on is made to wait longer."""

    async def is_member(self, chat: int, user: int) -> bool:
        """Whether the user is in this staff group; False of any other chat, which is not asked about.

        Errors of the Bot API pass through where they leave it open.
        """
        if chat not in self.chats:
            return False
        known = self._known.get((chat, user))
        if known and self._seconds() < known[1]:
            return known[0]
        asked = GetChatMember(chat_id=chat, user_id=user)
        if (left := self._held_until - self._seconds()) > 0:
            raise TelegramRetryAfter(method=asked, message="not asked yet", retry_after=ceil(left))
        before = self._changes
        try:
            found = await self._ask(asked)
        except TelegramRetryAfter as error:
            self._held_until = self._seconds() + error.retry_after
            raise
        if self._changes != before:
            return await self.is_member(chat, user)  # it may be of before the change
        self._known[chat, user] = (found, self._seconds() + REMEMBERED_SECONDS)
        self._known.move_to_end((chat, user))
        if len(self._known) > PEOPLE_KEPT:
            self._known.popitem(last=False)
        return found

    def changed(self, chat: int, user: int) -> None:
        """The user has joined, left or been given other rights: Telegram is asked anew."""
        self._changes += 1
        self._known.pop((chat, user), None)

    async def _ask(self, asked: GetChatMember) -> bool:
        try:
            found = await self._bot(asked)
        except TelegramMigrateToChat as moved:  # who wrote there before is asked about where they are now
            return await self._ask(asked.model_copy(update={"chat_id": moved.migrate_to_chat_id}))
        except (TelegramBadRequest, TelegramForbiddenError):
            return False
        except ClientDecodeError as error:  # a Bot API of another version may leave out a field
            told = error.data.get("result") if isinstance(error.data, dict) else None
            if not isinstance(told, dict) or "status" not in told:
                raise
            return inside(str(told["status"]), told.get("is_member", False))
        return inside(found.status, getattr(found, "is_member", False))


def agent_id(user: User) -> str:
    """How the desk names a user who acts as one of the staff."""
    return f"telegram-{user.id}"


def inside(status: str, restricted_member: object) -> bool:
    """Whether somebody of this status is in the group; who is restricted may or may not be."""
    if status == "restricted":
        return bool(restricted_member)
    return status in {"creator", "administrator", "member"}
