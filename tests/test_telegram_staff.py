"""Staff in Telegram: they take conversations over in a group, answer there, and the person hears them."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.telegram.staff.commands import NAMES, help_text, read_span
from tests.telegram.desk_seen import at, marked, shows
from tests.telegram.emulator import emulated_town, needs_emulator
from tests.telegram.process import TUIDAN, BotProcess, settings
from tests.telegram.staffed import PATIENCE, office_at
from tests.telegram.town import STAFF_CHAT, Someone, Town, buttons, content, lived, town
from tests.telegram.trouble import Trouble

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

CASE = "我买的高铁票G123次，明天早上8点开车，票价500元，现在退票手续费多少"


@lived
async def test_from_the_hand_off_to_the_rating(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        said = await li.writes("您好，我来看看。", topic)
        await person.hears("您好，我来看看。")
        assert await marked(office, said["message_id"])
        await person.writes("谢谢，等你")
        await li.hears("谢谢，等你", topic)
        await (await li.presses("结案", topic)).answered("好了")
        await person.hears("人工服务结束")
        await (await person.presses("5")).answered("好了")
        await li.hears("顾客打了 5 分", topic)
        await (await person.presses("3")).answered("已经评过分了")
        assert (await at(office, person)).rating == 5


@lived
async def test_the_card_is_edited_and_shows_who_has_the_case(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over("小明", CASE)
        card = await li.sees("回复草稿", topic)
        assert list(buttons(card)) == ["接手", "交回机器人", "结案"]
        await (await li.presses("接手", topic)).answered("好了")
        assert await shows(office, person, topic, ["采用草稿", "交回机器人", "结案"])
        await li.sees("人工接待 · 小李", topic)
        await (await li.presses("采用草稿", topic)).answered("好了")
        await person.hears("以平台页面为准")
        assert await shows(office, person, topic, ["交回机器人", "结案"])
        await (await li.forges(card, "desk:draft:1")).answered("没有草稿可用")
        await (await li.presses("交回机器人", topic)).answered("好了")
        assert await shows(office, person, topic, ["接手"])
        assert sum("转接原因" in text for text in await li.texts(topic)) == 1


@lived
async def test_the_card_changes_with_what_the_person_does(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over("小明", CASE)
        assert await shows(office, person, topic, ["接手", "交回机器人", "结案"])
        await (await person.presses("不排队了")).answered("好了")
        assert await shows(office, person, topic, ["接手"])
        await li.sees("机器人接待", topic)
        await (await li.presses("接手", topic)).answered("好了")
        await (await li.presses("结案", topic)).answered("好了")
        await li.sees("已结案", topic)
        await person.writes("我又来了")
        await li.sees("机器人接待", topic)
        assert await shows(office, person, topic, ["接手"])


@lived
async def test_a_new_card_takes_the_buttons_from_the_one_before(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over("小明", CASE)
        old = (await at(office, person)).card_message
        assert old is not None
        await (await person.presses("不排队了")).answered("好了")
        await person.writes("转人工")

        async def bare() -> bool:
            messages = office.api.chats.chats[STAFF_CHAT].messages
            return (await at(office, person)).card_message != old and not buttons(messages[old])

        assert await office.people.until(bare)
        assert await shows(office, person, topic, ["接手", "交回机器人", "结案"])
        assert "转接原因" in content(office.api.chats.chats[STAFF_CHAT].messages[old]), "its words stay"
        await (await li.presses("接手", topic)).answered("好了")


@lived
async def test_a_card_that_was_overtaken_on_its_way_shows_who_has_the_case(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        office.api.troubles.add(Trouble("slow", "sendMessage", STAFF_CHAT, seconds=1.0))
        li, person = office.people.staff("小李"), office.people.person("小明")
        await person.writes("转人工")
        topic = await office.people.topic("#1 ")
        await li.writes("/claim", topic)
        await person.hears("小李")
        await li.sees("人工接待 · 小李", topic)
        assert await shows(office, person, topic, ["交回机器人", "结案"])


@lived
async def test_of_two_agents_one_has_it_and_the_bot_is_silent(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, wang = office.people.staff("小李"), office.people.staff("小王")
        person, topic = await office.handed_over()
        presses = await asyncio.gather(li.presses("接手", topic), wang.presses("接手", topic))
        said = sorted([await press.answered() for press in presses])
        assert said in (["好了。", "已经由 小李 接手了。"], ["好了。", "已经由 小王 接手了。"])
        await person.hears("来了，直接说就行")
        before = len(await person.shown())
        await person.writes("我的票能退吗")
        await li.hears("我的票能退吗", topic)
        assert len(await person.shown()) == before
        assert len(await office.events(person, "desk.claimed")) == 1


@lived
async def test_only_the_claimers_words_reach_the_person(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, wang = office.people.staff("小李"), office.people.staff("小王")
        person, topic = await office.handed_over()
        await li.writes("还没接手就说话", topic)
        await li.hears("还没有人接手", topic)
        await (await li.presses("接手", topic)).answered("好了")
        await wang.writes("这位上周来过", topic)
        await li.writes("// 内部讨论", topic)
        await li.writes("您好\n／／ 这行不给顾客\n请稍等", topic)
        await li.writes("在别处说的话")
        await person.hears("您好\n请稍等")
        await li.writes("最后一句", topic)
        await person.hears("最后一句")
        texts = "\n".join(await person.texts())
        assert not any(word in texts for word in ("没接手", "上周", "内部", "这行", "别处"))
        assert [note["text"] for note in await office.events(person, "desk.note")] == ["// 内部讨论"]


@lived
async def test_who_leaves_the_group_is_staff_no_more_from_that_moment_on(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, wang = office.people.staff("小李"), office.people.staff("小王")
        person, topic = await office.taken(li)
        await li.writes("您好", topic)
        await person.hears("您好")
        await li.leaves()
        await li.writes("我已经走了", topic)
        card = await li.sees("转接原因", topic)
        await (await li.forges(card, "desk:close:1")).answered("不是这个客服群的成员")
        await wang.hears("小李 已经不在群里了", topic)
        await li.joins()
        await li.writes("我又回来了", topic)
        await person.hears("我又回来了")
        await li.leaves()
        offered = await wang.hears("已经不在群里了", topic)
        await (await wang.presses("接手", on=offered)).answered("好了")
        await person.hears("小王")
        assert not any("走了" in text for text in await person.texts())


@lived
async def test_the_commands_of_a_topic(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()
        await li.writes("/claim@tuidan_test_bot", topic)
        await person.hears("小李")
        noted = await li.writes("/note 记得回电话", topic)
        assert await marked(office, noted["message_id"])
        await li.writes("/snooze 2h", topic)
        await li.hears("今天 12:00 之前不再提醒", topic)
        await li.writes("/snooze 很久", topic)
        await li.hears("写上多久", topic)
        await li.writes("/canned 没有这个", topic)
        listed = content(await li.hears("没有叫「没有这个」的快捷回复", topic))
        name = listed.rpartition("现有：")[2].split("、")[0]
        before = len(await person.shown())
        await li.writes(f"/canned {name}", topic)
        assert await office.people.until(lambda: more(person, before))
        await li.writes("/dance", topic)
        await li.hears("没有 /dance 这个命令", topic)
        await li.writes("/help@another_bot", topic)
        await li.writes("/help", topic)
        assert content(await li.hears("/snooze", topic)) == help_text()
        await li.writes("/release", topic)
        await person.hears("接下来由我继续")
        await li.writes("/claim", topic)
        await li.writes("/close", topic)
        await person.hears("人工服务结束")
        await li.writes("/reopen", topic)
        await person.hears("重新打开")
        await li.writes("/ban", topic)
        await li.hears("屏蔽了这位顾客", topic)
        assert await office.write(office.store.desks.banned, f"telegram-{person.user}")
        await li.writes("/unban", topic)
        await li.hears("解除了屏蔽", topic)
        assert (await at(office, person)).state == "closed"


async def more(person: Someone, before: int) -> bool:
    """Whether the person has read more than that."""
    return len(await person.shown()) > before


@lived
async def test_the_card_can_be_asked_for_and_its_forerunner_is_worth_nothing(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()
        old = await li.sees("转接原因", topic)
        await li.writes("/card", topic)

        async def renewed() -> bool:
            return (await at(office, person)).card_message != old["message_id"]

        assert await office.people.until(renewed)
        await (await li.forges(old, "desk:close:1")).answered("过期")
        await (await li.presses("接手", topic)).answered("好了")


@lived
async def test_an_agents_number_in_their_name_is_shown_to_nobody(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李13800138000")
        person, topic = await office.taken(li)
        assert "13800138000" not in "".join([*await person.texts(), *await li.texts(topic)])
        rows = await office.write(lambda: office.store._db.run("SELECT body FROM outbox").fetchall())
        assert rows
        assert not any("13800138000" in body for (body,) in rows)


@lived
async def test_the_menu_of_the_staff_group(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:

        async def there() -> bool:
            return any(str(STAFF_CHAT) in scope for scope in office.api.methods.commands)

        assert await office.people.until(there)
        [menu] = [m for scope, m in office.api.methods.commands.items() if str(STAFF_CHAT) in scope]
        assert [command["command"] for command in menu] == list(NAMES)


@lived
async def test_who_waits_too_long_is_brought_to_mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.staff.side.REMIND_SECONDS", 0.1)
    async with office_at(tmp_path) as office:
        li, wang = office.people.staff("小李"), office.people.staff("小王")
        person, topic = await office.handed_over()
        office.later(PATIENCE)
        await li.hears("还没有人接手", topic)
        office.later(PATIENCE)
        await li.hears("请尽快有人接手")
        await (await li.presses("接手", topic)).answered("好了")
        await person.writes("有人吗")
        await li.hears("有人吗", topic)
        office.later(PATIENCE)
        offered = await wang.hears("谁来接手", topic)
        await (await wang.presses("接手", on=offered)).answered("好了")
        await person.hears("小王")
        await li.writes("我回来了", topic)
        await wang.writes("我来接着办", topic)
        await person.hears("我来接着办")
        assert not any("我回来了" in text for text in await person.texts())


@lived
async def test_the_person_asks_for_their_place_and_waits_no_longer(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        await office.handed_over("小红")
        person, topic = await office.handed_over("小明")
        await (await person.presses("第几位")).answered("前面还有 1 位")
        await (await person.presses("不排队了")).answered("好了")
        await person.hears("不排队了，直接跟我说")
        await office.people.staff("小李").hears("顾客不等了", topic)
        await (await person.presses("第几位")).answered("没有在排队")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30m", 30), ("2h", 120), ("1d", 1440), ("2小时", 120), ("30分钟", 30), ("3 天", 4320)]
    + [(text, None) for text in ("", "2", "h", "0m", "31d", "-1h", "2h半", "９９９９９９h")],
)
def test_spans(text: str, minutes: int | None) -> None:
    span = read_span(text)
    assert (span.total_seconds() / 60 if span else None) == minutes


@pytest.mark.slow
@pytest.mark.parametrize("place", ["own", pytest.param("emulator", marks=needs_emulator)])
@pytest.mark.parametrize("forum", [True, False])
@lived
async def test_the_whole_service_with_staff(tmp_path: Path, place: str, forum: bool) -> None:
    if place == "emulator":
        async with emulated_town(forum) as people:
            await served(people, tmp_path, forum)
    else:
        async with town(forum) as (people, _):
            await served(people, tmp_path, forum)


async def served(people: Town, folder: Path, forum: bool) -> None:
    """`tuidan telegram` as a process: a hand-off, a forged press, a claim, an answer, the end."""
    environment = settings(
        people.place.url, people.place.token, DB=str(folder / "bot.db"), STAFF_CHAT=str(STAFF_CHAT)
    )
    async with BotProcess(TUIDAN, environment, folder / "log") as bot:
        people.patience = 30.0
        person, li, gone = people.person("小明"), people.staff("小李"), people.staff("前同事")
        await gone.arrives()
        await gone.leaves()
        await person.writes("转人工")
        await person.hears("排上队")
        topic = await people.topic("#1 ") if forum else None
        card = await li.sees("转接原因", topic)
        await (await gone.forges(card, "desk:claim:1")).answered("不是这个客服群的成员")
        await (await li.presses("接手", on=card)).answered("好了")
        await person.hears("小李")
        await li.writes("您好，请讲", topic, None if forum else card)
        await person.hears("您好，请讲")
        await person.writes("我的退款呢")
        await li.hears("我的退款呢", topic)
        await li.writes("/close", topic, None if forum else card)
        await (await person.presses("5")).answered("好了")
        await li.hears("打了 5 分", topic)
        assert await bot.drain() == 0
    assert "no_member" in (folder / "log").read_text("utf-8")
