"""Learn a linear model from labelled features: one separating plane a label, all of them at once.

The optimiser is dual coordinate descent for the L2-regularised squared hinge loss (Hsieh, Chang, Lin,
Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML 2008), each step
taken for every label together, so that numpy does the work. The order of steps comes from a fixed sequence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BACKGROUND = "(background)"
"""The label of the plane between all examples and the background."""

MANY = 8000
"""Examples from which on it pays to be sparing."""
PASSES = 6
"""Over many examples; over few, which need more and take no time, twice as many."""
SOFTNESS = 10.0
"""How dear an example on the wrong side is (C of the support vector machine)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Planes `weights[f, k]`, `bias[k]` for the sorted `labels`; `rarity[f]` is a feature's own length.

    Where there was a background, its plane is the last.
    """

    labels: tuple[str, ...]
    features: tuple[str, ...]
    rarity: Floats
    unseen: float
    """The length of a feature that no example has."""
    weights: Floats
    bias: Floats


def learn(
    rows: Sequence[Sequence[str]], labels: Sequence[str], background: Sequence[Sequence[str]] = ()
) -> Learned:
    """Learn from one list of features an example.

    The `background` are messages of no label that is sought: they get a plane of their own and move no other.

    With many examples, a feature that only one of them has gets no weight. It still counts in the length of
    its example, as a feature that was never seen does in a message's.
    """
    names = tuple(sorted(set(labels)))
    if background:
        names += (BACKGROUND,)
    number = {name: place for place, name in enumerate(names)}
    bags = [sorted(set(row)) for row in rows]
    beyond = [sorted(set(row)) for row in background]
    spread = Counter(feature for bag in bags for feature in bag)
    least = 2 if len(rows) > MANY else 1
    known = {feature for feature, count in spread.items() if count >= least}
    features = tuple(sorted(known.union(*beyond)))
    place = {feature: at for at, feature in enumerate(features)}
    rarity = np.array([_rarity(len(rows), spread[feature]) for feature in features], dtype=np.float32)
    single = _rarity(len(rows), 1) ** 2
    examples = []
    for bag, label in zip([*bags, *beyond], [*labels, *([BACKGROUND] * len(beyond))], strict=True):
        index = np.array([place[feature] for feature in bag if feature in place], dtype=np.int64)
        value = rarity[index]
        length = sqrt(float(value @ value) + single * (len(bag) - len(index))) or 1.0
        first = number[label] if label == BACKGROUND else 0
        examples.append(_Example(index, value / np.float32(length), number[label], first))
    weights, bias = _descend(examples, len(features), len(names))
    return Learned(names, features, rarity, _rarity(len(rows), 0), weights, bias)


def _rarity(rows: int, spread: int) -> float:
    """Inverse document frequency, smoothed as if one more example had every feature."""
    return log((1 + rows) / (1 + spread)) + 1


@dataclass(frozen=True, slots=True)
class _Example:
    index: npt.NDArray[np.int64]
    value: Floats
    label: int
    first: int
    """The first of the planes that learn from it."""


def _descend(examples: Sequence[_Example], features: int, labels: int) -> tuple[Floats, Floats]:
    weights = np.zeros((features, labels), dtype=np.float32)
    bias = np.zeros(labels, dtype=np.float32)
    duals = np.zeros((len(examples), labels), dtype=np.float32)
    slacks = 0.5 / _costs(examples, labels)
    sign = np.full(labels, -1, dtype=np.float32)
    order = np.random.RandomState(1)
    passes = PASSES if len(examples) > MANY else 2 * PASSES
    total = np.zeros(labels)
    for number in range(passes):
        for step in order.permutation(len(examples)):
            example, slack = examples[step], slacks[step]
            first = example.first
            planes, dual, side = weights[:, first:], duals[step, first:], sign[first:]
            near = planes[example.index]
            sign[example.label] = 1
            gradient = side * (example.value @ near + bias[first:]) - 1 + slack * dual
            moved = np.maximum(dual - gradient / (2 + slack), 0)
            change = (moved - dual) * side
            sign[example.label] = -1
            dual[:] = moved
            planes[example.index] = near + example.value[:, None] * change
            bias[first:] += change
            if number == passes - 1:
                total += bias
    # The last few examples would move the bias by more than an edge may be off: hence its mean over a pass.
    return weights, (total / len(examples)).astype(np.float32)


def _costs(examples: Sequence[_Example], labels: int) -> Floats:
    """How dear a mistake on each example is: dearer, the rarer its label."""
    which = np.array([example.label for example in examples])
    rarer = len(examples) / labels / np.bincount(which, minlength=labels)
    costs: Floats = (SOFTNESS * np.sqrt(rarer[which])).astype(np.float32)
    return costs
