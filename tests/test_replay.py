"""Suites: what is read from them, what counts as holding, and how faults are told."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.app import mind
from bot.replay import report, runner, suite

GOOD = """\
name: 送票
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 取消送票，是火车票
    intent: cancel_delivery
    slots: {product: train_ticket, amount: null}
    outcome: null
    handoff: null
  - user: 票也不要了，380块，明天上午10点发车，快递还没取件
    after: 2m
    slots: {amount: "380.00", event_time: 2026-03-07T02:00:00+00:00}
    outcome: {verdict: allowed, fee: "57.00", next_change: {fee: "190.00"}, citations: [T2.1]}
    says: ["57.00 元", "/(15|50)%/"]
    never_says: [黄牛, "/转账/"]
    cites: [T2.1]
"""


def write(folder: Path, text: str, name: str = "suite.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def run(folder: Path, text: str) -> report.Report:
    suites = suite.read([write(folder, text)])
    return report.Report(tuple(runner.run(d, mind()) for d in suites.dialogues), suites.faults)


def test_a_dialogue_that_holds(tmp_path: Path) -> None:
    found = run(tmp_path, GOOD)
    assert found.passed, report.as_text(found)


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("intent: cancel_delivery", "intent: request_refund", "intent"),
        ("slots: {product: train_ticket, amount: null}", "slots: {product: movie_ticket}", "slots.product"),
        ("slots: {product: train_ticket, amount: null}", "slots: {product: null}", "slots.product"),
        ("outcome: null", "outcome: {verdict: allowed}", "outcome"),
        ("handoff: null", "handoff: {}", "handoff"),
        ("handoff: null", "asks: null", "asks"),
        ("2026-03-07T02:00:00+00:00", "2026-03-07T02:00:00+08:00", "slots.event_time"),
        ('fee: "57.00"', 'fee: "57"', "outcome.fee"),
        ('{fee: "190.00"}', '{fee: "0.00"}', "outcome.next_change.fee"),
        ("citations: [T2.1]", "citations: [T9.9]", "outcome.citations"),
        ('"57.00 元"', '"58.00 元"', "says"),
        ('"/(15|50)%/"', '"/^(15|50)%$/"', "says"),
        ("never_says: [黄牛", "never_says: [57.00 元", "never_says"),
        ("cites: [T2.1]", "cites: [T2.1, T9.9]", "cites"),
        ("cites: [T2.1]", "buttons: [没有的按钮]", "buttons"),
        ("after: 2m", "after: 8h", "outcome.fee"),
    ],
)
def test_what_does_not_hold_is_named(tmp_path: Path, right: str, wrong: str, key: str) -> None:
    assert right in GOOD
    found = run(tmp_path, GOOD.replace(right, wrong))
    assert not found.passed
    assert key in {failure.key for result in found.results for failure in result.failures}


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("    intent:", "    intend:", 5, "intend: unknown key"),
        ("name: 送票", "nam: 送票", 1, "unknown key"),
        ("name: 送票\n", "", 1, "name: missing"),
        ('amount: "380.00"', "amount: 380.00", 11, 'amount must be quoted: "380.00"'),
        ('fee: "57.00"', "fee: 57.00", 12, 'fee must be quoted: "57.00"'),
        ("product: train_ticket", "product: yes", 6, "product must be quoted"),
        ("after: 2m", "after: 2 minutes", 10, "30s, 2m, 3h or 1d"),
        ("after: 2m", "after: 120", 10, "after must be quoted"),
        ("now: 2026-03-06T04:00:00+08:00", "now: tomorrow", 2, "not an ISO 8601 time"),
        ('"/(15|50)%/"', '"/(15|50%/"', 13, "no regular expression"),
        ("    outcome: null", "    outcome: allowed", 7, "outcome: must be a mapping"),
        ("    handoff: null", "    intent: x", 8, "intent: given twice"),
        ("  - user: 取消送票，是火车票", "  - user: [取消]", 4, "user must be a string"),
        ("turns:", "turns: []\norders:", 3, "must not be empty"),
        ("    outcome: null", "\toutcome: null", 7, "found character"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, right: str, wrong: str, line: int, words: str) -> None:
    assert right in GOOD
    text = GOOD.replace(right, wrong, 1)
    (fault,) = suite.read([write(tmp_path, text)]).faults
    assert (fault.line, Path(fault.file).name) == (line, "suite.yaml")
    assert words in str(fault)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no dialogue"),
        (b"# only a comment\n---\n", "no dialogue"),
        (b"name: \xff\xfe\n", "not UTF-8"),
        (b"- a list\n", "must be a mapping"),
        (b"just words", "must be a mapping"),
        (b"[" * 5_000, ""),
        (b"a: &a [*a, *a]\n", "unknown key"),
        (GOOD.encode() + b"---\n" + GOOD.encode(), "two dialogues are called"),
        (b"x" * 10_000_000, "larger than"),
    ],
)
def test_a_broken_file_is_one_clear_fault_and_the_others_run(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "broken.yaml").write_bytes(content)
    write(tmp_path, GOOD)
    suites = suite.read([tmp_path])
    assert [Path(fault.file).name for fault in suites.faults] == ["broken.yaml"]
    assert words in str(suites.faults[0])
    assert [dialogue.name for dialogue in suites.dialogues] == ["送票"]


def test_a_path_without_suites_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    faults = suite.read([tmp_path / "none.yaml", tmp_path / "empty"]).faults
    assert [fault.message for fault in faults] == ["no such file", "no suite here (*.yaml)"]


def test_several_documents_and_times_without_offset(tmp_path: Path) -> None:
    second = GOOD.replace("name: 送票", "name: 又一个").replace("T04:00:00+08:00", " 04:00:00")
    found = run(tmp_path, f"---\n{GOOD}---\n{second}")
    assert [result.passed for result in found.results] == [True, True]


ORDERS = """\
name: 查订单
now: "2026-03-06T04:00:00+08:00"
orders:
  - {order_id: TK2603070001, product: train_ticket, amount: "380.00", phone_tail: "8001",
     event_time: 2026-03-07T10:00:00+08:00, refund: null}
