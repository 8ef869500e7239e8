"""Counting what a run of suites exercised."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.replay.coverage.places import Place
from bot.replay.coverage.subjects import KINDS, Subject
from bot.replay.runner import Result
from knowledge import load


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be exercised."""

    name: str
    place: Place
    """Where it stands in the data (a move: in the code)."""
    turns: int = 0
    """How many turns exercised it."""
    first: str = ""
    """The first of them, as `file:line: dialogue`; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """All things of one kind, in the order of their files."""

    name: str
    items: tuple[Item, ...]

    @property
    def covered(self) -> tuple[str, ...]:
        """The names of what was exercised."""
        return tuple(item.name for item in self.items if item.turns)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what was not."""
        return tuple(item.name for item in self.items if not item.turns)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a run exercised and what it did not, kind by kind."""

    kinds: tuple[Kind, ...]


def measure(results: Iterable[Result]) -> Coverage:
    """What the turns of these dialogues exercised of all that there is; their order does not matter.

    Everything that was executed counts, as in line coverage: also in dialogues that failed. See `subjects`
    for what exercises what. Raises `DataError` or `TuidanError` where a data file is broken.
    """
    book = load()
    in_order = sorted(results, key=lambda result: (result.dialogue.file, result.dialogue.line))
    return Coverage(tuple(_kind(name, there_is(book), in_order) for name, there_is in KINDS.items()))


def _kind(name: str, subject: Subject, results: list[Result]) -> Kind:
    turns = dict.fromkeys(subject.places, 0)
    first: dict[str, str] = {}
    for result in results:
        dialogue = result.dialogue
        for played in result.played:
            for thing in turns.keys() & set(subject.exercised(played)):
                turns[thing] += 1
                first.setdefault(thing, f"{dialogue.file}:{played.turn.line}: {dialogue.name}")
    places = subject.places.items()
    return Kind(name, tuple(Item(thing, here, turns[thing], first.get(thing, "")) for thing, here in places))
