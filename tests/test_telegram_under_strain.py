"""One chat's trouble, and one person's flood, hold up nobody else."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from pytest import MonkeyPatch
from structlog.testing import capture_logs

from bot.channels.telegram.alone import alone
from bot.channels.telegram.handling import GROUPS_AT_ONCE
from bot.channels.telegram.person import PersonSide
from bot.channels.telegram.polling import poll
from bot.desk.hours import read_hours
from bot.errors import TuidanError
from bot.messages import Update
from bot.store import sqlite
from bot.store.outbox import LINES_OF_A_GROUP
from bot.store.sqlite import SqliteStore
from tests.telegram.at_work import MORNING, at_work
from tests.telegram.botapi import BotApi
from tests.telegram.chats import Json
from tests.telegram.faults import BLOCKED, FaultyApi, Say, no
from tests.telegram.office import GROUP, WANG, Post, with_api
from tests.telegram.town import STAFF_CHAT, Town, content, lived, town
from tests.telegram.trouble import Trouble

STAFFED = {"staff_chat": (STAFF_CHAT,), "hours": read_hours("always")}
PICTURE = {"copy": {"chat": -200, "message": 5}}


def session_at(api: BotApi) -> AiohttpSession:
    return AiohttpSession(api=TelegramAPIServer.from_base(api.url))


OF_A_SOURCE = {
    "kicked there": no(403, "Forbidden: bot was kicked from the group chat"),
    "not there any more": no(400, "Bad Request: chat not found"),
    "moved": no(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009),
}


@pytest.mark.parametrize("answer", OF_A_SOURCE.values(), ids=OF_A_SOURCE)
def test_a_copy_whose_source_is_gone_says_nothing_of_its_target(tmp_path: Path, answer: Say) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(answer, chat=GROUP)
        api.plan(answer, chat=WANG)
        await post.post_staff(f"staff:{GROUP}:7", PICTURE)
        await post.post_staff(f"staff:{GROUP}:7", {"text": "卡片"})
        await post.post(WANG, "", **PICTURE)
        await post.post(WANG, "您好")
        await post.drain(timedelta(seconds=30))
        assert post.states() == ["failed", "sent", "failed", "sent"]
        assert post.noted.troubles == [(GROUP, "refused"), (WANG, "refused")]

    with_api(tmp_path / "t.db", scene)


def test_a_copy_whose_target_is_gone_is_known_from_its_target(tmp_path: Path) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(BLOCKED, BLOCKED, chat=WANG)
        moved = OF_A_SOURCE["moved"]
        api.plan(moved, moved, chat=GROUP)
        await post.post(WANG, "", **PICTURE)
        await post.post_staff(f"staff:{GROUP}:", PICTURE)
        await post.drain(timedelta(seconds=30))
        assert sorted(post.noted.troubles) == [(GROUP, "moved"), (WANG, "blocked")]
        assert post.states() == ["failed", "sent"]
        assert api.taken[-1].chat == -1009

    with_api(tmp_path / "t.db", scene)


def test_the_many_topics_of_one_group_do_not_hide_a_persons_answer(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "t.db")
    for topic in range(1200):
        store.outbox.post(f"c{topic % 40}", {"text": "卡片"}, MORNING, f"staff:{GROUP}:{topic}")
    store.outbox.post("c1", {"text": "全体"}, MORNING, f"staff:{GROUP - 1}:")
    store.outbox.set_address("p", "telegram", str(WANG))
    answer = store.outbox.post("p", {"text": "可以退"}, MORNING)
    due = store.outbox.due(MORNING, 1000)
    assert due[-1].seq == answer
    assert len(due) == LINES_OF_A_GROUP + 2
    store.close()


@lived
async def test_a_press_is_answered_though_the_next_one_cannot_be_asked_about(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", **STAFFED):
        wang, min_, qiang = people.person("小王"), people.staff("阿敏"), people.staff("阿强")
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await people.topic("#1 ")
        card = await min_.button("接手", topic)
        await min_.writes("/help", topic)
        await min_.hears("/claim", topic)  # the bot knows her from now on
        await qiang.arrives()
        trouble = api.troubles.add(Trouble("too_many", "getChatMember", times=100, seconds=60))
        api.updates.hold()
        theirs = await qiang.presses("接手", on=card)
        hers = await min_.presses("接手", on=card)
        api.updates.release()
        await hers.answered("好了")
        await min_.writes("您好", topic)
        await wang.hears("您好")
        assert await people.place.answer(theirs.id) is None, "who he is was not told"
        assert trouble.met == 1, "and is not asked again before the time"


@lived
async def test_the_forgotten_are_told_so_though_telegram_is_busy(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        await wang.writes("你好")
        await wang.hears("退单助手")
        await wang.writes("/forget")
        asked = await wang.hears("全部记录")
        api.troubles.add(Trouble("too_many", "sendMessage", wang.user, seconds=1))
        await wang.presses("全部删除", on=asked)
        await wang.hears("已经删除")


@lived
async def test_a_backlog_is_handled_a_little_at_a_time(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    handled, handle = list[int](), PersonSide._one

    def whole(self: PersonSide, *given: Any, **more: Any) -> Any:
        handled.append(0)
        return together(self, *given, **more)

    def one(self: PersonSide, *given: Any) -> Any:
        handled[-1] += 1
        return handle(self, *given)

    together = PersonSide.handle
    monkeypatch.setattr(PersonSide, "handle", whole)
    monkeypatch.setattr(PersonSide, "_one", one)
    async with town() as (people, api), at_work(api, tmp_path / "bot.db") as work:
        wang = people.person("小王")
        api.updates.hold()
        for number in range(3 * GROUPS_AT_ONCE):
            await wang.writes(f"/{'help' if number % 2 else 'privacy'}")
        await wang.writes("你好")
        api.updates.release()
        await wang.hears("退单助手")
        assert len([it for it in await wang.texts() if "/forget" in it]) == 3 * GROUPS_AT_ONCE
        assert await work.write(work.store.inbox.waiting) == []
        assert (max(handled), sum(handled)) == (GROUPS_AT_ONCE, 3 * GROUPS_AT_ONCE + 1)


@lived
async def test_a_strangers_press_in_a_group_makes_the_bot_write_nothing(tmp_path: Path) -> None:
    group = -1001000000777
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        await people.place.add_group(group, "车友", False)
        wang, stranger = people.person("小王"), people.person("路人")
        await wang.writes("@tuidan_test_bot 想退", chat=group)

        async def asked() -> bool:
            return bool(await people.place.sent(group, None))

        assert await people.until(asked)
        question = (await people.place.sent(group, None))[-1]
        assert question["reply_markup"], content(question)
        label = question["reply_markup"]["inline_keyboard"][0][0]["text"]
        await (await stranger.presses(label, on=question)).answered("过期")
        assert len(await people.place.sent(group, None)) == 1


def test_a_database_is_served_by_one_process_at_a_time(tmp_path: Path) -> None:
    database = tmp_path / "new" / "bot.db"
    with alone(database), pytest.raises(TuidanError, match="another process serves"), alone(database):
        pytest.fail("there are two of them")
    with alone(database):
        pass


async def _hello(people: Town) -> Json:
    wang = people.person("小王")
    await wang.arrives()
    return {"message_id": 1, "date": 1, "chat": {"id": wang.user, "type": "private"}}


@lived
async def test_who_cannot_fetch_because_another_does_is_not_alive(tmp_path: Path) -> None:
    beats, said = [], "Conflict: terminated by other getUpdates request"
    async with town() as (people, api), Bot(api.token, session=session_at(api)) as bot:
        conflict = api.troubles.add(Trouble("refused", "getUpdates", times=3, code=409, description=said))
        fetched = asyncio.Event()

        def beat() -> None:
            beats.append(conflict.met)
            if conflict.met == 3:
                fetched.set()

        async def take(_: object) -> None:
            """Nothing came."""

        with capture_logs() as log:
            polling = asyncio.create_task(poll(bot, take, beat))
            api.updates.deliver(api.updates.new("message", await _hello(people)))
            await asyncio.wait_for(fetched.wait(), 20)
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
        told = [line for line in log if line["event"] == "poll.conflict"]
        assert len(told) == 3
        assert "another process fetches with this token" in told[0]["error"]
        assert set(beats) <= {0, 3}, "no beat while it is so"


def test_a_purge_lets_others_write_and_leaves_what_waits(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "ERASED_AT_ONCE", 2)
    monkeypatch.setattr(sqlite, "ROWS_AT_ONCE", 2)
    store, other, between = SqliteStore(tmp_path / "t.db"), SqliteStore(tmp_path / "t.db"), []
    for number in range(9):
        with store.turn(Update("u", f"old{number}", "p", "test", "", MORNING)) as tx:
            tx.write({}, [("heard", {})], [{"text": "…"}])
        store.record("new", [("heard", {})], MORNING)
    later = MORNING + timedelta(days=100)
    store.timers.set_timer("new", "fee:1", MORNING, {})
    store.inbox.receive("telegram", 1, "new", {"text": "在吗"}, MORNING)
    with store.turn(Update("v", "new", "p", "test", "", later)) as tx:
        tx.write({}, [], [])
    monkeypatch.setattr(sqlite.time, "sleep", lambda _: between.append(other.outbox.post("x", {}, later)))
    assert store.purge(MORNING + timedelta(days=1)) == 9
    assert len(between) > 5
    assert list(store.events("new")) == []
    assert store.inbox.take("new") and store.timers.waiting_timers("new")
    store.close()
    other.close()
