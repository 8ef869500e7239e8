"""A Bot API on loopback: strict where the real one is, remembers everything, and fails on demand."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.telegram.chats import BadRequestError, Chats, Json, RefusedError, parsed
from tests.telegram.methods import Methods
from tests.telegram.trouble import CutError, Troubles
from tests.telegram.updates import Updates, Webhook

TOKEN = "123456789:AAtest-token-of-nobody-0123456789abc"
BOT = {"id": 123456789, "is_bot": True, "first_name": "退单", "username": "tuidan_test_bot"}


@dataclass(frozen=True)
class Call:
    """A request of the bot. `at` is when it came in (`time.perf_counter()`), `code` how it was answered."""

    at: float
    method: str
    params: Json
    code: int

    @property
    def chat(self) -> int | None:
        """The chat that it is about."""
        return (
            int(self.params["chat_id"]) if str(self.params.get("chat_id", "")).lstrip("-").isdigit() else None
        )


class BotApi:
    """Use as `async with BotApi() as api`; the bot under test is given `api.url` and `api.token`."""

    def __init__(self, seed: int = 0) -> None:
        self.token = TOKEN
        self.chats = Chats(dict(BOT))
        self.methods = Methods(self.chats)
        self.updates = Updates(self._answered_webhook)
        self.troubles = Troubles(seed)
        self.calls: list[Call] = []
        """All but getUpdates, in the order in which they came in."""
        self.url = ""
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.updates.close()
        if self._runner:
            await self._runner.cleanup()

    def sent(self, chat: int, thread: int | None = None) -> list[Json]:
        """What the bot's messages show by now, in a chat or one of its topics, in order."""
        return [
            message
            for message in self.chats.chats[chat].messages.values()
            if message["from"]["is_bot"]
            and message.get("message_thread_id") == thread
            and "forum_topic_created" not in message
        ]

    async def news(self, seconds: float) -> None:
        """Wait until the bot calls something, for so long at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        at = time.perf_counter()
        method = request.match_info["method"]
        params = await _params(request)
        try:
            if request.match_info["token"] != self.token:
                raise RefusedError(401, "Unauthorized")
            if request.method not in ("GET", "POST"):
                raise RefusedError(405, "Method Not Allowed")
            body = {"ok": True, "result": await self._call(method, params)}
            code = 200
        except CutError:
            self._note(Call(at, method, params, 0))
            if request.transport:
                request.transport.abort()
            return web.Response()
        except RefusedError as refused:
            code = refused.code
            body = {"ok": False, "error_code": code, "description": refused.description}
            if refused.parameters:
                body["parameters"] = refused.parameters
        if method.lower() != "getupdates":
            self._note(Call(at, method, params, code))
        return web.json_response(body, status=code)

    async def _call(self, method: str, params: Json) -> Any:
        chat = str(params.get("chat_id", ""))
        result: Any
        await self.troubles.before(method, chat)
        match method.lower():
            case "getupdates":
                result = await self.updates.poll(
                    int(params.get("offset") or 0),
                    int(params.get("limit") or 100),
                    float(params.get("timeout") or 0),
                    parsed(params.get("allowed_updates") or "[]"),
                )
            case "setwebhook" | "deletewebhook":
                result = self._set_webhook(params)
            case "getwebhookinfo":
                hook = self.updates.webhook
                pending = len(self.updates.waiting)
                url = hook.url if hook else ""
                result = {"url": url, "has_custom_certificate": False, "pending_update_count": pending}
            case _:
                found = self.methods.find(method)
                if found is None:
                    raise RefusedError(404, "Not Found")
                result = found(params)
        await self.troubles.after(method, chat)
        return result

    def _set_webhook(self, params: Json) -> bool:
        if parsed(str(params.get("drop_pending_updates", "false")).lower()):
            self.updates.waiting.clear()
        webhook = None
        if params.get("url"):
            secret = str(params.get("secret_token", ""))
            if not (
                len(secret) <= 256 and secret.replace("_", "").replace("-", "").isalnum() | (secret == "")
            ):
                raise BadRequestError("secret token contains unallowed characters")
            allowed = parsed(params.get("allowed_updates", "[]"))
            webhook = Webhook(params["url"], secret, int(params.get("max_connections") or 40))
            self.updates.allow(allowed)
        self.updates.set_webhook(webhook)
        return True

    async def _answered_webhook(self, said: Json) -> None:
        """A webhook may answer with a method to call."""
        method, code = said.pop("method"), 200
        params = {key: value if isinstance(value, str) else json.dumps(value) for key, value in said.items()}
        try:
            await self._call(method, params)
        except RefusedError as refused:
            code = refused.code
        except CutError:
            code = 0
        self._note(Call(time.perf_counter(), method, params, code))

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._news.set()
        self._news = asyncio.Event()

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=f"the bytes of {request.match_info['path']}".encode())


async def _params(request: web.Request) -> Json:
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    else:
        for key, value in (await request.post()).items():
            params[key] = f"upload:{value.filename}" if isinstance(value, web.FileField) else str(value)
    return params
