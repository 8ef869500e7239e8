"""What `tuidan teach` writes, what it refuses, and what it must leave as it is."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import mind
from bot.channels.screen import PlainScreen
from bot.errors import TuidanError
from bot.insight.groups import groups
from bot.insight.misses import Miss
from bot.learning.decisions import Decision, draft, read
from bot.learning.examples import titles
from bot.learning.lesson import teach
from bot.learning.walk import walk
from bot.messages import Update
from bot.privacy import mask
from bot.replay.suite import read_file
from bot.session import Session
from bot.store.sqlite import SqliteStore
from intents.check import check
from intents.data_files import intent_files
from tests.stored_talks import PRIVATE, TEXTS

NOW = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
KEPT = 155
"""Examples of each intent in the test's own data files: as many as must be, so that checking is quick."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data files of the built-in shape, with few examples."""
    folder = tmp_path_factory.mktemp("data") / "intents"
    built_in = Path(__file__).parent.parent / "intents" / "data"
    for part in ("intents", "words"):
        shutil.copytree(built_in / part, folder / part)
    for file in (folder / "intents").glob("*.yaml"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        head = lines.index("examples: |\n") + 1
        file.write_text("".join(lines[: head + KEPT]), "utf-8")
    assert check(folder) == []
    return folder


@pytest.fixture
def folder(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "own" / "intents"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def missed(*texts: str) -> list[Miss]:
    return [Miss(NOW, text, "not_understood") for text in texts]


def test_a_message_becomes_the_last_example_and_a_dialogue(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    lesson = teach([Decision("钱跑哪儿猫着去了", "refund_status")], folder, tmp_path / "suites", NOW)
    assert lesson.added == {"refund_status": 1}
    after = contents(folder)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"intents/refund_status.yaml"}
    name = changed.pop()
    assert after[name] == before[name] + "  钱跑哪儿猫着去了\n".encode()
    ((dialogue,), faults) = read_file(lesson.suite)
    assert faults == []
    assert [turn.user for turn in dialogue.turns] == ["钱跑哪儿猫着去了"]
    assert [(e.key, e.value) for e in dialogue.turns[0].expected] == [("intent", "refund_status")]


def test_a_second_lesson_goes_behind_the_first(folder: Path, tmp_path: Path) -> None:
    for text in ("钱跑哪儿猫着去了", "票子躲起来了"):
        lesson = teach([Decision(text, "refund_status")], folder, tmp_path, NOW)
    dialogues, faults = read_file(lesson.suite)
    assert faults == []
    assert [dialogue.turns[0].user for dialogue in dialogues] == ["钱跑哪儿猫着去了", "票子躲起来了"]
    status = next(part for part in intent_files(folder) if part.label == "refund_status")
    assert status.texts[-2:] == ("钱跑哪儿猫着去了", "票子躲起来了")


@pytest.mark.parametrize(
    ("old", "new", "added"),
    [
        ("\n", "\r\n", "\r\n  钱跑哪儿猫着去了"),
        ("  ", "      ", "\n      钱跑哪儿猫着去了"),
        ("examples: |\n", "examples: |-\n", "\n  钱跑哪儿猫着去了"),
        ("intent: ", "\ufeffintent: ", "\n  钱跑哪儿猫着去了"),
    ],
)
def test_the_layout_of_a_file_stays(folder: Path, tmp_path: Path, old: str, new: str, added: str) -> None:
    file = folder / "intents" / "refund_status.yaml"
    before = file.read_bytes().replace(old.encode(), new.encode())
    file.write_bytes(before)
    teach([Decision("钱跑哪儿猫着去了", "refund_status")], folder, tmp_path, NOW)
    end = b"\r\n" if before.endswith(b"\r\n") else b"\n"
    assert file.read_bytes() == before.removesuffix(end) + added.encode() + end


@pytest.mark.parametrize("tail", ["", "\n\n\n", "\n# the end\n", "\n\n# the end"])
def test_what_comes_behind_the_examples_stays_behind_them(folder: Path, tmp_path: Path, tail: str) -> None:
    file = folder / "intents" / "refund_status.yaml"
    examples = file.read_bytes().removesuffix(b"\n")
    file.write_bytes(examples + tail.encode())
    teach([Decision("钱跑哪儿猫着去了", "refund_status")], folder, tmp_path, NOW)
    assert file.read_bytes() == examples + "\n  钱跑哪儿猫着去了".encode() + tail.encode()


def test_a_key_behind_the_examples_is_kept_too(folder: Path, tmp_path: Path) -> None:
    file = folder / "intents" / "refund_status.yaml"
    head, title, rest = re.split(r"(title: .*\n)", file.read_text("utf-8"))
    file.write_text(head + rest + title, "utf-8")
    teach([Decision("钱跑哪儿猫着去了", "refund_status")], folder, tmp_path, NOW)
    assert file.read_text("utf-8") == f"{head}{rest}  钱跑哪儿猫着去了\n{title}"


@pytest.mark.parametrize(
    ("text", "intent", "why"),
    [
        (
            "钱跑哪儿猫着去了",
            "refund_progress",
            "there is no intent refund_progress; there are account_verif",
        ),
        ("13812345678", "refund_status", "there are no words in it"),
        ("……？！", "refund_status", "there are no words in it"),
        ("啊" * 301, "refund_status", "301 characters; an example has at most 300"),
        ("钱，到底  退没退？", "refund_status", "the same stands in this lesson"),
    ],
)
def test_what_check_would_refuse_is_refused(
    folder: Path, tmp_path: Path, text: str, intent: str, why: str
) -> None:
    first = Decision("钱到底退没退", "refund_status")
    lesson = teach([first, Decision(text, intent)], folder, tmp_path, NOW)
    assert lesson.added == {"refund_status": 1}
    ((refused),) = lesson.refused
    assert refused.why.startswith(why)


def test_an_example_that_is_there_already_is_named_by_its_place(folder: Path, tmp_path: Path) -> None:
    part = intent_files(folder)[0]
    (refused,) = teach([Decision(f"{part.texts[2]}！", "refund_status")], folder, tmp_path / "s", NOW).refused
    assert refused.why == f"the same stands in {part.file.name}:{part.first_line + 2}"
    assert not (tmp_path / "s").exists()


def test_files_with_faults_are_left_alone(folder: Path, tmp_path: Path) -> None:
    file = folder / "intents" / "greet.yaml"
    file.write_text(file.read_text("utf-8").replace("title:", "titel:"), "utf-8")
    before = contents(folder)
    with pytest.raises(TuidanError, match=re.escape(f"would not be sound: {file}:")):
        teach([Decision("钱跑哪儿猫着去了", "refund_status")], folder, tmp_path / "s", NOW)
    assert contents(folder) == before
    assert not (tmp_path / "s").exists()


def test_a_suite_with_faults_is_left_alone(folder: Path, tmp_path: Path) -> None:
    suite = tmp_path / "learned.yaml"
    suite.write_text("name: 5\n")
    before = contents(folder)
    with pytest.raises(TuidanError, match=re.escape(f"{suite}:1: now: missing")):
        teach([Decision("钱跑哪儿猫着去了", "refund_status")], folder, tmp_path, NOW)
    assert contents(folder) == before
    assert suite.read_text() == "name: 5\n"


def test_a_lesson_that_was_cut_short_is_completed_by_the_same_once_more(folder: Path, tmp_path: Path) -> None:
    decisions = [Decision("钱跑哪儿猫着去了", "refund_status"), Decision("票子躲起来了", "refund_status")]
    before = contents(folder)
    teach(decisions, folder, tmp_path / "s", NOW)
    suite = (tmp_path / "s" / "learned.yaml").read_bytes()
    complete = contents(folder)
    for name, content in before.items():
        (folder / name).write_bytes(content)
    teach(decisions, folder, tmp_path / "s", NOW)
    assert contents(folder) == complete
    assert (tmp_path / "s" / "learned.yaml").read_bytes() == suite


DECISIONS = st.lists(
    st.builds(
        Decision,
        TEXTS
        | PRIVATE
        | st.text()
        | st.sampled_from(["# 注释", "- 列表", "a: b", "|", "...", "---", "\u3000\x85退"]),
        st.sampled_from(["refund_status", "greet", "out_of_scope", "fee_query", "nobody_knows"]),
    ),
    max_size=6,
)


@settings(max_examples=6)
@given(DECISIONS)
def test_files_stay_sound_nothing_else_changes_and_nothing_personal_is_written(
    small: Path, decisions: list[Decision]
) -> None:
    with TemporaryDirectory() as place:
        folder, suites = Path(shutil.copytree(small, Path(place) / "own")), Path(place) / "suites"
        before = contents(folder)
        lesson = teach(decisions, folder, suites, NOW)
        assert check(folder) == []
        examples = list(_only_added(before, contents(folder)))
        assert len(examples) == sum(lesson.added.values()) == len(decisions) - len(lesson.refused)
        for text in examples:
            assert mask(text) == text
            assert not re.search(r"\d{6}", text)
        if examples:
            dialogues, faults = read_file(lesson.suite)
            assert faults == []
            assert sorted(dialogue.turns[0].user for dialogue in dialogues) == sorted(examples)
        after = contents(Path(place))
        assert len(teach(decisions, folder, suites, NOW).refused) == len(decisions)
        assert contents(Path(place)) == after


def _only_added(before: dict[str, bytes], after: dict[str, bytes]) -> Iterator[str]:
    """The lines that came to the ends of files."""
    assert before.keys() == after.keys()
    for name, content in before.items():
        assert after[name].startswith(content)
        new = after[name].removeprefix(content).decode()
        yield from (line.removeprefix("  ") for line in new.split("\n") if line)


def test_every_intent_has_the_name_that_its_file_gives_it(small: Path) -> None:
    named = titles(small)
    assert (named["refund_status"], named["out_of_scope"]) == ("退款进度", "无关")
    assert all(named.values())


def test_decisions_are_read_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "decisions.yaml"
    file.write_text('- text: "能开发票吗"\n  intent: out_of_scope\n- text: 什么\n  intent:\n', "utf-8")
    assert read(file) == [Decision("能开发票吗", "out_of_scope", f"{file}:1")]
    file.write_text("- text: 什么\n  intend: greet\n", "utf-8")
    with pytest.raises(TuidanError, match=re.escape(f"{file}:2: intend: unknown key")):
        read(file)


@given(st.lists(TEXTS | st.text(), max_size=6))
def test_a_draft_can_be_read_and_decides_nothing(texts: list[str]) -> None:
    from bot.insight.anonymous import anonymous  # noqa: PLC0415 - what misses are made of

    found = groups(missed(*map(anonymous, texts)))
    with TemporaryDirectory() as place:
        file = Path(place) / "draft.yaml"
        file.write_text(draft(found, lambda _: ["greet"]), "utf-8")
        assert read(file) == []
        file.write_text(re.sub("intent:$", "intent: greet", file.read_text("utf-8"), flags=re.M), "utf-8")
        assert {decision.text for decision in read(file)} == set(map(anonymous, texts))


INTENTS = {"greet": "打招呼", "fee_query": "手续费", "out_of_scope": "别的事"}


def walked(
    *lines: str, texts: tuple[str, ...] = ("能开发票吗", "可以开发票吗", "几点下班")
) -> list[tuple[str, str]]:
    screen = PlainScreen(StringIO("".join(f"{line}\n" for line in lines)), StringIO())
    decisions = walk(groups(missed(*texts)), lambda _: ["greet", "out_of_scope"], INTENTS, screen)
    return [(decision.text, decision.intent) for decision in decisions]


def test_a_person_says_by_number_or_name_what_each_group_means() -> None:
    assert walked("2", "2", "手续费", "1") == [("能开发票吗", "out_of_scope"), ("几点下班", "fee_query")]
    assert walked("fee_query", "", "", "write") == [
        ("可以开发票吗", "fee_query"),
        ("能开发票吗", "fee_query"),
    ]


def test_what_is_not_understood_is_asked_again() -> None:
    assert walked("9", "?", "nonsense", "1", "7", "1", "q", "1") == [("可以开发票吗", "greet")]


@pytest.mark.parametrize("lines", [(), ("1",), ("1", ""), ("1", "", "", "2"), ("q",), ("1", "0", "", "1")])
def test_nothing_is_decided_without_a_last_yes(lines: tuple[str, ...]) -> None:
    assert walked(*lines) == []


def test_what_persons_chose_themselves_is_offered_first() -> None:
    sink = StringIO()
    chosen = Miss(NOW, "能开发票吗", "not_understood", chosen="fee_query")
    walk(groups([chosen]), lambda _: ["greet"], INTENTS, PlainScreen(StringIO(), sink))
    assert "1) 手续费 fee_query   2) 打招呼 greet" in sink.getvalue()


def tuidan(
    *arguments: object, typed: str = "", folder: Path | None = None, **environment: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        input=typed,
        cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def missing(path: Path, *texts: str) -> Path:
    store = SqliteStore(path)
    session = Session(store, mind())
    for number, text in enumerate(texts):
        now = NOW + timedelta(days=number)
        assert session.handle(Update(str(number), "a", "anna", "test", text, now))
    store.close()
    return path


def test_the_command_carries_out_a_file_of_decisions(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.yaml"
    file.write_text(
        "- text: 钱跑哪儿猫着去了\n  intent: refund_status\n- {text: 好, intent: none}\n", "utf-8"
    )
    suites = tmp_path / "suites"
    code, out, err = tuidan("teach", "--decisions", file, "--data", folder.parent, "--dialogues", suites)
    assert code == 1
    assert err.startswith(f"refused: {file}:3: there is no intent none; there are ")
    assert f"refund_status: 1 more examples in {folder}/intents/refund_status.yaml\n" in out
    assert out.endswith(f"  TUIDAN_DATA={folder.parent} tuidan replay {suites}/learned.yaml\n")


def test_the_command_needs_files_that_are_for_editing(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "bot" / "dialogue" / "data", tmp_path / "own" / "dialogue")
    file = tmp_path / "decisions.yaml"
    file.write_text("[]")
    told = tuidan("teach", "--decisions", file, "--data", tmp_path / "own", "--dialogues", tmp_path)
    assert told == (
        2, "", f"tuidan: {tmp_path}/own holds no intents/: put a copy of the built-in intents/data there\n"
    )  # fmt: skip
    assert tuidan("teach")[2].startswith("tuidan: --dialogues: name the folder")


def test_the_built_in_files_are_for_editing_in_a_checkout_alone(root: Path, tmp_path: Path) -> None:
    for room in ("bot", "intents", "knowledge"):
        shutil.copytree(root / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "decisions.yaml"
    file.write_text("- {text: 钱跑哪儿猫着去了, intent: refund_status}\n", "utf-8")
    status = tmp_path / "intents" / "data" / "intents" / "refund_status.yaml"
    before = status.read_bytes()
    command = ("teach", "--decisions", file, "--dialogues", tmp_path / "suites")
    code, _, err = tuidan(*command, folder=tmp_path)
    assert (code, status.read_bytes()) == (2, before)
    assert err.startswith("tuidan: the built-in data files are not for editing: name your own with --data")
    (tmp_path / "pyproject.toml").touch()
    code, out, err = tuidan(*command, folder=tmp_path)
    assert (code, err) == (0, "")
    assert status.read_bytes() == before + "  钱跑哪儿猫着去了\n".encode()
    assert out.endswith(f"  make data\n  tuidan replay {tmp_path}/suites/learned.yaml\n")


def test_a_draft_of_what_was_missed_is_never_written_over(tmp_path: Path) -> None:
    db = missing(tmp_path / "t.db", "今晚吃什么 我电话13812345678")
    code, _, err = tuidan("teach", "--draft", tmp_path / "d.yaml", "--db", db)
    assert (code, err) == (0, "")
    drafted = (tmp_path / "d.yaml").read_text("utf-8")
    assert '- text: "今晚吃什么 我电话#"\n  intent:\n' in drafted
    assert "out_of_scope" in drafted
    assert tuidan("teach", "--draft", tmp_path / "d.yaml", "--db", db)[2].endswith("d.yaml exists already\n")


@pytest.mark.slow
def test_what_was_taught_is_understood_from_then_on(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "intents"
    shutil.copytree(root / "intents" / "data", own)
    db = missing(tmp_path / "t.db", "木薯布丁咋整", "木薯布丁咋弄啊")
    environment = {"TUIDAN_CACHE": str(tmp_path / "cache"), "TUIDAN_DATA": str(own.parent)}
    suites = tmp_path / "suites"
    typed = "order_status\n\n1\n"
    code, out, err = tuidan("teach", "--dialogues", suites, "--db", db, typed=typed, **environment)
    assert (code, err) == (0, "")
    assert "order_status: 2 more examples" in out
    assert tuidan("check", **environment)[:2] == (0, "all data files are sound\n")
    assert tuidan("replay", suites, TUIDAN_DATA="")[0] == 1
    code, out, err = tuidan("replay", suites, **environment)
    assert (code, out) == (0, "2 of 2 dialogues passed (2 turns)\n"), err
