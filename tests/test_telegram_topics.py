"""One topic a conversation: made once, found again, replaced where it is gone, spread over groups."""

import asyncio
from pathlib import Path

import pytest

from bot.store.protocol import Desk
from tests.telegram.at_work import at_work
from tests.telegram.staffed import Office, office_at
from tests.telegram.town import STAFF_CHAT, Someone, content, lived, town
from tests.telegram.trouble import Trouble

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

SECOND_GROUP = -1003000000003
CASE = "我买的高铁票G123次，明天早上8点开车，票价500元，现在退票手续费多少"


async def names(office: Office, chat: int = STAFF_CHAT) -> list[str]:
    """The names of the group's topics."""
    return list((await office.people.place.topics(chat)).values())


async def state(office: Office, person: Someone) -> Desk:
    """The person's desk."""
    desk = await office.desk(person)
    assert desk is not None
    return desk


@lived
async def test_a_topic_tells_number_intent_product_and_mood(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        person = office.people.person("小明")
        await person.writes(CASE)
        await person.writes("气死我了，转人工")
        topic = await office.people.topic("#1 ")
        assert (await names(office)) == ["#1 算手续费 · 火车票 · 着急生气"]
        await office.people.staff("小李").hears("转接原因", topic)


@lived
async def test_there_is_one_topic_however_much_is_written_at_once(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        office.api.troubles.add(Trouble("too_many", "createForumTopic", times=1, seconds=1))
        office.api.troubles.add(Trouble("slow", "createForumTopic", times=1, seconds=0.5))
        people = [office.people.person(f"顾客{number}") for number in range(5)]
        await asyncio.gather(*(one.writes("转人工") for one in people))
        for number in range(3):
            await asyncio.gather(*(one.writes(f"第{number}句") for one in people))
        li = office.people.staff("小李")
        topics = [await office.people.topic(f"#{number} ") for number in range(1, 6)]
        for topic in topics:
            said = await li.hears("第2句", topic)
            texts = await li.texts(topic)
            assert [t for t in texts if t in ("第0句", "第1句", "第2句")] == ["第0句", "第1句", "第2句"], said
        assert len(await names(office)) == 5


@lived
async def test_an_end_in_the_middle_of_making_a_topic_leaves_no_second_one(tmp_path: Path) -> None:
    staffed = {"staff_chat": (STAFF_CHAT,)}
    async with town() as (people, api):
        making = api.troubles.add(Trouble("slow_after", "createForumTopic", times=1, seconds=1.0))
        person, li = people.person("小明"), people.staff("小李")
        async with at_work(api, tmp_path / "bot.db", **staffed):
            await person.writes("转人工")
            await person.hears("排上队")
            while not making.met:
                await people.place.news(0.05)
        async with at_work(api, tmp_path / "bot.db", **staffed):
            topic = await people.topic("#1 ")
            await li.hears("转接原因", topic)
            assert len(await people.place.topics(STAFF_CHAT)) == 1


@lived
async def test_a_deleted_topic_is_made_anew_with_all_that_was_said(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await person.writes("第一句")
        await li.hears("第一句", topic)
        await office.people.place.close(STAFF_CHAT, topic, delete=True)
        await person.writes("第二句")

        async def anew() -> bool:
            return (await state(office, person)).topic not in (None, topic)

        assert await office.people.until(anew)
        new = (await state(office, person)).topic
        await li.hears("转接原因", new)
        await li.hears("第一句", new)
        await li.hears("第二句", new)
        await li.writes("我还在", new)
        await person.hears("我还在")
        assert len(await names(office)) == 1
        assert (await li.texts(new)).count("第二句") == 1


@lived
async def test_a_topic_is_closed_with_its_case_and_opened_for_who_comes_back(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await (await li.presses("结案", topic)).answered("好了")
        forum = office.api.chats.chats[STAFF_CHAT]

        async def closed() -> bool:
            return forum.topics[topic].closed

        async def opened() -> bool:
            return not forum.topics[topic].closed

        assert await office.people.until(closed)
        await person.writes("我又来了")
        await person.writes(CASE)
        await person.writes("转人工")
        await person.hears("下一位")
        assert await office.people.until(opened)
        assert (await state(office, person)).topic == topic

        async def renamed() -> bool:
            return "手续费" in (await names(office))[0]

        assert await office.people.until(renamed)
        await (await li.presses("接手", topic)).answered("好了")
        assert len(await names(office)) == 1


@lived
async def test_a_group_without_topics_has_threads_of_replies(tmp_path: Path) -> None:
    async with office_at(tmp_path, forum=False) as office:
        li = office.people.staff("小李")
        first, thread = await office.handed_over("小明")
        second, other = await office.handed_over("小红")
        assert thread < 0
        assert other < 0
        begun = await li.sees("#1 ")
        card = next(m for m in await li.shown() if "转接原因" in content(m) and "#1" in content(m))
        assert card["reply_to_message"]["message_id"] == -thread == begun["message_id"] or begun == card
        await (await li.presses("接手", on=card)).answered("好了")
        await first.hears("小李")
        await first.writes("票能退吗")
        asked = await li.hears("票能退吗")
        await li.writes("谁都没有回复的话")
        await li.writes("能退", to=asked)
        await first.hears("能退")
        await li.writes("/note 已经说了", to=card)
        await li.writes("/close", to=card)
        await first.hears("人工服务结束")
        assert not any("谁都没有" in text for text in [*await first.texts(), *await second.texts()])
        assert not any("能退" in text for text in await second.texts())


@lived
async def test_without_the_right_to_make_topics_replies_will_do(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        office.api.chats.chats[STAFF_CHAT].members[office.bot.id] = "member"
        li = office.people.staff("小李")
        person, thread = await office.handed_over()
        assert thread < 0
        card = next(m for m in await li.shown() if "转接原因" in content(m))
        await (await li.presses("接手", on=card)).answered("好了")
        await li.writes("您好", to=card)
        await person.hears("您好")


@lived
async def test_conversations_are_spread_over_several_groups(tmp_path: Path) -> None:
    async with office_at(tmp_path, chats=(STAFF_CHAT, SECOND_GROUP)) as office:
        people = [(await office.handed_over(f"顾客{number}"))[0] for number in range(4)]
        assert (len(await names(office)), len(await names(office, SECOND_GROUP))) == (2, 2)
        chats = [(await state(office, one)).staff_chat for one in people]
        li = office.people.staff("小李", SECOND_GROUP)
        there = people[chats.index(str(SECOND_GROUP))]
        topic = (await state(office, there)).topic
        await (await li.presses("接手", topic)).answered("好了")
        await li.writes("您好", topic)
        await there.hears("您好")
        wang = office.people.staff("小王")
        here = (await state(office, people[chats.index(str(STAFF_CHAT))])).topic
        await wang.writes("/claim", here)
        await wang.hears("小王", here)
        card = await li.sees("转接原因", topic)
        await (await wang.forges(card, f"desk:close:{(await state(office, there)).number}")).answered("不是")
        assert (await state(office, there)).state == "human"
