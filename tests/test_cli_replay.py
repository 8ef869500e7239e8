"""`tuidan replay` by its options: each way to replay, and what does not go together."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main

Run = Callable[..., tuple[int, str, str]]
SUITE = """\
# 送票
name: 送票
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 取消送票，火车票，票也不要了，380块，明天上午10点发车，快递还没取件
    outcome: {fee: "57.00"}   # 15%
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`tuidan replay` in this process; (exit code, output, errors)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "suite.yaml").write_text(SUITE)

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tuidan", "replay", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return (end.value.code if isinstance(end.value.code, int) else 1), out, err

    return command


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["suite.yaml", "--stored", "x.db"], "PATH does not go with --stored"),
        (["--stored", "x.db", "--html", "p.html"], "--html does not go with --stored"),
        (["suite.yaml", "--against", "HEAD", "--junit", "j"], "--junit does not go with --against"),
        (["suite.yaml", "--against", "HEAD", "--accept"], "--accept does not go with --against"),
        (["suite.yaml", "--since", "2026-01-01"], "--since does not go with a run of suites"),
        (["suite.yaml", "--resume", "--fail-on", "money"], "--fail-on, --resume does not go with"),
        (["--stored", "x.db"], "there is no database at x.db"),
        (["suite.yaml", "--against", "HEAD", "--fail-on", "monney"], "no layer is called monney"),
        (["suite.yaml", "--coverage-min", "lines=100"], "no such kind"),
        (["suite.yaml", "--data", "nowhere"], "nowhere"),
    ],
)
def test_what_does_not_go_together_is_one_clear_line_and_code_2(
    run: Run, options: list[str], words: str
) -> None:
    code, out, err = run(*options)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_coverage_is_told_in_text_json_and_on_the_page(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("suite.yaml", "--coverage", "--html", "page.html")
    assert code == 0
    assert "1 of 1 dialogues passed" in out
    assert "rows not exercised" in out
    assert "rows" in (tmp_path / "page.html").read_text()
    kinds = json.loads(run("suite.yaml", "--coverage", "--json")[1])["coverage"]
    (rows,) = [kind for kind in kinds if kind["name"] == "rows"]
    assert "train_ticket/low" in {item["name"] for item in rows["exercised"]}
    assert "coverage" not in json.loads(run("suite.yaml", "--json")[1])


def test_a_gate_that_is_not_reached_fails_a_run_that_passes(run: Run) -> None:
    code, out, err = run("suite.yaml", "--coverage-min", "rows=50,slots=10")
    assert code == 1
    assert "1 of 1 dialogues passed" in out
    assert "coverage: rows:" in err
    assert "slots" not in err
    assert run("suite.yaml", "--coverage-min", "slots=10")[0] == 0


def test_what_came_is_accepted_and_holds_from_then_on(run: Run, tmp_path: Path) -> None:
    spoilt = SUITE.replace("57.00", "58.00")
    (tmp_path / "suite.yaml").write_text(spoilt)
    assert run("suite.yaml")[0] == 1
    code, out, _ = run("suite.yaml", "--accept")
    assert code == 0
    assert "suite.yaml" in out
    assert (tmp_path / "suite.yaml").read_text() == SUITE
    assert run("suite.yaml")[0] == 0
