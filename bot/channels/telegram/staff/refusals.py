"""Whoever tries what only staff may, and only there, is refused; the log tells of every attempt alike."""

from collections.abc import Container

from aiogram.types import Update

from bot.channels.telegram.menu import COMMANDS
from bot.channels.telegram.staff.commands import NAMES
from bot.channels.telegram.staff.threads import read_command
from bot.ops.logs import logger

REFUSED = "staff.refused"
"""The event: `update`, the `chat` in which it was tried, the `command` (of a button, its act), the `reason`.

Reasons: `no_member`, `anonymous`, `foreign_chat`, `foreign_thread`, `foreign_message`, `forged` (no button of
the bot's carries this), `old` (no longer the newest card), and those of the desk (`bot.desk.result`).
"""


def log_refused(update: int, chat: int, reason: str, command: str) -> None:
    """Tell of the attempt that came with this update."""
    logger().warning(REFUSED, update=update, chat=chat, reason=reason, command=command)


def refused_elsewhere(update: Update, staff_chats: Container[int], name: str) -> bool:
    """Whether it is a command of the staff's in a chat that is not theirs; the log is told.

    It has no effect there, for it is not handled as one. `name` is the bot's: who calls another bot by theirs
    means nothing by it here.
    """
    message = update.message or update.edited_message
    command = read_command(message.text or "") if message else None
    if message is None or command is None or message.chat.id in staff_chats:
        return False
    called = command.bot is None or command.bot.lower() == name.lower()
    if not called or command.name not in NAMES or command.name in COMMANDS:
        return False
    log_refused(update.update_id, message.chat.id, "foreign_chat", command.name)
    return True
