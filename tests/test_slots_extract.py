"""Reading all slots of a message: a labelled set, and laws that hold for any text."""

import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from intents.slots import extract
from intents.slots.identifiers import is_id_card
from intents.slots.time_values import SHANGHAI

NOW = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)
_FIGURES = {"amount", "received_amount", "event_time", "requested_at", "late_minutes"}
_SLOTS = [
    "amount", "event_time", "order_id", "phone_tail", "late_minutes", "requested_at", "received_amount",
    "product",
    "ticket_plan", "delivery_status", "order_status", "pay_channel", "platform", "account_type",
    "region", "reason",
    "failure", "delay_cause", "insured",
]  # fmt: skip


def _messages(aside: bool) -> list[dict[str, Any]]:
    path = Path(__file__).parent / "slots" / "messages.yaml"
    everything = yaml.load(path.read_text(encoding="utf-8").translate(_WIDE), Loader=yaml.CSafeLoader)
    return [message for place, message in enumerate(everything) if (place % 3 == 2) == aside]


_WIDE = str.maketrans("，：？！￥", ",:?!¥")


def _score(messages: list[dict[str, Any]]) -> tuple[float, list[str]]:
    """F1 over all slots, and the messages where a wrong figure is stated as certain."""
    counts: Counter[str] = Counter()
    wrong = []
    for message in messages:
        wanted = {slot: (v.rstrip("?"), v.endswith("?")) for slot, v in message.get("slots", {}).items()}
        read = extract(message["text"], NOW, message.get("expecting")).slots
        for slot, got in read.items():
            value = got.value[:10] if slot == "requested_at" else got.value
            right = slot in wanted and wanted[slot][0] in ("", value)
            counts["right" if right else "extra"] += 1
            counts["missing"] += not right and slot in wanted
            if slot in _FIGURES and got.certain and not right:
                wrong.append(message["text"])
        counts["missing"] += sum(slot not in read and not optional for slot, (_, optional) in wanted.items())
    return 2 * counts["right"] / (2 * counts["right"] + counts["extra"] + counts["missing"]), wrong


@pytest.mark.parametrize(("aside", "bar"), [(False, 0.98), (True, 0.94)])
def test_the_labelled_messages(aside: bool, bar: float) -> None:
    score, wrong = _score(_messages(aside))
    assert score >= bar
    assert wrong == []


@given(st.text(max_size=80), st.sampled_from([None, *_SLOTS]))
@example("3张票一共240,尾号1234,明天8点", None)
@example("ǰ不是İ微信付的", "pay_channel")
def test_each_character_is_read_once(text: str, expecting: str | None) -> None:
    read = extract(text, NOW, expecting)
    end = 0
    for span in read.spans:
        assert end <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]
        end = span.end
    for value in read.slots.values():
        assert value.certain == (value.doubt is None)
        assert value.said == text[value.start : value.end]


@given(st.lists(st.sampled_from("票退不没380块明天8点还微信付收到了号,"), max_size=30).map("".join))
def test_equal_words_give_equal_readings(text: str) -> None:
    assert extract(text, NOW) == extract(text, NOW)


@pytest.mark.parametrize(
    "unit", ["1", "一", "3天前", "还有", "不是", "a1", "8点3月8号380块", "说", "1,", "提前3天", "-"]
)
def test_a_megabyte_is_read_in_no_time(unit: str) -> None:
    extract("暖", NOW)
    start = time.process_time()
    extract(unit * (1_000_000 // len(unit)), NOW)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(("message", "slot", "value"), [
    ("订单号JD20250318447", "order_id", "JD20250318447"), ("单号 xj40912", "order_id", "XJ40912"),
    ("国际订单号A1B2C3D4E5F6", "order_id", "A1B2C3D4E5F6"), ("202603061234567890怎么还没发", "order_id",
    "202603061234567890"),
    ("手机尾号6621", "phone_tail", "6621"), ("手机后四位是幺二三四", "phone_tail", "1234"),
    ("超时两小时了", "late_minutes", "120"), ("说十分钟到账,等了两小时", "late_minutes", "110"),
])  # fmt: skip
def test_numbers_that_name(message: str, slot: str, value: str) -> None:
    assert extract(message, NOW).slots[slot].value == value


@pytest.mark.parametrize("message", [
    "快递单号SF1234567890", "订单尾号6621", "银行卡尾号8812", "我电话13800138000打不通",
    "卡号6222021234567890123",
    "身份证11010519491231002X", "航班号CA1234", "20260307", "300点券",
])  # fmt: skip
def test_numbers_that_name_something_else(message: str) -> None:
    assert not {"order_id", "phone_tail"} & extract(message, NOW).slots.keys() or "电话" in message


def test_the_checksum_of_identity_cards() -> None:
    assert is_id_card("11010519491231002X")
    assert not is_id_card("110105194912310021")


@pytest.mark.parametrize(("one", "other", "slot"), [
    ("还没发货", "已经发货了", "order_status"), ("还没付款", "已付款未发货", "order_status"),
    ("骑手接单了没取", "快递已经取走了", "delivery_status"),
    ("取票码没收到", "取票码收到了", "delivery_status"), ("票我留着,别送了", "票也不要了", "ticket_plan"),
    ("没买退票险", "买了退票险", "insured"), ("没实名", "已经实名了", "account_type"),
])  # fmt: skip
def test_contrasts(one: str, other: str, slot: str) -> None:
    assert extract(one, NOW).slots[slot].value != extract(other, NOW).slots[slot].value


@pytest.mark.parametrize(
    "message", ["发货了吗", "签收了吗", "什么时候发货", "要不要退票", "我要退票", "你好", "怎么取消订单"]
)
def test_a_question_is_no_state(message: str) -> None:
    assert extract(message, NOW).slots == {}


def test_denials() -> None:
    read = extract("不是火车票是电影票", NOW)
    assert read.slots["product"].value == "movie_ticket"
    assert read.denied == (("product", "train_ticket"),)
    read = extract("不是微信付的", NOW, "pay_channel")
    assert "pay_channel" not in read.slots
    assert read.denied == (("pay_channel", "wechat"),)


@pytest.mark.parametrize(("expecting", "answers"), [
    ("ticket_plan", {"要": "keep", "不要了": "return", "留着": "keep", "退": "return"}),
    ("order_status", {"没发": "paid_unshipped", "发了": "shipped", "还没付": "unpaid",
    "收到了": "completed"}),
    ("delivery_status", {"没取": "accepted", "在送": "delivering", "收到了": "signed", "没有": "none"}),
    ("phone_tail", {"1234": "1234", "一二三四": "1234", "13912345678": "5678"}),
    ("late_minutes", {"40": "40", "一个半小时": "90"}),
    ("product", {"电影": "movie_ticket", "就是火车的": "train_ticket"}),
])  # fmt: skip
def test_bare_answers(expecting: str, answers: dict[str, str]) -> None:
    for said, value in answers.items():
        assert extract(said, NOW, expecting).slots[expecting].value == value, said


@pytest.mark.parametrize("said", ["1234", "没", "发了", "收到", "卡", "40", "没有"])
def test_what_says_nothing_unasked(said: str) -> None:
    assert extract(said, NOW).slots == {}
