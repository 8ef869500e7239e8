"""Acts on what is due while a person waits."""

from datetime import datetime, timedelta

from bot.desk.buttons import claim_row
from bot.desk.record import Record
from bot.desk.waiting import Patience, Reminder, reminders
from bot.desk.wording import say
from bot.store.protocol import ChannelStore


class Reminding:
    """Reminds staff; to be asked now and then, for instance every half minute."""

    def __init__(self, store: ChannelStore, patience: Patience) -> None:
        self._store, self._patience = store, patience
        self._record = Record(store)

    def remind(self, now: datetime) -> list[Reminder]:
        """Queue the words for all that is due, each once; what was due."""
        with self._store.transaction():
            due = reminders(self._store.desks.in_state("queued", "human"), self._patience, now)
            for reminder in due:
                self._act(reminder, now)
            return due

    def _act(self, reminder: Reminder, now: datetime) -> None:
        desk, minutes = reminder.desk, reminder.waited // timedelta(minutes=1)
        event = "offer" if reminder.due in {"offer", "offer_all"} else "remind"
        moved = self._record.move(desk, event, now, {"minutes": minutes}, reminded=desk.reminded + 1)
        assert moved is not None, "the table has the event, and it was read in this transaction"
        words = say(f"staff.{reminder.due}", minutes=minutes, number=desk.number, agent=desk.agent_name)
        if reminder.due in {"remind_all", "offer_all"}:
            self._record.to_all_staff(moved, words, now)
        else:
            self._record.to_staff(moved, words, now, claim_row(moved))
