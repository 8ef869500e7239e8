"""The pytest plugin, in projects of its users: real runs of pytest in folders of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import mind
from bot.replay import report, runner, suite

NOW = "now: 2026-03-06T04:00:00+08:00"
WISH = "turns:\n  - user: 我在微信上买的火车票想取消送票\n    intent: cancel_delivery\n"
HOLDS = f"name: 取消送票先问要不要票\n{NOW}\n{WISH}"
FAILS = f"name: 打招呼当成道谢\n{NOW}\nturns:\n  - user: 你好\n    intent: thanks\n"
KNOWN = FAILS.replace("当成道谢", "，已知的错") + "xfail: 还没做\n"
MENDED = HOLDS.replace("先问要不要票", "早就好了") + "xfail: 以为还没做\n"
BROKEN = HOLDS.replace("intent:", "intnt:")
STRICT = "[pytest]\naddopts = --strict-config --strict-markers\nfilterwarnings = error\nxfail_strict = true\n"
LOADED = """\
import sys

def test_what_is_loaded():
    ours = {'bot', 'intents', 'knowledge', 'yaml', 'jieba', 'numpy'}
    print('loaded:', *sorted(name for name in sys.modules if name.split('.')[0] in ours))
"""

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, and the folder in which it is worked on."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pytest.ini").write_text(STRICT, "utf-8")
    return tmp_path


@pytest.fixture
def run(project: Path) -> Run:
    """pytest in the project: exit code and output."""

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:hypothesispytest",
                "-p",
                "no:teremok",  # it would import aiogram, seconds long, into every run
                *arguments,
            ],
            cwd=project,
            env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "200"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_every_dialogue_is_a_test_with_the_diff_of_replay(project: Path, run: Run) -> None:
    write(project / "some.dialogue.yaml", "---\n".join([HOLDS, FAILS, KNOWN, MENDED]))
    write(project / "deep" / "broken.dialogue.yaml", BROKEN)
    write(project / "other.yaml", BROKEN)
    code, out = run("-v")
    lines = out.splitlines()
    verdicts = dict(line.split(" ", 2)[:2] for line in lines if "::" in line and "%]" in line)
    assert (code, verdicts) == (
        1,
        {
            "deep/broken.dialogue.yaml::line": "5",
            "some.dialogue.yaml::取消送票先问要不要票": "PASSED",
            "some.dialogue.yaml::打招呼当成道谢": "FAILED",
            "some.dialogue.yaml::打招呼，已知的错": "XFAIL",
            "some.dialogue.yaml::取消送票早就好了": "FAILED",
        },
    )
    assert "[XPASS(strict)] 以为还没做" in lines
    (fault,) = suite.read([Path("deep/broken.dialogue.yaml")]).faults
    assert str(fault).startswith("deep/broken.dialogue.yaml:5: intnt: unknown key")
    assert str(fault) in lines
    assert lines[-1].strip("= ").startswith("2 failed, 1 passed, 1 xfailed, 1 error in ")
    failed = suite.read([Path("some.dialogue.yaml")]).dialogues[1]
    assert report.dialogue_text(runner.run(failed, mind())) in out


def test_a_dialogue_is_chosen_by_its_name(project: Path, run: Run) -> None:
    write(project / "some.dialogue.yaml", "---\n".join([HOLDS, FAILS, KNOWN, MENDED]))
    code, out = run("-k", "取消送票 and not 早就")
    assert (code, "1 passed, 3 deselected" in out) == (0, True)
    code, out = run("some.dialogue.yaml::打招呼当成道谢", "--collect-only", "-q")
    assert (code, out.splitlines()[0]) == (0, "some.dialogue.yaml::打招呼当成道谢")


def test_folders_of_suites_are_looked_into_wherever_they_are(project: Path, run: Run) -> None:
    write(project / "pytest.ini", f"{STRICT}testpaths = tests\ntuidan_suites = talks tests/talks\n")
    write(project / "tests" / "test_one.py", "def test_one(): pass\n")
    write(project / "tests" / "talks" / "plain.yml", HOLDS)
    write(project / "talks" / "plain.yaml", HOLDS)
    write(project / "elsewhere" / "plain.yaml", HOLDS)
    listed = ("--collect-only", "-q")
    name = "取消送票先问要不要票"
    assert sorted(line for line in run(*listed)[1].splitlines() if "::" in line) == [
        f"talks/plain.yaml::{name}",
        f"tests/talks/plain.yml::{name}",
        "tests/test_one.py::test_one",
    ]
    assert [line for line in run(*listed, "tests/test_one.py")[1].splitlines() if "::" in line] == [
        "tests/test_one.py::test_one"
    ]
    (project / "talks" / "plain.yaml").unlink()
    (project / "talks").rmdir()
    code, out = run()
    assert (code, out.strip()) == (4, f"ERROR: tuidan_suites: there is no folder {project}/talks")


def test_a_run_without_suites_loads_nothing_of_the_bot(project: Path, run: Run) -> None:
    write(project / "test_one.py", LOADED)
    write(project / "other.yaml", HOLDS)
    code, out = run("-s")
    assert (code, [line for line in out.splitlines() if "loaded:" in line]) == (
        0,
        ["test_one.py loaded: bot bot.replay bot.replay.pytest_plugin"],
    )
    write(project / "some.dialogue.yaml", HOLDS)
    code, out = run("-s", "-p", "no:tuidan")
    assert (code, [line for line in out.splitlines() if "loaded:" in line]) == (0, ["test_one.py loaded:"])


def test_data_files_that_cannot_be_used_are_an_error_of_one_line(project: Path, run: Run) -> None:
    write(project / "pytest.ini", f"{STRICT}tuidan_data = own\n")
    write(project / "own" / "dialogue" / "replies.yaml", "greet: [\n")
    write(project / "own" / "dialogue" / "labels.yaml", "")
    write(project / "some.dialogue.yaml", f"{HOLDS}---\n{FAILS}")
    code, out = run()
    told = [line for line in out.splitlines() if "replies.yaml" in line and "ERROR" not in line]
    assert (code, len(told)) == (1, 2)
    assert told[0].startswith(f"{project}/own/dialogue/replies.yaml:2: ")
    assert "2 errors in" in out
    assert "Traceback" not in out
