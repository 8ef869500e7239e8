"""Putting right what a case holds: what is denied against what is so, and the slot that is meant."""

from datetime import datetime

import pytest

from bot import app
from bot.dialogue.expecting import SHORT, expected
from bot.dialogue.state import Fact, State
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.session import Session
from intents import understand
from intents.contrast import contrast

NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
TOLD = State(
    wish="refund_amount_wrong",
    facts={
        "product": Fact("train_ticket", "said", "火车票", 0),
        "amount": Fact("600.00", "said", "600", 1),
        "received_amount": Fact("510.00", "said", "到账510", 2),
        "requested_at": Fact("2026-03-03T10:00:00+08:00", "said", "3月3日上午10点", 3),
        "late_minutes": Fact("40", "said", "40分钟", 4),
    },
)


def talked(*messages: str) -> list[Turn]:
    session: Session = app.session_in_memory()
    turns = []
    for number, text in enumerate(messages):
        turn = session.handle(Update(str(number), "talk", "person", "terminal", text, NOW))
        assert turn is not None
        turns.append(turn)
    return turns


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("不是已接单，是待配送", "已接单", "待配送"),
        ("到账不是510是300", "510", "300"),
        ("不是510，300", "510", "300"),
        ("是308，不是380", "380", "是308"),
        ("票面308不是380", "380", "票面308"),
        ("510不对，是300", "510", "是300"),
        ("票价308，380是另一张的", "380", "票价308"),
        ("车不是明天，是后天晚上", "明天", "后天晚上"),
    ],
)
def test_what_is_denied_and_what_is_said_instead(text: str, wrong: str, right: str) -> None:
    sides = contrast(text)
    assert sides is not None
    assert (text[slice(*sides.wrong)], text[slice(*sides.right)]) == (wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "是不是380",
        "不是380吗，怎么只退323",
        "为什么是57不是38",
        "凭什么到账不是520",
        "难道不是免费退",
        "不是今天就是明天",
        "不是钱的问题，是态度问题",
        "要不是下雨，我就去了",
        "应该退600，不是510",
        "票价380",
    ],
)
def test_what_is_asked_or_complained_about_is_no_contrast(text: str) -> None:
    assert contrast(text) is None


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("是620，不是600", "amount"),
        ("不是510是300", "received_amount"),
        ("不是510.00，是300", "received_amount"),
        ("不是3号，是2号", "requested_at"),
        ("不是上午10点，是下午2点", "requested_at"),
        ("才15分钟，不是40分钟", "late_minutes"),
        ("是电影票，不是火车票", "product"),
        ("不是火車票，是電影票", None),
        ("不是999，是300", None),
        ("不对 300", "received_amount"),
        ("數字打錯了，300", "received_amount"),
        ("價錢打錯了，300", "amount"),
        ("到账也说错了，300", "received_amount"),
        ("还是300", "received_amount"),
        ("看回来了，300才对", "received_amount"),
        ("说错了，15分钟", "late_minutes"),
        ("300", None),
        ("我要退300块的票", None),
    ],
)
def test_the_slot_that_is_put_right_is_the_one_that_holds_what_is_denied(text: str, slot: str | None) -> None:
    assert expected(TOLD, text) == slot


@pytest.mark.parametrize(
    "text", ["不" * SHORT, "不，" * 12, "是" * 200, "不对" * 500, "改成是" * 8 + "x", "，" * 2000]
)
def test_no_message_takes_long_to_be_expected(text: str) -> None:
    assert expected(TOLD, text) is None


def test_a_bare_figure_in_the_place_of_another_leaves_no_doubt() -> None:
    heard = understand("刚翻了账单，票是308，不是380", NOW)
    assert heard.slots["amount"].value == "308.00"
    assert heard.slots["amount"].certain
    assert ("amount", "380.00") in heard.denied


@pytest.mark.parametrize(
    "text", ["票上写的是3月9日早上7:20", "订单上写的是3月9日早上7:20", "票面写着3月9日早上7:20"]
)
def test_what_is_written_on_the_ticket_is_no_false_description(text: str) -> None:
    slots = understand(text, NOW).slots
    assert slots["event_time"].value == "2026-03-09T07:20:00+08:00"
    assert "reason" not in slots


@pytest.mark.parametrize("text", ["页面写的是纯棉，到手是化纤", "写的是国行，发来是港版"])
def test_what_is_written_of_goods_still_is_one(text: str) -> None:
    assert understand(text, NOW).slots["reason"].value == "not_as_described"


@pytest.mark.parametrize("text", ["没开青少年模式", "青少年模式没打开", "没有青少年模式，就是普通账户"])
def test_a_mode_that_is_not_on_makes_a_normal_account(text: str) -> None:
    assert understand(text, NOW).slots["account_type"].value == "normal"


TRAIN = ("退火车票，后天上午10点发车，460块",)
PAID = ("退款什么时候到账", "3月3日上午10点申请的", "微信付的")


@pytest.mark.parametrize(
    ("talk", "text", "slot", "value"),
    [
        (TRAIN, "啊不对不对是406", "amount", "406.00"),
        (TRAIN, "手误，406", "amount", "406.00"),
        (TRAIN, "打反了 406", "amount", "406.00"),
        (TRAIN, "更正：406", "amount", "406.00"),
        (TRAIN, "改成406", "amount", "406.00"),
        (TRAIN, "我這單是406蚊，唔係460", "amount", "406.00"),
        (TRAIN, "下午3点才对", "event_time", "2026-03-08T15:00:00+08:00"),
        (TRAIN, "明天的才对", "event_time", "2026-03-07T10:00:00+08:00"),
        (TRAIN, "我这是电影票", "product", "movie_ticket"),
        (TRAIN, "弄混了，是电影票", "product", "movie_ticket"),
        (PAID, "不是3号，是2号", "requested_at", "2026-03-02T10:00:00+08:00"),
        (PAID, "哦，是银行卡", "pay_channel", "bank_card"),
        (PAID, "我查了流水，支付宝付的，不是微信", "pay_channel", "alipay"),
    ],
)
def test_a_correction_begins_no_other_wish(talk: tuple[str, ...], text: str, slot: str, value: str) -> None:
    *_, before, after = talked(*talk, text)
    assert after.slots[slot] == value
    assert after.state.wish == before.state.wish
    assert "reason" not in after.slots


@pytest.mark.parametrize(
    "text",
    [
        "能退406吗",
        "是不是406",
        "你们算错了吧",
        "没错",
        "还真是",
        "不是不是，我是问多久到账",
        "不对啊，怎么是57",
    ],
)
def test_what_puts_nothing_right_changes_nothing(text: str) -> None:
    *_, before, after = talked(*TRAIN, text)
    assert after.slots == before.slots


def test_a_slip_in_telling_is_no_mistaken_purchase() -> None:
    *_, after = talked("取消送票", "火车票", "我刚按错了，是电影票")
    assert after.slots == {"product": "movie_ticket"}
    *_, bought = talked("点卡，已发货，取消订单", "我买错了")
    assert bought.slots["reason"] == "mistake"


def test_a_second_wish_beside_a_correction_is_not_lost() -> None:
    alone = talked("优惠券会退回来吗")[-1]
    *_, after = talked("退火车票，460块", "不对，是406块，另外优惠券会退吗")
    assert after.slots["amount"] == "406.00"
    assert after.state.wish == "request_refund"
    assert set(after.cites) & set(alone.cites) or "coupon_refund" in after.state.later


def test_a_person_asked_for_in_a_correction_is_called() -> None:
    assert talked(*TRAIN, "不对，是406，别算了，转人工客服")[-1].handoff is not None
