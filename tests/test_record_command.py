"""Recording by the command and in the terminal."""

import io
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import mind
from bot.channels.screen import PlainScreen
from bot.channels.terminal import TerminalChat
from bot.cli.commands import run
from bot.errors import TuidanError
from bot.messages import Update
from bot.replay import runner, suite
from bot.session import Session
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from bot.transcript import ANSWERED
from tests.test_record import say, store

__all__ = ["store"]


@pytest.fixture
def database(tmp_path: Path, store: SqliteStore, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Path:
    say(store, now, "火车票想退，380块，明天上午10点发车", "转人工")
    monkeypatch.setenv("TUIDAN_DB", str(tmp_path / "talks.db"))
    return tmp_path / "talks.db"


def test_the_command_writes_a_suite_that_replays(root: Path, database: Path, tmp_path: Path) -> None:
    file = tmp_path / "it.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "record", "c1", "-o", str(file), "--db", str(database)],
        cwd=root,
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    (dialogue,) = suite.read([file]).dialogues
    assert runner.run(dialogue, mind()).passed


@pytest.mark.usefixtures("database")
def test_the_command_prints_lists_and_does_not_overwrite(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "it.yaml"
    assert run(["record", "c1", "-o", str(file)]) == 0
    assert run(["record", "c1"]) == 0
    assert capfdbinary.readouterr().out == file.read_bytes()
    with pytest.raises(TuidanError, match=r"it\.yaml exists already"):
        run(["record", "c1", "-o", str(file)])
    assert run(["record", "c1", "-o", str(file), "--force"]) == 0
    assert run(["record", "--list"]) == 0
    line = "c1\t2026-03-06 04:01+08:00\t2\t火车票想退，380块，明天上午10点发车\n"
    assert capfdbinary.readouterr().out.decode() == line
    assert run(["record", "--list", "--since", "2026-03-07"]) == 0
    assert capfdbinary.readouterr().out == b""


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "no conversation 'nobody'"),
        ([], "name one conversation"),
        (["c1", "--list"], "name one conversation"),
        (["c1", "--since", "2026-03-06"], "goes with --list"),
        (["--list", "--since", "yesterday"], "--since: not an ISO 8601 time"),
        (["c1", "-o", "/no such folder/it.yaml"], "cannot write /no such folder/it.yaml"),
    ],
)
def test_what_the_command_cannot_do_is_said(arguments: list[str], words: str) -> None:
    with pytest.raises(TuidanError, match=re.escape(words)):
        run(["record", *arguments])


@pytest.mark.usefixtures("database")
def test_the_command_says_where_todays_bot_differs(
    store: SqliteStore, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [(event.kind, event.data) for event in store.events("c1")]
    other = [(kind, {**data, "intent": "greet"} if kind == ANSWERED else data) for kind, data in events]
    with store.turn(Update("0", "c2", "anna", "test", "", now)) as turn:
        turn.write({}, other, [])
    assert run(["record", "c2"]) == 0
    assert 'turn 2: intent: then "greet", today "human_agent"' in capsys.readouterr().err


def test_record_in_the_terminal(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sink = io.StringIO()
    lines = ["/record", "火车票想退，380块", "/record", "/record again.yaml", "/record again.yaml"]
    screen = PlainScreen(io.StringIO("".join(line + "\n" for line in lines)), sink)
    TerminalChat(Session(MemoryStore(), mind()), screen, "anna", lambda: now).run()
    shown = sink.getvalue()
    assert "没有可以记录的" in shown
    assert "again.yaml exists already" in shown
    files = sorted(tmp_path.glob("*.yaml"))
    assert len(files) == 2
    assert all(str(file) in shown for file in files)
    assert all(runner.run(d, mind()).passed for file in files for d in suite.read_file(file)[0])
