"""The terminal chat: in a pipe, at a terminal, and left in every way one leaves."""

import io
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.app import mind
from bot.channels.screen import PROMPT, FullScreen, PlainScreen, cells, choices, printable
from bot.channels.terminal import TerminalChat
from bot.dialogue.turn import Turn
from bot.session import Session
from bot.store.memory import MemoryStore
from bot.transcript import HEARD

Chat = Callable[..., str]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def chat(store: MemoryStore, now: datetime) -> Chat:
    """What a pipe shows when these lines are written into it."""

    def lines(*written: str, after: timedelta = timedelta()) -> str:
        sink = io.StringIO()
        screen = PlainScreen(io.StringIO("".join(line + "\n" for line in written)), sink)
        TerminalChat(Session(store, mind()), screen, "anna", lambda: now + after).run()
        return sink.getvalue()

    return lines


def test_a_newcomer_is_welcomed_with_examples(chat: Chat) -> None:
    shown = chat()
    assert shown.count("· ") == 3
    assert "**" not in shown


def test_a_number_chooses_what_is_shown_beside_it(chat: Chat, store: MemoryStore) -> None:
    shown = chat("我想取消送票")
    assert "1) 火车票" in shown
    shown = chat("1")
    assert "火车票" in shown
    latest = store.latest("anna", "terminal")
    assert latest is not None
    assert latest.state["facts"]["product"]["value"] == "train_ticket"


def test_a_number_that_is_no_choice_is_said(chat: Chat, store: MemoryStore) -> None:
    chat("我想取消送票", "火车票", "99999999999999999999")
    latest = store.latest("anna", "terminal")
    assert latest is not None
    assert [e.data["text"] for e in store.events(latest.id) if e.kind == HEARD][-1] == "99999999999999999999"


def test_it_goes_on_where_one_left(chat: Chat, store: MemoryStore) -> None:
    chat("我想取消送票", "/quit", "never read")
    shown = chat("火车票")
    assert "接着上次的对话" in shown
    assert "你：我想取消送票" in shown
    latest = store.latest("anna", "terminal")
    assert latest is not None
    assert [e.data["text"] for e in store.events(latest.id) if e.kind == HEARD] == [
        "我想取消送票",
        "火车票",
    ]


def test_new_starts_anew(chat: Chat, store: MemoryStore) -> None:
    chat("火车票想退", "/new", "你好")
    latest = store.latest("anna", "terminal")
    assert latest is not None
    assert latest.state["facts"] == {}


def test_why_tells_intent_facts_rules_and_sources(chat: Chat) -> None:
    shown = chat("火车票想退，380块，明天上午10点发车", "/why").partition("为什么这样回答")[2]
    for words in ("退票退款", "火车票（你说的", "380.00元", "train_ticket/", "T2.1  "):
        assert words in shown
    assert "还没有回答过什么" in chat("/new", "/why")


def test_the_demo_orders_can_be_tried(chat: Chat) -> None:
    shown = chat("/orders", "/orders demo", "查一下订单TK2603070001的退款", "8001")
    assert "还没有试用订单" in shown
    assert "TK2603070001  尾号 8001" in shown
    assert "G1057" in shown.rpartition("尾号 8006")[2]


def test_the_demo_orders_are_always_told_from_today(chat: Chat, store: MemoryStore, now: datetime) -> None:
    chat("/orders demo", "你好")
    chat(after=timedelta(days=30))
    (train, *_) = (o for o in store.orders() if o.order_id == "TK2603070001")
    assert train.event_time is not None
    assert datetime.fromisoformat(train.event_time) > now + timedelta(days=30)


def test_a_hand_off_shows_the_card(chat: Chat) -> None:
    shown = chat("火车票想退，电话13800138000", "转人工")
    assert "人工客服接手" in shown
    card = shown.partition("—— 转人工 ——")[2]
    assert "顾客：火车票想退，电话[手机号]" in card


def test_unknown_commands_and_empty_lines_do_no_harm(chat: Chat) -> None:
    shown = chat("", "   ", "/nonsense", "/help")
    assert "没有 /nonsense 这个命令" in shown
    for command in ("/help", "/new", "/why", "/orders", "/quit"):
        assert command in shown


def test_nothing_that_steers_a_terminal_is_shown(chat: Chat) -> None:
    assert printable("a\x1b[2Jb\u202ec\x9bd\n") == "a[2Jbcd\n"
    assert "\x1b" not in chat("\x1b[2J你好", "/why")


