"""Moves in the talk, and the mood of a message."""

import pytest

from intents import mood, moves
from intents.mood import mood_of
from intents.moves import find_moves


@pytest.mark.parametrize(("message", "move"), [
    ("不对,是后天", "correct"), ("说错了,是280", "correct"), ("不是火车票,是电影票", "correct"),
    ("应该是下午三点", "correct"), ("我看错了,是¥73", "correct"), ("记错了,是凌晨三点", "correct"),
    ("唉又说错了,是今天", "correct"), ("更正一下", "correct"), ("搞错了,不是电影票", "correct"),
    ("打错了是8001", "correct"), ("我看错了,快递还没取件", "correct"),
    ("晚两个小时再取消", "what_if"), ("等周五再办", "what_if"), ("那我12小时以后再退", "what_if"),
    ("说不清", "unsure"), ("搞不清楚", "unsure"), ("不记得", "unsure"), ("晓不得", "unsure"),
    ("没印象", "unsure"),
    ("我哪知道", "unsure"), ("不知道怎么回事", "unsure"), ("随便", "unsure"), ("不确定", "unsure"),
    ("没看懂,你再说一次", "repeat"), ("没听清", "repeat"),
    ("要是明天再退呢", "what_if"), ("如果我后天退会扣多少", "what_if"), ("明天再退呢", "what_if"),
    ("不清楚", "unsure"), ("忘了", "unsure"), ("跳过", "unsure"), ("我不知道啊", "unsure"), ("记不清了",
    "unsure"),
    ("为什么要问这个", "why_ask"), ("你要尾号干嘛", "why_ask"), ("再说一遍", "repeat"), ("啥?", "repeat"),
    ("说简单点", "simpler"), ("看不懂", "simpler"), ("依据呢", "sources"), ("凭什么这么说", "sources"),
    ("你怎么知道", "sources"),
    ("那没办法了?", "other_way"), ("还有别的办法吗", "other_way"), ("那我该怎么办呢", "other_way"),
    ("那我该咋办嘛,我不会弄", "how"), ("那具体怎么操作呢", "how"), ("唉,我不会弄", "how"),
    ("下一步呢", "how"),
    ("没法子了吗", "other_way"), ("快点", "hurry"), ("在吗", "hurry"), ("急!", "hurry"),
])  # fmt: skip
def test_moves(message: str, move: str) -> None:
    assert move in find_moves(message)


@pytest.mark.parametrize(
    "message",
    [
        "我看错了,想退票",
        "商家看错了",
        "不是说好三天吗",
        "买错了",
        "昨天才退的",
        "我要退票",
        "380块",
        "票价三百八明天上午10点发车",
        "不知道怎么退票",
        "我不是要退票",
        "微信付的",
    ],
)
def test_plain_messages_make_no_move(message: str) -> None:
    assert find_moves(message) == ()


@pytest.mark.parametrize(("message", "felt"), [
    ("我要退票", "calm"), ("谢谢", "calm"), ("气死了", "upset"), ("什么破平台", "upset"),
    ("三天了还没到账", "upset"), ("退钱!!", "upset"),
    ("傻逼客服", "abusive"), ("你们这群骗子公司滚蛋!!", "abusive"),
])  # fmt: skip
def test_mood(message: str, felt: str) -> None:
    assert mood_of(message) == felt


def test_our_own_lists_are_sound() -> None:
    assert moves.check() == mood.check() == []
