"""Mutants of the rules: every figure and verdict has one, each is one change, and the suites notice them."""

from difflib import SequenceMatcher
from pathlib import Path

import pytest
import yaml

import knowledge
from knowledge.book import Book
from knowledge.datafile import HOME
from tests.mutants.__main__ import main
from tests.mutants.mutations import VERDICTS, Mutation, mutations
from tests.mutants.report import Explained, as_json, as_text, explained, share, unexplained
from tests.mutants.trial import Court

MUTATIONS = mutations(HOME.built_in)
EXACT = """\
name: 提前三十小时
now: 2026-03-06T10:00:00+08:00
turns:
  - user: 退火车票，380块，明天下午4点发车
    outcome: {verdict: allowed, fee: "57.00"}
---
name: 提前三十小时，什么都没要求
now: 2026-03-06T10:00:00+08:00
turns:
  - user: 退火车票，380块，明天下午4点发车
"""


@pytest.fixture(scope="module")
def book() -> Book:
    return knowledge.load(HOME.built_in)


def test_every_verdict_becomes_every_other(book: Book) -> None:
    for path, table in book.entries.items():
        for row in table.rows:
            found = {
                m.after
                for m in MUTATIONS
                if (Path(m.file).name, m.key) == (path.name, f"rows.{row.row}.verdict")
            }
            assert found == ({*VERDICTS} - {row.verdict} if row.verdict else set()), f"{path.name} {row.row}"


def test_every_figure_that_decides_is_changed(book: Book) -> None:
    keys = {(Path(m.file).name, m.key) for m in MUTATIONS if m.kind == "figure"}
    for path, table in book.entries.items():
        for row in table.rows:
            here = f"rows.{row.row}"
            due = [f"{here}.charges.{i}.rate" for i, c in enumerate(row.charges) if c.rate is not None]
            due += [f"{here}.charges.{i}.flat" for i, c in enumerate(row.charges) if c.flat is not None]
            due += [f"{here}.eta.{i}" for i in range(len(row.eta or ()))]
            due += [f"{here}.insurance"] if row.insurance is not None else []
            due += [
                f"{here}.when.{column}" for column in ("lead", "amount", "late_minutes") if column in row.when
            ]
            assert {(path.name, key) for key in due} <= keys


def test_a_change_is_one_change_and_yields_yaml() -> None:
    for mutation in MUTATIONS[::7]:
        before = (HOME.built_in / mutation.file).read_text("utf-8")
        parts = SequenceMatcher(None, before.splitlines(), mutation.text.splitlines()).get_opcodes()
        assert len([tag for tag, *_ in parts if tag != "equal"]) == 1, str(mutation)
        assert yaml.safe_load(mutation.text) is not None


def rate(after: str) -> list[Mutation]:
    return [m for m in MUTATIONS if m.key == "rows.low.charges.0.rate" and m.after == after]


def test_an_exact_expectation_kills_and_a_silent_dialogue_comes_near(tmp_path: Path) -> None:
    exact, silent = EXACT.split("---\n")
    (tmp_path / "exact.yaml").write_text(exact, "utf-8")
    (killed,) = Court(HOME.built_in, [tmp_path]).judge(rate("16%"), prove=True)
    assert (killed.fate, killed.proof) == ("killed", True)
    assert killed.by.endswith("exact.yaml:1: 提前三十小时")
    (tmp_path / "exact.yaml").write_text(silent, "utf-8")
    (survived,) = Court(HOME.built_in, [tmp_path]).judge(rate("16%"), prove=False)
    assert survived.fate == "survived"
    assert [near.rpartition(": ")[2] for near in survived.near] == ["提前三十小时，什么都没要求"]
    assert share([killed, survived]) == 0.5
    assert unexplained([killed, survived], []) == [survived.mutation]
    one = survived.mutation
    said = Explained(one.file, one.key, one.before, one.after, "because")
    assert unexplained([killed, survived], [said]) == []
    assert "rows.low.charges.0.rate: 15% → 16%" in as_text([killed, survived], [])
    assert '"share": 0.5' in as_json([killed, survived], [])


def test_suites_that_do_not_hold_judge_nothing(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(EXACT.replace('"57.00"', '"58.00"'), "utf-8")
    with pytest.raises(ValueError, match=r"wrong\.yaml:1: 提前三十小时: does not hold"):
        Court(HOME.built_in, [tmp_path])


def test_the_explained_survivors_are_mutants_that_exist() -> None:
    for entry in explained():
        assert any(entry.tells(mutation) for mutation in MUTATIONS), f"{entry.file} {entry.key}"
        assert entry.why


def test_the_command_reports_and_judges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "suite.yaml").write_text(EXACT, "utf-8")
    only = ["--only", "train_ticket.yaml:24: rows.low.charges", "--no-proof", str(tmp_path)]
    assert main(only) == 0
    assert "100.00% killed" in capsys.readouterr().out
    (tmp_path / "suite.yaml").write_text(EXACT.split("---\n")[1], "utf-8")
    assert main([*only, "--json"]) == 1
    assert '"fate": "survived"' in capsys.readouterr().out
    (tmp_path / "suite.yaml").write_text("nonsense", "utf-8")
    assert main(only) == 2
    assert "suite.yaml" in capsys.readouterr().err
