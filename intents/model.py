"""A learned model in the form that answers: whole numbers, so that every machine gets the same scores."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import exp, sqrt
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from intents.train import BACKGROUND, Learned

OUT_OF_SCOPE = "out_of_scope"
STRANGENESS = 0.4
"""How much it tells against a message that it is like the background."""
STEP = 1 / 4
"""What one unit of a table cell stands for."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """In-scope labels with raw scores, best first; 0 is where the negatives stand."""

    best: tuple[tuple[str, float], ...]
    confidence: float
    """0..1: how likely the first of them is meant, rather than another or nothing that is known."""
    inside: bool
    """Whether the message is about any of them at all."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How scores become an answer."""

    unseen_share: float
    """0..1: how much a feature that no example has counts in a message's length."""
    edge: float
    """The raw score at which a message is as likely out of scope as in."""
    steepness: float
    """How quickly confidence rises around the edge."""
    sharpness: float
    """How quickly confidence falls as the second label comes near."""


@dataclass(frozen=True, slots=True)
class Model:
    """Features to scores. The table's last column holds each feature's squared length.

    Its cells are whole numbers, so that sums are the same in whatever order and on whatever machine they are
    added.
    """

    labels: tuple[str, ...]
    """In scope, sorted."""
    features: tuple[str, ...]
    table: npt.NDArray[np.int16]
    bias: npt.NDArray[np.float64]
    unseen: float
    """The squared length of a feature that is not in the table."""
    shape: Shape
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places.update(zip(self.features, range(len(self.features)), strict=True))

    def rank(self, features: Sequence[str]) -> Ranking:
        """Every in-scope label, best first (equal scores by name)."""
        best = self.nearest(features, len(self.labels))
        return Ranking(best, self._confidence(best), bool(best) and best[0][1] >= self.shape.edge)

    def nearest(self, features: Sequence[str], count: int) -> tuple[tuple[str, float], ...]:
        """The first `count` labels with their raw scores, best first."""
        found = list(map(self.places.get, features))
        known = set(found)
        known.discard(None)
        rows = self.table.take(np.fromiter(known, np.int64, len(known)), axis=0)
        sums = np.add.reduce(rows, axis=0, dtype=np.int32)
        length = sqrt(int(sums[-1]) * STEP + found.count(None) * self.unseen) or 1.0
        scores = (sums[:-1] * (STEP / length) + self.bias).round(4)
        order = (-scores).argsort(kind="stable")[:count].tolist()
        labels, values = self.labels, scores.tolist()
        return tuple([(labels[place], values[place]) for place in order])

    def reasons(self, features: Sequence[str], label: str, count: int = 5) -> list[tuple[str, float]]:
        """The readable features that speak most for a label, with what each adds to its score."""
        known = sorted(self.places.keys() & features)
        rows = self.table.take([self.places[feature] for feature in known], axis=0)
        length = sqrt(int(rows[:, -1].sum(dtype=np.int32)) * STEP) or 1.0
        cells = rows[:, self.labels.index(label)].tolist()
        gains = [
            (part, round(cell * STEP / length, 3))
            for part, cell in zip(known, cells, strict=True)
            if part.isprintable()
        ]
        # Sorting is stable: equal gains stay in the order of their names.
        return sorted(gains, key=itemgetter(1), reverse=True)[:count]

    def likelihood(self, score: float) -> float:
        """0..1: one half at the edge."""
        return 1 / (1 + exp(min(700.0, self.shape.steepness * (self.shape.edge - score))))

    def _confidence(self, best: Sequence[tuple[str, float]]) -> float:
        if not best:
            return 0.0
        inside = self.likelihood(best[0][1])
        if len(best) == 1:
            return inside
        return inside / (1 + exp(self.shape.sharpness * (best[1][1] - best[0][1])))


def without(learned: Learned, label: str) -> Learned:
    """The same planes but one."""
    place = learned.labels.index(label)
    return replace(
        learned,
        labels=learned.labels[:place] + learned.labels[place + 1 :],
        weights=np.delete(learned.weights, place, axis=1),
        bias=np.delete(learned.bias, place),
    )


def condensed(learned: Learned, keep: int, shape: Shape) -> Model:
    """The model of the `keep` features that weigh most; the others count as unseen.

    Scores become distances from the negatives' plane, where there are negatives; likeness to the background,
    where there is one, is taken off all of them.
    """
    products = learned.weights * learned.rarity[:, None]
    bias = learned.bias.astype(np.float64)
    labels = learned.labels
    for name, share in ((OUT_OF_SCOPE, 1.0), (BACKGROUND, STRANGENESS)):
        if name in labels:
            zero = labels.index(name)
            products = np.delete(products - share * products[:, [zero]], zero, axis=1)
            bias = np.delete(bias - share * bias[zero], zero)
            labels = labels[:zero] + labels[zero + 1 :]
    weight = np.abs(products).max(axis=1, initial=0)
    order = np.sort(np.lexsort((np.arange(len(weight)), -weight))[:keep])
    # What occurs most often lies together in memory, which halves the time of a look-up in a busy process.
    order = order[np.argsort(learned.rarity[order], kind="stable")]
    cells = np.rint(products[order] / STEP)
    lengths = np.rint(learned.rarity[order] ** 2 / STEP)
    table = np.concatenate([cells, lengths[:, None]], axis=1)
    if np.abs(table).max(initial=0) > np.iinfo(np.int16).max:
        raise OverflowError("a weight exceeds the table's cells")
    return Model(
        labels,
        tuple(learned.features[number] for number in order),
        table.astype(np.int16),
        bias.round(6),
        learned.unseen**2 * shape.unseen_share,
        shape,
    )
