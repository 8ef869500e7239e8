"""The updates that wait for the bot: fetched by long polling or pushed to its webhook."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.telegram.chats import BadRequestError, Json, RefusedError

FIRST_UPDATE = 700_000_001
ONLY_WHERE_ASKED_FOR = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of updates that are delivered to no bot that does not name them; getUpdates, `allowed_updates`."""
RETRY_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)
"""How long after a webhook's failure it is tried again; the real one waits longer."""


@dataclass
class Waiting:
    """One delivery of an update; an update that is delivered twice waits twice."""

    update: Json
    given: bool = False

    @property
    def id(self) -> int:
        """The update's number."""
        return int(self.update["update_id"])


@dataclass
class Webhook:
    """Where updates are pushed to."""

    url: str
    secret: str
    connections: int


class Updates:
    """In the order in which they are to be delivered, which a test may disturb."""

    def __init__(self, answered: Callable[[Json], Any]) -> None:
        self.waiting: list[Waiting] = []
        self.first_given: dict[int, float] = {}
        """When the bot was first handed the update, by its number: `time.perf_counter()`."""
        self.chats: dict[int, int] = {}
        """The chat that each message came from, by its update's number."""
        self.accepted: set[int] = set()
        """Updates that the bot acknowledged: by a later offset, or by 2xx at its webhook."""
        self.proxy = ""
        """Where a proxy in front of the bot passes on what is pushed to its https address."""
        self.held = False
        """Nothing is delivered while this is set."""
        self.polling = 0
        """How many polls there were so far; the newest is the one that may wait."""
        self.webhook: Webhook | None = None
        self.webhook_failures: list[int] = []
        """What the webhook answered where it was not 2xx; 0 where there was no answer."""
        self._allowed: frozenset[str] = frozenset()
        self._answered = answered
        self._next = FIRST_UPDATE
        self._changed = asyncio.Event()
        self._pushing: asyncio.Task[None] | None = None

    def new(self, kind: str, body: Json) -> Json:
        """An update with a number of its own; `deliver` has it delivered."""
        update = {"update_id": self._next, kind: body}
        if kind == "message":
            self.chats[self._next] = body["chat"]["id"]
        self._next += 1
        return update

    @property
    def newest(self) -> int:
        """The number of the update that was made last."""
        return self._next - 1

    def deliver(self, *updates: Json) -> None:
        """Have them delivered, in this order, after those that wait already."""
        self.waiting += [Waiting(update) for update in updates]
        self._wake()

    def allow(self, kinds: list[str]) -> None:
        """What the bot asks for; nothing named leaves it as it was, as the real one does."""
        self._allowed = frozenset(kinds) or self._allowed

    def hold(self) -> None:
        """Deliver nothing until `release`."""
        self.held = True

    def release(self) -> None:
        """Deliver what has been held."""
        self.held = False
        self._wake()

    async def poll(self, offset: int, limit: int, timeout: float, allowed: list[str]) -> list[Json]:
        """getUpdates: confirms what was given before `offset`, then waits for what is there to give."""
        self.allow(allowed)
        if self.webhook is not None:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polling += 1
        mine = self.polling
        self._wake()
        self._confirm(offset)
        until = time.monotonic() + timeout
        while not (ready := self._ready()) and (left := until - time.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._changed.wait()
            if mine != self.polling:
                raise RefusedError(409, "Conflict: terminated by other getUpdates request")
        return [self._give(entry) for entry in ready[: min(limit, 100)]]

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Push from now on, or poll again."""
        if webhook is not None and not webhook.url.startswith(("https://", "http://127.0.0.1:")):
            raise BadRequestError("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = webhook
        if self._pushing:
            self._pushing.cancel()
            self._pushing = None
        if webhook:
            for entry in self.waiting:
                entry.given = False
            self._pushing = asyncio.create_task(self._push(webhook))
        self._wake()

    async def close(self) -> None:
        """Stop pushing."""
        if self._pushing:
            self._pushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._pushing

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _ready(self) -> list[Waiting]:
        if self.held:
            return []
        self.waiting = [entry for entry in self.waiting if self._asked_for(entry.update)]
        return self.waiting

    def _asked_for(self, update: Json) -> bool:
        kinds = update.keys() - {"update_id"}
        return not kinds or bool(kinds & self._allowed if self._allowed else kinds - ONLY_WHERE_ASKED_FOR)

    def _give(self, entry: Waiting) -> Json:
        entry.given = True
        self.first_given.setdefault(entry.id, time.perf_counter())
        return entry.update

    def _confirm(self, offset: int) -> None:
        confirmed = [entry for entry in self.waiting if entry.given and entry.id < offset]
        self.accepted |= {entry.id for entry in confirmed}
        self.waiting = [entry for entry in self.waiting if not (entry.given and entry.id < offset)]

    async def _push(self, webhook: Webhook) -> None:
        room = asyncio.Semaphore(webhook.connections)
        async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as tasks:
            while True:
                changed = self._changed
                for entry in [entry for entry in self._ready() if not entry.given]:
                    await room.acquire()
                    self._give(entry)
                    tasks.create_task(self._push_one(client, webhook, entry, room))
                if not any(not entry.given for entry in self._ready()):
                    await changed.wait()

    async def _push_one(
        self, client: aiohttp.ClientSession, webhook: Webhook, entry: Waiting, room: asyncio.Semaphore
    ) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        url = f"{self.proxy}{urlsplit(webhook.url).path}" if self.proxy else webhook.url
        tries = 0
        while True:
            status = 0
            with suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with client.post(url, json=entry.update, headers=headers) as response:
                    status = response.status
                    if 200 <= status < 300:
                        said = await response.json(content_type=None) if await response.text() else None
                        break
            self.webhook_failures.append(status)
            await asyncio.sleep(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
            tries += 1
        room.release()
        self.accepted.add(entry.id)
        self.waiting = [other for other in self.waiting if other is not entry]
        if isinstance(said, dict) and "method" in said:
            await self._answered(said)
