"""Killed at any moment: nothing that was answered is lost, nothing has its effect twice."""

import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WORDS = ("火车票想退", "380块", "后天上午10点发车", "不对，是大后天", "那票也退呢", "谢谢")
UPDATES = 60


def requests() -> list[bytes]:
    return [
        json.dumps(
            {
                "conversation": f"c{number % 3}",
                "update": str(number),
                "text": WORDS[number // 3 % len(WORDS)],
                "now": f"2026-03-06T04:{number:02}:00+08:00",
            }
        ).encode()
        + b"\n"
        for number in range(UPDATES)
    ]


def start(root: Path, database: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "bot", "chat", "--jsonl", "--db", str(database)]
    return subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def send_until_killed(root: Path, database: Path, lines: list[bytes], chance: random.Random) -> int:
    """How many lines were answered before the process was killed, at a random moment."""
    process = start(root, database)
    assert process.stdin is not None
    assert process.stdout is not None
    answered = 0
    for number, line in enumerate(lines):
        process.stdin.write(line)
        process.stdin.flush()
        if number and chance.random() < 0.2:
            break
        assert "error" not in json.loads(process.stdout.readline())
        answered += 1
    process.kill()
    process.communicate()
    return answered


def outcome(database: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    assert sound == "ok"
    rows = connection.execute(
        "SELECT conversation, at, kind, data FROM events ORDER BY conversation, seq"
    ).fetchall()
    rows += connection.execute("SELECT id, state, updated FROM conversations ORDER BY id").fetchall()
    connection.close()
    return rows


def killed(root: Path, folder: Path, kills: int, seed: int) -> None:
    """Redeliver from where the answers ended, as a messenger does, until all is answered."""
    calm, wild = folder / "calm.db", folder / "wild.db"
    lines = requests()
    with start(root, calm) as process:
        process.communicate(b"".join(lines))
    chance, answered = random.Random(seed), 0
    for _ in range(kills):
        again = max(0, answered - chance.randrange(3))
        answered = again + send_until_killed(root, wild, lines[again : again + 12], chance)
    with start(root, wild) as process:
        out, _ = process.communicate(b"".join(lines[answered:]))
    assert len(out.splitlines()) == UPDATES - answered
    assert outcome(wild) == outcome(calm), f"seed {seed}"


def test_killed_once(root: Path, tmp_path: Path) -> None:
    killed(root, tmp_path, kills=1, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_killed_many_times(root: Path, tmp_path: Path, seed: int) -> None:
    killed(root, tmp_path, kills=12, seed=seed)
