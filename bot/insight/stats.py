"""How conversations went, counted in one pass over the events, in memory that does not grow with them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.config import SHANGHAI
from bot.insight.durations import Durations
from bot.insight.talk import CALLS, COMES_BACK, Ending, Talk
from bot.insight.turns import ToldTurn, told
from bot.store.protocol import Store, StoredEvent
from bot.transcript import RATED

RATINGS = range(1, 6)


@dataclass(slots=True)
class Stats:
    """The sums. `intents` counts talks, `moves` and `not_understood` count turns."""

    conversations: int = 0
    talks: int = 0
    turns: int = 0
    endings: Counter[Ending] = field(default_factory=Counter)
    handed_over: Counter[str] = field(default_factory=Counter)
    """By the first reason."""
    not_understood: int = 0
    intents: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    ratings: Counter[int] = field(default_factory=Counter)
    days: dict[date, Counter[Ending]] = field(default_factory=dict)
    """A talk's day is that of its first message, in Shanghai."""
    to_outcome: Durations = field(default_factory=Durations)
    """Of the talks that the bot solved: from their first message to their first outcome."""
    to_staff: Durations = field(default_factory=Durations)
    """From the hand-over to the staff's first words."""
    to_closing: Durations = field(default_factory=Durations)
    """From the hand-over to its end."""


def stats(store: Store, since: datetime | None = None) -> Stats:
    """The sums over all that the store holds: of the talks that began, and of what was said, from `since` on.

    Raises StoreError.
    """
    sums = Stats()
    for conversation in store.conversations(since):
        _Conversation(sums, since).read(store.events(conversation.id))
    return sums


@dataclass(slots=True)
class _Conversation:
    """One conversation while it is read; of its talks only those are held whose matter may come back."""

    sums: Stats
    since: datetime | None = None
    recent: list[Talk] = field(default_factory=list)
    talk: Talk | None = None
    wish: str | None = None

    def read(self, events: Iterable[StoredEvent]) -> None:
        """All of it: what a talk came to shows only where it is read from its beginning."""
        empty = True
        for told_ in told(events):
            empty = empty and not self._counts(told_.at)
            if isinstance(told_, ToldTurn):
                self._turn(told_)
            else:
                self._staff(told_)
        self.sums.conversations += not empty
        self._end_talk()
        for talk in self.recent:
            self._count(talk)

    def _counts(self, at: datetime) -> bool:
        return self.since is None or at >= self.since

    def _turn(self, turn: ToldTurn) -> None:
        if self.talk is None or not self.talk.goes_on(turn.at):
            self._end_talk()
            self.talk = Talk(turn.at, turn.at)
        self.wish = self.talk.turn(turn, self.wish)
        if not self._counts(turn.at):
            return
        self.sums.turns += 1
        self.sums.not_understood += turn.has("misunderstood")
        self.sums.moves.update(str(data.get("name", "")) for data in turn.noted("move"))

    def _staff(self, event: StoredEvent) -> None:
        goes_on = self.talk is not None and (self.talk.goes_on(event.at) or self.talk.waits)
        if event.kind in CALLS and not goes_on:
            self._end_talk()
            self.talk = Talk(event.at, event.at)
        if self.talk is not None:
            self.talk.staff(event)
        rating = event.data.get("rating") if event.kind == RATED else None
        if isinstance(rating, int) and rating in RATINGS and self._counts(event.at):
            self.sums.ratings[rating] += 1

    def _end_talk(self) -> None:
        """The talk begins to wait for whether its matter comes back; those that waited long are counted."""
        if self.talk is None:
            return
        waiting = []
        for earlier in self.recent:
            earlier.met_again(self.talk)
            if self.talk.began - earlier.last > COMES_BACK:
                self._count(earlier)
            else:
                waiting.append(earlier)
        self.recent = [*waiting, self.talk]
        self.talk = None

    def _count(self, talk: Talk) -> None:
        if not self._counts(talk.began):
            return
        sums, ending = self.sums, talk.ending
        sums.talks += 1
        sums.endings[ending] += 1
        sums.days.setdefault(talk.began.astimezone(SHANGHAI).date(), Counter())[ending] += 1
        sums.intents.update(talk.intents)
        if ending == "solved":
            sums.to_outcome.add(min(talk.outcomes.values()) - talk.began)
        if talk.handed_over is not None:
            sums.handed_over[talk.reason] += 1
            if talk.staff_answered is not None:
                sums.to_staff.add(talk.staff_answered - talk.handed_over)
            if talk.closed is not None:
                sums.to_closing.add(talk.closed - talk.handed_over)
