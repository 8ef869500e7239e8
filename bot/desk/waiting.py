"""Who waits for whom: the place in the queue, and what staff are to be reminded of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.desk.hours import Hours
from bot.store.protocol import Desk

Due = Literal["remind", "remind_all", "offer", "offer_all"]
REMINDERS = 2
"""Once in the topic, then once to all staff: while nobody claims, and while who claimed is silent.

Of who is silent all are told once more where the person writes again after that; see `restless`.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited before staff are reminded, in staffed time. None: not at all."""

    unclaimed: timedelta | None
    silent: timedelta | None
    hours: Hours


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is due: nobody has claimed (`remind`, `remind_all`), who did is silent (`offer`, `offer_all`)."""

    desk: Desk
    due: Due
    waited: timedelta
    """For how long the person has been waiting, in staffed time."""


def ahead_of(desk: Desk, queue: Sequence[Desk]) -> int:
    """How many wait longer in the same staff group. The queue is in the order of waiting."""
    before = (other for other in queue if other.staff_chat == desk.staff_chat)
    return sum((other.queued_at, other.number) < (desk.queued_at, desk.number) for other in before)


def reminders(desks: Iterable[Desk], patience: Patience, now: datetime) -> list[Reminder]:
    """What is due of these rows at this time; the same rows unchanged say the same."""
    found = (_reminder(desk, patience, now) for desk in desks)
    return [reminder for reminder in found if reminder]


def _reminder(desk: Desk, patience: Patience, now: datetime) -> Reminder | None:
    if not patience.hours.open_at(now) or (desk.snoozed_until and now < desk.snoozed_until):
        return None
    if desk.state == "queued" and desk.queued_at and patience.unclaimed is not None:
        waited = patience.hours.staffed(desk.queued_at, now)
        if desk.reminded < REMINDERS and waited >= patience.unclaimed * (desk.reminded + 1):
            return Reminder(desk, "remind_all" if desk.reminded else "remind", waited)
    elif desk.state == "human" and patience.silent is not None and desk.reminded < REMINDERS:
        since = unanswered_since(desk)
        waited = patience.hours.staffed(since, now) if since else timedelta()
        if since and waited >= patience.silent * (desk.reminded + 1):
            return Reminder(desk, "offer_all" if desk.reminded else "offer", waited)
    return None


def restless(desk: Desk) -> bool:
    """Whether all were told of it in vain, so that the person's next word counts anew."""
    return desk.state == "human" and desk.reminded >= REMINDERS


def unanswered_since(desk: Desk) -> datetime | None:
    """Since when who claimed owes a word; None where the next word is the person's."""
    if desk.claimed_at is None or desk.person_at is None:
        return None
    return max(desk.person_at, desk.claimed_at)


def lightest(chats: Iterable[str], load: dict[str, int]) -> str | None:
    """The staff group with the fewest open conversations, by id where several have; None of none."""
    return min(chats, key=lambda chat: (load.get(chat, 0), chat), default=None)
