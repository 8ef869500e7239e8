"""What a clause states though no phrase of the files is in it: 签了字的, 飞我实要的, 还没上门取件呢.

A model of short sentences, learned as the intents are, weighs each clause. It speaks only of slots of which
the phrases say nothing, and is believed sooner of the slot that was asked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from intents.engine import Engine
from intents.understanding import SlotValue

ASKED = -0.1
"""The raw score from which a clause answers the question that was asked."""
UNASKED = 0.6
"""The same where nobody asked."""
BESIDE = 1.2
"""The same beside another fact that the clause is known to tell."""
LEAD = 0.12
"""By so much the value must go before any other one of its slot."""
OF_NO_STATE = frozenset({"product", "platform", "amount", "pay_channel", "order_id"})
"""Slots that may be named in the very clause that states another one."""
SHORTEST = 2
SHORTEST_UNASKED = 4
MOST_CLAUSES = 8
_CLAUSE = re.compile(r"[^,，。!！?？;；…~\s]+[?？]?")
_OPEN = re.compile(
    r"[?？吗]|要是|如果|假如|假设|万一|的话|会不会|能不能|可不可以|是不是|有没有|多少|多久|怎么|咋|为什么|为啥|哪|^[^没还在着正]*[呢咧]$"
)
"""A clause that asks or supposes states nothing."""
_ONLY_ASKED = frozenset({"order_status=closed"})
"""订单前天取消了 tells as often what the person did."""
_DEEDS = frozenset({"reason=mistake", "reason=missed", "reason=wrong_item", "failure=duplicate"})
_NOT_DONE = re.compile(r"没有?(?=[误错选点按重搞弄拍买下充填发寄送晚迟])|不是|并非|未")
"""没误车, 日期没选错: a deed that was not done."""


def stated(
    ready: Engine, normal: str, heard: Mapping[str, SlotValue], expecting: str | None
) -> dict[str, SlotValue]:
    """The values that the clauses of a normalised message state, of slots that were not `heard`."""
    found: dict[str, tuple[float, SlotValue]] = {}
    for score, slot, value in _claims(ready, normal, heard, expecting):
        if slot not in heard and (slot not in found or found[slot][0] < score):
            found[slot] = score, value
    return {slot: value for slot, (_, value) in found.items()}


def _claims(
    ready: Engine, normal: str, heard: Mapping[str, SlotValue], expecting: str | None
) -> Iterator[tuple[float, str, SlotValue]]:
    if ready.values is None:
        return
    told = [value for slot, value in heard.items() if slot not in OF_NO_STATE]
    every = len(ready.values.labels)
    for clause in list(_CLAUSE.finditer(normal))[:MOST_CLAUSES]:
        text = clause[0]
        if len(text) < SHORTEST or _OPEN.search(text):
            continue
        ranked = ready.values.nearest(ready.reader.view(text).features, every)
        nearest = ranked[0][0].partition("=")[0]
        unasked = _unasked(text, any(clause.start() <= value.start < clause.end() for value in told))
        for slot, edge in {nearest: unasked, expecting: ASKED}.items():
            own = _of_slot(ranked, slot)
            if slot is None or len(own) < 2 or own[0][1] < edge:
                continue
            (name, score), (_, rival) = own[:2]
            undone = name in _DEEDS and _NOT_DONE.search(text)
            if undone or (name in _ONLY_ASKED and slot != expecting):
                continue
            if score - rival >= LEAD:
                value = SlotValue(name.partition("=")[2], text, clause.start(), clause.end())
                yield score, slot, value


def _of_slot(ranked: Sequence[tuple[str, float]], slot: str | None) -> list[tuple[str, float]]:
    """The values of one slot with their scores, best first."""
    of_slot = f"{slot}="
    return [(name, score) for name, score in ranked if name.startswith(of_slot)]


def _unasked(text: str, told: bool) -> float:
    """The edge for what nobody asked; higher where a phrase of the clause `told` something already."""
    if len(text) < SHORTEST_UNASKED:
        return float("inf")
    return BESIDE if told else UNASKED
