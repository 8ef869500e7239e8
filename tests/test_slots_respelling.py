"""Words typed as they sound: in letters, with characters of the same sound, with blanks between them."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intents.slots import extract
from intents.slots.respelling import FILE, check, respelled
from intents.slots.time_values import SHANGHAI

NOW = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("typed", "read"), [
    ("还没fahuo", "还没发货"), ("gaotie票", "高铁票"), ("火车piao", "火车票"), ("weixin付的", "微信付的"),
    ("8dian ban", "8点半"), ("380kuai", "380块"), ("高贴票", "高铁票"), ("支付保付的", "支付宝付的"),
    ("退 火 车 票", "退火车票"), ("3 月 7 日 380 元", "3月7日 380元"), ("3 dian", "3点"),
    ("hai mei fahuo", "还没发货"),
])  # fmt: skip
def test_what_is_meant_is_read(typed: str, read: str) -> None:
    assert respelled(typed).text == read


@pytest.mark.parametrize("text", [
    "hello how are you", "klook app vip", "iPhone 15", "women's shoes", "高铁票", "下昼三点",
    "我买的衣服", "2026 元旦", "12306 上", "IMAX", "",
])  # fmt: skip
def test_other_words_stay(text: str) -> None:
    assert respelled(text).text == text


@given(
    st.lists(
        st.sampled_from(["huochepiao", "高贴票", "8dian", " ", "的", "退 火 车 票", "x", ",", "300"]),
        max_size=8,
    )
)
@example(["weixin fukuan", "高贴票"])
def test_every_reading_knows_its_place(parts: list[str]) -> None:
    text = "".join(parts)
    read = extract(text, NOW)
    for value in read.slots.values():
        assert value.said == text[value.start : value.end]
    for one, other in zip(read.spans, read.spans[1:], strict=False):
        assert one.end <= other.start


@pytest.mark.parametrize(("expecting", "said", "value"), [
    ("product", "huochepiao", "train_ticket"), ("order_status", "没fahuo", "paid_unshipped"),
    ("order_status", "已fahuo", "shipped"), ("pay_channel", "weixin", "wechat"),
    ("pay_channel", "微心", "wechat"),
    ("delivery_status", "陪送中", "delivering"), ("ticket_plan", "只quxiaopeisong", "keep"),
    ("event_time", "mingtian wanshang 8dian", "2026-03-07T20:00:00+08:00"),
])  # fmt: skip
def test_answers_as_they_sound(expecting: str, said: str, value: str) -> None:
    assert extract(said, NOW, expecting).slots[expecting].value == value


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    assert check() == []
    broken = tmp_path / "spelling.yaml"
    broken.write_text(FILE.read_text(encoding="utf-8").replace("火车票", "火车☃", 1), encoding="utf-8")
    (finding,) = check(broken)
    assert (finding.key, finding.line) == ("火车☃", 6)
