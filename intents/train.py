"""Learn a linear model from labelled features: one separating plane a label, all of them at once.

The optimiser is dual coordinate descent for the L2-regularised squared hinge loss (Hsieh, Chang, Lin, Keerthi,
Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML 2008), each step taken for every
label together, so that numpy does the work. No chance is involved: the order of steps comes from a fixed sequence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

PASSES = 14
SOFTNESS = 5.0
"""How dear an example on the wrong side is (C of the support vector machine)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The planes: `weights[f, k]` and `bias[k]` for the sorted `labels`; `rarity[f]` is each feature's own length."""

    labels: tuple[str, ...]
    features: tuple[str, ...]
    rarity: Floats
    unseen: float
    """The length of a feature that no example has."""
    weights: Floats
    bias: Floats


def learn(
    rows: Sequence[Sequence[str]],
    labels: Sequence[str],
    balance: float = 0.25,
    passes: int = PASSES,
    softness: float = SOFTNESS,
) -> Learned:
    """Learn from one list of features an example. `balance` 0..1: how far rare labels are given more say."""
    names = tuple(sorted(set(labels)))
    bags = [sorted(set(row)) for row in rows]
    spread = Counter(feature for bag in bags for feature in bag)
    features = tuple(sorted(spread))
    place = {feature: number for number, feature in enumerate(features)}
    count = len(rows)
    rarity = np.array([log((1 + count) / (1 + spread[f])) + 1 for f in features], dtype=np.float32)
    targets = np.array([names.index(label) for label in labels])
    cost = _costs(targets, len(names), balance, softness)
    indices = [np.array([place[f] for f in bag], dtype=np.int64) for bag in bags]
    weights, bias = _descend(indices, rarity, targets, cost, len(names), passes)
    return Learned(names, features, rarity, log(1 + count) + 1, weights, bias)


def _costs(targets: npt.NDArray[np.int64], labels: int, balance: float, softness: float) -> Floats:
    size = np.bincount(targets, minlength=labels)
    weight = (len(targets) / labels / size) ** balance
    return (softness * weight[targets]).astype(np.float32)


def _descend(
    indices: Sequence[npt.NDArray[np.int64]],
    rarity: Floats,
    targets: npt.NDArray[np.int64],
    cost: Floats,
    labels: int,
    passes: int,
) -> tuple[Floats, Floats]:
    weights = np.zeros((len(rarity), labels), dtype=np.float32)
    bias = np.zeros(labels, dtype=np.float32)
    duals = np.zeros((len(indices), labels), dtype=np.float32)
    values = []
    for index in indices:
        value = rarity[index]
        values.append(value / np.float32(max(1e-6, float(np.sqrt(value @ value)))))
    sign = np.full(labels, -1, dtype=np.float32)
    order = np.random.RandomState(1)
    for _ in range(passes):
        for step in order.permutation(len(indices)):
            index, value, dual = indices[step], values[step], duals[step]
            near = weights[index]
            sign[targets[step]] = 1
            slack = np.float32(0.5 / cost[step])
            gradient = sign * (value @ near + bias) - 1 + slack * dual
            moved = np.maximum(dual - gradient / (2 + slack), 0)
            change = (moved - dual) * sign
            sign[targets[step]] = -1
            duals[step] = moved
            near += value[:, None] * change
            weights[index] = near
            bias += change
    return weights, bias
