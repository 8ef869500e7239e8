"""`tuidan replay --against REV`: the same suites on the data files of two revisions."""

from bot.replay.against.comparison import Changed, Comparison, compare
from bot.replay.against.told import as_json, as_text

__all__ = ["Changed", "Comparison", "as_json", "as_text", "compare"]
