"""What a store keeps and tells: plain records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Json = Mapping[str, Any]
LockKind = Literal["order", "person"]
DeskState = Literal["bot", "queued", "human", "closed"]
PERSON = "person"
"""The target of a message to the conversation's person; one to the staff is `staff:<chat>:<topic>`."""
NO_TOPIC = "staff"
"""In place of the latter while there is no topic: what is queued there waits until one is made."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as of its last turn. `state` is what the dialogue remembers, as JSON."""

    id: str
    person: str
    channel: str
    state: Json
    epoch: int
    """The desk's when the turn was played, see `Desk.epoch`; 0 where there is no desk."""
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One thing that happened; events are only ever appended. `seq` rises with time over the whole store."""

    seq: int
    conversation: str
    at: datetime
    kind: str
    data: Json


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that was decided and not yet known to have been sent."""

    seq: int
    conversation: str
    epoch: int
    at: datetime
    body: Json
    target: str = PERSON
    attempts: int = 0
    """How often it was tried in vain."""
    address: str | None = None
    """Where the person is reached, where the target is the person and an address is known."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was taken in and waits for its turn.

    Keys of the payload that the session reads: `person`, `text`, `message` (its id in the conversation),
    `edited` (true for a new version of that message), `date` (when it was written, in seconds since 1970),
    `address` (where the person is reached) and `copy` (how the channel passes it on to staff as it is).
    Others are the channel's. What people write stands in `text` alone, for only that is masked where it is
    kept; a channel may hand its end on as `rest`, to be heard by itself after the text.
    """

    id: int
    channel: str
    update_id: int
    conversation: str
    at: datetime
    payload: Json


@dataclass(frozen=True, slots=True)
class Rerun:
    """Where to go back to: a state, and how many turns it remembered."""

    turn: int
    state: Json


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to do at a time; `due` has passed when it is told."""

    id: int
    conversation: str
    kind: str
    due: datetime
    data: Json


@dataclass(frozen=True, slots=True)
class Desk:
    """Who has a conversation, the bot or a person of the staff, since when, and where they meet."""

    conversation: str
    number: int
    state: DeskState
    epoch: int = 0
    """Rises when a person of the staff takes over: what the bot queued under an older epoch is not sent."""
    reason: str | None = None
    agent: str | None = None
    agent_name: str | None = None
    queued_at: datetime | None = None
    claimed_at: datetime | None = None
    agent_at: datetime | None = None
    """The agent's last word."""
    person_at: datetime | None = None
    """The person's first word that the staff have not answered."""
    snoozed_until: datetime | None = None
    reminded: int = 0
    staff_chat: str | None = None
    topic: int | None = None
    card_message: int | None = None
    rating: int | None = None
    rating_asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mirror:
    """A message in a staff group and the person's message that it shows, or that it was shown as."""

    staff_chat: str
    message: int
    conversation: str
    person_message: int | None


@dataclass(frozen=True, slots=True)
class Lock:
    """Wrong tries at an order, or by a person, that count together."""

    kind: LockKind
    key: str
    tries: int
    last_at: datetime
    locked_until: datetime | None = None
