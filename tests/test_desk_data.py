"""The desk's texts: each is used, and what people edit is checked with file, line and key."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest

from bot.desk.buttons import PERSON_ACTS, STAFF_ACTS
from bot.desk.data_files import PROMISE
from bot.desk.result import Why
from bot.desk.waiting import Due
from bot.desk.wording import canned, sentences
from bot.store.protocol import DeskState


def patterns(*folders: Path) -> set[str]:
    """Regular expressions for every key that the code can ask for."""
    found = set()
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
                    for part in node.values
                ]
                found.add("".join(parts))
    return found


def test_every_sentence_is_used_and_every_one_asked_for_is_there(root: Path) -> None:
    asked = re.compile("|".join(patterns(root / "bot" / "desk", root / "bot" / "channels" / "telegram")))
    named = ("source.", "reason.", "mood.", "card.")  # asked for by a name from the dialogue
    assert not [key for key in sentences() if not asked.fullmatch(key) and not key.startswith(named)]
    families: dict[str, Any] = {
        "refused": get_args(Why),
        "state": get_args(DeskState),
        "action": (STAFF_ACTS | PERSON_ACTS) - {"rate"},
        "staff": get_args(Due),
        "mood": ("calm", "upset", "abusive"),
        "reason": ("asked_for_person", "case", "not_understood", "staff"),
        "source": ("said", "order", "assumed"),
        "draft": ("allowed", "conditional", "unknown", "denied", "other"),
        "card": ("person", "bot", "staff"),
    }
    for family, names in families.items():
        assert not [name for name in names if f"{family}.{name}" not in sentences()], family


def test_canned_answers_can_be_named_and_sent() -> None:
    assert len(canned()) >= 10
    for name, text in canned().items():
        assert name == "".join(name.split())
        assert not PROMISE.search(text)
        assert not next(iter(Formatter().parse(text)))[1]


@pytest.mark.parametrize(
    ("text", "promises"),
    [
        ("您的钱已经退还给您了", True),
        ("已退款，请查收", True),
        ("已为您退款", True),
        ("退款成功", True),
        ("退款已到账", True),
        ("带着退款成功的截图联系客服", False),
        ("虚拟商品已经到账", False),
        ("保证三天内到账", True),
        ("一定会退给您", True),
        ("马上退", True),
        ("按规则可以退回 10 元", False),
        ("办理之后一般 1 到 3 个工作日到账", False),
        ("不能保证", True),  # rather one too many: somebody reads the finding
        ("退款到账的时间以平台为准", False),
    ],
)
def test_what_counts_as_a_promise(text: str, promises: bool) -> None:
    assert bool(PROMISE.search(text)) == promises


def check(folder: Path) -> tuple[int, str]:
    """`tuidan check` over a person's own desk."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check"],
        env=os.environ | {"TUIDAN_DATA": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_what_is_wrong_is_named_with_file_line_and_key(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "desk"
    shutil.copytree(root / "bot" / "desk" / "data", own)
    (own / "canned" / "own.yaml").write_text(
        "两 个: 有空格\n稍等: 又一个\n退了: 钱已经退给您了\n空: ' '\n内部: //别发\n"
        f"电话: 打 13812345678\n数: 1\n长: {'长' * 4097}\n空: 又来\n",
        "utf-8",
    )
    texts = (own / "texts.yaml").read_text("utf-8")
    texts = texts.replace("person.next:", "person.nxt:").replace("{ahead}", "{before}")
    (own / "texts.yaml").write_text(texts, "utf-8")
    code, told = check(own.parent)
    assert code == 1
    for line in (
        f"{own / 'texts.yaml'}:1: person.next: this sentence is missing",
        "person.place: there is no blank {before}; there are {ahead}",
        f"{own / 'canned' / 'own.yaml'}:1: 两 个: a name has no blanks",
        "稍等: another file has an answer of this name",
        "退了: promises, or says that money was paid back: 已经退给",
        "own.yaml:5: 内部: would not be sent",
        "电话: holds personal data",
        "数: must be text",
        "长: has more than 4096 characters",
        "own.yaml:9: 空: the key is here twice",
    ):
        assert line in told, told
