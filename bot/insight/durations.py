"""Time spans summed up in bounded memory, whatever their number."""

from collections import Counter
from datetime import timedelta

_GRAINS = ((3_600, 1), (86_400, 60), (100 * 86_400, 3_600))
"""Below so many seconds a span is kept to so many; whatever is longer counts as the longest."""


class Durations:
    """Spans, kept to the second below an hour, to the minute below a day, to the hour below 100 days."""

    def __init__(self) -> None:
        self._spans: Counter[int] = Counter()

    def add(self, span: timedelta) -> None:
        """Take a span in; one below zero (a clock was put back) counts as none."""
        seconds = max(0, int(span.total_seconds()))
        for below, grain in _GRAINS:
            if seconds < below:
                self._spans[seconds - seconds % grain] += 1
                return
        self._spans[_GRAINS[-1][0]] += 1

    @property
    def count(self) -> int:
        """How many there are."""
        return self._spans.total()

    def quantile(self, share: float) -> int | None:
        """Seconds that this share (0..1) of the spans does not exceed; None where there are none."""
        wanted, seen = share * self.count, 0
        for seconds in sorted(self._spans):
            seen += self._spans[seconds]
            if seen >= wanted:
                return seconds
        return None
