"""From raw text to words and sounds: nothing is lost, nothing invented, and nothing makes it fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import engine
from intents.clauses import parts, wanted
from intents.features import plain
from intents.normalise import LONGEST, normalise

TEXTS = st.text(max_size=200)


@pytest.mark.parametrize(
    ("raw", "normal", "script"),
    [
        ("我要退款", "我要退款", "hans"),
        ("我還沒收到訂單裡的東西", "我还没收到订单里的东西", "hant"),
        ("要怎麼退費", "要怎么退款", "hant"),
        ("帳號被鎖", "账号被锁", "hant"),
        ("３８０块　退吗", "380块 退吗", "hans"),
        ("唔係呢張單", "不是这张单", "hant"),
        ("啷个退票嘛", "怎么退票嘛", "hans"),
        ("急啊啊啊啊啊！！！！", "急啊啊!!", "hans"),
        ("退\u200b款\ufeff", "退款", "hans"),
        ("100000000元", "100000000元", "hans"),
        ("", "", "hans"),
    ],
)
def test_normal_form(raw: str, normal: str, script: str) -> None:
    result = normalise(raw)
    assert (result.text, result.script) == (normal, script)


def test_of_a_very_long_message_head_and_tail_are_read() -> None:
    normal = normalise("我要退款" + "垫字" * 100_000 + "转人工").text
    assert len(normal) <= LONGEST + 1
    assert normal.startswith("我要退款")
    assert normal.endswith("转人工")


@given(TEXTS)
def test_words_are_the_text_without_its_blanks(text: str) -> None:
    words = engine.engine().reader.segmenter.words(text)
    assert "".join(words) == "".join(text.split())


def test_words_of_the_trade_stay_whole() -> None:
    words = engine.engine().reader.segmenter.words
    assert words("我要取消送票")[-1] == "取消送票"
    assert "没收到" in words("我还没收到货")


@given(TEXTS)
def test_any_text_can_be_viewed_and_ranked(text: str) -> None:
    ready = engine.engine()
    ranking = ready.rank_text(text)
    scores = [score for _, score in ranking.best]
    assert scores == sorted(scores, reverse=True)
    assert {label for label, _ in ranking.best} == set(ready.intents.labels)
    assert 0 <= ranking.confidence <= 1


@pytest.mark.parametrize("spelling", ["退款", "退宽", "tuikuan", "TuiKuan", "tui kuan", "腿款"])
def test_what_sounds_alike_is_heard_alike(spelling: str) -> None:
    sounds = engine.engine().reader.sounds
    assert sounds.hear(spelling.lower())[1] == sounds.hear("退款")[1]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("wo yao tuikuan", "我要退款"),
        ("tuikuan进度", "退款进度"),
        ("steam", "steam"),
        ("wifi密码", "wifi密码"),
    ],
)
def test_pinyin_is_read_back(typed: str, read: str) -> None:
    assert engine.engine().reader.sounds.hear(typed)[0] == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("cancel my order", "取消我的订单"),
        ("tracking显示还在transit", "物流显示还在在路上"),
        ("wo yao cancel dingdan", "我要取消订单"),
        ("laptop屏幕有划痕", "电脑屏幕有划痕"),
    ],
)
def test_english_amid_chinese_is_read_as_chinese(typed: str, read: str) -> None:
    assert engine.engine().reader.sounds.hear(plain(typed))[0].replace(",", "") == read


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("不是要退票，是取消配送", "取消配送"),
        ("不是问退款到哪了，我想问手续费", "我想问手续费"),
        ("我不是本人，能退吗", "我不是本人，能退吗"),
        ("是不是扣手续费", "是不是扣手续费"),
        ("不是", "不是"),
    ],
)
def test_what_is_ruled_out_is_left_out(said: str, meant: str) -> None:
    assert wanted(said) == meant


@pytest.mark.parametrize(
    ("said", "count"),
    [("我要退票，另外问下手续费多少", 2), ("退款还有多久到", 1), ("订单还有没有救", 1), ("我要退票", 1)],
)
def test_parts(said: str, count: int) -> None:
    assert len(parts(said)) == count


@given(TEXTS)
def test_parts_and_wanted_only_take_away(text: str) -> None:
    assert wanted(text) in text
    assert all(part in text for part in parts(text))
