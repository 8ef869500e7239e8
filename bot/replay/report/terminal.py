"""The report for a person: each failed dialogue as a layered diff with its trace, then the sum."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.replay.compare import Failure
from bot.replay.report.results import Report, failed_turns, findings, unexpected_pass, why
from bot.replay.runner import Played, Result

_UNBROKEN = 1_000_000
"""Columns of a page on which no line is broken: files and pipes are searched by lines."""
_STYLES = {"missing": "green", "expected": "green", "must not be said": "red", "came": "red"}
_LAYER_STYLE = "bold magenta"


def as_text(report: Report) -> str:
    """The whole report, without colours and with no line broken."""
    return _plain(_report(report))


def dialogue_text(result: Result) -> str:
    """What did not hold of one dialogue, as `as_text` shows it; for other programs that run suites."""
    return _plain(_dialogue(result))


def show(report: Report) -> None:
    """Print the report on the terminal, in its width and its colours."""
    console = Console(highlight=False, markup=False, emoji=False)
    for part in _report(report):
        console.print(part)


def _plain(parts: Iterable[RenderableType]) -> str:
    page = Console(
        file=StringIO(),
        width=_UNBROKEN,
        color_system=None,
        force_terminal=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    with page.capture() as captured:
        for part in parts:
            page.print(part)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _report(report: Report) -> Iterator[RenderableType]:
    for fault in report.faults:
        yield Text.assemble(("ERROR  ", "bold red"), visible(str(fault)))
    for result in report.failed:
        yield from _dialogue(result)
    yield _sum(report)


def _dialogue(result: Result) -> Iterator[RenderableType]:
    dialogue = result.dialogue
    place = f"{dialogue.file}:{dialogue.line}"
    yield Text.assemble(("FAILED ", "bold red"), visible(place), ": ", (visible(dialogue.name), "bold"))
    complaint = unexpected_pass(result)
    if complaint:
        yield Padding(Text(visible(complaint), style="red"), (0, 0, 0, 2), expand=False)
    for failures, played in failed_turns(result):
        first = failures[0]
        clock = f", {played.at:%Y-%m-%d %H:%M}" if played else ""
        head = f"{dialogue.file}:{first.line}: turn {first.turn}{clock}"
        yield Padding(
            Text.assemble((visible(head), "dim"), ("  › ", "dim"), visible(first.user)),
            (0, 0, 0, 2),
            expand=False,
        )
        yield Padding(_diff(failures, played), (0, 0, 0, 4), expand=False)


def _diff(failures: list[Failure], played: Played | None) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style=_LAYER_STYLE, no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    before = ""
    for finding in findings(failures):
        layer, key = finding.layer if finding.layer != before else "", finding.key
        for label, value in finding.sides:
            style = _STYLES[label]
            table.add_row(layer, key, Text(label, style), Text(visible(value), style, overflow="fold"))
            layer = key = ""
        before = finding.layer
    if played and any(failure.layer == "text" for failure in failures):
        for reply in played.answer["replies"]:
            table.add_row("", "", "replies", Text(visible(reply["text"])))
            for label in reply["buttons"]:
                table.add_row("", "", "", Text(f"[{visible(label)}]", style="dim"))
    for number, line in enumerate(why(played) if played else ()):
        what, _, rest = line.partition(": ")
        table.add_row("" if number else "why", "", what, Text(visible(rest), style="dim", overflow="fold"))
    return table


def _sum(report: Report) -> Text:
    total, passed, failed = len(report.results), len(report.having("passed")), len(report.failed)
    known, faults = len(report.having("known")), len(report.faults)
    parts = [f"{passed} of {total} dialogues passed ({report.turns} turns)"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{known} known failures"] if known else []
    parts += [f"{faults} files' errors"] if faults else []
    parts += [f"{report.not_run} not run after the first failure"] if report.not_run else []
    return Text(", ".join(parts), style="bold green" if report.passed else "bold red")


def visible(text: str) -> str:
    """The text with what would steer a terminal, or hide in it, written as an escape."""
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode("ascii")
        for char in text
    )
