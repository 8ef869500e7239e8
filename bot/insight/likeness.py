"""How alike two messages are: by the parts that they share, each with its weight in telling intents apart."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from intents.engine import engine
from intents.model import STEP
from intents.normalise import normalise


@dataclass(frozen=True, slots=True)
class Features:
    """The parts of a message (characters, words, meanings, sounds) with their squared weights."""

    weights: Mapping[str, float]
    length: float


def features(text: str) -> Features:
    """The parts of a text, each once, those without a letter or a meaning aside. Raises DataFileError."""
    ready = engine()
    model = ready.intents
    weights: dict[str, float] = {}
    for part in sorted(set(ready.reader.view(normalise(text).text).features)):
        if not any(map(_speaks, part)):
            continue
        place = model.places.get(part)
        weights[part] = model.unseen if place is None else int(model.table[place, -1]) * STEP
    return Features(weights, sqrt(sum(weights.values())))


def likeness(one: Features, other: Features) -> float:
    """The cosine, 0..1."""
    if not one.length or not other.length:
        return 0.0
    small, large = sorted((one.weights, other.weights), key=len)
    shared = sum(weight for part, weight in small.items() if part in large)
    return shared / (one.length * other.length)


def _speaks(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char) == "Co"
