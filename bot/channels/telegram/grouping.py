"""What of that which waits is handled together, in one transaction."""

from collections.abc import Sequence

from bot.store.protocol import Received

APART_SECONDS = 2
"""Messages that were written farther apart are answered one by one, though they waited together."""
MOST_TOGETHER = 10
"""Messages that are heard as one."""


def groups(rows: Sequence[Received]) -> list[list[Received]]:
    """In order: words in a row, pictures in a row, and each command and each press by itself."""
    found: list[list[Received]] = []
    for row in rows:
        if found and _together(found[-1], row):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _together(group: Sequence[Received], row: Received) -> bool:
    kind = _kind(row)
    if kind == "alone" or kind != _kind(group[0]) or len(group) == MOST_TOGETHER:
        return False
    if row.payload.get("edited"):
        return True  # what it becomes part of is told by the message, not by the time
    return abs(int(row.payload.get("date", 0)) - int(group[0].payload.get("date", 0))) <= APART_SECONDS


def _kind(row: Received) -> str:
    if {"command", "press"} & row.payload.keys():
        return "alone"
    return "shown" if "copy" in row.payload else "words"
