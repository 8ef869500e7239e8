"""Choosing what was offered: by the button's text, by its number, or by the ordinal."""

import re

from bot.dialogue.script import in_script
from bot.dialogue.state import Option, State
from bot.dialogue.wording import say
from knowledge.outcome import UNKNOWN

BEHIND = ("steps", "sources", "draft", "alternatives")
"""What an answer keeps behind buttons."""

_NUMBER = re.compile(r"^(?:我?[选選]?第?)\s*([1-9一二三四五六七八九两])\s*(?:个|個|项|項|号|號)?[.、。)）]?$")
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_TRIM = " \t\n。.!！~～，,"


def chosen(state: State, text: str) -> Option | None:
    """The offered option that the text picks, or None. Works across scripts; a number counts from 1.

    A bare number picks only where options are on the table and the slot asked for is not itself a number.
    """
    said = text.strip(_TRIM)
    for option in state.options:
        if said == option.label or said == in_script(option.label, state.script):
            return option
    behind = _behind(said, state)
    if behind is not None:
        return behind
    values = any(o.kind == f"slot:{state.asked}" and o.value != UNKNOWN for o in state.options)
    free = not values and state.asked in {
        "amount",
        "received_amount",
        "late_minutes",
        "phone_tail",
        "event_time",
        "requested_at",
    }
    found = None if free else _NUMBER.match(said)
    if found:
        number = _DIGITS.get(found[1]) or int(found[1])
        if number <= len(state.options):
            return state.options[number - 1]
    return None


def _behind(said: str, state: State) -> Option | None:
    """The name of a button behind an answer works as long as the answer stands, on the table or not."""
    if state.outcome is None:
        return None
    for name in BEHIND:
        label = say(f"button.{name}")
        if said in {label, in_script(label, state.script)}:
            return Option(label, f"show:{name}")
    return None
