"""How updates come in: what of them is kept, by polling and by webhook, and what is refused."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Update
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.channels.telegram.conversations import Conversations
from bot.channels.telegram.grouping import APART_SECONDS, MOST_TOGETHER, groups
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import poll
from bot.channels.telegram.staff.refusals import refused_elsewhere
from bot.channels.telegram.webhook import LONGEST_BODY, SECRET_HEADER, Listening, announced, listening
from bot.errors import StoreError, TuidanError
from bot.ops.metrics import Metrics
from bot.store.protocol import Received
from tests.telegram.at_work import MORNING
from tests.telegram.botapi import BOT, BotApi
from tests.telegram.chats import Json
from tests.telegram.town import STAFF_CHAT, lived

INTAKE = Intake(BOT["id"], BOT["username"], frozenset({STAFF_CHAT}))
SECRET = "s" * 32
WANG = {"id": 7, "is_bot": False, "first_name": "王"}
PRIVATE = {"id": 7, "type": "private", "first_name": "王"}
GROUP = {"id": -100777, "type": "supergroup", "title": "车友"}
STAFF = {"id": STAFF_CHAT, "type": "supergroup", "title": "客服", "is_forum": True}


def message(chat: Json, **what: Any) -> Update:
    told = {"message_id": 3, "date": 1_772_762_400, "chat": chat, "from": WANG, **what}
    return Update.model_validate({"update_id": 11, "message": told})


def kept(update: Update) -> Json:
    arrival = INTAKE.read(update)
    assert arrival is not None
    return {"conversation": arrival.conversation, "waits": arrival.waits, **arrival.payload}


def test_a_persons_words_are_kept_with_where_to_answer() -> None:
    told = kept(message(PRIVATE, text="火车票想退"))
    assert told == {
        "conversation": "telegram-7",
        "waits": True,
        "text": "火车票想退",
        "message": "3",
        "date": 1_772_762_400,
        "person": "telegram-7",
        "address": "7",
    }


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", "start"),
        ("/start abc", "start"),
        ("/HELP@tuidan_test_bot", "help"),
        ("/不是", None),
        ("1/2", None),
    ],
)
def test_commands_are_told_from_words(text: str, command: str | None) -> None:
    assert kept(message(PRIVATE, text=text)).get("command") == command


@pytest.mark.parametrize(
    ("what", "heard"),
    [
        ({"text": "怎么退"}, None),
        ({"text": "@other_bot 怎么退"}, None),
        ({"text": "@tuidan_test_bots 怎么退"}, None),
        ({"text": "@tuidan_test_bot怎么退"}, "怎么退"),
        ({"text": "@Tuidan_Test_Bot 怎么退"}, "怎么退"),
        ({"text": "/help@tuidan_test_bot"}, "/help"),
        ({"text": "/help"}, None),
        (
            {"text": "怎么退", "reply_to_message": {"message_id": 2, "date": 1, "chat": GROUP, "from": BOT}},
            "怎么退",
        ),
    ],
)
def test_in_a_group_only_who_addresses_the_bot_is_heard(what: Json, heard: str | None) -> None:
    arrival = INTAKE.read(message(GROUP, **what))
    assert (arrival and arrival.payload["text"]) == heard
    assert arrival is None or arrival.conversation == "telegram--100777-7"


@pytest.mark.parametrize(
    ("chat", "text", "reason"),
    [
        (PRIVATE, "/claim", "foreign_chat"),
        (PRIVATE, "/CLOSE@tuidan_test_bot 完了", "foreign_chat"),
        (GROUP, "/ban", "foreign_chat"),
        (GROUP, "/ban@other_bot", None),
        (GROUP, "/help", None),
        (PRIVATE, "/new", None),
        (PRIVATE, "我要 /claim", None),
        (STAFF, "/claim", None),
    ],
)
def test_a_staff_command_in_another_chat_is_refused_and_logged(
    chat: Json, text: str, reason: str | None
) -> None:
    update = message(chat, text=text)
    with capture_logs() as log:
        assert refused_elsewhere(update, INTAKE.staff_chats, INTAKE.name) == (reason is not None)
    told = [(line["event"], line["update"], line["chat"], line["reason"]) for line in log]
    assert told == ([("staff.refused", 11, chat["id"], reason)] if reason else [])


def test_what_is_nobodys_word_is_not_kept() -> None:
    assert INTAKE.read(message(PRIVATE, new_chat_members=[WANG])) is None
    assert INTAKE.read(message(PRIVATE, text="我", **{"from": BOT})) is None
    assert INTAKE.read(Update.model_validate({"update_id": 1})) is None


def test_updates_of_the_staff_are_kept_whole_and_in_order_within_a_topic() -> None:
    update = message(STAFF, text="好的", message_thread_id=5, is_topic_message=True)
    told = kept(update)
    assert (told["conversation"], told["waits"]) == (f"staff-{STAFF_CHAT}-5", False)
    assert Update.model_validate(told["staff"]) == update


ROWS = st.lists(
    st.builds(
        lambda kind, gap: (kind, gap),
        st.sampled_from(["words", "copy", "command", "press"]),
        st.integers(0, 4),
    )
)


@given(ROWS)
def test_groups_keep_the_order_and_only_what_was_written_together(kinds: list[tuple[str, int]]) -> None:
    at, rows = 0, []
    for number, (kind, gap) in enumerate(kinds):
        at += gap
        payload = {"text": "", "date": at} | ({kind: "x"} if kind != "words" else {})
        rows.append(Received(number, "telegram", number, "c", MORNING, payload))
    found = groups(rows)
    assert [row for group in found for row in group] == rows
    for group in found:
        assert len(group) <= MOST_TOGETHER
        assert group[-1].payload["date"] - group[0].payload["date"] <= APART_SECONDS
        alone = {"command", "press"} & group[0].payload.keys()
        assert len(group) == 1 or not alone


@lived
async def test_a_conversation_is_handled_by_one_at_a_time_and_others_meanwhile() -> None:
    running: set[str] = set()
    seen: list[str] = []
    release = asyncio.Event()

    async def handle(conversation: str) -> bool:
        assert conversation not in running
        running.add(conversation)
        seen.append(conversation)
        if conversation == "a":
            await release.wait()
        running.discard(conversation)
        return False

    conversations = Conversations(handle, quiet=0)
    for name in ("a", "b", "a", "b"):
        conversations.ring(name, at_once=True)
        await asyncio.sleep(0.005)
    assert seen == ["a", "b", "b"]
    release.set()
    await conversations.settle()
    assert seen.count("a") == 2
    assert not len(conversations)


@lived
async def test_a_fault_of_a_conversation_ends_the_whole() -> None:
    async def handle(_: str) -> bool:
        raise StoreError("the disk is full")

    conversations = Conversations(handle, quiet=0)
    conversations.ring("a", at_once=True)
    with pytest.raises(StoreError, match="full"):
        await conversations.failure()


@asynccontextmanager
async def a_bot(api: BotApi) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    async with Bot(api.token, session=session) as bot:
        yield bot


class Door:
    """A webhook that listens, and what it took in."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.fault: Exception | None = None

    async def take(self, updates: Sequence[Update]) -> None:
        if self.fault:
            raise self.fault
        self.taken += [update.update_id for update in updates]

    @asynccontextmanager
    async def open(self, api: BotApi, port: int) -> AsyncIterator[str]:
        url = f"http://127.0.0.1:{port}"
        async with a_bot(api) as bot:
            where = Listening(f"{url}/hook", SECRET, "127.0.0.1", port)
            async with listening(where, self.take, Metrics()):
                announcing = asyncio.create_task(announced(where, bot, lambda: None))
                while api.updates.webhook is None:
                    await asyncio.sleep(0.01)
                yield url
                announcing.cancel()


