"""The report for a program: the same suites give the same bytes, and two runs can be compared by turns."""

import json
from typing import Any

from bot.replay.report.results import Report, unexpected_pass
from bot.replay.runner import Played, Result
from bot.replay.yaml_nodes import Fault

_COMPARABLE = ("intent", "slots", "asks", "outcome", "handoff", "cites", "replies")
"""What is kept of an answer; its confidence moves with every example that is added."""


def as_json(report: Report, coverage: list[dict[str, Any]] | None = None) -> str:
    """The sums, the files' errors, and every dialogue with its failures and its turns as they went.

    `coverage`, the kinds of what was exercised, is told where it was asked for.
    """
    data: dict[str, Any] = {
        "passed": len(report.having("passed")),
        "failed": len(report.failed),
        "known_failures": len(report.having("known")),
        "not_run": report.not_run,
        "errors": [_fault(fault) for fault in report.faults],
        "dialogues": [_result(result) for result in report.results],
    }
    if coverage is not None:
        data["coverage"] = coverage
    return json.dumps(data, ensure_ascii=False, indent=2)


def _fault(fault: Fault) -> dict[str, Any]:
    return {"file": fault.file, "line": fault.line, "key": fault.key, "message": fault.message}


def _result(result: Result) -> dict[str, Any]:
    dialogue = result.dialogue
    failures = [
        {
            "turn": failure.turn,
            "line": failure.line,
            "user": failure.user,
            "layer": failure.layer,
            "key": failure.key,
            "expected": failure.expected,
            "got": failure.got,
        }
        for failure in result.failures
    ]
    return {
        "file": dialogue.file,
        "line": dialogue.line,
        "name": dialogue.name,
        "turns": len(dialogue.turns),
        "passed": result.passed,
        "xfail": dialogue.xfail,
        "complaint": unexpected_pass(result),
        "failures": failures,
        "played": [_played(played) for played in result.played],
    }


def _played(played: Played) -> dict[str, Any]:
    place = {"number": played.number, "line": played.turn.line, "user": played.turn.user}
    answer = {key: played.answer[key] for key in _COMPARABLE}
    return {**place, "at": played.at.isoformat(), **answer}
