"""Which conversation a message or a button in a staff group is about.

In a forum a conversation has a topic. Elsewhere it has a thread of replies, whose number is that of its first
message, below zero: staff answer any message of the thread.
"""

import re
from dataclasses import dataclass

from aiogram.types import InaccessibleMessage, Message

from bot.store.protocol import ChannelStore, Desk

_COMMAND = re.compile(r"/([a-z]{1,32})(?:@(\w{1,64}))?(?:\s+(.*))?", re.ASCII | re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """A line that begins with a slash. `bot` is the user name that it calls, if any."""

    name: str
    bot: str | None
    rest: str


def read_command(text: str) -> Command | None:
    """The command that a message is; None where it is none."""
    found = _COMMAND.fullmatch(text.strip())
    return Command(found[1].lower(), found[2], (found[3] or "").strip()) if found else None


def desk_of_message(store: ChannelStore, message: Message) -> Desk | None:
    """The desk in whose topic or thread of replies the message was written."""
    chat = str(message.chat.id)
    if message.is_topic_message and message.message_thread_id:
        return store.desks.at_topic(chat, message.message_thread_id)
    if message.reply_to_message is None:
        return None
    shown = store.desks.mirrored(chat, message.reply_to_message.message_id)
    desk = store.desks.desk(shown.conversation) if shown else None
    return desk if desk and desk.staff_chat == chat and (desk.topic or 0) < 0 else None


def why_not_under(
    store: ChannelStore, desk: Desk, message: Message | InaccessibleMessage, bot: int
) -> str | None:
    """Why a button of the desk cannot have been pressed under this message; None where it can.

    `old` is a button that was there before the desk's newest card.
    """
    chat = str(message.chat.id)
    if desk.staff_chat != chat:
        return "foreign_chat"
    shown = store.desks.mirrored(chat, message.message_id)
    if shown is not None and shown.conversation != desk.conversation:
        return "foreign_message"
    if isinstance(message, Message):
        if message.from_user is None or message.from_user.id != bot:
            return "foreign_message"
        in_topic = message.is_topic_message and message.message_thread_id
        if (desk.topic or 0) > 0 and in_topic != desk.topic:
            return "foreign_thread"
        if shown is None and (desk.topic or 0) <= 0:
            return "foreign_message"
    elif shown is None:
        return "foreign_message"
    if desk.card_message is not None and message.message_id < desk.card_message:
        return "old"
    return None
