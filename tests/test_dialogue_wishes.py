"""Which wish a message serves in an open case: what goes over, what is put away, what is only a guess."""

from datetime import datetime

import pytest

from bot import app
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.session import Session
from intents.clauses import parts

NOW = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
TRAIN = "退火车票，明天下午四点发车，380块"


def talked(*messages: str) -> list[Turn]:
    session: Session = app.session_in_memory()
    turns = []
    for number, text in enumerate(messages):
        turn = session.handle(Update(str(number), "talk", "person", "terminal", text, NOW))
        assert turn is not None
        turns.append(turn)
    return turns


def began(turn: Turn) -> list[str]:
    return [str(event.data["wish"]) for event in turn.events if event.kind == "began"]


@pytest.mark.parametrize(
    "demand",
    [
        "取消订单！",
        "直接取消订单吧",
        "给我把这单取消掉",
        "现在取消订单行不行",
        "不等了，取消这个订单",
        "麻烦取消一下这笔订单",
        "我要取消订单",
        "那就取消订单吧",
    ],
)
def test_a_demand_is_not_kept_in_the_trouble_that_was_told(demand: str) -> None:
    *_, turn = talked("会员充了一直没到账", demand)
    assert turn.intent == "cancel_order"
    assert turn.slots["product"] == "virtual_goods"


@pytest.mark.parametrize(
    "told", ["我没取消订单", "已经取消过一次了", "商家自己把订单取消了", "怎么还没到啊", "客服说取消不了"]
)
def test_what_is_told_of_a_cancellation_demands_none(told: str) -> None:
    *_, turn = talked("会员充了一直没到账", told)
    assert "cancel_order" not in began(turn)


@pytest.mark.parametrize(
    "why",
    [
        "为什么扣这么多",
        "凭什么收我手续费",
        "怎么不全退给我",
        "这手续费哪来的",
        "扣我五十多块什么道理",
        "这么扣合理吗",
        "為什麼要扣錢",
    ],
)
def test_why_something_is_charged_is_told_from_the_answer(why: str) -> None:
    *_, told, turn = talked(TRAIN, why)
    assert "57.00" in turn.replies[0].text
    assert "T2.1" in turn.cites
    assert not began(turn)
    assert turn.slots == told.slots


@pytest.mark.parametrize("come", ["退了，怎么只到账300", "昨天已经退了，实际退回来300，怎么少了"])
def test_money_that_came_short_is_no_question_about_the_answer(come: str) -> None:
    *_, turn = talked(TRAIN, come)
    assert turn.state.wish == "refund_amount_wrong"


@pytest.mark.parametrize(
    "again", ["还是退吧", "想了想还是退了吧", "算了还是退掉", "那就退吧", "刚才那张还是退"]
)
def test_a_case_put_away_is_taken_up_as_it_was(again: str) -> None:
    told, _, turn = talked(TRAIN, "算了不退了", again)
    assert turn.slots == told.slots
    assert turn.outcome == told.outcome


@pytest.mark.parametrize("no", ["还是不退了", "嗯那就不办了", "算了算了"])
def test_a_case_put_away_stays_away_where_nothing_is_wanted(no: str) -> None:
    *_, turn = talked(TRAIN, "算了不退了", no)
    assert turn.outcome is None
    assert turn.state.wish is None


def test_a_case_put_away_keeps_nothing_that_proved_who_ordered() -> None:
    *_, turn = talked("订单号 A1234567，退票", "1234", "1234", "1234", "火车票，380块", "算了")
    assert turn.state.away is not None
    assert not {"order_id", "phone_tail"} & turn.state.away["facts"].keys()


def test_a_case_put_away_survives_being_stored() -> None:
    *_, turn = talked(TRAIN, "算了不退了")
    assert State.from_json(turn.state.to_json()) == turn.state


