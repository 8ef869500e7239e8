"""Proving the data files that people edit: `python -m intents check`."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from intents import mood, moves
from intents.data_files import (
    HOME,
    DataFileError,
    Finding,
    Labelled,
    asides,
    circumstances,
    clause_words,
    concept_words,
    domain_words,
    english_words,
    intent_files,
    key_lines,
    readings,
    regional_words,
    topic_files,
    value_files,
)
from intents.model import OUT_OF_SCOPE
from intents.slots import phrasebook, respelling

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FEWEST = 150
FEWEST_OF_SMALL_TALK = 25
SMALL_TALK = frozenset(
    ["affirm", "deny", "stop", "restart", "greet", "thanks", "goodbye", "bot_help", "human_agent"]
)
LONGEST_EXAMPLE = 300

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


class IntentFile(BaseModel):
    """The keys of a file in `intents/data/intents`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    intent: Name
    title: Text
    wants: Text
    not_to_be_confused: list[Name]
    examples: Text


class TopicFile(BaseModel):
    """The keys of a file in `intents/data/topics`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    topic: Name
    questions: Text


class ValueFile(BaseModel):
    """The keys of a file in `intents/data/values`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    value: Name
    sentences: Text


def check(folder: Path | None = None) -> list[Finding]:
    """Every fault of the data files, by file and line; empty if there is none. Raises OSError.

    Where no folder is named, those in use are checked, and with them the files of slots, moves and moods.
    """
    findings: list[Finding] = []
    if folder is None:
        findings += [*phrasebook.check(), *respelling.check(), *moves.check(), *mood.check()]
    folder = folder or HOME.folder
    findings += _shapes(sorted((folder / "intents").glob("*.yaml")), IntentFile, "intent")
    findings += _shapes(sorted((folder / "topics").glob("*.yaml")), TopicFile, "topic")
    findings += _shapes(sorted((folder / "values").rglob("*.yaml")), ValueFile, "value")
    for load in (regional_words, concept_words, clause_words, circumstances, readings, english_words, asides):
        try:
            load(folder)
        except DataFileError as fault:
            findings.append(fault.finding)
    findings += _doubled_words(folder)
    if findings:
        return findings
    try:
        intents, topics, values = intent_files(folder), topic_files(folder), value_files(folder)
    except DataFileError as fault:
        return [fault.finding]
    findings += _unknown_names(folder, {part.label for part in intents})
    findings += [
        Finding(folder / "words" / "circumstances.yaml", 1, name, "没有这个意图")
        for name in sorted(circumstances(folder).wishes - {part.label for part in intents})
    ]
    findings += _too_few(folder, intents)
    return [*findings, *_repeated(intents), *_repeated(topics), *_repeated(values)]


def _shapes(paths: Iterable[Path], shape: type[BaseModel], label: str) -> Iterator[Finding]:
    for path in paths:
        try:
            lines = key_lines(path)
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
            shape.model_validate(content)
        except DataFileError as fault:
            yield fault.finding
        except ValidationError as fault:
            for error in fault.errors():
                key = str(error["loc"][0]) if error["loc"] else label
                yield Finding(path, lines.get(key, 1), key, error["msg"])
        else:
            if content[label] != path.stem:
                yield Finding(path, lines[label], label, f"应与文件名相同：{path.stem}")


def _doubled_words(folder: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    try:
        words = domain_words(folder)
    except DataFileError as fault:
        yield fault.finding
        return
    for word in words:
        if word in seen:
            yield Finding(folder / "words" / "domain.txt", 1, word, "同一个词写了两次")
        seen.add(word)


def _unknown_names(folder: Path, known: set[str]) -> Iterator[Finding]:
    for path in sorted((folder / "intents").glob("*.yaml")):
        content: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        for name in content["not_to_be_confused"]:
            if name not in known:
                yield Finding(path, key_lines(path)["not_to_be_confused"], name, "没有这个意图")


def _too_few(folder: Path, intents: Iterable[Labelled]) -> Iterator[Finding]:
    for part in intents:
        fewest = FEWEST_OF_SMALL_TALK if part.label in SMALL_TALK else FEWEST
        if len(part.texts) < fewest:
            yield Finding(
                part.file, part.first_line, "examples", f"只有 {len(part.texts)} 句，至少要 {fewest} 句"
            )
    if not any(part.label == OUT_OF_SCOPE for part in intents):
        yield Finding(folder / "intents", 1, OUT_OF_SCOPE, "缺少这个意图")


def _repeated(parts: Iterable[Labelled]) -> Iterator[Finding]:
    """Texts that differ in nothing but punctuation, under one label or under two."""
    first: dict[str, tuple[Labelled, int]] = {}
    for part in parts:
        for number, text in enumerate(part.texts):
            line = part.first_line + number
            if len(text) > LONGEST_EXAMPLE:
                yield Finding(part.file, line, text[:20], f"太长，最多 {LONGEST_EXAMPLE} 个字")
            bare = letters(text)
            if bare in first:
                other, place = first[bare]
                yield Finding(part.file, line, text, f"与 {other.file.name}:{place} 重复")
            first.setdefault(bare, (part, line))


def letters(text: str) -> str:
    """What must not be the same of two texts: letters and figures, or all where there are none."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).lower() or text
