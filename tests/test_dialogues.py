"""Every dialogue under tests/dialogues/ is a test of its own, named by what it shows."""

from pathlib import Path

import pytest

from bot.app import mind
from bot.replay import report, runner, suite

SUITES = suite.read([Path(__file__).parent / "dialogues"])


def test_the_suites_can_be_read() -> None:
    assert [str(fault) for fault in SUITES.faults] == []


@pytest.mark.parametrize("dialogue", SUITES.dialogues, ids=[d.name for d in SUITES.dialogues])
def test_dialogue(dialogue: suite.Dialogue) -> None:
    result = runner.run(dialogue, mind())
    assert result.passed, "\n" + report.as_text(report.Report((result,), ()))
