"""Coverage: what counts as exercised, what there is to exercise, and the gates on it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import mind
from bot.errors import TuidanError
from bot.replay import coverage, runner, suite
from bot.replay.coverage.subjects import KINDS
from knowledge import load

DIALOGUES = Path(__file__).parent / "dialogues"


def run(folder: Path, *messages: str, extra: str = "", name: str = "一段对话") -> runner.Result:
    turns = "".join(f"  - user: {message}\n" for message in messages)
    file = folder / f"{name}.yaml"
    file.write_text(f"name: {name}\nnow: 2026-03-06T10:00:00+08:00\n{extra}turns:\n{turns}", "utf-8")
    (dialogue,) = suite.read([file]).dialogues
    return runner.run(dialogue, mind())


def covered(*results: runner.Result) -> dict[str, set[str]]:
    return {kind.name: set(kind.covered) for kind in coverage.measure(results).kinds}


@pytest.fixture(scope="module")
def all_results() -> list[runner.Result]:
    return [runner.run(dialogue, mind()) for dialogue in suite.read([DIALOGUES]).dialogues]


def test_an_outcome_exercises_its_row_its_claims_and_what_was_heard(tmp_path: Path) -> None:
    found = covered(run(tmp_path, "火车票380块，明天下午四点发车，想退票"))
    assert "train_ticket/low" in found["rows"]
    assert "train_ticket/free" not in found["rows"]
    assert "T2.1" in found["claims"]
    assert found["intents"] == {"request_refund"}
    assert {"product", "amount", "event_time"} <= found["slots"]
    assert "product=train_ticket" in found["values"]
    assert "outcome.fee" in found["replies"]
    assert "values" in found["moves"]


@pytest.mark.parametrize(
    ("when", "steps"),
    [
        ("2026年3月8日上午10点", {"train_ticket/free lead >= 48h", "train_ticket lead = 48h"}),
        ("2026年3月8日上午9点59分", {"train_ticket/low lead >= 24h, < 48h"}),
        ("2026年3月7日上午10点", {"train_ticket/low lead >= 24h, < 48h", "train_ticket lead = 24h"}),
        ("2026年3月6日上午11点", {"train_ticket/window lead > 0h, < 6h"}),
    ],
)
def test_a_step_is_taken_by_a_figure_in_it_and_an_edge_by_the_very_figure(
    tmp_path: Path, when: str, steps: set[str]
) -> None:
    found = covered(run(tmp_path, f"火车票380块，{when}发车，想退票"))
    assert found["steps"] == steps


def test_rows_that_fire_because_the_figure_is_not_known_take_no_step(tmp_path: Path) -> None:
    found = covered(run(tmp_path, "火车票380块，想退票", "不清楚"))
    assert {"train_ticket/free", "train_ticket/low", "train_ticket/high"} <= found["rows"]
    assert found["steps"] == set()
    assert found["asks"] == {"event_time"}


def test_a_figure_that_only_a_default_supplies_takes_no_step(tmp_path: Path) -> None:
    silent = covered(run(tmp_path, "买的话费充值不想要了，还没发货，50块，取消订单"))
    assert "goods/virtual_waiting" in silent["rows"]
    assert silent["steps"] == set()


def test_a_step_is_taken_at_the_moment_that_is_supposed(tmp_path: Path) -> None:
    found = covered(run(tmp_path, "火车票380块，3月9日上午10点发车，想退票", "要是明天下午三点再退呢"))
    assert {"train_ticket/free lead >= 48h", "train_ticket/low lead >= 24h, < 48h"} <= found["steps"]


def test_moves_answers_and_the_call_for_a_person(tmp_path: Path) -> None:
    found = covered(run(tmp_path, "火车票几个小时前退不要手续费，阶梯是怎么算的", "再说一遍", "转人工"))
    assert found["answers"]
    assert {"repeat", "person"} <= found["moves"]
    assert found["handoffs"] == {"asked_for_person"}


def test_what_was_executed_counts_also_where_it_failed(tmp_path: Path) -> None:
    right = covered(run(tmp_path, "转人工"))
    file = tmp_path / "wrong.yaml"
    for mark in ("", "xfail: 还没做\n"):
        file.write_text(
            f"name: 错\nnow: 2026-03-06T10:00:00+08:00\n{mark}turns:\n  - {{user: 转人工, intent: greet}}\n",
            "utf-8",
        )
        (dialogue,) = suite.read([file]).dialogues
        failed = runner.run(dialogue, mind())
        assert failed.failures
        assert covered(failed) == right


def test_nothing_is_exercised_by_nothing() -> None:
    nothing = coverage.measure([])
    assert [kind.name for kind in nothing.kinds] == list(KINDS)
    for kind in nothing.kinds:
        assert kind.items, kind.name
        assert not kind.covered
        assert len(set(kind.missing)) == len(kind.missing)


def shown_in_file(kind: str, name: str) -> str:
    """What of the name stands on its line."""
    match kind:
        case "rows":
            return name.partition("/")[2]
        case "steps":
            return name.split(" ", 2)[2].lstrip("= ")
        case "values":
            return name.partition("=")[2]
        case "moves":
            return "def "
        case _:
            return name


def test_every_place_is_where_the_thing_stands(root: Path) -> None:
    texts: dict[str, list[str]] = {}
    for kind in coverage.measure([]).kinds:
        for item in kind.items:
            lines = texts.setdefault(item.place.file, (root / item.place.file).read_text("utf-8").split("\n"))
            line = lines[item.place.line - 1]
            shown = shown_in_file(kind.name, item.name)
            assert shown in line, f"{kind.name} {item.name}: {item.place}: {line}"


def test_there_is_nothing_to_exercise_that_is_not_listed(all_results: list[runner.Result]) -> None:
    """A kind that forgot a thing would call itself complete without it."""
    for name in ("claims", "rows", "steps", "intents", "asks", "replies", "answers", "moves", "handoffs"):
        subject = KINDS[name](load())
        shown = {thing for r in all_results for played in r.played for thing in subject.exercised(played)}
        assert shown, name
        assert shown <= set(subject.places), name


def test_the_order_of_the_results_does_not_matter(all_results: list[runner.Result]) -> None:
    forwards, backwards = coverage.measure(all_results), coverage.measure(all_results[::-1])
    assert coverage.as_json(forwards) == coverage.as_json(backwards)


@settings(max_examples=10)
@given(st.data())
def test_more_dialogues_never_exercise_less(all_results: list[runner.Result], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(all_results))), max_size=6, unique=True))
    less = coverage.measure(all_results[i] for i in chosen[1:])
    more = coverage.measure(all_results[i] for i in chosen)
    for fewer, kind in zip(less.kinds, more.kinds, strict=True):
        assert set(fewer.covered) <= set(kind.covered)
        assert sorted([*kind.covered, *kind.missing]) == sorted(item.name for item in kind.items)


def test_text_json_and_data_tell_the_same(tmp_path: Path) -> None:
    result = run(tmp_path, "转人工")
    found = coverage.measure([result])
    data = coverage.as_data(found)
    assert json.loads(coverage.as_json(found)) == {"kinds": data}
    text = coverage.as_text(found)
    for kind, short in zip(data, coverage.as_summaries(found), strict=True):
        counts = (short["name"], short["covered"], short["total"])
        assert counts == (kind["name"], kind["covered"], kind["total"])
        assert short["missing"] == [f"{m['name']} ({m['file']}:{m['line']})" for m in kind["missing"]]
        assert kind["covered"] == len(kind["exercised"])
        assert kind["total"] == kind["covered"] + len(kind["missing"])
        assert f"{kind['covered']} of {kind['total']}" in text
        for item in kind["missing"]:
            assert any(
                item["name"] in line and line.endswith(f"{item['file']}:{item['line']}")
                for line in text.split("\n")
            )
    (handoffs,) = (kind for kind in data if kind["name"] == "handoffs")
    (called,) = handoffs["exercised"]
    assert (called["name"], called["turns"]) == ("asked_for_person", 1)
    assert called["first"] == f"{result.dialogue.file}:4: 一段对话"


def test_minima_that_are_met_and_that_are_not(tmp_path: Path) -> None:
    found = coverage.measure([run(tmp_path, "转人工")])
    assert coverage.unmet(found, coverage.read_minima("rows=0, handoffs=33.3,intents=0.5")) == []
    (rows, handoffs) = coverage.unmet(found, coverage.read_minima("handoffs=33.4,rows=100"))
    assert rows.startswith("rows: 0.0% exercised (0 of ")
    assert rows.endswith("at least 100% wanted")
    assert handoffs == "handoffs: 33.3% exercised (1 of 3), at least 33.4% wanted"


def test_only_what_is_complete_reads_as_complete() -> None:
    nothing = coverage.measure([])
    (claims,) = (kind for kind in nothing.kinds if kind.name == "claims")
    items = [coverage.Item(f"x{n}", claims.items[0].place, turns=n) for n in range(5_000)]
    nearly = coverage.Coverage((coverage.Kind("claims", tuple(items)),))
    assert " 99.9%" in coverage.as_text(nearly)
    assert "█" * 20 not in coverage.as_text(nearly)
    assert coverage.unmet(nearly, {"claims": Decimal(100)}) != []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("row=100", "'row': no such kind; there are claims, rows, steps"),
        ("rows", "'rows': write kind=percent, such as rows=100"),
        ("", "'': write kind=percent"),
        ("rows=100,", "'': write kind=percent"),
        ("rows=101", "rows: '101' is no percentage from 0 to 100"),
        ("rows=-1", "no percentage"),
        ("rows=NaN", "no percentage"),
        ("rows=一百", "no percentage"),
        ("rows=", "no percentage"),
        ("rows=90,rows=95", "rows: given twice"),
    ],
)
def test_a_minimum_that_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(TuidanError) as error:
        coverage.read_minima(text)
    assert words in str(error.value)
