"""The settings: read from the environment and `.env`, told plainly where wrong, secret where secret."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import database_path, own_data
from bot.desk.hours import read_hours
from bot.errors import TuidanError
from bot.settings import ELSEWHERE, PREFIX, Settings, names, read_settings, unknown
from tests import settings_shown

TOKEN = "123456789:AAtheTokenThatNobodyMaySee-0123456"
SECRET = "theSecretThatNobodyMaySee_0123456"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without settings, in a folder without `.env`."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def complaint() -> str:
    with pytest.raises(TuidanError) as fault:
        read_settings()
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__, "pydantic's own error quotes what was given"
    return str(fault.value)


def test_a_service_without_settings_has_the_defaults() -> None:
    settings = read_settings()
    assert settings.telegram_token is None
    assert settings.staff_chat == ()
    assert settings.hours == read_hours("9:00-18:00")
    assert settings.metrics_host == "127.0.0.1"


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"TUIDAN_TELEGRAM_TOKEN={TOKEN}\nTUIDAN_REMIND_MINUTES=7\nTUIDAN_SILENT_MINUTES=8\n"
        "TUIDAN_HOURS='9:00-12:00, 13:30-18:00'  # 午休\n",
        "utf-8",
    )
    monkeypatch.setenv("TUIDAN_SILENT_MINUTES", "9")
    monkeypatch.setenv("TUIDAN_REMIND_MINUTES", "")
    settings = read_settings()
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert (settings.remind_minutes, settings.silent_minutes) == (7, 9)
    assert settings.hours == read_hours("9:00-12:00,13:30-18:00")


def test_the_file_holds_for_every_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`tuidan stats` must look into the database that `tuidan telegram` writes."""
    Path(".env").write_text("TUIDAN_DB=shop.db\nTUIDAN_DATA=mine\n", "utf-8")
    settings = read_settings()
    assert (database_path(), own_data()) == (settings.db, settings.data) == (Path("shop.db"), Path("mine"))
    monkeypatch.setenv("TUIDAN_DB", "other.db")
    assert database_path() == read_settings().db == Path("other.db")
    assert database_path(Path("given.db")) == Path("given.db")


@pytest.mark.parametrize(
    ("text", "chats"),
    [
        ("-1001234567890", (-1001234567890,)),
        ("-1001, -1002 -1001", (-1001, -1002)),
        ("42,", (42,)),
    ],
)
def test_staff_groups_are_one_or_several(
    monkeypatch: pytest.MonkeyPatch, text: str, chats: tuple[int, ...]
) -> None:
    monkeypatch.setenv("TUIDAN_STAFF_CHAT", text)
    assert read_settings().staff_chat == chats


WRONG = {
    "TUIDAN_TELEGRAM_TOKEN": SECRET,
    "TUIDAN_WEBHOOK_SECRET": "theSecret/NobodyMaySee/0123456",
    "TUIDAN_STAFF_CHAT": TOKEN,
    "TUIDAN_WEBHOOK_URL": f"http://example.com/{SECRET}",
    "TUIDAN_API_URL": f"ftp://example.com/{SECRET}",
    "TUIDAN_HOURS": "18:00-9:00",
    "TUIDAN_REMIND_MINUTES": "0",
    "TUIDAN_SILENT_MINUTES": "soon",
    "TUIDAN_METRICS_PORT": "70000",
    "TUIDAN_LOG": "loud",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_and_no_secret_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, WRONG[name])
    said = complaint()
    assert said.startswith(f"settings: {name}: ")
    assert "NobodyMaySee" not in said


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)
    said = complaint()
    assert all(name in said for name in WRONG)


def test_a_webhook_without_its_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUIDAN_WEBHOOK_URL", "https://example.com/telegram/")
    assert "TUIDAN_WEBHOOK_URL needs TUIDAN_WEBHOOK_SECRET" in complaint()
    monkeypatch.setenv("TUIDAN_WEBHOOK_SECRET", SECRET)
    assert read_settings().webhook_url == "https://example.com/telegram"


def test_a_file_that_is_no_text_is_told() -> None:
    Path(".env").write_bytes(b"TUIDAN_LOG=\xff\n")
    assert complaint() == "cannot read .env: UnicodeDecodeError"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUIDAN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TUIDAN_WEBHOOK_SECRET", SECRET)
    settings = read_settings()
    assert settings.secrets() == (TOKEN, SECRET)
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert "NobodyMaySee" not in shown


@given(st.text(min_size=1, max_size=60).filter(lambda text: "\x00" not in text))
def test_no_text_as_a_token_gets_out_again(text: str) -> None:
    """Whatever is given as a token: it is taken, or refused without being quoted."""
    secret = f"NobodyMaySee{text}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUIDAN_TELEGRAM_TOKEN", secret.encode("utf-8", "replace").decode())
        assert "NobodyMaySee" not in complaint()


def test_a_name_that_is_no_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUIDAN_STAF_CHAT", "-1001")
    monkeypatch.setenv("TUIDAN_CACHE", "elsewhere")
    Path(".env").write_text("TUIDAN_XYZZY=1\nHOME=/\nTUIDAN_LOG=json\n", "utf-8")
    assert list(unknown()) == [("TUIDAN_STAF_CHAT", "TUIDAN_STAFF_CHAT"), ("TUIDAN_XYZZY", None)]


def test_every_setting_is_described_and_its_example_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, field in names().items():
        assert field.description, name
        monkeypatch.setenv(name, settings_shown.examples()[name])
    monkeypatch.setenv("TUIDAN_WEBHOOK_SECRET", SECRET)
    settings = read_settings()
    assert set(settings.model_fields_set) == set(Settings.model_fields)


def test_the_documents_show_the_settings_of_the_code() -> None:
    guide = settings_shown.GUIDE.read_text("utf-8")
    assert settings_shown.TABLE.search(guide)
    assert guide == settings_shown.renewed(guide), "run `make docs`"
    assert settings_shown.EXAMPLE.read_text("utf-8") == settings_shown.example(), "run `make docs`"


def test_no_document_names_a_setting_that_there_is_not(root: Path) -> None:

    for file in [*root.glob("*.md"), *(root / "docs").glob("*.md"), *(root / "deploy").iterdir()]:
        named = set(re.findall(r"TUIDAN_[A-Z_]+", file.read_text("utf-8")))
        assert named <= names().keys() | ELSEWHERE, file


def test_the_chat_does_not_pay_for_them(root: Path) -> None:
    script = (
        "import sys, bot.cli.commands; print([m for m in sys.modules if m.startswith('pydantic_settings')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
