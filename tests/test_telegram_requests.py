"""What messages of the outbox become on the wire: parts, keyboards, topics, copies; what cannot be sent."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from teremok import MockBot

from tests.telegram.faults import (
    BROKEN,
    STRANGE,
    TOKEN,
    FaultyApi,
    Say,
    no,
)
from tests.telegram.office import GROUP, WANG, Post, office, with_api

Play = Callable[[Callable[[FaultyApi, Post], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Play a scene with the fault server, a bot on the wire and a store on disk."""
    return lambda scene: with_api(tmp_path / "t.db", scene)


@pytest.mark.parametrize("status", [400, 413])
def test_what_telegram_refuses_is_reported_with_its_reason_and_not_tried_again(
    play: Play, status: int
) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(no(status, "Bad Request: message text is empty"), chat=WANG)
        await post.post(WANG, "\u3164")
        await post.post(WANG, "x")
        await post.drain()
        assert len(api.asked) == 2
        assert api.texts(WANG) == ["x"]
        assert post.states() == ["failed", "sent"]
        assert "Bad Request: message text is empty" in (post.fates()[0][1] or "")
        assert post.noted.troubles == [(WANG, "refused")]

    play(scene)


@pytest.mark.parametrize(
    "body",
    [{}, {"text": " "}, {"text": None}, {"copy": {}}, {"text": "x", "keyboard": [[["x", "长" * 30]]]}],
    ids=str,
)
def test_a_malformed_message_fails_and_holds_nobody_up(play: Play, body: dict[str, object]) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        await post.post_staff(f"staff:{GROUP}:3", body)
        await post.post_staff(f"staff:{GROUP}:3", {"text": "y"})
        await post.post_staff("nowhere", {"text": "z"})
        await post.drain()
        assert post.states() == ["failed", "sent", "failed"]
        assert api.texts(GROUP) == ["y"]

    play(scene)


