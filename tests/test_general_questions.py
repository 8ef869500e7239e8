"""Questions in general: how long before, the same question of another thing, and what is refused."""

import itertools
from datetime import datetime

import pytest

from bot.dialogue import step
from bot.dialogue.leads import lead_hours
from bot.dialogue.refusal import refused
from bot.dialogue.scene import QUESTION, Scene
from bot.dialogue.state import State
from bot.dialogue.turn import Heard, Turn
from intents import understand
from knowledge.answers import answers, sibling

NOW = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
VAST = 100_000


def talk(*messages: str) -> Turn:
    """The last turn of a conversation."""
    state = State()
    for text in messages:
        turn = step(state, Heard(understand(text, NOW, state.asked)), NOW)
        state = turn.state
    return turn


def told(turn: Turn) -> list[object]:
    return [event.data["topic"] for event in turn.events if event.kind == "told"]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("提前两天", 48, 48),
        ("超过两天呢", 48.01, 49),
        ("不到两天的话", 47, 47.99),
        ("只剩四五个钟头", 4, 5),
        ("一天半以前", 36, 36),
        ("三十个小时", 30, 30),
        ("半小时", 0.5, 0.5),
        ("12小时以内", 11, 11.99),
        ("一周", 168, 168),
        ("车开走以后", -1, -1),
    ],
)
def test_how_long_before_the_start_is_read(text: str, least: float, most: float) -> None:
    hours = lead_hours(text)
    assert hours is not None
    assert least <= hours <= most


@pytest.mark.parametrize("text", ["电影票呢", "两天和三天有什么不同", "手续费多少"])
def test_no_lead_is_read_where_none_is_named(text: str) -> None:
    assert lead_hours(text) is None


@pytest.mark.parametrize("product", ["train_ticket", "movie_ticket", "scenic_ticket"])
def test_every_lead_has_one_part_of_the_ladder(product: str) -> None:
    parts = sorted(
        part.hours
        for part in answers().values()
        if part.hours and product in part.asked.get("fee", {}).get("product", ())
    )
    assert parts[-1][1] == VAST
    assert all(before[1] == after[0] for before, after in itertools.pairwise(parts))


@pytest.mark.parametrize(
    ("hours", "topic"),
    [(48, "part.train_free"), (24, "part.train_low"), (6, "part.train_half"), (5.9, "train_offline_window")],
)
def test_the_parts_hold_at_their_edges_as_the_rules_do(hours: float, topic: str) -> None:
    found = sibling("fee", {"product": "train_ticket"}, {"product"}, hours)
    assert found is not None
    assert found.topic == topic


def test_a_sibling_is_about_what_was_named() -> None:
    assert sibling("fee", {"product": "movie_ticket"}, {"pay_channel"}) is None
    found = sibling("arrival", {"product": "movie_ticket", "pay_channel": "alipay"}, {"pay_channel"})
    assert found is not None
    assert found.topic == "arrival_wallet"


@pytest.mark.parametrize(
    ("messages", "topic"),
    [
        (("高铁退票怎么扣钱", "影票呢"), "movie_two_hours"),
        (("电影票什么时候退不要钱", "那动车呢"), "train_fee_ladder"),
        (("动车退票收多少", "要是超过两天呢"), "part.train_free"),
        (("微信付的几天退到", "换成信用卡呢"), "arrival_bank_card"),
        (("没取件的时候取消送票收钱吗", "那已经派送中呢"), "delivery_under_way"),
    ],
)
def test_the_same_question_is_answered_for_another_thing(messages: tuple[str, ...], topic: str) -> None:
    assert topic in told(talk(*messages))


def test_asking_in_between_does_not_wear_a_question_out() -> None:
    aside = "客服能看到我手机号吗"
    turn = talk("我要退火车票，200块", aside, aside, aside, aside, aside)
    assert turn.asks == "event_time"
    assert "event_time" not in turn.slots


@pytest.mark.parametrize(
    "text",
    [
        "我老公买的火车票想退",
        "订单号TK2603070001，尾号8001，我要退票",
        "客服答应退给我的，一直没退",
        "验证码收不到",
        "程序老出错，取消不了",
        "我是用爸爸的身份证买的票，想退",
    ],
)
def test_innocent_words_are_not_refused(text: str) -> None:
    said = understand(text, NOW)
    scene = Scene(State(), said, None, NOW, said.intent, said.confidence, dict(said.slots))
    assert refused(scene) is None


def test_a_case_with_figures_is_no_question_whether_it_can_be_promised() -> None:
    turn = talk("能保证退给我吗，380块的火车票，明天上午十点发车")
    assert turn.outcome is not None
    assert str(turn.outcome.fee) == "57.00"


@pytest.mark.parametrize("text", ["提前几日", "行不行", "有无", "退得了不", "到账了没", "没记错吧", "扣多少"])
def test_questions_without_a_mark_are_questions(text: str) -> None:
    assert QUESTION.search(text)


@pytest.mark.parametrize("text", ["十几块钱", "我不要", "明天上午十点", "已经好几天了"])
def test_statements_are_no_questions(text: str) -> None:
    assert not QUESTION.search(text)
