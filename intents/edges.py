"""Where to draw the line between what a model knows and what it does not."""

from collections.abc import Sequence

from intents.model import OUT_OF_SCOPE

Best = tuple[str, float]
"""The best label of a message that was left out of the training, and its raw score."""


def balanced(found: Sequence[Best], meant: Sequence[str]) -> float:
    """The score at which as large a share of wishes is right and let in as of negatives is kept out."""
    negatives = [score for (_, score), label in zip(found, meant, strict=True) if label == OUT_OF_SCOPE]
    right = [score for (best, score), label in zip(found, meant, strict=True) if best == label]
    wishes = len(meant) - len(negatives)

    def imbalance(edge: float) -> float:
        let_in = sum(score >= edge for score in right) / wishes
        kept_out = sum(score < edge for score in negatives) / len(negatives)
        return abs(let_in - kept_out)

    return min((step / 100 for step in range(-100, 101)), key=imbalance)


def sparing(found: Sequence[Best], share: float) -> float:
    """The score that a `share` (0..1) of messages in scope does not reach."""
    scores = sorted(score for _, score in found)
    return scores[int(share * len(scores))]
