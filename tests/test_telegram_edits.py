"""What a person changes while staff have the conversation: shown to them beside what it said before."""

from pathlib import Path

import pytest

from tests.telegram.staffed import office_at
from tests.telegram.town import content, lived

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole


@lived
async def test_staff_see_an_edit_as_an_answer_to_the_copy_of_what_it_said(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await person.writes("订单是**昨天**买的")
        first = await li.hears("昨天", topic)
        await person.edits(said, "订单是**前天**买的")
        second = await li.hears("✏️ 改为：订单是**前天**买的", topic)
        assert second["reply_to_message"]["message_id"] == first["message_id"]
        await person.edits(said, "订单是大前天买的")
        third = await li.hears("✏️ 改为：订单是大前天买的", topic)
        assert third["reply_to_message"]["message_id"] == second["message_id"]


@lived
async def test_an_edit_that_leaves_the_words_is_not_shown_to_staff(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await person.writes("看这里 https://example.com")
        await person.edits(said, "看这里 https://example.com")  # as when a preview has been loaded
        await person.writes("看到了吗")
        await li.hears("看到了吗", topic)
        assert not any("✏️" in text for text in await li.texts(topic))


@lived
async def test_an_edit_of_what_the_bot_heard_tells_staff_both_versions(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        asked = await office.people.person("小明").writes("我的火车票想退")
        await office.people.person("小明").hears("/.+/")
        person, topic = await office.taken(li)
        await person.edits(asked, "我的电影票想退")
        told = await li.hears("✏️ 「我的火车票想退」改为：我的电影票想退", topic)
        assert "reply_to_message" not in told


@lived
async def test_an_edited_picture_comes_again_in_answer_to_the_first(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await person.shows("photo", "昨天的票")
        first = await li.hears("昨天的票", topic)
        await office.people.place.edit(said, "今天的票")
        again = await li.hears("✏️ 改为：今天的票", topic)
        assert "photo" in again
        assert again["reply_to_message"]["message_id"] == first["message_id"]


@lived
async def test_a_new_topic_shows_edits_where_they_belong(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await person.writes("第一句")
        await li.hears("第一句", topic)
        await person.edits(said, "第一句，改过")
        await li.hears("✏️", topic)
        await office.people.place.close(li.chat, topic, delete=True)
        await person.writes("第二句")
        new = await office.new_topic(person, topic)
        first = await li.hears("/^第一句$/", new)
        told = await li.hears("✏️ 改为：第一句，改过", new)
        assert told["reply_to_message"]["message_id"] == first["message_id"]
        assert content(await li.hears("第二句", new)) == "第二句"
