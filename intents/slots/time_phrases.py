"""Whole time phrases, put together from their words: 明天 + 晚上 + 7点40."""

import re
from dataclasses import dataclass, replace

from intents.slots.time_patterns import TRIGGER
from intents.slots.time_tokens import Clock, Day, Token, tokens

_BETWEEN = re.compile(r"[\s,，的()（）、]{0,2}(?:那天|这天|当天|大概|大约|是|约)?[\s(]?")
_HALF_UNREAD = re.compile(r"[早晚上下午晌尚朝间头夜昼]{1,2}")
"""A word for a part of the day that was not read (下晌, 早尚): the day still belongs to the clock."""
_VAGUE = re.compile(r"\s?(?:左右|前后|多(?![久少])|来钟)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A time phrase and its parts. `statement` marks 今天周五: it tells what day it is."""

    start: int
    end: int
    day: Day | None
    part: str | None
    clock: Clock | None
    statement: bool = False
    vague: bool = False


def phrases(text: str) -> list[Phrase]:
    """The time phrases of a text, in order."""
    if not TRIGGER.search(text):
        return []
    found: list[Phrase] = []
    for token in tokens(text):
        joined = _join(found[-1], token, text) if found else None
        if joined is None:
            found.append(Phrase(token.start, token.end, token.day, token.part, token.clock))
        else:
            found[-1] = joined
    return [_with_tail(phrase, text) for phrase in found]


def _join(before: Phrase, token: Token, text: str) -> Phrase | None:
    gap = text[before.end : token.start]
    half_unread = before.day and token.clock and _HALF_UNREAD.fullmatch(gap)
    if len(gap) > 5 or not (half_unread or _BETWEEN.fullmatch(gap)):
        return None
    if token.day is not None and before.day is not None:
        return _two_days(before, token, gap)
    if (token.clock and before.clock) or (token.part and before.part and token.part != before.part):
        return _two_parts(before, token)
    if gap.strip(" ()（）") and not (before.day and (token.clock or token.part)):
        return None
    return Phrase(
        before.start, token.end, before.day or token.day, token.part or before.part, before.clock or
        token.clock,
        before.statement,
    )  # fmt: skip


def _two_days(before: Phrase, token: Token, gap: str) -> Phrase | None:
    """今天周五 is a statement; 下周二3月10号 and 3月7日(周六) say one day twice: the figures count."""
    if before.clock or before.part or gap.strip("( （"):
        return None
    first, second = before.day, token.day
    if first is None or second is None:
        return None
    if first.form == "rel" and first.offset == 0:
        return Phrase(before.start, token.end, second, token.part, None, statement=True)
    exact = first if first.form == "date" else second
    return Phrase(before.start, token.end, exact, token.part, None)


def _two_parts(before: Phrase, token: Token) -> Phrase | None:
    """今晚凌晨1点, 明早上午: the later word counts, but an evening's 凌晨 belongs to the next day."""
    if before.clock or token.clock or not token.part:
        return None
    part = "夜里" if before.part == "晚上" and token.part == "凌晨" else token.part
    return replace(before, end=token.end, part=part)


def _with_tail(phrase: Phrase, text: str) -> Phrase:
    if phrase.clock is None:
        return phrase
    tail = _VAGUE.match(text, phrase.end)
    return replace(phrase, end=tail.end(), vague=True) if tail else phrase
