"""What becomes of messages, counted and logged, and told on to the staff's side."""

from collections.abc import Callable

from bot.channels.telegram.errors import Fault
from bot.channels.telegram.requests import Place
from bot.channels.telegram.sender import Reports
from bot.ops.logs import logger
from bot.ops.metrics import Metrics
from bot.store.protocol import PERSON, Outgoing


class CountedReports:
    """See `Reports`."""

    def __init__(self, further: Reports, metrics: Metrics, answered: Callable[[str], None]) -> None:
        """`answered` is told of each conversation whose person has been sent something."""
        self._further, self._metrics, self._answered = further, metrics, answered

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        """Telegram took it."""
        to_person = message.target == PERSON
        self._metrics.sent.labels("person" if to_person else "staff").inc()
        if to_person:
            self._answered(message.conversation)
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