def test_choices_fill_the_line_and_never_pass_its_end() -> None:
    labels = ["票还要，只取消配送", "票也不要了，一起退", "不清楚", "转人工"] * 3
    lines = choices(labels, 76)
    assert len(lines) < len(labels)
    assert all(cells(line) <= 76 for line in lines)
    assert [part.partition(") ")[2] for line in lines for part in line.split("   ")] == labels


def test_every_line_fits_into_eighty_columns(store: MemoryStore, now: datetime) -> None:
    sink = io.StringIO()
    console = Console(file=sink, width=80, force_terminal=False, highlight=False, markup=False, emoji=False)
    lines = ["\n", "火车票想退，380块，后天上午10点发车\n", "/why\n", "/help\n", "转人工\n"]
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("".join(lines) + "\x04")
        TerminalChat(Session(store, mind()), FullScreen(console=console), "anna", lambda: now).run()
    shown = sink.getvalue()
    assert "323.00" in shown or "380.00" in shown
    assert "T2.1" in shown
    assert max(cells(line) for line in shown.split("\n")) <= 80


def test_the_history_holds_no_personal_data(tmp_path: Path) -> None:
    history = tmp_path / "history"
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("我电话13800138000\n1234\n你好\n\x04")
        screen = FullScreen(history)
        while screen.ask() is not None:
            pass
    kept = history.read_text("utf-8")
    assert "你好" in kept
    assert "[手机号]" in kept
    assert "1234" not in kept
    assert "13800138000" not in kept


@pytest.fixture
def env(root: Path, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "TUIDAN_DB": str(tmp_path / "t.db"),
        "XDG_DATA_HOME": str(tmp_path),
        "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }


class Terminal:
    """The program at a pseudo-terminal of 80 columns."""

    def __init__(self, root: Path, env: dict[str, str]) -> None:
        self.end, other = pty.openpty()
        subprocess.run(["stty", "rows", "24", "cols", "80"], stdin=other, check=True)
        command = [sys.executable, "-m", "bot", "chat"]
        self.process = subprocess.Popen(
            command, stdin=other, stdout=other, stderr=other, cwd=root, env=env, start_new_session=True
        )
        os.close(other)
        self.shown = ""

    def until(self, words: str, seconds: float = 15) -> None:
        """Read until the words are shown, and past them."""
        deadline = time.monotonic() + seconds
        while words not in self.shown:
            left = deadline - time.monotonic()
            assert left > 0, f"{words} was not shown:\n{self.shown}"
            if select.select([self.end], [], [], left)[0]:
                self.shown += os.read(self.end, 65536).decode("utf-8", "replace")
        self.shown = self.shown.partition(words)[2]

    def type(self, text: str) -> None:
        os.write(self.end, text.encode())


@pytest.fixture
def terminal(root: Path, env: dict[str, str]) -> Iterator[Terminal]:
    started = Terminal(root, env)
    yield started
    started.process.kill()
    started.process.wait()
    os.close(started.end)


@pytest.mark.parametrize("key", ["\x04", "\x03", "/quit\r"])
def test_at_a_terminal_one_talks_and_leaves(terminal: Terminal, key: str) -> None:
    terminal.until("n 不装")
    terminal.until(PROMPT)
    terminal.type("\r")
    terminal.until("尾号 8006")
    terminal.until(PROMPT)
    terminal.type("我想取消送票\r")
    terminal.until("1) 火车票")
    terminal.until(PROMPT)
    terminal.type(key)
    terminal.until("再见")
    assert terminal.process.wait(10) == 0


def test_in_a_pipe_that_closes_it_ends_cleanly(root: Path, env: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
        env=env,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write("你好\n".encode() * 20)
        process.stdin.close()
        assert process.wait(10) == 0
        assert process.stderr.read() == b""


def test_in_a_pipe_an_interrupt_ends_it_cleanly(root: Path, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bot", "chat"]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, env=env, **streams) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == b""


def test_a_turn_that_breaks_down_does_not_end_the_chat(store: MemoryStore, now: datetime) -> None:
    sink = io.StringIO()

    def broken(*_: object) -> Turn:
        raise ZeroDivisionError

    session = Session(store, replace(mind(), step=broken))
    TerminalChat(session, PlainScreen(io.StringIO("你好\n/help\n"), sink), "anna", lambda: now).run()
    assert "ZeroDivisionError" in sink.getvalue()
    assert "再见" in sink.getvalue()
