"""What becomes of messages, counted and logged, and told on to the staff's side."""

from collections.abc import Callable

from bot.channels.telegram.errors import Fault
from bot.channels.telegram.requests import Place
from bot.channels.telegram.sender import Reports
from bot.ops.logs import logger
from bot.ops.metrics import Metrics
from bot.store.protocol import PERSON, Outgoing

MOST_UNANSWERED = 10_000
"""Conversations of which it is remembered that they wait for an answer."""


class AnswerTimes:
    """How long people wait: from the arrival of an update to the first request of what answers it.

    Times are seconds of one clock that only goes forward. Of several messages in a row the first counts.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._since: dict[str, float] = {}

    def came(self, conversation: str, at: float) -> None:
        """Something came in that the bot will answer."""
        self._since.setdefault(conversation, at)
        if len(self._since) > MOST_UNANSWERED:
            del self._since[next(iter(self._since))]

    def answered(self, conversation: str, at: float) -> None:
        """A request is made of something that is for the person."""
        since = self._since.pop(conversation, None)
        if since is not None:
            self._metrics.answer_seconds.observe(at - since)


class CountedReports:
    """See `Reports`."""

    def __init__(
        self, further: Reports, metrics: Metrics, times: AnswerTimes, seconds: Callable[[], float]
    ) -> None:
        """`seconds` is the clock of `times`."""
        self._further, self._metrics, self._times, self._seconds = further, metrics, times, seconds

    def asking(self, message: Outgoing) -> None:
        """A request for it is about to be made."""
        if message.target == PERSON:
            self._times.answered(message.conversation, self._seconds())
        self._further.asking(message)

    def put_off(self, message: Outgoing, fault: Fault) -> None:
        """It will be tried again."""
        self._metrics.retries.labels(fault.meaning).inc()
        self._further.put_off(message, fault)

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        """Telegram took it."""
        if "mark" not in message.body:
            self._metrics.sent.labels("person" if message.target == PERSON else "staff").inc()
        self._further.arrived(message, at, ids)

    def trouble(self, message: Outgoing, at: Place | None, fault: Fault) -> None:
        """It did not arrive."""
        if fault.meaning in {"blocked", "refused"}:
            self._metrics.undelivered.labels(fault.meaning).inc()
        logger().warning(
            "message.trouble",
            conversation=message.conversation,
            seq=message.seq,
            kind=fault.meaning,
            error=fault.error,
        )
        self._further.trouble(message, at, fault)
