"""What a run is told as: to people, to programs, to CI servers; and which dialogues run."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.cli import commands
from bot.errors import TuidanError
from bot.replay import report, suite
from bot.replay.compare import LAYERS
from bot.replay.trace import trace
from tests.replayed import GOOD, replayed, run, write

WRONG = (
    GOOD.replace("intent: cancel_delivery", "intent: greet")
    .replace("    handoff: null", "    asks: event_time\n    handoff: {reason: case}")
    .replace('fee: "57.00"', 'fee: "58.00"')
    .replace('"57.00 元"', '"58.00 元"')
    .replace("黄牛", "323.00 元")
)
KNOWN = WRONG.replace("name: 送票", "name: 还做不到的\nxfail: 要等新的规则")
BETTER = GOOD.replace("name: 送票", "name: 现在做到了\nxfail: 要等新的规则")
Replay = Callable[..., tuple[int, str]]


@pytest.fixture
def replay(capfd: pytest.CaptureFixture[str]) -> Replay:
    """The command in this process: its exit code and what it printed."""

    def command(*arguments: object) -> tuple[int, str]:
        code = commands.run(["replay", *map(str, arguments)])
        return code, capfd.readouterr().out

    return command


def test_reports_say_the_same_to_people_and_programs(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a.yaml")
    write(tmp_path, GOOD.replace("intent: cancel_delivery", "intent: greet"), "b.yaml")
    write(tmp_path, "name: 1\n", "c.yaml")
    found = replayed([tmp_path])
    text = report.as_text(found)
    assert "b.yaml:1: 送票" in text
    assert "b.yaml:5: turn 1" in text
    assert "1 of 2 dialogues passed (4 turns), 1 failed, 1 files' errors" in text
    data = json.loads(report.as_json(found))
    assert (data["passed"], data["failed"], len(data["errors"])) == (1, 1, 1)
    assert data["dialogues"][1]["failures"][0]["key"] == "intent"
    report.write_junit(found, tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    assert len(root.findall(".//failure")) == 1


def test_a_failure_tells_layer_after_layer_what_came_and_why(tmp_path: Path) -> None:
    text = report.as_text(run(tmp_path, WRONG))
    first, second = text.split(": turn ")[1:]
    words = [line.split()[0] for line in first.splitlines() if line.startswith("    ") and line[4] != " "]
    assert words == ["intent", "slots", "handoff", "why"]
    assert '"greet"' in first
    assert '"cancel_delivery"' in first
    assert "product = train_ticket, said as 「火车票」" in first
    assert "asked ticket_plan" in first
    words = [line.split()[0] for line in second.splitlines() if line.startswith("    ") and line[4] != " "]
    assert words == ["outcome", "text", "why"]
    assert "missing           58.00 元" in second
    assert "must not be said  323.00" in second
    assert "能退回 **323.00 元**" in second
    assert "train_ticket/low, by T2.1" in second


def test_columns_are_as_wide_as_chinese_is(tmp_path: Path) -> None:
    """The replies stand under each other, though what is before them is of other widths."""
    told = report.as_text(run(tmp_path, WRONG.replace('"58.00 元"', '"58.00 元", 不会说的话')))
    lines = [line for line in told.splitlines() if "58.00 元" in line or "不会说的话" in line]
    assert len(lines) == 2
    assert lines[0].index("58.00 元") == lines[1].index("不会说的话")


def test_what_hides_in_a_terminal_is_shown(tmp_path: Path) -> None:
    text = report.as_text(
        run(
            tmp_path,
            WRONG.replace("是火车票", "是火车票\\e[2J\\u202e").replace(
                "user: 取消送票，是火车票\\e[2J\\u202e", 'user: "取消送票，是火车票\\e[2J\\u202e"'
            ),
        )
    )
    assert "是火车票\\x1b[2J\\u202e" in text
    assert "\x1b" not in text


def test_a_known_failure_counts_apart_and_fails_when_it_passes(tmp_path: Path, replay: Replay) -> None:
    known, better = write(tmp_path, KNOWN, "known.yaml"), write(tmp_path, BETTER, "better.yaml")
    code, out = replay(known)
    assert (code, out) == (0, "0 of 1 dialogues passed (2 turns), 1 known failures\n")
    code, out = replay(tmp_path, "--junit", tmp_path / "junit.xml")
    assert code == 1
    assert "better.yaml:1: 现在做到了\n  passed, though marked xfail: 要等新的规则\n" in out
    assert "known.yaml" not in out
    cases = ElementTree.parse(tmp_path / "junit.xml").getroot().iter("testcase")
    told = {case.get("name"): [(part.tag, part.get("message")) for part in case] for case in cases}
    assert told == {
        "现在做到了": [("failure", "passed, though marked xfail: 要等新的规则")],
        "还做不到的": [("skipped", "known failure: 要等新的规则")],
    }
    data = json.loads(replay(better, known, "--json")[1])
    assert (data["passed"], data["failed"], data["known_failures"]) == (0, 1, 1)
    assert [(d["xfail"], d["passed"]) for d in data["dialogues"]] == [
        ("要等新的规则", False),
        ("要等新的规则", True),
    ]


def test_the_json_tells_every_turn_and_every_failure(tmp_path: Path, replay: Replay) -> None:
    data = json.loads(replay(write(tmp_path, WRONG), "--json")[1])
    (dialogue,) = data["dialogues"]
    assert (dialogue["line"], dialogue["name"], dialogue["turns"]) == (1, "送票", 2)
    layers = [failure["layer"] for failure in dialogue["failures"] if failure["turn"] == 2]
    assert layers == sorted(layers, key=LAYERS.index)
    assert {"turn", "line", "user", "layer", "key", "expected", "got"} == set(dialogue["failures"][0])
    first, second = dialogue["played"]
    assert (first["number"], first["at"], first["asks"]) == (1, "2026-03-06T04:00:00+08:00", "ticket_plan")
    assert (second["at"], second["user"][:4]) == ("2026-03-06T04:02:00+08:00", "票也不要")
    assert second["outcome"]["fee"] == "57.00"
    assert "57.00" in second["replies"][0]["text"]
    assert {"intent", "slots", "handoff", "cites"} <= set(second)


def test_a_report_of_the_worst_words_is_still_well_formed(tmp_path: Path, replay: Replay) -> None:
    worst = '<b>&"\\x0e\\x1b[0m]]>'.replace("\\x0e", "\\uffff").replace("\\x1b", "\\e")
    text = WRONG.replace("name: 送票", f"name: '{worst}'").replace(
        "user: 取消送票，是火车票", 'user: "取消送票，是火车票 \\uffff \\e[0m ]]> <b>"'
    )
    code, _ = replay(write(tmp_path, text), "--junit", tmp_path / "junit.xml")
    assert code == 1
    assert ElementTree.parse(tmp_path / "junit.xml").getroot().get("failures") == "1"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ([], ["退票", "送票", "问候"]),
        (["票"], ["退票", "送票"]),
        (["问候", "退"], ["退票", "问候"]),
        (["two"], ["送票", "问候"]),
        (["two.yaml:1"], ["送票"]),
        (["two.yaml:16"], ["送票"]),
        (["two.yaml:18"], ["问候"]),
        (["two.yaml:99"], ["问候"]),
    ],
)
def test_only_what_is_named_runs(tmp_path: Path, replay: Replay, wanted: list[str], names: list[str]) -> None:
    write(tmp_path, GOOD.replace("name: 送票", "name: 退票"), "one.yaml")
    write(tmp_path, f"{GOOD}---\n{GOOD.replace('name: 送票', 'name: 问候')}", "two.yaml")
    options = [option for text in wanted for option in ("--only", text)]
    code, out = replay(tmp_path, "--json", *options)
    assert code == 0
    assert [dialogue["name"] for dialogue in json.loads(out)["dialogues"]] == names


@pytest.mark.parametrize("text", ["没有", "suite.yaml:0", "other.yaml:1", "送票:1"])
def test_a_name_that_names_nothing_is_said(tmp_path: Path, replay: Replay, text: str) -> None:
    file = write(tmp_path, GOOD)
    with pytest.raises(TuidanError, match=text):
        replay(file, "--only", "送票", "--only", text)


def test_after_the_first_failure_the_rest_is_left_and_counted(tmp_path: Path, replay: Replay) -> None:
    for name, text in (("a", GOOD), ("b", KNOWN), ("c", WRONG), ("d", GOOD), ("e", WRONG)):
        write(tmp_path, text, f"{name}.yaml")
    code, out = replay(tmp_path, "--fail-fast")
    assert code == 1
    told = "1 of 3 dialogues passed (6 turns), 1 failed, 1 known failures, 2 not run after the first failure"
    assert out.splitlines()[-1] == told
    assert json.loads(replay(tmp_path, "--fail-fast", "--json")[1])["not_run"] == 2


def test_a_report_that_cannot_be_written_is_one_clear_line(tmp_path: Path, replay: Replay) -> None:
    file = write(tmp_path, GOOD)
    for option in ("--junit", "--html"):
        with pytest.raises(TuidanError, match="cannot write"):
            replay(file, option, tmp_path / "no" / "such" / "folder")


def seen_on_a_terminal(root: Path, file: Path, **environment: str) -> str:
    """What the command sends to a terminal."""
    primary, secondary = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
    subprocess.run(
        [sys.executable, "-m", "bot", "replay", str(file)],
        cwd=root,
        env={**kept, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
        stdout=secondary,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    os.close(secondary)
    seen = b""
    try:
        while chunk := os.read(primary, 65_536):
            seen += chunk
    except OSError:  # Linux tells the end of a terminal so
        pass
    os.close(primary)
    return seen.decode()


def test_colours_only_on_a_terminal_and_only_where_wanted(root: Path, tmp_path: Path) -> None:
    file = write(tmp_path, GOOD.replace("intent: cancel_delivery", "intent: greet"))
    assert "\x1b[1;31mFAILED" in seen_on_a_terminal(root, file)
    plain = seen_on_a_terminal(root, file, NO_COLOR="1")
    assert "FAILED" in plain
    assert "31m" not in plain


def test_the_trace_of_a_stored_turn_leaves_out_what_is_not_there() -> None:
    heard: dict[str, Any] = {"intent": "cancel_order", "confidence": 0.5}
    answer = {"intent": "cancel_order", "outcome": {"rows": ["gone/away"]}}
    assert trace(heard, [("new_kind", {"a": 1, "b": ["x", "y"]})], answer) == [
        "heard: cancel_order 0.50",
        "then: new kind 1 x, y",
        "row: gone/away",
    ]


def test_every_turn_of_the_written_dialogues_has_a_trace(root: Path) -> None:
    for result in replayed([root / "tests" / "dialogues" / "talk" / "corrections.yaml"]).results:
        for played in result.played:
            lines = trace(played.heard, played.events, played.answer, played.sentences)
            assert lines[0].startswith(f"heard: {played.heard['intent']} ")
            assert all(": " in line for line in lines)


def test_a_suite_without_faults_reads_as_it_was_written(tmp_path: Path) -> None:
    (dialogue,) = suite.read([write(tmp_path, KNOWN)]).dialogues
    assert (dialogue.name, dialogue.xfail) == ("还做不到的", "要等新的规则")
