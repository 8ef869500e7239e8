"""The session as Telegram has it: replies carry what their buttons are checked by."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.telegram.format import choices
from bot.channels.telegram.reminders import offers
from bot.channels.telegram.wording import say
from bot.dialogue.state import State
from bot.messages import Update
from bot.reception import Reception
from bot.session import Effect
from bot.store.protocol import ChannelStore, Json, Received, StoredEvent, TurnInStore
from bot.transcript import ANSWERED, Marks


class TelegramReception(Reception):
    """Buttons are of the version of the case that they were shown for: the update of its last turn."""

    def play(
        self,
        tx: TurnInStore,
        update: Update,
        before: State,
        earlier: Sequence[tuple[str, Json]] = (),
        marks: Marks | None = None,
    ) -> Effect:
        """See `Session.play`; the replies have a version, and offer to remind."""
        effect = super().play(tx, update, before, earlier, marks)
        turn, script = effect.turn, effect.turn.state.script
        replies: list[dict[str, Any]] = [{**reply, "version": int(update.id)} for reply in effect.replies]
        if replies and marks is not None:
            replies[0] |= answering(marks.messages[-1])
        rows = offers(turn.outcome, update.now, script)
        if rows and replies:
            last = replies[-1]
            shown = choices(last["buttons"], last["version"])
            last["keyboard"] = [[[it.label, it.data] for it in row] for row in shown] + rows
        if turn.handoff is not None and self._takeover is None:
            replies.append({"text": say("no_staff", script), "buttons": []})
        return replace(effect, replies=list(replies))

    def settle(
        self,
        conversation: str,
        received: Sequence[Received],
        events: Iterable[tuple[str, Json]],
        replies: Iterable[Json],
        now: datetime,
    ) -> bool:
        """See `Reception.settle`; the first reply answers the last message."""
        bodies = [dict(reply) for reply in replies]
        if bodies:
            bodies[0] |= answering(received[-1].payload.get("message", ""))
        return super().settle(conversation, received, events, bodies, now)


def answering(message: object) -> dict[str, int]:
    """What a body holds that answers a message of the person's chat: shown where others write there, too."""
    return {"answers": int(str(message))} if str(message).isdecimal() else {}


def version(answered: StoredEvent | None) -> int | None:
    """The version that buttons must be of to be acted on."""
    return int(answered.data["update"]) if answered else None


def last_of(store: ChannelStore, conversation: str, kind: str) -> StoredEvent | None:
    """The conversation's last event of a kind."""
    return next(store.events(conversation, kinds=(kind,), last=1), None)


def last_answer(store: ChannelStore, conversation: str) -> StoredEvent | None:
    """The event that tells of the bot's last answer."""
    return last_of(store, conversation, ANSWERED)


def script_of(store: ChannelStore, conversation: str) -> str:
    """The script that the conversation's person writes."""
    known = store.conversation(conversation)
    return str(known.state.get("script", "hans")) if known else "hans"
