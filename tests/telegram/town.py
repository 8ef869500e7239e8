"""People and staff who write, press, edit and join, and what they expect to read."""

import asyncio
import functools
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, ParamSpec

from tests.telegram.botapi import BotApi
from tests.telegram.chats import Json
from tests.telegram.place import OwnPlace, Place

PATIENCE = 10.0
"""Seconds that an expectation waits; only a failing test takes that long."""
STAFF_CHAT = -1001000000001
FIRST_PERSON, FIRST_STAFF = 2_000_000_001, 5_000_000_001

P = ParamSpec("P")


def lived(scenario: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Have a test written as a coroutine run."""

    @functools.wraps(scenario)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        async def live() -> None:
            await scenario(*args, **kwargs)

        asyncio.run(live())

    return test


def content(message: Json) -> str:
    """What a message says; a picture or file without words is named by its kind."""
    kinds = [kind for kind in ("photo", "document", "voice", "video", "sticker") if kind in message]
    return str(message.get("text") or message.get("caption") or "".join(f"[{kind}]" for kind in kinds))


def buttons(message: Json) -> dict[str, str]:
    """Labels and data of the buttons under a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in rows for button in row}


def fits(wanted: str, text: str) -> bool:
    """Whether the text holds what is wanted: a substring, or a regular expression between slashes."""
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return re.search(wanted[1:-1], text) is not None
    return wanted in text


