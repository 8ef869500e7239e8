"""Comparing pieces of work that share a machine with others: side by side, round after round."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Work = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work costs a text."""

    cpu: float
    """Seconds of processor time, the median of the rounds."""
    p50: float
    """Seconds on the clock, over all rounds."""
    p99: float

    @property
    def per_second(self) -> float:
        """Texts in a second of processor time."""
        return 1 / self.cpu


def side_by_side(works: Mapping[str, Work], texts: Sequence[str], rounds: int) -> dict[str, Cost]:
    """Every piece of work over all texts, in turns, so that a busy moment falls on all of them alike."""
    for work in works.values():
        for text in texts[:100]:
            work(text)
    cpu: dict[str, list[float]] = {name: [] for name in works}
    clock: dict[str, list[int]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            seconds, latencies = _round(work, texts)
            cpu[name].append(seconds / len(texts))
            clock[name] += latencies
    return {name: _cost(cpu[name], clock[name]) for name in works}


def _round(work: Work, texts: Sequence[str]) -> tuple[float, list[int]]:
    latencies = []
    begun = time.process_time()
    for text in texts:
        start = time.perf_counter_ns()
        work(text)
        latencies.append(time.perf_counter_ns() - start)
    return time.process_time() - begun, latencies


def _cost(cpu: Sequence[float], clock: list[int]) -> Cost:
    clock.sort()
    return Cost(median(cpu), clock[len(clock) // 2] / 1e9, clock[len(clock) * 99 // 100] / 1e9)
