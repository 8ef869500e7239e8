"""Orders: what a file may hold, and to whom an order is given out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.order import Order, OrderQuery, Refund
from bot.errors import TuidanError
from bot.messages import Update
from bot.orders.codec import from_json, to_json
from bot.orders.demo import demo_orders
from bot.orders.files import read_orders
from bot.orders.lookup import LOCKED_FOR, look_up
from bot.orders.record import OrderError, order_from
from bot.store.memory import MemoryStore

FULL = {
    "order_id": "tk2603070001",
    "product": "train_ticket",
    "title": "高铁",
    "amount": "380.5",
    "event_time": "2026-03-07T10:00:00+08:00",
    "order_status": "completed",
    "delivery_status": "signed",
    "pay_channel": "wechat",
    "platform": "12306",
    "paid_at": "2026-03-01T10:00:00",
    "phone_tail": "0801",
    "refund": {"amount": "57.00", "requested_at": "2026-03-02T10:00:00+08:00", "status": "processing"},
}


def test_a_record_is_written_as_the_slots_are() -> None:
    order = order_from(FULL)
    assert order.order_id == "TK2603070001"
    assert order.amount == "380.50"
    assert order.paid_at == "2026-03-01T10:00:00+08:00", "Shanghai unless said otherwise"
    assert order.refund == Refund("57.00", "2026-03-02T10:00:00+08:00", "processing")
    assert from_json(to_json(order)) == order
    assert from_json(to_json(Order("A1234"))) == Order("A1234")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"amount": 380.0}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "3.999"}, "amount"),
        ({"phone_tail": 801}, "phone_tail"),
        ({"phone_tail": "80１1"}, "phone_tail"),
        ({"product": "ship_ticket"}, "product"),
        ({"event_time": "明天"}, "event_time"),
        ({"event_time": "9999-01-01T00:00:00+08:00"}, "event_time"),
        ({"refund": {"status": "gone"}}, "refund.status"),
        ({"refund": {"status": "success", "sum": "1"}}, "refund.sum"),
        ({"order_id": ""}, "order_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_field_is_named(change: dict[str, object], key: str) -> None:
    with pytest.raises(OrderError) as error:
        order_from({**FULL, **change})
    assert error.value.key == key


def test_json_lines_keep_the_good_and_name_the_bad(tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_bytes(
        b'\xef\xbb\xbf{"order_id": "A10086", "amount": "1.00"}\n\n'
        b"{broken\n"
        b'{"order_id": "A10087", "amount": 1}\n'
        b'{"order_id": "A10086"}\n'
        b'["A10088"]\n'
        b'{"order_id": "A10089", "title": "\xff"}\n' + b"[" * 100_000 + b"\n"
        b'{"order_id": "A10090"}'
    )
    found = read_orders(file)
    assert [order.order_id for order in found.orders] == ["A10086", "A10090"]
    assert [bad.line for bad in found.bad] == [3, 4, 5, 6, 7, 8]
    assert "amount must be quoted" in found.bad[1].reason
    assert "given before, on line 1" in found.bad[2].reason


def test_csv_keeps_the_good_and_names_the_bad(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "order_id,title,amount,refund.status,refund\r\n"
        'A10086,"两张,\n连座",380,processing,\r\n'
        "A10087,,abc,,\r\n"
        "A10088,x\r\n"
        ',,,,\r\nA10089,,,,"{""status"": ""success""}"\r\n',
        encoding="utf-8-sig",
        newline="",
    )
    found = read_orders(file)
    assert [(order.order_id, order.title) for order in found.orders] == [
        ("A10086", "两张,\n连座"),
        ("A10089", None),
    ]
    assert [order.refund.status for order in found.orders if order.refund] == ["processing", "success"]
    assert [bad.line for bad in found.bad] == [4, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [("order_id,colour\nA10086,red\n", "colour"), ("title\nx\n", "order_id"), ("", "order_id")],
)
def test_a_wrong_header_imports_nothing(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(content)
    with pytest.raises(TuidanError, match=words):
        read_orders(file)


def test_the_demo_orders_are_told_from_today(now: datetime) -> None:
    today, later = demo_orders(now), demo_orders(now + timedelta(days=300))
    assert [order.order_id for order in today] == [order.order_id for order in later]
    assert len(today) == 6
    for at, orders in ((now, today), (now + timedelta(days=300), later)):
        ahead = [datetime.fromisoformat(o.event_time) - at for o in orders if o.event_time and not o.refund]
        assert all(timedelta(hours=3) < lead < timedelta(days=7) for lead in ahead)


Ask = Callable[..., str]


@pytest.fixture
def ask(now: datetime) -> Ask:
    """One look-up in a turn of its own; returns its status."""
    store = MemoryStore(
        [Order("A10086", phone_tail="1234"), Order("B10086", phone_tail="1234"), Order("C10086")]
    )
    turns = iter(range(1000))

    def once(order: str, tail: str, person: str = "p1", after: timedelta = timedelta()) -> str:
        update = Update(str(next(turns)), "c", person, "test", "", now + after)
        with store.turn(update) as turn:
            answer = look_up(turn, OrderQuery(order, tail), person, update.now)
            turn.write({}, [], [])
        assert (answer.order is not None) == (answer.status == "found")
        return answer.status

    return once


def test_who_knows_the_tail_gets_the_order(ask: Ask) -> None:
    assert ask("A10086", "1234") == "found"


@pytest.mark.parametrize("order", ["A10086", "X99999", "C10086"])
def test_three_wrong_tries_lock_the_order_for_everyone(ask: Ask, order: str) -> None:
    statuses = [ask(order, "0000", person) for person in ("p1", "p2", "p3", "p4")]
    assert statuses == ["refused", "refused", "refused", "locked"]
    assert ask(order, "1234", "p5") == "locked"


def test_three_wrong_tries_lock_the_person_for_every_order(ask: Ask) -> None:
    assert [ask(order, "0000") for order in ("A10086", "X99999", "Y99999")] == ["refused"] * 3
    assert ask("B10086", "1234") == "locked"
    assert ask("B10086", "1234", "p2") == "found"


def test_a_lock_lasts_a_day_and_then_gives_three_tries_again(ask: Ask) -> None:
    for _ in range(3):
        ask("A10086", "0000")
    assert ask("A10086", "1234", after=LOCKED_FOR - timedelta(seconds=1)) == "locked"
    assert ask("A10086", "0000", after=LOCKED_FOR) == "refused"
    assert ask("A10086", "1234", after=LOCKED_FOR) == "found"


def test_trying_while_locked_does_not_lengthen_the_lock(ask: Ask) -> None:
    for _ in range(3):
        ask("A10086", "0000")
    ask("A10086", "0000", after=LOCKED_FOR / 2)
    assert ask("A10086", "1234", after=LOCKED_FOR) == "found"


def test_an_order_without_a_tail_is_given_to_nobody(ask: Ask) -> None:
    assert ask("C10086", "----") == "refused"


def test_any_text_may_be_tried_as_a_tail(ask: Ask) -> None:
    assert ask("A10086", "一二三四\ud800") == "refused"


def test_a_refund_survives_the_codec() -> None:
    order = replace(Order("A1234"), refund=Refund(None, None, "abnormal"))
    assert from_json(to_json(order)) == order
