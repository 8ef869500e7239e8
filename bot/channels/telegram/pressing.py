"""Buttons that a person presses. One of an older version of the case asks anew, and never acts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiogram.methods import AnswerCallbackQuery, SendMessage

from bot.channels.telegram.commands import FORGET_ASKED, Hear
from bot.channels.telegram.format import Press, read_press
from bot.channels.telegram.receiving import TelegramReception, last_answer, last_of, script_of, version
from bot.channels.telegram.reminders import ARRIVAL, FEE, PRESSED, Reminders, paid_words
from bot.channels.telegram.staff.persons import pressed_by_person
from bot.channels.telegram.staff_side import Request
from bot.channels.telegram.wording import say
from bot.desk.desk import StaffDesk
from bot.desk.erasing import tell_of_erasing
from bot.store.protocol import ChannelStore, Json, Received
from bot.transcript import HEARD

WITH_STAFF = frozenset({"queued", "human"})
FORGET_WITHIN = timedelta(hours=1)
LONGEST_TOAST = 200
"""Characters; answerCallbackQuery."""
_PAID = re.compile(r"paid:(yes|no):(\d{1,18})", re.ASCII)
_FORGET = re.compile(r"forget:(yes|no):(\d{1,18})", re.ASCII)


class Pressing:
    """Each press in one transaction with its effect; each is answered, once that is committed."""

    def __init__(
        self, store: ChannelStore, reception: TelegramReception, desk: StaffDesk | None, hear: Hear
    ) -> None:
        self._store, self._reception, self._desk, self._hear = store, reception, desk, hear
        self._reminders = Reminders(store, desk)

    def handle(self, conversation: str, row: Received, now: datetime) -> list[Request]:
        """Act on the press in the row."""
        data = str(row.payload["press"])
        if forget := _FORGET.fullmatch(data):
            return self._forget(conversation, row, forget[1] == "yes", forget[2], now)
        with self._store.transaction():
            toast = self._act(conversation, row, data, now)
        return [AnswerCallbackQuery(callback_query_id=row.payload["query"], text=_plain(toast))]

    def _act(self, conversation: str, row: Received, data: str, now: datetime) -> str | None:
        """Returns what is shown for a moment in answer. Where staff have the conversation, that is all.

        They hear whether the money has arrived, and who waits for them may still ask for a reminder.
        """
        if data.startswith("desk:"):
            return self._at_desk(conversation, row, now)
        if paid := _PAID.fullmatch(data):
            return self._paid(conversation, row, paid[1], int(paid[2]), now)
        state, reminder = self._state(conversation), data.partition(":")[0] in {FEE, ARRIVAL}
        if state == "human" or (state == "queued" and not reminder):
            return self._quiet(conversation, row, now)
        if reminder:
            return self._remind(conversation, row, data, now)
        if choice := read_press(data):
            return self._choose(conversation, row, choice, now)
        self._settle(conversation, row, [], now)
        return say("too_old", script_of(self._store, conversation))

    def _choose(self, conversation: str, row: Received, choice: Press, now: datetime) -> str | None:
        """What the button says is said."""
        mark = str(row.payload["press"])
        heard = last_of(self._store, conversation, HEARD)
        if heard is not None and mark in heard.data.get("messages", ()):
            self._settle(conversation, row, [], now)  # pressed twice in a row
            return None
        known = self._store.conversation(conversation)
        label = _label(known.state, choice.index, row.payload.get("label", "")) if known else None
        if label is None or version(last_answer(self._store, conversation)) != choice.version:
            return self._stale(conversation, row, now)
        self._hear(conversation, [_said(row, label, mark)], now)
        return None

    def _state(self, conversation: str) -> str:
        desk = self._store.desks.desk(conversation)
        return "bot" if desk is None else desk.state

    def _quiet(self, conversation: str, row: Received, now: datetime) -> str:
        """The bot does not talk between a person and the staff."""
        self._settle(conversation, row, [], now)
        return say("with_staff", script_of(self._store, conversation))

    def _stale(self, conversation: str, row: Received, now: datetime) -> str:
        """Ask what was asked last once more, under buttons of the version that holds.

        Where others read along only who pressed is told: it may be somebody else's button.
        """
        if self._state(conversation) in WITH_STAFF:
            return self._quiet(conversation, row, now)
        known = self._store.conversation(conversation)
        state: Mapping[str, Any] = known.state if known else {}
        script = script_of(self._store, conversation)
        if int(row.payload["address"]) < 0:
            self._settle(conversation, row, [], now)
            return say("stale_toast", script)
        replies: list[Json] = [{"text": say("stale", script)}]
        current = version(last_answer(self._store, conversation))
        texts = zip(state.get("last", ()), _groups(state), strict=False)
        replies += [
            {"text": text, "buttons": labels, "version": current}
            for text, labels in texts
            if labels and current is not None
        ]
        self._settle(conversation, row, replies, now)
        return say("stale_toast", script)

    def _at_desk(self, conversation: str, row: Received, now: datetime) -> str | None:
        self._settle(conversation, row, [], now)
        if self._desk is None:
            return say("too_old", script_of(self._store, conversation))
        return pressed_by_person(self._store, self._desk, conversation, row, now)

    def _paid(self, conversation: str, row: Received, answer: str, timer: int, now: datetime) -> str | None:
        """No: what a person would say whose money is overdue. Yes: good. Once, to the last such question."""
        script, mark = script_of(self._store, conversation), str(row.payload["press"])
        question = self._reminders.question(conversation, timer)
        if question is None or (question.answers and mark not in question.answers):
            return self._stale(conversation, row, now)
        if question.answers:  # pressed twice
            self._settle(conversation, row, [], now)
            return None
        words = paid_words(answer, question.since)
        known = self._store.conversation(conversation)
        if self._state(conversation) in WITH_STAFF:
            self._hear(conversation, [_said(row, words, mark)], now)
            return say("told_staff", script)
        if answer == "yes":
            self._settle(conversation, row, [{"text": say("arrival.good", script)}], now)
        elif known is not None and question.is_about(known.state):
            self._hear(conversation, [_said(row, words, mark)], now)
        else:
            text = say("arrival.another_case", script, words=words)
            self._settle(conversation, row, [{"text": text}], now)
        return None

    def _remind(self, conversation: str, row: Received, data: str, now: datetime) -> str | None:
        known, script = self._store.conversation(conversation), script_of(self._store, conversation)
        outcome = known.state.get("outcome") if known else None
        asked = self._reminders.ask(conversation, data, outcome, now, script)
        if asked is None:
            return self._stale(conversation, row, now)
        words, events = asked
        self._store.record(conversation, events, now)
        self._settle(conversation, row, [{"text": words}], now)
        return None

    def _forget(
        self, conversation: str, row: Received, sure: bool, asked: str, now: datetime
    ) -> list[Request]:
        """Erase all of the person. Told outside of the outbox, for that is erased, too."""
        script, query = script_of(self._store, conversation), row.payload["query"]
        question = last_of(self._store, conversation, FORGET_ASKED)
        held = question is not None and question.data["update"] == asked and now - question.at < FORGET_WITHIN
        if not (sure and held):
            key = "kept" if held else "too_old"
            self._settle(conversation, row, [{"text": say(key, script)}] if held else [], now)
            return [AnswerCallbackQuery(callback_query_id=query, text=None if held else say(key, script))]
        known = self._store.conversation(conversation)
        assert known is not None, "the question is one of its events"
        tell_of_erasing(self._store, known.person, now)
        self._store.forget(known.person)
        told = SendMessage(chat_id=int(row.payload["address"]), text=say("forgotten", script))
        return [AnswerCallbackQuery(callback_query_id=query), told]

    def _settle(self, conversation: str, row: Received, replies: Sequence[Json], now: datetime) -> None:
        event = (PRESSED, {"update": str(row.update_id), "press": row.payload["press"]})
        self._reception.settle(conversation, [row], [event], replies, now)


def _plain(toast: str | None) -> str | None:
    """What is shown for a moment knows no marks, and no more than this."""
    return toast.replace("**", "")[:LONGEST_TOAST] if toast else toast


def _said(row: Received, text: str, mark: str) -> Received:
    """The press as the message that it stands for; the mark tells it from a second press."""
    return replace(row, payload={**row.payload, "text": text, "message": mark})


def _groups(state: Mapping[str, Any]) -> list[list[str]]:
    """The labels under each of the last replies."""
    labels = [str(option["label"]) for option in state.get("options", ())]
    found, begun = [], 0
    for count in state.get("last_buttons", ()):
        found.append(labels[begun : begun + count])
        begun += count
    return found


def _label(state: Mapping[str, Any], index: int, shown: str) -> str | None:
    """What the button of this place says; `shown` decides where several replies have buttons."""
    labels = [group[index] for group in _groups(state) if index < len(group)]
    return next((label for label in labels if label == shown), labels[0] if labels else None)
