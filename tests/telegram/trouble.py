"""What goes wrong between a bot and Telegram, on demand."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Literal

from tests.telegram.chats import RefusedError

Kind = Literal[
    *("too_many", "server_error", "bad_gateway", "cut_before", "cut_after"),
    *("slow", "slow_after", "refused"),
]
INSTEAD: tuple[Kind, ...] = ("too_many", "server_error", "bad_gateway", "cut_before", "slow", "refused")
"""Trouble that comes before the call has had its effect."""


class CutError(Exception):
    """The connection is to be cut where an answer was due."""


@dataclass
class Trouble:
    """One kind of trouble, for calls of a method (empty: of any), in one chat (None: in any)."""

    kind: Kind
    method: str = ""
    chat: int | None = None
    times: int = 1
    chance: float = 1.0
    seconds: float = 1.0
    """How long `slow` takes, and `slow_after` to tell what it did; `too_many` asks to wait whole seconds."""
    code: int = 400
    description: str = "Bad Request: chat not found"
    """What `refused` says."""
    met: int = 0
    """Calls that met it."""


@dataclass
class Troubles:
    """Those in force. `cut_after` lets the call have its effect and hides that from the caller."""

    seed: int = 0
    all: list[Trouble] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(self, trouble: Trouble) -> Trouble:
        """Put it in force; it ends after its `times`."""
        self.all.append(trouble)
        return trouble

    def clear(self) -> None:
        """Fine weather."""
        self.all.clear()

    def _next(self, method: str, chat: str, kinds: tuple[Kind, ...]) -> Trouble | None:
        for trouble in self.all:
            if (
                trouble.kind in kinds
                and trouble.met < trouble.times
                and trouble.method.lower() in ("", method.lower())
                and str(trouble.chat or chat) == chat
                and self._random.random() < trouble.chance
            ):
                trouble.met += 1
                return trouble
        return None

    async def before(self, method: str, chat: str) -> None:
        """Raise, or take long, in place of the call."""
        trouble = self._next(method, chat, INSTEAD)
        if trouble is None:
            return
        match trouble.kind:
            case "slow":
                await asyncio.sleep(trouble.seconds)
            case "too_many":
                wait = max(1, round(trouble.seconds))
                raise RefusedError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
            case "server_error":
                raise RefusedError(500, "Internal Server Error")
            case "bad_gateway":
                raise RefusedError(502, "Bad Gateway")
            case "refused":
                raise RefusedError(trouble.code, trouble.description)
            case _:
                raise CutError

    async def after(self, method: str, chat: str) -> None:
        """When the call has had its effect, cut the connection, or let the caller wait."""
        trouble = self._next(method, chat, ("cut_after", "slow_after"))
        if trouble is not None and trouble.kind == "slow_after":
            await asyncio.sleep(trouble.seconds)
        elif trouble is not None:
            raise CutError
