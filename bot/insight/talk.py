"""One talk: what belongs together of a conversation that may go on for years, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.insight.turns import ToldTurn
from bot.store.protocol import StoredEvent
from bot.transcript import AGENT_WROTE, CLAIMED, CLOSED, QUEUED, REOPENED

PAUSE = timedelta(hours=6)
"""Who writes again later than this begins a new talk."""
COMES_BACK = timedelta(days=7)
"""Who has the same wish again within this time was not served."""

CALLS: Mapping[str, str] = {QUEUED: "", CLAIMED: "taken by staff", REOPENED: "opened again by staff"}
"""Events with which the staff come to have a talk, and the reason where they name none."""

Ending = Literal["solved", "came_back", "informed", "handed_over", "open"]
"""How a talk ended, the first of these that holds:

- handed_over: the bot called the staff in it, or they took it themselves;
- came_back: an outcome was told, and a later talk of the conversation has the same wish within `COMES_BACK`;
- solved: an outcome was told, and neither of the two above: the bot alone was enough;
- informed: no outcome, but a question was answered from the sources;
- open: none of these.
"""


@dataclass(slots=True)
class Talk:
    """Turns of one conversation with no longer `PAUSE` between them, and what the staff did about them."""

    began: datetime
    last: datetime
    turns: int = 0
    intents: set[str] = field(default_factory=set)
    """Those that were acted on."""
    wishes: set[str] = field(default_factory=set)
    outcomes: dict[str, datetime] = field(default_factory=dict)
    """Wish to when an outcome of it was told first."""
    informed: bool = False
    handed_over: datetime | None = None
    reason: str = ""
    """Why it was handed over first."""
    staff_answered: datetime | None = None
    closed: datetime | None = None
    came_back: bool = False

    def goes_on(self, at: datetime) -> bool:
        """Whether a message of that time belongs to it."""
        return at - self.last <= PAUSE

    def turn(self, turn: ToldTurn, wish: str | None) -> str | None:
        """Take a turn in; `wish` is the open one before it. Returns the one open after it."""
        self.last = max(self.last, turn.at)
        self.turns += 1
        intent = str((turn.answer or {}).get("intent") or "")
        if intent and intent != "out_of_scope":
            self.intents.add(intent)
        for kind, data in turn.events:
            if kind in {"began", "kept"} and "wish" in data:
                wish = str(data["wish"])
                self.wishes.add(wish)
            elif kind == "outcome":
                self.wishes.add(wish or intent)
                self.outcomes.setdefault(wish or intent, turn.at)
        self.informed = self.informed or turn.has("answered", "told")
        if turn.handoff is not None and self.handed_over is None:
            self.handed_over, self.reason = turn.at, turn.handoff
        return wish

    @property
    def waits(self) -> bool:
        """Whether the staff have it still."""
        return self.handed_over is not None and self.closed is None

    def staff(self, event: StoredEvent) -> None:
        """Take in what the staff did, or were told, however long after the last message."""
        self.last = max(self.last, event.at)
        if event.kind in CALLS and self.handed_over is None:
            self.handed_over = event.at
            self.reason = str(event.data.get("reason") or CALLS[event.kind])
        if self.handed_over is None:
            return
        if event.kind == AGENT_WROTE:
            self.staff_answered = self.staff_answered or event.at
        elif event.kind == CLOSED:
            self.closed = event.at

    def met_again(self, later: "Talk") -> None:
        """Take note of a later talk of the same conversation: it may have the same matter soon after."""
        self.came_back = self.came_back or any(
            wish in later.wishes and later.began - told <= COMES_BACK for wish, told in self.outcomes.items()
        )

    @property
    def ending(self) -> Ending:
        """How it ended, as far as later talks are known."""
        if self.handed_over is not None:
            return "handed_over"
        if self.outcomes:
            return "came_back" if self.came_back else "solved"
        return "informed" if self.informed else "open"
