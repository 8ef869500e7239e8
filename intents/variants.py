"""Examples said once more, with something beside them that must not matter."""

from collections.abc import Sequence

from intents import data_files

_COPIES = 250
"""Of examples for each kind of circumstance: fewer do not outweigh its own intent, more crowd the others."""
_FIELD = 7919
"""A prime: its multiples visit every example before they return to the first."""


def with_asides(texts: Sequence[str]) -> list[str]:
    """Each text with a detail that says nothing of what is wanted."""
    details = data_files.asides()
    return [_beside(number, text, details[number % len(details)]) for number, text in enumerate(texts)]


def with_circumstances(texts: Sequence[str], labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Wishes with a fact of the case, which has an intent of its own, but is not asked about here.

    Returns the texts and their labels. 退票 stays a wish for the money where 我买了退票险 follows.
    """
    kinds = data_files.circumstances()
    details = data_files.asides()
    places = [place for place, label in enumerate(labels) if label in kinds.wishes]
    said: list[str] = []
    meant: list[str] = []
    for start, facts in enumerate(kinds.facts):
        for number in range(_COPIES if places else 0):
            place = places[(start + number * _FIELD) % len(places)]
            fact = facts[number % len(facts)]
            if number % 2:
                fact += " " + details[(start + number) % len(details)]
            said.append(_beside(number, texts[place], fact))
            meant.append(labels[place])
    return said, meant


def _beside(number: int, text: str, detail: str) -> str:
    """Every third time before the text, else after it."""
    return f"{detail} {text}" if number % 3 == 2 else f"{text} {detail}"
