"""What passes between a person and the staff: words, pictures, edits, marks, and what did not arrive."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.telegram.at_work import Clock, at_work
from tests.telegram.desk_seen import marked
from tests.telegram.staffed import office_at
from tests.telegram.town import STAFF_CHAT, content, lived, town
from tests.telegram.trouble import Trouble

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

CASE = "我买的高铁票G123次，明天早上8点开车，票价500元，现在退票手续费多少"


@lived
async def test_pictures_and_files_pass_both_ways(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        sent = await li.shows("photo", "请看这里", topic)
        assert "photo" in await person.hears("请看这里")
        assert await marked(office, sent["message_id"])
        await li.shows("document", "// 内部文件", topic)
        await li.shows("document", "", topic)
        assert "document" in await person.hears("[document]")
        await person.shows("photo", "我的票")
        await li.hears("我的票", topic)
        assert not any("内部" in text for text in await person.texts())


@lived
async def test_pictures_that_the_bot_was_shown_are_with_the_hand_off(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, person = office.people.staff("小李"), office.people.person("小明")
        await person.shows("photo", "我的火车票")
        await person.hears("转人工的话，我会一起交给同事")
        await person.shows("document")
        _, topic = await office.taken(li)
        await li.sees("我的火车票", topic)
        await li.hears("[document]", topic)
        await (await li.presses("交回机器人", topic)).answered("好了")
        await person.hears("由我继续")
        await person.shows("voice")
        await person.hears("看不懂")
        await (await li.presses("接手", topic)).answered("好了")
        await li.hears("[voice]", topic)
        kinds = [content(message) for message in await li.shown(topic) if "text" not in message]
        assert kinds == ["我的火车票", "[document]", "[voice]"], "each once"


@lived
async def test_staff_hear_that_a_person_has_erased_everything(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await person.writes("/forget")
        await (await person.presses("全部删除")).answered("/^$/")
        await person.hears("已经删除")
        await li.hears("顾客删除了自己的全部记录", topic)

        async def closed() -> bool:
            return office.api.chats.chats[STAFF_CHAT].topics[topic].closed

        assert await office.people.until(closed)
        assert await office.desk(person) is None
        await person.writes("转人工")
        assert await office.people.topic("#2 ") != topic, "whoever comes back is somebody new"


@lived
async def test_what_does_not_arrive_is_told_with_the_reason(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await person.blocks()
        said = await li.writes("还在吗", topic)
        told = await li.hears("⚠️ 没有送到：顾客屏蔽了机器人", topic)
        assert told["reply_to_message"]["message_id"] == said["message_id"]


@lived
async def test_that_a_person_is_gone_is_told_once_until_they_come_back(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()

        async def told() -> int:
            return sum("屏蔽了机器人" in text for text in await li.texts(topic))

        await person.blocks()
        await (await li.presses("接手", topic)).answered("好了")
        await li.hears("⚠️ 没有送到：顾客屏蔽了机器人", topic)
        await (await li.presses("交回机器人", topic)).answered("好了")
        await (await li.presses("接手", topic)).answered("好了")
        await li.writes("还在吗", topic)
        await li.hears("⚠️ 没有送到：顾客屏蔽了机器人", topic)  # in answer to these words
        assert await told() == 2
        office.later(timedelta(minutes=1))
        await person.unblocks()
        await person.writes("我回来了")
        await li.hears("我回来了", topic)
        await person.blocks()
        await (await li.presses("交回机器人", topic)).answered("好了")
        await (await li.presses("接手", topic)).answered("好了")
        await li.hears("⚠️ 没有送到：顾客屏蔽了机器人", topic)
        assert await told() == 3


@lived
async def test_an_agent_hears_that_a_later_edit_is_not_passed_on(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await li.writes("明天到账", topic)
        heard = await person.hears("明天到账")
        assert await marked(office, said["message_id"])
        await li.edits(said, "后天到账")
        await li.hears("改动不会转给顾客", topic)
        assert content(heard) == "明天到账"
        await li.edits(await li.writes("// 内部", topic), "// 内部的话")
        await li.writes("再见", topic)
        await person.hears("再见")
        assert sum("改动不会" in text for text in await li.texts(topic)) == 1


@lived
async def test_where_no_reaction_is_allowed_the_mark_is_written(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        _, topic = await office.taken(li)
        office.api.troubles.add(
            Trouble("refused", "setMessageReaction", description="Bad Request: REACTION_INVALID")
        )
        said = await li.writes("您好", topic)
        told = await li.hears("✅", topic)
        assert told["reply_to_message"]["message_id"] == said["message_id"]


@lived
async def test_a_mark_that_did_not_get_through_is_made_up_for_after_a_restart(tmp_path: Path) -> None:
    clock, staffed = Clock(), {"staff_chat": (STAFF_CHAT,)}
    async with town() as (people, api):
        person, li = people.person("小明"), people.staff("小李")
        down = api.troubles.add(Trouble("server_error", "setMessageReaction", times=1000))
        async with at_work(api, tmp_path / "bot.db", clock, **staffed):
            await person.writes("转人工")
            topic = await people.topic("#1 ")
            await (await li.presses("接手", topic)).answered("好了")
            said = await li.writes("您好", topic)
            await person.hears("您好")
            while not down.met:
                await people.place.news(0.1)
        api.troubles.clear()
        clock.pass_(timedelta(minutes=5))

        async def marked_by_now() -> bool:
            return api.chats.chats[STAFF_CHAT].messages[said["message_id"]].get("reactions") == ["👌"]

        async with at_work(api, tmp_path / "bot.db", clock, **staffed):
            assert await people.until(marked_by_now)


@lived
async def test_what_is_no_command_of_the_bots_is_read_by_staff_who_have_the_person(
    tmp_path: Path,
) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await person.writes("/ok 就这样")
        await li.hears("/ok 就这样", topic)
        assert not any("没有这个命令" in text for text in await person.texts())
