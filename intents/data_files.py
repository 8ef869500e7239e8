"""Reading the files that people edit: examples of intents, questions of topics, and words.

Every fault names file, line and key.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from intents.home import Home

FOLDER = Path(__file__).with_name("data")
"""The files that come with the package."""
HOME = Home(FOLDER)
CLAUSES = ("另起一件", "不算另起", "否掉的开头", "接着的正题")
"""The lists of clauses.yaml."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a data file. `line` counts from 1; `key` is the YAML key or the word concerned, or empty."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key and f'{self.key}: '}{self.message}"


class DataFileError(ValueError):
    """A data file cannot be used; says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts that belong under one label, from one file; `first_line` is the line of the first text."""

    label: str
    texts: tuple[str, ...]
    file: Path
    first_line: int


def intent_files(folder: Path | None = None) -> list[Labelled]:
    """The examples of every intent, by name. Raises DataFileError."""
    files = sorted(_at(folder, "intents").glob("*.yaml"))
    if not files:
        raise DataFileError(Finding(_at(folder, "intents"), 1, "intent", "没有任何意图文件"))
    return [_labelled(path, "intent", "examples") for path in files]


def topic_files(folder: Path | None = None) -> list[Labelled]:
    """The example questions of every topic, by name. Raises DataFileError."""
    return [_labelled(path, "topic", "questions") for path in sorted(_at(folder, "topics").glob("*.yaml"))]


def value_files(folder: Path | None = None) -> list[Labelled]:
    """Sentences that state one value of a slot, under "slot=value"; those under `out_of_scope` state none.

    Raises DataFileError.
    """
    below = _at(folder, "values")
    nothing = [_labelled(path, "value", "sentences") for path in sorted(below.glob("*.yaml"))]
    found = [_labelled(path, "value", "sentences") for path in sorted(below.glob("*/*.yaml"))]
    return [*nothing, *(replace(part, label=f"{part.file.parent.name}={part.label}") for part in found)]


def regional_words(folder: Path | None = None) -> dict[str, str]:
    """Regional word to the mainland's. Raises DataFileError."""
    return {
        word: name for name, words in _word_lists(_at(folder, "words", "regional.yaml")) for word in words
    }


def concept_words(folder: Path | None = None) -> dict[str, list[str]]:
    """Meaning to the words that carry it. Raises DataFileError."""
    return dict(_word_lists(_at(folder, "words", "concepts.yaml")))


def clause_words(folder: Path | None = None) -> dict[str, list[str]]:
    """The words that open another wish or rule something out, by what they do. Raises DataFileError."""
    path = _at(folder, "words", "clauses.yaml")
    lists = dict(_word_lists(path, shared=True))
    for name in CLAUSES:
        if not lists.get(name):
            raise DataFileError(Finding(path, 1, name, "缺少这一项，或没有词"))
    return lists


def domain_words(folder: Path | None = None) -> list[str]:
    """Words of the trade that segmentation must keep whole. Raises DataFileError."""
    return [word for _, word in _lines(_at(folder, "words", "domain.txt"))]


