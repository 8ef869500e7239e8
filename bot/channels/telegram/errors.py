"""What a failed request to the Bot API means for the message that it carried."""

from dataclasses import dataclass
from typing import Literal

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

Meaning = Literal[
    "too_many",  # wait as long as Telegram says
    "again",  # Telegram or the way to it is in trouble: later
    "blocked",  # this person or group cannot be written to any more
    "refused",  # this message will never be taken
    "topic_gone",  # the forum topic that it was for does not exist any more
    "moved",  # the group has another id now
    "mute",  # the bot may not write there as things stand
    "locked_out",  # the token is not good: nothing can be sent to anybody
    "taken",  # it had its effect: only the answer could not be read, or it was so already
]
_TOPIC_GONE = ("thread not found", "topic_deleted", "topic_id_invalid")
_MUTE = (
    *("not enough rights", "have no rights", "need administrator rights", "topic_closed"),
    *("chat_write_forbidden", "chat_restricted", "chat_admin_required"),
)
_SO_ALREADY = ("message is not modified", "topic_not_modified")
_CHAT_GONE = ("chat not found", "user not found", "peer_id_invalid", "chat_id_invalid")
LONGEST_ERROR = 300
"""Characters of an error that are kept."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failed request, as the sender takes it. `error` is for people, and holds no text of the message."""

    meaning: Meaning
    error: str
    seconds: float = 0.0
    """too_many: how long to wait."""
    chat: int = 0
    """moved: the group's new id."""


def fault(error: Exception, token: str) -> Fault:
    """What the error means. What is not known is taken for trouble that passes.

    The bot's token stands in the address of every request, and so in some errors: it is taken out.
    """
    said = str(error).replace(token, "…")[:LONGEST_ERROR]
    match error:
        case TelegramRetryAfter():
            return Fault("too_many", said, seconds=float(error.retry_after))
        case TelegramMigrateToChat():
            return Fault("moved", said, chat=error.migrate_to_chat_id)
        case TelegramForbiddenError():
            return Fault("blocked", said)
        case TelegramBadRequest():
            return Fault(_bad_request(error.message.lower()), said)
        case TelegramEntityTooLarge():
            return Fault("refused", said)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return Fault("locked_out", said)
        case ClientDecodeError():
            return Fault(
                "taken" if _was_taken(error.data) else "again", f"unreadable answer: {error.message}"
            )
    return Fault("again", said or type(error).__name__)


def _bad_request(said: str) -> Meaning:
    if any(sign in said for sign in _SO_ALREADY):
        return "taken"
    if any(sign in said for sign in _TOPIC_GONE):
        return "topic_gone"
    if any(sign in said for sign in _MUTE):
        return "mute"
    return "blocked" if any(sign in said for sign in _CHAT_GONE) else "refused"


def _was_taken(answer: object) -> bool:
    return isinstance(answer, dict) and answer.get("ok") is True
