"""What a clause states though no phrase of the files is in it: 签了字的, 飞我实要的, 还没上门取件呢.

A model of short sentences, learned as the intents are, weighs each clause. It speaks only of slots of which
the phrases say nothing, and is believed sooner of the slot that was asked for.
"""

import re
from collections.abc import Iterator, Mapping

from intents.engine import Engine
from intents.understanding import SlotValue

ASKED = 0.2
"""The raw score from which a clause answers the question that was asked."""
UNASKED = 0.9
"""The same where nobody asked."""
LEAD = 0.15
"""By so much the value must go before any other one of its slot."""
UNASKED_SLOTS = frozenset({"ticket_plan", "delivery_status", "order_status", "reason"})
SHORTEST = 2
SHORTEST_UNASKED = 4
MOST_CLAUSES = 8
_CLAUSE = re.compile(r"[^,，。!！?？;；…~\s]+[?？]?")
_OPEN = re.compile(
    r"[?？吗]|要是|如果|假如|假设|万一|的话|会不会|能不能|可不可以|是不是|有没有|多少|多久|怎么|咋|为什么|为啥|哪"
)
"""A clause that asks or supposes states nothing."""
_DEEDS = frozenset({"reason=mistake", "reason=missed", "reason=wrong_item", "failure=duplicate"})
_NOT_DONE = re.compile(r"没有?(?=[误错选点按重搞弄拍买下充填发寄送晚迟])|不是|并非|未")
"""没误车, 日期没选错: a deed that was not done."""


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
    every = len(ready.values.labels)
    for clause in list(_CLAUSE.finditer(normal))[:MOST_CLAUSES]:
        text = clause[0]
        if len(text) < SHORTEST or _OPEN.search(text):
            continue
        ranked = ready.values.nearest(ready.reader.view(text).features, every)
        for slot in dict.fromkeys((expecting, ranked[0][0].partition("=")[0])):
            own = [(name, score) for name, score in ranked if name.startswith(f"{slot}=")]
            if slot is None or not own or own[0][1] < _edge(slot, text, expecting):
                continue
            (name, score), *others = own
            undone = name in _DEEDS and _NOT_DONE.search(text)
            if not undone and (not others or score - others[0][1] >= LEAD):
                value = SlotValue(name.partition("=")[2], text, clause.start(), clause.end())
                yield score, slot, value


def _edge(slot: str, text: str, expecting: str | None) -> float:
    if slot == expecting:
        return ASKED
    return UNASKED if slot in UNASKED_SLOTS and len(text) >= SHORTEST_UNASKED else float("inf")
