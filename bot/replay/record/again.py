"""A recording is run once it is written, so that whoever recorded knows where today's bot differs."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.replay import runner, suite
from bot.session import Mind


def differences(text: str, mind: Mind) -> Iterator[str]:
    """Where the suite of this text does not hold: a line each."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "recording.yaml"
        file.write_text(text, encoding="utf-8", newline="\n")
        dialogues, faults = suite.read_file(file)
    for fault in faults:
        yield f"line {fault.line}: {fault.key}: {fault.message}"
    for dialogue in dialogues:
        for failure in runner.run(dialogue, mind).failures:
            then, today = (_shown(value) for value in (failure.expected, failure.got))
            yield f"line {failure.line}: turn {failure.turn}: {failure.key}: then {then}, today {today}"


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
