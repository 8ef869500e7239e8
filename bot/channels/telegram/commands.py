"""Commands of a person: /start /help /new /human /privacy /forget."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels.telegram.receiving import TelegramReception, script_of
from bot.channels.telegram.staff_side import Request
from bot.channels.telegram.wording import say
from bot.desk.desk import StaffDesk
from bot.store.protocol import ChannelStore, Json, Received

FORGET_ASKED, COMMAND = "shell.forget_asked", "shell.command"
"""Kinds of the events that tell of commands; that of /forget names the update which its button carries."""
SAID_INSTEAD = {"new": "重新开始", "human": "转人工"}
"""Commands that are what a person could as well have said."""
TOLD = {"start", "help", "privacy"}

Hear = Callable[[str, Sequence[Received], datetime], None]


class Commands:
    """Each in one transaction with its effect."""

    def __init__(
        self, store: ChannelStore, reception: TelegramReception, desk: StaffDesk | None, hear: Hear
    ) -> None:
        self._store, self._reception, self._desk, self._hear = store, reception, desk, hear

    def handle(self, conversation: str, row: Received, now: datetime) -> list[Request]:
        """Act on the command in the row."""
        name = str(row.payload["command"])
        if name in SAID_INSTEAD:
            self._say_instead(conversation, row, name, now)
        elif name == "forget":
            self._ask(conversation, row, now)
        elif name not in TOLD and self._with_staff(conversation):
            self._hear(conversation, [row], now)  # no command of the bot's: staff read it
        else:
            self._tell(conversation, row, name if name in TOLD else "unknown_command", now)
        return []

    def _with_staff(self, conversation: str) -> bool:
        desk = self._store.desks.desk(conversation)
        return desk is not None and desk.state in {"queued", "human"}

    def _say_instead(self, conversation: str, row: Received, name: str, now: datetime) -> None:
        """What stands behind the command is heard after it, or read by staff who have the conversation."""
        desk = self._store.desks.desk(conversation)
        rest = str(row.payload["text"])[len(name) + 1 :].strip()
        for_staff = replace(row, payload={**row.payload, "text": rest})
        if desk is not None and desk.state == "human":
            if rest:
                self._hear(conversation, [for_staff], now)
            else:
                self._tell(conversation, row, "with_staff", now)
            return
        with self._store.transaction():
            if desk is not None and desk.state == "queued" and self._desk is not None:
                if name == "human":
                    place = self._desk.place(conversation, now) or say("with_staff")
                    if rest:
                        self._hear(conversation, [for_staff], now)
                        self._store.outbox.post(conversation, {"text": place}, now)
                    else:
                        self._settle(conversation, row, COMMAND, {"text": place}, now)
                    return
                self._desk.withdraw(conversation, now)
            said = replace(row, payload={**row.payload, "text": SAID_INSTEAD[name], "rest": rest})
            self._hear(conversation, [said], now)

    def _ask(self, conversation: str, row: Received, now: datetime) -> None:
        script = script_of(self._store, conversation)
        answers = [[say(f"forget.{it}", script), f"forget:{it}:{row.update_id}"] for it in ("yes", "no")]
        body = {"text": say("forget_asks", script), "keyboard": [answers]}
        self._settle(conversation, row, FORGET_ASKED, body, now)

    def _tell(self, conversation: str, row: Received, key: str, now: datetime) -> None:
        text = say(key, script_of(self._store, conversation))
        self._settle(conversation, row, COMMAND, {"text": text}, now)

    def _settle(self, conversation: str, row: Received, kind: str, body: Json, now: datetime) -> None:
        event = (kind, {"update": str(row.update_id), "command": row.payload["command"]})
        self._reception.settle(conversation, [row], [event], [body], now)
