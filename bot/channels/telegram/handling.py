"""What waits in the inbox is given its effect, conversation by conversation."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import Update

from bot.channels.telegram.grouping import MOST_TOGETHER
from bot.channels.telegram.intake import CHANNEL, Arrival
from bot.channels.telegram.person import PersonSide
from bot.channels.telegram.staff_side import Request, StaffSide
from bot.channels.telegram.writer import StoreThread
from bot.errors import StoreError
from bot.ops.logs import logger
from bot.ops.metrics import Metrics
from bot.privacy import pseudonym
from bot.store.protocol import ChannelStore, Received

ASKED_AGAIN_SECONDS = 2.0
"""When Telegram is asked again who is of the staff, after it could not tell, and said not when."""
GROUPS_AT_ONCE = 5
"""What of one conversation is handled in one go: however much waits there, others have their turns."""


class Handling:
    """Between the inbox and those who act on what is in it."""

    def __init__(
        self,
        store: ChannelStore,
        write: StoreThread,
        person: PersonSide,
        staff: StaffSide,
        *,
        make: Callable[[Request], None],
        ring: Callable[[str], None],
        metrics: Metrics,
        now: Callable[[], datetime],
    ) -> None:
        """`make` makes a request once, aside; `ring` has a conversation handled again."""
        self._store, self._write, self._person, self._staff = store, write, person, staff
        self._make, self._ring, self._metrics, self._now = make, ring, metrics, now
        self._put_off: dict[str, asyncio.TimerHandle] = {}
        """Conversations in which somebody's words wait until Telegram tells who they are."""

    def receive(self, arrival: Arrival, now: datetime) -> bool:
        """Take it in; False where its number is known. In the store's thread."""
        reception = self._person.reception
        return reception.receive(CHANNEL, arrival.update, arrival.conversation, arrival.payload, now)

    def bot_answers(self, arrival: Arrival) -> bool:
        """Whether it is the bot that a person will hear from. In the store's thread."""
        if "staff" in arrival.payload or self._store.desks.banned(arrival.payload["person"]):
            return False
        desk = self._store.desks.desk(pseudonym(arrival.conversation))
        return desk is None or desk.state not in {"queued", "human"}

    async def handle(self, conversation: str) -> bool:
        """What waits in the conversation; whether more waits there. StoreError passes through."""
        staff_rows, requests, more = await self._write(self._handle_person, conversation)
        for request in requests:
            self._make(request)
        pause, unknown = 0.0, set[int]()
        for row in staff_rows:
            update = Update.model_validate(row.payload["staff"])
            who = _sender(update)
            if who in unknown:
                continue  # in order with what they did before; the others need not wait for it
            try:
                is_staff = await self._staff.is_staff(update)
            except AiogramError as error:
                logger().warning("staff.not_known", update=row.update_id, kind=type(error).__name__)
                unknown.add(who)
                pause = max(pause, _wait(error))
                continue
            for request in await self._write(self._handle_staff, row, update, is_staff):
                self._make(request)
        if pause:
            self._ring_later(conversation, pause)
        return more

    def _ring_later(self, conversation: str, seconds: float) -> None:
        def ring() -> None:
            del self._put_off[conversation]
            self._ring(conversation)

        if conversation not in self._put_off:
            self._put_off[conversation] = asyncio.get_running_loop().call_later(seconds, ring)

    def _handle_person(self, conversation: str) -> tuple[list[Received], Sequence[Request], bool]:
        """In the store's thread: what is a person's is done, what is the staff's is returned."""
        most = GROUPS_AT_ONCE * MOST_TOGETHER + 1
        rows = self._store.inbox.take(conversation, most)
        if not rows:
            return [], (), False
        if "staff" in rows[0].payload:
            return (self._store.inbox.take(conversation) if len(rows) == most else rows), (), False
        requests, left = self._person.handle(conversation, rows, self._now(), at_most=GROUPS_AT_ONCE)
        return [], requests, left

    def _handle_staff(self, row: Received, update: Update, is_staff: bool) -> Sequence[Request]:
        """In the store's thread: one transaction with its effect."""
        try:
            with self._store.transaction():
                if self._store.inbox.finish([row]):
                    return self._staff.handle(update, is_staff, self._now())
        except StoreError:
            raise
        except Exception as error:  # a fault must not stop the others, nor come again at every start
            self._metrics.faults.inc()
            logger().error("staff.fault", update=row.update_id, exc_info=error)
            self._person.reception.give_up([row], error)
        return ()


def _sender(update: Update) -> int:
    """Who did it; 0 for Telegram itself."""
    did = update.callback_query or update.message or update.edited_message
    return did.from_user.id if did is not None and did.from_user is not None else 0


def _wait(error: AiogramError) -> float:
    """Seconds until Telegram is asked again."""
    return float(error.retry_after) if isinstance(error, TelegramRetryAfter) else ASKED_AGAIN_SECONDS
