"""From the data files to something that answers: trained once, kept compiled.

A compiled file ships with the package, and may lie beside other data files (`intents.use`). Where the data
files or the code were edited since, the engine is trained again (some seconds) and kept in the user's cache
folder, or in `TUIDAN_CACHE`.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from intents import compiled, data_files
from intents.clauses import wanted
from intents.features import Reader, View
from intents.model import Model, Ranking, Shape
from intents.normalise import normalise
from intents.pinyin import Sounds
from intents.segment import Segmenter

SHIPPED = data_files.FOLDER / "compiled" / "engine.bin"
_CODE = (
    "build",
    "compiled",
    "edges",
    "features",
    "model",
    "normalise",
    "pinyin",
    "segment",
    "train",
    "variants",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that ranking needs, loaded."""

    reader: Reader
    intents: Model
    topics: Model | None
    values: Model | None
    """The values of slots that a short sentence states, as "slot=value"."""
    background: tuple[str, ...]
    """Normalised messages of all kinds, for a model of other people's examples to be told from."""

    def rank(self, normal: str) -> tuple[View, Ranking]:
        """A normalised text's features and its intents."""
        seen = self.reader.view(normal)
        return seen, self.intents.rank(seen.features)

    def rank_text(self, text: str) -> Ranking:
        """A raw text's intents: normalised, without what it rules out."""
        return self.rank(wanted(normalise(text).text))[1]


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of the data files in use. Raises DataFileError."""
    key = data_key()
    beside = data_files.HOME.folder / "compiled" / SHIPPED.name
    for path in (*dict.fromkeys((SHIPPED, beside)), cache_folder() / f"engine-{key[:16]}.bin"):
        loaded = _load(path, key)
        if loaded is not None:
            return loaded
    from intents.build import build  # noqa: PLC0415 - only a process that has to train comes here

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
    folder = data_files.HOME.folder
    paths = [
        *(folder / "words").glob("*"),
        *(folder / "intents").glob("*.yaml"),
        *(folder / "topics").glob("*.yaml"),
        *(folder / "values").glob("**/*.yaml"),
    ]
    for path in [*sorted(paths), *(Path(__file__).with_name(f"{name}.py") for name in _CODE)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


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
    sounds = Sounds(data_files.readings(), spoken, data_files.english_words())
    reader = Reader(Segmenter(words, max(1, sum(words.values()))), sounds, meanings)
    intents = _model(sections, "intents")
    if intents is None:
        raise data_files.DataFileError(
            data_files.Finding(data_files.HOME.folder / "intents", 1, "intent", "没有任何意图文件")
        )
    topics, values = _model(sections, "topics"), _model(sections, "values")
    return Engine(reader, intents, topics, values, tuple(sections.texts["background"]))


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
