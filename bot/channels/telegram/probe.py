"""One look at the Bot API, which changes nothing there; without aiogram, which takes seconds to load."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import OpenerDirector, ProxyHandler, build_opener

from bot.config import clock
from bot.ops.seen import Seen, StaffChat, Webhook

SECONDS = 10
"""How long an answer is waited for."""
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}
"""What a token that is not good is answered with."""


class _NoAnswerError(Exception):
    """The Bot API did not do what it was asked; the text says why, and holds no token."""

    def __init__(self, why: str, code: int = 0, moved_to: int | None = None) -> None:
        super().__init__(why)
        self.code, self.moved_to = code, moved_to


def look(token: str, api_url: str, staff_chats: tuple[int, ...], now: Callable[[], datetime] = clock) -> Seen:
    """Ask the Bot API about the bot; what goes wrong is told in the result, and holds no token."""
    api = _Api(f"{api_url}/bot{token}", now)
    try:
        me = api.ask("getMe")
        webhook = api.ask("getWebhookInfo")
        return Seen(
            username=me.get("username") or "",
            reads_all=bool(me.get("can_read_all_group_messages")),
            webhook=Webhook(
                webhook.get("url", ""),
                webhook.get("pending_update_count", 0),
                webhook.get("last_error_message"),
            ),
            staff=tuple(_staff_chat(api, chat, me.get("id", 0)) for chat in staff_chats),
            ahead=api.ahead,
        )
    except _NoAnswerError as error:
        if error.code in _REFUSED:
            return Seen(fault="the token is refused", refused=True)
        return Seen(fault=str(error))


def _staff_chat(api: "_Api", chat: int, me: int) -> StaffChat:
    try:
        found = api.ask("getChat", chat_id=chat)
        member = api.ask("getChatMember", chat_id=chat, user_id=me)
    except _NoAnswerError as error:
        if error.code in _REFUSED or not error.code:
            raise
        if error.moved_to is not None:
            return replace(_staff_chat(api, error.moved_to, me), id=chat, moved_to=error.moved_to)
        return StaffChat(chat, fault=str(error))
    status = member.get("status")
    owner = status == "creator"
    theirs = member if status == "restricted" else found.get("permissions") or {}
    return StaffChat(
        chat,
        title=found.get("title") or "",
        kind=found.get("type", ""),
        forum=bool(found.get("is_forum")),
        administrator=owner or status == "administrator",
        manages_topics=owner or bool(member.get("can_manage_topics")),
        writes=owner or status == "administrator" or theirs.get("can_send_messages", True),
    )


class _Api:
    """The Bot API at that address; `ahead` is how far this machine's clock was before its last answer's."""

    def __init__(self, address: str, now: Callable[[], datetime]) -> None:
        self.ahead: timedelta | None = None
        self._address, self._now = address, now
        # As the service does: straight to the address, whatever the environment says of proxies.
        self._opener: OpenerDirector = build_opener(ProxyHandler({}))

    def ask(self, method: str, **params: int) -> dict[str, Any]:
        """The method's result. _NoAnswerError where there is none."""
        before = self._now()
        try:
            code, date, body = self._send(method, urlencode(params).encode())
            answer = json.loads(body)
            description, ok = str(answer.get("description", "")), answer.get("ok") is True
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            raise _NoAnswerError(self._words(error)) from None
        if told := _date(date):
            self.ahead = before + (self._now() - before) / 2 - told
        if not ok:
            parameters = answer.get("parameters") or {}
            raise _NoAnswerError(self._words(description), code, parameters.get("migrate_to_chat_id"))
        result: dict[str, Any] = answer["result"]
        return result

    def _send(self, method: str, body: bytes) -> tuple[int, str | None, bytes]:
        try:
            with self._opener.open(f"{self._address}/{method}", body, SECONDS) as response:
                return response.status, response.headers.get("Date"), response.read()
        except HTTPError as error:
            with error:
                return error.code, error.headers.get("Date"), error.read()

    def _words(self, error: object) -> str:
        """Its first line: an address in it would hold the token."""
        lines = str(error).splitlines() or [type(error).__name__]
        return lines[0].replace(self._address, "••••")[:200]


def _date(told: str | None) -> datetime | None:
    """The header's time, in whole seconds."""
    try:
        date = parsedate_to_datetime(told or "")
    except ValueError:
        return None
    return date if date.tzinfo else None
