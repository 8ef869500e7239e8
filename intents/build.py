"""Training on the data files: the one slow step, whose result is kept compiled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from intents import compiled, data_files
from intents.features import Reader, View, concepts
from intents.model import OUT_OF_SCOPE, Model, Shape, condensed
from intents.normalise import normalise
from intents.pinyin import Sounds
from intents.segment import Segmenter, frequencies, segmenter
from intents.train import MANY, learn

KEPT_FEATURES = 150_000
ENOUGH_NEGATIVES = 100
SHAPE = Shape(unseen_share=1.0, edge=0.1, steepness=5.0, sharpness=8.0)
WITHOUT_NEGATIVES = Shape(unseen_share=1.0, edge=-0.8, steepness=5.0, sharpness=8.0)
"""Raw scores are then distances from the labels' own planes; all but the strangest messages are let in."""
TOPICS = Shape(unseen_share=1.0, edge=-0.6, steepness=6.0, sharpness=8.0)
"""Of the nearest topics at the edge, two of three are the right ones."""


def build(key: str) -> compiled.Sections:
    """Train on the data files. Takes some seconds. Raises DataFileError."""
    meanings = concepts(data_files.concept_words())
    words = frequencies([*data_files.domain_words(), *(word for word in meanings if len(word) > 1)])
    cutter = segmenter(words)
    examples, topics = data_files.intent_files(), data_files.topic_files()
    spoken = _spoken(cutter, [text for part in examples for text in part.texts])
    reader = Reader(cutter, Sounds(data_files.readings(), spoken), meanings)
    models = {"intents": train_model(reader, *_pairs(examples), SHAPE)}
    if topics:
        models["topics"] = train_topics(reader, *_pairs(topics))
    texts: dict[str, Sequence[str]] = {
        "spoken": list(spoken),
        "words": list(words),
        "concepts.words": list(meanings),
        "concepts.marks": list(meanings.values()),
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "words": np.array(list(words.values()), dtype=np.int32),
        "spoken": np.array(list(spoken.values()), dtype=np.int32),
    }
    notes: dict[str, object] = {"key": key}
    for name, model in models.items():
        texts[f"{name}.labels"] = model.labels
        texts[f"{name}.features"] = model.features
        arrays[f"{name}.table"] = model.table
        arrays[f"{name}.bias"] = model.bias
        notes[name] = {"unseen": model.unseen, "shape": asdict(model.shape)}
    return compiled.Sections(notes, texts, arrays)


def train_model(reader: Reader, texts: Sequence[str], labels: Sequence[str], shape: Shape) -> Model:
    """A model of raw texts, each under its label.

    With many negatives, the edge is put where a model of nine tenths of the examples errs as often by
    rejecting or mistaking a wish in the last tenth as by letting in a negative.
    """
    views = [reader.view(normalise(text).text) for text in texts]
    tenth = range(4, len(views), 10)
    if sum(labels[place] == OUT_OF_SCOPE for place in tenth) >= ENOUGH_NEGATIVES:
        kept = sorted(set(range(len(views))) - set(tenth))
        trial = _train(
            reader, [texts[at] for at in kept], [labels[at] for at in kept], [views[at] for at in kept], shape
        )
        found = [trial.nearest(views[place].features, 1)[0] for place in tenth]
        shape = replace(shape, edge=_balance(found, [labels[place] for place in tenth]))
    return _train(reader, texts, labels, views, shape)


def _balance(found: Sequence[tuple[str, float]], meant: Sequence[str]) -> float:
    """The score at which as large a share of wishes is right and let in as of negatives is kept out."""
    negatives = [score for (_, score), label in zip(found, meant, strict=True) if label == OUT_OF_SCOPE]
    right = [score for (best, score), label in zip(found, meant, strict=True) if best == label]
    wishes = len(meant) - len(negatives)

    def imbalance(edge: float) -> float:
        let_in = sum(score >= edge for score in right) / wishes
        kept_out = sum(score < edge for score in negatives) / len(negatives)
        return abs(let_in - kept_out)

    return min((step / 100 for step in range(-100, 101)), key=imbalance)


def _train(
    reader: Reader, texts: Sequence[str], labels: Sequence[str], views: Sequence[View], shape: Shape
) -> Model:
    """Where there are many examples, every second one is learned a second time as it sounds, for what is
    misspelt, and every eighth with a detail beside it that must not matter.
    """
    rows = [seen.features for seen in views]
    targets = list(labels)
    if len(views) > MANY:
        rows += [seen.heard for seen in views[::2]]
        rows += [reader.view(normalise(text).text).features for text in _with_asides(texts[::8])]
        targets += [*labels[::2], *labels[::8]]
    return condensed(learn(rows, targets), KEPT_FEATURES, shape)


def train_topics(reader: Reader, texts: Sequence[str], labels: Sequence[str]) -> Model:
    """A model of questions, each under its topic, without how they sound."""
    rows = [reader.view(normalise(text).text).written for text in texts]
    return condensed(learn(rows, labels), KEPT_FEATURES, TOPICS)


def _pairs(files: Sequence[data_files.Labelled]) -> tuple[list[str], list[str]]:
    """Every text and its label."""
    texts = [text for part in files for text in part.texts]
    return texts, [part.label for part in files for _ in part.texts]


def _spoken(cutter: Segmenter, texts: Sequence[str]) -> dict[str, int]:
    """The Chinese words of texts and how often each occurs."""
    words = (word for text in texts for word in cutter.words(normalise(text).text) if word[0] > "\u3400")
    counts = Counter(words)
    return {word: counts[word] for word in sorted(counts)}


def _with_asides(texts: Sequence[str]) -> list[str]:
    details = data_files.asides()
    pairs = [(text, details[number % len(details)]) for number, text in enumerate(texts)]
    return [
        f"{detail} {text}" if number % 3 == 2 else f"{text} {detail}"
        for number, (text, detail) in enumerate(pairs)
    ]
