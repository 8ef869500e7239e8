"""What masking leaves open, and how it is kept from looking like a difference.

Most of what is masked was never read. Read were the four digits that prove who ordered: a message in which
they are hidden is run again with others, in the spelling that is understood as the message was. But what it
comes near to, and so what is told and offered, may hang on the very digits, and on a sum that was hidden with
them. So wording does not count then; and what weighs less than money, verdict or hand-off counts only where
even the confidence is the same. Else nothing can be said.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from bot.privacy import PHONE, TAIL
from bot.replay.difference import Difference
from bot.store.protocol import Json
from intents.understanding import Understanding

WEIGHTY = frozenset({"money", "verdict", "handoff"})
_HIDDEN = r"(?:\*{4}|[\d零〇一二三四五六七八九幺]{4})"


def is_blurred(heard: Json) -> bool:
    """Whether something that was read is masked in the message; `heard` is its event as it is stored."""
    return bool(heard.get("masked", True)) and TAIL in str(heard["text"])


def tells(said: Understanding, heard: Json, found: Collection[Difference]) -> bool:
    """Whether what differs in the answer to a masked message, wording aside, is no work of the stand-ins."""
    if any(each.layer in WEIGHTY for each in found):
        return _alike(said, heard)
    return said.confidence == heard["confidence"] and _alike(said, heard)


def _alike(said: Understanding, heard: Json) -> bool:
    slots: Json = heard["slots"]
    if said.intent != heard["intent"] or said.slots.keys() != slots.keys():
        return False
    for name, slot in said.slots.items():
        then = slots[name]
        unknown = PHONE in str(then["value"]) or TAIL in str(then["value"])
        if then["certain"] != slot.certain or not (unknown or then["value"] == slot.value):
            return False
    return True


def as_hidden(before: Any, after: Any) -> Any:
    """What came today, with **** where the same stood then in the place of digits that are not kept.

    The stand-in for the digits is another number, so that a sum which happens to be written like them was
    hidden then and is not today.
    """
    if isinstance(before, str) and isinstance(after, str):
        if before == after or TAIL not in before:
            return after
        shape = _HIDDEN.join(map(re.escape, before.split(TAIL)))
        return before if re.fullmatch(shape, after) else after
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return {key: as_hidden(before.get(key), value) for key, value in after.items()}
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return list(map(as_hidden, before, after))
    return after
