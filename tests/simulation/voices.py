"""Voices: the same words from a young, old or angry person, in Traditional, in pinyin, mistyped, dictated."""

import re
from functools import cache
from random import Random

from opencc import OpenCC

from tests.simulation.phrasebook import phrases

VOICES = ("plain", "terse", "young", "old", "angry", "dialect", "hant", "voice", "pinyin", "typo")
_PUNCTUATION = re.compile(r"[，。？！～…、 ]+")


@cache
def to_traditional() -> OpenCC:
    """Simplified to Taiwan's characters."""
    return OpenCC("s2tw")


@cache
def to_simplified() -> OpenCC:
    """Traditional to Simplified characters."""
    return OpenCC("t2s")


def speak(text: str, voice: str, rng: Random, decorated: bool) -> str:
    """`text` in a voice; `decorated` adds what a person says around it."""
    manner = phrases("voices")[voice]
    if voice == "voice":
        # Full stops between figures stay: 99.9.
        text = _PUNCTUATION.sub("", text)
    words = [word for word in manner.get("words", {}) if word in text]
    if words:
        limit = len(words) if voice == "dialect" else 2
        for word in rng.sample(words, min(limit, len(words))):
            text = text.replace(word, manner["words"][word])
    if decorated:
        before, after = rng.choice(manner["before"]), rng.choice(manner["after"])
        text = (
            before + text + (after if text[-1:] not in "？！" or not after.startswith(("？", "。")) else "")
        )
    if voice == "hant":
        text = to_traditional().convert(text)
    return text