@pytest.mark.parametrize(
    "more",
    [
        "还有一张也想退",
        "另外一张也退了吧",
        "我还有张票要退",
        "又要退一张",
        "还有一张，后天早上九点的，要退",
        "还有一张呢，后天早上九点的",
        "那另外那张是后天下午两点的",
    ],
)
def test_another_ticket_is_a_case_of_its_own(more: str) -> None:
    *_, turn, back = talked(TRAIN, more, "上一张到底扣多少")
    assert "amount" not in turn.slots
    assert back.slots["amount"] == "380.00"


@pytest.mark.parametrize(
    "same", ["还有一个问题，多久到账", "还有一张优惠券退不退", "还有多久涨价", "换一张银行卡行吗"]
)
def test_something_else_beside_the_ticket_is_no_other_ticket(same: str) -> None:
    *_, turn = talked(TRAIN, same)
    assert turn.slots["amount"] == "380.00"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("两件事:一 退票;二 优惠券还我不", ["退票", "优惠券还我不"]),
        ("第一,退火车票 第二,查退款", ["退火车票", "查退款"]),
        ("一是取消订单,二是投诉商家", ["取消订单", "投诉商家"]),
        ("1、怎么退票 2、几天到账", ["怎么退票", "几天到账"]),
        ("1. 怎么退票 2. 几天到账", ["怎么退票", "几天到账"]),
        ("第一次买,第二天想退", ["第一次买,第二天想退"]),
        ("一张1.5折的,2.5号的,退", ["一张1.5折的,2.5号的,退"]),
        ("1号买的,2号的票,退", ["1号买的,2号的票,退"]),
        ("一楼的票,二楼的不要", ["一楼的票,二楼的不要"]),
    ],
)
def test_a_list_falls_into_what_it_counts(text: str, pieces: list[str]) -> None:
    assert parts(text) == pieces


@pytest.mark.parametrize(
    ("anger", "matter"),
    [
        ("你们是不是骗人的", False),
        ("抢钱呢你们", False),
        ("你们这帮废物", False),
        ("骗子，退款到现在没到账", True),
        ("坑人，火车票凭什么不能退", True),
    ],
)
def test_anger_alone_begins_no_case(anger: str, matter: bool) -> None:
    (turn,) = talked(anger)
    assert bool(began(turn)) is matter
    assert turn.handoff is None


@pytest.mark.parametrize(
    "asked", ["我妈让我来问退票", "我爸叫我问一下退票的事", "替老伴问退票", "我妈要我帮她问问退票怎么弄"]
)
def test_who_asks_for_a_parent_is_no_minor(asked: str) -> None:
    (turn,) = talked(asked)
    assert turn.state.wish in {"request_refund", "refund_status"}


@pytest.mark.parametrize(
    "late", ["怎么还没到", "所以最晚到哪天", "到底几号到", "是不是你们扣着不退", "微信付的啦"]
)
def test_a_refund_that_is_waited_for_stays_the_matter(late: str) -> None:
    *_, turn = talked("3月5号申请的退款，点卡，微信付的", late)
    assert turn.state.wish == "refund_status"


@pytest.mark.parametrize("late", ["要是到时候还没到呢", "那要是过了这天还不来怎么办", "超期了该找谁"])
def test_what_to_do_once_a_refund_is_late_is_told_beforehand(late: str) -> None:
    *_, turn = talked("3月5号申请的退款，点卡，微信付的", late)
    assert "K4.3" in turn.cites
    assert "3月10日" in turn.replies[0].text


@pytest.mark.parametrize(
    "said",
    [
        "我想换一个新的",
        "能不能给我补发一个",
        "不是我弄坏的",
        "不是我摔的",
        "那我不想要了",
        "再给我发一个好的",
    ],
)
def test_faulty_goods_stay_faulty(said: str) -> None:
    *_, turn = talked("台灯收到是坏的，质量问题", said)
    assert turn.slots["reason"] == "quality"
    assert turn.outcome is None or turn.outcome.verdict == "conditional"
