"""The same suites give the same bytes: in every process, time zone and order, in one process or several."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from bot.app import mind
from bot.errors import TuidanError
from bot.replay import report, suite, workers
from bot.session import Mind
from tests.replayed import GOOD, write

ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu")
JOBS = ("1", "2", "1", "1", "3", "1", "1")
TALKS = ("我要退票", "火车票，380块，明天上午10点", "不对，是后天晚上八点的车", "依据呢", "转人工")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some dozens of dialogues in three files, among them one that fails and one that is known to."""
    for number, name in enumerate("cab"):
        dialogues = [GOOD.replace("name: 送票", f"name: 送票 {name} {copy}") for copy in range(12)]
        words = "".join(f"  - user: {talk}\n    after: {number}h\n" for talk in TALKS)
        dialogues.append(f"name: 闲谈 {name}\nnow: 2026-03-06T23:59:59+08:00\nturns:\n{words}")
        write(tmp_path, "---\n".join(dialogues), f"{name}.yaml")
    wrong = GOOD.replace("intent: cancel_delivery", "intent: greet")
    known = wrong.replace("name: 送票", "name: 已知\nxfail: 以后")
    write(tmp_path, f"{wrong}---\n{known}", "d.yaml")
    return tmp_path


def in_a_process(root: Path, arguments: Sequence[str], seed: int, zone: str) -> bytes:
    """What the command prints in a process of its own, which must end with a failure and no complaint."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "replay", "--json", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": str(seed), "TZ": zone, "LC_ALL": ("C", "C.UTF-8")[seed % 2]},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    return done.stdout


def outputs(root: Path, folder: Path, runs: range) -> set[bytes]:
    """What differs between runs that differ in hash seed, time zone, processes and the order of the files."""
    files = sorted(map(str, folder.iterdir()))

    def output(run: int) -> bytes:
        turned = files[run % len(files) :] + files[: run % len(files)]
        order = turned if run % 3 else [*reversed(turned), str(folder)]
        return in_a_process(root, ["-j", JOBS[run % len(JOBS)], *order], run, ZONES[run % len(ZONES)])

    with ThreadPoolExecutor(2) as pool:
        return set(pool.map(output, runs))


def test_a_suite_gives_the_same_bytes_in_other_processes(root: Path, folder: Path) -> None:
    (told,) = outputs(root, folder, range(2))
    assert len(json.loads(told)["dialogues"]) == 41


@pytest.mark.slow
def test_a_suite_gives_the_same_bytes_a_hundred_times(root: Path, folder: Path) -> None:
    assert len(outputs(root, folder, range(100))) == 1


def told(results: Sequence[workers.Result]) -> str:
    return report.as_json(report.Report(tuple(results)))


def test_processes_give_the_results_in_the_order_of_the_dialogues(folder: Path) -> None:
    dialogues = suite.read([folder]).dialogues
    alone = list(workers.run_all(dialogues, mind))
    assert [result.dialogue for result in alone] == list(dialogues)
    assert told(list(workers.run_all(dialogues, mind, jobs=2))) == told(alone)
    with_traces = report.as_text(report.Report(tuple(alone)))
    assert "train_ticket/low, by T2.1" not in with_traces
    assert "began cancel_delivery" in with_traces


@pytest.mark.slow
def test_who_has_seen_enough_leaves_the_rest(folder: Path) -> None:
    dialogues = suite.read([folder]).dialogues
    some = list(islice(workers.run_all(dialogues, mind, jobs=2), 20))
    assert told(some) == told(list(workers.run_all(dialogues[:20], mind)))


def test_no_dialogues_give_no_results() -> None:
    assert list(workers.run_all([], mind, jobs=4)) == []


def broken_data() -> Mind:
    raise TuidanError("claims.yaml:3: no such claim")


def dying() -> Mind:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("killed")


@pytest.mark.parametrize(("build", "words"), [(broken_data, "claims.yaml:3"), (dying, "has died")])
def test_what_goes_wrong_in_a_process_is_one_clear_line(folder: Path, build: type, words: str) -> None:
    with pytest.raises(TuidanError, match=words):
        list(workers.run_all(suite.read([folder]).dialogues, build, jobs=2))


@pytest.mark.slow
def test_an_interrupted_run_ends_at_once_and_without_a_word(root: Path, folder: Path) -> None:
    """As Ctrl-C does it: the signal goes to all processes of the terminal."""
    many = "---\n".join(GOOD.replace("name: 送票", f"name: {number}号") for number in range(3_000))
    write(folder, many, "many.yaml")
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "replay", "-j", "2", str(folder), "--json"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        if not children.exists():
            pytest.skip("this system does not tell a process's children")
        while running.poll() is None and len(children.read_text().split()) < 3:
            pass  # two that work, and the one that multiprocessing keeps to count its resources
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, b"")
    assert b"Traceback" not in err
