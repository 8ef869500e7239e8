"""Whatever is forged, nobody but a member of the staff acts at a desk, and the log tells of each attempt."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.staff.gate import REMEMBERED_SECONDS, Gate
from tests.telegram.chats import Json
from tests.telegram.staffed import Office, office_at
from tests.telegram.town import STAFF_CHAT, Someone, lived

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

OTHER_GROUP = -1002000000002
STAFF_ACTS = ("claim", "draft", "release", "close")


async def untouched(office: Office, person: Someone) -> bool:
    """Whether nothing has happened to the person's desk since they were handed over."""
    desk = await office.desk(person)
    kinds = ("desk.claimed", "desk.closed", "desk.released", "desk.banned")
    happened = [kind for kind in kinds if await office.events(person, kind)]
    return desk is not None and desk.state == "queued" and not happened


def refusals(log: list[Any]) -> list[str]:
    """Why something was refused, as the log tells."""
    return [line["reason"] for line in log if line["event"] == "staff.refused"]


async def pressed_in_vain(office: Office, who: Someone, message: Json, data: str, said: str) -> str:
    """The reason in the log for which a press is refused, which is answered, too."""
    with capture_logs() as log:
        await (await who.forges(message, data)).answered(said)
        assert await office.people.until(lambda: _any(log))
    [reason] = refusals(log)
    return reason


async def _any(log: list[Any]) -> bool:
    return bool(refusals(log))


