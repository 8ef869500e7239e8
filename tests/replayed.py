"""A suite that holds, and what the tests of replay do with it."""

from collections.abc import Sequence
from pathlib import Path

from bot.app import mind
from bot.replay import report, runner, suite

GOOD = """\
name: 送票
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 取消送票，是火车票
    intent: cancel_delivery
    slots: {product: train_ticket, amount: null}
    outcome: null
    handoff: null
  - user: 票也不要了，380块，明天上午10点发车，快递还没取件
    after: 2m
    slots: {amount: "380.00", event_time: 2026-03-07T02:00:00+00:00}
    outcome: {verdict: allowed, fee: "57.00", next_change: {fee: "190.00"}, citations: [T2.1]}
    says: ["57.00 元", "/(15|50)%/"]
    never_says: [黄牛, "/转账/"]
    cites: [T2.1]
"""
ORDERS = """\
name: 查订单
now: "2026-03-06T04:00:00+08:00"
orders:
  - {order_id: TK2603070001, product: train_ticket, amount: "380.00", phone_tail: "8001",
     event_time: 2026-03-07T10:00:00+08:00, refund: null}
turns:
  - user: 查一下订单TK2603070001的退款
    asks: phone_tail
  - user: "8001"
    slots: {product: train_ticket, event_time: 2026-03-07T10:00:00+08:00}
"""


def write(folder: Path, text: str, name: str = "suite.yaml") -> Path:
    """The file, written."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def replayed(paths: Sequence[Path]) -> report.Report:
    """The report on the suites in these files and folders."""
    suites = suite.read(paths)
    return report.Report(tuple(runner.run(d, mind()) for d in suites.dialogues), suites.faults)


def run(folder: Path, text: str) -> report.Report:
    """The report on this one suite."""
    return replayed([write(folder, text)])
