"""Repairs that once went wrong, each named after what was wrong."""

from datetime import datetime

import pytest

from bot import app
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.session import Session
from intents import understand

NOW = datetime.fromisoformat("2026-03-04T10:00:00+08:00")


def talked(*messages: str) -> list[Turn]:
    session: Session = app.session_in_memory()
    turns = []
    for number, text in enumerate(messages):
        turn = session.handle(Update(str(number), "talk", "person", "terminal", text, NOW))
        assert turn is not None
        turns.append(turn)
    return turns


def test_after_a_person_was_called_the_open_question_can_still_be_answered() -> None:
    *_, called, answered = talked("我想取消订单", "转人工", "是游戏点券")
    assert called.handoff is not None
    assert called.handoff.card["open_question"] == "product"
    assert answered.slots == {"product": "virtual_goods"}
    assert answered.asks == "order_status"


def test_said_again_the_buttons_stand_where_they_stood() -> None:
    *_, told, again = talked("我要退款", "机票", "再说一遍")
    assert [bool(reply.buttons) for reply in told.replies] == [True, False]
    assert again.replies == told.replies


def test_a_correction_is_no_refusal_of_the_person_who_was_offered() -> None:
    *_, offered, corrected = talked("商家不同意退款", "是游戏点券", "付了款还没发货", "不对，还没付款")
    assert offered.state.offered_person
    assert corrected.slots["order_status"] == "unpaid"
    assert corrected.outcome is not None


@pytest.mark.parametrize(
    ("talk", "product"),
    [
        (("我要退款", "是火车票", "3月9日22:00", "380块"), "train_ticket"),
        (("票可以转给别人吗", "电影票"), "movie_ticket"),
    ],
)
def test_a_product_ruled_out_after_the_answer_is_asked_for_again(talk: tuple[str, ...], product: str) -> None:
    names = {"train_ticket": "火车票", "movie_ticket": "电影票"}
    *_, told, ruled_out = talked(*talk, f"不是{names[product]}")
    assert told.slots["product"] == product
    assert "product" not in ruled_out.slots
    assert ruled_out.asks == "product"


@pytest.mark.parametrize("text", ["是游戏点券", "买的是视频会员"])
def test_a_product_told_after_the_answer_belongs_to_the_case(text: str) -> None:
    *_, told, named = talked("我想取消订单", "还没付款", text)
    assert told.outcome is not None
    assert named.outcome is not None
    assert named.state.wish == "cancel_order"
    assert named.slots["product"] == "virtual_goods"


def test_naming_the_earlier_wish_again_after_another_question_goes_back_to_it() -> None:
    *_, before, _, back = talked(
        "收到的东西有问题", "是游戏点券", "质量问题", "你们会泄露我的个人信息吗？", "收到的东西有问题"
    )
    assert before.outcome is not None
    assert back.outcome == before.outcome


@pytest.mark.parametrize("question", ["另外优惠券会退吗", "还有，用掉的优惠券退不退"])
def test_a_question_beside_an_answer_is_not_lost(question: str) -> None:
    alone = talked("优惠券会退回来吗")[-1]
    *_, beside = talked("我要退款", f"是火车票，{question}")
    assert beside.slots["product"] == "train_ticket"
    assert beside.asks == "event_time"
    assert set(beside.cites) & set(alone.cites)
    assert "优惠券" in beside.replies[0].text


@pytest.mark.parametrize(
    ("talk", "correction", "slot", "value"),
    [
        (("退款金额不对", "付了150", "到账150"), "不是150，是127.5", "received_amount", "127.50"),
        (("我要退款", "是火车票", "3月9日22:00", "50"), "不是50，是150", "amount", "150.00"),
        (
            ("退款什么时候到账", "3月3日", "微信", "火车票"),
            "不是3月3日，是2月2日",
            "requested_at",
            "2026-02-02",
        ),
        (("付了钱一直没收到", "游戏点券", "40分钟"), "不是40分钟，是15分钟", "late_minutes", "15"),
        (("我想取消送票", "火车票", "留着"), "不是留着，是退掉", "ticket_plan", "return"),
        (("我想取消送票", "火车票", "留着", "已接单"), "不是已接单，是待配送", "delivery_status", "none"),
    ],
)
def test_not_this_but_that_puts_right_what_it_names(
    talk: tuple[str, ...], correction: str, slot: str, value: str
) -> None:
    assert talked(*talk, correction)[-1].slots[slot].startswith(value)


def test_received_said_of_the_pick_up_code_is_the_code_and_not_a_ticket_signed_for() -> None:
    assert talked("我要退款", "电影票", "收到了")[-1].slots["delivery_status"] == "delivering"
    assert talked("我要退款", "电影票", "签收了")[-1].slots["delivery_status"] == "signed"


@pytest.mark.parametrize("fact", ["是我买错了", "还没发取票码"])
def test_a_fact_told_in_between_does_not_change_the_wish(fact: str) -> None:
    assert talked("退票要扣多少手续费", fact)[-1].state.wish == "fee_query"


@pytest.mark.parametrize(
    ("text", "denied"),
    [("不是景区门票", ("product", "scenic_ticket")), ("不是余额付的", ("pay_channel", "balance"))],
)
def test_what_is_ruled_out_is_not_heard_as_said(text: str, denied: tuple[str, str]) -> None:
    said = understand(text, NOW)
    assert denied in said.denied
    assert denied[0] not in said.slots


def test_asked_whether_it_is_so_rules_nothing_out() -> None:
    assert understand("是不是余额付的", NOW).denied == ()


def test_forgotten_is_not_missed() -> None:
    assert understand("忘了", NOW, "reason").slots == {}
    assert understand("晚了", NOW, "reason").slots["reason"].value == "missed"


@pytest.mark.parametrize("expecting", [None, "reason"])
def test_words_that_put_right_are_no_reason_for_a_refund(expecting: str | None) -> None:
    said = understand("等下，搞错了，已经发货了", NOW, expecting)
    assert {slot: value.value for slot, value in said.slots.items()} == {"order_status": "shipped"}
    assert understand("搞错了", NOW, "reason").slots["reason"].value == "mistake"


def test_what_the_question_has_to_do_with_it_is_asking_why() -> None:
    *_, asked, told = talked("我要退款", "是火车票", "这跟退款有什么关系")
    assert told.asks == asked.asks == "event_time"
    assert "T2.1" in told.cites
