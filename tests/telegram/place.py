"""Where a town lies: what it needs of a Bot API, and how the one written here gives it."""

import copy
from typing import Protocol

from tests.telegram.botapi import BotApi
from tests.telegram.chats import Json


class Place(Protocol):
    """A Bot API with a back door for the people."""

    url: str
    token: str

    async def add_person(self, user: int, name: str) -> None:
        """Someone with a chat of the same number."""

    async def add_group(self, chat: int, title: str, forum: bool) -> None:
        """A group in which the bot is an administrator."""

    async def set_member(self, chat: int, user: int, status: str) -> None:
        """Someone joins, leaves or is given rights; in a private chat `kicked` is: blocks the bot."""

    async def write(self, chat: int, user: int, thread: int | None, content: Json) -> Json:
        """A person's message, as the bot is told of it."""

    async def edit(self, message: Json, text: str) -> Json:
        """The person changes what they wrote."""

    async def press(self, message: Json, user: int, data: str) -> str:
        """A press of a button under a message of the bot; its id."""

    async def answer(self, press: str) -> Json | None:
        """How the bot answered a press; None while it has not."""

    async def sent(self, chat: int, thread: int | None) -> list[Json]:
        """What the bot's messages show by now, oldest first; what is edited later does not change these."""

    async def topics(self, chat: int) -> dict[int, str]:
        """Names of a forum's topics, oldest first."""

    async def close(self, chat: int, thread: int, delete: bool) -> None:
        """Staff close a topic, or delete it."""

    async def pass_on_to(self, url: str) -> None:
        """What is pushed to the bot's https address arrives here: there is a proxy in front of it."""

    async def news(self, seconds: float) -> None:
        """Wait until something has changed, for so long at most."""


class OwnPlace:
    """The Bot API of `tests.telegram.botapi`."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.url = api.url
        self.token = api.token
        self._presses = 0

    async def add_person(self, user: int, name: str) -> None:
        self.api.chats.add_person(user, name)

    async def add_group(self, chat: int, title: str, forum: bool) -> None:
        self.api.chats.add_group(chat, title, forum)

    async def set_member(self, chat: int, user: int, status: str) -> None:
        place = self.api.chats.chats[chat]
        before = place.members.get(user, "left")
        place.members[user] = status
        changed = self.api.chats.bot["id"] if place.type == "private" else user
        if place.type == "private":
            place.blocked = status == "kicked"
        member = {"user": self.api.chats.users[changed]}
        until = {"until_date": 0}
        change = {
            "chat": place.as_json(),
            "from": self.api.chats.users[user],
            "date": 1,
            "old_chat_member": {"status": before, **member, **(until if before == "kicked" else {})},
            "new_chat_member": {"status": status, **member, **(until if status == "kicked" else {})},
        }
        kind = "my_chat_member" if place.type == "private" else "chat_member"
        if kind == "chat_member" and place.members.get(self.api.chats.bot["id"]) != "administrator":
            return  # only administrators are told
        self.api.updates.deliver(self.api.updates.new(kind, change))

    async def upgrade(self, chat: int, new: int, user: int, *, forum: bool, announced: bool) -> None:
        """Someone makes a group a supergroup; the bot is told of it, or finds out."""
        chats = self.api.chats
        old, made = chats.chats[chat], chats.upgrade(chat, new, forum)
        for place, told in ((old, {"migrate_to_chat_id": new}), (made, {"migrate_from_chat_id": chat})):
            message = chats.put(place, user, None, told)
            if announced:
                self.api.updates.deliver(self.api.updates.new("message", dict(message)))

    async def write(self, chat: int, user: int, thread: int | None, content: Json) -> Json:
        place = self.api.chats.chats[chat]
        place.started = True
        message = self.api.chats.put(place, user, thread, content)
        self.api.updates.deliver(self.api.updates.new("message", dict(message)))
        return message

    async def edit(self, message: Json, text: str) -> Json:
        message |= {"text" if "text" in message else "caption": text, "edit_date": message["date"]}
        self.api.updates.deliver(self.api.updates.new("edited_message", dict(message)))
        return message

    async def press(self, message: Json, user: int, data: str) -> str:
        self._presses += 1
        press = f"press{self._presses}"
        self.api.methods.presses[press] = None
        shown = {key: value for key, value in message.items() if key != "reply_to_message"}
        body = {
            "id": press,
            "from": self.api.chats.users[user],
            "chat_instance": "1",
            "data": data,
            "message": shown,
        }
        self.api.updates.deliver(self.api.updates.new("callback_query", body))
        return press

    async def answer(self, press: str) -> Json | None:
        return self.api.methods.presses[press]

    async def sent(self, chat: int, thread: int | None) -> list[Json]:
        return copy.deepcopy(self.api.sent(chat, thread))

    async def topics(self, chat: int) -> dict[int, str]:
        return {topic.id: topic.name for topic in self.api.chats.chats[chat].topics.values()}

    async def close(self, chat: int, thread: int, delete: bool) -> None:
        place = self.api.chats.chats[chat]
        if delete:
            self.api.chats.remove_topic(place, thread)
        else:
            place.topics[thread].closed = True

    async def pass_on_to(self, url: str) -> None:
        self.api.updates.proxy = url

    async def news(self, seconds: float) -> None:
        await self.api.news(seconds)
