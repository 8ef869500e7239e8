"""`python -m intents parse`: what other programs see."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def parse(lines: list[str], *arguments: str, seed: str = "0") -> list[dict[str, Any]]:
    return [json.loads(line) for line in raw(lines, *arguments, seed=seed).splitlines()]


def raw(lines: list[str], *arguments: str, seed: str = "0") -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "intents", "parse", "--jsonl", *arguments],
        input="\n".join(lines).encode(),
        capture_output=True,
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
    )
    return done.stdout


def request(text: str, **more: str) -> str:
    return json.dumps({"text": text, "now": "2026-03-06T12:00:00+08:00"} | more, ensure_ascii=False)


def test_an_answer_has_all_fields() -> None:
    (answer,) = parse([request("火车票380块我要退")])
    assert set(answer) == {"text", "intent", "confidence", "ranking", "slots", "tokens"}
    assert answer["intent"] == answer["ranking"][0][0] == "request_refund"
    assert answer["slots"]["amount"] == "380.00"
    assert answer["tokens"]


def test_a_bad_line_is_answered_and_the_next_one_served() -> None:
    bad = ["xx", "[]", '{"text": 1}', request("退款", now="昨天")]
    answers = parse([*bad, request("我要退款")])
    assert [set(answer) for answer in answers[:-1]] == [{"error"}] * len(bad)
    assert answers[-1]["intent"] == "request_refund"


def test_two_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    lines = [
        request(text) for text in ("我要退款", "取消送票 tuipiao", "今天天氣", "商家不理我，另外手续费多少")
    ]
    assert raw(lines, seed="1") == raw(lines, seed="4242")


def test_someone_elses_examples(tmp_path: Path) -> None:
    examples = tmp_path / "own.jsonl"
    rows = [
        ("银行卡丢了怎么办", "lost"),
        ("我的卡不见了", "lost"),
        ("怎么提高额度", "limit"),
        ("额度太低", "limit"),
    ]
    examples.write_text(
        "\n".join(json.dumps({"text": text, "intent": intent}, ensure_ascii=False) for text, intent in rows),
        encoding="utf-8",
    )
    first, second = parse([request("卡丢了"), request("想提额度")], "--examples", str(examples))
    assert (first["intent"], second["intent"]) == ("lost", "limit")
    assert {label for label, _ in first["ranking"]} == {"lost", "limit"}
    assert first["slots"] == {}


@pytest.mark.parametrize("content", ["", "{}", "不是 JSON"])
def test_examples_that_are_none_are_refused_with_their_place(tmp_path: Path, content: str) -> None:
    examples = tmp_path / "own.jsonl"
    examples.write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "intents", "parse", "--jsonl", "--examples", str(examples)],
        input=b"",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"own.jsonl" in done.stderr
