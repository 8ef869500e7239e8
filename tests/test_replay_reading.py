"""Suites as people write them: what is read, and how faults are told."""

from pathlib import Path

import pytest

from bot.replay import suite
from tests.replayed import GOOD, ORDERS, write


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


def unfolding(levels: int) -> str:
    """Ten aliases of ten aliases of …: some hundred characters for ten to the power of `levels` values."""
    lines = ["name: a", "now: 2026-03-06T04:00:00+08:00", "x:", "  - &a0 [x]"]
    lines += [f"  - &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels + 1)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "no dialogue"),
        (b"# only a comment\n---\n", 1, "no dialogue"),
        (b"name: a\nnow: \xff\xfe\n", 2, "not UTF-8"),
        ("name: 送票\n# \a\n".encode(), 2, "does not allow: U+0007"),
        (b"- a list\n", 1, "must be a mapping"),
        (b"just words", 1, "must be a mapping"),
        (b"name: a\n\tnow: b\n", 2, "tab"),
        (b"[" * 5_000, 1, "levels deep"),
        (b"- " * 100_000, 1, "levels deep"),
        (b"a:\n" + b" [" * 1_000_000, 2, "levels deep"),
        (b"a: &a [*a, *a]\n", 1, "unknown key"),
        (GOOD.replace("outcome: null", "outcome: &a {x: *a}").encode(), 7, "nested too deeply"),
        (unfolding(12).encode(), 9, "aliases"),
        (b"name: *nothing\n", 1, "undefined alias"),
        (b"name: !!python/object/apply:os.getcwd []\n", 1, "now: missing"),
        (GOOD.encode() + b"---\n" + GOOD.encode(), 17, "two dialogues are called"),
        (b"x" * 10_000_000, 1, "larger than"),
    ],
)
def test_a_broken_file_is_one_clear_fault_and_the_others_run(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    (tmp_path / "broken.yaml").write_bytes(content)
    write(tmp_path, GOOD)
    suites = suite.read([tmp_path])
    (fault,) = suites.faults
    assert (Path(fault.file).name, fault.line) == ("broken.yaml", line)
    assert words in str(fault)
    assert [dialogue.name for dialogue in suites.dialogues] == ["送票"]


def test_aliases_may_be_used_in_measure(tmp_path: Path) -> None:
    text = GOOD.replace("cites: [T2.1]", "cites: &claims [T2.1]").replace(
        "citations: [T2.1]", "citations: *claims"
    )
    first_use_before_the_anchor = suite.read([write(tmp_path, text)]).faults
    assert [fault.line for fault in first_use_before_the_anchor] == [12]
    text = GOOD.replace("citations: [T2.1]", "citations: &claims [T2.1]").replace(
        "cites: [T2.1]", "cites: *claims"
    )
    assert suite.read([write(tmp_path, text)]).faults == ()


def test_files_come_in_one_order_and_once_however_they_are_named(tmp_path: Path) -> None:
    files = [write(tmp_path, GOOD, f"{name}.yaml") for name in "cab"]
    broken = [write(tmp_path, "x: 1", f"{name}.yml") for name in "zy"]
    read = suite.read([tmp_path])
    assert [Path(dialogue.file).name for dialogue in read.dialogues] == ["a.yaml", "b.yaml", "c.yaml"]
    assert suite.read([*broken, *files]) == suite.read([*files, tmp_path, *broken, *files]) == read


def test_a_path_without_suites_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    faults = suite.read([tmp_path / "none.yaml", tmp_path / "empty"]).faults
    assert [fault.message for fault in faults] == ["no suite here (*.yaml)", "no such file"]


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
