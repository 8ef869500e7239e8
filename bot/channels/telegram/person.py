"""What a person writes, shows and presses in their chat with the bot. All of it in the store's thread."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aiogram.methods import AnswerCallbackQuery

from bot.channels.telegram.commands import Commands
from bot.channels.telegram.grouping import groups
from bot.channels.telegram.pressing import Pressing
from bot.channels.telegram.receiving import TelegramReception, answering, script_of
from bot.channels.telegram.reminders import Reminders
from bot.channels.telegram.staff_side import Request, StaffSide
from bot.channels.telegram.wording import say
from bot.errors import StoreError
from bot.ops.logs import logger
from bot.ops.metrics import Metrics
from bot.ops.turns import turn_taken
from bot.session import Mind
from bot.store.protocol import ChannelStore, Json, Received
from bot.transcript import SHOWN


class PersonSide:
    """Gives what waits in a person's conversation its effect, in order."""

    def __init__(self, store: ChannelStore, mind: Mind, staff: StaffSide, metrics: Metrics) -> None:
        self.reception = TelegramReception(store, mind, staff.takeover, say("edited_too_late"))
        self._store, self._metrics, self._staff = store, metrics, staff.desk
        self._reminders = Reminders(store, staff.desk)
        self._commands = Commands(store, self.reception, staff.desk, self._hear)
        self._pressing = Pressing(store, self.reception, staff.desk, self._hear)

    def handle(
        self, conversation: str, rows: Sequence[Received], now: datetime, *, at_most: int
    ) -> tuple[list[Request], bool]:
        """Each group of messages in a transaction of its own, `at_most` of them.

        Returns requests to be made once, afterwards, and whether some of the rows wait on. A fault of the
        program ends with the messages given up and the person told, and is logged. StoreError passes
        through: what was not committed waits on.
        """
        if self._store.desks.banned(str(rows[0].payload.get("person", ""))):
            with self._store.transaction():
                self._store.inbox.finish(rows)
            return [AnswerCallbackQuery(callback_query_id=id_) for id_ in _queries(rows)], True
        requests: list[Request] = []
        waiting = groups(rows)
        for group in waiting[:at_most]:
            requests += self._handle_group(conversation, group, now)
        return requests, len(waiting) > at_most

    def _handle_group(self, conversation: str, rows: Sequence[Received], now: datetime) -> list[Request]:
        try:
            return self._one(conversation, rows, now)
        except StoreError:
            raise
        except Exception as error:  # whatever it is, the others' messages are handled
            if len(rows) > 1:
                return [it for row in rows for it in self._handle_group(conversation, [row], now)]
            self._metrics.faults.inc()
            logger().error("turn.fault", conversation=conversation, update=rows[0].update_id, exc_info=error)
            with self._store.transaction():
                self.reception.give_up(rows, error)
                self._store.outbox.set_address(conversation, rows[0].channel, rows[0].payload["address"])
                text = say("fault", script_of(self._store, conversation))
                body = {"text": text, **answering(rows[0].payload.get("message", ""))}
                self._store.outbox.post(conversation, body, now)
            return [AnswerCallbackQuery(callback_query_id=id_) for id_ in _queries(rows)]

    def _one(self, conversation: str, rows: Sequence[Received], now: datetime) -> list[Request]:
        payload = rows[0].payload
        if "command" in payload:
            return self._commands.handle(conversation, rows[0], now)
        if "press" in payload:
            return self._pressing.handle(conversation, rows[0], now)
        if "copy" in payload:
            self._shown(conversation, rows, now)
        else:
            self._hear(conversation, rows, now)
        return []

    def _hear(self, conversation: str, rows: Sequence[Received], now: datetime) -> None:
        """By the dialogue, or passed on to the staff where they have the conversation."""
        began = time.perf_counter()
        with self._store.transaction():
            turn = self.reception.handle_received(conversation, rows, now)
            if turn is not None and any(event.kind == "corrected" for event in turn.events):
                self._reminders.corrected(conversation, turn.outcome, now, turn.state.script)
        if turn is not None:
            turn_taken(self._metrics, conversation, turn, time.perf_counter() - began)

    def _shown(self, conversation: str, rows: Sequence[Received], now: datetime) -> None:
        """Pictures, files and the like: to the staff, or a word that the bot reads text only.

        Staff see the latter when they are given the conversation. What is written under a picture is heard.
        """
        desk, script = self._store.desks.desk(conversation), script_of(self._store, conversation)
        if desk is not None and desk.state in {"queued", "human"}:
            with self._store.transaction():
                self._hear(conversation, rows, now)
                if desk.state == "queued":
                    self._store.outbox.post(conversation, {"text": say("passed_on", script)}, now)
            return
        with self._store.transaction():
            words = [row for row in rows if row.payload["text"]]
            shown = [row for row in rows if not row.payload["text"]]
            events = [_shown_event(row) for row in rows if not row.payload.get("edited")]
            key = "text_only" if self._staff is None else "text_only_kept"
            reply = {"text": say(key, script), "buttons": []}
            if shown:
                self.reception.settle(conversation, shown, events, [reply] if events else [], now)
            elif events:
                self._store.record(conversation, events, now)
                self._store.outbox.set_address(conversation, words[0].channel, words[0].payload["address"])
                self._store.outbox.post(
                    conversation, {**reply, **answering(words[0].payload["message"])}, now
                )
            if words:
                plain = [replace(row, payload={**row.payload, "copy": None}) for row in words]
                self._hear(conversation, plain, now)


def _shown_event(row: Received) -> tuple[str, Json]:
    copy, said = row.payload["copy"], str(row.payload.get("message", ""))
    data = {"update": str(row.update_id), "media": row.payload["media"], "body": {"copy": copy, "said": said}}
    return SHOWN, data


def _queries(rows: Sequence[Received]) -> list[str]:
    return [str(row.payload["query"]) for row in rows if "query" in row.payload]
