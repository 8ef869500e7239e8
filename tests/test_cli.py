"""The commands: what they print, and how they leave."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """One command in this process, with a database of its own; (exit code, output, errors)."""
    monkeypatch.setenv("TUIDAN_DB", str(tmp_path / "data" / "tuidan.db"))

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tuidan", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return (end.value.code if isinstance(end.value.code, int) else 1), out, err

    return command


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """The program in a folder of its own, where its data files may be broken."""
    for room in ("bot", "intents", "knowledge"):
        shutil.copytree(root / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


GOOD = '{"order_id": "A10086", "product": "train_ticket", "amount": "380.00", "phone_tail": "1234"}\n'


def test_orders_are_imported_and_listed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "o.jsonl"
    file.write_text(GOOD)
    assert run("orders", "import", file) == (0, "1 orders imported, 0 lines left out\n", "")
    code, out, _ = run("orders", "list")
    assert code == 0
    assert out == "A10086\ttrain_ticket\t380.00\t-\t-\t-\n"
    assert "1234" not in out


def test_bad_lines_are_named_and_the_others_kept(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "o.jsonl"
    file.write_text(GOOD + '{"order_id": 5}\n')
    code, out, err = run("orders", "import", file, "--db", tmp_path / "other.db")
    assert (code, out) == (1, "1 orders imported, 1 lines left out\n")
    assert err == f'{file}:2: order_id: order_id must be quoted: "5"\n'
    assert (tmp_path / "other.db").exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["orders", "import", "{tmp}/none.csv"], "cannot read"),
        (["orders", "import", "{tmp}"], "cannot read"),
        (["orders", "list"], "there is no database"),
        (["orders", "list", "--db", "{tmp}/broken.db"], "cannot open the database"),
        (["orders", "list", "--db", "{tmp}"], "cannot open the database"),
        (["forget", "anna"], "there is no database"),
        (["purge", "--older-than", "90d"], "there is no database"),
        (["purge", "--older-than", "soon"], "not a time span"),
        (["purge"], "older-than"),
        (["chat", "--jsonl", "--db", "{tmp}/broken.db"], "cannot open the database"),
        (["chat", "--db", "{tmp}/broken.db"], "cannot open the database"),
        (["nonsense"], "nonsense"),
        (["chat", "--nonsense"], "nonsense"),
        (["replay"], "name suite files or folders"),
    ],
)
def test_a_fault_is_one_clear_line_and_code_2(
    run: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database" * 100)
    code, _, err = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert code == 2
    assert words in err


def chatted(run: Run, root: Path, database: Path) -> None:
    lines = [
        {"conversation": who, "text": "火车票想退", "now": "2026-03-06T04:00:00+08:00"}
        for who in ("anna", "ben")
    ]
    subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--jsonl", "--db", str(database)],
        input="".join(json.dumps(line) + "\n" for line in lines).encode(),
        cwd=root,
        check=True,
        capture_output=True,
    )


def test_a_person_is_forgotten_and_old_talk_is_purged(run: Run, root: Path, tmp_path: Path) -> None:
    database = tmp_path / "c.db"
    chatted(run, root, database)
    assert run("forget", "anna", "--db", database)[:2] == (0, "1 conversations erased\n")
    assert run("forget", "anna", "--db", database)[:2] == (0, "0 conversations erased\n")
    assert run("purge", "--older-than", "0d", "--db", database)[:2] == (0, "1 conversations erased\n")


SUITE = "name: 问候\nnow: 2026-03-06T04:00:00+08:00\nturns:\n  - user: 你好\n    intent: greet\n"


def test_replay_passes_only_if_all_do(run: Run, tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / f"{name}.yaml" for name in ("good", "bad", "broken"))
    good.write_text(SUITE, encoding="utf-8")
    bad.write_text(SUITE.replace("greet", "thanks"), encoding="utf-8")
    broken.write_text(SUITE.replace("intent", "intend"), encoding="utf-8")
    code, out, _ = run("replay", good)
    assert (code, out) == (0, "1 of 1 dialogues passed (1 turns)\n")
    code, out, _ = run("replay", good, bad)
    assert code == 1
    assert "bad.yaml:1: 问候" in out
    code, out, _ = run("replay", tmp_path, "--json", "--junit", tmp_path / "junit.xml")
    assert code == 1
    data = json.loads(out)
    assert [d["passed"] for d in data["dialogues"]] == [False, True]
    assert [(Path(e["file"]).name, e["line"], e["key"]) for e in data["errors"]] == [
        ("broken.yaml", 5, "intend")
    ]
    assert (tmp_path / "junit.xml").exists()
    assert run("replay", broken)[0] == 1
    assert run("replay", tmp_path / "nowhere")[0] == 1


def test_the_data_files_are_sound(run: Run) -> None:
    code, out, _ = run("check")
    assert (code, out) == (0, "all data files are sound\n")


BROKEN = ("knowledge/data/tables/train_ticket.yaml", "tables: [")


@pytest.mark.parametrize("command", [["chat", "--jsonl"], ["chat"], ["check"]])
def test_a_broken_data_file_is_named(copy: Path, command: list[str]) -> None:
    file, broken = BROKEN
    (copy / file).write_text(broken)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        input=b"\n",
        cwd=copy,
        env={**os.environ, "TUIDAN_DB": str(copy / "t.db")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2 or (command == ["check"] and done.returncode == 1)
    assert Path(file).name in (done.stderr + done.stdout).decode()
    assert b"Traceback" not in done.stderr


def test_version_and_help(run: Run) -> None:
    assert run("version")[1].startswith("tuidan ")
    code, out, _ = run("--help")
    assert code == 0
    for command in ("chat", "replay", "orders", "check", "forget", "purge", "version"):
        assert command in out


def test_a_closed_pipe_ends_a_listing_cleanly(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "o.jsonl"
    file.write_text("".join(GOOD.replace("10086", str(n)) for n in range(10_000, 14_000)))
    env = {**os.environ, "TUIDAN_DB": str(tmp_path / "t.db")}
    bot = [sys.executable, "-m", "bot", "orders"]
    subprocess.run([*bot, "import", str(file)], cwd=root, env=env, check=True, capture_output=True)
    with subprocess.Popen(
        [*bot, "list"], cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert b"Traceback" not in listing.stderr.read()