class Someone:
    """A person, in the chat with the bot; or one of the staff, in the staff group."""

    def __init__(self, town: "Town", user: int, name: str, chat: int) -> None:
        self.town = town
        self.user = user
        self.name = name
        self.chat = chat
        self.last: Json = {}
        """What they wrote last."""
        self._read: dict[int | None, int] = {}
        self._lives_here = False

    async def arrives(self) -> None:
        """Move in, once; one of the staff joins the staff group."""
        if not self._lives_here:
            self._lives_here = True
            await self.town.place.add_person(self.user, self.name)
            if self.chat != self.user:
                await self.joins()

    async def writes(
        self, text: str, topic: int | None = None, to: Json | None = None, chat: int | None = None
    ) -> Json:
        """A message; in a topic, in answer `to` another message, in another chat."""
        shown: Json = {"text": text}
        if text.startswith("/"):
            shown["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}]
        if to is not None:
            shown["reply_to_message"] = {key: value for key, value in to.items() if key != "reply_to_message"}
        return await self._put(shown, topic, chat)

    async def shows(
        self, kind: str, caption: str = "", topic: int | None = None, chat: int | None = None
    ) -> Json:
        """A picture, document, voice message or sticker."""
        file: Json = {"file_id": f"{kind}-of-{self.user}", "file_unique_id": f"{kind}{self.user}"}
        sizes = {"photo": {"width": 9, "height": 9}, "voice": {"duration": 3}, "document": {}}
        drawn = {"width": 9, "height": 9, "type": "regular", "is_animated": False, "is_video": False}
        file |= sizes.get(kind, drawn)
        return await self._put({kind: [file] if kind == "photo" else file, "caption": caption}, topic, chat)

    async def edits(self, message: Json, text: str) -> Json:
        """Another text for what they wrote."""
        return await self.town.place.edit(message, text)

    async def presses(self, label: str, topic: int | None = None, on: Json | None = None) -> "Press":
        """The newest button of this label that the bot shows there, or the one `on` a message."""
        message = on or await self.button(label, topic)
        data = next(data for shown, data in buttons(message).items() if label in shown)
        return await self.forges(message, data)

    async def forges(self, message: Json, data: str) -> "Press":
        """A press of whatever data under whatever message: a replay, or a forgery."""
        await self.arrives()
        return Press(self.town, await self.town.place.press(message, self.user, data))

    async def hears(self, wanted: str, topic: int | None = None) -> Json:
        """The next message not read yet that says so; those before it count as read."""
        found: list[Json] = []

        async def arrived() -> bool:
            unread = [m for m in await self.shown(topic) if m["message_id"] > self._read.get(topic, 0)]
            found[:] = [m for m in unread if fits(wanted, content(m))]
            return bool(found)

        if not await self.town.until(arrived):
            raise AssertionError(f"{self.name} waits for {wanted!r}, and sees\n{await self._seen(topic)}")
        self._read[topic] = found[0]["message_id"]
        return found[0]

    async def sees(self, wanted: str, topic: int | None = None) -> Json:
        """A message, read or not, that says so by now or soon: for what is edited."""
        found: list[Json] = []

        async def shown() -> bool:
            found[:] = [m for m in await self.shown(topic) if fits(wanted, content(m))]
            return bool(found)

        if not await self.town.until(shown):
            raise AssertionError(f"{self.name} looks for {wanted!r}, and sees\n{await self._seen(topic)}")
        return found[-1]

    async def shown(self, topic: int | None = None) -> list[Json]:
        """All that the bot shows there."""
        await self.arrives()
        return await self.town.place.sent(self.chat, topic)

    async def texts(self, topic: int | None = None) -> list[str]:
        """What it says, in order."""
        return [content(message) for message in await self.shown(topic)]

    async def blocks(self) -> None:
        """Nothing more from the bot."""
        await self.town.place.set_member(self.chat, self.user, "kicked")

    async def unblocks(self) -> None:
        """The bot may write again."""
        await self.town.place.set_member(self.chat, self.user, "member")

    async def leaves(self) -> None:
        """Out of the staff group."""
        await self.arrives()
        await self.town.place.set_member(self.chat, self.user, "left")

    async def joins(self) -> None:
        """Into it, again."""
        await self.town.place.set_member(self.chat, self.user, "member")

    async def _put(self, shown: Json, topic: int | None, chat: int | None) -> Json:
        await self.arrives()
        self.last = await self.town.place.write(chat or self.chat, self.user, topic, shown)
        return self.last

    async def button(self, label: str, topic: int | None = None) -> Json:
        """The newest message that shows a button of this label."""
        found: list[Json] = []

        async def shown() -> bool:
            found[:] = [m for m in await self.shown(topic) if any(label in text for text in buttons(m))]
            return bool(found)

        if not await self.town.until(shown):
            raise AssertionError(
                f"{self.name} looks for the button {label!r}, and sees\n{await self._seen(topic)}"
            )
        return found[-1]

    async def _seen(self, topic: int | None) -> str:
        lines = [f"  {content(m)} {list(buttons(m)) or ''}" for m in await self.shown(topic)]
        return "\n".join(lines) or "  nothing"


class Press:
    """A press of a button."""

    def __init__(self, town: "Town", press: str) -> None:
        self.town = town
        self.id = press

    async def answered(self, wanted: str = "") -> str:
        """What the bot shows in answer to it; fails where it is not answered or says something else."""
        said: list[Any] = []

        async def answered() -> bool:
            said[:] = [await self.town.place.answer(self.id)]
            return said[0] is not None

        if not await self.town.until(answered):
            raise AssertionError(f"{self.id} was never answered")
        text = str(said[0]["text"])
        assert fits(wanted, text), f"{wanted!r} wanted, {text!r} shown"
        return text


class Town:
    """Everyone who lives there, by name."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.patience = PATIENCE
        self._people: dict[str, Someone] = {}
        self._staff: dict[str, Someone] = {}

    def person(self, name: str) -> Someone:
        """The person of this name; they move in with their first word."""
        if name not in self._people:
            user = FIRST_PERSON + len(self._people)
            self._people[name] = Someone(self, user, name, user)
        return self._people[name]

    def staff(self, name: str, chat: int = STAFF_CHAT) -> Someone:
        """The member of the staff of this name, in the staff group."""
        if name not in self._staff:
            user = FIRST_STAFF + len(self._staff)
            self._staff[name] = Someone(self, user, name, chat)
        return self._staff[name]

    async def topic(self, wanted: str, chat: int = STAFF_CHAT) -> int:
        """The newest topic whose name says so."""
        found: list[int] = []

        async def there() -> bool:
            found[:] = [t for t, name in (await self.place.topics(chat)).items() if fits(wanted, name)]
            return bool(found)

        if not await self.until(there):
            raise AssertionError(f"no topic {wanted!r}, but {list((await self.place.topics(chat)).values())}")
        return found[-1]

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> bool:
        """Wait until it holds; False where it does not in time."""
        end = time.monotonic() + self.patience
        while not await holds():
            if (left := end - time.monotonic()) <= 0:
                return False
            await self.place.news(min(left, 0.25))
        return True


@asynccontextmanager
async def town(forum: bool = True, seed: int = 0) -> AsyncIterator[tuple[Town, BotApi]]:
    """A town at the Bot API written here, with a staff group."""
    async with BotApi(seed) as api:
        place = OwnPlace(api)
        await place.add_group(STAFF_CHAT, "客服", forum)
        yield Town(place), api
