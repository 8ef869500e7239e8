"""The judges for Telegram, judged: what keeps its promises passes, what breaks one is found out."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram.botapi import BotApi
from tests.telegram.claims import claimed
from tests.telegram.flood import disturbed, flooded
from tests.telegram.forgery import forged
from tests.telegram.judges import repeated
from tests.telegram.kill import killed
from tests.telegram.process import CLERK, ECHO
from tests.telegram.talks import talked
from tests.telegram.town import STAFF_CHAT, lived, town
from tests.telegram.trouble import Trouble

PERSON = 2_000_000_001


async def call(api: BotApi, method: str, **params: Any) -> dict[str, Any]:
    """A request as any client makes it, and its answer; empty where the connection was cut."""
    form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
    async with aiohttp.ClientSession() as client:
        try:
            async with client.post(f"{api.url}/bot{api.token}/{method}", data=form) as response:
                answer: dict[str, Any] = await response.json()
                assert response.status == answer.get("error_code", 200)
                return answer
        except aiohttp.ClientConnectionError:
            return {}


@lived
async def test_polling_gives_updates_again_until_a_later_offset_confirms_them() -> None:
    async with town() as (people, api):
        for text in ("一", "二", "三"):
            await people.person("小王").writes(text)
        first = (await call(api, "getUpdates", limit=2))["result"]
        assert [update["message"]["text"] for update in first] == ["一", "二"]
        assert (await call(api, "getUpdates", limit=2))["result"] == first
        rest = (await call(api, "getUpdates", offset=first[-1]["update_id"] + 1))["result"]
        assert [update["message"]["text"] for update in rest] == ["三"]
        assert api.updates.accepted == {update["update_id"] for update in first}


@lived
async def test_a_long_poll_ends_with_the_first_update_and_the_older_of_two_is_refused() -> None:
    async with town() as (people, api):
        older = asyncio.create_task(call(api, "getUpdates", timeout=30))
        while not api.updates.polling:
            await asyncio.sleep(0)
        newer = asyncio.create_task(call(api, "getUpdates", timeout=30))
        assert (await older)["error_code"] == 409
        await people.person("小王").writes("在吗")
        assert (await newer)["result"][0]["message"]["text"] == "在吗"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"text": ""}, "text is empty"),
        ({"text": "字" * 4097}, "too long"),
        ({"text": "<b>没有结束", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<script>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "好", "chat_id": 77}, "chat not found"),
        ({"text": "好", "message_thread_id": 9}, "thread not found"),
        ({"text": "好", "reply_parameters": {"message_id": 9}}, "replied not found"),
        (
            {
                "text": "好",
                "reply_markup": {"inline_keyboard": [[{"text": "按", "callback_data": "字" * 22}]]},
            },
            "BUTTON",
        ),
    ],
)
def test_what_the_real_one_refuses_is_refused(params: dict[str, Any], told: str) -> None:
    async def scenario() -> None:
        async with town() as (people, api):
            await people.person("小王").writes("在吗")
            answer = await call(api, "sendMessage", **{"chat_id": PERSON, **params})
            assert answer["error_code"] == 400
            assert told in answer["description"]
            assert await people.person("小王").texts() == []

    asyncio.run(scenario())


@lived
async def test_a_bot_reaches_only_who_wrote_first_and_did_not_block_it() -> None:
    async with town() as (people, api):
        wang = people.person("小王")
        await wang.arrives()
        assert (await call(api, "sendMessage", chat_id=wang.user, text="你好"))["error_code"] == 403
        await wang.writes("在吗")
        assert (await call(api, "sendMessage", chat_id=wang.user, text="<b>在</b> &lt;3", parse_mode="HTML"))[
            "ok"
        ]
        assert await wang.texts() == ["在 <3"]
        await wang.blocks()
        assert "blocked" in (await call(api, "sendMessage", chat_id=wang.user, text="你好"))["description"]


@lived
async def test_topics_are_made_closed_and_deleted() -> None:
    async with town() as (people, api):
        made = (await call(api, "createForumTopic", chat_id=STAFF_CHAT, name="#1 退票"))["result"]
        topic = await people.topic("退票")
        assert topic == made["message_thread_id"]
        sent = {"chat_id": STAFF_CHAT, "message_thread_id": topic, "text": "卡片"}
        assert (await call(api, "sendMessage", **sent))["ok"]
        assert await people.staff("小李").texts(topic) == ["卡片"]
        await people.place.close(STAFF_CHAT, topic, delete=True)
        assert "thread not found" in (await call(api, "sendMessage", **sent))["description"]


@lived
async def test_trouble_comes_as_often_as_ordered() -> None:
    async with town() as (people, api):
        wang = people.person("小王")
        await wang.writes("在吗")
        api.troubles.add(Trouble("too_many", "sendMessage", seconds=3))
        api.troubles.add(Trouble("server_error", "sendMessage", times=2))
        api.troubles.add(Trouble("cut_before", "sendMessage"))
        api.troubles.add(Trouble("cut_after", "sendMessage"))
        sent = [await call(api, "sendMessage", chat_id=wang.user, text=f"第{n}次") for n in range(6)]
        assert sent[0]["parameters"] == {"retry_after": 3}
        assert [answer.get("error_code") for answer in sent] == [429, 500, 500, None, None, None]
        assert sent[3] == sent[4] == {}
        assert await wang.texts() == ["第4次", "第5次"]
        assert [call.code for call in api.calls] == [429, 500, 500, 0, 0, 200]


@given(st.integers(0, 400), st.integers())
def test_a_disturbed_order_keeps_each_persons_own_and_repeats_a_share(size: int, seed: int) -> None:
    chance = random.Random(seed)
    updates = [{"update_id": n, "message": {"chat": {"id": chance.randrange(5)}}} for n in range(size)]
    order = disturbed(updates, chance)
    assert len(order) == size + int(size * 0.3)
    assert {update["update_id"] for update in order} == set(range(size))
    seen: dict[int, list[int]] = {}
    for update in order:
        own = seen.setdefault(update["message"]["chat"]["id"], [])
        if update["update_id"] not in own:
            own.append(update["update_id"])
    assert all(own == sorted(own) for own in seen.values())


def test_repeats_are_counted_and_gaps_and_swaps_found() -> None:
    assert repeated(["甲", "乙", "乙"], ["甲", "甲", "乙", "乙"], "") == 1
    for shown in (["甲"], ["乙", "甲"], ["甲", "丙", "乙"], ["甲", "乙", "甲"]):
        with pytest.raises(AssertionError):
            repeated(["甲", "乙"], shown, "")


@pytest.mark.slow
def test_killed_under_load(tmp_path: Path) -> None:
    counted = asyncio.run(killed(4, 1, tmp_path, ECHO))
    assert counted["kills"] == 4
    assert counted["updates"] > 4


@pytest.mark.slow
def test_who_acknowledges_before_writing_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"seed 1: [1-9]\d* lost"):
        asyncio.run(killed(4, 1, tmp_path, ECHO, ECHO_BREAKS="forgets"))


@pytest.mark.slow
def test_flooded(tmp_path: Path) -> None:
    assert asyncio.run(flooded(1000, 1, tmp_path, ECHO))["deliveries"] == 1300


@pytest.mark.slow
@pytest.mark.parametrize(("broken", "told"), [("repeats", r"[1-9]\d* twice"), ("shuffles", "was due")])
def test_who_takes_twice_or_mixes_up_is_found_out(tmp_path: Path, broken: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        asyncio.run(flooded(400, 1, tmp_path, ECHO, ECHO_BREAKS=broken))


@pytest.mark.slow
@pytest.mark.alone
def test_two_hundred_talk_at_once(tmp_path: Path) -> None:
    told = asyncio.run(talked(200, 10, 1, tmp_path, ECHO))
    assert told["messages"] > 200


@pytest.mark.slow
def test_claimed_by_one_of_two(tmp_path: Path) -> None:
    assert asyncio.run(claimed(60, 1, tmp_path, CLERK))["claims"] == 60


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["both", "talks"])
def test_who_lets_two_claim_or_talks_on_is_found_out(tmp_path: Path, broken: str) -> None:
    with pytest.raises(ExceptionGroup) as found:
        asyncio.run(claimed(20, 1, tmp_path, CLERK, ECHO_BREAKS=broken))
    assert found.group_contains(AssertionError)


@pytest.mark.slow
def test_nobody_gets_in_by_forgery(tmp_path: Path) -> None:
    assert asyncio.run(forged(tmp_path, CLERK))["attempts"] > 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "told"), [("trusts", r"changed the desk|was told"), ("keeps_quiet", "not logged")]
)
def test_who_trusts_anyone_or_keeps_quiet_is_found_out(tmp_path: Path, broken: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        asyncio.run(forged(tmp_path, CLERK, ECHO_BREAKS=broken))
