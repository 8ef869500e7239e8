"""How a text sounds: one character a syllable, so that 退款, 退宽 and tuikuan look the same.

Accents that many speakers do not tell apart are merged: zh/z, ch/c, sh/s, n/l at the start, -ng/-n at
the end. What is typed in letters is read back into the likeliest words that customers use.
"""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from math import log

_FIRST = 0xE000
_LATIN = re.compile("[a-z]{2,}(?:[, '][a-z]{2,})*")
_BREAK = re.compile("[, ']")
_LONGEST_SYLLABLE = 6
_LONGEST_WORD = 6
_UNHEARD = -30.0


def merged(syllable: str) -> str:
    """A syllable as the merged accents would say it."""
    if syllable[:2] in {"zh", "ch", "sh"}:
        syllable = syllable[0] + syllable[2:]
    elif syllable[0] == "n" and len(syllable) > 1:
        syllable = "l" + syllable[1:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


class Sounds:
    """Turns a text into its syllables, each written as one character of Unicode's private area."""

    def __init__(
        self, readings: Mapping[str, str], spoken: Mapping[str, int], english: Mapping[str, str]
    ) -> None:
        """`readings`: syllable to the characters that are read so; `spoken`: word to how often it is said;
        `english`: English word to the Chinese that it is read as.
        """
        names = sorted({merged(syllable) for syllable in readings})
        symbol = {name: chr(_FIRST + place) for place, name in enumerate(names)}
        self._syllables = {syllable: symbol[merged(syllable)] for syllable in readings}
        self._characters = {
            ord(character): symbol[merged(syllable)]
            for syllable, characters in readings.items()
            for character in characters
        }
        self._spoken = spoken
        self._english = english

    def hear(self, text: str) -> tuple[str, str]:
        """A lower-case text with what it says in English or spells in letters read as words, and the sound of
        all of it.

        What has no sound stays as it is in both.
        """
        if _LATIN.search(text) is None:
            return text, text.translate(self._characters)
        text = _LATIN.sub(self._in_chinese, text)
        sound = _LATIN.sub(lambda match: "".join(self._read(match[0])), text)
        written = _LATIN.sub(lambda match: "".join(map(self._words, self._read(match[0]))), text)
        return written, sound.translate(self._characters)

    def _in_chinese(self, match: re.Match[str]) -> str:
        """cancel my order is 取消我的订单; words that are not known stay apart."""
        letters = match[0]
        parts = _BREAK.split(letters)
        english = self._english
        if english.keys().isdisjoint(parts):
            return letters
        read = "".join([english.get(part) or f",{part}," for part in parts])
        return read.replace(",,", ",").strip(",")

    def _read(self, letters: str) -> list[str]:
        """Words in letters as runs of syllables, and the words that are none as they are."""
        parts = _BREAK.split(letters)
        spelt = [self._spelt(part) for part in parts]
        if sum(map(bool, spelt)) * 2 < len(parts):
            return [letters]
        runs = [""]
        for part, syllables in zip(parts, spelt, strict=True):
            if syllables and (not runs[-1] or runs[-1][0] >= chr(_FIRST)):
                runs[-1] += syllables
            else:
                runs.append(syllables or part)
        return [run for run in runs if run]

    def _words(self, sound: str) -> str:
        """The likeliest words of a run of syllables; a syllable that no word has is left out."""
        if sound[0] < chr(_FIRST):
            return sound
        lexicon = self._lexicon
        best: list[tuple[float, str]] = [(0.0, "")]
        for end in range(1, len(sound) + 1):
            paths = [(best[-1][0] + _UNHEARD, best[-1][1])]
            for start in range(max(0, end - _LONGEST_WORD), end):
                heard = lexicon.get(sound[start:end])
                if heard is not None:
                    paths.append((best[start][0] + heard[0], best[start][1] + heard[1]))
            best.append(max(paths))
        return best[-1][1]

    @cached_property
    def _lexicon(self) -> dict[str, tuple[float, str]]:
        """Sound to its most frequent word and that word's log likelihood."""
        total = log(sum(self._spoken.values()) or 1)
        table: dict[str, tuple[float, str]] = {}
        for word, count in self._spoken.items():
            sound = word.translate(self._characters)
            entry = (log(count) - total, word)
            table[sound] = max(entry, table.get(sound, entry))
        return table

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
