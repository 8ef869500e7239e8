"""Whole time phrases, put together from their words: 明天 + 晚上 + 7点40."""

import re
from dataclasses import dataclass, replace

from intents.slots.time_patterns import TRIGGER
from intents.slots.time_tokens import Clock, Day, Token, tokens

_BETWEEN = re.compile(r"[\s,，的()（）、]{0,2}(?:那天|这天|当天|大概|大约|是|约)?[\s(]?")
_HALF_UNREAD = re.compile(r"[早晚上下午晌尚朝间头夜昼黑]{1,2}了?")
"""A word for a part of the day that was not read (下晌, 早尚): the day still belongs to the clock."""
_ABOUT = re.compile("[一二三四五六七八九十]")
"""三四点: between the two."""
_FOUR_FIGURES = re.compile(r"(?<![\d.])(?P<h>[01]\d|2[0-3])[.．]?(?P<m>[0-5]\d)(?=\s?[开发走的吧]|[\s,，]|$)")
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


def with_bare_clock(found: list[Phrase], text: str) -> list[Phrase]:
    """The phrases with 1430 or 14.30 as a clock time: what it is where the time was asked for."""
    figures = _FOUR_FIGURES.search(text)
    if figures is None or any(p.clock for p in found):
        return found
    clock = Clock(int(figures["h"]), int(figures["m"]), written=True)
    last = found[-1] if found else None
    if last is not None and last.day is not None and last.end <= figures.start() <= last.end + 2:
        return [*found[:-1], replace(last, end=figures.end(), clock=clock)]
    alone = not found and not text[: figures.start()].strip(" ,，是就")
    return [Phrase(figures.start(), figures.end(), None, None, clock)] if alone else found


def _join(before: Phrase, token: Token, text: str) -> Phrase | None:
    gap = text[before.end : token.start]
    half_unread = before.day and token.clock and _HALF_UNREAD.fullmatch(gap)
    about = token.clock and _ABOUT.fullmatch(gap)
    if about and token.clock and not token.clock.minute and token.clock.hour:
        token = replace(token, clock=Clock(token.clock.hour - 1, 30))
    if len(gap) > 5 or not (half_unread or about or _BETWEEN.fullmatch(gap)):
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
        before.statement, before.vague or bool(about),
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
