"""Training on the data files: the one slow step, whose result is kept compiled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from intents import compiled, data_files
from intents.edges import balanced, sparing
from intents.features import Reader, View, concepts, runs
from intents.model import OUT_OF_SCOPE, Model, Shape, condensed, without
from intents.normalise import normalise
from intents.pinyin import Sounds
from intents.segment import Segmenter, frequencies, segmenter
from intents.train import MANY, learn
from intents.variants import with_asides, with_circumstances

KEPT_FEATURES = 150_000
KEPT_OF_VALUES = 30_000
ENOUGH_NEGATIVES = 100
SHAPE = Shape(unseen_share=1.0, edge=0.1, steepness=5.0, sharpness=8.0)
WITHOUT_NEGATIVES = Shape(unseen_share=1.0, edge=-0.8, steepness=5.0, sharpness=8.0)
"""Raw scores are then distances from the labels' own planes; all but the strangest messages are let in."""
FEW = 40
"""Examples up to which there are too few to leave some out."""
GIVEN_UP = 0.02
"""The share of messages in scope that may be rejected for the sake of those that are not."""
BACKGROUND_STEP = 32
"""Every so many'th example is kept as the background for other people's."""
PLAIN_WISHES = frozenset(
    [
        *("cancel_delivery", "cancel_order", "fee_query", "order_status", "refund_status", "request_refund"),
        *("affirm", "deny", "greet", "stop", "thanks"),
    ]
)
"""Intents whose messages hardly ever ask about a topic."""
FACTLESS = {
    OUT_OF_SCOPE: 16,
    "greet": 2,
    "thanks": 2,
    "goodbye": 2,
    "affirm": 2,
    "deny": 2,
    "bot_help": 2,
} | {
    "human_agent": 4,
    "stop": 2,
    "fee_query": 8,
    "transfer_ticket": 4,
    "ticket_insurance": 4,
    "purchase_tips": 4,
    "privacy_security": 4,
}
"""Intents whose messages hardly ever state the fact of a case, and every how many'th is learned as such."""
TOPICS = Shape(unseen_share=1.0, edge=-0.6, steepness=6.0, sharpness=8.0)
"""Of the nearest topics at the edge, two of three are the right ones."""
VALUES = Shape(unseen_share=1.0, edge=0.1, steepness=5.0, sharpness=8.0)


def build(key: str) -> compiled.Sections:
    """Train on the data files. Takes some seconds. Raises DataFileError."""
    meanings = concepts(data_files.concept_words())
    words = frequencies([*data_files.domain_words(), *(word for word in meanings if len(word) > 1)])
    cutter = segmenter(words)
    examples, topics, values = (
        data_files.intent_files(),
        data_files.topic_files(),
        data_files.value_files(),
    )
    spoken = _spoken(cutter, [text for part in examples for text in part.texts])
    reader = Reader(cutter, Sounds(data_files.readings(), spoken, data_files.english_words()), meanings)
    models = {"intents": train_model(reader, *_pairs(examples), SHAPE)}
    if topics:
        models["topics"] = train_topics(reader, *_pairs(topics), _no_questions(examples))
    if values:
        models["values"] = train_values(*_pairs(values), _no_facts(examples))
    texts: dict[str, Sequence[str]] = {
        "background": [
            normalise(text).text
            for text in [text for part in examples for text in part.texts][::BACKGROUND_STEP]
        ],
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
        shape = replace(shape, edge=balanced(found, [labels[place] for place in tenth]))
    return _train(reader, texts, labels, views, shape)


def _train(
    reader: Reader, texts: Sequence[str], labels: Sequence[str], views: Sequence[View], shape: Shape
) -> Model:
    """Where there are many examples, every second one is learned a second time as it sounds, for what is
    misspelt, every eighth with a detail beside it that must not matter, and some with circumstances.
    """
    rows = [seen.features for seen in views]
    targets = list(labels)
    if len(views) > MANY:
        rows += [seen.heard for seen in views[::2]]
        circumstanced, wishes = with_circumstances(texts, labels)
        more = [*with_asides(texts[::8]), *circumstanced]
        rows += [reader.view(normalise(text).text).features for text in more]
        targets += [*labels[::2], *labels[::8], *wishes]
    return condensed(learn(rows, targets), KEPT_FEATURES, shape)


def train_without_negatives(
    reader: Reader, texts: Sequence[str], labels: Sequence[str], background: Sequence[str]
) -> Model:
    """A model of other people's raw texts, each under its label, none of them a negative.

    A message counts the less, the more it is like the `background` (normalised texts) rather than like any
    example. The edge is put where a share of `GIVEN_UP` of a fifth of the examples would be rejected by a
    model of the rest.
    """
    rows = [reader.view(normalise(text).text).features for text in texts]
    beyond = [reader.view(text).features for text in background]

    def train(places: Sequence[int], shape: Shape) -> Model:
        learned = learn([rows[place] for place in places], [labels[place] for place in places], beyond)
        return condensed(learned, KEPT_FEATURES, shape)

    everything = range(len(rows))
    shape = WITHOUT_NEGATIVES
    if len(rows) > FEW:
        trial = train([place for place in everything if place % 5 != 4], shape)
        found = [trial.nearest(row, 1)[0] for row in rows[4::5]]
        shape = replace(shape, edge=round(sparing(found, GIVEN_UP), 4))
    return train(everything, shape)


def train_topics(reader: Reader, texts: Sequence[str], labels: Sequence[str], others: Sequence[str]) -> Model:
    """A model of questions, each under its topic, without how they sound; `others` ask about none.

    The others only push the topics' planes away: scores are not measured from theirs, since that would favour
    the odd question over the likely one.
    """
    rows = [reader.view(normalise(text).text).written for text in [*texts, *others]]
    learned = learn(rows, [*labels, *([OUT_OF_SCOPE] * len(others))])
    return condensed(without(learned, OUT_OF_SCOPE) if others else learned, KEPT_FEATURES, TOPICS)


def train_values(texts: Sequence[str], labels: Sequence[str], others: Sequence[str]) -> Model:
    """A model of short sentences, each under the value that it states; the `others` state none."""
    rows = [runs(normalise(text).text) for text in [*texts, *others]]
    return condensed(learn(rows, [*labels, *([OUT_OF_SCOPE] * len(others))]), KEPT_OF_VALUES, VALUES)


def _no_questions(files: Sequence[data_files.Labelled]) -> list[str]:
    """Messages that ask about no topic: half of what is out of scope, and a quarter of each plain wish.

    Taken file by file, so that what is added to one file does not change what is taken from the others.
    """
    steps = dict.fromkeys(PLAIN_WISHES, 4) | {OUT_OF_SCOPE: 2}
    return [text for part in files if part.label in steps for text in part.texts[:: steps[part.label]]]


def _no_facts(files: Sequence[data_files.Labelled]) -> list[str]:
    """Messages that state nothing of a case: a part of the small talk and of what is out of scope."""
    return [text for part in files if part.label in FACTLESS for text in part.texts[:: FACTLESS[part.label]]]


def _pairs(files: Sequence[data_files.Labelled]) -> tuple[list[str], list[str]]:
    """Every text and its label."""
    texts = [text for part in files for text in part.texts]
    return texts, [part.label for part in files for _ in part.texts]


def _spoken(cutter: Segmenter, texts: Sequence[str]) -> dict[str, int]:
    """The Chinese words of texts and how often each occurs."""
    words = (word for text in texts for word in cutter.words(normalise(text).text) if word[0] > "\u3400")
    counts = Counter(words)
    return {word: counts[word] for word in sorted(counts)}
