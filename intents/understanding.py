"""What a message was understood to say: the result type of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Script = Literal["hans", "hant"]
Mood = Literal["calm", "upset", "abusive"]
Move = Literal[
    "correct",  # an earlier value is put right: 不对，是后天
    "what_if",  # a supposition: 要是明天再退呢
    "unsure",  # the asked value is not known: 不清楚, 忘了, 跳过
    "why_ask",  # 为什么要问这个
    "repeat",  # 再说一遍
    "simpler",  # 说简单点
    "sources",  # 依据呢, 凭什么这么说
    "other_way",  # after an answer: 那没办法了？, 还有别的办法吗
    "how",  # after an answer: 那我怎么弄, 不会操作
    "wait",  # the person is looking something up: 等下，我看看
    "hurry",  # 快点, 在吗 while the bot owes nothing
]


IN_WHOLE_MINUTES = frozenset({"late_minutes"})
"""Slots that programs are told as a number; all others are told as text."""


def as_json(values: Mapping[str, str]) -> dict[str, str | int]:
    """Slots' values as other programs read and write them: whole minutes as a number, all else as text."""
    return {
        slot: int(value) if slot in IN_WHOLE_MINUTES and value.isdecimal() else value
        for slot, value in values.items()
    }


@dataclass(frozen=True, slots=True)
class SlotValue:
    """One slot's value as heard in one message.

    `value` is written as the contract of the slot says (amounts "380.00", times ISO 8601 with offset).
    `said` is the person's own wording; `start`/`end` its place in the normalised text.
    `certain` is False where the value must be asked back before money depends on it; `doubt` then says why:
    "past" (before the plausible range), "half_day" (8点 may be morning or evening), "no_clock" (a day alone),
    "vague" (五百多), "bare" (a lone number), "several".
    """

    value: str
    said: str
    start: int
    end: int
    certain: bool = True
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """A message, understood. Equal texts (with equal `now` and `expecting`) give equal results."""

    text: str
    normal: str
    script: Script
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    """Every in-scope candidate with its raw score, best first, also where `intent` is out_of_scope."""
    wishes: tuple[str, ...] = ()
    """The in-scope wishes in the order in which the message names them; the first is `intent`."""
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    denied: tuple[tuple[str, str], ...] = ()
    """(slot, value) pairs that the person ruled out: 不是火车票 -> ("product", "train_ticket")."""
    moves: tuple[Move, ...] = ()
    mood: Mood = "calm"
    topics: Sequence[tuple[str, float]] = ()
    """Questions of the knowledge base that the message resembles, best first, with scores 0..1."""
    tokens: tuple[str, ...] = ()
    reasons: Sequence[str] = ()
    """Why this intent: matched words, examples and features, for a person to read."""