def test_an_answer_that_cannot_be_read_is_still_an_arrival(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(STRANGE)
        await post.post(WANG, "x")
        await post.drain()
        assert len(api.asked) == 1
        assert post.states() == ["sent"]
        assert post.noted.arrived_ == [(WANG, ())]

    play(scene)


def test_long_texts_come_in_parts_each_at_its_pace_and_the_buttons_last(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        lines = [f"第{number}行" + "，说明" * 30 for number in range(220)]
        await post.post(WANG, "\n".join(lines), buttons=["好"])
        await post.post(WANG, "后")
        await post.drain()
        parts = api.taken[:-1]
        assert len(parts) > 4
        assert "\n".join(it.text for it in parts).split("\n") == lines
        assert [("reply_markup" in it.fields) for it in parts] == [False] * (len(parts) - 1) + [True]
        assert api.taken[-1].text == "后"
        assert post.noted.arrived_[0] == (WANG, tuple(range(1, len(parts) + 1)))
        assert post.clock.seconds() >= len(parts) + 1 - 3, "a burst of three, then one a second"

    play(scene)


def test_a_part_that_failed_is_sent_again_and_those_before_it_are_not(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        await post.post(WANG, "一" * 4096 + "二" * 4096)
        await post.sender.round()
        await post.sender.settle()
        api.plan(BROKEN, BROKEN)
        await post.drain()
        assert [text[0] for text in api.texts(WANG)] == ["一", "二"]

    play(scene)


def test_staff_hear_in_their_topic_and_photos_are_passed_on(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        keyboard = [[["接手", "claim:1"], ["结案", "close:1"]]]
        await post.post_staff(f"staff:{GROUP}:3", {"text": "卡片", "keyboard": keyboard})
        await post.post_staff(f"staff:{GROUP}:", {"text": "**他的话**", "plain": True, "reply_to": 1})
        await post.post_staff(f"staff:{GROUP}:3", {"copy": {"chat": WANG, "message": 55}})
        await post.drain()
        card, words, photo = sorted(api.taken, key=lambda it: ("卡片", "**他的话**", "").index(it.text))
        assert card.fields["message_thread_id"] == photo.fields["message_thread_id"] == "3"
        assert '"callback_data": "claim:1"' in card.fields["reply_markup"]
        assert "message_thread_id" not in words.fields
        assert '"message_id": 1' in words.fields["reply_parameters"]
        assert photo.method == "copyMessage" and photo.fields["from_chat_id"] == str(WANG)

    play(scene)


def test_what_is_too_long_for_a_caption_stands_behind_the_picture(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        picture, words = {"chat": WANG, "message": 55}, "头" + "长" * 1500 + "尾"
        edited = {"said": "55", "edited": True}
        await post.post_staff(f"staff:{GROUP}:3", {"copy": picture, "caption": words, **edited})
        await post.post_staff(f"staff:{GROUP}:3", {"copy": picture, "caption": "<b>"})
        await post.post_staff(f"staff:{GROUP}:3", {"copy": picture, "caption": ""})
        await post.drain()
        first, behind, short, bare = api.taken
        assert [it.method for it in api.taken] == ["copyMessage", "sendMessage", "copyMessage", "copyMessage"]
        assert first.fields["caption"] + behind.text == f"✏️ 改为：{words}"
        assert len(first.fields["caption"]) == 1024
        assert (short.fields["caption"], short.fields["parse_mode"]) == ("&lt;b&gt;", "HTML")
        assert bare.fields["caption"] == " ", "which takes away what stands there by now"

    play(scene)


def test_a_card_is_shown_anew_and_one_that_shows_it_already_is_no_trouble(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        same = no(400, "Bad Request: message is not modified: specified new message content is …")
        for _ in range(2):
            await post.post_staff(f"staff:{GROUP}:3", {"edit": 9, "text": "已接手", "keyboard": []})
        await post.post_staff(f"staff:{GROUP}:3", {"edit": 9, "text": "长" * 5000})
        await post.sender.round()
        await post.sender.settle()
        api.plan(same)
        await post.drain()
        assert post.states() == ["sent", "sent", "failed"]
        assert (api.taken[0].method, api.taken[0].fields["message_id"]) == ("editMessageText", "9")
        assert len(api.asked) == 2

    play(scene)


def test_a_group_that_became_a_supergroup_is_written_to_where_it_is_now(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        moved = no(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)
        api.plan(moved, chat=GROUP)
        for number in range(3):
            await post.post_staff(f"staff:{GROUP}:", {"text": str(number)})
        await post.drain()
        assert api.texts(-1009) == ["0", "1", "2"]
        assert [it.chat for it in api.asked].count(GROUP) == 1
        assert post.noted.troubles == [(GROUP, "moved")]

    play(scene)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (no(403, "Forbidden: bot was kicked from the supergroup chat"), "blocked"),
        (no(400, "Bad Request: message thread not found"), "topic_gone"),
        (no(400, "Bad Request: not enough rights to send text messages to the chat"), "mute"),
        (no(400, "Bad Request: TOPIC_CLOSED"), "mute"),
        (no(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), "mute"),
    ],
)
def test_what_staff_can_put_right_waits_for_them(play: Play, answer: Say, meaning: str) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        api.plan(answer, answer)
        await post.post_staff(f"staff:{GROUP}:3", {"text": "卡片"})
        await post.drain()
        assert api.texts(GROUP) == ["卡片"]
        assert post.noted.troubles == [(GROUP, meaning)] * 2

    play(scene)


def test_what_has_another_way_does_not_wait_for_rights(play: Play) -> None:
    async def scene(api: FaultyApi, post: Post) -> None:
        no_right = no(400, "Bad Request: not enough rights to send photos to the chat")
        api.plan(*[no_right] * 4)
        await post.post_staff(f"staff:{GROUP}:3", {"copy": {"chat": WANG, "message": 55}})
        await post.post_staff(f"staff:{GROUP}:3", {"topic": "close"})
        await post.post_staff(f"staff:{GROUP}:", {"mark": 7})
        await post.post(WANG, "一")
        await post.drain()
        assert post.states() == ["failed"] * 4
        assert {meaning for _, meaning in post.noted.troubles} == {"refused"}

    play(scene)


def test_teremok_finds_nothing_to_refuse(tmp_path: Path) -> None:
    """The limits of text, HTML, keyboards and callback data, as somebody else wrote them down."""
    nasty = ["<b>&amp;**", "**<i>**</b>", "&" * 9000, "😀" * 5000, "**" + "长\n" * 5000 + "**", "a ** b"]

    async def scene() -> None:
        bot = MockBot(token=TOKEN)
        async with office(tmp_path / "t.db", bot) as post:
            for text in nasty:
                await post.post(WANG, text, buttons=["长" * 100, "", "<b>"], version=10**17)
                await post.post_staff(f"staff:{GROUP}:3", {"text": text, "plain": True})
            await post.drain()
            assert set(post.fates()) == {("sent", None)}
            assert len(bot.requests.send_message) > 2 * len(nasty)

    asyncio.run(scene())
