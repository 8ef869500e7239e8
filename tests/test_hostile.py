"""Nobody's input ends a process, keeps it busy or fills its memory."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import hostile

COUNT = int(os.environ.get("TUIDAN_HOSTILE_LINES", "3000"))
"""100000 for the long run."""
LONGEST = 1.0
"""Seconds for one line."""
GROWTH = 60
"""MB that the second half of the lines may add to the most memory held."""


def held(process: int) -> float:
    """The most memory so far, in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    fields = dict(line.split(":", 1) for line in status.read_text("ascii", "replace").splitlines())
    return int(fields["VmHWM"].split()[0]) / 1000


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize(
    "command", [("bot", "chat", "--jsonl"), ("intents", "parse", "--jsonl")], ids=lambda command: command[0]
)
def test_every_hostile_line_is_answered_in_time(command: tuple[str, ...], root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        slowest, at_half, took = 0.0, 0.0, []
        for number, line in enumerate(hostile.lines(COUNT, seed=7)):
            start = time.perf_counter()
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
            took.append(time.perf_counter() - start)
            assert answer.endswith(b"\n"), f"line {number} ended the process: {line[:300]!r}"
            assert "internal error" not in json.loads(answer).get("error", ""), line[:300]
            if number:  # the first waits for the start
                assert took[-1] < LONGEST, (
                    f"line {number}, {len(line)} bytes: {took[-1]:.2f} s: {line[:300]!r}"
                )
                slowest = max(slowest, took[-1])
            if number == COUNT // 2:
                at_half = held(process.pid)
        at_end = held(process.pid)
        process.stdin.close()
        said = process.stderr.read()
    took.sort()
    figures = f"median {took[COUNT // 2] * 1000:.2f} ms, slowest {slowest:.2f} s, {at_half:.0f} MB at half"
    sys.stdout.write(f"{command[0]}: {COUNT} lines, {figures}, {at_end:.0f} MB at the end\n")
    assert at_end - at_half < GROWTH
    assert said == b""
    assert process.returncode == 0
