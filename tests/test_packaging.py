"""A wheel, installed elsewhere, is the whole bot: it runs from any folder, with all its data files."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOMS = ("bot", "intents", "knowledge")
SUITE = """\
name: 取消送票
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 我在微信上买的火车票想取消送票
    intent: cancel_delivery
"""
MESSAGE = {"conversation": "a", "text": "我在微信上买的火车票想取消送票", "now": "2026-03-06T04:00:00+08:00"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing of the build stays in the project."""
    folder = tmp_path_factory.mktemp("wheel")
    root = Path(__file__).parent.parent
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, folder)
    for room in ROOMS:
        shutil.copytree(root / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, folder], check=True)
    return next(folder.glob("tuidan-*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that has the wheel, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder, with_pip=False)
    purelib = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    into = ["--python", str(folder / "bin" / "python"), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, *into, wheel], check=True)
    # Brings the libraries; path files beside them, such as an editable install leaves, are not read.
    (purelib / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return folder / "bin"


def tuidan(elsewhere: Path, *arguments: str, cwd: Path, written: str = "") -> str:
    """What the installed command prints; it must end well and complain of nothing."""
    done = subprocess.run(
        [elsewhere / "tuidan", *arguments],
        cwd=cwd,
        input=written,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def test_the_lock_holds_what_the_project_asks_for(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    lock = (root / "requirements.lock").read_text("utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    asked = map(Requirement, [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]])
    missing = [
        str(one) for one in asked if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))
    ]
    assert not missing, "renew requirements.lock: docs/decisions/0008-a-hash-locked-list.md"
    assert "://" not in lock


@pytest.mark.slow
def test_the_wheel_holds_every_data_file(wheel: Path, root: Path) -> None:
    held = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    ours = {
        path.relative_to(root)
        for room in ROOMS
        for path in (root / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours - held == set()
    assert {path.parts[0] for path in held} - set(ROOMS) == {
        f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info"
    }


@pytest.mark.slow
def test_the_installed_package_is_the_wheels(elsewhere: Path, tmp_path: Path) -> None:
    where = "import bot, intents, knowledge; print(bot.__file__, intents.__file__, knowledge.__file__)"
    done = subprocess.run(
        [elsewhere / "python", "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert all(path.startswith(str(elsewhere.parent)) for path in done.stdout.split())


@pytest.mark.slow
def test_it_chats_checks_and_replays_from_any_folder(elsewhere: Path, tmp_path: Path) -> None:
    answer = json.loads(
        tuidan(elsewhere, "chat", "--jsonl", cwd=tmp_path, written=json.dumps(MESSAGE) + "\n")
    )
    assert answer["intent"] == "cancel_delivery"
    assert "findings" not in tuidan(elsewhere, "check", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "suite.yaml").write_text(SUITE, "utf-8")
    assert tuidan(elsewhere, "replay", "suite.yaml", cwd=tmp_path) == "1 of 1 dialogues passed (1 turns)\n"


@pytest.mark.slow
def test_a_users_own_repository_has_its_dialogues_as_tests_on_its_own_figures(
    elsewhere: Path, root: Path, tmp_path: Path
) -> None:
    shutil.copytree(root / "knowledge" / "data", tmp_path / "data" / "knowledge")
    table = tmp_path / "data" / "knowledge" / "tables" / "train_ticket.yaml"
    table.write_text(table.read_text("utf-8").replace("rate: 15%", "rate: 16%", 1), "utf-8")
    asked = "火车票380块明天上午十点发车，票不要了，在微信退要多少手续费"
    suite = SUITE.replace("我在微信上买的火车票想取消送票", asked).replace("cancel_delivery", "fee_query")
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "fees.yaml").write_text(f'{suite}    outcome: {{fee: "60.80"}}\n', "utf-8")
    options = "tuidan_suites = talks\ntuidan_data = data\nfilterwarnings = error\naddopts = --strict-config\n"
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{options}", "utf-8")
    done = subprocess.run(
        [elsewhere / "python", "-m", "pytest", "-v"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "talks/fees.yaml::取消送票 PASSED" in done.stdout, done.stdout + done.stderr
    assert (done.returncode, done.stderr) == (0, "")
