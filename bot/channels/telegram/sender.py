"""What is in the outbox goes to Telegram: in order within a chat, chats side by side, as fast as it may.

The store is the one truth: nothing but the progress within a message of several parts is remembered here. A
message is marked once Telegram has taken it, so that a kill in between repeats it and never loses it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import CopyMessage, SendChatAction
from aiogram.types import Message, MessageId

from bot.channels.telegram.errors import Fault, fault
from bot.channels.telegram.pace import Chat, Pace, back_off
from bot.channels.telegram.requests import Place, Request, number_of, place, requests
from bot.config import clock
from bot.store.protocol import PERSON, ChannelStore, Outgoing

AT_ONCE = 1000
"""Messages that are looked at in one go."""
IDLE_SECONDS = 1.0
"""How often the outbox is looked at where nobody wakes the sender: for what was postponed."""
REQUEST_SECONDS = 20
"""How long a request may take. Where it takes longer the message may have arrived, and is sent again."""
LOCKED_OUT_SECONDS = 60.0
"""How long everything waits where Telegram does not know the bot's token."""
LONGEST_TRYING = timedelta(hours=24)
"""A message that is older is not tried again: Telegram keeps its own updates no longer either."""

_OF_A_CHAT = frozenset({"blocked", "moved"})
"""Meanings that are about a chat, and not about one message."""

P = ParamSpec("P")
T = TypeVar("T")


