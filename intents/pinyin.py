"""How a text sounds: one character a syllable, so that 退款, 退宽 and tuikuan look the same.

Accents that many speakers do not tell apart are merged: zh/z, ch/c, sh/s, n/l at the start, -ng/-n at the end.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from intents import data_files

_FIRST = 0xE000
_LATIN = re.compile("[a-z]{2,}(?:[, '][a-z]{2,})*")
_BREAK = re.compile("[, ']")
_LONGEST_SYLLABLE = 6


def merged(syllable: str) -> str:
    """A syllable as the merged accents would say it."""
    if syllable[:2] in {"zh", "ch", "sh"}:
        syllable = syllable[0] + syllable[2:]
    elif syllable[0] == "n" and len(syllable) > 1:
        syllable = "l" + syllable[1:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


class Sounds:
    """Turns a text into its syllables, each written as one character of Unicode's private area."""

    def __init__(self, readings: Mapping[str, str]) -> None:
        """`readings`: syllable to the characters that are read so."""
        names = sorted({merged(syllable) for syllable in readings})
        symbol = {name: chr(_FIRST + place) for place, name in enumerate(names)}
        self._syllables = {syllable: symbol[merged(syllable)] for syllable in readings}
        self._characters = {
            ord(character): symbol[merged(syllable)]
            for syllable, characters in readings.items()
            for character in characters
        }

    def hear(self, text: str) -> tuple[str, str]:
        """A lower-case text without the words that it spells in letters, and the sound of all of it.

        What has no sound stays as it is in both.
        """
        if _LATIN.search(text) is None:
            return text, text.translate(self._characters)
        sound = _LATIN.sub(self._spelling, text)
        written = _LATIN.sub(self._not_spelling, text)
        return written, sound.translate(self._characters)

    def _spelling(self, match: re.Match[str]) -> str:
        return self._read(match[0]) or match[0]

    def _not_spelling(self, match: re.Match[str]) -> str:
        return "" if self._read(match[0]) else match[0]

    def _read(self, letters: str) -> str:
        """The syllables of words in letters; empty if any of them is none."""
        parts = [self._spelt(part) for part in _BREAK.split(letters)]
        return "".join(parts) if all(parts) else ""

    @lru_cache(maxsize=4096)  # noqa: B019 - one instance lives as long as the process
    def _spelt(self, letters: str) -> str:
        """The syllables that a run of letters spells, in as few as possible; empty if it spells none."""
        best: list[str | None] = [""] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                before = best[start]
                syllable = self._syllables.get(letters[start:end])
                if before is not None and syllable is not None:
                    path = before + syllable
                    current = best[end]
                    if current is None or len(path) < len(current):
                        best[end] = path
        return best[-1] or ""


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """The sounds of the table that ships with the package."""
    return Sounds(data_files.readings())