@pytest.fixture
def port() -> int:
    """One that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        number: int = server.getsockname()[1]
        return number


@lived
async def test_only_who_knows_the_secret_delivers_and_only_there(port: int) -> None:
    door = Door()
    async with BotApi() as api, door.open(api, port) as url, aiohttp.ClientSession() as client:

        async def post(path: str, body: bytes, **headers: str) -> int:
            async with client.post(url + path, data=body, headers=headers) as answer:
                return answer.status

        right = {SECRET_HEADER: SECRET}
        body = b'{"update_id": 5}'
        assert await post("/hook", body) == 401
        assert await post("/hook", body, **{SECRET_HEADER: SECRET[:-1]}) == 401
        assert await post("/other", body, **right) == 404
        assert await post("/hook", b" " * (LONGEST_BODY + 1), **right) == 413
        assert not door.taken
        assert await post("/hook", b"{", **right) == 200, "an unreadable update would be delivered for a day"
        assert await post("/hook", body, **right) == 200
        assert door.taken == [5]
        async with client.get(f"{url}/healthz") as answer:
            assert answer.status == 200
        async with client.get(f"{url}/hook") as answer:
            assert answer.status == 405


@lived
async def test_what_could_not_be_committed_is_not_acknowledged_and_comes_again(port: int) -> None:
    door = Door()
    async with BotApi() as api, door.open(api, port):
        door.fault = StoreError("the disk is full")
        api.chats.add_person(7, "王")
        update = api.updates.new("message", {"message_id": 1, "date": 1, "chat": PRIVATE, "from": WANG})
        api.updates.deliver(update)
        while not api.updates.webhook_failures:
            await asyncio.sleep(0.01)
        assert api.updates.webhook_failures[0] == 500
        assert not api.updates.accepted
        door.fault = None
        while not api.updates.accepted:
            await asyncio.sleep(0.01)
        assert door.taken == [update["update_id"]]


@lived
async def test_a_port_that_is_taken_is_named(port: int) -> None:
    async with BotApi() as api, Door().open(api, port):
        with pytest.raises(TuidanError, match="TUIDAN_WEBHOOK_PORT"):
            async with Door().open(api, port):
                pass


@lived
async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    taken: list[int] = []

    async def take(updates: Sequence[Update]) -> None:
        taken.extend(update.update_id for update in updates)

    async with BotApi() as api, a_bot(api) as bot:
        api.chats.add_person(7, "王")
        good = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": WANG, "text": "好"}
        wrong = {**good, "chat": "nowhere"}
        first = api.updates.new("message", good)
        bad = {"update_id": first["update_id"] + 1, "message": wrong}
        api.updates.deliver(first, bad, {"update_id": first["update_id"] + 2, "message": good})
        polling = asyncio.create_task(poll(bot, take, lambda: None))
        while len(api.updates.accepted) < 3:
            await asyncio.sleep(0.01)
        polling.cancel()
        assert taken == [first["update_id"], first["update_id"] + 2]


@lived
async def test_a_refused_token_ends_the_polling_with_its_setting_named() -> None:
    async def take(_: Sequence[Update]) -> None:
        raise AssertionError

    async with BotApi() as api:
        session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
        async with Bot("1:" + "x" * 35, session=session) as bot:
            with pytest.raises(TuidanError, match="TUIDAN_TELEGRAM_TOKEN"):
                await poll(bot, take, lambda: None)
