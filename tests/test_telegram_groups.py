"""Staff groups that change under the service: another id, a topic that is gone."""

from pathlib import Path

import pytest

from tests.telegram.at_work import Clock, at_work
from tests.telegram.place import OwnPlace
from tests.telegram.staffed import PATIENCE, Office, office_at
from tests.telegram.town import STAFF_CHAT, Someone, Town, content, lived, town

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

NEW_ID = -1007000000007


async def upgrade(people: Town, by: Someone, *, forum: bool, announced: bool = True) -> None:
    """The staff's group becomes a supergroup, in which everybody goes on."""
    assert isinstance(people.place, OwnPlace)
    await people.place.upgrade(STAFF_CHAT, NEW_ID, by.user, forum=forum, announced=announced)
    by.chat = NEW_ID


async def thread(office: Office, person: Someone) -> int | None:
    """The topic in the new group, once there is one; None where it has threads of replies."""
    topics: list[int] = []

    async def made() -> bool:
        desk = await office.desk(person)
        topics[:] = [desk.topic] if desk and desk.topic and desk.staff_chat == str(NEW_ID) else []
        return bool(topics)

    assert await office.people.until(made), "no topic was made in the new group"
    return topics[0] if topics[0] > 0 else None


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("forum", [True, False])
@lived
async def test_a_group_that_becomes_a_supergroup_is_followed_with_its_conversations(
    tmp_path: Path, forum: bool, announced: bool
) -> None:
    async with office_at(tmp_path, forum=False) as office:
        li = office.people.staff("小李")
        person, _ = await office.handed_over()
        card = next(m for m in await li.shown() if "转接原因" in content(m))
        await (await li.presses("接手", on=card)).answered("好了")
        await person.writes("第一句")
        await li.hears("第一句")
        await upgrade(office.people, li, forum=forum, announced=announced)
        await person.writes("第二句")
        topic = await thread(office, person)
        await li.hears("人工接待 · 小李", topic)
        await li.hears("第一句", topic)
        asked = await li.hears("第二句", topic)
        await li.writes("我在这里", topic, to=None if forum else asked)
        await person.hears("我在这里")
        assert (await li.texts(topic)).count("第二句") == 1


@lived
async def test_after_a_restart_a_group_is_known_by_its_new_id(tmp_path: Path) -> None:
    clock, staffed = Clock(), {"staff_chat": (STAFF_CHAT,)}
    async with town(forum=False) as (people, api):
        li = people.staff("小李")
        async with at_work(api, tmp_path / "bot.db", clock, **staffed):
            await people.person("小明").writes("转人工")
            await li.sees("转接原因")
            await upgrade(people, li, forum=True)
            await people.person("小红").writes("转人工")
            await people.topic("#2 ", NEW_ID)
        before = len(api.calls)
        async with at_work(api, tmp_path / "bot.db", clock, **staffed):
            await people.person("小刚").writes("转人工")
            topic = await people.topic("#3 ", NEW_ID)
            await li.writes("/claim", topic)
            await people.person("小刚").hears("小李")
        assert not [call for call in api.calls[before:] if call.chat == STAFF_CHAT]


@lived
async def test_what_waits_for_a_deleted_topic_is_shown_in_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.staff.side.REMIND_SECONDS", 0.1)
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()
        await li.sees("转接原因", topic)
        await office.people.place.close(STAFF_CHAT, topic, delete=True)
        office.later(PATIENCE)
        new = await office.new_topic(person, topic)
        await li.hears("转接原因", new)
        reminder = await li.hears("还没有人接手", new)
        await (await li.presses("接手", on=reminder)).answered("好了")
        await person.hears("小李")
