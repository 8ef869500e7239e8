"""What waits in the inbox is given its effect, conversation by conversation."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from aiogram.exceptions import AiogramError
from aiogram.types import Update

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
"""When Telegram is asked again who is of the staff, after it could not tell."""


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
        metrics: Metrics,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._write, self._person, self._staff = store, write, person, staff
        self._make, self._metrics, self._now = make, metrics, now

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
        """All that waits in the conversation; whether something waits on. StoreError passes through."""
        staff_rows, requests = await self._write(self._handle_person, conversation)
        for row in staff_rows:
            update = Update.model_validate(row.payload["staff"])
            try:
                is_staff = await self._staff.is_staff(update)
            except AiogramError as error:
                logger().warning("staff.not_known", update=row.update_id, kind=type(error).__name__)
                await asyncio.sleep(ASKED_AGAIN_SECONDS)
                return True
            requests = [*requests, *await self._write(self._handle_staff, row, update, is_staff)]
        for request in requests:
            self._make(request)
        return False

    def _handle_person(self, conversation: str) -> tuple[list[Received], Sequence[Request]]:
        """In the store's thread: what is a person's is done, what is the staff's is returned."""
        rows = self._store.inbox.take(conversation)
        if not rows or "staff" in rows[0].payload:
            return rows, ()
        return [], self._person.handle(conversation, rows, self._now())

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
