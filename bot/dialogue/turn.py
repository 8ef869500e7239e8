"""What goes into a turn and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.order import OrderAnswer
from bot.dialogue.state import State
from intents.understanding import Understanding
from knowledge.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as the dialogue takes it: understood, with the shop's answer where an order was looked up."""

    said: Understanding
    order: OrderAnswer | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person: text with **bold** marks, and button labels that may be sent back."""

    text: str
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a turn; `data` is JSON."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handoff:
    """The wish for a person: why, and everything that the person needs to know, as JSON."""

    reason: str
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """The result of `step`."""

    state: State
    replies: tuple[Reply, ...]
    intent: str
    confidence: float
    slots: Mapping[str, str] = field(default_factory=dict)
    """All that the case knows by now, without what an unverified order would show."""
    asks: str | None = None
    outcome: Outcome | None = None
    handoff: Handoff | None = None
    cites: tuple[str, ...] = ()
    """Every claim that the replies rest on, the outcome's included."""
    events: tuple[Event, ...] = ()
