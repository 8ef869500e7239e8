"""What a message is compared by: its characters, words and meanings, and how it sounds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add

from intents.pinyin import Sounds
from intents.segment import Segmenter

_CODE = re.compile(r"\[(?:手机号|银行卡号|身份证号|邮箱)\]|(?=[a-z0-9-]*\d)[a-z0-9][a-z0-9-]{7,}")
"""Long numbers, and what stands where somebody's own were taken out: their words mean nothing."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_FIRST_CONCEPT = 0xF000
_GAPS = (2, 3, 4, 5)
"""How far apart two meanings may stand and still count as a pair."""
_PAUSE = re.compile(r"[^\w\u3400-\u9fff#?%]+")


Concepts = Mapping[str, str]
"""Word to the one character that stands for all words of its meaning."""


def concepts(classes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A character of Unicode's private area for every class of words."""
    names = sorted(classes)
    return {word: chr(_FIRST_CONCEPT + number) for number, name in enumerate(names) for word in classes[name]}


@dataclass(frozen=True, slots=True)
class View:
    """A message as features: strings, in no order that matters and with repetitions."""

    features: list[str]
    sounds: int
    """How many of the features, up to the last, come from the sound."""
    words: list[str]

    @property
    def written(self) -> list[str]:
        """All but the sounds."""
        return self.features[: len(self.features) - self.sounds]

    @property
    def heard(self) -> list[str]:
        """The sounds alone."""
        return self.features[len(self.features) - self.sounds :]


def plain(text: str) -> str:
    """A normalised message with its figures, codes and punctuation levelled."""
    text = text.lower()
    if not text.isascii() or any(map(str.isdigit, text)):
        text = _NUMBER.sub("0", _CODE.sub("#", text))
    return _PAUSE.sub(",", text).strip(",")


def runs(normal: str) -> list[str]:
    """A normalised text as its runs of one to three characters: enough for a clause, and far faster."""
    written = "^" + plain(normal) + "$"
    pairs = list(map(add, written, written[1:]))
    return [*written, *pairs, *map(add, pairs, written[2:])]


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns normalised texts into features."""

    segmenter: Segmenter
    sounds: Sounds
    concepts: Concepts

    def view(self, normal: str) -> View:
        """Runs of characters, words and sounds, and the meanings with what follows them, near or farther."""
        written, sound = self.sounds.hear(plain(normal))
        words = self.segmenter.words(written)
        written = "^" + written + "$"
        features = [*written, *map(add, written, written[1:])]
        marked = [word + "|" for word in words]
        features += marked
        features += map(add, marked, words[1:])
        meanings = "".join(map(self.concepts.get, words, repeat("")))
        features += meanings
        features += map(add, meanings, meanings[1:])
        apart = [meaning + "~" for meaning in meanings]
        for gap in _GAPS:
            features += map(add, apart, meanings[gap:])
        pairs = list(map(add, sound, sound[1:]))
        heard = [*pairs, *map(add, pairs, sound[2:])]
        features += heard
        return View(features, len(heard), words)
