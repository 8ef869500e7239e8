"""Reading the files under data/slots: which words mean which value of a slot.

A file names its `slot` and lists `values`; under a value stand

    strong   phrases that name the value
    weak     phrases that only hint at it: they count where nothing strong was said
    answers  phrases that mean it only as the answer to the bot's question for this slot
    not      phrases that contain such a word and mean something else

A phrase may hold alternatives in braces: 没{有,}发{货,出} is four phrases. An underscore stands for a blank.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from intents.data_files import HOME, DataFileError, Finding, composed

_KEYS = frozenset({"strong", "weak", "answers", "not"})
_HOLIDAYS = "holidays.yaml"
_NO_LEAP_YEAR = 2001
_BRACES = re.compile(r"\{([^{}]*)\}")

Fixed = dict[str, tuple[int, int]]
Lunar = dict[str, dict[int, date]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Phrases that were written as one, at their place in a file; `key` is strong, weak, answers or not."""

    slot: str
    value: str
    key: str
    phrases: list[str]
    line: int


def folder_in_use() -> Path:
    """Where the files are."""
    return HOME.folder / "slots"


def slot_files(folder: Path) -> list[Path]:
    """The files of the folder that hold phrases. Raises DataFileError where there is none."""
    found = [path for path in sorted(folder.glob("*.yaml")) if path.name != _HOLIDAYS]
    if not found:
        raise DataFileError(Finding(folder, 1, "slot", "没有任何文件"))
    return found


def entries(path: Path) -> Iterator[Entry]:
    """The phrases of a slot's file, written out, in lower case. Raises DataFileError."""
    top = dict(_mapping(path, _root(path), frozenset({"slot", "values"})))
    if "slot" not in top or "values" not in top:
        raise DataFileError(Finding(path, 1, "slot, values", "缺少这一项"))
    slot = top["slot"].value
    if slot != path.stem:
        raise DataFileError(Finding(path, _line(top["slot"]), "slot", f"应与文件名相同：{path.stem}"))
    for value, node in _mapping(path, top["values"], None):
        for key, block in _mapping(path, node, _KEYS):
            for line, text in _lines(path, key, block):
                for item in text.split("#")[0].lower().split():
                    yield Entry(slot, value, key, written_out(path, line, item), line)


def sections(
    path: Path, names: frozenset[str], keys: frozenset[str]
) -> dict[str, list[tuple[str, int, str]]]:
    """A file of named lists, none missing: name to (key, line number, line). Raises DataFileError."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for name, node in _mapping(path, _root(path), names):
        found[name] = [
            (key, number, line.strip())
            for key, block in _mapping(path, node, keys)
            for number, line in _lines(path, key, block)
            if line.strip()
        ]
    for missing in sorted(names - found.keys()):
        raise DataFileError(Finding(path, 1, missing, "缺少这一项"))
    return found


def holidays(folder: Path | None = None) -> tuple[Fixed, Lunar]:
    """Named days: the fixed ones as (month, day), the lunar ones as year to date. Raises DataFileError."""
    path = (folder or folder_in_use()) / _HOLIDAYS
    fixed: Fixed = {}
    lunar: Lunar = {}
    for section, node in _mapping(path, _root(path), frozenset({"fixed", "lunar"})):
        for name, value in _mapping(path, node, None):
            try:
                if section == "fixed":
                    day = date.fromisoformat(f"{_NO_LEAP_YEAR}-{value.value}")
                    fixed[name] = (day.month, day.day)
                else:
                    lunar[name] = {
                        day.year: day for day in (date.fromisoformat(item.value) for item in value.value)
                    }
            except (ValueError, TypeError, AttributeError) as fault:
                raise DataFileError(Finding(path, _line(value), name, f"不是日期：{fault}")) from fault
    return fixed, lunar


def expand(phrase: str) -> list[str]:
    """A phrase with its alternatives written out: 没{有,}发 is 没有发 and 没发."""
    if "{" not in phrase and "_" not in phrase:
        return [phrase]
    parts = _BRACES.split(phrase.replace("_", " "))
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return list(map("".join, itertools.product(*choices)))


def written_out(path: Path, line: int, item: str) -> list[str]:
    """An item's phrases; see `expand`. Raises DataFileError where a brace has no partner or one is empty."""
    phrases = expand(item)
    joined = "".join(phrases)
    if "{" in joined or "}" in joined or not all(phrases):
        raise DataFileError(Finding(path, line, item, "花括号不成对，或说法为空"))
    return phrases


def _lines(path: Path, key: str, node: Any) -> Iterator[tuple[int, str]]:
    if node.id != "scalar" or node.style != "|":
        raise DataFileError(Finding(path, _line(node), key, "需要一个 | 文本块"))
    yield from enumerate(node.value.splitlines(), _line(node) + 1)


def _root(path: Path) -> Any:
    root = composed(path)
    if root is None:
        raise DataFileError(Finding(path, 1, "YAML", "文件是空的"))
    return root


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _mapping(path: Path, node: Any, allowed: frozenset[str] | None) -> list[tuple[str, Any]]:
    if node.id != "mapping":
        raise DataFileError(Finding(path, _line(node), "YAML", "应为「键: 值」"))
    found: list[tuple[str, Any]] = []
    for key, value in node.value:
        if key.id != "scalar":
            raise DataFileError(Finding(path, _line(key), "YAML", "键应为一个词"))
        if allowed is not None and key.value not in allowed:
            known = ", ".join(sorted(allowed))
            raise DataFileError(Finding(path, _line(key), key.value, f"不认识的键；可用：{known}"))
        if any(key.value == name for name, _ in found):
            raise DataFileError(Finding(path, _line(key), key.value, "这一项写了两次"))
        found.append((key.value, value))
    return found
