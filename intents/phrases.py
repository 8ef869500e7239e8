"""Phrase lists that people edit, made into one quick test each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents.data_files import DataFileError, Finding
from intents.slots.phrase_files import expand, sections

_KEYS = frozenset({"phrases", "whole", "patterns"})
_EDGES = re.compile(r"^[\s,，。.!！~…]+|[\s,，。.!！~…啊呀呢吧哦嘛了]+$")


@dataclass(frozen=True, slots=True)
class PhraseList:
    """A named list: `inside` is found anywhere, `whole` holds messages that are nothing else."""

    inside: re.Pattern[str] | None
    whole: frozenset[str]

    def heard_in(self, text: str) -> bool:
        """True where the list applies to the text. Case is levelled."""
        text = text.lower()
        if self.inside is not None and self.inside.search(text):
            return True
        return bool(self.whole) and (text.strip() in self.whole or _EDGES.sub("", text) in self.whole)


def load(path: Path, names: frozenset[str]) -> Mapping[str, PhraseList]:
    """The lists of a file, in its order. Raises DataFileError naming file, line and key."""
    lists = {}
    for name, entries in sections(path, names, _KEYS).items():
        alternatives: list[str] = []
        whole: set[str] = set()
        for key, line, item in entries:
            if key == "patterns":
                alternatives.append(_pattern(path, line, item))
            elif key == "whole":
                whole.update(word.replace("_", " ") for word in item.lower().split())
            else:
                alternatives += [re.escape(word) for w in item.lower().split() for word in expand(w)]
        inside = re.compile("|".join(f"(?:{a})" for a in alternatives)) if alternatives else None
        lists[name] = PhraseList(inside, frozenset(whole))
    return lists


def check(path: Path, names: frozenset[str]) -> list[Finding]:
    """The first fault of a file of lists, if it has one."""
    try:
        load(path, names)
    except DataFileError as fault:
        return [fault.finding]
    return []


def _pattern(path: Path, line: int, pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as fault:
        raise DataFileError(Finding(path, line, pattern, f"正则表达式有误：{fault}")) from fault
    return pattern