turns:
  - user: 查一下订单TK2603070001的退款
    asks: phone_tail
  - user: "8001"
    slots: {product: train_ticket, event_time: 2026-03-07T10:00:00+08:00}
"""


def test_a_suite_brings_its_own_orders(tmp_path: Path) -> None:
    found = run(tmp_path, ORDERS)
    assert found.passed, report.as_text(found)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ('"8001",', "8001,", 4, "phone_tail must be quoted"),
        ('"380.00"', "380.00", 4, "amount must be quoted"),
        ("refund: null", "refund: {status: gone}", 5, "refund.status"),
        ("product:", "produkt:", 4, "unknown field"),
    ],
)
def test_a_bad_order_names_its_line(tmp_path: Path, right: str, wrong: str, line: int, words: str) -> None:
    (fault,) = suite.read([write(tmp_path, ORDERS.replace(right, wrong, 1))]).faults
    assert fault.line == line
    assert words in str(fault)


def test_reports_say_the_same_to_people_and_programs(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a.yaml")
    write(tmp_path, GOOD.replace("intent: cancel_delivery", "intent: greet"), "b.yaml")
    write(tmp_path, "name: 1\n", "c.yaml")
    suites = suite.read([tmp_path])
    found = report.Report(tuple(runner.run(d, mind()) for d in suites.dialogues), suites.faults)
    text = report.as_text(found)
    assert "b.yaml:1: 送票" in text
    assert "turn 1 (line 5)" in text
    assert "1 of 2 dialogues passed" in text
    data = json.loads(report.as_json(found))
    assert (data["passed"], data["failed"], len(data["errors"])) == (1, 1, 1)
    assert data["dialogues"][1]["failures"][0]["key"] == "intent"
    report.write_junit(found, tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    assert len(root.findall(".//failure")) == 1


def test_a_turn_that_breaks_down_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    (dialogue,) = suite.read([write(tmp_path, GOOD)]).dialogues

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by design")

    result = runner.run(dialogue, replace(mind(), step=broken))
    assert [failure.got for failure in result.failures] == ["ZeroDivisionError: by design"]
