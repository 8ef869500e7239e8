"""An update as it is taken in: whose conversation it belongs to, and what of it is kept until its turn."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, Update
from aiogram.utils.serialization import deserialize_telegram_object_to_python

from bot.privacy import pseudonym
from bot.store.protocol import Json

CHANNEL = "telegram"
WANTED = ("message", "edited_message", "callback_query", "chat_member")
"""Kinds of updates that the Bot API is asked for; the last tells who joins and leaves the staff groups."""
PASSED_ON = (
    *("photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker"),
    *("location", "venue", "contact", "poll", "dice"),
    *("story", "checklist", "paid_media", "game", "giveaway", "invoice"),
)
"""What a message may hold that is no text, and can be shown to the staff as it is."""
MOVING = ("location", "poll")
"""What messengers edit by themselves: a live location tells of every step."""
_NAME_ENDS = r"(?![A-Za-z0-9_])"
"""Not `\\b`, for which a Chinese character behind the name would be a part of it."""
Kind = Literal["message", "edited", "button", "other"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What goes into the inbox. `payload` has the keys of `Received`, and

    address    the chat in which it is answered
    command    of a command, its name
    copy       of a picture or the like, which message it is; `media` tells what
    press      of a button, its data; `query` is to be answered, `label` is what the button shows
    staff      of the staff, the update itself, and nothing else
    """

    update: int
    conversation: str
    kind: Kind
    payload: Json

    @property
    def waits(self) -> bool:
        """Whether more of the same may follow at once, so that it is worth a moment's wait."""
        return not {"press", "command", "staff"} & self.payload.keys()


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads updates. `name` is the bot's, by which it is addressed in groups, and `id` its number."""

    id: int
    name: str
    staff_chats: Container[int]

    def read(self, update: Update) -> Arrival | None:
        """What is to be kept of it; None where it is nobody's word to the bot."""
        message = update.message or update.edited_message
        if update.callback_query is not None:
            return self._press(update, update.callback_query)
        if update.chat_member is not None and update.chat_member.chat.id in self.staff_chats:
            return _staff(update, "other", update.chat_member.chat.id, None)
        if message is None:
            return None
        kind: Kind = "edited" if update.edited_message else "message"
        if message.chat.id in self.staff_chats or message.migrate_from_chat_id in self.staff_chats:
            return _staff(update, kind, message.chat.id, message)
        if message.from_user is None or message.from_user.is_bot:
            return None
        payload = self._words(message)
        if payload is None:
            return None
        if update.edited_message:
            if "command" in payload or payload.get("media") in MOVING:
                return None
            payload["edited"] = True
        date = message.edit_date or int(message.date.timestamp())
        payload |= {"message": str(message.message_id), "date": date}
        return self._arrival(update, kind, message, message.from_user.id, payload)

    def _words(self, message: Message) -> dict[str, Any] | None:
        text = message.text if message.text is not None else message.caption or ""
        if message.chat.type != "private" and not self._addressed(message, text):
            return None
        text = re.sub(rf"@{re.escape(self.name)}{_NAME_ENDS}", "", text, flags=re.IGNORECASE).strip()
        if message.text is not None:
            payload: dict[str, Any] = {"text": text}
            if command := re.match(r"/([a-z_]{1,32})(?=\s|$)", text, re.ASCII | re.IGNORECASE):
                payload["command"] = command[1].lower()
            return payload
        media = shown_in(message)
        if media is None:
            return None
        copied = {"chat": message.chat.id, "message": message.message_id}
        return {"text": text, "media": media, "copy": copied}

    def _addressed(self, message: Message, text: str) -> bool:
        """In a group: by name, or in answer to the bot."""
        answered = message.reply_to_message
        if answered is not None and answered.from_user is not None and answered.from_user.id == self.id:
            return True
        return re.search(rf"@{re.escape(self.name)}{_NAME_ENDS}", text, re.IGNORECASE) is not None

    def _press(self, update: Update, query: CallbackQuery) -> Arrival | None:
        message = query.message
        if message is None:
            return None
        if message.chat.id in self.staff_chats:
            return _staff(update, "button", message.chat.id, message)
        payload = {
            "press": query.data or "",
            "query": query.id,
            "label": _label(message, query.data),
            "text": "",
            "shown": message.message_id,
        }
        return self._arrival(update, "button", message, query.from_user.id, payload)

    @staticmethod
    def _arrival(
        update: Update, kind: Kind, message: Message | InaccessibleMessage, user: int, payload: Json
    ) -> Arrival:
        chat = message.chat.id
        one = f"{CHANNEL}-{chat}" if message.chat.type == "private" else f"{CHANNEL}-{chat}-{user}"
        who: Mapping[str, Any] = {"person": pseudonym(f"{CHANNEL}-{user}"), "address": str(chat)}
        return Arrival(update.update_id, one, kind, {**payload, **who})


def _staff(update: Update, kind: Kind, chat: int, message: Message | InaccessibleMessage | None) -> Arrival:
    """In order within a topic; topics side by side."""
    topic = message.message_thread_id if isinstance(message, Message) else None
    kept = deserialize_telegram_object_to_python(update)  # pydantic's own fails on aiogram's defaults
    return Arrival(update.update_id, f"staff-{chat}-{topic or 0}", kind, {"staff": kept})


def shown_in(message: Message) -> str | None:
    """What the message holds that is no text; `unknown` where it is of a kind that is not known here yet.

    None of news of the chat itself, such as who came.
    """
    known = next((kind for kind in PASSED_ON if getattr(message, kind, None) is not None), None)
    return known or ("unknown" if message.content_type == ContentType.UNKNOWN else None)


def group_move(update: Update) -> tuple[int, int] | None:
    """The old and the new id of a group that became a supergroup, where the update tells of that."""
    message = update.message
    if message is not None and message.migrate_to_chat_id is not None:
        return message.chat.id, message.migrate_to_chat_id
    if message is not None and message.migrate_from_chat_id is not None:
        return message.migrate_from_chat_id, message.chat.id
    return None


def _label(message: Message | InaccessibleMessage, data: str | None) -> str:
    under = message.reply_markup if isinstance(message, Message) else None
    rows = under.inline_keyboard if under else []
    return next((it.text for row in rows for it in row if it.callback_data == data), "")
