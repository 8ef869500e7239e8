"""What running stored conversations again showed, as plain values that go through JSON unchanged."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.replay.difference import Difference

PURGED = "the beginning is lost"
LOST_ORDER = "an order that was shown is not kept any more"
CUT = "a message was not kept whole"
BLURRED = "a masked message is not understood as it was, whatever is put in its place"
"""Why turns cannot be run again."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One turn that would go otherwise today."""

    conversation: str
    turn: int
    """Counts from 1 within the conversation."""
    at: str
    """The turn's clock, ISO 8601."""
    user: str
    """What the person wrote, as it is stored: masked."""
    after_a_change: bool
    """An earlier turn of the conversation changed, so that the person might have written something else."""
    differences: tuple[Difference, ...]
    broke: str | None = None
    """The error where today's bot breaks down; the rest of the conversation was not run."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Changed":
        """The turn back from `dataclasses.asdict`."""
        return cls(**{**data, "differences": tuple(Difference(**each) for each in data["differences"])})


@dataclass(frozen=True, slots=True)
class Batch:
    """Some conversations that follow each other by id, run again."""

    last: str
    """The id that the next batch comes after."""
    conversations: int
    """All that were looked at."""
    turns: int
    """Those run again."""
    left_out: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """How many conversations, and how many of their turns, could not be run, by the reason."""
    changed: tuple[Changed, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The batch as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Batch":
        """The batch back from `to_json`. Raises KeyError and TypeError on anything else."""
        left_out = {reason: (count[0], count[1]) for reason, count in data["left_out"].items()}
        changed = tuple(map(Changed.from_json, data["changed"]))
        return cls(**{**data, "left_out": left_out, "changed": changed})
