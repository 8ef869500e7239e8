"""Phrase lists that people edit, made into one quick test for all lists of a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from intents.data_files import DataFileError, Finding
from intents.slots.phrase_files import sections, written_out

_KEYS = frozenset({"phrases", "whole", "patterns"})
_EDGES = re.compile(r"^[\s,，。.!！~…]+|[\s,，。.!！~…啊呀呢吧哦嘛了]+$")

Named = tuple[tuple[str, re.Pattern[str]], ...]
"""Patterns, each with the name of its list."""


@dataclass(frozen=True)
class PhraseLists:
    """The named lists of a file. Words and patterns are found anywhere, `whole` only alone."""

    names: tuple[str, ...]
    any_word: re.Pattern[str]
    """Any word of any list: most messages hold none, and need no look at each list."""
    listed: Mapping[str, Sequence[str]]
    """List to its words."""
    patterns: Named
    """Each with its list; one by one, for the search for a lone pattern skips to what it may start with."""
    whole: Mapping[str, frozenset[str]]
    """Message to the names of its lists."""

    @cached_property
    def _words(self) -> Named:
        """Patterns for the words of each list, made when the first word is met."""
        return tuple((name, _any_of(words)) for name, words in self.listed.items())

    def heard_in(self, text: str) -> list[str]:
        """The names of the lists that apply to the text, in the file's order. Case is levelled."""
        text = text.lower()
        heard = {name for name, pattern in self.patterns if pattern.search(text)}
        if self.any_word.search(text):
            heard.update([name for name, pattern in self._words if pattern.search(text)])
        if self.whole:
            heard.update(self.whole.get(text.strip(), ()), self.whole.get(_EDGES.sub("", text), ()))
        return [name for name in self.names if name in heard] if heard else []


def load(path: Path, names: frozenset[str]) -> PhraseLists:
    """The lists of a file. Raises DataFileError naming file, line and key."""
    words: dict[str, list[str]] = {}
    patterns: list[tuple[str, re.Pattern[str]]] = []
    whole: dict[str, frozenset[str]] = {}
    lists = sections(path, names, _KEYS)
    for name, entries in lists.items():
        for key, line, item in entries:
            if key == "patterns":
                patterns.append((name, _pattern(path, line, item)))
            elif key == "whole":
                for message in item.lower().split():
                    said = message.replace("_", " ")
                    whole[said] = whole.get(said, frozenset()) | {name}
            else:
                words.setdefault(name, []).extend(
                    p for w in item.lower().split() for p in written_out(path, line, w)
                )
    return PhraseLists(
        tuple(lists),
        _any_of([word for listed in words.values() for word in listed]),
        words,
        tuple(patterns),
        whole,
    )


def check(path: Path, names: frozenset[str]) -> list[Finding]:
    """The first fault of a file of lists, if it has one."""
    try:
        load(path, names)
    except DataFileError as fault:
        return [fault.finding]
    return []


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern for any of the words; for none, one that is never found.

    Alternatives are tried one after another: those that start alike are made one.
    """
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    alike = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return re.compile("|".join(alike) or "(?!)")


def _pattern(path: Path, line: int, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as fault:
        raise DataFileError(Finding(path, line, pattern, f"正则表达式有误：{fault}")) from fault
