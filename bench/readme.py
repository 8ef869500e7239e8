"""The figures that the READMEs show, written by the run that measured them: `make figures`."""

import os
import platform
import re
from dataclasses import dataclass

from bench.costs import Cost
from bench.processes import Process
from bench.quality import Quality
from bench.speed import JIEBA, RANK, ROOT, TURN_KEPT, UNDERSTAND
from intents.evaluate import Share

BLOCK = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->\n)", re.DOTALL)
TABLES = {
    "README.md": """\
| what | `make bench`, {machine} |
|---|---|
| ranking the intents of a message | {ranking} × the CPU of bare `jieba.lcut` on the same text |
| `understand`, details and all | {understand} ×; {understand_rate} a second of CPU; p99 {understand_p99} |
| a whole turn with its durable commit | {turn_rate} a second of CPU; p50 {turn_p50}, p99 {turn_p99} |
| a new process to its first answer | chat {chat_start}, `parse` {parse_start} |
| peak memory, after 1,000 messages | chat {chat_memory}, `parse` {parse_memory} |
| intents in scope right (rejected counts as wrong) | {inside} |
| out of scope, rejected | {rejected}; AUROC {separation} |
| the nearest topic of a question right | {topics} |
| simulated persons served right to the end | {served}; {turns} messages to the outcome (median) |
""",
    "README.zh-CN.md": """\
| 项目 | `make bench`，{machine} |
|---|---|
| 给一句话的意图排序 | 同样的文字，CPU 是只跑 `jieba.lcut` 的 {ranking} 倍 |
| `understand`，连信息一起 | {understand} 倍；每秒 CPU {understand_rate} 句；p99 {understand_p99} |
| 完整一轮，落盘提交 | 每秒 CPU {turn_rate} 轮；p50 {turn_p50}，p99 {turn_p99} |
| 新进程到第一个回答 | 聊天 {chat_start}，`parse` {parse_start} |
| 一千句之后的最高内存 | 聊天 {chat_memory}，`parse` {parse_memory} |
| 范围内意图正确（拒答算错） | {inside} |
| 范围外，拒答 | {rejected}；AUROC {separation} |
| 问题的主题找对 | {topics} |
| 模拟顾客从头到尾都办对 | {served}；到结论的消息数，中位 {turns} |
""",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One run."""

    costs: dict[str, Cost]
    chat: Process
    parse: Process
    quality: Quality


def write(figures: Figures) -> None:
    """Put a run's figures into both READMEs, between their marks. Raises ValueError where there are none."""
    values = _values(figures)
    for name, table in TABLES.items():
        path = ROOT / name
        text = path.read_text("utf-8")
        place = BLOCK.search(text)
        if place is None:
            raise ValueError(f"{path} has no place for figures")
        path.write_text(text[: place.end(1)] + table.format(**values) + text[place.start(2) :], "utf-8")


def _values(it: Figures) -> dict[str, str]:
    understand, turn, right = it.costs[UNDERSTAND], it.costs[TURN_KEPT], it.quality
    return {
        "machine": f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores",
        "ranking": f"{it.costs[RANK].cpu / it.costs[JIEBA].cpu:.1f}",
        "understand": f"{understand.cpu / it.costs[JIEBA].cpu:.1f}",
        "understand_rate": f"{understand.per_second:,.0f}",
        "understand_p99": _milliseconds(understand.p99),
        "turn_rate": f"{turn.per_second:,.0f}",
        "turn_p50": _milliseconds(turn.p50),
        "turn_p99": _milliseconds(turn.p99),
        "chat_start": f"{it.chat.warm:.2f} s",
        "parse_start": f"{it.parse.warm:.2f} s",
        "chat_memory": _megabytes(it.chat.memory),
        "parse_memory": _megabytes(it.parse.memory),
        "inside": _share(right.intents.in_scope),
        "rejected": _share(right.intents.rejected),
        "separation": f"{right.intents.separation:.3f}",
        "topics": _share(right.topics),
        "served": _share(right.simulation.right),
        "turns": f"{right.simulation.turns:g}",
    }


def _share(share: Share) -> str:
    return f"{share.share:.1%} ({share.right:,}/{share.all:,})"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def _megabytes(held: float | None) -> str:
    return "—" if held is None else f"{held:.0f} MB"
