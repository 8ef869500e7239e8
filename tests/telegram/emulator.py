"""The emulator from npm that nobody here wrote, as a place for a town; `make emulator` installs it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.telegram.botapi import TOKEN
from tests.telegram.chats import Json, visible
from tests.telegram.process import ROOT
from tests.telegram.town import STAFF_CHAT, Town

MODULES = ROOT / ".venv" / "emulator" / "node_modules"
needs_emulator = pytest.mark.skipif(not MODULES.exists(), reason="not installed: make emulator")


class Emulator:
    """What a town needs, asked for at the emulator's back door."""

    def __init__(self, url: str, client: aiohttp.ClientSession) -> None:
        self.url = url
        self.token = TOKEN
        self._client = client
        self._version = 0

    async def _do(self, act: str, **said: Any) -> Any:
        async with self._client.post(f"{self.url}/town/{act}", json=said) as response:
            response.raise_for_status()
            return await response.json()

    async def add_person(self, user: int, name: str) -> None:
        await self._do("person", user=user, name=name)

    async def add_group(self, chat: int, title: str, forum: bool) -> None:
        await self._do("group", chat=chat, title=title, forum=forum)

    async def set_member(self, chat: int, user: int, status: str) -> None:
        await self._do("member", chat=chat, user=user, status=status)

    async def write(self, chat: int, user: int, thread: int | None, content: Json) -> Json:
        written: Json = await self._do("write", chat=chat, user=user, thread=thread, content=content)
        return written

    async def edit(self, message: Json, text: str) -> Json:
        edited: Json = await self._do("edit", message=message, text=text)
        return edited

    async def press(self, message: Json, user: int, data: str) -> str:
        return str(await self._do("press", message=message, user=user, data=data))

    async def answer(self, press: str) -> Json | None:
        answered: Json | None = await self._do("answer", press=press)
        return answered

    async def sent(self, chat: int, thread: int | None) -> list[Json]:
        messages: list[Json] = await self._do("sent", chat=chat, thread=thread)
        for message in messages:
            for part in ("text", "caption"):
                if message.get(part):
                    message[part] = visible(message[part], message.get("parse_mode"))
        return messages

    async def topics(self, chat: int) -> dict[int, str]:
        names: dict[str, str] = await self._do("topics", chat=chat)
        return {int(number): name for number, name in names.items()}

    async def close(self, chat: int, thread: int, delete: bool) -> None:
        await self._do("close", chat=chat, thread=thread, delete=delete)

    async def pass_on_to(self, url: str) -> None:
        await self._do("proxy", url=url)

    async def news(self, seconds: float) -> None:
        self._version = await self._do("news", version=self._version, seconds=seconds)


@asynccontextmanager
async def emulated_town(forum: bool = True) -> AsyncIterator[Town]:
    """A town at the emulator, with a staff group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = str(Path(__file__).with_suffix(".js"))
    process = await asyncio.create_subprocess_exec(
        *("node", script, str(port), TOKEN),
        env={"NODE_PATH": str(MODULES), "PATH": "/usr/local/bin:/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            ready = await process.stdout.readline()
        assert ready == b"ready\n", "the emulator did not start"
        async with aiohttp.ClientSession() as client:
            place = Emulator(f"http://127.0.0.1:{port}", client)
            await place.add_group(STAFF_CHAT, "客服", forum)
            yield Town(place)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
