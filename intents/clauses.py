"""The parts of a message: several wishes in one, and what is said only to be ruled out."""

import re
from dataclasses import dataclass
from functools import lru_cache

from intents import data_files, no_delivery

_PAUSES = ",，。;；!！?？~… "
_SHORTEST = 3
_SHORTEST_ITEM = 2
_AFTER_PAUSE = r"(?:^|(?<=[,，。;；!！?？~… :：]))"
_ANNOUNCED = re.compile(
    r"[两二2三3几]\s?[件个桩样](?:不同的?)?(?:事|问题|情况|诉求|要求|请求)|[两二2]?[事问]一起[办问说]"
)
"""两件事: what follows is a list, though its items are only counted."""
_ITEM = re.compile(
    rf"{_AFTER_PAUSE}(?:第[一二三123](?:[件个桩](?:事情?|问题)?)?(?=[是,，:：、\s])是?|[一二三](?:是(?!不|否)|来(?=[^自])|[、:：)）])"
    r"|[123](?:[、)）]|[:：](?!\d)|\.(?!\d)))"
)
_COUNTED = re.compile(rf"{_AFTER_PAUSE}[一二三123](?=[ ,，.:：](?!\d))")
"""The items of a list that was announced."""
_FIRST = re.compile(r"[一1]")
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
    listed = _items(normal)
    if listed:
        return listed
    if joints.first.isdisjoint(normal):
        return [normal]
    pieces = (piece.strip(_PAUSES) for piece in joints.another.split(normal))
    return [piece for piece in pieces if len(piece) >= _SHORTEST]


def first_item(normal: str) -> str:
    """The first of what a message lists; the message where it lists nothing."""
    items = _items(normal)
    return items[0] if items else normal


def _items(normal: str) -> list[str]:
    """两件事:一 退掉那张电影票;二 优惠券还我不 -> what follows each number; empty without a list."""
    if "二" not in normal and "2" not in normal:
        return []
    marks = list(_ITEM.finditer(normal))
    if len(marks) < 2 and _ANNOUNCED.search(normal):
        marks = list(_COUNTED.finditer(normal))
    if len(marks) < 2 or not _FIRST.search(marks[0][0]):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(normal)]
    pieces = (normal[mark.end() : end].strip(_PAUSES) for mark, end in zip(marks, ends, strict=True))
    return [piece for piece in pieces if len(piece) >= _SHORTEST_ITEM]


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
