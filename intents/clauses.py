"""The parts of a message: several wishes in one, and what is said only to be ruled out."""

import re
from dataclasses import dataclass
from functools import lru_cache

from intents import data_files, no_delivery

_PAUSES = ",，。;；!！?？~… "
_SHORTEST = 3
_IS = re.compile(r"^(?:而|就|只)?是(?!不|否)")
"""After what was ruled out, this only points at what is meant."""


@dataclass(frozen=True, slots=True)
class _Joints:
    first: frozenset[str]
    """The first characters of the words that open another wish."""
    another: re.Pattern[str]
    denied: re.Pattern[str]


def wanted(normal: str) -> str:
    """A message without the part that it rules out: 不是要退票，是取消配送 -> 取消配送.

    Nor with the words that nothing is to be delivered. Where nothing would be left, the message stays.
    """
    away = no_delivery.said_away(normal)
    if away:
        told = no_delivery.without(normal, away).strip(_PAUSES)
        return normal if len(told) < _SHORTEST else _meant(told)
    return _meant(normal)


def _meant(normal: str) -> str:
    if "不是" not in normal and "没" not in normal and "不用" not in normal:
        return normal
    rest = _joints().denied.sub("", normal).strip(_PAUSES)
    if rest == normal:
        return normal
    rest = _IS.sub("", rest)
    return rest if len(rest) >= _SHORTEST else normal


def parts(normal: str) -> list[str]:
    """The parts of a message that stand for wishes of their own; one part where no word opens another."""
    joints = _joints()
    if joints.first.isdisjoint(normal):
        return [normal]
    pieces = (piece.strip(_PAUSES) for piece in joints.another.split(normal))
    return [piece for piece in pieces if len(piece) >= _SHORTEST]


@lru_cache(maxsize=1)
def _joints() -> _Joints:
    words = data_files.clause_words()
    pause = f"[{re.escape(_PAUSES)}]"
    another, but, opening, then = (
        "|".join(map(re.escape, sorted(words[name], key=lambda word: (-len(word), word))))
        for name in data_files.CLAUSES
    )
    return _Joints(
        frozenset(word[0] for word in words["另起一件"]),
        re.compile(f"(?!{but})(?:{another})"),
        re.compile(f"(?:{opening})[^{re.escape(_PAUSES)}是]{{1,20}}(?:{pause}+(?=(?:{then}))|(?=而是))"),
    )
