"""What differs between two answers, and what weighs most of it."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replay.difference import LAYERS, Difference, differences

OUTCOME: dict[str, Any] = {
    "verdict": "allowed",
    "fee": "57.00",
    "refund": "323.00",
    "fee_rate": "0.15",
    "fee_range": None,
    "next_change": {"at": "2026-03-06T16:00:00+08:00", "fee": "190.00"},
    "insurance": None,
    "eta": {"working_days": [1, 5], "from": "2026-03-06", "earliest": "2026-03-09", "latest": "2026-03-13"},
    "steps": ["打开订单"],
    "evidence": [],
    "message_draft": None,
    "citations": ["T2.1", "T3.1"],
    "charges": [
        {"label": "退票费", "rate": "0.15", "amount": "57.00", "low": None, "high": None, "cites": ["T2.1"]}
    ],
    "rows": ["train.2"],
}
ANSWER: dict[str, Any] = {
    "replies": [{"text": "可以退", "buttons": ["依据", "转人工"]}],
    "intent": "request_refund",
    "confidence": 0.93,
    "slots": {"amount": "380.00", "event_time": "2026-03-07T16:00:00+08:00"},
    "asks": None,
    "outcome": OUTCOME,
    "handoff": None,
    "cites": ["T2.1", "T3.1"],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The answer with one value in it put differently; numbers in the path count into lists."""
    answer = deepcopy(ANSWER)
    *way, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    place: Any = answer
    for part in way:
        place = place[part]
    place[last] = value
    return answer


@pytest.mark.parametrize(
    ("path", "value", "layer", "key"),
    [
        ("outcome.fee", "60.80", "money", "outcome.fee"),
        ("outcome.refund", "319.20", "money", "outcome.refund"),
        ("outcome.fee_rate", "0.16", "money", "outcome.fee_rate"),
        ("outcome.fee_range", ["0.00", "76.00"], "money", "outcome.fee_range"),
        ("outcome.insurance", "45.60", "money", "outcome.insurance"),
        ("outcome.next_change.fee", "200.00", "money", "outcome.next_change"),
        ("outcome.next_change.at", "2026-03-06T17:00:00+08:00", "money", "outcome.next_change"),
        ("outcome.eta.latest", "2026-03-16", "money", "outcome.eta"),
        ("outcome.charges.0.amount", "60.80", "money", "outcome.charges"),
        ("outcome.charges.0.label", "手续费", "text", "outcome.charges.label"),
        ("outcome.charges.0.cites", ["T2.2"], "cites", "outcome.charges.cites"),
        ("outcome.verdict", "denied", "verdict", "outcome.verdict"),
        ("handoff", "asked_for_person", "handoff", "handoff"),
        ("handoff", {"reason": "asked_for_person", "card": {}}, "handoff", "handoff"),
        ("intent", "fee_query", "intent", "intent"),
        ("slots.amount", "830.00", "slots", "slots.amount"),
        ("slots.reason", "late", "slots", "slots.reason"),
        ("asks", "product", "asks", "asks"),
        ("cites", ["T2.1"], "cites", "cites"),
        ("outcome.citations", ["T2.1"], "cites", "outcome.citations"),
        ("outcome.rows", ["train.3"], "cites", "outcome.rows"),
        ("replies.0.text", "能退", "text", "replies"),
        ("replies.0.buttons", ["转人工"], "text", "buttons"),
        ("outcome.steps", ["点退票"], "text", "outcome.steps"),
    ],
)
def test_each_thing_has_its_layer(path: str, value: Any, layer: str, key: str) -> None:
    found = differences(ANSWER, changed(path, value))
    assert [(difference.layer, difference.key) for difference in found] == [(layer, key)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("confidence", 0.4),
        ("slots.event_time", "2026-03-07T08:00:00+00:00"),
        ("outcome.next_change.at", "2026-03-06T08:00:00+00:00"),
        ("cites", ["T3.1", "T2.1"]),
        ("outcome.message_draft", ""),
        ("outcome.fee_range", []),
        ("outcome.something_newer", None),
        ("slots.reason", None),
    ],
)
def test_what_means_the_same_is_no_difference(path: str, value: Any) -> None:
    assert differences(ANSWER, changed(path, value)) == []


def test_a_hand_off_is_its_reason_whichever_way_it_is_written() -> None:
    told = {**ANSWER, "handoff": {"reason": "asked_for_person", "card": {"slots": {}}}}
    assert differences(told, {**ANSWER, "handoff": "asked_for_person"}) == []


def test_an_outcome_that_was_not_there_brings_its_money_and_its_verdict() -> None:
    found = differences({**ANSWER, "outcome": None}, ANSWER)
    assert Difference("money", "outcome.fee", None, "57.00") in found
    assert Difference("verdict", "outcome.verdict", None, "allowed") in found


def test_an_outcome_without_a_verdict_is_still_told_from_none() -> None:
    bare = {"verdict": None, "fee": None}
    assert differences({"outcome": None}, {"outcome": bare}) == [
        Difference("verdict", "outcome", None, "given")
    ]


CHANGES = st.dictionaries(
    st.sampled_from(["intent", "asks", "handoff", "cites", "slots", "outcome"]),
    st.sampled_from([None]),
    max_size=4,
)


@given(CHANGES, CHANGES)
def test_what_weighs_most_comes_first_and_both_ways_round_say_the_same(
    one: dict[str, None], two: dict[str, None]
) -> None:
    before, after = {**ANSWER, **one}, {**ANSWER, **two}
    there, back = differences(before, after), differences(after, before)
    weights = [LAYERS.index(difference.layer) for difference in there]
    assert weights == sorted(weights)
    assert [(d.key, d.before, d.after) for d in there] == [(d.key, d.after, d.before) for d in back]
    assert differences(before, before) == []
