"""`tuidan doctor`: what it looks at, what it says to do, how it leaves; over HTTP where Telegram is asked."""

import json
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.__main__ import main
from bot.config import clock
from bot.ops.judged import TOLERATED, judged
from bot.ops.seen import Seen, StaffChat, Webhook
from bot.settings import PREFIX, Settings
from bot.store.sqlite import SqliteStore

TOKEN = "123456789:AAtheTokenThatNobodyMaySee-0123456"
SECRET = "theSecretThatNobodyMaySee_0123456"
FORUM, PLAIN = -1001, -1002
ME = {"id": 123456789, "is_bot": True, "first_name": "退单", "username": "tuidan_bot"}
RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
)

Doctor = Callable[..., tuple[int, dict[str, dict[str, Any]]]]


class Telegram:
    """A Bot API on loopback that says what it is told to say."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.asked: list[str] = []
        self.chats = {
            FORUM: {"type": "supergroup", "title": "客服", "is_forum": True},
            PLAIN: {"type": "group", "title": "值班"},
        }
        self.member: dict[str, Any] = {"status": "administrator", "can_manage_topics": True}
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.url = ""
        self.instead: str | None = None
        """What is answered to everything."""

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, dict[str, Any]]:
        token, method = path.removeprefix("/bot").split("/")
        self.asked.append(method)
        if token != TOKEN:
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        if method == "getMe":
            return 200, {"ok": True, "result": ME}
        if method == "getWebhookInfo":
            return 200, {"ok": True, "result": {"has_custom_certificate": False, **self.webhook}}
        chat = self.chats.get(int(params["chat_id"]))
        if chat is None:
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
        if "moved" in chat:
            said = {"ok": False, "error_code": 400, "description": "Bad Request: group chat was upgraded"}
            return 400, {**said, "parameters": {"migrate_to_chat_id": chat["moved"]}}
        if method == "getChat":
            reactions = {"max_reaction_count": 1, "accent_color_id": 1, "accepted_gift_types": GIFTS}
            return 200, {"ok": True, "result": {"id": int(params["chat_id"]), **reactions, **chat}}
        if chat["type"] == "group":  # of another version than the library: a right is not told
            return 200, {"ok": True, "result": {"user": ME, **self.member}}
        rights = dict.fromkeys(RIGHTS, False) if self.member["status"] == "administrator" else {}
        return 200, {"ok": True, "result": {"user": ME, **rights, **self.member}}


GIFTS = dict.fromkeys(
    (*("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),),
    False,
)


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    town = Telegram()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            params = {name: values[0] for name, values in parse_qs(body).items()}
            status, said = town.answer(self.path, params)
            data = (json.dumps(said) if town.instead is None else town.instead).encode()
            self.send_response_only(status)
            self.send_header("Date", format_datetime(clock() + town.ahead))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _do  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    town.url = f"http://127.0.0.1:{server.server_port}"
    yield town
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The command in a folder of its own; (exit code, its findings by name)."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUIDAN_DB", str(tmp_path / "t.db"))

    def command(**settings: object) -> tuple[int, dict[str, dict[str, Any]]]:
        for name, value in settings.items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.setattr(sys, "argv", ["tuidan", "doctor", "--json"])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "NobodyMaySee" not in out + err
        assert not err
        told = json.loads(out)
        assert told["ok"] is (end.value.code == 0)
        return int(end.value.code or 0), {finding["name"]: finding for finding in told["findings"]}

    return command


def test_without_a_token_the_rest_is_looked_at(doctor: Doctor, tmp_path: Path) -> None:
    code, found = doctor()
    assert code == 0
    assert {name: finding["ok"] for name, finding in found.items()} == {
        **{"settings": True, "data files": True, "database": True, "disk": True},
        "token": None,
    }
    assert "BotFather" in found["token"]["todo"]
    assert not list(tmp_path.iterdir()), "looking makes nothing"


def test_for_people_there_are_marks_and_what_to_do(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUIDAN_LOG", "loud")
    monkeypatch.setattr(sys, "argv", ["tuidan", "doctor"])
    with pytest.raises(SystemExit) as end:
        main()
    out = capsys.readouterr().out
    assert end.value.code == 1
    assert out.startswith("✗ settings: TUIDAN_LOG: ")
    assert "\n    → " in out
    assert "\n✓ data files: " in out, "the rest is looked at all the same"


def test_a_misspelt_setting_is_named(doctor: Doctor) -> None:
    code, found = doctor(TUIDAN_STAF_CHAT=FORUM)
    assert code == 1
    assert "TUIDAN_STAF_CHAT (meant TUIDAN_STAFF_CHAT?)" in found["settings"]["says"]


def test_secrets_that_others_can_read_are_told(doctor: Doctor, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TUIDAN_LOG=json\n", "utf-8")
    file.chmod(0o644)
    code, found = doctor()
    assert (code, found["secrets"]["todo"]) == (1, "chmod 600 .env")
    file.chmod(0o600)
    assert "secrets" not in doctor()[1]


def test_a_sound_database_is_left_as_it_is(doctor: Doctor, tmp_path: Path) -> None:
    SqliteStore(tmp_path / "t.db").close()
    before = (tmp_path / "t.db").read_bytes()
    code, found = doctor()
    assert code == 0
    assert found["database"]["says"].endswith("sound, writable, up to date")
    assert (tmp_path / "t.db").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]


@pytest.mark.parametrize("wrong", ["not_a_database", "another_database", "folder", "damaged", "no_way_there"])
def test_a_database_that_cannot_serve_is_told(doctor: Doctor, tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "t.db"
    if wrong == "not_a_database":
        file.write_text("hello" * 1_000)
    elif wrong == "another_database":
        conn = sqlite3.connect(file)
        conn.execute("CREATE TABLE other (x)")
        conn.close()
    elif wrong == "folder":
        file.mkdir()
    elif wrong == "damaged":
        SqliteStore(file).close()
        data = bytearray(file.read_bytes())
        data[8192 : 8192 + 64] = b"\xff" * 64
        file.write_bytes(data)
    else:
        (tmp_path / "x").write_text("a file")
        file = tmp_path / "x" / "t.db"
    code, found = doctor(TUIDAN_DB=file)
    assert code == 1
    assert found["database"]["ok"] is False
    assert found["database"]["todo"]


def test_a_writer_that_never_ends_is_told(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ops.doctor.PATIENCE", 0.05)
    SqliteStore(tmp_path / "t.db").close()
    other = sqlite3.connect(tmp_path / "t.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, found = doctor()
    other.close()
    assert code == 1
    assert "locked" in found["database"]["says"]


def test_data_files_that_are_missing_are_told(doctor: Doctor, tmp_path: Path) -> None:
    code, found = doctor(TUIDAN_DATA=tmp_path / "none")
    assert code == 1
    assert "there is no such folder" in found["data files"]["says"]


def test_a_service_that_is_set_up_well(doctor: Doctor, telegram: Telegram) -> None:
    code, found = doctor(
        TUIDAN_TELEGRAM_TOKEN=TOKEN, TUIDAN_API_URL=telegram.url, TUIDAN_STAFF_CHAT=f"{FORUM},{PLAIN}"
    )
    assert code == 0, found
    assert found["token"]["says"] == "@tuidan_bot"
    assert found[f"staff {FORUM}"]["says"] == "“客服”: a topic a conversation"
    assert "reply threads" in found[f"staff {PLAIN}"]["says"]
    assert found["clock"]["ok"] is True
    assert set(telegram.asked) == {"getMe", "getWebhookInfo", "getChat", "getChatMember"}, (
        "looking changes nothing"
    )


def test_what_is_amiss_in_telegram_is_told(doctor: Doctor, telegram: Telegram) -> None:
    telegram.webhook = {"url": f"https://example.com/{SECRET}", "pending_update_count": 3}
    telegram.member = {"status": "administrator", "can_manage_topics": False}
    telegram.chats[-7] = {"moved": -1007}
    telegram.ahead = timedelta(minutes=-10)
    code, found = doctor(
        TUIDAN_TELEGRAM_TOKEN=TOKEN, TUIDAN_API_URL=telegram.url, TUIDAN_STAFF_CHAT=f"{FORUM},-7,-8"
    )
    assert code == 1
    assert "polled" in found["webhook"]["says"]
    assert "manage topics" in found[f"staff {FORUM}"]["todo"]
    assert "-1007" in found["staff -7"]["todo"]
    assert "chat not found" in found["staff -8"]["says"]
    assert "ahead of" in found["clock"]["says"]
    assert [name for name, finding in found.items() if finding["ok"] is False] == [
        *("webhook", f"staff {FORUM}", "staff -7", "staff -8", "clock"),
    ]


def test_a_group_that_has_another_id_is_looked_at_there(doctor: Doctor, telegram: Telegram) -> None:
    telegram.chats[-7] = {"moved": FORUM}
    code, found = doctor(TUIDAN_TELEGRAM_TOKEN=TOKEN, TUIDAN_API_URL=telegram.url, TUIDAN_STAFF_CHAT="-7")
    told = found["staff -7"]
    assert (code, told["ok"]) == (0, None)
    assert f"a topic a conversation; the group is {FORUM} now" in told["says"]
    assert told["todo"] == f"put {FORUM} into TUIDAN_STAFF_CHAT"


def test_a_database_of_an_older_version_is_told_to_be_brought_up_to_date(
    doctor: Doctor, tmp_path: Path
) -> None:
    SqliteStore(tmp_path / "t.db").close()
    conn = sqlite3.connect(tmp_path / "t.db")
    conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'groups_that_move'")
    conn.commit()
    conn.close()
    code, found = doctor()
    assert code == 0
    assert found["database"]["ok"] is True
    assert "which the next start brings up to date" in found["database"]["says"]


@pytest.mark.parametrize("answer", ["[]", "{", "", "<html>welcome</html>"])
def test_what_is_no_bot_api_is_told(doctor: Doctor, telegram: Telegram, answer: str) -> None:
    telegram.instead = answer
    code, found = doctor(TUIDAN_TELEGRAM_TOKEN=TOKEN, TUIDAN_API_URL=telegram.url)
    assert (code, found["token"]["ok"]) == (1, False)
    assert found["token"]["todo"] == f"is {telegram.url} reached?"


def test_a_token_that_is_refused_is_told(doctor: Doctor, telegram: Telegram) -> None:
    code, found = doctor(TUIDAN_TELEGRAM_TOKEN=TOKEN + "x", TUIDAN_API_URL=telegram.url)
    assert (code, found["token"]["says"]) == (1, "the token is refused")


@pytest.mark.parametrize(
    ("member", "group", "writes"),
    [
        ({"status": "member"}, {}, True),
        ({"status": "member"}, {"permissions": {"can_send_messages": False}}, False),
        ({"status": "restricted", "can_send_messages": False}, {}, False),
        (
            {"status": "restricted", "can_send_messages": True},
            {"permissions": {"can_send_messages": False}},
            True,
        ),
        (
            {"status": "administrator", "can_manage_topics": True},
            {"permissions": {"can_send_messages": False}},
            True,
        ),
    ],
)
def test_a_group_in_which_the_bot_may_not_write_is_told(
    doctor: Doctor, telegram: Telegram, member: dict[str, Any], group: dict[str, Any], writes: bool
) -> None:
    telegram.member = member
    telegram.chats[PLAIN] |= group
    _, found = doctor(TUIDAN_TELEGRAM_TOKEN=TOKEN, TUIDAN_API_URL=telegram.url, TUIDAN_STAFF_CHAT=str(PLAIN))
    assert ("may not write" not in found[f"staff {PLAIN}"]["says"]) == writes


def test_a_bot_api_that_is_not_there_is_told(doctor: Doctor, telegram: Telegram) -> None:
    url = telegram.url.replace("127.0.0.1", "nowhere.invalid")
    code, found = doctor(TUIDAN_TELEGRAM_TOKEN=TOKEN, TUIDAN_API_URL=url)
    assert code == 1
    assert found["token"]["todo"] == f"is {url} reached?"


WELL = Seen(
    username="b",
    webhook=Webhook("", 0, None),
    staff=(StaffChat(FORUM, None, None, "客服", "supergroup", True, True, True),),
    ahead=timedelta(seconds=1),
)
STAFF = WELL.staff[0]


@pytest.mark.parametrize(
    ("seen", "hook", "wrong"),
    [
        (WELL, False, ""),
        (replace(WELL, staff=()), False, ""),
        (replace(WELL, ahead=None), False, ""),
        (replace(WELL, ahead=TOLERATED + timedelta(seconds=1)), False, "clock"),
        (replace(WELL, ahead=-TOLERATED - timedelta(seconds=1)), False, "clock"),
        (WELL, True, "webhook"),
        (replace(WELL, webhook=Webhook("https://a.example/t", 0, None)), True, ""),
        (replace(WELL, webhook=Webhook("https://b.example/t", 0, None)), True, "webhook"),
        (replace(WELL, webhook=Webhook("https://a.example/t", 9, "Connection refused")), True, "webhook"),
        (replace(WELL, webhook=Webhook("https://a.example/t", 0, "Connection refused")), True, ""),
        (
            replace(WELL, staff=(replace(STAFF, administrator=False, manages_topics=False),)),
            False,
            "staff -1001",
        ),
        (replace(WELL, staff=(replace(STAFF, writes=False),)), False, "staff -1001"),
        (replace(WELL, staff=(replace(STAFF, kind="private", forum=False),)), False, "staff -1001"),
        (replace(WELL, staff=(replace(STAFF, forum=False, administrator=False),)), False, "staff -1001"),
        (
            replace(WELL, reads_all=True, staff=(replace(STAFF, forum=False, administrator=False),)),
            False,
            "",
        ),
    ],
)
def test_what_is_seen_is_judged(seen: Seen, hook: bool, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if hook:
        monkeypatch.setenv("TUIDAN_WEBHOOK_URL", "https://a.example/t")
        monkeypatch.setenv("TUIDAN_WEBHOOK_SECRET", SECRET)
    found = list(judged(seen, Settings()))
    assert ",".join(finding.name for finding in found if finding.ok is False) == wrong
    assert all(finding.todo for finding in found if finding.ok is False)
