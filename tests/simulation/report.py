"""Puts the verdicts of many conversations into a table and shows what went wrong."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from tests.simulation.judge import Fault
from tests.simulation.simulate import Conversation

Judged = tuple[Conversation, list[Fault]]
_LONG = frozenset({"steps", "evidence", "alternatives", "message_draft"})
SOFT = frozenset({"asked though told"})
"""Told of, but not counted against a conversation: no bar of its own."""


_GROUPS: dict[str, Callable[[Conversation], str]] = {
    "wish": lambda talk: talk.hidden.kind,
    "voice": lambda talk: talk.voice,
    "habit": lambda talk: talk.habit or "none",
}


def right(faults: Sequence[Fault]) -> bool:
    """Whether nothing counts against the conversation."""
    return all(fault.kind in SOFT for fault in faults)


def table(results: Sequence[Judged]) -> str:
    """Share of right conversations by kind, by voice and by habit; turns; faults by kind."""
    lines = []
    for title, key in _GROUPS.items():
        groups: dict[str, list[bool]] = {}
        for talk, faults in results:
            groups.setdefault(key(talk), []).append(right(faults))
        lines.append(f"by {title}:")
        for name, marks in sorted(groups.items()):
            lines.append(f"  {name:32} {sum(marks):4}/{len(marks):<4} {sum(marks) / len(marks):6.1%}")
    turns = [talk.turns for talk, _ in results if talk.turns]
    kinds = Counter(fault.kind for _, faults in results for fault in {f.kind: f for f in faults}.values())
    lines.append("faults (conversations): " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    lines.append(f"turns to the first outcome: median {median(turns or [0])}, most {max(turns, default=0)}")
    good = sum(right(faults) for _, faults in results)
    lines.append(f"right: {good}/{len(results)} = {good / max(1, len(results)):.1%}")
    return "\n".join(lines)


def transcript(talk: Conversation, faults: Sequence[Fault]) -> str:
    """A conversation with its faults, to read."""
    case = talk.hidden
    lines = [
        f"── {talk.name} {case.kind} · {talk.voice} · {talk.habit or 'calm'} · {case.now:%Y-%m-%d %H:%M %a}",
        f"   {_as_json(case.slots)}",
    ]
    for turn, exchange in enumerate(talk.exchanges, 1):
        lines.append(f" {turn} 人: {exchange.said.text}   ({exchange.said.purpose})")
        lines += _answer_lines(exchange.answer)
    for fault in faults:
        because = f"  ({fault.because})" if fault.because else ""
        lines += [
            f"   ✗ [{fault.kind}] turn {fault.turn + 1}: wanted {fault.wanted}; got {fault.got}{because}"
        ]
    return "\n".join(lines)


def _answer_lines(answer: Mapping[str, Any]) -> list[str]:
    if "error" in answer:
        return [f"   机: {answer['error']}"]
    lines = []
    for reply in answer["replies"]:
        buttons = "".join(f" [{label}]" for label in reply.get("buttons", ()))
        lines.append("   机: " + reply["text"].replace("\n", "\n       ") + buttons)
    lines.append(f"      intent {answer['intent']} asks {answer['asks']} slots {_as_json(answer['slots'])}")
    if answer.get("outcome"):
        lines.append(
            "      outcome " + _as_json({k: v for k, v in answer["outcome"].items() if k not in _LONG})
        )
    return lines


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
