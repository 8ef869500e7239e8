"""What the Bot API's methods do to the chats; each as strict as the real one is known to be."""

from collections.abc import Callable
from typing import Any

from tests.telegram.chats import BadRequestError, Chat, Chats, Json, checked_keyboard, parsed, visible

MEDIA = ("photo", "document", "voice", "audio", "video", "sticker", "animation", "video_note")
REACTIONS = {
    *"👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓",
    *"🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
    *("❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"),
}
"""What a bot may react with: ReactionTypeEmoji, core.telegram.org/bots/api."""
LONGEST_CAPTION = 1024
LONGEST_ANSWER = 200
"""Characters of what a press shows; answerCallbackQuery."""
HARMLESS = (
    "setMyDescription",
    "setMyShortDescription",
    "pinChatMessage",
    "unpinChatMessage",
)


class Methods:
    """By name. A method takes the request's parameters and returns the result's JSON."""

    def __init__(self, chats: Chats) -> None:
        self.chats = chats
        self.commands: dict[str, list[Json]] = {}
        """Command lists by scope."""
        self.presses: dict[str, Json | None] = {}
        """Button presses that wait for an answer (None), and the answers they got."""

    def find(self, method: str) -> Callable[[Json], Any] | None:
        """The method of this name, upper and lower case alike."""
        if method.lower() in {name.lower() for name in HARMLESS}:
            return lambda _: True
        if method.lower() in {f"send{kind.replace('_', '')}" for kind in MEDIA}:
            return lambda params: self.send_media(method.lower().removeprefix("send"), params)
        names = {name.replace("_", ""): name for name in dir(self) if not name.startswith("_")}
        name = names.get(method.lower())
        found = getattr(self, name) if name and name not in ("find", "send_media") else None
        return found if callable(found) else None

    def get_me(self, _: Json) -> Json:
        """The bot."""
        return {**self.chats.bot, "can_join_groups": True, "can_read_all_group_messages": True}

    def send_message(self, params: Json) -> Json:
        """A text."""
        text = visible(_text(params, "text"), params.get("parse_mode"))
        preview = params.get("link_preview_options")
        shown = {"link_preview_options": parsed(preview)} if preview else {}
        return self._put(params, {"text": text, **shown})

    def send_media(self, kind: str, params: Json) -> Json:
        """A picture or a file, by the id of one that is known or with its bytes."""
        kind = next(known for known in MEDIA if known.replace("_", "") == kind)
        file = _text(params, kind)
        shown = {"file_id": file, "file_unique_id": file[-8:], "width": 1, "height": 1, "duration": 1}
        if kind == "sticker":
            shown |= {"type": "regular", "is_animated": False, "is_video": False}
        return self._put(params, {kind: [shown] if kind == "photo" else shown, **_caption(params)})

    def copy_message(self, params: Json) -> Json:
        """What another message holds, without its author."""
        source = self.chats.message(
            self.chats.chat(_int(params, "from_chat_id")), _int(params, "message_id"), "copy"
        )
        content = {key: source[key] for key in ("text", "caption", *MEDIA) if key in source}
        if params.get("caption"):  # of blanks it takes the caption away
            content = {key: value for key, value in content.items() if key != "caption"}
            content |= _caption(params) if params["caption"].strip() else {}
        return {"message_id": self._put(params, content)["message_id"]}

    def forward_message(self, params: Json) -> Json:
        """The same with its author."""
        source = self.chats.message(
            self.chats.chat(_int(params, "from_chat_id")), _int(params, "message_id"), "forward"
        )
        content = {key: source[key] for key in ("text", "caption", *MEDIA) if key in source}
        origin = {"type": "user", "date": source["date"], "sender_user": source["from"]}
        return self._put(params, {**content, "forward_origin": origin})

    def edit_message_text(self, params: Json) -> Json:
        """Another text, and other buttons."""
        text = visible(_text(params, "text"), params.get("parse_mode"))
        return self._edit(params, {"text": text, **_keyboard(params)}, ("text", "reply_markup"))

    def edit_message_caption(self, params: Json) -> Json:
        """Another caption, and other buttons."""
        return self._edit(params, {**_caption(params), **_keyboard(params)}, ("caption", "reply_markup"))

    def edit_message_reply_markup(self, params: Json) -> Json:
        """Other buttons, or none."""
        return self._edit(params, _keyboard(params), ("reply_markup",))

    def delete_message(self, params: Json) -> bool:
        """Take a message away."""
        chat = self.chats.chat(_int(params, "chat_id"))
        self.chats.message(chat, _int(params, "message_id"), "delete")
        del chat.messages[_int(params, "message_id")]
        self.chats.version += 1
        return True

    def answer_callback_query(self, params: Json) -> bool:
        """Stop the press's spinner; once."""
        press = _text(params, "callback_query_id")
        if press not in self.presses or self.presses[press] is not None:
            raise BadRequestError("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > LONGEST_ANSWER:
            raise BadRequestError("MESSAGE_TOO_LONG")
        self.presses[press] = {"text": params.get("text", ""), "show_alert": params.get("show_alert")}
        self.chats.version += 1
        return True

    def set_message_reaction(self, params: Json) -> bool:
        """Emoji under a message, of those that the API knows."""
        chat = self.chats.where_the_bot_may_write(_int(params, "chat_id"), None)
        message = self.chats.message(chat, _int(params, "message_id"), "react")
        given = [reaction["emoji"] for reaction in parsed(params.get("reaction") or "[]")]
        if len(given) > 1 or not set(given) <= REACTIONS:
            raise BadRequestError("REACTION_INVALID")
        message["reactions"] = given
        self.chats.version += 1
        return True

    def send_chat_action(self, params: Json) -> bool:
        """Show that the bot is typing."""
        self.chats.where_the_bot_may_write(_int(params, "chat_id"), _thread(params))
        _text(params, "action")
        return True

    def get_chat(self, params: Json) -> Json:
        """A chat."""
        extra = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
        return {**self.chats.chat(_int(params, "chat_id")).as_json(), **extra}

    def get_chat_member(self, params: Json) -> Json:
        """What someone is in a chat."""
        chat, user = self.chats.chat(_int(params, "chat_id")), _int(params, "user_id")
        if user not in self.chats.users:
            raise BadRequestError("PARTICIPANT_ID_INVALID")
        return self._member(chat, user)

    def get_chat_administrators(self, params: Json) -> list[Json]:
        """Who manages a chat; bots are not told of, save the caller."""
        chat = self.chats.chat(_int(params, "chat_id"))
        return [self._member(chat, user) for user, status in chat.members.items() if status in _MANAGING]

    def get_chat_member_count(self, params: Json) -> int:
        """How many are in a chat."""
        return len(self.chats.chat(_int(params, "chat_id")).members)

    def create_forum_topic(self, params: Json) -> Json:
        """A topic of a forum."""
        chat = self._managed(params)
        topic = self.chats.add_topic(chat, _text(params, "name"))
        return {"message_thread_id": topic.id, "name": topic.name, "icon_color": 7322096}

    def edit_forum_topic(self, params: Json) -> bool:
        """Another name."""
        topic = self.chats.topic(self._managed(params), _int(params, "message_thread_id"))
        if params.get("name") == topic.name:
            raise BadRequestError("TOPIC_NOT_MODIFIED")
        topic.name = params.get("name") or topic.name
        self.chats.version += 1
        return True

    def close_forum_topic(self, params: Json) -> bool:
        """No more messages."""
        return self._close(params, closed=True)

    def reopen_forum_topic(self, params: Json) -> bool:
        """Messages again."""
        return self._close(params, closed=False)

    def delete_forum_topic(self, params: Json) -> bool:
        """Away with it and its messages."""
        chat, thread = self._managed(params), _int(params, "message_thread_id")
        self.chats.topic(chat, thread)
        self.chats.remove_topic(chat, thread)
        return True

    def set_my_commands(self, params: Json) -> bool:
        """The menu of commands; names in Latin letters, up to 32."""
        commands = parsed(params["commands"])
        for command in commands:
            name = command["command"]
            if not (1 <= len(name) <= 32 and name.replace("_", "").isascii() and name == name.lower()):
                raise BadRequestError("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise BadRequestError("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[str(parsed(params.get("scope", "{}")))] = commands
        return True

    def get_my_commands(self, params: Json) -> list[Json]:
        """What was set."""
        return self.commands.get(str(parsed(params.get("scope", "{}"))), [])

    def delete_my_commands(self, params: Json) -> bool:
        """None."""
        self.commands.pop(str(parsed(params.get("scope", "{}"))), None)
        return True

    def get_file(self, params: Json) -> Json:
        """Where a file can be fetched."""
        file = _text(params, "file_id")
        return {"file_id": file, "file_unique_id": file[-8:], "file_path": f"files/{file}"}

    def _put(self, params: Json, content: Json) -> Json:
        thread = _thread(params)
        chat = self.chats.where_the_bot_may_write(_int(params, "chat_id"), thread)
        reply = parsed(params.get("reply_parameters", "{}"))
        if number := reply.get("message_id"):
            if number in chat.messages:
                answered = {k: v for k, v in chat.messages[number].items() if k != "reply_to_message"}
                content["reply_to_message"] = answered
            elif not reply.get("allow_sending_without_reply"):
                raise BadRequestError("message to be replied not found")
        return self.chats.put(chat, self.chats.bot["id"], thread, {**content, **_keyboard(params)})

    def _edit(self, params: Json, changed: Json, parts: tuple[str, ...]) -> Json:
        chat = self.chats.where_the_bot_may_write(_int(params, "chat_id"), None)
        message = self.chats.message(chat, _int(params, "message_id"), "edit")
        if message["from"]["id"] != self.chats.bot["id"]:
            raise BadRequestError("message can't be edited")
        if all(message.get(part) == changed.get(part) for part in parts):
            raise BadRequestError(
                "message is not modified: specified new message content and reply markup are the same"
            )
        for part in parts:
            message.pop(part, None)
        message |= {**changed, "edit_date": message["date"]}
        self.chats.version += 1
        return message

    def _managed(self, params: Json) -> Chat:
        chat = self.chats.where_the_bot_may_write(_int(params, "chat_id"), None)
        if chat.members.get(self.chats.bot["id"]) != "administrator":
            raise BadRequestError("not enough rights to manage topics")
        if not chat.forum:
            raise BadRequestError("the chat is not a forum")
        return chat

    def _close(self, params: Json, closed: bool) -> bool:
        topic = self.chats.topic(self._managed(params), _int(params, "message_thread_id"))
        if topic.closed == closed:
            raise BadRequestError("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        self.chats.version += 1
        return True

    def _member(self, chat: Chat, user: int) -> Json:
        status = chat.members.get(user, "left")
        rights = dict.fromkeys(_RIGHTS, True) if status == "administrator" else {}
        owner = {"is_anonymous": False} if status == "creator" else {}
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": self.chats.users[user], **rights, **owner, **until}


_MANAGING = ("creator", "administrator")
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
_RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *(
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
    ),
    *("can_edit_stories", "can_delete_stories", "can_pin_messages", "can_manage_topics"),
)


def _text(params: Json, key: str) -> str:
    if params.get(key) in (None, ""):
        raise BadRequestError("message text is empty" if key == "text" else f"parameter {key} is required")
    return str(params[key])


def _int(params: Json, key: str) -> int:
    try:
        return int(_text(params, key))
    except ValueError:
        raise BadRequestError(f"parameter {key} is not a number") from None


def _thread(params: Json) -> int | None:
    return int(params["message_thread_id"]) if params.get("message_thread_id") else None


def _caption(params: Json) -> Json:
    if not params.get("caption"):
        return {}
    return {"caption": visible(params["caption"], params.get("parse_mode"), LONGEST_CAPTION)}


def _keyboard(params: Json) -> Json:
    markup = parsed(params.get("reply_markup") or "{}")
    return {"reply_markup": checked_keyboard(markup)} if markup.get("inline_keyboard") else {}
