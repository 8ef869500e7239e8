"""The files that people edit: what they mean, and what a mistake in them says."""

from pathlib import Path

import pytest

from intents import phrases
from intents.data_files import DataFileError
from intents.slots import phrasebook
from intents.slots.phrase_files import expand


def _folder(tmp_path: Path, text: str, name: str = "colour.yaml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "holidays.yaml").write_text("fixed:\n  元旦: 01-01\nlunar: {}\n", encoding="utf-8")
    return tmp_path


def test_our_own_files_are_sound() -> None:
    assert phrasebook.check() == []


def test_braces_are_alternatives() -> None:
    assert expand("没{有,}发{货,出}") == ["没有发货", "没有发出", "没发货", "没发出"]
    assert expand("teen_mode") == ["teen mode"]


def test_the_longer_phrase_is_read_and_a_mask_hides(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path, "slot: colour\nvalues:\n  red:\n    strong: |\n      红 大红\n    not: |\n      红包\n"
    )
    book = phrasebook.load(folder)
    assert [(hit.start, hit.end) for hit in book.hits("大红的")] == [(0, 2)]
    assert [hit.readings for hit in book.hits("红包")] == [()]


@pytest.mark.parametrize(("text", "line", "key"), [
    ("slot: colour\nvalues:\n  red:\n    loud: |\n      红\n", 4, "loud"),
    ("slot: color\nvalues: {}\n", 1, "slot"),
    ("slot: colour\nvalues:\n  red:\n    strong: 红\n", 4, "strong"),
    ("slot: colour\nvalues:\n  red:\n    strong: |\n      红\n      没{有发\n", 6, "没{有发"),
    ("slot: colour\nvalues:\n  red:\n    strong: |\n      红\n  blue:\n    strong: |\n      红\n", 8, "红"),
    ("slot: colour\nvalues:\n  red:\n    answers: |\n      红\n  blue:\n    answers: |\n      红\n", 8, "红"),
    ("slot: colour\nslot: colour\n", 2, "slot"),
    ("values: {}\n", 1, "slot, values"),
    ("", 1, "YAML"),
    ("slot: [\n", 2, "YAML"),
])  # fmt: skip
def test_a_mistake_names_its_place(tmp_path: Path, text: str, line: int, key: str) -> None:
    folder = _folder(tmp_path, text)
    with pytest.raises(DataFileError) as raised:
        phrasebook.load(folder)
    finding = raised.value.finding
    assert (finding.file.name, finding.line, finding.key) == ("colour.yaml", line, key)
    assert phrasebook.check(folder) == [finding]


def test_a_holiday_that_is_no_date_names_its_place(tmp_path: Path) -> None:
    _folder(tmp_path, "slot: colour\nvalues: {}\n")
    (tmp_path / "holidays.yaml").write_text("fixed:\n  元旦: 13-01\n", encoding="utf-8")
    (finding,) = phrasebook.check(tmp_path)
    assert (finding.line, finding.key) == (2, "元旦")


def test_a_bad_pattern_among_the_moves_names_its_place(tmp_path: Path) -> None:
    path = tmp_path / "moves.yaml"
    path.write_text("repeat:\n  patterns: |\n    再(说\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"moves\.yaml:3: 再\(说"):
        phrases.load(path, frozenset({"repeat"}))
