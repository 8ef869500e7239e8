"""What an agent writes reaches the person as it was written: nothing else, nothing less, and not twice."""

from pathlib import Path

import pytest

from tests.telegram.desk_seen import marked
from tests.telegram.staffed import office_at
from tests.telegram.town import STAFF_CHAT, content, lived
from tests.telegram.trouble import Trouble

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole


@pytest.mark.parametrize(
    "now_says", ["// 先别说，等主管批", "赔您50元\n// 其实能赔到500，别告诉他", "赔您5000元"]
)
@lived
async def test_an_edit_before_it_is_sent_does_not_reach_the_person(tmp_path: Path, now_says: str) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        held = office.api.troubles.add(Trouble("too_many", "", person.user, seconds=2))
        said = await li.writes("赔您500元", topic)
        while not held.met:
            await office.people.place.news(0.1)
        await li.edits(said, now_says)
        told = await li.hears("改动不会转给顾客", topic)
        assert told["reply_to_message"]["message_id"] == said["message_id"]
        await office.in_time(person.hears("赔您500元"))
        assert await marked(office, said["message_id"])
        assert (await person.texts())[-1] == "赔您500元"
        assert [event["text"] for event in await office.events(person, "desk.agent_wrote")] == ["赔您500元"]


@lived
async def test_a_caption_that_is_edited_before_it_is_sent_stays_as_it_was(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        held = office.api.troubles.add(Trouble("too_many", "copyMessage", person.user, seconds=2))
        said = await li.shows("photo", "", topic)
        while not held.met:
            await office.people.place.news(0.1)
        await li.edits(said, "// 后台的截图，别给他")
        await li.hears("改动不会转给顾客", topic)
        assert "photo" in await office.in_time(person.hears("/^.photo.$/"))


@lived
async def test_a_picture_with_a_line_for_staff_under_it_goes_without_that_line(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await li.shows("photo", "退款入口在这里\n// 截图来自后台", topic)
        got = await person.hears("退款入口在这里")
        assert ("photo" in got, content(got)) == (True, "退款入口在这里")
        assert await marked(office, said["message_id"])


@lived
async def test_numbers_and_links_of_an_agent_arrive_whole(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await li.writes("请打13800138000，或写到 help@shop.cn **急** <b>\n// 内部", topic)
        assert content(await person.hears("13800138000")) == "请打13800138000，或写到 help@shop.cn **急** <b>"
        link = {"type": "text_link", "offset": 3, "length": 2, "url": "https://example.com/x"}
        await li._put({"text": "😀点这里申请", "entities": [link]}, topic, None)
        assert content(await person.hears("点这里")) == "😀点这里（https://example.com/x）申请"


@lived
async def test_a_deleted_topic_is_made_anew_with_what_the_agent_said(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await person.writes("第一句")
        await li.hears("第一句", topic)
        for words in ("您好，订单号多少？", "已经给您登记退款申请了"):
            await li.writes(words, topic)
        await li.shows("photo", "申请的截图", topic)
        await person.hears("申请的截图")
        await office.people.place.close(STAFF_CHAT, topic, delete=True)
        await person.writes("第二句")
        new = await office.new_topic(person, topic)
        for words in ("第一句", "小李：您好，订单号多少？", "小李：已经给您登记退款申请了"):
            await li.hears(words, new)
        assert "photo" in await li.hears("小李：申请的截图", new)
        await li.hears("第二句", new)
        await li.writes("我还在", new)
        await person.hears("我还在")
        assert not any(sign in text for text in await li.texts(new) for sign in ("⚠️", "✅"))
