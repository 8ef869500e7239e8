"""The data files that people edit: sound as they are, and every fault is named with its place."""

import shutil
from pathlib import Path

import pytest

from intents.check import check
from intents.data_files import FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("intents", "topics", "values", "words"):
        shutil.copytree(FOLDER / name, tmp_path / name)
    return tmp_path


def test_the_files_of_the_package_are_sound() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("file", "edit", "key", "line"),
    [
        ("intents/greet.yaml", ("title:", "titel:"), "titel", 2),
        ("intents/greet.yaml", ("intent: greet", "intent: gruss"), "intent", 1),
        ("intents/greet.yaml", ("not_to_be_confused: [", "not_to_be_confused: [nobody, "), "nobody", 4),
        ("intents/greet.yaml", ("examples: |", "examples: >"), "examples", 5),
        ("words/regional.yaml", ("退款: [", "退款: [帐, "), "帐", None),
        ("values/reason/late.yaml", ("value: late", "value: lat"), "value", 1),
        ("values/ticket_plan/keep.yaml", ("sentences:", "sentence:"), "sentence", 2),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(
    folder: Path, file: str, edit: tuple[str, str], key: str, line: int | None
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert edit[0] in text
    path.write_text(text.replace(*edit, 1), encoding="utf-8")
    findings = check(folder)
    assert (path, key) in [(finding.file, finding.key) for finding in findings]
    if line is not None:
        assert line in [finding.line for finding in findings if finding.file == path]


def test_a_message_under_two_intents_is_found(folder: Path) -> None:
    path = folder / "intents" / "greet.yaml"
    thanks = (folder / "intents" / "thanks.yaml").read_text(encoding="utf-8").splitlines()[5].strip()
    path.write_text(path.read_text(encoding="utf-8") + f"  {thanks}！\n", encoding="utf-8")
    assert any("重复" in finding.message for finding in check(folder))


def test_too_few_examples_are_found(folder: Path) -> None:
    path = folder / "intents" / "complaint.yaml"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:20]) + "\n", encoding="utf-8")
    assert [finding.key for finding in check(folder)] == ["examples"]
