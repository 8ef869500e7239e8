"""The files under data/slots: which words mean which value of a slot.

A file names its `slot` and lists `values`; under a value stand

    strong   phrases that name the value
    weak     phrases that only hint at it: they count where nothing strong was said
    answers  phrases that mean it only as the answer to the bot's question for this slot
    not      phrases that contain such a word and mean something else

A phrase may hold alternatives in braces: 没{有,}发{货,出} is four phrases.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from intents.data_files import DataFileError, Finding

FOLDER = Path(__file__).parents[1] / "data" / "slots"
STRONG, WEAK = 2, 1
_KEYS = {"strong", "weak", "answers", "not"}
_RIVALS = {
    "order_status": "status", "delivery_status": "status",
    "reason": "cause", "failure": "cause", "ticket_plan": "cause",
}  # fmt: skip
"""Slots that the same words are never both for: inside 票也不要了 stands no 不要了 of a change of mind."""
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase means: a value of a slot; `strength` is STRONG or WEAK."""

    slot: str
    value: str
    strength: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a message. No readings: the phrase only keeps its words from being misread."""

    start: int
    end: int
    readings: tuple[Reading, ...]

    def beside(self, accepted: list["Hit"]) -> "Hit | None":
        """What is left of the hit next to the longer ones already accepted; None where nothing is."""
        readings = self.readings
        for other in accepted:
            if other.start >= self.end or other.end <= self.start:
                continue
            if not other.readings or not readings:
                return None
            taken = {_RIVALS.get(reading.slot, reading.slot) for reading in other.readings}
            inside = other.start <= self.start and self.end <= other.end
            readings = tuple(
                r
                for r in readings
                if _RIVALS.get(r.slot, r.slot) not in taken and (r.strength == STRONG or not inside)
            )
        return (
            self if readings is self.readings else Hit(self.start, self.end, readings) if readings else None
        )


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All phrases, by their first two characters, the longest first; those of one character come last."""

    by_start: Mapping[str, tuple[tuple[str, tuple[Reading, ...]], ...]]
    answers: Mapping[str, Mapping[str, str]]
    """Slot to (phrase to value), for bare answers."""

    def hits(self, text: str) -> list[Hit]:
        """The phrases in a text, in its order; case is levelled.

        The longer phrase goes first. A shorter one that overlaps it is read only where it speaks of other slots, and,
        inside the longer one, names its value outright (东京迪士尼: abroad, and a park).
        """
        found = sorted(self._all(text.lower()), key=lambda hit: (hit.start - hit.end, hit.start))
        accepted: list[Hit] = []
        for hit in found:
            kept = hit.beside(accepted)
            if kept is not None:
                accepted.append(kept)
        return sorted(accepted, key=lambda hit: hit.start)

    def _all(self, text: str) -> Iterator[Hit]:
        by_start = self.by_start
        for place in range(len(text)):
            for phrase, readings in by_start.get(text[place : place + 2]) or by_start.get(text[place], ()):
                if text.startswith(phrase, place):
                    yield Hit(place, place + len(phrase), readings)


@lru_cache(maxsize=4)
def load(folder: Path = FOLDER) -> Phrasebook:
    """Read every file of the folder. Raises DataFileError naming file, line and key."""
    phrases: dict[str, list[Reading]] = {}
    answers: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem == "holidays":
            continue
        _read_file(path, phrases, answers)
    by_start: dict[str, list[tuple[str, tuple[Reading, ...]]]] = {}
    for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
        by_start.setdefault(phrase[:2], []).append((phrase, tuple(phrases[phrase])))
    for start, entries in by_start.items():
        if len(start) == 2:
            entries += by_start.get(start[0], [])
    return Phrasebook({start: tuple(entries) for start, entries in by_start.items()}, answers)


def check(folder: Path = FOLDER) -> list[Finding]:
    """Every fault of the folder's files, one a file at most: reading stops at a file's first."""
    findings = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            if path.stem == "holidays":
                holidays(folder)
            else:
                _read_file(path, {}, {})
        except DataFileError as fault:
            findings.append(fault.finding)
    return findings


def _read_file(path: Path, phrases: dict[str, list[Reading]], answers: dict[str, dict[str, str]]) -> None:
    root = dict(_mapping(path, _root(path), {"slot", "values"}))
    if "slot" not in root or "values" not in root:
        raise DataFileError(Finding(path, 1, "slot, values", "缺少这一项"))
    slot = root["slot"].value
    if slot != path.stem:
        raise DataFileError(Finding(path, _line(root["slot"]), "slot", f"应与文件名相同：{path.stem}"))
    for value, node in _mapping(path, root["values"], None):
        for key, words in _mapping(path, node, _KEYS):
            for word, line in _words(path, key, words):
                _enter(path, line, slot, value, key, word, phrases, answers)


