"""Who has a conversation, and what moves it on: one table, each row with the event it leaves behind."""

from dataclasses import dataclass

from bot.store.protocol import DeskState
from bot.transcript import AGENT_WROTE, TO_STAFF


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an event leads and what is written down."""

    to: DeskState
    kind: str
    """The kind of the event in the conversation's transcript; `TO_STAFF` is written by the session itself."""
    claims: bool = False
    """Somebody of the staff takes over: the epoch rises, and what the bot still had queued is not sent."""


_TABLE: dict[tuple[DeskState, str], Transition] = {
    # the bot hands over, or the person takes that back
    ("bot", "queue"): Transition("queued", "desk.queued"),
    ("queued", "withdraw"): Transition("bot", "desk.withdrawn"),
    # staff take it, also without having been asked
    ("bot", "claim"): Transition("human", "desk.claimed", claims=True),
    ("queued", "claim"): Transition("human", "desk.claimed", claims=True),
    ("closed", "claim"): Transition("human", "desk.claimed", claims=True),
    ("human", "take_over"): Transition("human", "desk.claimed", claims=True),
    # and let go of it
    ("human", "release"): Transition("bot", "desk.released"),
    ("queued", "release"): Transition("bot", "desk.released"),
    ("human", "close"): Transition("closed", "desk.closed"),
    ("queued", "close"): Transition("closed", "desk.closed"),
    ("bot", "close"): Transition("closed", "desk.closed"),
    ("closed", "reopen"): Transition("queued", "desk.reopened"),
    # what is said
    ("queued", "person_wrote"): Transition("queued", TO_STAFF),
    ("human", "person_wrote"): Transition("human", TO_STAFF),
    ("closed", "person_wrote"): Transition("bot", "desk.returned"),
    ("human", "agent_wrote"): Transition("human", AGENT_WROTE),
    # waiting
    ("queued", "remind"): Transition("queued", "desk.reminded"),
    ("human", "offer"): Transition("human", "desk.offered"),
    ("queued", "snooze"): Transition("queued", "desk.snoozed"),
    ("human", "snooze"): Transition("human", "desk.snoozed"),
    # whoever has it
    **{(state, "note"): Transition(state, "desk.note") for state in ("bot", "queued", "human", "closed")},
    **{(state, "rate"): Transition(state, "desk.rated") for state in ("bot", "queued", "human", "closed")},
    **{(state, "ban"): Transition("closed", "desk.banned") for state in ("bot", "queued", "human", "closed")},
    **{
        (state, "unban"): Transition(state, "desk.unbanned") for state in ("bot", "queued", "human", "closed")
    },
}


def transition(state: DeskState, event: str) -> Transition | None:
    """What the event does in this state; None where it has no place there. KeyError for no event at all."""
    if event not in events():
        raise KeyError(event)
    return _TABLE.get((state, event))


def events() -> frozenset[str]:
    """The names of all events."""
    return frozenset(event for _, event in _TABLE)
