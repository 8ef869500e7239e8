"""What is written and pressed in the staff groups: who may, of which desk, and what comes of it.

Called in the store's thread, within the transaction that takes the update out of the inbox.
"""

from collections.abc import Container, Sequence
from datetime import datetime

from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, Message, ReplyParameters, Update, User

from bot.channels.telegram.intake import shown_in
from bot.channels.telegram.requests import Request
from bot.channels.telegram.staff.commands import NAMES, Order, StaffCommands, help_text
from bot.channels.telegram.staff.gate import agent_id
from bot.channels.telegram.staff.refusals import log_refused
from bot.channels.telegram.staff.threads import Command, desk_of_message, read_command, why_not_under
from bot.desk.buttons import STAFF_ACTS, read_press
from bot.desk.desk import StaffDesk
from bot.desk.record import Record
from bot.desk.result import Agent, Done, Refused
from bot.desk.talk import DeskTalk
from bot.desk.wording import say
from bot.ops.metrics import Metrics
from bot.privacy import mask
from bot.store.protocol import ChannelStore, Desk

LONGEST_NAME = 32
"""Characters of an agent's name that persons are told."""
LONGEST_ANSWER = 200
"""Characters that a press is answered with; answerCallbackQuery."""


class Hearing:
    """Acts on the updates of the staff groups."""

    def __init__(
        self, store: ChannelStore, desk: StaffDesk, chats: Container[int], bot: int, metrics: Metrics
    ) -> None:
        """`bot` is the bot's own number, under whose messages alone there are buttons of the desk."""
        self._store, self._chats, self._bot, self._metrics = store, chats, bot, metrics
        self._talk, self._record = DeskTalk(store), Record(store)
        self._commands = StaffCommands(store, desk, self._talk)

    def written(
        self, update: Update, message: Message, is_staff: bool, name: str, now: datetime
    ) -> Sequence[Request]:
        """A message; `name` is the bot's, by which a command may call it."""
        if message.chat.id not in self._chats or not _is_word(message):
            return ()
        command, desk = read_command(message.text or ""), desk_of_message(self._store, message)
        if not is_staff:
            reason = "anonymous" if message.sender_chat is not None else "no_member"
            self._refused(update, message.chat.id, reason, command.name if command else "")
            words = say("refused.anonymous") if reason == "anonymous" and (command or desk) else ""
            return self._reply(desk, message, words, now)
        if command is not None:
            if command.bot is not None and command.bot.lower() != name.lower():
                return ()
            return self._commanded(update, desk, message, command, now)
        if desk is None:
            return ()
        under = read_command(message.caption or "")
        if under is not None and under.name in NAMES:  # meant for the bot, and nothing for the person to read
            return self._reply(desk, message, say("command.under_picture"), now)
        return self._said(desk, message, now)

    def edited(self, message: Message, now: datetime) -> Sequence[Request]:
        """What an agent changes after it was written for the person stays as it was: they are told."""
        shown = self._store.desks.mirrored(str(message.chat.id), message.message_id)
        if shown is None or message.chat.id not in self._chats:
            return ()
        desk = self._store.desks.desk(shown.conversation)
        return self._reply(desk, message, say("staff.edit_not_sent"), now) if desk else ()

    def pressed(
        self, update: Update, query: CallbackQuery, is_staff: bool, now: datetime
    ) -> Sequence[Request]:
        """A press of a button, which is answered in any case."""
        press, message = read_press(query.data or ""), query.message
        desk = self._store.desks.numbered(press.number) if press else None
        why: str | None = "no_member"
        if message is None or message.chat.id not in self._chats:
            why = "foreign_chat"
        elif is_staff and (press is None or desk is None or press.act not in STAFF_ACTS):
            why = "forged"
        elif is_staff and desk is not None:
            why = why_not_under(self._store, desk, message, self._bot)
        if why is not None or press is None or desk is None or message is None:
            chat = message.chat.id if message else 0
            self._refused(update, chat, why or "forged", press.act if press else "")
            words = say(f"refused.{why}") if why in {"no_member", "old"} else say("refused.foreign")
            return (_answer(query, words, alert=True),)
        order = Order(desk, _agent(query.from_user), "", message.message_id, now)
        done = self._act(press.act, order)
        if isinstance(done, Done):
            return (_answer(query, say("pressed.done"), alert=False),)
        if isinstance(done, Refused):
            log_refused(update.update_id, message.chat.id, done.why, press.act)
        return (_answer(query, done.text if isinstance(done, Refused) else done, alert=True),)

    def _commanded(
        self, update: Update, desk: Desk | None, message: Message, command: Command, now: datetime
    ) -> Sequence[Request]:
        name = command.name
        if name not in NAMES:
            if desk is None and command.bot is None:
                return ()  # it may be another bot's
            return self._reply(desk, message, say("command.unknown", name=name), now)
        if desk is None:
            if name == "help":
                return self._reply(None, message, help_text(), now)
            log_refused(update.update_id, message.chat.id, "no_desk", name)
            return self._reply(None, message, say("refused.no_desk"), now)
        done = self._act(name, Order(desk, _agent(message.from_user), command.rest, message.message_id, now))
        if isinstance(done, str):
            return self._reply(desk, message, done, now)
        if isinstance(done, Refused):
            log_refused(update.update_id, message.chat.id, done.why, name)
            return self._reply(desk, message, done.text, now)
        if name == "note":
            self._record.mark(done.desk, message.message_id, now)
        return ()

    def _said(self, desk: Desk, message: Message, now: datetime) -> Sequence[Request]:
        """Words for the person, or among the staff: those of who has not claimed stay where they are."""
        done = self._talk.agent_wrote(
            desk.conversation,
            _agent(message.from_user),
            _words(message),
            now,
            copy=None if message.text else {"chat": message.chat.id, "message": message.message_id},
            message=message.message_id,
        )
        told = isinstance(done, Refused) and done.why == "nobody"
        return self._reply(desk, message, done.text, now) if told and isinstance(done, Refused) else ()

    def _act(self, name: str, order: Order) -> Done | Refused | str:
        done = self._commands.run(name, order)
        if name == "claim":
            self._metrics.claims.labels("won" if isinstance(done, Done) else "lost").inc()
        if isinstance(done, Done):
            self._follow(order.desk, name, order.now)
        return done

    def _follow(self, before: Desk, act: str, now: datetime) -> None:
        """The topic is open or closed as the desk is."""
        desk = self._store.desks.desk(before.conversation)
        if desk is None or act == "reopen":  # which shows a card of its own
            return
        closed = desk.state == "closed"
        if (desk.topic or 0) > 0 and closed != (before.state == "closed"):
            self._record.show(desk, {"topic": "close" if closed else "reopen"}, now)

    def _reply(self, desk: Desk | None, message: Message, words: str, now: datetime) -> Sequence[Request]:
        """Durably where there is a desk to keep it under; else once."""
        if not words:
            return ()
        if desk is not None and desk.topic is not None:
            self._record.show(desk, {"text": words, "plain": True, "reply_to": message.message_id}, now)
            return ()
        answered = ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True)
        return (
            SendMessage(
                chat_id=message.chat.id,
                message_thread_id=message.message_thread_id if message.is_topic_message else None,
                text=words,
                reply_parameters=answered,
                parse_mode=None,
            ),
        )

    def _refused(self, update: Update, chat: int, reason: str, command: str) -> None:
        """Somebody tried who is none of the staff, or with what is none of the desk's."""
        self._metrics.refused.inc()
        log_refused(update.update_id, chat, reason, command)


def _is_word(message: Message) -> bool:
    """Whether somebody wrote or showed something: no news of the group itself, such as who came."""
    return bool(message.text) or shown_in(message) is not None


def _words(message: Message) -> str:
    """What it says. A link behind a word is written out, for words are passed on without their looks."""
    text = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    for it in reversed(message.entities or message.caption_entities or []):
        if it.type == "text_link" and it.url:
            end = 2 * (it.offset + it.length)
            text = text[:end] + f"（{it.url}）".encode("utf-16-le", "surrogatepass") + text[end:]
    return text.decode("utf-16-le", "replace")


def _agent(user: User | None) -> Agent:
    """Who acts. ValueError for nobody: staff are checked before."""
    if user is None:
        raise ValueError("a message of nobody is none of the staff's")
    name = mask(" ".join(user.full_name.replace("*", "").split()))[:LONGEST_NAME]
    return Agent(agent_id(user), name or say("card.staff"))


def _answer(query: CallbackQuery, words: str, *, alert: bool) -> AnswerCallbackQuery:
    return AnswerCallbackQuery(callback_query_id=query.id, text=words[:LONGEST_ANSWER], show_alert=alert)