def _enter(
    path: Path, line: int, slot: str, value: str, key: str, word: str,
    phrases: dict[str, list[Reading]], answers: dict[str, dict[str, str]],
) -> None:  # fmt: skip
    if key == "answers":
        known = answers.setdefault(slot, {}).setdefault(word, value)
        if known != value:
            raise DataFileError(Finding(path, line, word, f"同一说法写在两处：{known}, {value}"))
        return
    readings = phrases.setdefault(word, [])
    if key == "not":
        return
    if any(reading.slot == slot and reading.value != value for reading in readings):
        raise DataFileError(Finding(path, line, word, "同一说法写在两处"))
    if not any(reading.slot == slot for reading in readings):
        readings.append(Reading(slot, value, STRONG if key == "strong" else WEAK))


def expand(phrase: str) -> list[str]:
    """A phrase with its alternatives written out: 没{有,}发 is 没有发 and 没发."""
    parts = _BRACES.split(phrase)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in itertools.product(*choices)]


def _words(path: Path, key: str, node: Any) -> Iterator[tuple[str, int]]:
    if node.id != "scalar" or node.style not in ("|", ">"):
        raise DataFileError(Finding(path, _line(node), key, "需要一个 | 文本块，说法之间用空格隔开"))
    for offset, line in enumerate(node.value.splitlines(), 1):
        for item in line.split("#")[0].split():
            for word in expand(item.lower()):
                if "{" in word or "}" in word:
                    raise DataFileError(Finding(path, _line(node) + offset, item, "花括号不成对"))
                yield word.replace("_", " "), _line(node) + offset


def _root(path: Path) -> Any:
    import yaml  # noqa: PLC0415 - paid once, and not by a process that only asks for the types

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise DataFileError(Finding(path, line, "YAML", str(fault.problem))) from fault
    if root is None:
        raise DataFileError(Finding(path, 1, "YAML", "文件是空的"))
    return root


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _mapping(path: Path, node: Any, allowed: set[str] | None) -> list[tuple[str, Any]]:
    if node.id != "mapping":
        raise DataFileError(Finding(path, _line(node), "YAML", "应为「键: 值」"))
    entries: list[tuple[str, Any]] = []
    for key, value in node.value:
        if allowed is not None and key.value not in allowed:
            raise DataFileError(
                Finding(path, _line(key), key.value, f"不认识的键；可用：{', '.join(sorted(allowed))}")
            )
        if any(key.value == name for name, _ in entries):
            raise DataFileError(Finding(path, _line(key), key.value, "这一项写了两次"))
        entries.append((key.value, value))
    return entries


Fixed = dict[str, tuple[int, int]]
Lunar = dict[str, dict[int, date]]


def holidays(folder: Path = FOLDER) -> tuple[Fixed, Lunar]:
    """Named days: the fixed ones as (month, day), the lunar ones as year to date. Raises DataFileError."""
    path = folder / "holidays.yaml"
    fixed: Fixed = {}
    lunar: Lunar = {}
    for section, node in _mapping(path, _root(path), {"fixed", "lunar"}):
        for name, value in _mapping(path, node, None):
            try:
                if section == "fixed":
                    day = date.fromisoformat(f"2000-{value.value}")
                    fixed[name] = (day.month, day.day)
                else:
                    days = [date.fromisoformat(item.value) for item in value.value]
                    lunar[name] = {day.year: day for day in days}
            except (ValueError, TypeError, AttributeError) as fault:
                raise DataFileError(Finding(path, _line(value), name, f"不是日期：{fault}")) from fault
    return fixed, lunar


def sections(path: Path, names: frozenset[str], keys: set[str]) -> dict[str, list[tuple[str, int, str]]]:
    """A file of named lists: name to (key, line number, line). All `names` must be there. Raises DataFileError."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for name, node in _mapping(path, _root(path), set(names)):
        lines = found.setdefault(name, [])
        for key, block in _mapping(path, node, keys):
            if block.id != "scalar" or block.style != "|":
                raise DataFileError(Finding(path, _line(block), key, "需要一个 | 文本块"))
            for offset, line in enumerate(block.value.splitlines(), 1):
                if line.strip():
                    lines.append((key, _line(block) + offset, line.strip()))
    for missing in sorted(names - found.keys()):
        raise DataFileError(Finding(path, 1, missing, "缺少这一项"))
    return found
