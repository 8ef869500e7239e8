"""Examples put into the intents' files, every other byte kept, or refused where `tuidan check` would."""

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import TuidanError
from bot.insight.anonymous import anonymous
from bot.learning.decisions import Decision
from intents.check import LONGEST_EXAMPLE, check, letters
from intents.data_files import DataFileError, Labelled, composed, intent_files

_PARTS = ("intents", "topics", "values", "words")
"""The folders that `intents.check` looks at."""
_LINE_ENDS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
"""What YAML takes for the end of a line; `str.splitlines` knows more."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that is not carried out, and why."""

    decision: Decision
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written: the content of every file, and the decisions with their texts anonymous."""

    contents: Mapping[Path, bytes]
    taken: tuple[Decision, ...]
    refused: tuple[Refused, ...]


def titles(folder: Path) -> dict[str, str]:
    """Every intent of these data files, and what people call it. TuidanError where a file cannot be read."""
    found: dict[str, str] = {}
    try:
        for part in intent_files(folder):
            keys = {key.value: value.value for key, value in composed(part.file).value}
            found[part.label] = str(keys.get("title", ""))
    except DataFileError as fault:
        raise TuidanError(str(fault)) from fault
    return found


def plan(decisions: Iterable[Decision], folder: Path) -> Plan:
    """What the decisions come to in these data files (laid out as `intents/data`); nothing is written.

    TuidanError where the files have faults already, or their layout allows no line more.
    """
    try:
        files = {part.label: part for part in intent_files(folder)}
    except DataFileError as fault:
        raise TuidanError(str(fault)) from fault
    where = {
        letters(text): f"{part.file.name}:{part.first_line + number}"
        for part in files.values()
        for number, text in enumerate(part.texts)
    }
    taken: list[Decision] = []
    refused: list[Refused] = []
    for decision in decisions:
        text = anonymous(decision.text)
        why = _why_not(text, decision.intent, files, where)
        if why:
            refused.append(Refused(decision, why))
        else:
            where[letters(text)] = "this lesson"
            taken.append(Decision(text, decision.intent, decision.place))
    contents: dict[Path, bytes] = {}
    for intent in sorted({decision.intent for decision in taken}):
        new = [decision.text for decision in taken if decision.intent == intent]
        contents[files[intent].file] = _extended(files[intent], new)
    if taken:
        _prove(contents, taken, folder)
    return Plan(contents, tuple(taken), tuple(refused))


def _why_not(text: str, intent: str, files: Mapping[str, Labelled], where: Mapping[str, str]) -> str:
    if intent not in files:
        return f"there is no intent {intent}; there are {', '.join(files)}"
    if not any(map(str.isalpha, text)):
        return "there are no words in it"
    if len(text) > LONGEST_EXAMPLE:
        return f"{len(text)} characters; an example has at most {LONGEST_EXAMPLE}"
    if letters(text) in where:
        return f"the same stands in {where[letters(text)]}"
    return ""


def _extended(part: Labelled, texts: Iterable[str]) -> bytes:
    """The file's content with texts behind its last example, with its own indentation and line ends."""
    try:
        lines = _LINE_ENDS.split(part.file.read_bytes().decode("utf-8"))
    except OSError as error:
        raise TuidanError(f"cannot read {part.file}: {error.strerror}") from error
    last = first = part.first_line - 1
    indent = ""
    for number, line in enumerate(lines[first:], start=first):
        if not line.strip():
            continue
        indent = indent or line[: len(line) - len(line.lstrip(" "))]
        if not line.startswith(indent or " "):
            break
        last = number
    example = lines[last].rstrip("\r\n")
    end = lines[last][len(example) :] or lines[last - 1][len(lines[last - 1].rstrip("\r\n")) :]
    new = "".join(f"{end}{indent}{text}" for text in texts)
    lines[last] = example + new + lines[last][len(example) :]
    return "".join(lines).encode()


def _prove(contents: Mapping[Path, bytes], taken: Iterable[Decision], folder: Path) -> None:
    """The files, written elsewhere, are sound and hold the examples that were there and the new ones."""
    with TemporaryDirectory() as place:
        trial = Path(place)
        _copy(folder, trial)
        for file, content in contents.items():
            (trial / "intents" / file.name).write_bytes(content)
        for finding in check(trial):
            told = str(finding).replace(str(trial), str(folder))
            raise TuidanError(f"nothing is written, for the data files would not be sound: {told}")
        before, after = intent_files(folder), intent_files(trial)
    for old, new in zip(before, after, strict=True):
        own = tuple(decision.text for decision in taken if decision.intent == old.label)
        if new.texts != old.texts + own:
            raise TuidanError(
                f"{old.file}: examples: laid out so that nothing can be put behind the last one"
            )


def _copy(folder: Path, target: Path) -> None:
    try:
        for part in _PARTS:
            if (folder / part).is_dir():
                shutil.copytree(folder / part, target / part)
    except (OSError, shutil.Error) as error:
        raise TuidanError(f"cannot copy {folder}: {error}") from error
