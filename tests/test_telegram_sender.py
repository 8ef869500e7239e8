"""The outbox arrives: in order, at Telegram's pace, whatever the wire does; at worst a message repeats."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram import sender as module
from bot.channels.telegram.errors import Fault, fault
from tests.telegram.faults import (
    BLOCKED,
    BROKEN,
    GARBLED,
    GATEWAY,
    SPEECHLESS,
    STRANGE,
    TOKEN,
    Answer,
    Cut,
    FaultyApi,
    Hold,
    Say,
    no,
    too_many,
)
from tests.telegram.office import GROUP, LI, WANG, Clock, Post, office, wire, with_api

Play = Callable[[Callable[[FaultyApi, Post], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Play a scene with the fault server, a bot on the wire and a store on disk."""
    return lambda scene: with_api(tmp_path / "t.db", scene)


def test_what_is_said_arrives_in_order_with_its_buttons(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        await post.post(WANG, "费用 **57.00** 元 <b>")
        await post.post(WANG, "还要吗？", buttons=["要", "不要"], version=4)
        await post.drain()
        assert api.texts(WANG) == ["费用 <b>57.00</b> 元 &lt;b&gt;", "还要吗？"]
        assert '"callback_data": "v4:1"' in api.taken[1].fields["reply_markup"]
        assert post.states() == ["sent", "sent"]
        assert post.noted.arrived_ == [(WANG, (1,)), (WANG, (2,))]

    play(scene)


TROUBLES = {
    "too many": too_many(3),
    "broken": BROKEN,
    "without a word": SPEECHLESS,
    "a gateway's page": GATEWAY,
    "garbled": GARBLED,
    "cut": Cut(),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_that_passes_costs_time_and_neither_a_message_nor_the_order(play: Play, name: str) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(*[TROUBLES[name]] * 4, chat=WANG)
        for number in range(4):
            await post.post(WANG, str(number))
            await post.post(LI, str(number))
        await post.drain()
        assert api.texts(WANG) == api.texts(LI) == ["0", "1", "2", "3"]
        assert set(post.states()) == {"sent"}
        assert post.noted.troubles == []
        assert len(post.noted.put_off_) >= 4
        assert set(post.noted.put_off_) == {"too_many" if name == "too many" else "again"}
        assert [it.text for it in api.taken[:3]] == ["0", "1", "2"], "the other chat did not wait"

    play(scene)


def test_tries_get_rarer_while_telegram_is_down(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(*[BROKEN] * 1000)
        await post.post(WANG, "x")
        await post.drain(timedelta(hours=1))
        assert 10 <= len(api.asked) <= 35, "not in every second of an hour"
        assert post.states() == ["waiting"]

    play(scene)


def test_after_a_day_in_vain_a_message_is_given_up_and_told(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(*[BROKEN] * 5000)
        await post.post(WANG, "x")
        post.clock.ahead(24 * 3600)
        await post.drain()
        assert post.states() == ["failed"]
        assert post.noted.troubles == [(WANG, "refused")]
        assert "Internal Server Error" in post.noted.errors[0]

    play(scene)


def test_telegram_is_not_asked_again_before_the_time_it_named(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(too_many(30), chat=WANG)
        await post.post(WANG, "x")
        await post.drain(timedelta(seconds=29))
        assert len(api.asked) == 1
        await post.drain(timedelta(seconds=3))
        assert api.texts(WANG) == ["x"]

    play(scene)


def test_no_more_go_out_at_once_than_telegram_takes(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        for chat in range(1, 41):
            await post.post(chat, "x")
        pause = await post.sender.round()
        await post.sender.settle()
        assert len(api.asked) == 30
        assert 0.9 < pause <= 1.0
        await post.drain()
        assert len(api.taken) == 40

    play(scene)


def test_a_chat_that_had_too_many_waits_in_all_its_topics(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(too_many(30), chat=GROUP)
        await post.post_staff(f"staff:{GROUP}:3", {"text": "a"})
        await post.drain(timedelta(seconds=1))
        await post.post_staff(f"staff:{GROUP}:4", {"text": "b"})
        await post.post(WANG, "x")
        await post.drain(timedelta(seconds=20))
        assert [it.text for it in api.asked] == ["a", "x"]
        await post.drain()
        assert sorted(api.texts(GROUP)) == ["a", "b"]

    play(scene)


def test_an_old_message_is_not_given_up_for_being_one_too_many(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(too_many(3))
        await post.post(WANG, "x")
        post.clock.ahead(48 * 3600)
        await post.drain()
        assert api.texts(WANG) == ["x"]

    play(scene)


@pytest.mark.parametrize("answer", [BLOCKED, no(400, "Bad Request: chat not found")], ids=["blocked", "gone"])
def test_who_blocked_the_bot_gets_nothing_more_and_staff_hear_of_it_once(play: Play, answer: Say) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(answer, chat=WANG)
        for number in range(3):
            await post.post(WANG, str(number))
        await post.post(LI, "x")
        timers = post.store.timers
        for person in (WANG, LI):
            await post.write(timers.set_timer, f"telegram-{person}", "fee:1", post.clock.now(), {})
        await post.drain()
        due = await post.write(timers.due_timers, post.clock.now(), 10)
        assert [timer.conversation for timer in due] == [f"telegram-{LI}"], "nobody is reminded in vain"
        assert [it.chat for it in api.asked].count(WANG) == 1
        assert api.texts(LI) == ["x"]
        assert post.states() == ["failed", "dropped", "dropped", "sent"]
        assert post.noted.troubles == [(WANG, "blocked")]

    play(scene)


def test_what_arrived_though_the_connection_was_cut_arrives_twice_at_worst(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(Cut(taken=True), chat=WANG)
        await post.post(WANG, "a")
        await post.post(WANG, "b")
        await post.drain()
        assert api.texts(WANG) == ["a", "a", "b"]

    play(scene)


def test_a_server_that_does_not_answer_is_given_up_and_asked_again(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REQUEST_SECONDS", 0.05)

    async def scene(api: FaultyApi, post: Post) -> None:
        never = asyncio.Event()
        api.plan(Hold(never), chat=WANG)
        await post.post(WANG, "x")
        await post.drain()
        assert len(api.asked) == 2
        assert post.states() == ["sent"]
        never.set()

    play(scene)


def test_a_slow_chat_holds_up_neither_the_others_nor_its_own_order(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        answer = asyncio.Event()
        api.plan(Hold(answer), chat=WANG)
        await post.post(WANG, "a")
        await post.post(WANG, "b")
        await post.sender.round()
        await api.under_way.wait()
        await post.post(LI, "x")
        await post.sender.round()
        while not api.texts(LI):
            api.under_way.clear()
            await api.under_way.wait()
            await asyncio.sleep(0)
        assert [it.text for it in api.asked] == ["a", "x"], "b waits for a"
        answer.set()
        await post.drain()
        assert api.texts(WANG) == ["a", "b"]

    play(scene)


@pytest.mark.parametrize("answer", [no(401, "Unauthorized"), no(404, "Not Found")], ids=["revoked", "wrong"])
def test_a_token_that_is_not_known_stops_everything_and_loses_nothing(play: Play, answer: Say) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(answer)
        await post.post(WANG, "a")
        await post.drain(timedelta(seconds=5))
        await post.post(LI, "b")
        await post.drain(timedelta(seconds=50))
        assert len(api.asked) == 1
        assert post.noted.troubles == [(WANG, "locked_out")]
        await post.drain()
        assert post.states() == ["sent", "sent"]

    play(scene)


def test_after_a_claim_nothing_of_the_bots_goes_out(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        first, answer = "telegram-7", asyncio.Event()
        api.plan(Hold(answer), chat=WANG)
        for text in ("under way", "queued", "queued too"):
            await post.post(WANG, text)
        await post.sender.round()
        await api.under_way.wait()
        desks = post.store.desks
        await post.write(desks.open, first, "queued")
        assert await post.write(lambda: desks.move(first, "queued", 0, "human", epoch=1))
        await post.post(WANG, "人工")
        answer.set()
        await post.drain()
        assert api.texts(WANG) == ["under way", "人工"]
        assert post.states() == ["sent", "dropped", "dropped", "sent"]

    play(scene)


def test_what_was_dropped_between_the_look_and_the_request_does_not_go_out(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        await post.post(WANG, "queued")
        await post.sender.round()
        await post.write(post.store.outbox.drop_all, "telegram-7", "erased")
        await post.sender.settle()
        assert (api.asked, post.states()) == ([], ["dropped"])

    play(scene)


def test_one_groups_backlog_does_not_hold_up_a_person(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        def backlog() -> None:
            with post.store.transaction():
                for number in range(module.AT_ONCE + 200):
                    post.store.outbox.post("c", {"text": str(number)}, post.clock.now(), f"staff:{GROUP}:3")

        await post.write(backlog)
        await post.post(WANG, "x")
        await post.drain(timedelta(seconds=2))
        assert api.texts(WANG) == ["x"]
        assert api.texts(GROUP) == ["0", "1", "2", "3", "4"][: len(api.texts(GROUP))]

    play(scene)


def test_a_killed_sender_is_taken_up_where_it_was(tmp_path: Path) -> None:
    async def scene() -> None:
        clock, path = Clock(), tmp_path / "t.db"
        async with FaultyApi() as api, wire(api.url) as bot:
            async with office(path, bot, clock) as post:
                api.plan(BROKEN, too_many(600), chat=WANG)
                for number in range(3):
                    await post.post(WANG, str(number))
                await post.drain(timedelta(seconds=5))
                assert post.states() == ["waiting"] * 3
            async with office(path, bot, clock) as post:
                await post.drain(timedelta(seconds=500))
                assert len(api.asked) == 2, "the time that Telegram named outlives the process"
                await post.drain()
        assert api.texts(WANG) == ["0", "1", "2"]

    asyncio.run(scene())


PASSING = st.sampled_from([*TROUBLES.values(), Cut(taken=True), STRANGE, None])
CHATS = st.sampled_from([WANG, LI, GROUP])


@settings(max_examples=25)
@given(st.lists(CHATS, max_size=25), st.lists(PASSING, max_size=40), st.integers(0, 30))
def test_whatever_happens_on_the_wire_everything_arrives_in_order(
    chats: list[int], faults: list[Answer | None], killed_at: int
) -> None:
    """Also where the process ends in the middle; a message may come twice in a row, and no other way."""

    async def scene(path: Path) -> None:
        clock = Clock()
        async with FaultyApi() as api, wire(api.url) as bot:
            api.plan(*faults)
            async with office(path, bot, clock) as post:
                for number, chat in enumerate(chats):
                    await post.post(chat, str(number))
                for _ in range(killed_at):
                    await post.sender.round()
                    clock.ahead(1)
                await post.sender.settle()
            async with office(path, bot, clock) as post:
                await post.drain()
                assert set(post.states()) <= {"sent"}
        for chat in (WANG, LI, GROUP):
            arrived = [text for text, _ in groupby(api.texts(chat))]
            assert arrived == [str(number) for number, to in enumerate(chats) if to == chat]

    with TemporaryDirectory() as folder:
        asyncio.run(scene(Path(folder) / "t.db"))


def test_a_sender_that_runs_sends_what_it_is_woken_for_and_finishes_what_it_began(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        running = asyncio.create_task(post.sender.run())
        answer = asyncio.Event()
        api.plan(Hold(answer))
        await post.post(WANG, "x")
        post.sender.wake()
        await api.under_way.wait()
        post.sender.stop()
        await asyncio.sleep(0)
        assert not running.done()
        answer.set()
        await running
        assert post.states() == ["sent"]

    play(scene)


def test_an_error_that_holds_the_address_does_not_tell_the_token() -> None:
    method = SendMessage(chat_id=WANG, text="x")
    error = TelegramNetworkError(
        method, f"TooManyRedirects: 0, url='http://127.0.0.1/bot{TOKEN}/sendMessage'"
    )
    assert fault(error, TOKEN) == Fault(
        "again", "HTTP Client says - TooManyRedirects: 0, url='http://127.0.0.1/bot…/sendMessage'"
    )


def test_a_store_that_fails_ends_the_sender_and_is_not_hushed_up(play: Play) -> None:
    class BrokenReportsError(Exception):
        pass

    async def scene(api: FaultyApi, post: Post) -> None:
        def fail(*_: object) -> None:
            raise BrokenReportsError

        post.noted.arrived = fail  # type: ignore[method-assign]
        await post.post(WANG, "x")
        with pytest.raises(BrokenReportsError):
            await post.sender.run()
        assert post.states() == ["waiting"], "what was not reported is not marked"

    play(scene)
