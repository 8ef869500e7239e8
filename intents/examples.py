"""The examples that a message looks like, for people who ask why."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from intents import data_files
from intents.normalise import normalise

_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Near:
    """An example and how alike it is, 0..100."""

    text: str
    label: str
    likeness: float


@dataclass(frozen=True, slots=True)
class _Index:
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    pairs: dict[str, list[int]]
    """Two neighbouring characters to the examples that have them."""


def nearest_examples(normal: str, count: int) -> list[Near]:
    """The `count` examples most like a normalised text, of those that share rare pairs of characters."""
    index = _index()
    votes: dict[int, float] = defaultdict(float)
    for pair in sorted({normal[at : at + 2] for at in range(len(normal) - 1)}):
        places = index.pairs.get(pair, [])
        for place in places:
            votes[place] += 1 / len(places)
    kept = sorted(votes, key=lambda place: (-votes[place], place))[:_CANDIDATES]
    found = process.extract(
        normal, {place: index.texts[place] for place in kept}, scorer=fuzz.ratio, limit=count
    )
    return [Near(text, index.labels[place], likeness) for text, likeness, place in found]


@lru_cache(maxsize=1)
def _index() -> _Index:
    rows = [(normalise(text).text, part.label) for part in data_files.intent_files() for text in part.texts]
    pairs: dict[str, list[int]] = defaultdict(list)
    for place, (text, _) in enumerate(rows):
        for pair in {text[at : at + 2] for at in range(len(text) - 1)}:
            pairs[pair].append(place)
    return _Index(tuple(text for text, _ in rows), tuple(label for _, label in rows), dict(pairs))
