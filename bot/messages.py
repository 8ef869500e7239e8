"""What every channel hands to the session."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Update:
    """One message of a person.

    `id` is the channel's own, unique in its conversation, and is taken once only.
    `now` is the turn's clock and carries an offset; `written`, where the channel knows it, is when the person
    wrote: a 明天 is counted from there.
    """

    id: str
    conversation: str
    person: str
    channel: str
    text: str
    now: datetime
    written: datetime | None = None

    def __post_init__(self) -> None:
        if self.now.tzinfo is None or (self.written is not None and self.written.tzinfo is None):
            raise ValueError("an update's clock needs an offset")
