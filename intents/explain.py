"""Why a message was understood as it was: `python -m intents explain TEXT`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from intents.clauses import wanted
from intents.engine import engine
from intents.examples import nearest_examples
from intents.pipeline import understand
from intents.understanding import Understanding

CANDIDATES = 5
EXAMPLES = 3


def explain(text: str, now: datetime, console: Console | None = None) -> None:
    """Print words, candidates with what speaks for them, slots and the nearest examples."""
    console = console or Console()
    heard = understand(text, now)
    console.print(f"[bold]{heard.normal}[/bold]  ({heard.script})", highlight=False)
    console.print(" / ".join(heard.tokens), highlight=False)
    wishes = "、".join(heard.wishes) or heard.intent
    console.print(
        f"意图 [bold]{wishes}[/bold]  把握 {heard.confidence:.2f}  语气 {heard.mood}", highlight=False
    )
    console.print(_candidates(heard))
    if heard.slots:
        console.print(_slots(heard))
    console.print(_table(("例句", "意图", "相似"), _rows(heard.normal)))


def _candidates(heard: Understanding) -> Table:
    ready = engine()
    features = ready.reader.view(wanted(heard.normal)).features
    rows = []
    for label, score in heard.ranking[:CANDIDATES]:
        reasons = ready.intents.reasons(features, label)
        rows.append((label, f"{score:+.2f}", "  ".join(f"{part} {weight:+.2f}" for part, weight in reasons)))
    return _table(("候选", "得分", "因为"), rows)


def _slots(heard: Understanding) -> Table:
    rows = []
    for name, slot in heard.slots.items():
        doubt = "" if slot.certain else f"存疑：{slot.doubt}"
        rows.append((name, slot.value, f"{slot.said} [{slot.start}:{slot.end}]", doubt))
    return _table(("信息", "值", "原话", ""), rows)


def _rows(normal: str) -> list[tuple[str, str, str]]:
    return [(near.text, near.label, f"{near.likeness:.0f}") for near in nearest_examples(normal, EXAMPLES)]


def _table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table(*titles)
    for row in rows:
        table.add_row(*row)
    return table
