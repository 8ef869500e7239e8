"""What comes of an action at the desk."""

from dataclasses import dataclass
from typing import Literal

from bot.desk.wording import say
from bot.store.protocol import Desk

Why = Literal[
    "no_desk",
    "taken",
    "yours",
    "nobody",
    "not_claimer",
    "not_now",
    "already",
    "rated",
    "no_draft",
    "no_canned",
]


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the staff. That they are one was checked by the channel."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """It was done, and is committed with the transaction; the desk as it is now."""

    desk: Desk
    kind: str
    """The kind of the event that was written."""
    message: int | None = None
    """The number in the outbox of what goes to the person, where that is the point of the action."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, nothing written; `text` tells whoever tried, why."""

    why: Why
    text: str
    desk: Desk | None = None


def refused(why: Why, desk: Desk | None = None, **fields: object) -> Refused:
    """The refusal, with the words for it."""
    agent = desk.agent_name if desk else None
    state = say(f"state.{desk.state}") if desk else ""
    return Refused(why, say(f"refused.{why}", agent=agent or "", state=state, **fields), desk)
