"""What persons write who give things away, correct themselves, and are answered by a shop with six orders."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from bot.orders.demo import demo_orders
from bot.replay.suite import read_file

NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
TESTS = Path(__file__).parent.parent
ORDERS = tuple(demo_orders(NOW))
GIVEN_AWAY = (
    "13800138000",
    "我手机号是138 0013 8001",
    "+86 138-0013-8002",
    "手机号一三八零零一三八零零零",
    "身份证11010519491231002X",
    "身份证号码：110105194912310021，外籍账户",
    "银行卡6222021234567890128，退到这张卡",
    "卡号 6222 0212 3456 7890 128",
    "4111111111111111",
    "订单号4111111111111111",
    "写信a.b@qq.com",
    "１３８００１３８０００",
    "[手机号]",
    "****",
    "就是[银行卡号]那张",
)
ABOUT_ORDERS = (
    *(f"退票，订单号{order.order_id}" for order in ORDERS[:3]),
    *(f"查一下{order.order_id.lower()}" for order in ORDERS[3:]),
    *(f"{order.order_id} 尾号{order.phone_tail}" for order in ORDERS),
    *(f"尾号是{order.phone_tail}" for order in ORDERS[:3]),
    *(str(order.phone_tail) for order in ORDERS),
    "订单号TK2603079999，尾号1234",
    "1234",
    "8 0 0 1",
    "八零零一",
    "手机号13800138001",
    "尾号2026",
    "1000",
    "不清楚",
    "8001，票价1530块",
    "订单号AB8001，尾号8001",
)
TURNING = (
    "不对，是后天晚上八点的车",
    "不对",
    "说错了，400块",
    "依据",
    "再说一遍",
    "为什么问这个",
    "算了",
    "重新开始",
    "转人工",
    "不知道",
    "是的",
    "不是",
    "1",
    "2",
    "3",
    "…",
    "",
    "  \n ",
    "你们都是骗子",
    "先取消送票，再查一下退款到哪了",
    "我想退火車票，380塊，明天下午四點發車",
    "訂單編號TK2603070001",
    "380块，明天下午四点发车，快递还没取件",
    "要是后天退呢",
    "啊" * 2100 + "退火车票" + "呢" * 2500 + "，380块",
)
ALL = (*GIVEN_AWAY, *ABOUT_ORDERS, *TURNING)
AFTER = (
    timedelta(),
    timedelta(seconds=1, microseconds=7),
    timedelta(minutes=2),
    timedelta(hours=7),
    timedelta(days=2),
    -timedelta(minutes=9),
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a person, so long after the one before; `again` where it is delivered twice."""

    text: str
    after: timedelta = timedelta(minutes=1)
    again: bool = False


@cache
def written() -> tuple[str, ...]:
    """Messages of the suites and of the files that are kept for measuring."""
    suites = (read_file(file)[0] for file in sorted((TESTS / "dialogues").rglob("*.yaml")))
    spoken = [turn.user for dialogues in suites for dialogue in dialogues for turn in dialogue.turns]
    lines = (TESTS / "messages" / "own_aside.jsonl").read_text("utf-8").splitlines()
    return tuple(dict.fromkeys([*spoken, *(json.loads(line)["text"] for line in lines)]))


def talk(chance: Random) -> list[Message]:
    """The messages of one person who has a suite's case and strays from it."""
    texts = [chance.choice(written()) for _ in range(chance.randint(2, 6))]
    for _ in range(chance.randint(1, 4)):
        texts.insert(chance.randrange(len(texts) + 1), chance.choice(ALL[:-1]))
    return [Message(text, chance.choice(AFTER), chance.random() < 0.05) for text in texts]
