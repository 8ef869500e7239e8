"""A Bot API on loopback that answers sending as it is told to: well, badly, late, or not at all.

It checks nothing and knows no chats; it is for what a sender has to live through on the wire.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

TOKEN = "42:TEST"


@dataclass(frozen=True, slots=True)
class Say:
    """Answer so; `taken` tells whether the message has its effect all the same."""

    status: int
    body: str | bytes
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Cut the connection where the answer was due."""

    taken: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Answer well, but only after the event: a slow server, or one that never answers."""

    until: asyncio.Event


Answer = Say | Cut | Hold
"""None is a good one."""


def no(status: int, description: str | None = None, **parameters: int) -> Say:
    """Telegram's way to say no."""
    body: dict[str, Any] = {"ok": False, "error_code": status}
    if description is not None:
        body["description"] = description
    return Say(status, json.dumps({**body, "parameters": parameters} if parameters else body))


def too_many(seconds: int) -> Say:
    """Flood control."""
    return no(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


BLOCKED = no(403, "Forbidden: bot was blocked by the user")
BROKEN = no(500, "Internal Server Error")
SPEECHLESS = no(500)
GATEWAY = Say(502, "<html><h1>502 Bad Gateway</h1></html>")
GARBLED = Say(503, "网关错误".encode("gbk"))
STRANGE = Say(200, '{"ok": true, "result": {"from the": "future"}}', taken=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    method: str
    fields: Mapping[str, str]

    @property
    def chat(self) -> int:
        return int(self.fields["chat_id"])

    @property
    def text(self) -> str:
        return self.fields.get("text", "")


class FaultyApi:
    """Use as `async with FaultyApi() as api`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        """Every request, in the order in which they came in."""
        self.taken: list[Asked] = []
        """Those that had their effect."""
        self.under_way = asyncio.Event()
        """Set as soon as a request came in."""
        self.url = ""
        self._planned: dict[int | None, deque[Answer | None]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner
        await self._runner.cleanup()

    def plan(self, *answers: Answer | None, chat: int | None = None) -> None:
        """Answer the next requests so, those of the chat or of any; all after them are answered well."""
        self._planned[chat].extend(answers)

    def texts(self, chat: int) -> list[str]:
        """What arrived in the chat, in order."""
        return [it.text for it in self.taken if it.chat == chat]

    async def _answer(self, request: web.Request) -> web.Response:
        fields = {key: str(value) for key, value in (await request.post()).items()}
        asked = Asked(request.match_info["method"], fields)
        self.asked.append(asked)
        self.under_way.set()
        queue = self._planned[asked.chat] or self._planned[None]
        match queue.popleft() if queue else None:
            case Say(status, body, taken):
                if taken:
                    self.taken.append(asked)
                return web.Response(status=status, body=body)
            case Cut(taken):
                if taken:
                    self.taken.append(asked)
                assert request.transport
                request.transport.abort()
                return web.Response()
            case Hold(until):
                await until.wait()
        self.taken.append(asked)
        return web.json_response({"ok": True, "result": self._result(asked)})

    def _result(self, asked: Asked) -> dict[str, Any]:
        number = {"message_id": len(self.taken)}
        if asked.method == "copyMessage":
            return number
        return {**number, "date": 0, "chat": {"id": asked.chat, "type": "private"}, "text": asked.text}
