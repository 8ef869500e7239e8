"""The service: updates into the inbox, conversations side by side, the outbox to Telegram."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import SendMessage
from aiogram.types import Update

from bot.app import channel_store, mind
from bot.channels.telegram import menu, webhook
from bot.channels.telegram.alone import alone
from bot.channels.telegram.conversations import Conversations
from bot.channels.telegram.counting import AnswerTimes, CountedReports
from bot.channels.telegram.errors import fault
from bot.channels.telegram.handling import Handling
from bot.channels.telegram.intake import Arrival, Intake
from bot.channels.telegram.pace import Limits, Pace
from bot.channels.telegram.person import PersonSide
from bot.channels.telegram.polling import poll
from bot.channels.telegram.reminders import Reminders
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.staff.refusals import refused_elsewhere
from bot.channels.telegram.staff_side import NoStaff, Request, StaffSide
from bot.channels.telegram.wire import line
from bot.channels.telegram.writer import StoreThread
from bot.config import clock, database_path
from bot.ops.logs import logger
from bot.ops.metrics import Metrics
from bot.privacy import pseudonym
from bot.session import Mind
from bot.settings import Settings
from bot.store.protocol import ChannelStore

DRAIN_SECONDS = 15.0
"""How long the end may take: what is not sent by then is sent by the next start."""
TIMER_SECONDS = 1.0
"""How often it is looked whether something has fallen due."""
SWEPT_AFTER_SECONDS = 60.0
"""So long what people wrote may stand in the store's log while something always waits."""
ASIDE_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 0.0)
"""Seconds between the tries of words that are in no outbox."""
TYPING_AT_ONCE = 30
"""Requests under way aside from answers at which nobody more is shown that the bot is typing."""

T = TypeVar("T")


async def serve(settings: Settings, token: str, db: Path | None, metrics: Metrics) -> None:
    """Run until SIGTERM or SIGINT; what is under way is then brought to its end.

    TuidanError where the token is not good or another process serves the database already, StoreError where
    the store fails: nothing is lost by either.
    """
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    path = database_path(db or settings.db)
    with alone(path):
        async with Bot(token, session=line(settings.api_url)) as bot:
            write = StoreThread()
            try:
                store = await write(channel_store, path)
                try:
                    service = await _unless(ended, Service.made(settings, bot, store, write, metrics))
                    if service is not None:
                        gc.freeze()  # it stays; to look through all of it for garbage takes 0.3 s
                        await service.run(ended)
                finally:
                    await write(store.close)
            finally:
                write.close()


