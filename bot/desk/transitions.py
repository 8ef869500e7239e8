"""Who has a conversation, and what moves it on: one table, each row with the event it leaves behind."""

from dataclasses import dataclass

from bot.store.protocol import DeskState
from bot.transcript import (
    AGENT_WROTE,
    BANNED,
    CLAIMED,
    CLOSED,
    NOTED,
    OFFERED,
    QUEUED,
    RATED,
    RELEASED,
    REMINDED,
    REOPENED,
    RETURNED,
    SNOOZED,
    TO_STAFF,
    UNBANNED,
    WITHDRAWN,
)


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
    ("bot", "queue"): Transition("queued", QUEUED),
    ("queued", "withdraw"): Transition("bot", WITHDRAWN),
    # staff take it, also without having been asked
    ("bot", "claim"): Transition("human", CLAIMED, claims=True),
    ("queued", "claim"): Transition("human", CLAIMED, claims=True),
    ("closed", "claim"): Transition("human", CLAIMED, claims=True),
    ("human", "take_over"): Transition("human", CLAIMED, claims=True),
    # and let go of it
    ("human", "release"): Transition("bot", RELEASED),
    ("queued", "release"): Transition("bot", RELEASED),
    ("human", "close"): Transition("closed", CLOSED),
    ("queued", "close"): Transition("closed", CLOSED),
    ("bot", "close"): Transition("closed", CLOSED),
    ("closed", "reopen"): Transition("queued", REOPENED),
    # their group is none of the staff's any more
    ("human", "requeue"): Transition("queued", REOPENED),
    # what is said
    ("queued", "person_wrote"): Transition("queued", TO_STAFF),
    ("human", "person_wrote"): Transition("human", TO_STAFF),
    ("closed", "person_wrote"): Transition("bot", RETURNED),
    ("human", "agent_wrote"): Transition("human", AGENT_WROTE),
    # waiting
    ("queued", "remind"): Transition("queued", REMINDED),
    ("human", "offer"): Transition("human", OFFERED),
    ("queued", "snooze"): Transition("queued", SNOOZED),
    ("human", "snooze"): Transition("human", SNOOZED),
    # whoever has it
    **{(state, "note"): Transition(state, NOTED) for state in ("bot", "queued", "human", "closed")},
    **{(state, "rate"): Transition(state, RATED) for state in ("bot", "queued", "human", "closed")},
    **{(state, "ban"): Transition("closed", BANNED) for state in ("bot", "queued", "human", "closed")},
    **{(state, "unban"): Transition(state, UNBANNED) for state in ("bot", "queued", "human", "closed")},
}


def transition(state: DeskState, event: str) -> Transition | None:
    """What the event does in this state; None where it has no place there. KeyError for no event at all."""
    if event not in events():
        raise KeyError(event)
    return _TABLE.get((state, event))


def events() -> frozenset[str]:
    """The names of all events."""
    return frozenset(event for _, event in _TABLE)
