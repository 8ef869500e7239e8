"""What every channel hands to the session."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Update:
    """One message of a person.

    `id` is the channel's own, unique in its conversation, and is taken once only.
    `now` is the turn's clock and carries an offset.
    """

    id: str
    conversation: str
    person: str
    channel: str
    text: str
    now: datetime

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("an update's clock needs an offset")
