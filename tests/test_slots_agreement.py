"""What one message says of several things at once: states, causes, corrections, asides."""

from datetime import datetime

import pytest

from intents.slots import extract
from intents.slots.time_values import SHANGHAI

NOW = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)


def _heard(message: str, expecting: str | None = None) -> dict[str, str]:
    return {slot: value.value for slot, value in extract(message, NOW, expecting).slots.items()}


@pytest.mark.parametrize(("message", "expecting", "slots"), [
    ("平台系统故障,配送超时了", None, {"delay_cause": "system"}),
    ("系统崩了", "delay_cause", {"delay_cause": "system"}),
    ("快递员送错地址", "delay_cause", {"delay_cause": "courier"}),
    ("票我还要的,只是不用送了", "ticket_plan", {"ticket_plan": "keep"}),
    ("要的,就是不用送", "ticket_plan", {"ticket_plan": "keep"}),
    ("不留了", "ticket_plan", {"ticket_plan": "return"}),
    ("还没寄出,只是接单了", "delivery_status", {"delivery_status": "accepted"}),
    ("骑手还没接单", "delivery_status", {"delivery_status": "none"}),
    ("收到了,签收过了", "delivery_status", {"delivery_status": "signed"}),
    ("码发来了", "delivery_status", {"delivery_status": "delivering"}),
    ("码还没发", "delivery_status", {"delivery_status": "none"}),
    ("没点错,就是不想要了", None, {"reason": "changed_mind"}),
    ("没重复提交,就点了一次", None, {}),
    ("更正一下,是商家发错了", None, {"reason": "wrong_item"}),
    ("我看错了,是¥73", None, {"amount": "73.00"}),
    ("我看错了,快递还没取件", None, {"delivery_status": "accepted"}),
    ("3月4号退的,微信,什么时候到账", None,
     {"requested_at": "2026-03-04T00:00:00+08:00", "pay_channel": "wechat"}),
    ("不是用支付宝付的,用的是微信", None, {"pay_channel": "wechat"}),
    ("取消失败了", None, {}),
    ("蛋糕定的明天下午3点", None, {"product": "physical_goods"}),
])  # fmt: skip
def test_what_a_message_says_and_nothing_else(
    message: str, expecting: str | None, slots: dict[str, str]
) -> None:
    assert _heard(message, expecting) == slots


def test_late_and_not_arrived_is_paid_for() -> None:
    assert _heard("超时四十分钟没到账") == {"late_minutes": "40", "order_status": "paid_unshipped"}


@pytest.mark.parametrize(("message", "expecting"), [
    ("等等,截图发给别人会不会泄露我的银行卡号", "pay_channel"), ("先问一句,退票险最多赔多少", "amount"),
    ("更正一下,", "amount"), ("没赶上", "event_time"),
])  # fmt: skip
def test_an_aside_is_no_answer(message: str, expecting: str) -> None:
    assert expecting not in _heard(message, expecting)


@pytest.mark.parametrize(("message", "expecting", "slot", "value"), [
    ("不对,660块买的", "received_amount", "amount", "660.00"),
    ("付了215.5块", "received_amount", "amount", "215.50"),
    ("价格说错了,是830", "ticket_plan", "amount", "830.00"), ("三百", "amount", "amount", "300.00"),
])  # fmt: skip
def test_words_that_name_a_slot_go_before_what_was_asked(
    message: str, expecting: str, slot: str, value: str
) -> None:
    assert _heard(message, expecting) == {slot: value}
