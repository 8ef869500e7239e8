"""The whole service: killed, flooded, drained, and with faults inside."""

import asyncio
import socket
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.hours import read_hours
from bot.privacy import pseudonym
from bot.session import Session
from tests.telegram import court, judges
from tests.telegram.at_work import MORNING, Clock, at_work
from tests.telegram.flood import flooded
from tests.telegram.forgery import forged
from tests.telegram.kill import killed
from tests.telegram.load import until_it_polls, until_settled
from tests.telegram.process import TUIDAN, BotProcess, settings
from tests.telegram.talks import talked
from tests.telegram.town import STAFF_CHAT, content, lived, town
from tests.telegram.trouble import Trouble


@pytest.mark.slow
@lived
async def test_sigterm_finishes_what_is_under_way_and_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    async with town() as (people, api):
        environment = settings(api.url, api.token, DB=str(database), LOG="json")
        async with BotProcess(TUIDAN, environment, tmp_path / "log") as bot:
            await until_it_polls(api, bot)
            for number in range(5):
                await people.person(f"第{number}位").writes("火车票想退")
            while len(api.updates.first_given) < 5:
                await asyncio.sleep(0.01)
            assert await bot.drain() == 0
            await bot.start()
            await until_settled(api, database)
            assert await bot.drain() == 0
        judges.each_once(database, api.updates.first_given)
        assert not judges.said_in_order(database, api)
    log = (tmp_path / "log").read_text("utf-8")
    assert "service.ended" in log
    assert "火车票" not in log
    assert api.token not in log


@lived
async def test_without_a_token_the_start_says_what_to_do(tmp_path: Path) -> None:
    async with town() as (_, api):
        environment = settings(api.url, "", DB=str(tmp_path / "bot.db"))
        async with BotProcess(TUIDAN, environment, tmp_path / "log") as bot:
            while bot.ended is None:
                await asyncio.sleep(0.02)
            assert bot.ended == 2
    assert "TUIDAN_TELEGRAM_TOKEN is not set" in (tmp_path / "log").read_text("utf-8")


@lived
async def test_by_webhook_all_goes_the_same_way(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", port=port):
        wang = people.person("小王")
        await wang.writes("火车票想退")
        await wang.writes("380块")
        asked = await wang.hears("发车")
        await (await wang.presses("不清楚", on=asked)).answered("/^$/")
        await wang.hears("/.+/")
        assert len(api.updates.accepted) == 3
        assert not api.updates.webhook_failures


@lived
async def test_a_fault_is_told_and_stops_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play = Session.play

    def faulty(self: Session, tx, update, *more):  # type: ignore[no-untyped-def]
        if "炸" in update.text:
            raise RuntimeError("a fault of the program")
        return play(self, tx, update, *more)

    monkeypatch.setattr(Session, "play", faulty)
    database = tmp_path / "bot.db"
    async with town() as (people, api), at_work(api, database) as work:
        wang, li = people.person("小王"), people.person("小李")
        await wang.writes("火车票想退")
        await wang.writes("炸了")
        await li.writes("你好")
        await li.hears("退单助手")
        await wang.hears("没处理好")
        assert [effect.conversation for effect in judges.effects(database)].count(
            f"telegram-{wang.user}"
        ) == 1
        assert await work.write(work.store.inbox.waiting) == []
        assert work.metrics.registry.get_sample_value("tuidan_faults_total") == 1


@lived
async def test_once_nothing_waits_no_file_holds_what_was_written(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):

        async def clean() -> bool:
            return not any(b"13800138000" in file.read_bytes() for file in tmp_path.iterdir())

        wang = people.person("小王")
        await wang.writes("火车票想退，打我13800138000")
        await wang.hears("/.+/")
        assert await people.until(clean)
        assert (tmp_path / "bot.db-wal").exists(), "the log is there, and empty"


@lived
async def test_the_figures_tell_how_long_people_wait_and_what_was_put_off(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock) as work:
        read = work.metrics.registry.get_sample_value

        async def put_off(why: str) -> bool:
            return read("tuidan_retries_total", {"why": why}) == 1

        api.troubles.add(Trouble("server_error", "sendMessage", times=1))
        api.troubles.add(Trouble("too_many", "sendMessage", times=1, seconds=1))
        wang = people.person("小王")
        await wang.writes("你好")
        for why in ("again", "too_many"):
            assert await people.until(lambda why=why: put_off(why)), why
            clock.pass_(timedelta(minutes=1))
        assert await wang.texts() == [], "it is measured up to the first request, not to the arrival"
        assert read("tuidan_answer_seconds_count") == 1
        await wang.hears("退单助手")
        assert read("tuidan_answer_seconds_count") == 1


@lived
async def test_who_is_banned_is_answered_by_nobody(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db") as work:
        wang, li = people.person("小王"), people.person("小李")
        await work.write(work.store.desks.ban, pseudonym(f"telegram-{wang.user}"), "阿敏", MORNING)
        await wang.writes("火车票想退")
        await li.writes("你好")
        await li.hears("退单助手")
        while await work.write(work.store.inbox.waiting):
            await asyncio.sleep(0.02)
        assert await wang.texts() == []
        assert len(judges.effects(tmp_path / "bot.db")) == 1


@lived
async def test_an_update_delivered_twice_has_one_effect(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db") as work:
        wang = people.person("小王")
        await wang.writes("你好")
        await wang.hears("退单助手")
        first = min(api.updates.first_given)
        told = {**wang.last, "text": "你好"}
        api.updates.deliver({"update_id": first, "message": told})
        await wang.writes("谢谢")
        await wang.hears("不客气")
        assert len(await wang.texts()) == 2
        repeated = work.metrics.registry.get_sample_value("tuidan_updates_total", {"kind": "repeated"})
        assert repeated == 1


@lived
async def test_staff_take_over_answer_and_give_back(tmp_path: Path) -> None:
    staffed = {"staff_chat": (STAFF_CHAT,), "hours": read_hours("always")}
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", **staffed) as work:
        wang, agent = people.person("小王"), people.staff("阿敏")
        await wang.writes("转人工")
        await wang.hears("下一位")
        topic = await people.topic("#1")
        await (await agent.presses("接手", topic)).answered()
        await wang.hears("阿敏")
        await agent.writes("您好，我看一下", topic)
        await wang.hears("我看一下")
        await wang.writes("麻烦了")
        await agent.hears("麻烦了", topic)
        await wang.writes("/new")
        await wang.hears("由同事接待")
        await (await agent.presses("交回机器人", topic)).answered()
        await wang.hears("继续帮您")
        await wang.writes("你好")
        await wang.hears("退单助手")
        assert (await work.write(work.store.desks.in_state, "bot"))[0].number == 1
        assert content(await agent.sees("交回了机器人", topic))


@pytest.mark.slow
def test_killed_at_random_moments_under_load(tmp_path: Path) -> None:
    assert asyncio.run(killed(8, 5, tmp_path))["updates"] > 8


@pytest.mark.slow
def test_thousands_of_updates_many_twice_and_out_of_turn(tmp_path: Path) -> None:
    assert asyncio.run(flooded(3000, 2, tmp_path))["updates"] == 3000


@pytest.mark.slow
def test_whatever_is_forged_is_refused_and_logged(tmp_path: Path) -> None:
    assert asyncio.run(forged(tmp_path))["attempts"] > 100


@pytest.mark.slow
@pytest.mark.alone
def test_three_minutes_of_two_hundred_at_once_on_one_core(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = asyncio.run(talked(200, 180.0, 1, tmp_path))
    with capsys.disabled():
        sys.stdout.write("\n" + court.table(told))
