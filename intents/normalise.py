"""Bring a message into the one form that everything after it reads."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from intents import data_files
from intents.understanding import Script

LONGEST = 2000
"""Characters of a message that are read; of a longer one its head and its tail."""
_TAIL = 600

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_BLANK = re.compile(r"\s+")
_REPEATED = re.compile(r"([^\d\s])\1{2,}")


@dataclass(frozen=True, slots=True)
class Normal:
    """A message in its normal form, and the script that its writer uses."""

    text: str
    script: Script


def normalise(text: str) -> Normal:
    """Full-width to half-width, Traditional to Simplified, regional words to the mainland's, noise out."""
    if len(text) > LONGEST:
        text = text[: LONGEST - _TAIL] + " " + text[-_TAIL:]
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        text = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    text = _REPEATED.sub(r"\1\1", _BLANK.sub(" ", text).strip())
    # Taiwan's words are mapped in Traditional text only: in Simplified 程序 and 序列 are no computer words.
    script: Script = "hant" if _converter("t2s").convert(text) != text else "hans"
    simplified = _converter("tw2sp").convert(text) if script == "hant" else text
    words = _regional()
    if not words.first.isdisjoint(simplified):
        simplified = words.pattern.sub(words.replace, simplified)
    return Normal(simplified, script)


@lru_cache(maxsize=2)
def _converter(config: str) -> Any:
    import opencc  # noqa: PLC0415 - a tenth of the start of a process that never sees Chinese

    return opencc.OpenCC(config)


@dataclass(frozen=True, slots=True)
class _Regional:
    pattern: re.Pattern[str]
    first: frozenset[str]
    table: dict[str, str]

    def replace(self, match: re.Match[str]) -> str:
        return self.table[match[0]]


@lru_cache(maxsize=1)
def _regional() -> _Regional:
    variants = data_files.regional_words()
    # A standard word stays whole: 什么时候 must not be read as 什 + 么时候, a dialect's word for it.
    table = {standard: standard for standard in variants.values()} | variants
    longest_first = sorted(table, key=lambda word: (-len(word), word))
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return _Regional(pattern, frozenset(word[0] for word in variants), table)
