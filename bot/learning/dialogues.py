"""A dialogue a learned message: what once was not understood must be from now on."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from bot.errors import TuidanError
from bot.learning.decisions import Decision
from bot.replay.suite import read_file

FILE = "learned.yaml"
_HEAD = "# Messages that were not understood once. `tuidan teach` adds to this file.\n"


def extended(file: Path, decisions: Iterable[Decision], now: datetime) -> bytes | None:
    """The suite with a dialogue for each decision that it has none for; None where nothing is new.

    `now` is the dialogues' clock. TuidanError where the suite that is there has faults.
    """
    before, names = b"", set()
    if file.exists():
        dialogues, faults = read_file(file)
        if faults:
            raise TuidanError(str(faults[0]))
        before, names = file.read_bytes(), {dialogue.name for dialogue in dialogues}
    new = [decision for decision in decisions if _name(decision) not in names]
    if not new:
        return None
    documents = "---\n".join(_document(decision, now) for decision in new).encode()
    if not before:
        return _HEAD.encode() + documents
    return before + (b"" if before.endswith(b"\n") else b"\n") + b"---\n" + documents


def _name(decision: Decision) -> str:
    return f"{decision.intent}: {decision.text}"


def _document(decision: Decision, now: datetime) -> str:
    """JSON's strings are YAML's too, where every character can be printed."""
    name, user, intent = (
        json.dumps(text, ensure_ascii=False) for text in (_name(decision), decision.text, decision.intent)
    )
    clock = now.isoformat("T", "minutes")
    return f"name: {name}\nnow: {clock}\nturns:\n  - user: {user}\n    intent: {intent}\n"
