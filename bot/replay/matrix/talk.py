"""One conversation with the whole bot, and what ends the check of a law before its end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.privacy import pseudonym
from bot.session import Mind, Session
from bot.store.memory import MemoryStore

NAME = "matrix"


class BrokenLawError(Exception):
    """A law does not hold; the text says which, and what came instead."""


class NotApplicableError(Exception):
    """The move cannot be made here; the text says why."""


@dataclass(slots=True)
class Talk:
    """One conversation with the whole bot, in a store of its own."""

    mind: Mind
    now: datetime
    lines: list[tuple[str, str]] = field(default_factory=list)
    """(who, text)."""
    turns: list[Turn] = field(default_factory=list)
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        self.session = Session(MemoryStore(), self.mind)

    @property
    def last(self) -> Turn:
        """The bot's last turn."""
        return self.turns[-1]

    def say(self, text: str) -> Turn:
        """Write a message."""
        turn = self.deliver(text, len(self.turns) + 1)
        if turn is None:
            raise BrokenLawError("a message with a new id is answered")
        self.turns.append(turn)
        return turn

    def deliver(self, text: str, number: int) -> Turn | None:
        """Hand the bot the update of this number; None where it was handled before."""
        self.lines.append(("person", text))
        turn = self.session.handle(Update(str(number), NAME, NAME, "terminal", text, self.now))
        for reply in turn.replies if turn else ():
            buttons = f"　[{' | '.join(reply.buttons)}]" if reply.buttons else ""
            self.lines.append(("bot", reply.text + buttons))
        return turn

    def stored(self) -> tuple[Any, ...]:
        """All that the store holds of the conversation."""
        store, name = self.session.store, pseudonym(NAME)
        kept = store.conversation(name)
        events = [(event.kind, event.data) for event in store.events(name)]
        return kept.state if kept else None, events, [out.body for out in store.unsent(name)]

    def happened(self, *kinds: str) -> bool:
        """Whether the last turn has an event of one of these kinds."""
        return any(event.kind in kinds for event in self.last.events)