def asides(folder: Path | None = None) -> list[str]:
    """Details that say nothing of what is wanted. Raises DataFileError."""
    path = _at(folder, "words", "asides.txt")
    found = [words for _, words in _lines(path)]
    if not found:
        raise DataFileError(Finding(path, 1, "", "没有任何一行"))
    return found


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Facts of a case by kind, and the intents with which they are told without being asked about."""

    wishes: frozenset[str]
    facts: tuple[tuple[str, ...], ...]


def circumstances(folder: Path | None = None) -> Circumstances:
    """What people say of their case beside their wish. Raises DataFileError."""
    path = _at(folder, "words", "circumstances.yaml")
    lists = dict(_word_lists(path))
    if not lists.get("适用") or not all(lists.values()):
        raise DataFileError(Finding(path, 1, "适用", "需要「适用: [意图, …]」，且每一项都不为空"))
    wishes = frozenset(lists.pop("适用"))
    return Circumstances(wishes, tuple(tuple(facts) for facts in lists.values()))


def readings(folder: Path | None = None) -> dict[str, str]:
    """Syllable to the characters that are read so. Raises DataFileError."""
    path = _at(folder, "words", "pinyin.txt")
    table: dict[str, str] = {}
    for number, line in _lines(path):
        syllable, _, characters = line.partition(" ")
        if not (syllable.isascii() and syllable.isalpha() and characters) or syllable in table:
            raise DataFileError(Finding(path, number, syllable, "每行应为：音节 汉字，且音节不重复"))
        table[syllable] = characters
    return table


def english_words(folder: Path | None = None) -> dict[str, str]:
    """English word to the Chinese that it is read as. Raises DataFileError."""
    path = _at(folder, "words", "english.txt")
    table: dict[str, str] = {}
    for number, line in _lines(path):
        meaning, *words = line.split()
        for word in words:
            if not (word.isascii() and word.isalpha() and word.islower()) or word in table:
                raise DataFileError(Finding(path, number, word, "每行应为：中文 英文词…，小写且不重复"))
            table[word] = meaning
        if not words or meaning.isascii():
            raise DataFileError(Finding(path, number, meaning, "每行应为：中文 英文词…"))
    return table


def key_lines(path: Path) -> dict[str, int]:
    """The line on which each key of a YAML file stands. Raises DataFileError."""
    return {str(key.value): key.start_mark.line + 1 for key, _ in _mapping(path)}


def text_of(path: Path) -> str:
    """The file's text. Raises DataFileError where it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise DataFileError(Finding(path, 1, "", f"打不开：{fault.strerror}")) from fault
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise DataFileError(Finding(path, line, "", "不是 UTF-8")) from fault


def composed(path: Path) -> Any:
    """The file's YAML, its places kept; None where it is empty. Raises DataFileError."""
    import yaml  # noqa: PLC0415 - a process that finds the compiled model reads no YAML

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = text_of(path)
    try:
        return yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise DataFileError(Finding(path, line, "YAML", str(fault.problem))) from fault
    except yaml.YAMLError as fault:
        raise DataFileError(Finding(path, 1, "YAML", " ".join(str(fault).split()))) from fault


def _at(folder: Path | None, *below: str) -> Path:
    return (folder or HOME.folder).joinpath(*below)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text_of(path).splitlines(), 1):
        word = line.strip()
        if word and not word.startswith("#"):
            yield number, word


def _word_lists(path: Path, shared: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Name and words of every list in a file; a word may stand in one list only, unless `shared`."""
    seen: set[str] = set()
    for key, value in _mapping(path):
        if value.id != "sequence" or any(item.id != "scalar" for item in value.value):
            raise DataFileError(Finding(path, key.start_mark.line + 1, key.value, "需要一个列表 [词, …]"))
        words = [str(item.value) for item in value.value]
        for word in words:
            if not word:
                raise DataFileError(Finding(path, key.start_mark.line + 1, key.value, "有空的词"))
            if word in seen and not shared:
                raise DataFileError(Finding(path, key.start_mark.line + 1, word, "同一个词写了两次"))
            seen.add(word)
        yield str(key.value), words


def _labelled(path: Path, label_key: str, texts_key: str) -> Labelled:
    nodes = {key.value: value for key, value in _mapping(path)}
    for needed in (label_key, texts_key):
        if needed not in nodes:
            raise DataFileError(Finding(path, 1, needed, "缺少这一项"))
    block = nodes[texts_key]
    if block.id != "scalar" or block.style != "|":
        raise DataFileError(
            Finding(path, block.start_mark.line + 1, texts_key, "需要一个 | 文本块，一行一句")
        )
    texts = tuple(text for line in block.value.splitlines() if (text := line.strip()))
    return Labelled(str(nodes[label_key].value), texts, path, block.start_mark.line + 2)


def _mapping(path: Path) -> list[tuple[Any, Any]]:
    """The key and value nodes of a YAML file's one mapping, their places in the file kept."""
    root = composed(path)
    if root is None or root.id != "mapping":
        raise DataFileError(Finding(path, 1, "YAML", "文件应为「键: 值」"))
    seen: set[str] = set()
    for key, _ in root.value:
        if key.id != "scalar":
            raise DataFileError(Finding(path, key.start_mark.line + 1, "YAML", "键应为一个词"))
        if key.value in seen:
            raise DataFileError(Finding(path, key.start_mark.line + 1, key.value, "这一项写了两次"))
        seen.add(key.value)
    return list(root.value)
