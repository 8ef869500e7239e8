"""Missed messages put together by likeness, the most frequent first.

Leader clustering (Hartigan, Clustering Algorithms, 1975, ch. 3): one pass over the different texts, the most
frequent first; each joins the leader that it is most like, or becomes one. The same messages make the same
groups, in whatever order they come.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.insight.likeness import Features, features, likeness
from bot.insight.misses import How, Miss

ALIKE = 0.22
"""The likeness from which on two messages stand in one group."""
_TELLING = 24
"""Parts of a message by which leaders are looked up: those that weigh most."""
_LOOKED_AT = 40
"""Leaders that are compared in full."""
STAFF_KEPT = 3
"""Different answers of the staff that are kept of a group."""


@dataclass(slots=True)
class Wording:
    """One text, and all that is known of the times when it was written."""

    text: str
    count: int = 0
    last: datetime | None = None
    how: Counter[How] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)
    staff: Counter[str] = field(default_factory=Counter)

    def add(self, miss: Miss) -> None:
        """Once more."""
        self.count += 1
        self.last = max(self.last or miss.at, miss.at)
        self.how[miss.how] += 1
        if miss.chosen is not None:
            self.chosen[miss.chosen] += 1
        if miss.staff is not None and (miss.staff in self.staff or len(self.staff) < STAFF_KEPT):
            self.staff[miss.staff] += 1


@dataclass(slots=True)
class Group:
    """Wordings that are alike, the most frequent first."""

    wordings: list[Wording]

    @property
    def count(self) -> int:
        """How many messages there were."""
        return sum(wording.count for wording in self.wordings)

    @property
    def how(self) -> dict[str, int]:
        """What became of them, the most frequent first."""
        return _united(wording.how for wording in self.wordings)

    @property
    def chosen(self) -> dict[str, int]:
        """The wishes that persons chose right after them, the most frequent first."""
        return _united(wording.chosen for wording in self.wordings)

    @property
    def staff(self) -> list[str]:
        """What the staff answered, the most frequent first."""
        return list(_united(wording.staff for wording in self.wordings))[:STAFF_KEPT]


def groups(misses: Iterable[Miss]) -> list[Group]:
    """The groups, the most frequent first, equal ones by their text. Raises DataFileError."""
    wordings: dict[str, Wording] = {}
    for miss in misses:
        wordings.setdefault(miss.text, Wording(miss.text)).add(miss)
    leaders = _Leaders()
    for wording in sorted(wordings.values(), key=lambda wording: (-wording.count, wording.text)):
        leaders.place(wording)
    return sorted(leaders.groups, key=lambda group: (-group.count, group.wordings[0].text))


class _Leaders:
    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._features: list[Features] = []
        self._having: dict[str, list[int]] = defaultdict(list)
        """Part of a message to the leaders that have it."""

    def place(self, wording: Wording) -> None:
        """Put a wording to its like."""
        own = features(wording.text)
        telling = sorted(own.weights, key=lambda part: (-own.weights[part], part))[:_TELLING]
        nearest = max(
            self._candidates(own, telling),
            key=lambda leader: (likeness(own, self._features[leader]), -leader),
            default=None,
        )
        if nearest is not None and likeness(own, self._features[nearest]) >= ALIKE:
            self.groups[nearest].wordings.append(wording)
            return
        for part in telling:
            self._having[part].append(len(self.groups))
        self.groups.append(Group([wording]))
        self._features.append(own)

    def _candidates(self, own: Features, telling: list[str]) -> list[int]:
        votes: dict[int, float] = defaultdict(float)
        for part in telling:
            for leader in self._having.get(part, ()):
                votes[leader] += own.weights[part]
        return sorted(votes, key=lambda leader: (-votes[leader], leader))[:_LOOKED_AT]


def _united(counters: Iterable[Counter[str]] | Iterable[Counter[How]]) -> dict[str, int]:
    united: Counter[str] = Counter()
    for counter in counters:
        united.update(counter)
    return dict(sorted(united.items(), key=lambda item: (-item[1], item[0])))