@lived
async def test_who_is_no_member_presses_in_vain(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, gone = office.people.staff("小李"), office.people.staff("前同事")
        await gone.leaves()
        person, topic = await office.handed_over()
        card = await li.sees("转接原因", topic)
        for act in STAFF_ACTS:
            reason = await pressed_in_vain(office, gone, card, f"desk:{act}:1", "不是这个客服群的成员")
            assert reason == "no_member"
            assert await pressed_in_vain(office, person, card, f"desk:{act}:1", "不是") == "no_member"
        assert await untouched(office, person)


@lived
async def test_a_staff_button_pressed_in_another_chat_does_nothing(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()
        await li.sees("转接原因", topic)
        own = (await person.shown())[-1]
        await office.people.place.add_group(OTHER_GROUP, "别的群", True)
        elsewhere = {**own, "chat": {"id": OTHER_GROUP, "type": "supergroup", "title": "别的群"}}
        for act in STAFF_ACTS:
            for who, message in ((person, own), (li, elsewhere)):
                reason = await pressed_in_vain(office, who, message, f"desk:{act}:1", "不能在这里用")
                assert reason == "forged"
        assert await untouched(office, person)


@lived
async def test_a_button_counts_only_under_its_own_desks_messages(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        first, topic = await office.handed_over("小明")
        second, other = await office.handed_over("小红")
        card, foreign = await li.sees("转接原因", topic), await li.sees("转接原因", other)
        spoken = await li.writes("大家好", topic)
        moved = {**card, "message_thread_id": other}
        unknown = {**card, "message_id": 999_999, "message_thread_id": other}
        outside = {k: v for k, v in card.items() if k not in ("message_thread_id", "is_topic_message")}
        for act in STAFF_ACTS:
            data = f"desk:{act}:1"
            tried = {
                "foreign_message": (foreign, spoken),
                "foreign_thread": (moved, unknown, outside),
            }
            for expected, messages in tried.items():
                for message in messages:
                    assert await pressed_in_vain(office, li, message, data, "不能在这里用") == expected
        assert await untouched(office, first)
        assert await untouched(office, second)


@lived
async def test_data_that_no_button_carries_do_nothing(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()
        card = await li.sees("转接原因", topic)
        forged = (
            *(
                "desk:claim:2",
                "desk:claim:0",
                "desk:claim:-1",
                "desk:claim:1:5",
                "desk:ban:1",
                "desk:CLAIM:1",
            ),
            *("desk:rate:1:5", "desk:withdraw:1", "desk:place:1", "desk:claim:１", "desk:claim:1 ", "v1:0"),
            *("desk:claim", "claim:1", "desk:claim:1;drop", "r1:5", "卡", "desk:claim:999999999999"),
        )
        for data in forged:
            assert await pressed_in_vain(office, li, card, data, "不能在这里用") == "forged", data
        assert await untouched(office, person)


@lived
async def test_a_press_delivered_twice_acts_once(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, wang = office.people.staff("小李"), office.people.staff("小王")
        person, topic = await office.handed_over()
        card = await li.sees("转接原因", topic)
        await (await li.forges(card, "desk:claim:1")).answered("好了")
        press = {
            "id": "replayed",
            "from": office.api.chats.users[li.user],
            "chat_instance": "1",
            "data": "desk:claim:1",
            "message": card,
        }
        update = office.api.updates.new("callback_query", press)
        office.api.methods.presses["replayed"] = None
        office.api.updates.deliver(update)
        await (await li.forges(card, "desk:release:1")).answered("好了")
        office.api.updates.deliver(update)  # the claim of before, once more
        await (await wang.forges(card, "desk:claim:1")).answered("好了")
        assert [claim["name"] for claim in await office.events(person, "desk.claimed")] == ["小李", "小王"]


@lived
async def test_commands_count_only_from_members_in_the_staff_group(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, gone = office.people.staff("小李"), office.people.staff("前同事")
        person, topic = await office.handed_over()
        await gone.leaves()
        await office.people.place.add_group(OTHER_GROUP, "别的群", True)
        with capture_logs() as log:
            for command in ("/claim", "/close", "/ban", "/release", "/canned 稍等"):
                await gone.writes(command, topic)
                await person.writes(command)
                await li.writes(command, chat=OTHER_GROUP)
                await li.writes(command)
            await li.hears("没有对应的顾客")
            await li.writes("// 到此为止", topic)
            assert await office.people.until(lambda: _noted(office, person))
        assert refusals(log).count("no_member") == 5
        assert refusals(log).count("no_desk") == 5
        assert await untouched(office, person)
        assert not await office.write(office.store.desks.banned, f"telegram-{person.user}")


async def _noted(office: Office, person: Someone) -> bool:
    return bool(await office.events(person, "desk.note"))


@lived
async def test_an_anonymous_admin_and_a_channel_are_nobody(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li = office.people.staff("小李")
        person, topic = await office.handed_over()
        with capture_logs() as log:
            await li.writes("/claim", topic)
            update = office.api.updates.waiting[-1].update if office.api.updates.waiting else None
            del update
            shown = {
                "text": "/claim",
                "sender_chat": {"id": STAFF_CHAT, "type": "supergroup", "title": "客服"},
            }
            await office.people.place.write(STAFF_CHAT, li.user, topic, shown)
            await li.hears("匿名", topic)
        assert refusals(log)[-1] == "anonymous"
        assert len(await office.events(person, "desk.claimed")) == 1


@lived
async def test_another_persons_buttons_are_not_ones_own(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        await office.handed_over("小明")
        other, _ = await office.handed_over("小红")
        own = (await other.shown())[-1]
        for data in ("desk:withdraw:1", "desk:place:1", "desk:rate:1:1"):
            assert await pressed_in_vain(office, other, own, data, "不能在这里用") == "forged"
        first = await office.desk(office.people.person("小明"))
        assert first is not None
        assert first.state == "queued"


@lived
async def test_membership_is_asked_anew_after_minutes_and_never_of_other_chats(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        li, time = office.people.staff("小李"), [0.0]
        await li.arrives()
        gate = Gate(office.bot, [STAFF_CHAT], seconds=lambda: time[0])
        assert await gate.is_member(STAFF_CHAT, li.user)
        await li.leaves()
        assert await gate.is_member(STAFF_CHAT, li.user)
        time[0] = REMEMBERED_SECONDS
        assert not await gate.is_member(STAFF_CHAT, li.user)
        assert not await gate.is_member(STAFF_CHAT, 404)
        before = len(office.api.calls)
        assert not await gate.is_member(OTHER_GROUP, li.user)
        assert len(office.api.calls) == before
        for status in ("kicked", "restricted"):
            await office.people.place.set_member(STAFF_CHAT, li.user, status)
            time[0] += REMEMBERED_SECONDS
            assert not await gate.is_member(STAFF_CHAT, li.user)
