"""The chats of a small Telegram: who is in them, what was said there, under which numbers."""

import html.parser
import json
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

LONGEST_TEXT = 4096
"""UTF-16 units of a message after its markup is taken out; sendMessage, core.telegram.org/bots/api."""
LONGEST_CALLBACK = 64
"""Bytes of a button's callback data."""
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"}


class RefusedError(Exception):
    """The Bot API's answer where it does not do what was asked."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class BadRequestError(RefusedError):
    """What the caller did wrong; it must not be tried again."""

    def __init__(self, what: str) -> None:
        super().__init__(400, f"Bad Request: {what}")


@dataclass
class Topic:
    """A thread of a forum; its number is that of the message that made it."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Chat:
    """A person's chat with the bot, a group, or a forum."""

    id: int
    type: str
    title: str
    forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    """Status by user id, as getChatMember tells it."""
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    started: bool = False
    """The person wrote first: before that a bot may not."""
    blocked: bool = False
    moved_to: int | None = None
    """Its number since it became a supergroup."""

    def as_json(self) -> Json:
        """The chat as it stands in messages."""
        named = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.type, **named, **forum}


class Chats:
    """All of them. Every change raises `version`."""

    def __init__(self, bot: Json) -> None:
        self.bot = bot
        self.users: dict[int, Json] = {bot["id"]: bot}
        self.chats: dict[int, Chat] = {}
        self.version = 0
        self._last_message = 100

    def add_person(self, user: int, name: str) -> Chat:
        """Someone who may write; their chat has their number."""
        self.users[user] = {"id": user, "is_bot": False, "first_name": name, "language_code": "zh-hans"}
        self.chats[user] = Chat(user, "private", name)
        return self.chats[user]

    def add_group(self, chat: int, title: str, forum: bool) -> Chat:
        """A group that the bot manages."""
        kind = "supergroup" if forum else "group"
        members = {self.bot["id"]: "administrator"}
        self.chats[chat] = Chat(chat, kind, title, forum, members, started=True)
        return self.chats[chat]

    def chat(self, number: int) -> Chat:
        """The chat of this number; 400 where there is none, or it has become a supergroup."""
        if number not in self.chats:
            raise BadRequestError("chat not found")
        if (new := self.chats[number].moved_to) is not None:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, said, migrate_to_chat_id=new)
        return self.chats[number]

    def upgrade(self, number: int, new: int, forum: bool) -> Chat:
        """A group becomes a supergroup with another number; none of its messages is there any more."""
        old = self.chat(number)
        made = self.chats[new] = Chat(new, "supergroup", old.title, forum, dict(old.members), started=True)
        old.moved_to = new
        self.version += 1
        return made

    def where_the_bot_may_write(self, number: int, thread: int | None) -> Chat:
        """The chat; 403 or 400 where a message of the bot would not get through."""
        chat = self.chat(number)
        if chat.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.type != "private" and chat.members.get(self.bot["id"], "left") in ("left", "kicked"):
            raise RefusedError(403, "Forbidden: bot was kicked from the supergroup chat")
        if thread is not None:
            self.open_topic(chat, thread)
        return chat

    def topic(self, chat: Chat, thread: int) -> Topic:
        """The topic of this number; 400 where it was deleted or never was."""
        if thread not in chat.topics:
            raise BadRequestError("message thread not found")
        return chat.topics[thread]

    def open_topic(self, chat: Chat, thread: int) -> Topic:
        """The topic; 400 also where it is closed."""
        topic = self.topic(chat, thread)
        if topic.closed and chat.members.get(self.bot["id"]) != "administrator":
            raise BadRequestError("TOPIC_CLOSED")
        return topic

    def message(self, chat: Chat, number: int, what: str) -> Json:
        """A message of the chat; 400 with `what` was to be done to it, where there is none."""
        if number not in chat.messages:
            raise BadRequestError(f"message to {what} not found")
        return chat.messages[number]

    def put(self, chat: Chat, author: int, thread: int | None, content: Json) -> Json:
        """A new message, as the API shows it."""
        self._last_message += 1
        message: Json = {
            "message_id": self._last_message,
            "date": int(time.time()),
            "chat": chat.as_json(),
            "from": self.users[author],
            **content,
        }
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        chat.messages[self._last_message] = message
        self.version += 1
        return message

    def add_topic(self, chat: Chat, name: str) -> Topic:
        """A new topic of a forum."""
        if not chat.forum:
            raise BadRequestError("the chat is not a forum")
        if not 1 <= len(name) <= 128:
            raise BadRequestError("TOPIC_TITLE_EMPTY" if not name else "topic title is too long")
        made = self.put(chat, self.bot["id"], None, {"forum_topic_created": {"name": name, "icon_color": 0}})
        topic = Topic(made["message_id"], name)
        chat.topics[topic.id] = topic
        self.version += 1
        return topic

    def remove_topic(self, chat: Chat, thread: int) -> None:
        """A topic goes with its messages."""
        del chat.topics[thread]
        chat.messages = {
            number: message
            for number, message in chat.messages.items()
            if message.get("message_thread_id") != thread and number != thread
        }
        self.version += 1


class _Markup(html.parser.HTMLParser):
    """Reads what the Bot API takes as HTML, and no more."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise BadRequestError(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise BadRequestError(f'can\'t parse entities: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise BadRequestError("can't parse entities: Unsupported start tag")
        self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        self.text.append({"lt": "<", "gt": ">", "amp": "&", "quot": '"'}.get(name, f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.text.append(chr(int(name[1:], 16) if name[0] in "xX" else int(name)))


def visible(text: str, parse_mode: str | None, longest: int = LONGEST_TEXT) -> str:
    """The text without its markup; 400 where it is empty, too long or badly marked up."""
    if parse_mode == "HTML":
        reader = _Markup()
        reader.feed(text)
        reader.close()
        if reader.open:
            raise BadRequestError(f"can't parse entities: Can't find end tag of \"{reader.open[-1]}\"")
        text = "".join(reader.text)
    elif parse_mode:
        raise BadRequestError(f"unsupported parse_mode {parse_mode}")
    if not text.strip():
        raise BadRequestError("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > longest:
        raise BadRequestError("message is too long")
    return text


def checked_keyboard(markup: Json) -> Json:
    """An inline keyboard; 400 where a button could not be shown or sent back."""
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise BadRequestError('can\'t parse inline keyboard button: Field "text" must be non-empty')
            if not 1 <= len(button.get("callback_data", "").encode()) <= LONGEST_CALLBACK:
                raise BadRequestError("BUTTON_DATA_INVALID")
    return markup


def parsed(value: Any) -> Any:
    """A parameter that is JSON, whether it came inside a form or a JSON body."""
    return json.loads(value) if isinstance(value, str) else value
