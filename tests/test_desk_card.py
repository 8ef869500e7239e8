"""The case card, the draft of an answer and the buttons: what staff see, and what may be said."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import mind, session_in_memory
from bot.desk.buttons import rating_row, read_press, staff_row, waiting_row
from bot.desk.card import card_lines, card_text, topic_title
from bot.desk.data_files import PROMISE
from bot.desk.draft import draft
from bot.messages import Update
from bot.replay.runner import run
from bot.replay.suite import read
from bot.store.protocol import Desk

DESK = Desk("c1", 12, "queued", reason="asked_for_person")


def card_of(now: datetime, *said: str) -> Mapping[str, Any]:
    """The card of a conversation that ends with the wish for a person."""
    session = session_in_memory()
    for number, text in enumerate([*said, "转人工"]):
        turn = session.handle(Update(str(number), "c1", "p1", "test", text, now))
    assert turn is not None
    assert turn.handoff is not None
    return turn.handoff.card


def test_the_card_tells_all_and_whence_it_is_known(now: datetime) -> None:
    card = card_of(
        now, "我要退火车票，快点！！气死我了", "380块，明天上午10点发车，快递还没取件", "票也不要了"
    )
    lines = {line.name: line.text for line in card_lines(DESK, card)}
    assert lines["#12"] == card["title"]
    assert lines["转接原因"] == "顾客要人工"
    assert lines["金额"] == "380.00元（顾客说的：「380块」）"
    assert lines["结论"] == "可以，费用 57.00 元，按规则可退 323.00 元"
    assert "train_ticket/low" in lines["用到的规则"]
    assert "打开服务通知里的订单卡片" in lines["已经告诉顾客的步骤"]
    assert lines["对话（已隐去个人信息）"].splitlines()[-2] == "顾客：转人工"
    assert topic_title(DESK, card).startswith(f"#12 {card['title']} · 火车票")


def test_nothing_personal_and_no_marks_of_a_person_are_on_the_card(now: datetime) -> None:
    text = card_text(DESK, card_of(now, "**退火车票** 我电话13812345678"))
    assert "13812345678" not in text
    names = [name for name in re.findall(r"\*\*(.*?)\*\*", text) if name]
    assert "退火车票" not in names
    assert text.count("**") == 2 * len(names)


def test_a_card_of_nothing_can_be_read() -> None:
    assert card_lines(DESK, {})[0].text == "还没有说清要办什么"
    assert topic_title(DESK, {}) == "#12 还没有说清要办什么"
    assert draft({}) is None


def test_a_topic_has_room_for_its_name() -> None:
    assert len(topic_title(DESK, {"title": "长" * 300})) == 128


def test_a_difference_is_no_fee() -> None:
    card = {
        "title": "退款金额不对",
        "wish": "refund_amount_wrong",
        "outcome": {"verdict": None, "fee": "30.00"},
    }
    assert "少退了 30.00 元" in (draft(card) or "")
    assert "费用" not in (draft(card) or "")
    assert "少退 30.00 元" in card_text(DESK, card)


def test_drafts_of_all_dialogues_state_the_outcomes_figures_and_promise_nothing(root: Path) -> None:
    """Every outcome that the project's own conversations come to, as a draft."""
    told = 0
    for dialogue in outcomes(root):
        text = draft({"title": "退票退款", "outcome": dialogue})
        assert text is not None
        assert not PROMISE.search(text), text
        sums = set(re.findall(r"\d+\.\d\d(?= 元)", text.partition("\n操作步骤")[0].partition("\n可以把")[0]))
        assert {dialogue["fee"], dialogue["refund"]} - {None, "0.00"} <= sums, text
        told += 1
    assert told > 100


def outcomes(root: Path) -> Iterator[dict[str, Any]]:
    """What the bot told in every fourth of the project's suites."""
    parts = mind()
    for dialogue in read(sorted((root / "tests" / "dialogues").rglob("*.yaml"))[::4]).dialogues:
        for played in run(dialogue, parts).played:
            if played.answer.get("outcome"):
                yield played.answer["outcome"]


@pytest.mark.parametrize("state", ["bot", "queued", "human", "closed"])
def test_buttons_come_back_as_what_they_are(state: Any) -> None:
    desk = Desk("c1", 999_999_999, state)
    for rows in (staff_row(desk, draft=True), waiting_row(desk), rating_row(desk)):
        for label, data in (button for row in rows for button in row):
            assert label
            assert len(data.encode()) <= 64
            press = read_press(data)
            assert press is not None
            assert press.number == desk.number
            assert (press.rating is not None) == (press.act == "rate")


def test_the_draft_is_offered_to_who_has_it_only() -> None:
    acts = {
        state: [d for row in staff_row(Desk("c", 1, state), draft=True) for _, d in row] for state in STATES
    }
    assert "desk:draft:1" in acts["human"]
    assert not any("desk:draft:1" in acts[state] for state in ("bot", "queued", "closed"))


STATES: tuple[Any, ...] = ("bot", "queued", "human", "closed")


@given(st.one_of(st.text(max_size=70), st.from_regex(r"desk:[a-z]{1,8}:\d{1,14}(:\d)?", fullmatch=True)))
def test_forged_presses_are_none_or_of_a_known_kind(data: str) -> None:
    press = read_press(data)
    assert press is None or press.act in {"claim", "draft", "release", "close", "place", "withdraw", "rate"}
    assert press is None or (press.rating is None or 1 <= press.rating <= 5)
