"""What a conversation remembers between two messages. Plain values: stored as JSON after every turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

Source = Literal["said", "order", "assumed"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One slot's value and where it came from: the person, the order, or a default taken silently."""

    value: str
    source: Source
    said: str = ""
    turn: int = 0
    doubt: str = ""
    """Why the value must be asked back, where it is waiting for that; see `SlotValue.doubt`."""

    def to_json(self) -> dict[str, Any]:
        """The fact as JSON values."""
        return {
            "value": self.value,
            "source": self.source,
            "said": self.said,
            "turn": self.turn,
            "doubt": self.doubt,
        }


@dataclass(frozen=True, slots=True)
class Option:
    """A button that was offered: its label, and what choosing it means ("slot:product", "train_ticket")."""

    label: str
    kind: str
    value: str = ""

    def to_json(self) -> dict[str, Any]:
        """The option as JSON values."""
        return {"label": self.label, "kind": self.kind, "value": self.value}


@dataclass(frozen=True, slots=True)
class State:
    """The whole memory of one conversation."""

    turn: int = 0
    script: str = "hans"
    wish: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    asked: str | None = None
    """The slot asked for last and not answered yet."""
    asked_times: Mapping[str, int] = field(default_factory=dict)
    doubtful: Mapping[str, Fact] = field(default_factory=dict)
    """Values heard with a doubt (a past time, a vague sum), waiting for a yes or a better one."""
    doubt: str | None = None
    later: tuple[str, ...] = ()
    """Wishes named in the same message and not served yet, in order."""
    second_told: bool = False
    """True where the present wish is the second of a message, and has been told."""
    away: Mapping[str, Any] | None = None
    """The case put away for the present one, as plain JSON; see `shelf`."""
    options: tuple[Option, ...] = ()
    misunderstood: int = 0
    """Turns in a row that were not understood."""
    tail_tries: int = 0
    order_closed: bool = False
    """True once the look-up of an order has been given up in this conversation."""
    paid_at: str | None = None
    outcome: Mapping[str, Any] | None = None
    """The last outcome, as the contract writes it, for the buttons behind an answer."""
    last: tuple[str, ...] = ()
    """The texts of the last replies, for 再说一遍."""
    last_buttons: tuple[int, ...] = ()
    """How many of the options stand under each of them."""
    told: str | None = None
    """The topic of the general question that the last turn answered; 那电影票呢 asks it of another thing."""
    general: bool = False
    """True where the case began with a question in general: it is nobody's order yet."""
    offered_person: bool = False
    mixed: bool = False
    """True where the wishes still to serve may be about another thing than the first."""
    faulty: bool = False
    """True once the case was told as one of faulty goods."""
    correcting: bool = False
    """True after 不对 without a value: what is said next puts something right."""
    handoff: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The state as JSON values; what is JSON already, the outcome, is not copied."""
        return {
            **{name: getattr(self, name) for name in _NAMES},
            "facts": {slot: fact.to_json() for slot, fact in self.facts.items()},
            "doubtful": {slot: fact.to_json() for slot, fact in self.doubtful.items()},
            "options": [option.to_json() for option in self.options],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """The state back from `to_json`. Raises TypeError on unknown keys."""
        values: dict[str, Any] = dict(data)
        for name in ("facts", "doubtful"):
            values[name] = {slot: Fact(**fact) for slot, fact in data.get(name, {}).items()}
        for name in ("later", "last", "last_buttons"):
            values[name] = tuple(data.get(name, ()))
        values["options"] = tuple(Option(**option) for option in data.get("options", ()))
        return cls(**values)

    def with_(self, **changes: Any) -> "State":
        """A copy with some fields changed."""
        return replace(self, **changes)


_NAMES = tuple(part.name for part in fields(State))
