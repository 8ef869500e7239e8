"""Where a person's words go, and the bot's wish for a person: what a session asks of the desk."""

from datetime import datetime
from typing import Any

from bot.desk.case import show_again
from bot.desk.desk import StaffDesk
from bot.desk.record import Record
from bot.desk.waiting import restless
from bot.desk.wording import say
from bot.dialogue.turn import Handoff
from bot.store.protocol import ChannelStore


class DeskTakeover:
    """See `bot.reception.Takeover`. Who is banned has to be turned away before, by the channel."""

    def __init__(self, store: ChannelStore, desk: StaffDesk) -> None:
        self._store, self._desk = store, desk
        self._record = Record(store)

    def goes_to(self, conversation: str, person: str, now: datetime) -> str | None:
        """The staff's topic, `NO_TOPIC` while there is none, or None where the bot answers.

        Who comes back after the case was closed is the bot's.
        """
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None or desk.state == "bot":
                return None
            since = None if desk.state == "closed" else desk.person_at or now
            anew: dict[str, Any] = {"reminded": 1, "person_at": now} if restless(desk) else {}
            moved = self._record.move(desk, "person_wrote", now, **{"person_at": since, **anew})
            assert moved is not None, "the table has the event, and it was read in this transaction"
            if moved.state == "bot":
                self._record.to_staff(moved, say("staff.returned"), now)
                show_again(self._store, moved, now)
                return None
            return self._record.topic(moved)

    def hand_over(self, conversation: str, handoff: Handoff, now: datetime) -> None:
        """The bot has handed over, and the turn with its card is written."""
        self._desk.queue(conversation, handoff.reason, now)
