"""A load of history: its rate, its memory, and a run that is killed and goes on."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path

import pytest

from bot.replay.history.load import BATCH
from bot.store.sqlite import SqliteStore
from bot.transcript import HEARD
from intents import understand
from tests.history.lead import history, multiply
from tests.history.runs import ROOT, command, resident, rules_with, run

pytestmark = pytest.mark.slow
TURNS = 100_000
BATCHES = 13
CONVERSATIONS = (BATCHES - 1) * BATCH + 7
PER_SECOND = 500
"""Turns that a process runs in a second of its processor's time, on a machine that does nothing else."""
UNDERSTANDINGS = 9
"""As many times may a turn take what understanding its message takes, however busy the machine is."""
GROWTH = 60.0
"""MB by which a process may grow after its first few thousand turns."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred conversations: so many batches that a blow comes in time also on a busy machine."""
    path = tmp_path_factory.mktemp("small") / "h.db"
    history(path, CONVERSATIONS)
    return path


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield process


def time_of_understanding(database: Path) -> float:
    """Seconds of the processor that a stored message takes to be understood, here and now."""
    with closing(SqliteStore(database, read_only=True)) as store:
        heard = (e for c in store.conversations() for e in store.events(c.id) if e.kind == HEARD)
        said = [(str(event.data["text"]), event.at) for event in islice(heard, 2_000)]
    understand(*said[0])
    began = time.process_time()
    for text, at in said:
        understand(text, at)
    return (time.process_time() - began) / len(said)


def lines_in(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait_for_batches(process: subprocess.Popen[str], file: Path, count: int) -> None:
    """Returns when so many batches are written down, or the process has ended."""
    while process.poll() is None and lines_in(file) < 1 + count:
        time.sleep(0.01)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_cut_short_goes_on_and_ends_alike(
    small: Path, tmp_path: Path, jobs: int, blow: signal.Signals
) -> None:
    dearer = str(rules_with(tmp_path / "dearer", ("train_ticket", "rate: 15%", "rate: 16%")))
    file = tmp_path / "progress"
    options = {"data": dearer, "progress": str(file), "jobs": jobs, "as_json": True}
    whole = run(small, **options).stdout
    assert json.loads(whole)["layers"]["money"]["turns"] > 0
    file.unlink()
    with started(*command(small, **options)) as process:
        wait_for_batches(process, file, 2)
        process.send_signal(blow)
        _, complaint = process.communicate()
    assert process.returncode == (130 if blow is signal.SIGINT else -blow)
    if blow is signal.SIGINT:
        assert "interrupted after" in complaint
        assert "--resume" in complaint
        assert "Traceback" not in complaint
    assert 3 <= lines_in(file) < 1 + BATCHES, "it was cut short in the middle"
    resumed = run(small, **options, resume=True)
    assert (resumed.returncode, resumed.stdout) == (0, whole)
    other = run(small, progress=str(file), resume=True)
    assert (other.returncode, other.stdout) == (1, "")
    assert "begun with another code or data" in other.stderr


def test_the_processes_of_a_killed_run_do_not_outlive_it(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "progress"
    with started(*command(small, progress=str(file), jobs=2)) as process:
        wait_for_batches(process, file, 1)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        process.communicate()
    assert len(children) >= 2
    waited = time.monotonic() + 20
    while (left := [child for child in children if runs(int(child))]) and time.monotonic() < waited:
        time.sleep(0.05)
    assert not left


def runs(process: int) -> bool:
    """Whether it has not ended; one that only waits to be buried has."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_at_a_terminal_a_bar_shows_how_far_it_is(small: Path, tmp_path: Path) -> None:
    screen, end = os.openpty()
    with subprocess.Popen(
        command(small, progress=str(tmp_path / "progress")),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=end,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(end)
        shown = b""
        with suppress(OSError):  # how the end of a terminal is told
            while part := os.read(screen, 10_000):
                shown += part
        output, _ = process.communicate()
    os.close(screen)
    assert output.startswith(b"of ")
    assert "conversations" in shown.decode()
    assert "turns/s" in shown.decode()
    assert f"{CONVERSATIONS}/{CONVERSATIONS}" in shown.decode()


@pytest.mark.alone
def test_a_hundred_thousand_turns_each_of_which_changes(tmp_path: Path) -> None:
    database, file, louder = tmp_path / "h.db", tmp_path / "progress", tmp_path / "louder"
    history(database, 1_000)
    turns = multiply(database, TURNS)
    shutil.copytree(ROOT / "bot" / "dialogue" / "data", louder / "dialogue")
    replies = louder / "dialogue" / "replies.yaml"
    replies.write_text(replies.read_text("utf-8").translate({ord("。"): "！", ord("？"): "？！"}), "utf-8")
    options = {"progress": str(file), "data": str(louder), "as_json": True, "fail_on": "money,handoff"}
    understanding = time_of_understanding(database)
    before = os.times()
    with started(*command(database, **options, jobs=2)) as process:
        grown = growth(process, file)
        output, complaint = process.communicate()
    after = os.times()
    told = json.loads(output)
    assert process.returncode == 0, "the wording alone has changed"
    assert told["turns"] + sum(left["turns"] for left in told["left_out"].values()) == turns >= TURNS
    assert told["layers"]["text"]["turns"] == told["changed"] > 0.8 * told["turns"]
    assert len(told["shown"]) == told["shown_at_most"]
    assert "turns a second" in complaint, "a line now and then"
    assert grown and max(grown.values()) < GROWTH, grown
    processor = sum(after[2:4]) - sum(before[2:4])
    allowed = max(1 / PER_SECOND, UNDERSTANDINGS * max(understanding, time_of_understanding(database)))
    assert processor / turns <= allowed, f"{turns / processor:.0f} a second of processor time"


def growth(process: subprocess.Popen[str], file: Path) -> dict[int, float]:
    """By how many MB each process of the run grows, from its first few thousand turns on, to its end."""
    first: dict[int, float] = {}
    grown: dict[int, float] = {}
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None:
        time.sleep(0.5)
        if lines_at_least(file, 100):
            with suppress(OSError):
                for each in (process.pid, *map(int, children.read_text().split())):
                    held = resident(each)
                    grown[each] = max(grown.get(each, 0.0), held - first.setdefault(each, held))
    return grown


def lines_at_least(file: Path, count: int) -> bool:
    if not file.exists():
        return False
    with file.open("rb") as lines:
        return sum(1 for _ in islice(lines, count)) == count
