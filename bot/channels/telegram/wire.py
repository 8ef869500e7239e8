"""The line to the Bot API."""

from typing import Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import (
    CopyMessage,
    EditMessageText,
    GetChatMember,
    GetUpdates,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)
from aiogram.methods.base import Response

_OFTEN: tuple[type[TelegramMethod[Any]], ...] = (
    *(GetUpdates, GetChatMember),
    *(SendMessage, EditMessageText, CopyMessage, SendChatAction),
)
"""What is asked again and again."""
_READERS: list[type[Response[Any]]] = []
"""Of the answers to these. The library keeps no hold of them: they would be built anew for every few answers,
which holds everything up for 20 ms each time."""


def line(api_url: str) -> AiohttpSession:
    """A session with the Bot API at this address."""
    if not _READERS:
        _READERS.extend(Response[method.__returning__] for method in _OFTEN)  # type: ignore[name-defined]
    return AiohttpSession(api=TelegramAPIServer.from_base(api_url))
