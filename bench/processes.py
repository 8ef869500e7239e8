"""New processes: how long to the first answer, and how much memory they come to hold."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.speed import NOW, ROOT

CHAT = ("-m", "bot", "chat", "--jsonl")
PARSE = ("-m", "intents", "parse", "--jsonl")
ROOMS = ("bot", "intents", "knowledge")
COMPILED = Path("intents", "data", "compiled")


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds to its first answer, and the most memory (MB) it held by its last."""

    first_answer: float
    memory: float | None


@dataclass(frozen=True, slots=True)
class Process:
    """What a new process of one command costs: seconds to the first answer, MB."""

    name: str
    warm: float
    cold: float
    memory: float | None


def process(name: str, command: Sequence[str], texts: Sequence[str]) -> Process:
    """Start it warm and cold, and let one answer all texts."""
    return Process(name, warm(command), cold(command), memory(command, texts))


def warm(command: Sequence[str], times: int = 5) -> float:
    """Seconds from the start to the first answer, the median, after one start that does not count."""
    return median([answering(command, _lines(["你好"])).first_answer for _ in range(times + 1)][1:])


def cold(command: Sequence[str], *, trained: bool = True, times: int = 3) -> float:
    """The same from a fresh copy of the project: no byte code of its own, no cache.

    Not `trained`: without the compiled file either, as after an edit of the data, so that it trains first.
    """
    found = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            for room in ROOMS:
                shutil.copytree(
                    ROOT / room, Path(folder) / room, ignore=shutil.ignore_patterns("__pycache__")
                )
            if not trained:
                shutil.rmtree(Path(folder) / COMPILED)
            found.append(answering(command, _lines(["你好"]), Path(folder)).first_answer)
    return median(found)


def memory(command: Sequence[str], texts: Sequence[str]) -> float | None:
    """The most memory, in MB, of a process that has answered all texts, four to a conversation."""
    return answering(command, _lines(texts)).memory


def answering(command: Sequence[str], lines: Sequence[bytes], folder: Path = ROOT) -> Run:
    """Start in `folder`, send line after line, each when the one before is answered."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if folder != ROOT:
        environment["TUIDAN_CACHE"] = str(folder / "cache")
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env=environment,
    ) as process:
        assert process.stdin and process.stdout
        first = 0.0
        for line in lines:
            process.stdin.write(line)
            process.stdin.flush()
            if not process.stdout.readline():
                raise RuntimeError(f"the process ended at {line.decode()}")
            first = first or time.perf_counter() - start
        held = peak_memory(process.pid)
        process.stdin.close()
    return Run(first, held)


def peak_memory(process: int | None = None) -> float | None:
    """The most memory, in MB, that a process (this one) has held; None where the system does not tell."""
    status = Path(f"/proc/{process or 'self'}/status")
    if not status.exists():
        return None
    fields = dict(line.split(":", 1) for line in status.read_text("ascii", "replace").splitlines())
    return int(fields["VmHWM"].split()[0]) * 1024 / 1e6


def _lines(texts: Sequence[str]) -> list[bytes]:
    """Requests that both commands understand."""
    return [
        json.dumps(
            {"conversation": f"bench-{number // 4}", "text": text, "now": NOW.isoformat()}, ensure_ascii=False
        ).encode()
        + b"\n"
        for number, text in enumerate(texts)
    ]
