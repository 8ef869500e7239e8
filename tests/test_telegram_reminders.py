"""Proactive messages: asked for by a button, kept through a restart, quiet at night."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.reminders import BEFORE, arrival_due, fee_due, morning, night
from bot.config import SHANGHAI
from tests.telegram.at_work import MORNING, Clock, at_work
from tests.telegram.chats import Json
from tests.telegram.town import STAFF_CHAT, Someone, lived, town
from tests.telegram.trouble import Trouble

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

MOMENTS = st.timedeltas(timedelta(), timedelta(days=400)).map(lambda span: MORNING + span)


async def with_outcome(person: Someone, starts: str) -> Json:
    """The answer about a train ticket."""
    await person.writes("火车票想退，380块")
    await person.hears("发车")
    await person.writes(starts)
    return await person.hears("可以退")


@given(MOMENTS)
def test_a_fee_is_told_half_an_hour_before_or_in_the_morning_and_always_before_it_rises(at: datetime) -> None:
    due = fee_due(at)
    assert at - BEFORE <= due < at
    if due != at - BEFORE:
        assert night(at - BEFORE)
        assert due == morning(at - BEFORE)
    elif night(due):
        assert at <= morning(due), "the morning would have been too late"


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_it_is_asked_by_day_and_after_the_latest_date(latest: date) -> None:
    due = arrival_due(latest)
    assert due.date() == latest + timedelta(days=1)
    assert not night(due)


@lived
async def test_the_fee_reminder_comes_half_an_hour_before_and_survives_a_restart(tmp_path: Path) -> None:
    clock, database = Clock(), tmp_path / "bot.db"
    async with town() as (people, api):
        wang = people.person("小王")
        async with at_work(api, database, clock):
            outcome = await with_outcome(wang, "3月8日16:00")  # 48 hours before is 16:00 today
            await (await wang.presses("涨价前提醒我", on=outcome)).answered("/^$/")
            await wang.hears("今天 15:30")
        clock.at = MORNING.replace(hour=15, minute=29)
        async with at_work(api, database, clock):
            await wang.writes("谢谢")
            await wang.hears("不客气")
            clock.pass_(timedelta(minutes=1))
            await wang.hears("/提醒.*16:00.*57/")
            clock.pass_(timedelta(minutes=1))
            await wang.writes("你好")
            await wang.hears("/.+/")
        assert sum("您要的提醒" in text for text in await wang.texts()) == 1


@lived
async def test_a_reminder_of_another_case_is_not_set(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db") as work:
        wang = people.person("小王")
        outcome = await with_outcome(wang, "3月8日16:00")
        await wang.writes("不对，是3月8日18:00")
        await wang.hears("18:00")
        await (await wang.presses("涨价前提醒我", on=outcome)).answered("过期")
        assert not await work.write(work.store.timers.due_timers, MORNING + timedelta(days=9), 10)


@lived
async def test_a_correction_takes_back_what_was_asked_for_of_another_time_and_says_so(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock) as work:
        wang = people.person("小王")
        outcome = await with_outcome(wang, "3月8日16:00")
        for label in ("涨价前提醒我", "到期问我"):
            await (await wang.presses(label, on=outcome)).answered("/^$/")
        await wang.hears("今天 15:30")
        await wang.writes("不对，是3月8日18:00")
        await wang.hears("18:00")
        await wang.hears("提醒是按改之前的情况算的，已经取消")
        due = await work.write(work.store.timers.due_timers, MORNING + timedelta(days=9), 10)
        assert [timer.kind for timer in due] == ["arrival:20260313"], (
            "the money comes when it would have come"
        )
        clock.at = MORNING.replace(hour=15, minute=31)
        await wang.writes("谢谢")
        await wang.hears("不客气")
        assert not any("您要的提醒" in text for text in await wang.texts())


@pytest.mark.parametrize(("paid", "told"), [("微信支付", "超期"), ("银行卡", "/下个工作日(.|\n)*官方客服/")])
@lived
async def test_money_that_has_not_arrived_leads_to_the_overdue_path(
    tmp_path: Path, paid: str, told: str
) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock):
        wang = people.person("小王")
        outcome = await with_outcome(wang, "3月9日10:00")
        await (await wang.presses("到期问我", on=outcome)).answered("/^$/")
        await wang.hears("3月14日")  # five working days after 6 March, and a day: a Saturday
        clock.at = datetime(2026, 3, 14, 9, 59, tzinfo=SHANGHAI)
        await wang.writes("谢谢")
        await wang.hears("不客气")
        clock.pass_(timedelta(minutes=1))
        await wang.hears("到账了吗")
        await (await wang.presses("没到")).answered("/^$/")
        await wang.hears("/付|支付/")  # the one thing that the overdue path still needs
        await wang.writes(paid)
        await wang.hears(told)


@lived
async def test_a_reminder_that_falls_due_while_there_is_no_topic_is_in_the_next(tmp_path: Path) -> None:
    clock = Clock()
    async with (
        town() as (people, api),
        at_work(api, tmp_path / "bot.db", clock, staff_chat=(STAFF_CHAT,)) as work,
    ):
        wang, agent = people.person("小王"), people.staff("阿敏")
        outcome = await with_outcome(wang, "3月8日16:00")
        await (await wang.presses("涨价前提醒我", on=outcome)).answered("/^$/")
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await people.topic("#1")
        await (await agent.presses("接手", topic)).answered()
        await wang.hears("阿敏")
        held = api.troubles.add(Trouble("server_error", "createForumTopic"))
        await people.place.close(STAFF_CHAT, topic, delete=True)
        await wang.writes("在吗")
        while not held.met:
            await people.place.news(0.1)
        clock.at = MORNING.replace(hour=15, minute=30)

        async def due() -> bool:
            return not await work.write(work.store.timers.waiting_timers, f"telegram-{wang.user}")

        assert await people.until(due)
        new = await people.topic("#1")
        assert new != topic
        await agent.hears("在吗", new)
        await agent.hears("顾客要过的提醒", new)


@lived
async def test_while_staff_have_the_conversation_a_reminder_is_theirs_to_pass_on(tmp_path: Path) -> None:
    clock = Clock()
    async with (
        town() as (people, api),
        at_work(api, tmp_path / "bot.db", clock, staff_chat=(STAFF_CHAT,)),
    ):
        wang, agent = people.person("小王"), people.staff("阿敏")
        outcome = await with_outcome(wang, "3月8日16:00")
        await (await wang.presses("涨价前提醒我", on=outcome)).answered("/^$/")
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await people.topic("#1")
        await (await agent.presses("接手", topic)).answered()
        await wang.hears("阿敏")
        clock.at = MORNING.replace(hour=15, minute=30)
        await agent.hears("顾客要过的提醒", topic)
        assert not any("您要的提醒" in text for text in await wang.texts())
