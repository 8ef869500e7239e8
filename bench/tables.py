"""The figures for people: tables with the aim beside each figure."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from bench.costs import Cost
from bench.growth import Size
from bench.processes import Process
from bench.quality import Quality
from bench.speed import JIEBA, RANK, TURN_KEPT, UNDERSTAND
from intents.evaluate import Share

AIMS = {
    RANK: "≤ 2.3 × jieba",
    UNDERSTAND: "≤ 5 × jieba, p99 < 2 ms",
    TURN_KEPT: "p50 < 4, p99 < 15 ms, ≥ 250/s",
}


def speed(costs: Mapping[str, Cost], texts: int, rounds: int) -> Table:
    """Messages a second and latencies, each beside jieba."""
    table = _table(
        f"Speed: {texts} messages, {rounds} rounds side by side",
        "messages/s",
        "× jieba.lcut",
        "p50",
        "p99",
        "aim",
    )
    for name, cost in costs.items():
        table.add_row(
            name,
            f"{cost.per_second:,.0f}",
            f"{cost.cpu / costs[JIEBA].cpu:.2f}",
            _milliseconds(cost.p50),
            _milliseconds(cost.p99),
            AIMS.get(name, ""),
        )
    return table


def processes(rows: Sequence[Process]) -> Table:
    """One row a command."""
    table = _table("A new process", "first answer", "without caches", "peak memory", "aim")
    for row in rows:
        table.add_row(
            row.name,
            f"{row.warm:.2f} s",
            f"{row.cold:.2f} s",
            _megabytes(row.memory),
            "≤ 1 s, ≤ 4 s, ≤ 150 MB",
        )
    return table


def growth(sizes: Sequence[Size]) -> Table:
    """Ranking by a file of examples, as the file grows."""
    table = _table(
        "Ten times the examples (ranking alone, trained from a file)",
        "× jieba.lcut",
        "training",
        "peak memory",
        "aim",
    )
    for size in sizes:
        aim = "≤ 2 × the row above" if size is not sizes[0] else ""
        table.add_row(
            f"{size.examples:,}", f"{size.ratio:.2f}", f"{size.training:.1f} s", _megabytes(size.memory), aim
        )
    return table


def quality(found: Quality) -> Table:
    """What is right: of what was kept aside from training, and of what was in sight while working on it."""
    report, slots, simulated = found.intents, found.slots, found.simulation
    table = _table("Right, of labelled messages and simulated persons", "share", "of", "labels", "aim")

    def row(name: str, share: Share, labels: str, aim: str = "") -> None:
        table.add_row(name, f"{share.share:.1%}", f"{share.all:,}", labels, aim)

    row("intents, in scope", report.in_scope, "kept aside", "≥ 92%")
    for voice, share in report.voices.items():
        row(f"  voice {voice}", share, "")
    row("out of scope, rejected", report.rejected, "kept aside", "≥ 90%")
    table.add_row("out of scope, AUROC", f"{report.separation:.4f}", "", "kept aside", "≥ 0.98")
    row("topics of questions", found.topics, "kept aside")
    table.add_row("slots, F1", f"{slots.f1:.3f}", f"{slots.messages:,}", "in sight", "≥ 0.93")
    table.add_row("  precision, recall", f"{slots.precision:.3f}, {slots.recall:.3f}", "", "", "")
    table.add_row("  stated as certain, but wrong", f"{slots.stated_wrongly}", f"{slots.messages:,}", "", "0")
    row("simulated persons served right", simulated.right, "in sight", "≥ 95%")
    table.add_row("  messages to the outcome, median", f"{simulated.turns:g}", "", "", "≤ 4")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="left" if column == "aim" else "right", no_wrap=True)
    return table


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms"


def _megabytes(held: float | None) -> str:
    return "—" if held is None else f"{held:.0f} MB"
