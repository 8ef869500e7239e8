"""Accepting what came: the values that failed are rewritten, and not a byte besides."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import mind
from bot.errors import TuidanError
from bot.replay import runner, suite
from bot.replay.accept import Accepted, accept, as_text
from bot.replay.accept.writing import written
from bot.replay.yaml_nodes import documents, plain

DIALOGUES = Path(__file__).parent / "dialogues"
HEAD = "name: 退火车票\nnow: 2026-03-06T10:00:00+08:00\n"
REFUND = "  - user: 火车票380块，明天下午四点发车，想退票\n"
"""A turn that comes to: allowed, 57.00, 323.00 back; after 2026-03-06T16:00 it is 190.00."""
PERSON = "  - user: 转人工\n"
OVERDUE = "  - user: 2月6号退的火车票，付款用的银行卡，钱还没到\n"
UNKNOWN = "  - user: 景区门票1000块，3月20号上午10点入园，退票\n"


def run(path: Path) -> list[runner.Result]:
    suites = suite.read([path])
    assert not suites.faults, suites.faults
    return [runner.run(dialogue, mind()) for dialogue in suites.dialogues]


def accepted(folder: Path, text: str | bytes) -> tuple[bytes, Accepted]:
    """The file's bytes after what came was accepted."""
    file = folder / "suite.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found = accept(run(file))
    return file.read_bytes(), found


CASES = {
    "a scalar": (REFUND, "    intent: greet  # why\n", "    intent: request_refund  # why\n"),
    "null for a word": (REFUND, "    asks: product\n", "    asks: null\n"),
    "a word for null": (REFUND, "    intent: null\n", "    intent: request_refund\n"),
    "a word for nothing": (REFUND, "    intent:   # which?\n", "    intent: request_refund   # which?\n"),
    "double quotes": (REFUND, '    intent: "greet"\n', '    intent: "request_refund"\n'),
    "single quotes": (REFUND, "    outcome: {fee: '1.00'}\n", "    outcome: {fee: '57.00'}\n"),
    "a figure in place of a word": (REFUND, "    outcome: {fee: much}\n", '    outcome: {fee: "57.00"}\n'),
    "a time": (
        REFUND,
        "    slots: {event_time: null, product: train_ticket}\n",
        "    slots: {event_time: 2026-03-07T16:00:00+08:00, product: train_ticket}\n",
    ),
    "spaces": (REFUND, '    slots:  { amount:  "1.00" , }\n', '    slots:  { amount:  "380.00" , }\n'),
    "a key alone": (
        REFUND,
        "    slots: {amount, product}\n",
        '    slots: {amount: "380.00", product: train_ticket}\n',
    ),
    "a block": (
        REFUND,
        "    outcome:\n      # the fee\n      fee: '1'   # x\n\n      refund: \"323.00\"\n",
        "    outcome:\n      # the fee\n      fee: '57.00'   # x\n\n      refund: \"323.00\"\n",
    ),
    "null for a block": (
        REFUND,
        "    handoff:\n      reason: case\n    # between\n    asks: null\n",
        "    handoff: null\n    # between\n    asks: null\n",
    ),
    "null for a block with a comment": (
        REFUND,
        "    handoff: # none yet\n      reason: case\n\n",
        "    handoff: # none yet\n      null\n\n",
    ),
    "the headline where nothing was expected": (
        REFUND,
        "    outcome: null\n",
        '    outcome: {verdict: allowed, fee: "57.00", refund: "323.00"}\n',
    ),
    "the headline of a call for a person": (
        PERSON,
        "    handoff: ~\n",
        "    handoff: {reason: asked_for_person}\n",
    ),
    "a mapping for null": (
        REFUND,
        "    outcome: {next_change: null}\n",
        '    outcome: {next_change: {at: 2026-03-06T16:00:00+08:00, fee: "190.00"}}\n',
    ),
    "null for a list": (REFUND, "    outcome: {fee_range: ['1', '2']}\n", "    outcome: {fee_range: null}\n"),
    "a list for null": (
        UNKNOWN,
        "    outcome: {fee_range: null}\n",
        '    outcome: {fee_range: ["0.00", "200.00"]}\n',
    ),
    "a list for a block list": (
        UNKNOWN,
        "    outcome:\n      fee_range:\n      - '0.00'\n      - '1.00' # most\n    asks: null\n",
        '    outcome:\n      fee_range: ["0.00", "200.00"] # most\n    asks: null\n',
    ),
    "a whole number": (OVERDUE, "    outcome: {eta: {overdue: 1}}\n", "    outcome: {eta: {overdue: 11}}\n"),
    "a tag": (REFUND, "    intent: !!str greet\n", "    intent: request_refund\n"),
    "a block of text": (
        REFUND,
        "    intent: |-\n      greet\n\n    # between\n    asks: null\n",
        "    intent: request_refund\n\n    # between\n    asks: null\n",
    ),
}


