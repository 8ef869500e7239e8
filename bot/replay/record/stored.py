"""The events of a stored conversation, put together by turns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.store.protocol import Json, StoredEvent
from bot.transcript import ANSWERED, HEARD, LOOKED_UP, STATE_DROPPED, TAKEN_BACK


@dataclass(slots=True)
class StoredTurn:
    """The events of one turn, as stored."""

    at: datetime
    heard: Json
    dropped: bool
    """The state was of another version when the message came, and was dropped."""
    answer: Json | None = None
    look_up: Json | None = None
    events: tuple[tuple[str, Json], ...] = ()
    """Those of the dialogue, as (kind, data)."""
    fresh: bool = False
    """The dialogue remembered nothing when the message came."""
    gap: bool = False
    """Turns before this one are missing."""
    asked: str | None = None
    """The slot that was open when the message came."""

    @property
    def written(self) -> datetime:
        """When the message was written: what is said of times is counted from there."""
        written = self.heard.get("written")
        return datetime.fromisoformat(written) if written else self.at

    @property
    def slots(self) -> Json:
        """The slots that were heard."""
        slots: Json = self.heard.get("slots", {})
        return slots


def stored_turns(events: Iterable[StoredEvent], created: datetime | None) -> list[StoredTurn]:
    """The turns, in order. Events of unknown kinds are passed over; see `said.turns` for `created`."""
    turns = _grouped(events)
    _place(turns, created)
    return turns


def _grouped(events: Iterable[StoredEvent]) -> list[StoredTurn]:
    """A turn begins where something was heard; what is left of one whose beginning is lost goes.

    So do turns that were taken back, for an edited message was heard in their place.
    """
    turns: list[StoredTurn] = []
    dropped = False
    for event in events:
        if event.kind == STATE_DROPPED:
            dropped = True
        elif event.kind == TAKEN_BACK:
            turns = [turn for turn in turns if turn.heard["turn"] < event.data["turn"]]
        elif event.kind == HEARD:
            turns.append(StoredTurn(event.at, event.data, dropped))
            dropped = False
        elif not turns:
            continue
        elif event.kind == ANSWERED:
            turns[-1].answer = event.data
        elif event.kind == LOOKED_UP:
            turns[-1].look_up = event.data
        elif "." not in event.kind:
            turns[-1].events += ((event.kind, event.data),)
    return turns


def _place(turns: list[StoredTurn], created: datetime | None) -> None:
    """Say of each turn whether the dialogue remembered nothing, and whether turns before it are missing."""
    behind: int | None = None
    for number, turn in enumerate(turns):
        count = turn.heard.get("turn")
        if count is None and number == 0 and created in {None, turn.at}:
            count = 0
        turn.fresh = turn.dropped or count == 0
        known = count is not None and behind is not None
        turn.gap = not turn.fresh and (number == 0 or (known and count != behind))
        if number and not (turn.fresh or turn.gap):
            turn.asked = (turns[number - 1].answer or {}).get("asks")
        if turn.fresh:
            behind = 1
        elif count is not None:
            behind = count + 1
        elif behind is not None:
            behind += 1
