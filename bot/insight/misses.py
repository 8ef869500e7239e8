"""The messages that were not understood, with what became of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.insight.anonymous import anonymous
from bot.insight.turns import Told, ToldTurn, told
from bot.store.protocol import Store
from bot.transcript import AGENT_WROTE, CLOSED

How = Literal["not_understood", "handed_over", "rejected"]
"""The bot said that it did not understand; for the third time, and called a person; or it said nothing of the
kind, but took nothing out of the message either."""
SPOKEN_TO = frozenset(
    [
        *("answered", "asked_back", "began", "chosen", "confirmed", "contradiction", "corrected", "denied"),
        *(
            "digressed",
            "handoff",
            "kept",
            "learned",
            "order_found",
            "order_refused",
            "outcome",
            "shown",
            "told",
        ),
        *("unsure", "move"),
    ]
)
"""Events of the dialogue that tell that the message was made something of."""


@dataclass(slots=True)
class Miss:
    """One message that was not understood. All texts are anonymous."""

    at: datetime
    text: str
    how: How
    chosen: str | None = None
    """The wish that the person chose by a button right after it."""
    staff: str | None = None
    """What the staff wrote first after it."""


def misses(store: Store, since: datetime | None = None) -> Iterator[Miss]:
    """All of them, conversation by conversation. Raises StoreError."""
    for conversation in store.conversations(since):
        yield from _of_one(told(store.events(conversation.id), since))


def _of_one(entries: Iterable[Told]) -> list[Miss]:
    found: list[Miss] = []
    last: Miss | None = None
    unanswered: list[Miss] = []
    for entry in entries:
        if isinstance(entry, ToldTurn):
            if last is not None:
                last.chosen = _chosen(entry)
            last = _miss(entry)
            if last is not None:
                found.append(last)
                unanswered.append(last)
        elif entry.kind == AGENT_WROTE:
            words = anonymous(str(entry.data.get("text") or ""))
            for miss in unanswered if words else ():
                miss.staff = words
            unanswered = [] if words else unanswered
        elif entry.kind == CLOSED:
            unanswered = []
    return found


def _chosen(turn: ToldTurn) -> str | None:
    chosen = (data for data in turn.noted("chosen") if data.get("kind") == "wish")
    return next((str(data["value"]) for data in chosen), None)


def _miss(turn: ToldTurn) -> Miss | None:
    """A button says nothing in the person's own words, whatever became of it."""
    how = None if turn.has("chosen") else _how(turn)
    text = anonymous(str(turn.heard.get("text", ""))) if how else ""
    return Miss(turn.at, text, how) if how and any(map(str.isalnum, text)) else None


def _how(turn: ToldTurn) -> How | None:
    if turn.has("misunderstood"):
        return "handed_over" if turn.handoff == "not_understood" else "not_understood"
    rejected = turn.heard.get("intent") == "out_of_scope" and not turn.has(*SPOKEN_TO)
    return "rejected" if rejected else None