async def _unless(ended: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work comes to; None, and the work is stopped, where the end comes first."""
    working, ending = asyncio.create_task(work), asyncio.create_task(ended.wait())
    await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if working.done():
        return working.result()
    working.cancel()
    await asyncio.wait({working})
    return None


class Service:
    """One bot at work."""

    def __init__(
        self,
        settings: Settings,
        bot: Bot,
        store: ChannelStore,
        write: StoreThread,
        metrics: Metrics,
        *,
        own_mind: Mind,
        me: tuple[int, str],
        pace: Pace,
        now: Callable[[], datetime] = clock,
    ) -> None:
        """`me` is the bot's number and user name."""
        self._settings, self._bot, self._store, self._write = settings, bot, store, write
        self._metrics, self._now = metrics, now
        self._aside: set[asyncio.Task[None]] = set()
        self._times = AnswerTimes(metrics)
        self._unswept, self._swept = True, time.monotonic()
        """Whether something was handled since the store's log was emptied, and when it was."""
        self._staff = self._staff_side()
        self._intake = Intake(*me, self._staff.chats)
        person = PersonSide(store, own_mind, self._staff, metrics)
        self._handling = Handling(
            *(store, write, person, self._staff),
            make=self._make,
            ring=lambda conversation: self._conversations.ring(conversation, at_once=True),
            metrics=metrics,
            now=now,
        )
        self._conversations = Conversations(self._handle)
        counted = CountedReports(self._staff, metrics, self._times, time.monotonic)
        self._sender = Sender(store, write, bot, counted, pace=pace, now=now)
        self._reminders = Reminders(store, self._staff.desk)

    @classmethod
    async def made(
        cls, settings: Settings, bot: Bot, store: ChannelStore, write: StoreThread, metrics: Metrics
    ) -> "Service":
        """The service, once it knows its own name: Telegram is asked until it answers."""
        me = await menu.introduced(bot)
        own_mind = await asyncio.to_thread(mind)
        pace = Pace(Limits(a_second=settings.messages_a_second))
        own = (me.id, me.username or "")
        return cls(settings, bot, store, write, metrics, own_mind=own_mind, me=own, pace=pace)

    def _staff_side(self) -> StaffSide:
        if not self._settings.staff_chat:
            return NoStaff()
        from bot.channels.telegram.staff import staff_side  # noqa: PLC0415 - without staff, none of it

        return staff_side(self._settings, self._bot, self._store, self._write, self._wake, self._metrics)

    async def run(self, ended: asyncio.Event) -> None:
        """Work until told to end, then drain. What goes wrong in any part ends the whole, and is raised."""
        await self._write(self._staff.prepare)
        sending = asyncio.create_task(self._sender.run())
        parts = [
            sending,
            *map(asyncio.create_task, (self._conversations.failure(), self._staff.run(), self._remind())),
        ]
        stop = asyncio.create_task(ended.wait())
        async with self._intake_open() as coming_in:
            parts.append(coming_in)
            for conversation in await self._write(self._store.inbox.waiting):
                self._conversations.ring(conversation, at_once=True)
            logger().info("service.started", kind="webhook" if self._settings.webhook_url else "polling")
            await asyncio.wait({stop, *parts}, return_when=asyncio.FIRST_COMPLETED)
            logger().info("service.draining", depth=len(self._conversations))
            for part in (stop, *parts[1:]):
                part.cancel()
            await asyncio.wait({stop, *parts[1:]})
        await self._drain(sending)
        for part in parts:
            if not part.cancelled() and (error := part.exception()) is not None:
                raise error
        logger().info("service.ended")

    async def _drain(self, sending: asyncio.Task[None]) -> None:
        """What came in is handled, and what may be sent now is sent; the next start sends the rest."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._conversations.settle()
                while not sending.done():
                    due = await self._write(self._store.outbox.due, self._now(), 1)
                    if not due:
                        break
                    self._sender.wake()
                    await asyncio.sleep(0.02)
                self._sender.stop()
                await asyncio.wait({sending, *self._aside})
        except TimeoutError:
            logger().warning("service.drain_cut_short", seconds=DRAIN_SECONDS)
            sending.cancel()
            await asyncio.wait({sending})

    @asynccontextmanager
    async def _intake_open(self) -> AsyncIterator[asyncio.Task[None]]:
        """Polling, or the webhook: what brings updates in, to be awaited."""
        settings, beat = self._settings, self._metrics.beat
        if settings.webhook_url is None or settings.webhook_secret is None:
            yield asyncio.create_task(poll(self._bot, self._take, beat))
            return
        secret = settings.webhook_secret.get_secret_value()
        where = webhook.Listening(settings.webhook_url, secret, settings.webhook_host, settings.webhook_port)
        async with webhook.listening(where, self._take, self._metrics):
            yield asyncio.create_task(webhook.announced(where, self._bot, beat))

    async def _take(self, updates: Sequence[Update]) -> None:
        """Into the inbox, all at once; returns after the commit."""
        came = time.monotonic()
        arrivals = [arrival for arrival in map(self._read, updates) if arrival is not None]
        self._metrics.updates.labels("other").inc(len(updates) - len(arrivals))
        if not arrivals:
            return
        for arrival, typing in await self._write(self._keep, arrivals):
            conversation = pseudonym(arrival.conversation)
            self._conversations.ring(conversation, at_once=not arrival.waits)
            if typing:
                if arrival.kind == "message":
                    self._times.came(conversation, came)
                if arrival.waits and len(self._aside) < TYPING_AT_ONCE:
                    self._make(menu.typing(int(arrival.payload["address"])))

    def _read(self, update: Update) -> Arrival | None:
        try:
            read = self._intake.read(update)
            self._staff.noticed(update)
            chats, name = self._intake.staff_chats, self._intake.name
            if chats and refused_elsewhere(update, chats, name):
                self._metrics.refused.inc()
            return read
        except Exception as error:  # else it would come again for ever, before all others
            self._metrics.faults.inc()
            logger().error("update.unreadable", update=update.update_id, exc_info=error)
            return None

    def _keep(self, arrivals: Sequence[Arrival]) -> list[tuple[Arrival, bool]]:
        """In the store's thread: those that are new, and whether the bot is to answer them."""
        new = []
        with self._store.transaction():
            for arrival in arrivals:
                if self._handling.receive(arrival, self._now()):
                    self._metrics.updates.labels(arrival.kind).inc()
                    new.append((arrival, self._handling.bot_answers(arrival)))
                else:
                    self._metrics.updates.labels("repeated").inc()
        return new

    async def _handle(self, conversation: str) -> bool:
        again = await self._handling.handle(conversation)
        self._unswept = True
        self._sender.wake()
        return again

    async def _remind(self) -> None:
        while True:
            if await self._write(self._reminders.act, self._now()):
                self._sender.wake()
            depth = await self._write(self._store.outbox.depth)
            await self._sweep(depth)
            self._metrics.inbox_depth.set(len(self._conversations))
            self._metrics.outbox_depth.set(depth)
            await asyncio.sleep(TIMER_SECONDS)

    async def _sweep(self, to_be_sent: int) -> None:
        """Empty the store's log of what people wrote: once nothing waits, and else now and then."""
        now = time.monotonic()
        self._unswept |= bool(to_be_sent)  # an agent's words, say, which go when they have been sent
        waits = bool(self._conversations) or bool(to_be_sent)
        if not self._unswept or (waits and now - self._swept < SWEPT_AFTER_SECONDS):
            return
        self._unswept = False
        self._swept = now
        if not await self._write(self._store.leave_no_trace, patient=False):
            self._unswept = True

    def _wake(self) -> None:
        self._sender.wake()

    def _make(self, request: Request) -> None:
        """Aside, whatever comes of it: what must arrive is in the outbox."""
        task = asyncio.create_task(self._made_aside(request))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _made_aside(self, request: Request) -> None:
        """Words are tried for some minutes: those to who was just forgotten may stand in no outbox."""
        for pause in ASIDE_PAUSES if isinstance(request, SendMessage) else (0.0,):
            try:
                await self._bot(request, request_timeout=10)
                return
            except AiogramError as error:
                found = fault(error, self._bot.token)
                logger().info("request.in_vain", kind=found.meaning, error=found.error)
                if found.meaning not in {"too_many", "again"}:
                    return
            await asyncio.sleep(max(pause, found.seconds) if pause else 0.0)
