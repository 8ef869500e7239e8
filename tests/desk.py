"""A desk on a real database, and conversations that the bot hands over to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.desk.desk import StaffDesk
from bot.desk.hours import read_hours
from bot.desk.result import Agent, Done, Refused
from bot.desk.takeover import DeskTakeover
from bot.desk.talk import DeskTalk
from bot.dialogue.turn import Handoff
from bot.messages import Update
from bot.store.protocol import Desk, Outgoing
from bot.store.sqlite import SqliteStore

LI, WANG = Agent("agent-li", "小李"), Agent("agent-wang", "小王")
CHAT = "-1001"
MORNING = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
"""A working Friday, within the hours."""


class Office:
    """The parts of the desk over one database, and a clock that is moved by hand."""

    def __init__(self, path: Path, chats: Sequence[str] = (CHAT,), hours: str = "9:00-18:00") -> None:
        self.path = path
        self.store = SqliteStore(path)
        self.desk = StaffDesk(self.store, chats, read_hours(hours))
        self.talk = DeskTalk(self.store)
        self.takeover = DeskTakeover(self.store, self.desk)
        self.now = MORNING
        self.updates = 0

    def later(self, **span: float) -> datetime:
        """Some time goes by."""
        self.now += timedelta(**span)
        return self.now

    def bot_says(self, conversation: str, *texts: str, script: str = "hans") -> None:
        """A turn of the bot that queues these words."""
        self.updates += 1
        update = Update(f"u{self.updates}", conversation, f"person-{conversation}", "test", "…", self.now)
        with self.store.turn(update) as turn:
            turn.write({"script": script}, [], [{"text": text, "buttons": []} for text in texts])

    def hand_over(
        self, conversation: str = "c1", card: dict[str, Any] | None = None, script: str = "hans"
    ) -> Desk:
        """A turn in which the bot hands over, as the session writes it."""
        handoff = Handoff("asked_for_person", card or {"title": "退票退款"})
        with self.store.transaction():
            self.bot_says(conversation, "好的，给您转人工。", script=script)
            data = {"reason": handoff.reason, "card": dict(handoff.card)}
            self.store.record(conversation, [("shell.handoff", data)], self.now)
            self.takeover.hand_over(conversation, handoff, self.now)
        return self.at(conversation)

    def with_topic(self, conversation: str = "c1", topic: int = 7) -> Desk:
        """Handed over, and the channel has made the topic."""
        self.hand_over(conversation)
        assert isinstance(self.desk.topic_made(conversation, topic, self.now), Done)
        return self.at(conversation)

    def at(self, conversation: str = "c1") -> Desk:
        """The desk as it is stored."""
        desk = self.store.desks.desk(conversation)
        assert desk is not None
        return desk

    def to_person(self, conversation: str = "c1") -> list[str]:
        """What waits to be sent to the person."""
        return [message.body["text"] for message in self.store.unsent(conversation)]

    def sent_so_far(self, conversation: str = "c1") -> None:
        """The channel has sent all of it."""
        self.store.mark_sent(self.store.unsent(conversation))

    def to_staff(self) -> list[str]:
        """What may be sent to the staff now, line by line; it is then taken as sent."""
        return [message.body.get("text", "(copy)") for message in self.all_to_staff()]

    def all_to_staff(self) -> list[Outgoing]:
        """The same, as messages."""
        shown: list[Outgoing] = []
        while due := [m for m in self.store.outbox.due(self.now, 1000) if m.target.startswith("staff:")]:
            for message in due:
                shown.append(message)
                self.store.outbox.sent(message.seq)
        return shown

    def kinds(self, conversation: str = "c1") -> list[str]:
        """The desk's events in the transcript."""
        return [e.kind for e in self.store.events(conversation) if e.kind.startswith("desk.")]


def why(result: Done | Refused) -> str:
    """Why an action was refused."""
    assert isinstance(result, Refused), result
    return result.why
