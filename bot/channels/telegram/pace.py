"""How fast Telegram lets a bot write: who may be written to next, and when. Pure.

Times are seconds of one clock that only goes forward. The limits are Telegram's (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this):
about 30 messages a second over all chats, one a second in a chat with short bursts, 20 a minute in a group.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

Chat = int
"""Telegram's id of a chat; groups have negative ones."""
CHATS_KEPT = 10_000
"""Chats that are remembered before those that rest are forgotten."""
LONGEST_BACK_OFF = 300.0
"""Seconds between two tries of one message."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages that may be sent."""

    a_second: int = 30
    """Over all chats, in any second."""
    burst: int = 3
    """At once in a chat that has rested; after that, one a second."""
    group_a_minute: int = 20
    """In one group, in any minute."""


@dataclass(slots=True)
class Bucket:
    """A token bucket: `size` at once, one more each `seconds`. Kept as the time at which it is full again."""

    size: int
    seconds: float
    full_at: float = float("-inf")

    def free_at(self) -> float:
        """From when on one may be taken."""
        return self.full_at - (self.size - 1) * self.seconds

    def take(self, now: float) -> None:
        """One is taken."""
        self.full_at = max(self.full_at, now) + self.seconds


@dataclass(slots=True)
class Window:
    """At most `size` in any stretch of `seconds`, wherever it begins: a bucket would let twice as many by."""

    size: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def free_at(self) -> float:
        """From when on one may be taken."""
        return self.taken[0] + self.seconds if len(self.taken) == self.size else float("-inf")

    def take(self, now: float) -> None:
        """One is taken."""
        if len(self.taken) == self.size:
            self.taken.popleft()
        self.taken.append(now)

    def empty_at(self) -> float:
        """From when on all may be taken at once again."""
        return self.taken[-1] + self.seconds if self.taken else float("-inf")


@dataclass(slots=True)
class _ChatPace:
    bucket: Bucket
    minute: Window | None
    held_until: float = float("-inf")
    served: int = 0
    """When it had its last turn, counted in turns over all."""

    def rests_from(self) -> float:
        """From when on nothing is left of what was sent."""
        minute = self.minute.empty_at() if self.minute else self.held_until
        return max(self.bucket.full_at, minute, self.held_until)

    def free_at(self) -> float:
        minute = self.minute.free_at() if self.minute else self.held_until
        return max(self.bucket.free_at(), minute, self.held_until)


class Pace:
    """Keeps the limits over all chats, and lets the chats take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._all = Window(self._limits.a_second, 1.0)
        self._held_until = float("-inf")
        self._chats: OrderedDict[Chat, _ChatPace] = OrderedDict()
        self._turns = 0

    def free_at(self, chat: Chat) -> float:
        """From when on a message may go to the chat."""
        known = self._chats.get(chat)
        return max(self.free_for_mark_at(chat), known.free_at()) if known else self.free_for_mark_at(chat)

    def free_for_mark_at(self, chat: Chat) -> float:
        """From when on a request may be made of the chat that is no message in it, such as a reaction."""
        known = self._chats.get(chat)
        return max(self._all.free_at(), self._held_until, known.held_until if known else self._held_until)

    def next(self, waiting: Iterable[Chat], now: float) -> Chat | None:
        """Of the chats with something to send, the one whose turn it is; None where all must wait.

        That is the chat that was served longest ago, so that nobody's many messages hold up another's one.
        """
        free = [chat for chat in waiting if self.free_at(chat) <= now]
        return min(free, key=self._served, default=None)

    def take(self, chat: Chat, now: float) -> None:
        """A message goes to the chat now."""
        known = self._known(chat)
        known.bucket.take(now)
        if known.minute:
            known.minute.take(now)
        self._all.take(now)
        self._turns += 1
        known.served = self._turns
        self._chats.move_to_end(chat)
        self._forget_resting(now)

    def take_for_mark(self, now: float) -> None:
        """A request is made that is no message."""
        self._all.take(now)

    def refused(self, chat: Chat, now: float, seconds: float) -> None:
        """Telegram refused a message as too many, for so many seconds.

        It does not say which limit it means. The chat is held first; where another chat is refused while one
        is still held, it was the limit over all, and everything waits.
        """
        others_held = any(it.held_until > now for other, it in self._chats.items() if other != chat)
        known = self._known(chat)
        known.held_until = max(known.held_until, now + seconds)
        if others_held:
            self.hold(now, seconds)

    def hold(self, now: float, seconds: float) -> None:
        """Nothing is sent to anybody for so many seconds."""
        self._held_until = max(self._held_until, now + seconds)

    def _served(self, chat: Chat) -> int:
        known = self._chats.get(chat)
        return known.served if known else 0

    def _known(self, chat: Chat) -> _ChatPace:
        if chat not in self._chats:
            minute = Window(self._limits.group_a_minute, 60.0) if chat < 0 else None
            self._chats[chat] = _ChatPace(Bucket(self._limits.burst, 1.0), minute)
        return self._chats[chat]

    def _forget_resting(self, now: float) -> None:
        """Where too many chats are known, the longest unused goes as soon as nothing holds it any more."""
        if len(self._chats) <= CHATS_KEPT:
            return
        chat, oldest = next(iter(self._chats.items()))
        if oldest.rests_from() <= now:
            del self._chats[chat]


def back_off(message: int, attempts: int) -> float:
    """Seconds until the message is tried again after so many tries in vain: twice as long each time.

    Up to a half is taken off, by the message's number, so that what failed together is not tried together.
    """
    longest = min(LONGEST_BACK_OFF, 2.0 ** min(attempts, 16))
    spread = crc32(f"{message}:{attempts}".encode()) / 2**32
    return longest * (1 - spread / 2)
