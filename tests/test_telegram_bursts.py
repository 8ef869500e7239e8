"""When a person's messages are heard: at once, after a moment, or with those that follow."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

from bot.channels.telegram.conversations import (
    LONGEST_BURST,
    QUIET_SECONDS,
    WRITING_ON_SECONDS,
    Conversations,
)

SHORT = 0.01


class Skipping(asyncio.SelectorEventLoop):
    """A loop in which nobody waits: its clock goes to whatever is next."""

    def __init__(self) -> None:
        self.at = 0.0
        super().__init__(_Skip(self))

    def time(self) -> float:
        return self.at


class _Skip(selectors.DefaultSelector):
    def __init__(self, loop: Skipping) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.loop.at += timeout or 0.0
        return super().select(0)


def heard_at(*pauses: float, hurried: bool = False) -> list[float]:
    """When what waits is heard, where messages come after these pauses; the last is `hurried`."""
    heard: list[float] = []

    async def play() -> None:
        clock = asyncio.get_running_loop().time

        async def handle(_: str) -> bool:
            heard.append(round(clock(), 6))
            return False

        conversations = Conversations(handle)
        for number, pause in enumerate(pauses, start=1):
            await asyncio.sleep(pause)
            conversations.ring("a", at_once=hurried and number == len(pauses))
        while len(conversations):
            await asyncio.sleep(SHORT)

    _run(play())
    return heard


def _run(play: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=Skipping) as runner:
        runner.run(play)


def test_one_message_is_heard_after_a_moment() -> None:
    assert heard_at(0) == [QUIET_SECONDS]


def test_a_press_or_command_is_heard_at_once_and_takes_along_what_was_written_before() -> None:
    assert heard_at(0, hurried=True) == [0]
    assert heard_at(0, SHORT, hurried=True) == [SHORT]


def test_messages_apart_are_heard_one_by_one() -> None:
    late = QUIET_SECONDS + SHORT
    assert heard_at(0, late) == [QUIET_SECONDS, round(late + QUIET_SECONDS, 6)]


def test_who_writes_on_is_given_longer_to_end() -> None:
    second, third = QUIET_SECONDS - SHORT, WRITING_ON_SECONDS - SHORT
    assert heard_at(0, second, third) == [round(min(second + third + WRITING_ON_SECONDS, LONGEST_BURST), 6)]


def test_who_never_ends_is_answered_all_the_same() -> None:
    heard = heard_at(*[0.2] * 20)
    assert heard[0] == round(0.2 + LONGEST_BURST, 6)
    assert len(heard) == 4
