"""Messages of the outbox as requests to the Bot API.

The body of a message holds one of

    text       what to say; ** marks bold unless `plain` is true, as it must be for what people wrote
    copy       {"chat": …, "message": …}: a photo, document or the like that somebody sent, passed on; with a
               `caption`, this is written under it, whatever is there by then

and where a person wrote it and staff are shown it

    said       the message in the person's chat
    edited     true for another version of it; the sender has it answer the copy that staff were shown
    was        what it said, where there is no such copy

and beside a text

    buttons    labels of the dialogue, for the person to choose from, under the case's `version`
    keyboard   rows of [label, callback data], for buttons that are not the dialogue's
    reply_to   the message in the same chat that it answers
    answers    the person's message that it answers, shown only where others write, too
    edit       the message of the bot's that is to show this text and keyboard from now on; without a text,
               the same text and this keyboard

or, to a group of the staff,

    mark       the message there under which a reaction tells that it is dealt with

or, to a topic of the staff and in order with what is said there,

    topic      "close", "reopen" or, with a `name`, "rename": what becomes of the topic itself
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.methods import (
    CloseForumTopic,
    CopyMessage,
    EditForumTopic,
    EditMessageReplyMarkup,
    EditMessageText,
    ReopenForumTopic,
    SendMessage,
    SetMessageReaction,
    TelegramMethod,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)

from bot.channels.telegram.format import LONGEST_CAPTION, Button, Keyboard, choices, messages
from bot.desk.wording import edit_words
from bot.store.protocol import PERSON, Outgoing

DEALT_WITH = "👌"
"""✅ is none of the reactions that the Bot API knows (ReactionTypeEmoji)."""
NOTHING = " "
"""A caption of nothing: an empty one is not sent at all, and would leave what stands there."""
Request = TelegramMethod[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or one topic of a group; below zero, a thread of replies to the message of that number."""

    chat: int
    topic: int | None = None

    @property
    def thread(self) -> int | None:
        """The topic as the Bot API takes it."""
        return self.topic if self.topic is not None and self.topic > 0 else None

    @property
    def begun_by(self) -> int | None:
        """The message that what goes here answers."""
        return -self.topic if self.topic is not None and self.topic < 0 else None


def place(message: Outgoing) -> Place:
    """Where the message goes. ValueError where its address or target is none of Telegram's."""
    if message.target == PERSON:
        return Place(int(message.address or ""))
    kind, chat, topic = message.target.split(":")
    if kind != "staff":
        raise ValueError("the target is neither the person nor the staff")
    return Place(int(chat), int(topic) if topic else None)


def number_of(body: Mapping[str, Any]) -> int | None:
    """The person's message that the body shows to staff; None where it is none of Telegram's."""
    said = str(body.get("said", ""))
    return int(said) if said.isdecimal() else None


def requests(body: Mapping[str, Any], to: Place) -> list[Request]:
    """What to ask of the Bot API, in order. ValueError, KeyError or TypeError where the body is malformed."""
    if "topic" in body:
        return [_topic_change(body, to)]
    if "mark" in body:
        emoji = ReactionTypeEmoji(emoji=DEALT_WITH)
        return [SetMessageReaction(chat_id=to.chat, message_id=body["mark"], reaction=[emoji])]
    answers = body.get("reply_to") or to.begun_by or (body.get("answers") if to.chat < 0 else None)
    reply = ReplyParameters(message_id=answers, allow_sending_without_reply=True) if answers else None
    if "copy" in body:
        return _copies(body, to, reply)
    if "edit" in body and "text" not in body:
        under = _markup(_keyboard(body))
        return [EditMessageReplyMarkup(chat_id=to.chat, message_id=body["edit"], reply_markup=under)]
    text = body["text"]
    if not isinstance(text, str):
        raise TypeError("the text is not text")
    if body.get("edited"):
        text = edit_words(text, body.get("was"))
    parts = messages(text, marked=not body.get("plain", False))
    if not parts:
        raise ValueError("nothing of the text can be seen")
    under = _markup(_keyboard(body))
    quiet = LinkPreviewOptions(is_disabled=True)
    if "edit" in body:
        if len(parts) > 1:
            raise ValueError("what a message is to show must fit into it")
        return [
            EditMessageText(
                chat_id=to.chat,
                message_id=body["edit"],
                text=parts[0],
                parse_mode="HTML",
                link_preview_options=quiet,
                reply_markup=under,
            )
        ]
    return [
        SendMessage(
            chat_id=to.chat,
            message_thread_id=to.thread,
            text=part,
            parse_mode="HTML",
            link_preview_options=quiet,
            reply_markup=under if number == len(parts) else None,
            reply_parameters=reply if number == 1 else None,
        )
        for number, part in enumerate(parts, start=1)
    ]


def _copies(body: Mapping[str, Any], to: Place, reply: ReplyParameters | None) -> list[Request]:
    """The copy, and behind it what is too long to stand under it."""
    copied, under, behind = body["copy"], None, []
    if "caption" in body:
        words = edit_words(body["caption"], body.get("was")) if body.get("edited") else body["caption"]
        under, *behind = messages(words, marked=False, limit=LONGEST_CAPTION) or [NOTHING]
    copy = CopyMessage(
        chat_id=to.chat,
        message_thread_id=to.thread,
        from_chat_id=copied["chat"],
        message_id=copied["message"],
        caption=under,
        parse_mode="HTML" if under else None,
        reply_parameters=reply,
    )
    quiet = LinkPreviewOptions(is_disabled=True)
    return [
        copy,
        *(
            SendMessage(
                chat_id=to.chat,
                message_thread_id=to.thread,
                text=part,
                parse_mode="HTML",
                link_preview_options=quiet,
            )
            for part in behind
        ),
    ]


def _topic_change(body: Mapping[str, Any], to: Place) -> Request:
    if to.thread is None:
        raise ValueError("there is no topic here")
    match body["topic"]:
        case "close":
            return CloseForumTopic(chat_id=to.chat, message_thread_id=to.thread)
        case "reopen":
            return ReopenForumTopic(chat_id=to.chat, message_thread_id=to.thread)
        case "rename":
            return EditForumTopic(chat_id=to.chat, message_thread_id=to.thread, name=body["name"])
    raise ValueError("nothing that can become of a topic")


def _keyboard(body: Mapping[str, Any]) -> Keyboard:
    if "keyboard" in body:
        return tuple(tuple(Button(label, data) for label, data in row) for row in body["keyboard"])
    return choices(body.get("buttons", ()), body.get("version", 0))


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(text=it.label, callback_data=it.data) for it in row] for row in keyboard if row
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
