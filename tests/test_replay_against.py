"""Two revisions of the data files on the same suites: what changed is told, and nothing is left behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import TuidanError
from bot.replay import against

SUITE = """\
name: 火车票提前三十小时
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 火车票380块明天上午十点发车，票不要了，在微信退要多少手续费
  - user: 谢谢
  - user: 那改成后天上午十点呢
---
name: 打个招呼
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 你好
"""
AS = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null")


def git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *AS, "-C", folder, *arguments], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def repository(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A support lead's repository: data files in a folder of it, committed, and in use."""
    home = tmp_path / "support"
    shutil.copytree(root / "knowledge" / "data", home / "data" / "knowledge")
    shutil.copytree(root / "bot" / "dialogue" / "data", home / "data" / "dialogue")
    (home / "suites.yaml").write_text(SUITE, "utf-8")
    git(tmp_path, "init", "--quiet", str(home))
    git(home, "add", ".")
    git(home, "commit", "--quiet", "--message", "as built in")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TUIDAN_DATA", str(home / "data"))
    return home


def nothing_is_left(repository: Path) -> bool:
    worktrees = git(repository, "worktree", "list", "--porcelain").count("worktree ")
    return worktrees == 1 and not list((repository.parent / "temporary").iterdir())


def test_a_new_figure_changes_money_and_what_follows(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(repository / "data" / "knowledge" / "tables" / "train_ticket.yaml", "rate: 15%", "rate: 16%")
    edit(repository / "data" / "dialogue" / "replies.yaml", "greet: 您好", "greet: 你好")
    edit(repository / "data" / "dialogue" / "replies.yaml", "thanks: 不客气", "thanks: 不谢")
    monkeypatch.setenv("GIT_DIR", str(repository / "a hook sets such things"))
    suites = [repository / "suites.yaml"]
    found = against.compare(suites, "HEAD", jobs=2)
    dearer, thanked, greeted = found.changed
    assert (found.dialogues, found.turns, found.faults) == (2, 4, ())
    assert (dearer.name, dearer.turn, dearer.line, dearer.after_a_change) == (
        "火车票提前三十小时",
        1,
        4,
        False,
    )
    money = {each.key: (each.before, each.after) for each in dearer.differences if each.layer == "money"}
    assert money["outcome.fee"] == ("57.00", "60.80")
    assert money["outcome.refund"] == ("323.00", "319.20")
    assert (thanked.turn, thanked.after_a_change) == (2, True)
    assert [each.layer for each in greeted.differences] == ["text"]

    lines = against.as_text(found).splitlines()
    assert lines[0].startswith(
        "of 4 turns: 1 change money, 0 change verdict, 0 change hand-off, 0 change intent"
    )
    assert lines[0].endswith("3 change text")
    assert lines[2:5] == [
        "1 turn change money",
        f"  {repository}/suites.yaml:4: 火车票提前三十小时, turn 1",
        "    › 火车票380块明天上午十点发车，票不要了，在微信退要多少手续费",
    ]
    assert '    outcome.fee: "57.00" → "60.80"' in lines
    told = json.loads(against.as_json(found))
    assert (told["turns"], told["changed"], told["layers"]["money"], told["layers"]["text"]) == (4, 3, 1, 3)
    assert told["shown"][0]["differences"][0] == {
        "layer": "money", "key": "outcome.fee", "before": "57.00", "after": "60.80"
    }  # fmt: skip
    assert nothing_is_left(repository)


def test_the_same_data_files_show_no_difference(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "broken.yaml").write_text("name: nichts\n", "utf-8")
    suites = [repository / "suites.yaml", repository / "broken.yaml"]
    monkeypatch.delenv("TUIDAN_DATA")
    found = against.compare(suites, "HEAD", only=["打个招呼"], data=repository / "data")
    assert (found.dialogues, found.changed) == (1, ())
    assert [str(fault).partition(":")[0] for fault in found.faults] == [str(repository / "broken.yaml")]
    assert against.as_text(found).startswith(
        f"ERROR  {repository}/broken.yaml:1: now: missing\nof 1 turns: 0 "
    )


@pytest.mark.parametrize("rev", ["nowhere", "--help", "HEAD:data", ""])
def test_a_revision_that_there_is_not_is_named(repository: Path, rev: str) -> None:
    with pytest.raises(TuidanError, match="^" + rev + ": there is no such revision in the repository of "):
        against.compare([repository / "suites.yaml"], rev)
    assert nothing_is_left(repository)


def test_no_repository_and_no_data_files_in_it(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = repository / "later"
    shutil.copytree(repository / "data", later)
    monkeypatch.setenv("TUIDAN_DATA", str(later))
    with pytest.raises(TuidanError, match="HEAD: there are no data files in later at this revision"):
        against.compare([repository / "suites.yaml"], "HEAD")
    assert nothing_is_left(repository)
    shutil.copytree(repository / "data", tmp_path / "outside")
    monkeypatch.setenv("TUIDAN_DATA", str(tmp_path / "outside"))
    with pytest.raises(TuidanError, match=f"git in {tmp_path}/outside: not a git repository"):
        against.compare([repository / "suites.yaml"], "HEAD")


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(TuidanError, match="git, which knows the other revision, is not installed"):
        against.compare([repository / "suites.yaml"], "HEAD")


def test_a_fault_at_the_revision_is_placed_there(repository: Path) -> None:
    table = repository / "data" / "knowledge" / "tables" / "train_ticket.yaml"
    edit(table, "verdict: allowed", "verdikt: allowed")
    git(repository, "commit", "--quiet", "--all", "--message", "broken")
    edit(table, "verdikt: allowed", "verdict: allowed")
    with pytest.raises(TuidanError, match=r"^HEAD:knowledge/tables/train_ticket\.yaml:\d+: rows\.0\."):
        against.compare([repository / "suites.yaml"], "HEAD")
    assert nothing_is_left(repository)


def test_ctrl_c_leaves_nothing_behind(repository: Path) -> None:
    """The side of the working tree waits at a pipe in place of a file, and is interrupted there."""
    pipe = repository / "data" / "dialogue" / "replies.yaml"
    pipe.unlink()
    os.mkfifo(pipe)
    compare = "against.compare([pathlib.Path(sys.argv[1])], 'HEAD')"
    compare = f"import pathlib, sys; from bot.replay import against; {compare}"
    command = [sys.executable, "-c", compare, str(repository / "suites.yaml")]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as running,
        pipe.open("w"),
    ):
        os.killpg(running.pid, signal.SIGINT)
        _, complaint = running.communicate()
    assert running.returncode == -signal.SIGINT
    assert complaint.splitlines()[-1] == "KeyboardInterrupt"
    assert nothing_is_left(repository)
