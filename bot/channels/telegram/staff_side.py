"""What the service asks of the staff's side, and a service without staff."""

import asyncio
from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any, Protocol

from aiogram.methods import TelegramMethod
from aiogram.types import Update

from bot.channels.telegram.errors import Fault
from bot.channels.telegram.requests import Place
from bot.channels.telegram.sender import Reports
from bot.desk.desk import StaffDesk
from bot.reception import Takeover
from bot.store.protocol import Outgoing

Request = TelegramMethod[Any]


class StaffSide(Reports, Protocol):
    """The staff groups. An update of theirs waits in the inbox like a person's, and is handled once."""

    @property
    def chats(self) -> Container[int]:
        """The groups whose updates are the staff's."""

    @property
    def desk(self) -> StaffDesk | None:
        """Who has which conversation; None where there are no staff."""

    @property
    def takeover(self) -> Takeover | None:
        """What a session asks of the desk; None where there are no staff."""

    def prepare(self) -> None:
        """Before all else: take up what is on record. In the store's thread."""

    def noticed(self, update: Update) -> None:
        """An update has come in; what it tells of the groups counts at once. In the main loop."""

    async def is_staff(self, update: Update) -> bool:
        """Whether who sent it is a member of the group that it was sent in. Asked before `handle`.

        Errors of the Bot API pass through: the update waits, and is asked about again.
        """

    def handle(self, update: Update, is_staff: bool, now: datetime) -> Sequence[Request]:
        """Act on it: in the store's thread, in the transaction that takes the update out of the inbox.

        Returns requests that are made once after the commit, such as answers to presses and marks; what must
        arrive belongs into the outbox.
        """

    async def run(self) -> None:
        """What goes on beside the updates (topics to be made, reminders), until it is cancelled."""


class NoStaff:
    """A service without a staff group. See `StaffSide`."""

    chats: Container[int] = frozenset()
    desk: StaffDesk | None = None
    takeover: Takeover | None = None

    def prepare(self) -> None:
        """Nothing is."""

    def noticed(self, update: Update) -> None:
        """There are no groups."""

    async def is_staff(self, update: Update) -> bool:
        """Nobody is."""
        return False

    def handle(self, update: Update, is_staff: bool, now: datetime) -> Sequence[Request]:
        """Of a group that is the staff's no more."""
        return ()

    async def run(self) -> None:
        """Nothing goes on."""
        await asyncio.Event().wait()

    def asking(self, message: Outgoing) -> None:
        """Nobody wants to know."""

    def put_off(self, message: Outgoing, fault: Fault) -> None:
        """Nobody wants to know."""

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        """Nobody wants to know."""

    def trouble(self, message: Outgoing, at: Place | None, fault: Fault) -> None:
        """Nobody can help."""
