"""The sums as tables and bars for a person, and as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.dialogue.wording import wish_name
from bot.insight.durations import Durations
from bot.insight.stats import RATINGS, Stats
from bot.insight.talk import COMES_BACK, PAUSE, Ending

WIDTH = 100
"""Columns where the output goes to a file or a pipe."""
TOP = 10
DAYS = 14
_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉"
_ENDINGS: Mapping[Ending, tuple[str, str]] = {
    "solved": ("solved by the bot alone", "green"),
    "informed": ("a question answered", "cyan"),
    "came_back": ("came back with the same wish", "yellow"),
    "handed_over": ("handed over", "magenta"),
    "open": ("without an outcome", "red"),
}
_EXPLAINED = (
    f"A talk ends with a pause of {PAUSE.total_seconds() / 3600:.0f} hours. Solved: an outcome was told, "
    f"nobody was called, and the same wish did not come back within {COMES_BACK.days} days "
    "in the same conversation."
)


def as_json(sums: Stats) -> str:
    """All figures; times in seconds, null where there are none, days and names in order."""
    data: dict[str, Any] = {
        "conversations": sums.conversations,
        "talks": sums.talks,
        "turns": sums.turns,
        "endings": {ending: sums.endings[ending] for ending in _ENDINGS},
        "handed_over": _ordered(sums.handed_over),
        "not_understood": sums.not_understood,
        "seconds": {name: _spans(spans) for name, _, spans in _times(sums)},
        "satisfaction": {
            "answers": sums.ratings.total(),
            "mean": _mean(sums),
            "ratings": {str(rating): sums.ratings[rating] for rating in RATINGS},
        },
        "intents": _ordered(sums.intents),
        "moves": _ordered(sums.moves),
        "days": {
            day.isoformat(): {ending: counts[ending] for ending in _ENDINGS}
            for day, counts in sorted(sums.days.items())
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_text(sums: Stats) -> str:
    """Tables and bars without colours, as wide as `WIDTH`."""
    page = Console(
        file=StringIO(), width=WIDTH, color_system=None, force_terminal=False, highlight=False, _environ={}
    )
    with page.capture() as captured:
        page.print(_page(sums))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def show(sums: Stats) -> None:
    """Print them on the terminal, in its width and its colours."""
    Console(highlight=False, markup=False, emoji=False).print(_page(sums))


def _page(sums: Stats) -> RenderableType:
    parts: list[RenderableType] = [_heads(sums)]
    if not sums.talks:
        return Group(*parts)
    parts += [_endings(sums), Text(_EXPLAINED, style="dim")]
    if sums.handed_over:
        parts.append(_counts("handed over because", _ordered(sums.handed_over).items(), sums.talks))
    parts.append(_time_table(sums))
    if sums.ratings:
        parts.append(_ratings(sums))
    named = [(f"{wish_name(intent)}  {intent}", count) for intent, count in _top(sums.intents)]
    parts.append(_counts("intents, in how many talks", named, sums.talks))
    parts.append(_counts("moves of the dialogue, in how many turns", _top(sums.moves), sums.turns))
    parts.append(_days(sums))
    return Group(*(part for part in _spaced(parts)))


def _spaced(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield Text()
        yield part


def _heads(sums: Stats) -> Text:
    share = f" ({sums.not_understood / sums.turns:.1%} of turns)" if sums.turns else ""
    return Text(
        f"{sums.conversations:,} conversations, {sums.talks:,} talks, {sums.turns:,} turns; "
        f"{sums.not_understood:,} messages not understood{share}",
        style="bold",
    )


def _endings(sums: Stats) -> Table:
    table = _table("how talks ended")
    for ending, (label, style) in _ENDINGS.items():
        _row(table, label, sums.endings[ending], sums.talks, style)
    return table


def _counts(title: str, counts: Iterable[tuple[str, int]], whole: int) -> Table:
    table = _table(title)
    for label, count in counts:
        _row(table, label, count, whole, "cyan")
    return table


def _table(title: str) -> Table:
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, show_header=False)
    table.add_column(min_width=32, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    return table


def _row(table: Table, label: str, count: int, whole: int, style: str) -> None:
    share = count / whole if whole else 0
    table.add_row(Text(label), f"{count:,}", f"{share:.1%}", Text(bar(share), style=style))


def bar(share: float, width: int = _BAR) -> str:
    """A bar of that share (0..1) of the width, to the eighth of a column."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _times(sums: Stats) -> tuple[tuple[str, str, Durations], ...]:
    return (
        ("to_outcome", "first message to outcome, where the bot solved it", sums.to_outcome),
        ("to_staff", "hand-over to the staff's first words", sums.to_staff),
        ("to_closing", "hand-over to its end", sums.to_closing),
    )


def _time_table(sums: Stats) -> Table:
    table = Table(title=Text("times", style="bold"), title_justify="left", box=None)
    for head in ("", "talks", "half within", "nine of ten within"):
        table.add_column(head, justify="right" if head else "left", no_wrap=True, header_style="dim")
    for _, label, spans in _times(sums):
        table.add_row(label, f"{spans.count:,}", span(spans.quantile(0.5)), span(spans.quantile(0.9)))
    return table


def span(seconds: int | None) -> str:
    """Seconds as people tell them: 45s, 3m 20s, 2h 5m, 4d 6h; a dash where there are none."""
    if seconds is None:
        return "–"
    for size, unit, below, lower in ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "m"), (60, "m", 1, "s")):
        if seconds >= size:
            rest = seconds % size // below
            return f"{seconds // size}{unit}" + (f" {rest}{lower}" if rest else "")
    return f"{seconds}s"


def _ratings(sums: Stats) -> Table:
    title = f"satisfaction: {_mean(sums)} of 5, {sums.ratings.total():,} answers"
    stars = [("★" * rating, sums.ratings[rating]) for rating in reversed(RATINGS)]
    return _counts(title, stars, sums.ratings.total())


def _days(sums: Stats) -> Table:
    shown = sorted(sums.days)[-DAYS:]
    most = max(sums.days[day].total() for day in shown)
    table = Table(title=Text("talks by day", style="bold"), title_justify="left", box=None, show_header=False)
    for day in shown:
        counts, bars = sums.days[day], Text()
        for ending, (_, style) in _ENDINGS.items():
            bars.append("█" * round(counts[ending] / most * _BAR), style=style)
        table.add_row(f"{day:%m-%d}", Text(f"{counts.total():,}", justify="right"), bars)
    return table


def _top(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return list(_ordered(counts).items())[:TOP]


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent first, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _mean(sums: Stats) -> float | None:
    answers = sums.ratings.total()
    return (
        round(sum(rating * count for rating, count in sums.ratings.items()) / answers, 2) if answers else None
    )


def _spans(spans: Durations) -> dict[str, int | None]:
    return {"talks": spans.count, "half": spans.quantile(0.5), "nine_tenths": spans.quantile(0.9)}
