"""A learned model in the form that answers: whole numbers, so that every machine gets the same scores."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np
import numpy.typing as npt

from intents.train import Learned

OUT_OF_SCOPE = "out_of_scope"
STEP = 1 / 64
"""What one unit of a table cell stands for."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """In-scope labels with raw scores, best first; 0 is where the negatives stand."""

    best: tuple[tuple[str, float], ...]
    confidence: float
    """0..1: how likely the first of them is meant, rather than another or nothing that is known."""


@dataclass(frozen=True, slots=True)
class Model:
    """Features to scores. The table's last column holds each feature's squared length."""

    labels: tuple[str, ...]
    features: tuple[str, ...]
    table: npt.NDArray[np.int16]
    bias: npt.NDArray[np.float64]
    unseen: float
    sharpness: float
    floor: float
    """The raw score at which a message is as likely out of scope as in."""
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places.update(zip(self.features, range(len(self.features)), strict=True))

    def scores(self, features: Sequence[str]) -> npt.NDArray[np.float64]:
        """The distance from each label's plane, in the order of `labels`."""
        found = list(map(self.places.get, features))
        known = set(found)
        unseen = found.count(None)
        known.discard(None)
        sums = self.table[list(known)].sum(axis=0, dtype=np.int64)
        length = sqrt(int(sums[-1]) * STEP + unseen * self.unseen) or 1.0
        return sums[:-1] * (STEP / length) + self.bias

    def rank(self, features: Sequence[str]) -> Ranking:
        """Every in-scope label, best first (equal scores by name)."""
        scores = self.scores(features).tolist()
        pairs = dict(zip(self.labels, scores, strict=True))
        zero = pairs.pop(OUT_OF_SCOPE, 0.0)
        best = sorted(((label, score - zero) for label, score in pairs.items()), key=_best_first)
        return Ranking(tuple(best), self._confidence([score for _, score in best]))

    def _confidence(self, scores: Sequence[float]) -> float:
        if not scores:
            return 0.0
        top = scores[0]
        others = sum(exp(self.sharpness * (score - top)) for score in scores[1:])
        return 1 / (1 + others + exp(min(700.0, self.sharpness * (self.floor - top))))


def _best_first(pair: tuple[str, float]) -> tuple[float, str]:
    return -pair[1], pair[0]


def condensed(learned: Learned, keep: int, unseen_share: float, sharpness: float, floor: float) -> Model:
    """The model of the `keep` features that weigh most; the others count as unseen."""
    products = learned.weights * learned.rarity[:, None]
    weight = np.abs(products).max(axis=1)
    order = np.lexsort((np.arange(len(weight)), -weight))[:keep]
    order.sort()
    cells = np.rint(products[order] / STEP)
    lengths = np.rint(learned.rarity[order] ** 2 / STEP)
    table = np.concatenate([cells, lengths[:, None]], axis=1)
    if np.abs(table).max(initial=0) > np.iinfo(np.int16).max:
        raise OverflowError("a weight exceeds the table's cells")
    return Model(
        learned.labels,
        tuple(learned.features[number] for number in order),
        table.astype(np.int16),
        np.round(learned.bias.astype(np.float64), 6),
        learned.unseen**2 * unseen_share,
        sharpness,
        floor,
    )
