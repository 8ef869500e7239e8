"""Presses that come late: when the case is another one, when staff have the person, when they came before."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.config import SHANGHAI
from tests.telegram.at_work import AtWork, Clock, at_work
from tests.telegram.chats import Json
from tests.telegram.town import STAFF_CHAT, Someone, content, lived, town
from tests.test_telegram_reminders import with_outcome

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

ASKED = datetime(2026, 3, 14, 10, 0, tzinfo=SHANGHAI)
STAFFED = {"staff_chat": (STAFF_CHAT,)}


async def asked(person: Someone, clock: Clock) -> Json:
    """The question whether the money has arrived, which was asked for."""
    outcome = await with_outcome(person, "3月9日10:00")
    await (await person.presses("到期问我", on=outcome)).answered("/^$/")
    await person.hears("3月14日")
    clock.at = ASKED
    return await person.hears("到账了吗")


async def wish(work: AtWork, person: Someone) -> tuple[object, set[str]]:
    """What the dialogue serves, and the slots that it knows."""
    stored = await work.write(work.store.conversation, f"telegram-{person.user}")
    assert stored is not None
    return stored.state["wish"], set(stored.state["facts"])


async def said(person: Someone, before: int) -> list[str]:
    """What the bot has said since, once it has answered what comes now."""
    await person.writes("谢谢")
    await person.hears("不客气")
    return [content(message) for message in (await person.shown())[before:]][:-1]


@lived
async def test_an_answer_counts_once(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock):
        wang = people.person("小王")
        question = await asked(wang, clock)
        before = len(await wang.shown())
        for _ in range(3):
            await (await wang.presses("到账了", on=question)).answered("/^$/")
        await (await wang.presses("没到", on=question)).answered("过期")
        texts = await said(wang, before)
        assert texts[0] == "太好了，还有事随时发消息。"
        assert texts.count(texts[0]) == 1
        assert texts[1] == "这是之前的按钮，没有按它办。"


@lived
async def test_an_old_no_does_not_act_in_another_case(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock) as work:
        wang = people.person("小王")
        question = await asked(wang, clock)
        await wang.writes("/new")
        await wang.hears("从头来")
        await wang.writes("电影票想退，60块")
        await wang.hears("取票码")
        before = await wish(work, wang)
        await (await wang.presses("没到", on=question)).answered("/^$/")
        await wang.hears("/您现在办的是另一件事.*2026年3月6日申请的退款还没到账/")
        assert await wish(work, wang) == before
        await wang.writes("/new")
        await wang.hears("从头来")
        await (await wang.presses("没到", on=question)).answered("/^$/")  # it has been answered
        assert (await wish(work, wang))[0] is None


@lived
async def test_a_no_begins_anew_where_no_case_is_open(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock) as work:
        wang = people.person("小王")
        question = await asked(wang, clock)
        await wang.writes("/new")
        await wang.hears("从头来")
        await (await wang.presses("没到", on=question)).answered("/^$/")
        await wang.hears("付的款")
        assert await wish(work, wang) == ("refund_status", {"requested_at"})


@lived
async def test_a_forged_answer_is_an_old_button_and_no_fault(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock) as work:
        wang = people.person("小王")
        question = await asked(wang, clock)
        for data in (
            "paid:no:2026-13-45",
            "paid:no:2026-03-06",
            "paid:maybe:1",
            "paid:no:99999999999999999999",
        ):
            await (await wang.forges(question, data)).answered("已经过期")
        await (await wang.forges(question, "paid:no:999999999999999999")).answered("按钮过期")
        faults = work.metrics.registry.get_sample_value("tuidan_faults_total")
        assert faults == 0
        await (await wang.presses("没到", on=question)).answered("/^$/")
        await wang.hears("付的款")


@lived
async def test_the_bot_is_silent_whatever_is_pressed_while_an_agent_has_the_person(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock, **STAFFED):
        wang, agent = people.person("小王"), people.staff("阿敏")
        first = await with_outcome(wang, "3月8日16:00")
        await wang.writes("不对，是3月8日18:00")
        second = await wang.hears("18:00")
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await people.topic("#1")
        await (await wang.presses("涨价前提醒我", on=first)).answered("由同事接待")
        await (await agent.presses("接手", topic)).answered()
        await wang.hears("阿敏")
        await agent.writes("您好，我来处理", topic)
        await wang.hears("我来处理")
        before = len(await wang.shown())
        for label, on in (("涨价前提醒我", first), ("涨价前提醒我", second), ("依据", second)):
            await (await wang.presses(label, on=on)).answered("由同事接待")
        for data in ("paid:yes:1", "v1:0", "nonsense"):
            await (await wang.forges(second, data)).answered("由同事接待")
        await agent.writes("好了吗", topic)
        await wang.hears("好了吗")
        assert [content(message) for message in (await wang.shown())[before:]] == ["好了吗"]


@pytest.mark.parametrize(("label", "told"), [("没到", "申请的退款还没到账"), ("到账了", "申请的退款到账了")])
@lived
async def test_staff_who_have_the_person_hear_whether_the_money_came(
    tmp_path: Path, label: str, told: str
) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock, **STAFFED):
        wang, agent = people.person("小王"), people.staff("阿敏")
        question = await asked(wang, clock)
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await people.topic("#1")
        await (await agent.presses("接手", topic)).answered()
        await wang.hears("阿敏")
        before = len(await wang.shown())
        await (await wang.presses(label, on=question)).answered("已经告诉同事")
        await agent.hears(f"2026年3月6日{told}", topic)
        await (await wang.presses(label, on=question)).answered("/^$/")
        assert len(await wang.shown()) == before


@lived
async def test_who_waits_for_staff_may_still_ask_for_a_reminder(tmp_path: Path) -> None:
    clock = Clock()
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock, **STAFFED):
        wang = people.person("小王")
        outcome = await with_outcome(wang, "3月8日16:00")
        await wang.writes("转人工")
        await wang.hears("排上队")
        await (await wang.presses("涨价前提醒我", on=outcome)).answered("/^$/")
        await wang.hears("今天 15:30")
