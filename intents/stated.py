"""What a clause states though no phrase of the files is in it: 签了字的, 飞我实要的, 还没上门取件呢.

A model of short sentences weighs each clause by its runs of characters. It speaks only of slots of which the
phrases say nothing, and is believed sooner of the slot that was asked for.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from intents.engine import Engine
from intents.features import runs
from intents.model import Model
from intents.understanding import SlotValue

ASKED = -0.2
"""The raw score from which a clause answers the question that was asked."""
UNASKED = 0.5
"""The same where nobody asked."""
ASKED_BESIDE = 0.7
"""The raw score from which it does so beside another fact that its phrases tell."""
LEAD = 0.12
"""By so much the value must go before any other one of its slot."""
UNASKED_SLOTS = frozenset(["ticket_plan", "delivery_status", "order_status", "reason"])
SLOTS = UNASKED_SLOTS | {"failure", "delay_cause"}
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
_ONLY_ASKED = frozenset({"order_status=closed", "order_status=unpaid"})
"""订单前天取消了 tells as often what the person did, and 微信给钱 how it was paid."""
_DEEDS = frozenset({"reason=mistake", "reason=missed", "reason=wrong_item", "failure=duplicate"})
_NOT_DONE = re.compile(r"没有?(?=[误错选点按重搞弄拍买下充填发寄送晚迟])|不是|并非|未")
"""没误车, 日期没选错: a deed that was not done."""
_OF_TELLING = re.compile(
    r"(?:票价|价格|价钱|金额|数字|数目|时间|日期|钱数)[^,，]{0,3}[错反混]|[说打记讲念报][错反混岔]"
)
"""票价错了 puts right what was said."""


def stated(
    ready: Engine, normal: str, heard: Mapping[str, SlotValue], expecting: str | None
) -> dict[str, SlotValue]:
    """The values that the clauses of a normalised message state, of slots that were not `heard`."""
    if ready.values is None:
        return {}
    found: dict[str, tuple[float, SlotValue]] = {}
    told = [value for slot, value in heard.items() if slot not in OF_NO_STATE]
    for clause in islice(_CLAUSE.finditer(normal), MOST_CLAUSES):
        start, end = clause.span()
        tells = any(value.start < end and start < value.end for value in told)
        if not _worth_it(clause[0], expecting, tells):
            continue
        for score, slot, name in _claims(ready.values, clause[0], expecting, tells):
            if slot not in heard and (slot not in found or found[slot][0] < score):
                found[slot] = score, SlotValue(name, clause[0], start, end)
    return {slot: value for slot, (_, value) in found.items()}


def _worth_it(clause: str, expecting: str | None, tells: bool) -> bool:
    """Whether a clause may state anything; `tells` says that a phrase of it does already."""
    if _OPEN.search(clause) or not any(character > "\u3400" or character.isalpha() for character in clause):
        return False
    return len(clause) >= (SHORTEST if expecting else SHORTEST_UNASKED) and (not tells or expecting in SLOTS)


def _claims(
    values: Model, clause: str, expecting: str | None, tells: bool
) -> Iterator[tuple[float, str, str]]:
    """(score, slot, value) of what a clause states: the slot that was asked for, and the nearest one."""
    ranked = values.nearest(runs(clause), len(values.labels))
    nearest = ranked[0][0].partition("=")[0]
    unasked = nearest in UNASKED_SLOTS and not tells and len(clause) >= SHORTEST_UNASKED
    edges = {nearest: UNASKED} if unasked else {}
    if expecting in SLOTS:
        edges[expecting] = ASKED_BESIDE if tells else ASKED
    for slot, edge in edges.items():
        own = [(name, score) for name, score in ranked if name.startswith(f"{slot}=")]
        if len(own) < 2 or own[0][1] < edge:
            continue
        (name, score), (_, rival) = own[:2]
        undone = name in _DEEDS and (_NOT_DONE.search(clause) or _OF_TELLING.search(clause))
        if undone or (name in _ONLY_ASKED and slot != expecting):
            continue
        if score - rival >= LEAD:
            yield score, slot, name.partition("=")[2]
