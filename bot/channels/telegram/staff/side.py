"""The staff's side of the service: see `bot.channels.telegram.staff_side.StaffSide`."""

import asyncio
from collections.abc import Callable, Container, Sequence
from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import SetMyCommands
from aiogram.types import BotCommandScopeChat, Update

from bot.channels.telegram.errors import Fault, fault
from bot.channels.telegram.intake import group_move
from bot.channels.telegram.requests import Place, Request
from bot.channels.telegram.sender import Writer
from bot.channels.telegram.staff.commands import menu
from bot.channels.telegram.staff.gate import Gate, agent_id, inside
from bot.channels.telegram.staff.hearing import Hearing
from bot.channels.telegram.staff.marks import Marks
from bot.channels.telegram.staff.topics import Topics, group_moved
from bot.config import clock
from bot.desk.desk import StaffDesk
from bot.desk.reminding import Reminding
from bot.desk.takeover import DeskTakeover
from bot.desk.waiting import Patience
from bot.ops.logs import logger
from bot.ops.metrics import Metrics
from bot.store.protocol import ChannelStore, Outgoing

ROUND_SECONDS = 0.3
"""How often is looked for topics to be made."""
REMIND_SECONDS = 20.0
"""How often is looked for persons who wait too long."""


class Staff:
    """The staff groups, their topics, and what is said and done there."""

    def __init__(
        self,
        store: ChannelStore,
        write: Writer,
        bot: Bot,
        chats: Sequence[int],
        patience: Patience,
        *,
        wake: Callable[[], None],
        metrics: Metrics,
        now: Callable[[], datetime] = clock,
    ) -> None:
        """`patience` also says when staff are there; `wake` tells the sender that there is something to send.

        ValueError where `chats` is empty.
        """
        self.desk = StaffDesk(store, chats, patience.hours)
        self.takeover = DeskTakeover(store, self.desk)
        self._write, self._bot, self._wake, self._now = write, bot, wake, now
        self._hearing = Hearing(store, self.desk, self.desk.groups, bot.id, metrics)
        self._gate = Gate(bot, self.desk.groups)
        self._topics = Topics(store, write, bot, self.desk, now=now)
        self._reminding = Reminding(store, patience)
        self._marks = Marks(store, self.desk, now)
        self._name = ""
        self._menus: frozenset[str] = frozenset()
        """The groups whose menus have been set."""

    @property
    def chats(self) -> Container[int]:
        """The staff groups."""
        return self.desk.groups

    def prepare(self) -> None:
        """Take up what is on record of the groups."""
        self.desk.follow_groups()
        if many := self.desk.gather(self._now()):
            words = f"{many} conversations were with a group that is not in TUIDAN_STAFF_CHAT any more"
            logger().warning("staff.group_gone", error=words)

    def noticed(self, update: Update) -> None:
        """An update has come in: who joins or leaves a group counts as staff from now on, or no longer."""
        if change := update.chat_member:
            self._gate.changed(change.chat.id, change.new_chat_member.user.id)
        if move := group_move(update):
            self.desk.groups.moved(*move)

    async def is_staff(self, update: Update) -> bool:
        """Whether who sent it is a member of the staff group that it was sent in."""
        if group_move(update) or update.chat_member:
            return False  # Telegram says so, not somebody
        self._name = (await self._bot.me()).username or ""
        if query := update.callback_query:
            return query.message is not None and await self._gate.is_member(
                query.message.chat.id, query.from_user.id
            )
        message = update.message or update.edited_message
        if message is None or message.from_user is None or message.sender_chat is not None:
            return False
        if message.from_user.is_bot:
            return False  # another bot in the group, whose words are nobody's
        return await self._gate.is_member(message.chat.id, message.from_user.id)

    def handle(self, update: Update, is_staff: bool, now: datetime) -> Sequence[Request]:
        """Act on what came from a staff group, or pretends to; see `StaffSide`."""
        if move := group_move(update):
            group_moved(self.desk, *move)
            return ()
        if change := update.chat_member:
            member = change.new_chat_member
            if not inside(member.status, getattr(member, "is_member", False)):
                self.desk.agent_left(agent_id(member.user), change.chat.id, now)
            return ()
        if update.callback_query is not None:
            return self._hearing.pressed(update, update.callback_query, is_staff, now)
        if update.message is not None:
            return self._hearing.written(update, update.message, is_staff, self._name, now)
        if update.edited_message is not None and is_staff:
            return self._hearing.edited(update.edited_message, now)
        return ()

    def asking(self, message: Outgoing) -> None:
        """Nothing to be done before."""

    def put_off(self, message: Outgoing, fault: Fault) -> None:
        """Nothing to be done but to wait."""

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        """Telegram took the message."""
        self._marks.arrived(message, at, ids)

    def trouble(self, message: Outgoing, at: Place | None, fault: Fault) -> None:
        """It will not arrive, or needs help to."""
        self._marks.trouble(message, at, fault)

    async def run(self) -> None:
        """Topics, reminders and the menus, until it is cancelled."""
        seconds = asyncio.get_running_loop().time
        remind_at = seconds()
        while True:
            await self.round()
            if seconds() >= remind_at:
                remind_at = seconds() + REMIND_SECONDS
                if await self._write(self._reminding.remind, self._now()):
                    self._wake()
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Make the topics that are missing, and the menus of groups that are new."""
        if self._menus != frozenset(self.desk.groups):
            await self._set_menus()
        if await self._topics.make_missing():
            self._wake()

    async def _set_menus(self) -> None:
        groups = frozenset(self.desk.groups)
        for chat in sorted(groups - self._menus):
            try:
                await self._bot(SetMyCommands(commands=menu(), scope=BotCommandScopeChat(chat_id=int(chat))))
            except (AiogramError, OSError, TimeoutError) as error:
                logger().warning("menu.not_set", chat=int(chat), error=fault(error, self._bot.token).error)
        self._menus = groups
