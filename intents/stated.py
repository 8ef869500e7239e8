"""What a clause states though no phrase of the files is in it: 签了字的, 飞我实要的, 还没上门取件呢.

A model of short sentences, learned as the intents are, weighs each clause. It speaks only of slots of which
the phrases say nothing, and is believed sooner where the slot was asked for.
"""

import re
from collections.abc import Iterator, Mapping

from intents.engine import Engine
from intents.understanding import SlotValue

ASKED = 0.3
"""The raw score from which a clause answers the question that was asked."""
UNASKED = 0.9
"""The same where nobody asked."""
LEAD = 0.15
"""By so much the value must go before any other one of its slot."""
SHORTEST = 2
MOST_CLAUSES = 8
_CLAUSE = re.compile(r"[^,，。!！?？;；…~\s]+[?？]?")
_OPEN = re.compile(
    r"[?？吗]|要是|如果|假如|假设|万一|的话|会不会|能不能|可不可以|是不是|有没有|多少|多久|怎么|咋|为什么|为啥|哪|还是[^,，]*[啊呢]$"
)
"""A clause that asks or supposes states nothing."""
_NEAREST = 3


def stated(
    ready: Engine, normal: str, heard: Mapping[str, SlotValue], expecting: str | None
) -> dict[str, SlotValue]:
    """The values that the clauses of a normalised message state, of slots that were not `heard`."""
    found: dict[str, tuple[float, SlotValue]] = {}
    for score, slot, value in _claims(ready, normal, expecting):
        if slot not in heard and (slot not in found or found[slot][0] < score):
            found[slot] = score, value
    return {slot: value for slot, (_, value) in found.items()}


def _claims(ready: Engine, normal: str, expecting: str | None) -> Iterator[tuple[float, str, SlotValue]]:
    if ready.values is None:
        return
    for clause in list(_CLAUSE.finditer(normal))[:MOST_CLAUSES]:
        text = clause[0]
        if len(text) < SHORTEST or _OPEN.search(text):
            continue
        nearest = ready.values.nearest(ready.reader.view(text).features, _NEAREST)
        (best, score), *others = nearest
        slot, _, value = best.partition("=")
        rival = max((other for name, other in others if name.startswith(f"{slot}=")), default=score - LEAD)
        if score >= (ASKED if slot == expecting else UNASKED) and score - rival >= LEAD:
            yield score, slot, SlotValue(value, text, clause.start(), clause.end())
