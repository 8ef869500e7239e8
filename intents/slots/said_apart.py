"""Times of one event that are said in pieces: 早上八点的飞机，明天的 · 不是十二号，是二十号."""

import re
from collections.abc import Callable
from dataclasses import replace

from intents.slots.time_phrases import Phrase
from intents.slots.time_roles import Role

Read = tuple[Phrase, Role]

_NOT = re.compile(r"(?:不是|并非)(?:在|那个)?\s?$")
_TURN = re.compile(r"不对|错了|更正|应该是|改成|不是|是说")


def settled(read: list[Read], text: str) -> list[Read]:
    """The same phrases, with what belongs together put into one and what is ruled out set aside."""
    read = _ruled_out(read, text)
    for step in (_without_denied, _joined, _without_general):
        if sum(role == "event" for _, role in read) < 2:
            return read
        read = step(read, text)
    return read


def _ruled_out(read: list[Read], text: str) -> list[Read]:
    """3号提交的，不是5号: what is ruled out beside a time that is no event's is no time of the case."""
    if not any(role == "request" for _, role in read):
        return read
    denied = [_NOT.search(text[max(0, phrase.start - 4) : phrase.start]) is not None for phrase, _ in read]
    if all(denied):
        return read
    return [(phrase, "other" if out else role) for (phrase, role), out in zip(read, denied, strict=True)]


def _without_denied(read: list[Read], text: str) -> list[Read]:
    """是二十号不是十二号，早上八点: the day that is ruled out goes, its clock stays with the other."""
    events = [place for place, (_, role) in enumerate(read) if role == "event"]
    denied = [
        place
        for place in events
        if _NOT.search(text[max(0, read[place][0].start - 4) : read[place][0].start])
    ]
    meant = [place for place in events if place not in denied]
    if len(denied) != 1 or len(meant) != 1:
        return read
    result = list(read)
    out, kept = read[denied[0]][0], read[meant[0]][0]
    result[denied[0]] = (out, "other")
    clock = kept.clock or (out.clock if out.end > kept.end or kept.part is None else None)
    result[meant[0]] = (
        replace(
            kept,
            day=kept.day or out.day,
            part=kept.part or (out.part if clock is out.clock else None),
            clock=clock,
        ),
        "event",
    )
    return result


def _joined(read: list[Read], text: str) -> list[Read]:
    """One clock without a day and one day without a clock, in either order."""
    clocks = _places(read, lambda p: p.day is None and p.clock is not None)
    days = _places(read, lambda p: p.day is not None and p.clock is None)
    full = _places(read, lambda p: p.day is not None and p.clock is not None)
    if len(full) == 1 and len(days) == 1 and not clocks and _corrects(read, full[0], days[0], text):
        clocks, full = full, []
    if full or len(clocks) != 1 or len({read[place][0].day for place in days}) != 1:
        return read
    clock, day = read[clocks[0]][0], read[days[0]][0]
    result = list(read)
    part = clock.part or day.part
    if day.part == "晚上" and clock.part == "凌晨":
        part = "夜里"
    result[clocks[0]] = (replace(clock, day=day.day, part=part), "event")
    for place in days:
        result[place] = (read[place][0], "other")
    return result


def _corrects(read: list[Read], full: int, day: int, text: str) -> bool:
    """明天上午10点，不对，是后天: the day is put right, the clock stays."""
    return full < day and bool(_TURN.search(text[read[full][0].end : read[day][0].start]))


def _without_general(read: list[Read], text: str) -> list[Read]:
    """Beside a day with its clock, a holiday's name or a day alone before it only tells the occasion."""
    del text
    full = _places(read, lambda p: p.day is not None and p.clock is not None)
    loose = _places(read, lambda p: p.day is not None and p.clock is None)
    if not full:
        return read
    result = list(read)
    for place in loose:
        phrase = read[place][0]
        occasion = phrase.day is not None and phrase.day.form == "holiday"
        if occasion or (place < full[0] and phrase.part is None and _restated(phrase, read[full[0]][0])):
            result[place] = (phrase, "other")
    return result


def _restated(first: Phrase, second: Phrase) -> bool:
    """后天，3月12号，15:45: right after one another, the figures say the day once more."""
    return second.start - first.end <= 3


def _places(read: list[Read], fits: Callable[[Phrase], bool]) -> list[int]:
    return [place for place, (phrase, role) in enumerate(read) if role == "event" and fits(phrase)]
