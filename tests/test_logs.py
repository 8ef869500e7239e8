"""The log: it tells what happened and where, and never what anybody wrote, nor a secret."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.app import mind
from bot.messages import Update
from bot.ops.logs import FIELDS, NAMES, logger, set_up
from bot.ops.metrics import Metrics
from bot.ops.turns import turn_taken
from bot.session import Session
from bot.store.sqlite import SqliteStore

TOKEN = "123456789:AAtheTokenThatNobodyMaySee-0123456"
SECRET = "theSecretThatNobodyMaySee_0123456"
TALK = (
    "我手机13800138000，身份证11010519491231002X，火车票想退",
    "380块，明天下午四点发车，快递还没取件",
    "邮箱a.b@qq.com，卡号6222021234567890128",
    "查一下订单TK2603070001，尾号8001",
    "转人工",
)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leaves the process's logging as it was."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def log(now: datetime) -> io.StringIO:
    stream = io.StringIO()
    set_up("json", (TOKEN, SECRET), stream, lambda: now)
    return stream


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def pieces(text: str) -> list[str]:
    """Every run of four characters: none of what was written may turn up."""
    return [text[start : start + 4] for start in range(len(text) - 3)]


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_conversation_leaves_no_word_in_the_log(style: str, tmp_path: Path, now: datetime) -> None:
    """Whatever a careless line hands to the log: texts as fields, as the event, in faults, from libraries."""
    log = io.StringIO()
    set_up("json" if style == "json" else "console", (TOKEN, SECRET), log, lambda: now)
    session, metrics = Session(SqliteStore(tmp_path / "t.db"), mind()), Metrics()
    update = Update("0", "telegram-42", "telegram-42", "telegram", "", now)
    said: list[str] = []
    for number, text in enumerate(TALK):
        turn = session.handle(replace(update, id=str(number), text=text))
        assert turn is not None
        turn_taken(metrics, "telegram-42", turn, 0.001)
        said += [text, *(reply.text for reply in turn.replies)]
        logger().info(text, text=text, payload={"text": text}, reply=turn.replies[0])
        logger().info("got %s", text)
        logger().info("turn.taken", kind=turn, update=[text])
        logging.getLogger("aiogram.event").warning("cannot handle %s with %s", text, TOKEN)
        logging.getLogger("aiohttp.access").error(f"POST /bot{TOKEN}/sendMessage {text}")
        try:
            raise ValueError(f"{text} {SECRET}")
        except ValueError:
            logger().exception("sender.fault", conversation="telegram-42")
            logging.getLogger("asyncio").exception("Task exception was never retrieved")
    session.store.close()
    written = log.getvalue()
    assert written.count("turn.taken") == 2 * len(TALK)
    assert "telegram-42" in written
    assert not [piece for text in said for piece in pieces(text) if not piece.isascii() and piece in written]
    for secret in (
        "13800138000",
        "11010519491231002X",
        "qq.com",
        "6222021234567890128",
        "8001",
        TOKEN,
        SECRET,
    ):
        assert secret not in written


def test_a_turn_is_told_in_the_projects_own_words(log: io.StringIO, now: datetime, tmp_path: Path) -> None:
    session, metrics = Session(SqliteStore(tmp_path / "t.db"), mind()), Metrics()
    turn = session.handle(Update("1", "telegram-42", "telegram-42", "telegram", "我想取消送票", now))
    assert turn is not None
    turn_taken(metrics, "telegram-42", turn, 0.00123)
    session.store.close()
    assert lines(log) == [
        {
            **{"at": "2026-03-06T04:00:00.000+08:00", "level": "info", "event": "turn.taken"},
            **{"conversation": "telegram-42", "intent": "cancel_delivery", "asks": "product"},
            **{"verdict": None, "handoff": None, "replies": 1, "seconds": 0.0012},
        }
    ]
    assert metrics.registry.get_sample_value("tuidan_turns_total", {"ends": "question"}) == 1


@given(
    st.dictionaries(
        st.sampled_from([*sorted(FIELDS), "text", "message", "at", "fault", "where"]),
        st.text(max_size=40).map(lambda text: f"{text}{TOKEN}\n{text}{SECRET}"),
    )
)
def test_a_line_stays_a_line_and_secrets_stay_inside(fields: dict[str, str]) -> None:
    stream = io.StringIO()
    set_up("console", (TOKEN, SECRET), stream, lambda: datetime(2026, 3, 6))  # noqa: DTZ001 - only shown
    logger().bind(**fields).info("turn.taken", **fields)
    assert stream.getvalue().count("\n") == 1
    assert len(stream.getvalue().splitlines()) == 1
    assert "NobodyMaySee" not in stream.getvalue()


def test_a_fault_is_told_by_its_type_and_its_places(log: io.StringIO) -> None:
    def inner() -> None:
        raise KeyError("我要退款")

    try:
        inner()
    except KeyError:
        logger().exception("sender.fault", seq=7)
    (line,) = lines(log)
    assert (line["fault"], line["seq"], line["level"]) == ("KeyError", 7, "error")
    assert str(line["where"]).startswith("test_logs.py:")
    assert str(line["where"]).count("test_logs.py:") == 2


def test_other_libraries_are_told_without_what_they_quote(log: io.StringIO) -> None:
    logging.getLogger("aiogram.dispatcher").error("Failed to fetch updates - %s: %s", "X", "我要退款")
    logging.getLogger("aiogram.dispatcher").info("Start polling")
    (line,) = lines(log)
    assert line["library"] == "aiogram.dispatcher"
    assert line["template"] == "Failed to fetch updates - %s: %s"
    assert str(line["path"]).startswith("test_logs.py:")


def test_names_are_shown_as_they_are_stored(log: io.StringIO) -> None:
    logger().info(
        "turn.taken", conversation="telegram-13800138000", error="call 13800138000", chat=-1001234567890
    )
    (line,) = lines(log)
    assert str(line["conversation"]).startswith("hidden-")
    assert (line["error"], line["chat"]) == ("call [手机号]", -1001234567890)
    assert NAMES <= FIELDS


def test_long_values_are_cut_and_strange_ones_told_by_type(log: io.StringIO) -> None:
    logger().info("turn.taken", error="x" * 1_000, kind={"text": "我要退款"})
    (line,) = lines(log)
    assert len(str(line["error"])) == 200
    assert line["kind"] == "<dict>"


def test_a_fault_that_nobody_caught_quotes_nothing(root: Path) -> None:
    script = "from bot.ops.logs import set_up; set_up('json'); raise ValueError('我要退款')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    line = json.loads(done.stderr)
    assert (line["event"], line["fault"]) == ("service.fault", "ValueError")
    assert "退款" not in done.stderr
