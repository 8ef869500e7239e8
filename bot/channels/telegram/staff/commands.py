"""The commands that staff write in a conversation's topic."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiogram.types import BotCommand

from bot.desk.case import case_body, draft_left, show_again
from bot.desk.desk import StaffDesk
from bot.desk.record import Record
from bot.desk.result import Agent, Done, Refused, refused
from bot.desk.talk import DeskTalk
from bot.desk.wording import canned, say
from bot.store.protocol import ChannelStore, Desk

NAMES = (
    *("claim", "release", "close", "reopen", "note", "card", "draft"),
    *("canned", "snooze", "ban", "unban", "help"),
)
LONGEST_SNOOZE = timedelta(days=30)
_SPAN = re.compile(r"(\d{1,5})\s*(?:(m|min|分钟?)|(h|小时)|(d|天))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """A command with what it needs: of which desk, by whom, in which message of the group."""

    desk: Desk
    agent: Agent
    rest: str
    message: int | None
    now: datetime


class StaffCommands:
    """Runs them. Every one belongs into a transaction that the caller holds.

    What comes of it is Done, Refused, or words for whoever asked.
    """

    def __init__(self, store: ChannelStore, desk: StaffDesk, talk: DeskTalk) -> None:
        self._store, self._desk, self._talk = store, desk, talk
        self._record = Record(store)
        self._acts: Mapping[str, Callable[[Order], Done | Refused | str]] = {
            "claim": lambda it: desk.claim(it.desk.conversation, it.agent, it.now),
            "release": lambda it: desk.release(it.desk.conversation, it.agent, it.now),
            "close": lambda it: desk.close(it.desk.conversation, it.agent, it.now),
            "reopen": lambda it: desk.reopen(it.desk.conversation, it.agent, it.now),
            "ban": lambda it: talk.ban(it.desk.conversation, it.agent, it.now),
            "unban": lambda it: talk.unban(it.desk.conversation, it.agent, it.now),
            "note": self._note,
            "card": self._card,
            "draft": self._draft,
            "canned": self._canned,
            "snooze": self._snooze,
            "help": lambda _: help_text(),
        }

    def run(self, name: str, order: Order) -> Done | Refused | str:
        """Run the command; words that say so where there is none of this name."""
        act = self._acts.get(name)
        return act(order) if act else say("command.unknown", name=name)

    def _note(self, order: Order) -> Done | Refused | str:
        if not order.rest:
            return say("command.note_of_what")
        return self._desk.note(order.desk.conversation, order.agent, order.rest, order.now)

    def _card(self, order: Order) -> str:
        self._record.show(order.desk, case_body(self._store, order.desk), order.now)
        return ""

    def _draft(self, order: Order) -> Done | Refused:
        text = draft_left(self._store, order.desk)
        if text is None:
            return refused("no_draft", order.desk)
        done = self._say(order, text)
        if isinstance(done, Done):
            show_again(self._store, done.desk, order.now)  # which has no draft to send any more
        return done

    def _canned(self, order: Order) -> Done | Refused | str:
        if not order.rest:
            return say("command.canned_list", names="、".join(canned()))
        text = canned().get(order.rest)
        if text is None:
            return refused("no_canned", order.desk, name=order.rest, names="、".join(canned()))
        return self._say(order, text)

    def _say(self, order: Order, text: str) -> Done | Refused:
        return self._talk.agent_wrote(
            order.desk.conversation, order.agent, text, order.now, message=order.message
        )

    def _snooze(self, order: Order) -> Done | Refused | str:
        span = read_span(order.rest)
        if span is None:
            return say("command.snooze_how_long")
        return self._desk.snooze(order.desk.conversation, order.agent, order.now + span, order.now)


def read_span(text: str) -> timedelta | None:
    """A span such as 30m, 2h, 1d, 2小时; None where it is none, or longer than thirty days."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        return None
    number = int(found[1])
    span = timedelta(minutes=number) if found[2] else timedelta(hours=number)
    span = timedelta(days=number) if found[4] else span
    return span if timedelta() < span <= LONGEST_SNOOZE else None


def help_text() -> str:
    """All commands with what they do."""
    return "\n".join([*(f"/{name} {say(f'command.{name}')}" for name in NAMES), say("command.rest")])


def menu() -> list[BotCommand]:
    """The commands as a staff group's menu shows them."""
    return [BotCommand(command=name, description=say(f"command.{name}")) for name in NAMES]
