"""The report as one page to look at in a browser, on a desk or a phone: nothing is fetched, nothing but a
small script for the filters runs, and no word of a suite is read as markup."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any, TypedDict

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.dialogue.wording import WEEKDAYS
from bot.replay.compare import Failure
from bot.replay.report.results import (
    Report,
    Status,
    failed_turns,
    findings,
    status_of,
    unexpected_pass,
    why,
)
from bot.replay.runner import Played, Result

_ORDER: Sequence[Status] = ("failed", "known", "passed")
_MONEY = ("verdict", "fee", "fee_rate", "fee_range", "refund", "insurance", "charges", "next_change", "eta")
_GROUNDS = ("rows", "citations")


class Covered(TypedDict):
    """One kind of thing that suites exercise: rows, claims, intents."""

    name: str
    covered: int
    total: int
    missing: Sequence[str]


def page(report: Report, coverage: Sequence[Covered] = ()) -> str:
    """The page's HTML: sums, coverage where there is any, then the dialogues, failures first."""
    shown = sorted(report.results, key=lambda result: _ORDER.index(status_of(result)))
    folders = sorted({_folder(result) for result in report.results})
    return (
        _templates()
        .get_template("page.html.j2")
        .render(
            report=report,
            counts={status: len(report.having(status)) for status in _ORDER},
            coverage=coverage,
            folders=folders,
            dialogues=[_dialogue(result) for result in shown],
        )
    )


@cache
def _templates() -> Environment:
    def source(name: str) -> str:
        return files("bot.replay.report").joinpath(name).read_text("utf-8")

    made = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["bold"] = _bold
    return made


def _bold(text: str) -> Markup:
    """The reply with what stands between ** in bold, escaped."""
    parts = text.split("**")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<strong>{}</strong>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _folder(result: Result) -> str:
    return PurePath(result.dialogue.file).parent.as_posix()


def _dialogue(result: Result) -> Mapping[str, Any]:
    dialogue = result.dialogue
    failed = {failures[0].turn: failures for failures, _ in failed_turns(result)}
    turns = [
        _turn(played, before, failed.get(played.number, []))
        for before, played in zip([None, *result.played], result.played, strict=False)
    ]
    broken = failed.get(len(result.played) + 1)
    return {
        "status": status_of(result),
        "folder": _folder(result),
        "place": f"{dialogue.file}:{dialogue.line}",
        "name": dialogue.name,
        "xfail": dialogue.xfail,
        "complaint": unexpected_pass(result),
        "turns": turns,
        "broken": {"user": broken[0].user, "findings": findings(broken)} if broken else None,
        "left": len(dialogue.turns) - len(result.played),
    }


def _turn(played: Played, before: Played | None, failures: Sequence[Failure]) -> Mapping[str, Any]:
    wrong = {failure.key.partition(".")[0] for failure in failures}
    return {
        "number": played.number,
        "user": played.turn.user,
        "day": _day(played) if before is None or before.at.date() != played.at.date() else None,
        "clock": f"{played.at:%H:%M}",
        "later": _later(played.at - before.at) if before else "",
        "replies": played.answer["replies"],
        "outcome": list(_outcome(played.answer["outcome"] or {})),
        "handoff": (played.answer["handoff"] or {}).get("reason"),
        "held": [expected.key for expected in played.turn.expected if expected.key not in wrong],
        "findings": findings(failures),
        "why": [line.partition(": ")[::2] for line in why(played)],
    }


def _day(played: Played) -> str:
    return f"{played.at:%Y-%m-%d} 周{WEEKDAYS[played.at.weekday()]}"


def _later(time: timedelta) -> str:
    """How much later than the turn before, in the units of a suite; nothing for the same moment."""
    sign, seconds = "−" if time < timedelta() else "+", abs(int(time.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{sign}{seconds // size}{unit}"
    return f"{sign}{seconds}s" if seconds else ""


def _outcome(outcome: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The figures of an outcome and what they rest on, as (name, value); what is not there is left out."""
    for key in (*_MONEY, *_GROUNDS):
        value = outcome.get(key)
        if value not in (None, [], ()):
            yield key, _told(key, value)


def _told(key: str, value: Any) -> str:
    if key == "next_change":
        return f"{value['fee']} from {value['at'][:16].replace('T', ' ')}"
    if key == "eta":
        return f"{value['earliest']} to {value['latest']}"
    if key == "charges":
        return "; ".join(_charge(charge) for charge in value)
    return ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _charge(charge: Mapping[str, Any]) -> str:
    span = f"{charge['low']} to {charge['high']}" if charge["low"] is not None else None
    return f"{charge['label']} {charge['amount'] or span or charge['rate'] or ''}".rstrip()
