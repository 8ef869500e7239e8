"""A staff group in which the bot may not write for a while: nothing is lost, and staff are told."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.telegram.staffed import office_at
from tests.telegram.town import STAFF_CHAT, lived
from tests.telegram.trouble import Trouble

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

SECOND_GROUP = -1003000000003
NO_RIGHT = "Bad Request: not enough rights to send text messages to the chat"


@lived
async def test_words_that_a_group_does_not_take_are_there_once_it_does(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await li.hears("接手了", topic)
        held = office.api.troubles.add(Trouble("refused", "sendMessage", STAFF_CHAT, 2, description=NO_RIGHT))
        await person.writes("第一句，很要紧")
        await person.writes("第二句")
        await office.in_time(li.hears("第一句，很要紧", topic))
        await li.hears("第二句", topic)
        assert held.met == 2
        assert "⚠️" not in "".join(await li.texts(topic))


@lived
async def test_a_card_that_is_not_taken_is_shown_later(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        held = office.api.troubles.add(Trouble("refused", "sendMessage", STAFF_CHAT, description=NO_RIGHT))
        li, person = office.people.staff("小李"), office.people.person("小明")
        await person.writes("转人工")
        topic = await office.people.topic("#1 ")
        await office.in_time(li.hears("转接原因", topic))
        assert held.met
        await (await li.presses("接手", topic)).answered("好了")


@lived
async def test_beside_a_closed_topic_staff_hear_that_the_person_is_not_heard(tmp_path: Path) -> None:
    async with office_at(tmp_path, chats=(STAFF_CHAT, SECOND_GROUP)) as office:
        li = office.people.staff("小李")
        wang = office.people.staff("小王", SECOND_GROUP)
        person, topic = await office.taken(li)
        await li.hears("接手了", topic)
        forum = office.api.chats.chats[STAFF_CHAT]
        forum.members[office.bot.id], forum.topics[topic].closed = "member", True
        await person.writes("有人吗")
        await li.hears("机器人在 #1 的话题里发不了言（TOPIC_CLOSED）")
        await wang.hears("机器人在 #1 的话题里发不了言（TOPIC_CLOSED）")
        for _ in range(5):
            office.later(timedelta(minutes=1))
            await office.people.place.news(0.1)
        forum.topics[topic].closed = False
        await office.in_time(li.hears("有人吗", topic))
        assert sum("发不了言" in text for text in await wang.texts()) == 1


@lived
async def test_a_mute_group_is_told_of_in_the_other_one(tmp_path: Path) -> None:
    async with office_at(tmp_path, chats=(STAFF_CHAT, SECOND_GROUP)) as office:
        li = office.people.staff("小李")
        wang = office.people.staff("小王", SECOND_GROUP)
        person, topic = await office.taken(li)
        await li.hears("接手了", topic)
        office.api.troubles.add(Trouble("refused", "sendMessage", STAFF_CHAT, description=NO_RIGHT))
        await person.writes("有人吗")
        await wang.hears("/#1 .*not enough rights/")
        await office.in_time(li.hears("有人吗", topic))
        assert not any("发不了言" in text for text in await li.texts())


@lived
async def test_words_that_are_refused_for_good_are_told_of(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await li.hears("接手了", topic)
        odd = "Bad Request: something that nobody has heard of"
        office.api.troubles.add(Trouble("refused", "sendMessage", STAFF_CHAT, description=odd))
        await person.writes("第一句")
        await li.hears("⚠️ 顾客说的一条内容没能显示在这里：something", topic)


@lived
async def test_staff_read_a_long_message_to_its_end(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        long = "字" * 4060 + "，请改退到招商银行"
        said = await person.writes(long)
        assert (await li.hears("招商银行", topic))["text"] == long
        (event,) = await office.events(person, "shell.to_staff")
        assert event["text"] == long
        await person.edits(said, long.replace("招商", "建设"))
        await li.hears("建设银行", topic)


@lived
async def test_staff_read_an_edited_caption_to_its_end(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await person.shows("photo", "字" * 1000 + "招商银行")
        await li.hears("招商银行", topic)
        await person.edits(said, "字" * 1015 + "建设银行")
        await li.hears("/行$/", topic)
        read = "".join((await li.texts(topic))[-2:])
        assert read == "✏️ 改为：" + "字" * 1015 + "建设银行"
