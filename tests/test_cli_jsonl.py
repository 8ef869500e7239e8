"""`chat --jsonl`: every line in has its line out, whatever it holds."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app import session_in_memory
from bot.channels.jsonl import serve

NOW = "2026-03-06T04:00:00+08:00"
Talk = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def talk() -> Talk:
    """The answers to lines, given as objects or as bytes, by a session of their own."""

    def answers(*lines: object) -> list[dict[str, Any]]:
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        sink = io.BytesIO()
        serve(session_in_memory(events=50), io.BytesIO(b"\n".join(raw)), sink)
        return [json.loads(line) for line in sink.getvalue().splitlines()]

    answers()
    return answers


def line(text: str, **more: object) -> dict[str, object]:
    return {"conversation": "c", "text": text, "now": NOW, **more}


def test_an_answer_has_the_fields_of_the_contract(talk: Talk) -> None:
    first, second = talk(line("火车票想退"), line("380块，明天上午10点发车"))
    for answer in (first, second):
        assert set(answer) >= {
            *("conversation", "replies", "intent", "confidence", "slots", "asks", "outcome", "handoff"),
        }
        assert all(set(reply) == {"text", "buttons"} for reply in answer["replies"])
    assert second["slots"]["product"] == "train_ticket", "what the case knows by now"
    assert second["outcome"]["fee"] == "57.00"


def test_conversations_keep_apart(talk: Talk) -> None:
    _, other, back = talk(line("火车票想退"), line("你好", conversation="d"), line("380块"))
    assert other["slots"] == {}
    assert back["slots"] == {"product": "train_ticket", "amount": "380.00"}


def test_a_hand_off_gives_its_reason(talk: Talk) -> None:
    (answer,) = talk(line("转人工"))
    assert answer["handoff"]["reason"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"", "not JSON"),
        (b"hello", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "conversation"),
        (b'{"conversation": "c"}', "text"),
        (b'{"conversation": "c", "text": 5}', "text"),
        (b'{"conversation": "", "text": "x"}', "conversation"),
        (b'{"conversation": null, "text": "x"}', "conversation"),
        (b'{"conversation": "' + b"c" * 201 + b'", "text": "x"}', "conversation"),
        (b'{"conversation": "c", "text": "x", "update": ""}', "update"),
        (b'{"conversation": true, "text": "x"}', "conversation"),
        (b'{"conversation": ["c"], "text": "x"}', "conversation"),
        (b'{"conversation": "c", "text": "x", "now": "soon"}', "now"),
        (b'{"conversation": "c", "text": "x", "now": "2026-03-06T04:00:00"}', "offset"),
        (b'{"conversation": "c", "text": "x", "now": "0001-01-01T00:00:00+14:00"}', "year"),
        (b'{"conversation": "c", "text": "x", "now": 5}', "now"),
        (b'{"conversation": "c", "text": "\xff\xfe"}', "not UTF-8"),
        (b'{"conversation": "c", "text": "' + b"x" * 100, "not JSON"),
        (b'{"a":' * 100_000, "not JSON"),
        (b"[" * 1_000_000, "not JSON"),
        (b"9" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_gets_an_error_and_the_next_is_answered(talk: Talk, bad: bytes, words: str) -> None:
    error, answer = talk(bad, line("你好"))
    assert set(error) == {"error"}
    assert words in error["error"]
    assert answer["replies"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n",
        "\0\1\2\x7f\x1b[2J",
        "\ud800退票\udfff",
        "\u202e退票\u202c",
        "e" + "\u0301" * 10_000,
        "退票" * 500_000,
        "1" * 1_000_000,
        "明天上午10点，" * 50_000,
        "订单号" + "A1" * 300_000,
        "𝟏𝟐𝟑元",
        "{user}%s{0}",
        "ﷺ" * 20_000,
    ],
)
def test_hostile_text_is_answered_within_a_second(talk: Talk, text: str) -> None:
    talk(line("热身"))
    start = time.process_time()
    answer, after = talk(line(text), line("你好"))
    assert time.process_time() - start < 2
    assert answer["replies"]
    assert "error" not in answer
    assert after["replies"]


def test_without_now_the_clock_is_the_real_one(talk: Talk) -> None:
    (answer,) = talk({"conversation": "c", "text": "火车票明天上午10点发车，380块，想退"})
    assert answer["slots"]["event_time"].endswith("+08:00")


def test_whole_minutes_are_a_number(talk: Talk) -> None:
    (answer,) = talk(line("点券超时四十分钟没到账，50块"))
    assert (answer["slots"]["late_minutes"], answer["slots"]["amount"]) == (40, "50.00")


def pipe(*arguments: str, **more: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--jsonl", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


LINES = b"".join(
    json.dumps(line(text)).encode() + b"\n" for text in ("火车票想退", "380块", "明天上午10点", "转人工")
)


def test_the_same_lines_give_the_same_bytes(root: Path) -> None:
    outputs = []
    for seed in ("1", "2"):
        with pipe(cwd=root, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}"}) as process:
            outputs.append(process.communicate(LINES)[0])
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == 4


def test_answers_come_line_by_line_and_a_closed_pipe_ends_it(root: Path) -> None:
    with pipe(cwd=root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        for text in ("你好", "火车票想退"):
            process.stdin.write(json.dumps(line(text)).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["replies"]
        process.stdout.close()
        process.stdin.write(LINES * 50)
        try:
            process.stdin.close()
        except BrokenPipeError:
            process.stdin = None
        assert process.wait(10) == 0
        assert process.stderr.read() == b""


def test_an_interrupt_ends_it_without_a_traceback(root: Path) -> None:
    with pipe(cwd=root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(LINES)
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == b""


def test_with_a_database_the_conversation_outlives_the_process(root: Path, tmp_path: Path) -> None:
    database = str(tmp_path / "c.db")
    request = json.dumps(line("火车票想退", update="u1")).encode() + b"\n"
    with pipe("--db", database, cwd=root) as first:
        answer = json.loads(first.communicate(request)[0])
    with pipe(f"--db={database}", cwd=root) as second:
        out = second.communicate(request + json.dumps(line("380块")).encode())[0].splitlines()
    repeated, following = map(json.loads, out)
    assert repeated["repeated"] is True
    assert repeated["replies"] == answer["replies"]
    assert following["slots"] == {"product": "train_ticket", "amount": "380.00"}


def test_without_a_database_nothing_is_written(root: Path, tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path), "TUIDAN_DB": str(tmp_path / "no.db"), "PYTHONPATH": str(root)}
    env |= {"XDG_DATA_HOME": str(tmp_path / "data"), "PYTHONDONTWRITEBYTECODE": "1"}
    env["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    with pipe(cwd=tmp_path, env=env) as process:
        process.communicate(LINES)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and "cache" not in path.as_posix().lower()]
    assert left == []