class Writer(Protocol):
    """The store's one thread."""

    async def __call__(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it there, and wait for what it returns."""


class Reports(Protocol):
    """Who wants to know what becomes of a message. Called in the store's thread."""

    def asking(self, message: Outgoing) -> None:
        """A request for it is about to be made."""

    def put_off(self, message: Outgoing, fault: Fault) -> None:
        """It did not get through and will be tried again (too_many, again)."""

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        """Telegram took the message, in parts with these ids; none where its answer could not be read.

        Told before the message is marked, so that it is told again where the message is sent again.
        """

    def trouble(self, message: Outgoing, at: Place | None, fault: Fault) -> None:
        """It will not arrive (blocked, refused) or needs help to (topic_gone, moved, mute, locked_out).

        What is written here is kept together with what becomes of the message.
        """


class Sender:
    """Sends what is due. `round` does what can be done now; `run` does so until it is stopped."""

    def __init__(
        self,
        store: ChannelStore,
        write: Writer,
        bot: Bot,
        reports: Reports,
        *,
        pace: Pace | None = None,
        now: Callable[[], datetime] = clock,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._write, self._bot, self._reports = store, write, bot, reports
        self._pace, self._now, self._seconds = pace or Pace(), now, seconds
        self._busy: dict[Place, asyncio.Task[None]] = {}
        self._parts: dict[int, list[int]] = {}
        """Ids of the parts of a message that have arrived, by its number."""
        self._wake = asyncio.Event()
        self._stopping = False
        self._failure: Exception | None = None

    def wake(self) -> None:
        """Something new is in the outbox."""
        self._wake.set()

    def stop(self) -> None:
        """`run` ends as soon as the requests that are under way have been answered."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped. StoreError where the store fails: nothing is marked then, and nothing lost."""
        try:
            while not self._stopping:
                self._wake.clear()
                pause = await self.round()
                with suppress(TimeoutError):  # no wait_for: before Python 3.12 it may swallow a cancellation
                    async with asyncio.timeout(min(pause, IDLE_SECONDS)):
                        await self._wake.wait()
        finally:
            await self.settle()

    async def round(self) -> float:
        """Begin to send all that may be sent now; returns the seconds until the pace lets more through."""
        if self._failure:
            raise self._failure
        due = await self._write(self._store.outbox.due, self._now(), AT_ONCE)
        waiting: dict[Chat, deque[tuple[Place, Outgoing]]] = {}
        marks: list[tuple[Place, Outgoing]] = []
        lines = set(self._busy)
        for message in due:
            to = await self._placed(message)
            if to is not None and to not in lines:
                lines.add(to)
                kind = marks if "mark" in message.body else waiting.setdefault(to.chat, deque())
                kind.append((to, message))
        free = [self._pace_marks(marks)]
        while (chat := self._pace.next(waiting, self._seconds())) is not None:
            to, message = waiting[chat].popleft()
            if not waiting[chat]:
                del waiting[chat]
            self._pace.take(chat, self._seconds())
            self._busy[to] = asyncio.create_task(self._deliver(to, message))
        free += [self._pace.free_at(chat) for chat in waiting]
        return max(0.0, min(free) - self._seconds())

    def _pace_marks(self, marks: Sequence[tuple[Place, Outgoing]]) -> float:
        """Set those that may be set now; when the next may."""
        free = float("inf")
        for to, mark in marks:
            at = self._pace.free_for_mark_at(to.chat)
            if at <= self._seconds():
                self._pace.take_for_mark(self._seconds())
                self._busy[to] = asyncio.create_task(self._deliver(to, mark))
            else:
                free = min(free, at)
        return free

    async def settle(self) -> None:
        """Wait until the requests that are under way have been answered and noted."""
        while self._busy:
            await asyncio.wait(self._busy.values())
        if self._failure:
            raise self._failure

    async def _placed(self, message: Outgoing) -> Place | None:
        try:
            return place(message)
        except ValueError:
            wrong = Fault("refused", "no address or target of Telegram's")
            await self._write(self._note_trouble, message, None, wrong)
            return None

    async def _deliver(self, to: Place, message: Outgoing) -> None:
        try:
            ready = await self._write(self._ready, to, message)
            if ready is not None:
                await self._send_part(to, ready)
            else:
                self._parts.pop(message.seq, None)
        except Exception as error:  # told by `round` or `settle`, for nobody awaits this task
            self._failure = self._failure or error
        finally:
            del self._busy[to]
            self._wake.set()

    async def _send_part(self, to: Place, message: Outgoing) -> None:
        """Send the message's next part; the others have their turns later, so that every part is paced."""
        arrived = self._parts.get(message.seq, [])
        try:
            parts = requests(message.body, to)
        except (ValueError, KeyError, TypeError) as error:
            wrong = Fault("refused", f"malformed message: {type(error).__name__}")
            await self._write(self._note_trouble, message, to, wrong)
            return
        ids, trouble = await self._ask(parts[len(arrived)])
        if trouble is not None:
            await self._in_vain(to, message, trouble)
        elif len(arrived) + 1 < len(parts):
            self._parts[message.seq] = [*arrived, *ids]
        else:
            self._parts.pop(message.seq, None)
            await self._write(self._note_arrival, message, to, (*arrived, *ids))

    async def _ask(self, request: Request) -> tuple[tuple[int, ...], Fault | None]:
        try:
            taken = await self._bot(request, request_timeout=REQUEST_SECONDS)
        except (
            Exception
        ) as error:  # whatever the wire or its library does, it means something for the message
            found = fault(error, self._bot.token)
            if found.meaning in _OF_A_CHAT and isinstance(request, CopyMessage):
                found = await self._of_which_chat(request, found)
            return (_told_id(error), None) if found.meaning == "taken" else ((), found)
        return (taken.message_id,) if isinstance(taken, Message | MessageId) else (), None

    async def _of_which_chat(self, copy: CopyMessage, found: Fault) -> Fault:
        """A copy has two chats, and Telegram does not say which of them it means: the other one is asked.

        What is the source's fault is this one message's alone: its target is neither gone nor moved.
        """
        thread = copy.message_thread_id
        typing = SendChatAction(chat_id=copy.chat_id, message_thread_id=thread, action=ChatAction.TYPING)
        try:
            await self._bot(typing, request_timeout=REQUEST_SECONDS)
        except Exception as error:
            of_target = fault(error, self._bot.token)
            if of_target.meaning != "taken":
                return replace(of_target, meaning="again") if of_target.meaning == "refused" else of_target
        return Fault("refused", found.error)

    async def _in_vain(self, to: Place, message: Outgoing, trouble: Fault) -> None:
        match trouble.meaning:
            case "too_many":
                self._pace.refused(to.chat, self._seconds(), trouble.seconds)
            case "locked_out":
                self._pace.hold(self._seconds(), LOCKED_OUT_SECONDS)
        if not await self._write(self._note_trouble, message, to, trouble):
            self._parts.pop(message.seq, None)

    def _ready(self, to: Place, message: Outgoing) -> Outgoing | None:
        """The message as it is to be sent now; None where it is not to be sent any more.

        A person may have taken over since, or erased what was there. Another version of what a person wrote
        answers the copy of the first, whose number is known only now.
        """
        desks, body = self._store.desks, message.body
        if message.target == PERSON:
            desk = desks.desk(message.conversation)
            if desk is not None and message.epoch < desk.epoch:
                self._store.outbox.drop_before(message.conversation, desk.epoch)
        if not self._store.outbox.is_waiting(message.seq):
            return None
        self._reports.asking(message)
        if body.get("edited") and (said := number_of(body)) is not None:
            shown = desks.mirror_of(message.conversation, said)
            if shown is not None and shown.staff_chat == str(to.chat):
                return replace(message, body={**body, "reply_to": shown.message})
        return message

    def _note_arrival(self, message: Outgoing, to: Place, ids: tuple[int, ...]) -> None:
        # In this order: where a kill comes between, the message is sent and reported again. One transaction
        # would cost a sync to the disk, which the mark alone is not worth.
        self._reports.arrived(message, to, ids)
        self._store.outbox.sent(message.seq)

    def _note_trouble(self, message: Outgoing, to: Place | None, trouble: Fault) -> bool:
        """Write down what becomes of the message, and tell who must know; whether it will be tried again."""
        if trouble.meaning == "mute" and not _waits_for_rights(message):
            trouble = replace(trouble, meaning="refused")
        outbox, meaning = self._store.outbox, trouble.meaning
        with self._store.transaction():
            gone = meaning == "blocked" and message.target == PERSON
            if meaning == "refused" or gone:
                outbox.fail(message.seq, trouble.error)
            elif meaning != "too_many" and self._now() - message.at >= LONGEST_TRYING:
                trouble = Fault("refused", f"given up: {trouble.error}")
                outbox.fail(message.seq, trouble.error)
            else:
                pause = trouble.seconds or back_off(message.seq, message.attempts)
                outbox.postpone(message.seq, self._now() + timedelta(seconds=pause), trouble.error)
            if to is not None and meaning == "moved":
                outbox.chat_moved(str(to.chat), str(trouble.chat))
            if trouble.meaning in {"again", "too_many"}:
                self._reports.put_off(message, trouble)
            else:
                self._reports.trouble(message, to, trouble)
            if gone:  # whoever is told can see what else waited for this person
                outbox.drop_all(message.conversation, trouble.error)
                self._store.timers.drop_timers(message.conversation)
            return outbox.is_waiting(message.seq)


def _waits_for_rights(message: Outgoing) -> bool:
    """Whether it waits until the bot may write there: words for the staff do, who can give it the right.

    Not what has its own right, or another way: files, reactions, what becomes of a topic.
    """
    return message.target != PERSON and "text" in message.body


def _told_id(error: Exception) -> tuple[int, ...]:
    """The message's id in an answer that this version cannot read as a whole; none where it has none."""
    answer = error.data if isinstance(error, ClientDecodeError) else None
    told = answer.get("result") if isinstance(answer, dict) else None
    number = told.get("message_id") if isinstance(told, dict) else None
    return (number,) if isinstance(number, int) else ()
