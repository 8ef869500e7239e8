"""Which claims, rows, ladder steps, words and moves the suites exercise, and which not."""

from bot.replay.coverage.gate import read_minima, unmet
from bot.replay.coverage.measure import Coverage, Item, Kind, measure
from bot.replay.coverage.show import as_data, as_json, as_summaries, as_text

__all__ = [
    "Coverage",
    "Item",
    "Kind",
    "as_data",
    "as_json",
    "as_summaries",
    "as_text",
    "measure",
    "read_minima",
    "unmet",
]