@pytest.mark.parametrize(("turn", "before", "after"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_value_is_replaced_where_it_stands(
    tmp_path: Path, turn: str, before: str, after: str, newline: str
) -> None:
    text, expected = (f"{HEAD}turns:\n{turn}{part}".replace("\n", newline) for part in (before, after))
    content, found = accepted(tmp_path, text)
    assert content.decode() == expected
    assert found.left == ()
    assert all(result.passed for result in run(tmp_path))


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    text = f"{HEAD}turns:\n{PERSON}    intent: greet\n"
    content, _ = accepted(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert content == b"\xef\xbb\xbf" + text.replace("greet", "human_agent").encode()


def test_only_the_dialogue_that_failed_changes_and_several_values_at_once(tmp_path: Path) -> None:
    other = f"---\n# 另一个\n{HEAD.replace('退火', '又退火')}turns:\n{REFUND}    outcome: {{fee: '57.00'}}\n"
    wrong = f"{HEAD}turns:\n{PERSON}    intent: greet\n{REFUND}    outcome: {{fee: '1', refund: '2'}}\n"
    content, found = accepted(tmp_path, f"{other}---\n{wrong}{other.replace('又', '再')}")
    right = wrong.replace("greet", "human_agent").replace("'1'", "'57.00'").replace("'2'", "'323.00'")
    assert content.decode() == f"{other}---\n{right}{other.replace('又', '再')}"
    assert (found.files, found.values) == ((tmp_path / "suite.yaml",), 3)


@pytest.mark.parametrize(
    ("turn", "expectation", "key", "words"),
    [
        (REFUND, "says: [没有这句]", "says", "'没有这句' is not among what came"),
        (REFUND, "never_says: ['57']", "never_says", "'57' was said now"),
        (REFUND, "buttons: [没有]", "buttons", "'没有' is not among what came"),
        (REFUND, "cites: [T2.1, T9.9]", "cites", "'T9.9' is not among what came"),
        (REFUND, "outcome: {rows: [x/y]}", "outcome.rows", "['x/y'] is not among what came"),
        (OVERDUE, 'outcome: {eta: {approximate: "no"}}', "outcome.eta.approximate", "cannot expect False"),
        (REFUND, "intent: &again greet\n    asks: null", "intent", "an alias: something else may change"),
    ],
)
def test_what_cannot_be_known_is_left_for_a_person(
    tmp_path: Path, turn: str, expectation: str, key: str, words: str
) -> None:
    text = f"{HEAD}turns:\n{turn}    {expectation}\n"
    content, found = accepted(tmp_path, text)
    assert content.decode() == text
    (left,) = found.left
    assert (left.line, left.name, left.key) == (5, "退火车票", key)
    assert words in left.why
    assert f"suite.yaml:5: 退火车票: {key}: " in as_text(found)


def test_what_is_left_does_not_keep_the_rest_from_being_accepted(tmp_path: Path) -> None:
    text = f"{HEAD}turns:\n{PERSON}    intent: greet\n    says: [没有这句]\n"
    content, found = accepted(tmp_path, text)
    assert content.decode() == text.replace("greet", "human_agent")
    assert [left.key for left in found.left] == ["says"]
    assert as_text(found).startswith("accepted: 1 values in 1 files\n")


def test_an_alias_through_which_something_else_would_change_is_refused(tmp_path: Path) -> None:
    text = (
        f"{HEAD}turns:\n{REFUND}    outcome: &o {{verdict: allowed, fee: '57.00'}}\n"
        f"{REFUND.replace('380', '600')}    outcome: *o\n"
    )
    content, found = accepted(tmp_path, text)
    assert content.decode() == text
    assert found.left
    assert all("alias" in left.why for left in found.left)


def test_known_failures_stay_and_one_that_holds_is_told(tmp_path: Path) -> None:
    fails = f"{HEAD}xfail: 还没做\nturns:\n{PERSON}    intent: greet\n"
    content, found = accepted(tmp_path, fails)
    assert (content.decode(), found) == (fails, Accepted((), 0, ()))
    holds = fails.replace("greet", "human_agent")
    content, found = accepted(tmp_path, holds)
    assert content.decode() == holds
    assert [left.why for left in found.left] == ["holds now: take its mark xfail away"]


def test_a_turn_that_broke_down_is_left_and_the_turns_before_it_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "suite.yaml"
    file.write_text(f"{HEAD}turns:\n{PERSON}    intent: greet\n{PERSON}    intent: thanks\n", "utf-8")
    (dialogue,) = suite.read([file]).dialogues
    turns: list[int] = []

    def breaks_at_the_second(*arguments: object) -> object:
        turns.append(1)
        return 1 // (2 - len(turns)) and mind().step(*arguments)  # type: ignore[arg-type]

    result = runner.run(dialogue, replace(mind(), step=breaks_at_the_second))  # type: ignore[arg-type]
    found = accept([result])
    assert file.read_text("utf-8").count("human_agent") == 1
    assert "intent: thanks" in file.read_text("utf-8")
    (left,) = found.left
    assert left.key == "error"
    assert "ZeroDivisionError" in left.why


@pytest.mark.parametrize("change", ["{}\n", "# a line\n{}", "{}---\nname: [\n"])
def test_a_file_that_changed_since_it_was_run_is_refused(tmp_path: Path, change: str) -> None:
    text = f"{HEAD}turns:\n{PERSON}    intent: greet\n"
    file = tmp_path / "suite.yaml"
    file.write_text(text, "utf-8")
    results = run(file)
    changed = change.format(text.replace("转人工", "转人工吧"))
    file.write_text(changed, "utf-8")
    found = accept(results)
    assert file.read_text("utf-8") == changed
    assert (found.files, [left.why for left in found.left]) == (
        (),
        ["the file has changed since it was run; run it again"],
    )


def test_a_file_that_is_gone_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "suite.yaml"
    file.write_text(f"{HEAD}turns:\n{PERSON}    intent: greet\n", "utf-8")
    results = run(file)
    file.unlink()
    with pytest.raises(TuidanError, match=r"cannot read .*suite\.yaml: No such file"):
        accept(results)


def test_the_file_keeps_its_mode_a_link_stays_a_link_and_no_draft_is_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    real = home / "real.yaml"
    real.write_text(f"{HEAD}turns:\n{PERSON}    intent: greet\n", "utf-8")
    real.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(real)
    found = accept(run(tmp_path / "link.yaml"))
    assert found.files == (tmp_path / "link.yaml",)
    assert "human_agent" in real.read_text("utf-8")
    assert real.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.yaml").is_symlink()
    assert [path.name for path in home.iterdir()] == ["real.yaml"]


def spoilt(text: str) -> str:
    """The suite with other intents, questions, verdicts, sums and times expected than were."""
    lines = []
    for line in text.splitlines(keepends=True):
        spoilt_line = re.sub(r"^(    (?:intent|asks): )\w+", r"\1nonsense", line)
        if "order_id:" not in line:
            spoilt_line = re.sub(r"(verdict: )\w+", r"\1nonsense", spoilt_line)
            spoilt_line = re.sub(r'((?:fee|refund): )("[\d.]+"|null)', r'\1"0.07"', spoilt_line)
            spoilt_line = re.sub(r'(amount: )"[\d.]+"', r"\1null", spoilt_line)
            spoilt_line = re.sub(r"((?:event_time|requested_at|at): )20[\d:+T-]+", r"\1null", spoilt_line)
        lines.append(spoilt_line)
    return "".join(lines)


@pytest.mark.parametrize("part", ["tickets", pytest.param("", marks=pytest.mark.slow)])
def test_suites_that_were_spoilt_are_byte_for_byte_what_they_were(tmp_path: Path, part: str) -> None:
    shutil.copytree(DIALOGUES / part, tmp_path / "suites")
    before = run(tmp_path / "suites")
    unsound = {r.dialogue.file for r in before if r.dialogue.xfail or not r.passed}
    files = {Path(r.dialogue.file) for r in before if r.dialogue.file not in unsound}
    assert files
    originals = {file: file.read_bytes() for file in files}
    assert accept(result for result in before if result.passed) == Accepted((), 0, ())
    assert {file: file.read_bytes() for file in files} == originals
    for file, content in originals.items():
        file.write_bytes(spoilt(content.decode()).encode())
    found = accept(result for file in sorted(files) for result in run(file))
    assert found.left == ()
    assert found.values > len(files)
    assert {file: file.read_bytes() for file in files} == originals


VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.from_regex(r"[a-z_]{1,9}\Z"), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    VALUES,
    st.sampled_from([None, "'", '"']),
    st.sampled_from(["k: {}\n", "{{k: {}, l: x}}\n", "k:\n  {} # c\n"]),
)
def test_a_value_is_read_as_what_was_written(value: object, quote: str | None, line: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "value.yaml"
        file.write_text(line.format(written(value, quote)), "utf-8", newline="")
        (node,) = documents(file, "value.yaml")
        assert plain(node, "")["k"] == value  # type: ignore[arg-type]
    assert "\n" not in written(value, quote)


RIGHT: dict[str, dict[str, str | None]] = {
    "slots": {"product": "train_ticket", "amount": "380.00", "event_time": "2026-03-07T16:00:00+08:00"},
    "outcome": {"verdict": "allowed", "fee": "57.00", "refund": "323.00", "fee_range": None},
}
NUMBERS = re.compile(r"[\d.]+")
WRONG = st.sampled_from(["nonsense", '"0.07"', "'0.07'", "'a: # b'", '"x\\ty"', "2026-01-01T00:00:00+08:00"])
ABSENT = st.sampled_from(["null", "~", ""])
SPACE = st.sampled_from(["", " ", "  "])
COMMENT = st.sampled_from(["", " # 备注: x", "  #"])


def shown(value: str | None, before: str) -> str:
    """The value as it is to be written where `before` stood."""
    if value is None:
        return "null"
    if before[:1] in {"'", '"'}:
        return before[0] + value + before[0]
    return f'"{value}"' if NUMBERS.fullmatch(value) else value


@st.composite
def suites(draw: st.DrawFn) -> tuple[str, str]:
    """A suite in many layouts, some of its values wrong; and the same as it is to be afterwards."""
    wrong, right = (f"{HEAD}turns:\n{REFUND}" for _ in range(2))
    for name, values in RIGHT.items():
        flow = draw(st.booleans())
        space = draw(SPACE)
        parts: list[tuple[str, str]] = []
        for key in draw(st.permutations(sorted(values)))[: draw(st.integers(1, len(values)))]:
            good = values[key]
            stands = shown(good, draw(st.sampled_from(["", '"', "'"])))
            before = draw(WRONG if good is None else WRONG | ABSENT | st.just(stands))
            after = before if before == stands else shown(good, before)
            alone = " " if flow and not before else ""
            parts.append((f"{key}: {before}" if before else f"{key}:{alone}", f"{key}: {after}{alone}"))
        if flow:
            tail = draw(COMMENT)
            lines = [
                f"    {name}: {{{space}{', '.join(side)}{space}}}{tail}\n"
                for side in zip(*parts, strict=True)
            ]
        else:
            tails = [draw(COMMENT) for _ in parts]
            lines = [
                f"    {name}:\n" + "".join(f"      {p}{t}\n" for p, t in zip(side, tails, strict=True))
                for side in zip(*parts, strict=True)
            ]
        wrong, right = wrong + lines[0], right + lines[1]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    end = draw(st.sampled_from(["", "\n", "\n# 完\n", "---\n"]))
    return mark + (wrong + end).replace("\n", newline), mark + (right + end).replace("\n", newline)


@given(suites())
def test_whatever_the_layout_the_suite_holds_afterwards_and_a_second_time_changes_nothing(
    texts: tuple[str, str],
) -> None:
    wrong, right = texts
    with TemporaryDirectory() as folder:
        content, found = accepted(Path(folder), wrong.encode())
        assert content.decode() == right
        assert found.left == ()
        again = run(Path(folder))
        assert all(result.passed for result in again)
        assert accept(again) == Accepted((), 0, ())
        assert (Path(folder) / "suite.yaml").read_bytes() == content
