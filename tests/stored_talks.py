"""Conversations as hypothesis draws them, held with the whole bot on a real database.

Left out is what a mask takes away for good: digits in words, and addresses with a sum in them.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from bot.app import mind
from bot.dialogue.order import Order
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.orders.demo import demo_orders
from bot.privacy import is_identity_number, passes_luhn
from bot.replay import suite
from bot.session import Session
from bot.store.protocol import Store

HERE = Path(__file__).parent
NOW = datetime.fromisoformat("2026-03-06T04:00:00.000250+08:00")


@dataclass(frozen=True)
class Line:
    """One message: in which of two conversations, how long after the last, and how often it comes."""

    text: str
    after: timedelta
    elsewhere: bool = False
    times: int = 1
    orders_move: bool = False
    """The shop's orders are told anew before it, from the clock of then."""


@cache
def written() -> tuple[str, ...]:
    """Every message of the written suites and of those kept aside."""
    suites = suite.read([HERE / "dialogues"]).dialogues
    said = [turn.user for dialogue in suites for turn in dialogue.turns]
    for file in sorted((HERE / "messages").glob("*.jsonl")):
        said += [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
    return tuple(dict.fromkeys(said))


def identity(number: int) -> str:
    body = f"11010519{50 + number % 50}0307{number % 1000:03}"
    return next(body + check for check in "0123456789X" if is_identity_number(body + check))


def card(number: int) -> str:
    body = f"622202{number % 10**12:012}"
    return next(body + check for check in "0123456789" if passes_luhn(body + check))


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in text)


NUMBERS = st.sampled_from([order.order_id for order in demo_orders(NOW)]) | st.sampled_from(
    ["TK2603079999", "20260306123456789", "LX-2026-0312", "4Q7Z81KX92PA"]
)
TAILS = st.sampled_from([order.phone_tail or "" for order in demo_orders(NOW)]) | st.integers(0, 9999).map(
    "{:04}".format
)
PHONES = st.integers(0, 10_000).map(lambda number: f"1{30 + number % 70}{(number + 7) * 48271 % 10**8:08}")
HOW = st.sampled_from([str, str, str, str.lower, wide])
LOOK_UPS = st.one_of(
    st.builds(
        lambda words, number, how: words.format(how(number)),
        st.sampled_from(
            ["查一下订单{}的退款", "订单号{}", "{}", "我要退{}这个单", "{}到哪了", "訂單{}想退款"]
        ),
        NUMBERS,
        HOW,
    ),
    st.builds(
        lambda words, tail, how: words.format(how(tail)),
        st.sampled_from(["{}", "尾号{}", "手机尾号是{}", "我手机后四位{}", "{}吧", "应该是{}"]),
        TAILS,
        st.sampled_from([str, str, str, wide]),
    ),
    st.builds("订单{}，尾号{}，想退".format, NUMBERS, TAILS),
    st.sampled_from(["不清楚", "重新开始", "算了", "换个订单", "忘了"]),
)
PRIVATE = st.one_of(
    st.builds(
        lambda words, phone, how: words.format(how(phone)),
        st.sampled_from(["我电话{}", "{}", "充错了，充到{}了", "手机号是{}，快点退", "打這個電話{}"]),
        PHONES,
        st.sampled_from([str, str, wide, lambda p: f"{p[:3]} {p[3:7]} {p[7:]}", lambda p: f"+86{p}"]),
    ),
    st.builds("身份证{}，怎么实名".format, st.integers(0, 999).map(identity)),
    st.builds(
        lambda words, number: words.format(number),
        st.sampled_from(["钱退到银行卡{}", "卡号{}", "{}", "退到这张卡 {} 上，500块"]),
        st.integers(0, 10**12 - 1).map(card),
    ),
    st.builds("发到{}@qq.com".format, st.sampled_from(["zhangsan", "12345678", "li.si", "a.b"])),
)
ODD = st.sampled_from(
    [
        "",
        "  ",
        "yes",
        "2026-03-07",
        "'",
        '"\n- x: y',
        "退票\r\n: #",
        "\x00\x1b[2J退票",
        "[手机号]",
        "尾号****",
        "嗯" * 5000,
    ]
) | st.text(max_size=20)
GAPS = st.sampled_from(
    [
        timedelta(),
        timedelta(seconds=7),
        timedelta(minutes=3),
        timedelta(hours=5),
        timedelta(days=1, minutes=1),
    ]
) | st.integers(-(10**11), 10**11).map(lambda micros: timedelta(microseconds=micros))
TEXTS = st.one_of(st.deferred(lambda: st.sampled_from(written())), LOOK_UPS, LOOK_UPS, PRIVATE, ODD)
LINES = st.builds(
    Line,
    text=TEXTS,
    after=GAPS,
    elsewhere=st.sampled_from([False, False, False, True]),
    times=st.sampled_from([1, 1, 1, 2]),
    orders_move=st.sampled_from([False] * 7 + [True]),
)
TALKS = st.lists(LINES, min_size=1, max_size=14)


def held(store: Store, lines: list[Line]) -> list[Turn]:
    """The turns of the conversation "here" after one person has said all that, there and elsewhere."""
    now, turns = NOW, []
    store.save_orders(demo_orders(now))
    for number, line in enumerate(lines):
        now += line.after
        if line.orders_move:
            store.save_orders(demo_orders(now))
        conversation = "elsewhere" if line.elsewhere else "here"
        for _ in range(line.times):
            # Opened anew for every message: what is not in the store is lost.
            turn = Session(store, mind()).handle(
                Update(str(number), conversation, "anna", "test", line.text, now)
            )
            if turn is not None and not line.elsewhere:
                turns.append(turn)
    return turns


def an_order(number: str, tail: str, **fields: str) -> Order:
    return replace(demo_orders(NOW)[0], order_id=number, phone_tail=tail, **fields)
