"""From the data files to something that answers: trained once, kept compiled.

A compiled file ships with the package. Where the data files or the code were edited since, the engine is
trained again (some seconds) and kept in the user's cache folder, or in `TUIDAN_CACHE`.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from intents import compiled, data_files
from intents.clauses import wanted
from intents.features import View, concepts, view
from intents.model import OUT_OF_SCOPE, Model, Ranking, Shape, condensed
from intents.normalise import normalise
from intents.pinyin import Sounds
from intents.segment import Segmenter, frequencies, segmenter
from intents.train import learn

SHIPPED = data_files.FOLDER / "compiled" / "engine.bin"
KEPT_FEATURES = {"intents": 100_000, "topics": 20_000}
SHAPE = Shape(unseen_share=1.0, edge=0.0, steepness=5.0, sharpness=8.0)
OWN_DATA_SHAPE = Shape(unseen_share=1.0, edge=-0.5, steepness=5.0, sharpness=8.0)
"""Without negatives, raw scores are the distances from the labels' planes themselves."""
_CODE = ("compiled", "engine", "features", "model", "normalise", "pinyin", "segment", "train")


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns normalised texts into features."""

    segmenter: Segmenter
    sounds: Sounds
    concepts: Mapping[str, str]

    def view(self, normal: str) -> View:
        """The features and words of a normalised text."""
        return view(normal, self.segmenter, self.sounds, self.concepts)


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that ranking needs, loaded."""

    reader: Reader
    intents: Model
    topics: Model | None

    def rank(self, normal: str) -> tuple[View, Ranking]:
        """A normalised text's features and its intents."""
        seen = self.reader.view(normal)
        return seen, self.intents.rank(seen.features)

    def rank_text(self, text: str) -> Ranking:
        """A raw text's intents: normalised, without what it rules out."""
        return self.rank(wanted(normalise(text).text))[1]


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of the data files that ship with the package. Raises DataFileError."""
    key = data_key()
    for path in (SHIPPED, cache_folder() / f"engine-{key[:16]}.bin"):
        loaded = _load(path, key)
        if loaded is not None:
            return loaded
    sections = build(key)
    try:
        compiled.write(path, sections)
    except OSError:  # a folder that cannot be written costs only time at the next start
        return _engine(sections)
    return _engine(sections)


def cache_folder() -> Path:
    """Where what was computed is kept between two starts."""
    chosen = os.environ.get("TUIDAN_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - only a process that has to train comes here

    return Path(platformdirs.user_cache_dir("tuidan", appauthor=False))


def data_key() -> str:
    """A digest of the data files and of the code that reads them."""
    digest = hashlib.sha256()
    folder = data_files.FOLDER
    paths = [
        *(folder / "words").glob("*"),
        *(folder / "intents").glob("*.yaml"),
        *(folder / "topics").glob("*.yaml"),
    ]
    for path in [*sorted(paths), *(Path(__file__).with_name(f"{name}.py") for name in _CODE)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def build(key: str) -> compiled.Sections:
    """Train on the data files. Takes some seconds. Raises DataFileError."""
    meanings = concepts(data_files.concept_words())
    words = frequencies([*data_files.domain_words(), *(word for word in meanings if len(word) > 1)])
    cutter = segmenter(words)
    examples = data_files.intent_files()
    spoken = _spoken(cutter, [text for part in examples for text in part.texts])
    reader = Reader(cutter, Sounds(data_files.readings(), spoken), meanings)
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
    for name, files in (("intents", examples), ("topics", data_files.topic_files())):
        pairs = [(text, part.label) for part in files for text in part.texts]
        if pairs:
            model = train_model(reader, *zip(*pairs, strict=True), KEPT_FEATURES[name])
            texts[f"{name}.labels"] = model.labels
            texts[f"{name}.features"] = model.features
            arrays[f"{name}.table"] = model.table
            arrays[f"{name}.bias"] = model.bias
            notes[name] = {"unseen": model.unseen, "shape": asdict(model.shape)}
    return compiled.Sections(notes, texts, arrays)


def _spoken(cutter: Segmenter, texts: Sequence[str]) -> dict[str, int]:
    """The Chinese words of texts and how often each occurs."""
    counts = Counter(
        word for text in texts for word in cutter.words(normalise(text).text) if word[0] > "\u3400"
    )
    return {word: counts[word] for word in sorted(counts)}


def train_model(reader: Reader, texts: Sequence[str], labels: Sequence[str], keep: int) -> Model:
    """A model of raw texts, each under its label; every second one also as they sound."""
    views = [reader.view(normalise(text).text) for text in texts]
    rows = [seen.features for seen in views]
    targets = list(labels)
    for number, seen in enumerate(views):
        if number % 2 == 0 and seen.sounds:
            rows.append(seen.features[-seen.sounds :])
            targets.append(labels[number])
    shape = SHAPE if OUT_OF_SCOPE in labels else OWN_DATA_SHAPE
    return condensed(learn(rows, targets), keep, shape)


def _load(path: Path, key: str) -> Engine | None:
    try:
        sections = compiled.read(path)
    except (FileNotFoundError, NotADirectoryError, PermissionError, compiled.CompiledError):
        return None
    return _engine(sections) if sections.notes["key"] == key else None


def _engine(sections: compiled.Sections) -> Engine:
    words = dict(zip(sections.texts["words"], sections.arrays["words"].tolist(), strict=True))
    meanings = dict(zip(sections.texts["concepts.words"], sections.texts["concepts.marks"], strict=True))
    spoken = dict(zip(sections.texts["spoken"], sections.arrays["spoken"].tolist(), strict=True))
    sounds = Sounds(data_files.readings(), spoken)
    reader = Reader(Segmenter(words, max(1, sum(words.values()))), sounds, meanings)
    intents = _model(sections, "intents")
    if intents is None:
        raise data_files.DataFileError(
            data_files.Finding(data_files.FOLDER / "intents", 1, "intent", "没有任何意图文件")
        )
    return Engine(reader, intents, _model(sections, "topics"))


def _model(sections: compiled.Sections, name: str) -> Model | None:
    if name not in sections.notes:
        return None
    note = sections.notes[name]
    return Model(
        tuple(sections.texts[f"{name}.labels"]),
        tuple(sections.texts[f"{name}.features"]),
        sections.arrays[f"{name}.table"],
        sections.arrays[f"{name}.bias"],
        note["unseen"],
        Shape(**note["shape"]),
    )
