"""Words typed as they sound: fahuo, huochepiao, 高贴票, 8dian. They are read as the words they stand for.

The words are in data/spelling.yaml. Every character of the new text knows its place in the old one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from intents.data_files import FOLDER, HOME, DataFileError, Finding, readings
from intents.pinyin import merged
from intents.slots.extraction import Span
from intents.slots.phrase_files import sections
from intents.understanding import SlotValue

FILE = FOLDER / "spelling.yaml"
_NAME = frozenset({"spelling"})
_KEYS = frozenset({"words", "times", "particles", "after_digit", "after_han"})
_LETTERS = re.compile(r"[A-Za-z]+(?:[ '][A-Za-z]+)*")
_PARTED = re.compile(r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff] ){2,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_LIKE_LETTERS = re.compile("[A-Za-z](?:[A-Za-z]|[ '][A-Za-z])|[\u4e00-\u9fff] [\u4e00-\u9fff] ")
"""In every text with words in letters or with blanks between its characters."""
_SET_APART = re.compile(
    r"(?<=\d) (?=[点号分块毛角折个]|元(?!旦)|时(?![间候])|月(?![底初末])|日|小时|天(?!津)|张(?!家)"
    r"|周(?![一二三四五六日末1-7]))"
    r"|(?<=[月点时年]) (?=\d{1,2}(?![\d.]))"
    r"|(?<=\d点) (?=半|整|ban(?![A-Za-z]))"
    r"|(?<=\d) (?=(?:dian|yue|hao|kuai|yuan|fen)(?![A-Za-z]))"
)
"""3 点, 3 月 9 日: blanks that keyboards and speech recognition put between figures and characters."""
_FIRST = 0xE000
_SHORTEST_SLIP = 3
"""Characters from which on a word may be written with wrong ones of the same sound."""

Place = tuple[int, int]
Piece = tuple[int, int, list[tuple[str, Place]]]
"""Start and end in the old text, and the new characters with their old places."""


@dataclass(frozen=True, slots=True)
class Respelled:
    """A text with its sounds read as words; `places` is None where nothing was changed."""

    text: str
    places: tuple[Place, ...] | None = None

    def value(self, value: SlotValue, old: str) -> SlotValue:
        """The value with its place in the old text."""
        if self.places is None:
            return value
        start, end = self._old(value.start, value.end)
        return replace(value, start=start, end=end, said=old[start:end])

    def span(self, span: Span, old: str) -> Span:
        """The span with its place in the old text."""
        if self.places is None:
            return span
        start, end = self._old(span.start, span.end)
        return Span(span.kind, start, end, old[start:end])

    def _old(self, start: int, end: int) -> Place:
        places = self.places or ()
        return places[start][0], places[end - 1][1]


@dataclass(frozen=True, slots=True)
class _Sounds:
    """What the data says, by sound. A sound is one private character a syllable."""

    syllables: Mapping[str, str]
    characters: Mapping[int, str]
    words: Mapping[str, str]
    particles: Mapping[str, str]
    after_digit: Mapping[str, str]
    after_han: Mapping[str, str]
    slips: Mapping[str, tuple[str, ...]]
    """The first sounds of the words that may be misspelt, to all their sounds, longest first."""
    like_slip: re.Pattern[str]
    """Found in sounds wherever one of those may start: a quick look before the closer one."""

    def of(self, text: str) -> str:
        return text.translate(self.characters)

    def spelt(self, letters: str) -> list[tuple[str, Place]] | None:
        """The syllables of a run of letters, as few as possible, with their places; None without any."""
        best: list[list[tuple[str, Place]] | None] = [[], *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6), end):
                before, sound = best[start], self.syllables.get(letters[start:end])
                current = best[end]
                if (
                    before is not None
                    and sound is not None
                    and (current is None or len(before) + 1 < len(current))
                ):
                    best[end] = [*before, (sound, (start, end))]
        return best[-1]


def respelled(text: str) -> Respelled:
    """The text with words in letters, or of the wrong characters, written out. Raises DataFileError."""
    pieces = [*_parted(text), *_typed(text)] if _LIKE_LETTERS.search(text) else []
    pieces += [(gap.start(), gap.end(), []) for gap in _SET_APART.finditer(text)] if " " in text else []
    pieces += [slip for slip in _slips(text) if all(slip[1] <= a or b <= slip[0] for a, b, _ in pieces)]
    if not pieces:
        return Respelled(text)
    characters: list[tuple[str, Place]] = []
    done = 0
    for start, end, new in sorted(pieces):
        characters += [(text[at], (at, at + 1)) for at in range(done, start)]
        characters += new
        done = end
    characters += [(text[at], (at, at + 1)) for at in range(done, len(text))]
    return Respelled("".join(c for c, _ in characters), tuple(place for _, place in characters))


def load() -> None:
    """Read the data file, if that was not done before. Raises DataFileError."""
    _sounds()


def sound_of(text: str) -> str:
    """How a text sounds; accents that many do not tell apart are merged."""
    return _sounds().of(text)


def check(file: Path | None = None) -> list[Finding]:
    """The first fault of the data file, if it has one."""
    try:
        _load(file or HOME.folder / FILE.name)
    except DataFileError as fault:
        return [fault.finding]
    return []


def _parted(text: str) -> Iterator[Piece]:
    """退 火 车 票: characters with blanks between them."""
    for match in _PARTED.finditer(text) if " " in text else ():
        places = range(match.start(), match.end(), 2)
        yield match.start(), match.end(), [(text[at], (at, at + 1)) for at in places]


def _typed(text: str) -> Iterator[Piece]:
    for match in _LETTERS.finditer(text):
        if len(match[0]) > 1 and match[0].isascii():
            yield from _run(match[0].lower(), match.start(), text)


def _run(letters: str, at: int, text: str) -> Iterator[Piece]:
    """A run of letters as a whole, or else part by part."""
    sounds = _sounds()
    parts = [(part.start(), sounds.spelt(part[0])) for part in re.finditer("[a-z]+", letters)]
    if len(parts) > 1 and all(syllables for _, syllables in parts):
        joined = [(s, (a + start, b + start)) for start, syllables in parts for s, (a, b) in syllables or ()]
        whole = _after(joined, at, text, sounds) or _words(joined, at, sounds)
        if whole is not None:
            yield at, at + len(letters), whole
            return
    for start, syllables in parts:
        if not syllables:
            continue
        shifted = [(s, (a + start, b + start)) for s, (a, b) in syllables]
        new = _after(shifted, at, text, sounds) if start == 0 else None
        new = new or _words(shifted, at, sounds)
        if new is not None:
            yield at + start, at + shifted[-1][1][1], new


def _after(
    syllables: list[tuple[str, Place]], at: int, text: str, sounds: _Sounds
) -> list[tuple[str, Place]] | None:
    """8dian, 3 dian, 火车piao: what a short word can only mean after a digit or a character."""
    before = text[at - 2 : at - 1] if _SET_APART.match(text, at - 1) else text[at - 1 : at]
    table = (
        sounds.after_digit
        if before.isdecimal()
        else sounds.after_han
        if "\u4e00" <= before <= "\u9fff"
        else {}
    )
    word = table.get("".join(s for s, _ in syllables))
    return None if word is None else _placed(word, syllables, at)


def _words(syllables: list[tuple[str, Place]], at: int, sounds: _Sounds) -> list[tuple[str, Place]] | None:
    """The syllables as words and particles of the list, as few as possible; None where one is left over."""
    sound = "".join(s for s, _ in syllables)
    best: list[tuple[int, int, str] | None] = [(0, 0, ""), *[None] * len(sound)]
    for end in range(1, len(sound) + 1):
        for start in range(max(0, end - 6), end):
            before, part = best[start], sound[start:end]
            word = sounds.words.get(part) or sounds.particles.get(part)
            if before is None or word is None:
                continue
            found = (before[0] + 1, before[1] - (len(word) > 1), before[2] + word)
            current = best[end]
            best[end] = found if current is None else min(current, found)
    last = best[-1]
    return None if last is None or last[1] == 0 else _placed(last[2], syllables, at)


def _placed(word: str, syllables: list[tuple[str, Place]], at: int) -> list[tuple[str, Place]]:
    return [(c, (at + a, at + b)) for c, (_, (a, b)) in zip(word, syllables, strict=True)]


def _slips(text: str) -> Iterator[Piece]:
    """高贴票: at least half of the characters are right, and all sound right."""
    sounds = _sounds()
    heard = sounds.of(text)
    done = 0
    for like in sounds.like_slip.finditer(heard):
        start = like.start()
        if start < done:
            continue
        for sound in sounds.slips.get(heard[start : start + _SHORTEST_SLIP], ()):
            if not heard.startswith(sound, start):
                continue
            end = start + len(sound)
            word = sounds.words[sound]
            same = sum(a == b for a, b in zip(word, text[start:end], strict=True))
            if same < len(word) and 2 * same >= len(word):
                yield start, end, [(c, (start + i, start + i + 1)) for i, c in enumerate(word)]
                done = end
            break


@lru_cache(maxsize=1)
def _sounds() -> _Sounds:
    return _load(HOME.folder / FILE.name)


def _load(file: Path) -> _Sounds:
    table = readings()
    names = sorted({merged(syllable) for syllable in table})
    symbol = {name: chr(_FIRST + place) for place, name in enumerate(names)}
    characters = {ord(c): symbol[merged(syllable)] for syllable, all_ in table.items() for c in all_}
    lists: dict[str, dict[str, str]] = {key: {} for key in _KEYS}
    for key, line, text in sections(file, _NAME, _KEYS)["spelling"]:
        for word in text.split():
            sound = word.translate(characters)
            if not all(ord(c) >= _FIRST for c in sound):
                raise DataFileError(Finding(file, line, word, "有不会读的字"))
            lists[key].setdefault(sound, word)
    slips: dict[str, tuple[str, ...]] = {}
    for sound in sorted(lists["words"], key=lambda s: (-len(s), s)):
        if len(sound) >= _SHORTEST_SLIP:
            start = sound[:_SHORTEST_SLIP]
            slips[start] = (*slips.get(start, ()), sound)
    lists["words"] = lists["times"] | lists["words"]
    return _Sounds(
        {syllable: symbol[merged(syllable)] for syllable in table}, characters,
        lists["words"], lists["particles"], lists["after_digit"], lists["after_han"], slips,
        _like(slips),
    )  # fmt: skip


def _like(starts: Iterable[str]) -> re.Pattern[str]:
    """A pattern for what sounds so at each place: one class of sounds before the others."""
    first, *others = (f"[{''.join(sorted(set(place)))}]" for place in zip(*starts, strict=True))
    return re.compile(f"{first}(?={''.join(others)})")
