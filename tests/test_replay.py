"""What counts as holding when a suite is run."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import mind
from bot.replay import report, runner, suite
from tests.replayed import GOOD, ORDERS, run, write


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


def test_several_documents_and_times_without_offset(tmp_path: Path) -> None:
    second = GOOD.replace("name: 送票", "name: 又一个").replace("T04:00:00+08:00", " 04:00:00")
    found = run(tmp_path, f"---\n{GOOD}---\n{second}")
    assert [result.passed for result in found.results] == [True, True]


@pytest.mark.parametrize("minutes", ["40", '"40"'])
def test_whole_minutes_are_written_as_a_number_or_as_text(tmp_path: Path, minutes: str) -> None:
    late = f"""\
name: 超时
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 点券超时四十分钟没到账
    slots: {{late_minutes: {minutes}}}
"""
    assert run(tmp_path, late).passed
    (result,) = run(tmp_path, late.replace("40", "41")).results
    assert [(failure.key, failure.got) for failure in result.failures] == [("slots.late_minutes", 40)]


def test_a_suite_brings_its_own_orders(tmp_path: Path) -> None:
    found = run(tmp_path, ORDERS)
    assert found.passed, report.as_text(found)


def test_a_turn_that_breaks_down_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    (dialogue,) = suite.read([write(tmp_path, GOOD)]).dialogues

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by design")

    result = runner.run(dialogue, replace(mind(), step=broken))
    assert [failure.got for failure in result.failures] == ["ZeroDivisionError: by design"]
