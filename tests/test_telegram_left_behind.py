"""Nobody is left behind: words behind a command, kinds unknown, cards deleted, groups that are gone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from bot.desk.hours import read_hours
from bot.desk.result import Done
from tests.desk import LI, Office, why
from tests.telegram.at_work import Clock, at_work
from tests.telegram.desk_seen import at
from tests.telegram.staffed import office_at
from tests.telegram.town import STAFF_CHAT, Someone, Town, buttons, content, lived, town
from tests.telegram.trouble import Trouble

OTHER = STAFF_CHAT - 5
ALWAYS = read_hours("always")


@lived
async def test_what_stands_behind_new_is_heard_anew(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        await wang.writes("我要退酒店")
        await wang.hears("哪一类")
        await wang.writes("/new 火车票想退，380块")
        await wang.hears("从头来")
        await wang.hears("哪天几点发车")


@lived
async def test_what_stands_behind_human_reaches_staff_wherever_the_case_is(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        wang, li = office.people.person("小明"), office.people.staff("小李")
        await wang.writes("/human 订单被拒了三次")
        await wang.hears("排上队")
        topic = await office.people.topic("#1 ")
        await li.hears("订单被拒了三次", topic)
        await wang.writes("/human 还有发票的事")
        await li.hears("还有发票的事", topic)
        await wang.hears("下一位")
        await (await li.presses("接手", topic)).answered("好了")
        await wang.hears("来了")
        await wang.writes("/new 换个事，电影票也要退")
        await li.hears("换个事，电影票也要退", topic)
        told = await office.events(wang, "shell.to_staff")
        assert [it["text"] for it in told] == ["订单被拒了三次", "还有发票的事", "换个事，电影票也要退"]


@lived
async def test_a_message_of_a_kind_unknown_so_far_is_shown_to_staff_or_answered(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        wang, li = office.people.person("小明"), office.people.staff("小李")
        await wang.arrives()
        await office.people.place.write(wang.user, wang.user, None, {"hologram": {"size": 3}})
        await wang.hears("只看得懂文字")
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await office.people.topic("#1 ")
        await li.hears("转接原因", topic)
        before = len(await li.texts(topic))
        await office.people.place.write(wang.user, wang.user, None, {"hologram": {"size": 4}})
        await wang.hears("记录里")
        assert await office.people.until(_more(li, topic, before))


def _more(agent: Someone, topic: int, before: int) -> Callable[[], Awaitable[bool]]:
    async def more() -> bool:
        return len(await agent.texts(topic)) > before

    return more


@lived
async def test_a_card_that_staff_delete_is_shown_anew_with_its_buttons(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over("小明")
        first = (await at(office, person)).card_message
        gone = "Bad Request: message to edit not found"
        office.api.troubles.add(Trouble("refused", "editMessageText", description=gone))
        await li.writes("/claim", topic)

        async def anew() -> bool:
            return (await at(office, person)).card_message not in {first, None}

        assert await office.people.until(anew)
        number = (await at(office, person)).card_message
        card = next(m for m in await li.shown(topic) if m["message_id"] == number)
        assert list(buttons(card)) == ["交回机器人", "结案"], content(card)


@lived
async def test_who_was_with_a_group_that_is_no_more_waits_in_another(tmp_path: Path) -> None:
    async with town() as (people, api):
        await people.place.add_group(OTHER, "客服二", True)
        wang, li, qiang = people.person("小王"), people.staff("小李"), people.staff("阿强", OTHER)
        clock = Clock()
        async with at_work(api, tmp_path / "bot.db", clock, staff_chat=(STAFF_CHAT,), hours=ALWAYS):
            await wang.writes("转人工")
            await wang.hears("排上队")
            topic = await people.topic("#1 ")
            await (await li.presses("接手", topic)).answered("好了")
            await wang.hears("来了")
            await wang.writes("我的订单号在图里")
            await li.hears("我的订单号在图里", topic)
        async with at_work(api, tmp_path / "bot.db", clock, staff_chat=(OTHER,), hours=ALWAYS):
            await wang.hears("排上队")
            await qiang.arrives()
            (there,) = await _topics(people, OTHER)
            await qiang.hears("我的订单号在图里", there)
            await (await qiang.presses("接手", there)).answered("好了")
            await qiang.writes("我来了", there)
            await wang.hears("我来了")


async def _topics(people: Town, chat: int) -> dict[int, str]:
    async def made() -> bool:
        return bool(await people.place.topics(chat))

    assert await people.until(made)
    return await people.place.topics(chat)


def test_a_group_that_put_the_bot_out_gets_nobody_and_who_waits_there_waits_elsewhere(tmp_path: Path) -> None:
    office = Office(tmp_path / "desk.db", ("-1", "-2"))
    for name in ("c1", "c2", "c3"):
        office.hand_over(name)
    assert [office.at(name).staff_chat for name in ("c1", "c2", "c3")] == ["-1", "-2", "-1"]
    until = office.now + timedelta(minutes=10)
    assert office.desk.unreachable("-1", until, office.now) == 2
    assert {office.at(name).staff_chat for name in ("c1", "c2", "c3")} == {"-2"}
    office.hand_over("c4")
    assert office.at("c4").staff_chat == "-2"
    assert office.desk.unreachable("-2", until, office.now) == 0, "there is no other group"
    assert office.at("c4").staff_chat == "-2"
    office.later(minutes=11)
    office.hand_over("c5")
    assert office.at("c5").staff_chat == "-1", "it is tried again"
    office.store.close()


@lived
async def test_a_group_that_put_the_bot_out_is_told_by_its_answers(tmp_path: Path) -> None:
    async with office_at(tmp_path, chats=(OTHER, STAFF_CHAT)) as office:
        kicked = "Forbidden: bot was kicked from the supergroup chat"
        dead = Trouble("refused", "createForumTopic", OTHER, times=1000, code=403, description=kicked)
        office.api.troubles.add(dead)
        wang = office.people.person("小明")
        await wang.writes("转人工")
        await wang.hears("排上队")
        await office.people.topic("#1 ")
        assert (await at(office, wang)).staff_chat == str(STAFF_CHAT)


def test_who_waits_anew_because_of_a_group_is_nobodys(tmp_path: Path) -> None:
    office = Office(tmp_path / "desk.db", ("-1",))
    office.with_topic("c1")
    office.desk.claim("c1", LI, office.now)
    moved = Office(tmp_path / "desk.db", ("-2",))
    assert moved.desk.gather(office.now) == 1
    desk = moved.at("c1")
    assert (desk.state, desk.agent, desk.staff_chat, desk.topic) == ("queued", None, "-2", None)
    assert why(moved.talk.agent_wrote("c1", LI, "我还在", office.now)) == "nobody"
    assert isinstance(moved.desk.topic_made("c1", 3, office.now), Done)
    assert moved.desk.gather(office.now) == 0
    office.store.close()
    moved.store.close()


@lived
async def test_a_command_under_a_picture_is_nothing_for_the_person(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.taken(li)
        await li.shows("photo", "/close 办完了", topic)
        await li.hears("图片也没有转给顾客", topic)
        await li.shows("photo", "/画的这里", topic)
        await person.hears("/画的这里")
        assert not any("办完了" in text for text in await person.texts())


@lived
async def test_what_is_shown_for_a_moment_has_no_marks(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        person, _ = await office.handed_over("小明")
        said = await (await person.presses("我排到第几位")).answered("下一位")
        assert "*" not in said


@lived
async def test_who_is_banned_hears_no_reminder(tmp_path: Path) -> None:
    clock = Clock()
    staffed = {"staff_chat": (STAFF_CHAT,), "hours": ALWAYS}
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", clock, **staffed) as work:
        wang, li = people.person("小王"), people.staff("小李")
        await wang.writes("火车票想退，380块")
        await wang.hears("发车")
        await wang.writes("3月9日10:00")
        await wang.hears("可以退")
        await wang.presses("到期问我")
        await wang.hears("问您到账没有")
        await wang.writes("转人工")
        await wang.hears("排上队")
        topic = await people.topic("#1 ")
        await li.writes("/ban", topic)
        await li.hears("屏蔽了", topic)
        assert await work.write(work.store.timers.due_timers, clock() + timedelta(days=99), 9) == []
