"""The events of one conversation as turns and words of the staff, in order, one at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.store.protocol import Json, StoredEvent
from bot.transcript import ANSWERED, DESK, HANDED_OFF, HEARD, TAKEN_BACK, TO_STAFF

LOOKED_BACK = 50
"""Turns and words of the staff among which those are looked for that an edit has undone."""


@dataclass(slots=True)
class ToldTurn:
    """One message and what became of it."""

    at: datetime
    heard: Json
    events: list[tuple[str, Json]] = field(default_factory=list)
    """Those of the dialogue, as (kind, data)."""
    answer: Json | None = None
    handoff: str | None = None
    """Why it was handed over, where it was."""

    def has(self, *kinds: str) -> bool:
        """Whether the dialogue noted any of these."""
        return any(kind in kinds for kind, _ in self.events)

    def noted(self, kind: str) -> Iterator[Json]:
        """The data of every event of the dialogue of that kind."""
        return (data for own, data in self.events if own == kind)


Told = ToldTurn | StoredEvent


def told(events: Iterable[StoredEvent], since: datetime | None = None) -> Iterator[Told]:
    """Turns, and what the staff did and heard, of one conversation; what was before `since` is left out.

    Turns that an edited message has undone are not told, for they are heard again; they are looked for as
    far back as an edit can reach. What was noted in the middle of a turn comes after it. Of a turn whose
    beginning was purged nothing is told, and events of unknown kinds are passed over.
    """
    held: list[Told] = []
    for entry in _entries(events, since):
        if isinstance(entry, StoredEvent) and entry.kind == TAKEN_BACK:
            held = [other for other in held if not _undone(other, entry)]
            continue
        held.append(entry)
        decided = isinstance(entry, ToldTurn) and (entry.handoff is not None or entry.has("outcome"))
        free = len(held) if decided else len(held) - LOOKED_BACK
        if free > 0:
            yield from held[:free]
            del held[:free]
    yield from held


def _undone(entry: Told, taken_back: StoredEvent) -> bool:
    return isinstance(entry, ToldTurn) and entry.heard.get("turn", -1) >= taken_back.data["turn"]


def _entries(events: Iterable[StoredEvent], since: datetime | None) -> Iterator[Told]:
    turn: ToldTurn | None = None
    after: list[StoredEvent] = []
    for event in events:
        if since is not None and event.at < since:
            continue
        if event.kind == HEARD:
            if turn is not None:
                yield turn
                yield from after
            turn, after = ToldTurn(event.at, event.data), []
        elif event.kind.startswith(DESK) or event.kind in {TO_STAFF, TAKEN_BACK}:
            if turn is None:
                yield event
            else:
                after.append(event)
        elif turn is not None:
            _put(turn, event)
            if event.kind == ANSWERED:
                yield turn
                yield from after
                turn, after = None, []
    if turn is not None:
        yield turn
        yield from after


def _put(turn: ToldTurn, event: StoredEvent) -> None:
    if event.kind == ANSWERED:
        turn.answer = event.data
    elif event.kind == HANDED_OFF:
        turn.handoff = str(event.data.get("reason", ""))
    elif "." not in event.kind:
        turn.events.append((event.kind, event.data))
