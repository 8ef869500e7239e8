"""A data folder of one's own: which files hold, and what is said where they cannot be used.

A process has one set of data files, so that every folder here is used by a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import intents.home
import knowledge.home
from bot.app import mind
from bot.config import DataFiles, data_files
from bot.errors import TuidanError

TRAIN = "knowledge/tables/train_ticket.yaml"
ASKED = "火车票380块明天下午四点发车，票不要了，在微信退要多少手续费"


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """The rules and the sentences as they are built in."""
    shutil.copytree(root / "knowledge" / "data", tmp_path / "own" / "knowledge")
    shutil.copytree(root / "bot" / "dialogue" / "data", tmp_path / "own" / "dialogue")
    return tmp_path / "own"


def edit(path: Path, old: str, new: str) -> int:
    """Exchanges the first `old` for `new`; returns the line on which it stands."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def tuidan(
    folder: Path, *arguments: str, cache: Path | None = None, asked: str = ASKED
) -> tuple[int, str, str]:
    """Exit code, output and complaints of the command with this data folder; it is asked one question."""
    environment = os.environ | {"TUIDAN_DATA": str(folder), "PYTHONUTF8": "1"}
    if cache is not None:
        environment["TUIDAN_CACHE"] = str(cache)
    line = json.dumps({"conversation": "a", "text": asked, "now": "2026-03-06T10:00:00+08:00"})
    done = subprocess.run(
        [sys.executable, "-m", "bot", *(arguments or ("chat", "--jsonl"))],
        input=line,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_changed_figure_and_a_changed_sentence_are_what_the_bot_says(folder: Path) -> None:
    edit(folder / TRAIN, "rate: 15%", "rate: 16%")
    edit(folder / "dialogue" / "replies.yaml", "能退回 **{refund} 元**", "到手 **{refund} 元**")
    _, out, _ = tuidan(folder)
    answer = json.loads(out)
    assert answer["outcome"]["fee"] == "60.80"
    assert "到手 **319.20 元**" in answer["replies"][0]["text"]


def test_what_is_not_in_the_folder_is_as_built_in(folder: Path) -> None:
    shutil.rmtree(folder / "dialogue")
    edit(folder / TRAIN, "rate: 15%", "rate: 16%")
    answer = json.loads(tuidan(folder)[1])
    assert answer["outcome"]["fee"] == "60.80"
    assert "能退回" in answer["replies"][0]["text"]


def test_a_checkout_is_a_data_folder_too(folder: Path, tmp_path: Path) -> None:
    edit(folder / TRAIN, "rate: 15%", "rate: 16%")
    shutil.copytree(folder / "knowledge", tmp_path / "checkout" / "knowledge" / "data")
    assert json.loads(tuidan(tmp_path / "checkout")[1])["outcome"]["fee"] == "60.80"
    assert data_files(Path(__file__).parent.parent).own
    assert data_files(tmp_path / "checkout") == DataFiles(tmp_path / "checkout" / "knowledge" / "data")


def test_check_looks_at_the_own_files(folder: Path) -> None:
    assert tuidan(folder, "check")[:2] == (0, "all data files are sound\n")
    line = edit(folder / TRAIN, "rate: 15%", "rate: 16%")
    code, out, _ = tuidan(folder, "check")
    assert code == 1
    assert f"{folder / TRAIN}:" in out
    assert "no cited claim says 16%" in out
    assert out.splitlines()[-1] == "1 findings", line


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "message"),
    [
        (TRAIN, "verdict: allowed", "verdikt: allowed", "rows.0.verdikt", "unknown key"),
        ("knowledge/answers/other.yaml", "  cites: [T0.3]", "  cites: T0.3", "0.cites", "quotes"),
        ("dialogue/replies.yaml", "{fee} 元", "{fees} 元", "outcome.difference", "{fees}; there are {fee}"),
        ("dialogue/replies.yaml", "**{fee} 元**{rate}", "**{fee 元**{rate}", "outcome.difference", "braces"),
        ("dialogue/replies.yaml", "greet: ", "greets: ", "greet", "this sentence is missing"),
        ("dialogue/labels.yaml", "没买退票险", "no", "values.insured.no", "must be text"),
        ("dialogue/labels.yaml", "wishes:", "wish:", "wishes", "this key is missing"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_at_once_by_file_line_and_key(
    folder: Path, file: str, old: str, new: str, *, key: str, message: str
) -> None:
    line = edit(folder / file, old, new)
    code, out, complaint = tuidan(folder)
    assert (code, out) == (2, "")
    place, told, *_ = (part for part in complaint.removeprefix("tuidan: ").split(": ", 2))
    assert told == key
    assert message in complaint
    assert place.rpartition(":")[0] == str(folder / file)
    if "missing" not in message:
        assert place.rpartition(":")[2] == str(line)


@pytest.mark.parametrize("gone", ["knowledge/claims.yaml", "dialogue/labels.yaml"])
def test_a_part_that_is_given_must_be_whole(folder: Path, gone: str) -> None:
    (folder / gone).unlink()
    assert tuidan(folder) == (
        2,
        "",
        f"tuidan: {folder / gone}:1: cannot be read: No such file or directory\n",
    )


def test_a_folder_without_data_files_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "knowlege").mkdir()
    code, _, complaint = tuidan(tmp_path)
    assert (code, complaint) == (
        2, f"tuidan: data files: {tmp_path}: no knowledge/, intents/, dialogue/ or desk/ in it\n"
    )  # fmt: skip
    assert tuidan(tmp_path / "nowhere")[2].endswith("nowhere: there is no such folder\n")


def test_one_process_has_one_set_of_rules(folder: Path) -> None:
    assert mind()
    with pytest.raises(TuidanError, match="are in use already in this process"):
        mind(folder)
    assert mind()


@pytest.mark.parametrize("home", [knowledge.home.Home, intents.home.Home])
def test_a_folder_stays_once_it_was_named_or_read(
    home: type[knowledge.home.Home | intents.home.Home], tmp_path: Path
) -> None:
    read = home(tmp_path / "built_in")
    read.use(None)
    assert read.folder == tmp_path / "built_in"
    with pytest.raises(ValueError, match="built_in are in use already"):
        read.use(tmp_path / "own")
    named = home(tmp_path / "built_in")
    named.use(None)
    named.use(tmp_path / "own")
    named.use(tmp_path / "other" / ".." / "own")
    with pytest.raises(ValueError, match="own are in use already"):
        named.use(None)
    assert named.folder.resolve() == tmp_path / "own"


def test_examples_that_did_not_change_are_not_learned_again(root: Path, tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("compiled")
    shutil.copytree(root / "intents" / "data", tmp_path / "own" / "intents", ignore=ignored)
    code, out, _ = tuidan(tmp_path / "own", cache=tmp_path / "cache")
    assert (code, json.loads(out)["intent"]) == (0, "fee_query")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("mood.yaml", "abusive: {}\nupset:\n  patterns: |\n    再(说\n", "4: 再(说: 正则表达式有误"),
        ("slots/holidays.yaml", "fixed:\n  元旦: 13-01\nlunar: {}\n", "2: 元旦: 不是日期"),
        ("words/clauses.yaml", "另起一件: [还有]\n", "1: 不算另起: 缺少这一项"),
        ("words/pinyin.txt", None, "1: 打不开"),
        ("words/english.txt", "退款 Refund\n", "1: Refund: 每行应为"),
    ],
)
def test_a_broken_file_of_words_is_refused_at_once(
    root: Path, tmp_path: Path, file: str, text: str | None, complaint: str
) -> None:
    own = tmp_path / "own" / "intents"
    shutil.copytree(root / "intents" / "data", own)
    if text is None:
        (own / file).unlink()
    else:
        (own / file).write_text(text, "utf-8")
    code, out, told = tuidan(own.parent)
    assert (code, out) == (2, "")
    assert told.startswith(f"tuidan: {own / file}:{complaint}")


@pytest.mark.slow
def test_own_examples_are_learned_once(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "intents"
    shutil.copytree(root / "intents" / "data", own)
    for name in ("fee_query", "purchase_tips"):
        path = own / "intents" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace("手续费", "木薯布丁"), "utf-8")
    kept = tmp_path / "cache"
    first = tuidan(own.parent, cache=kept, asked="要多少木薯布丁")
    (learned,) = kept.iterdir()
    written = learned.stat().st_mtime_ns
    assert tuidan(own.parent, cache=kept, asked="要多少木薯布丁") == first
    assert [path.stat().st_mtime_ns for path in kept.iterdir()] == [written]
    assert json.loads(first[1])["intent"] == "fee_query"
