"""What a person meets in Telegram: commands, buttons, pictures, edits, groups."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.channels.telegram.wording import check, checked, sentences
from bot.config import SHANGHAI
from tests.telegram.at_work import at_work
from tests.telegram.chats import Json
from tests.telegram.judges import effects
from tests.telegram.town import STAFF_CHAT, Someone, buttons, content, lived, town

CODE = Path(__file__).parent.parent / "bot" / "channels" / "telegram"
GROUP = -1001000000777


async def with_outcome(person: Someone) -> Json:
    """The message that tells what a train ticket costs to give back."""
    await person.writes("火车票想退，380块")
    await person.hears("发车")
    await person.writes("3月9日10:00")
    return await person.hears("可以退")


@lived
async def test_a_burst_is_one_turn_and_one_answer(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        for text in ("火车票想退", "380块", "3月9日10:00发车"):
            await wang.writes(text)
        await wang.hears("可以退")
        assert len(await wang.texts()) == 1
        assert len({effect.seq for effect in effects(tmp_path / "bot.db")}) == 1
        assert len(effects(tmp_path / "bot.db")) == 3


@lived
async def test_the_bot_is_seen_typing_before_it_answers(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        await wang.writes("你好")
        await wang.hears("退单助手")
        asked = [call.method for call in api.calls if call.chat == wang.user]
        assert asked == ["sendChatAction", "sendMessage"]


@lived
async def test_commands_tell_and_do_what_they_say(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        await wang.writes("/start")
        await wang.hears("退单助手")
        await wang.writes("/help")
        await wang.hears("/forget")
        await wang.writes("/privacy")
        await wang.hears("遮住")
        await wang.writes("/pay")
        await wang.hears("没有这个命令")
        await with_outcome(wang)
        await wang.writes("/new")
        await wang.hears("从头来")
        await wang.writes("/human")
        await wang.hears("转人工")
        await wang.hears("没有连上人工")


@lived
async def test_a_button_says_what_it_shows_and_counts_once(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        outcome = await with_outcome(wang)
        press = await wang.presses("依据", on=outcome)
        await press.answered()
        await wang.hears("T2.1")
        again = await wang.presses("依据", on=outcome)
        await again.answered("/^$/")
        assert sum("依据的是" in text for text in await wang.texts()) == 1


@lived
async def test_a_button_of_an_older_case_asks_anew_and_never_acts(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        await wang.writes("火车票想退，380块")
        asked = await wang.hears("发车")
        await wang.writes("3月9日10:00")
        await wang.hears("可以退")
        press = await wang.presses("不清楚", on=asked)
        await press.answered("过期")
        await wang.hears("之前的按钮")
        shown = await wang.hears("可以退")
        assert "依据" in buttons(shown)
        press = await wang.presses("依据", on=shown)
        await press.answered("/^$/")
        await wang.hears("依据的是")


@lived
async def test_forged_data_are_answered_and_do_nothing(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db") as work:
        wang = people.person("小王")
        outcome = await with_outcome(wang)
        for data in ("v0:0", "v999999999999:9", "desk:claim:1", "forget:yes:1", "fee:209901010000", "x" * 64):
            press = await wang.forges(outcome, data)
            await press.answered()
        assert await work.write(work.store.conversation, f"telegram-{wang.user}")
        assert not await work.write(work.store.timers.due_timers, datetime(2100, 1, 1, tzinfo=SHANGHAI), 10)


@lived
async def test_forget_asks_first_and_leaves_nothing(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db") as work:
        wang, li = people.person("小王"), people.person("小李")
        await li.writes("你好")
        await li.hears("退单助手")
        await with_outcome(wang)
        await wang.writes("/forget")
        await wang.hears("全部记录")
        await (await wang.presses("不删")).answered()
        await wang.hears("没有删除")
        assert await work.write(work.store.conversation, f"telegram-{wang.user}")
        await (await wang.presses("全部删除")).answered()
        await wang.hears("已经删除")
        assert await work.write(work.store.conversation, f"telegram-{wang.user}") is None
        assert await work.write(work.store.conversation, f"telegram-{li.user}")


@lived
async def test_what_is_no_text_gets_a_friendly_word_and_its_caption_an_answer(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        for kind in ("photo", "document", "voice", "sticker"):
            await wang.shows(kind)
            await wang.hears("只看得懂文字")
        await wang.shows("photo", caption="火车票想退")
        await wang.hears("只看得懂文字")
        await wang.hears("/多少|哪天|几点|发车/")


@lived
async def test_an_edited_message_is_answered_as_it_reads_now(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        wang = people.person("小王")
        said = await wang.writes("电影票想退")
        await wang.hears("/.+/")
        await wang.edits(said, "火车票想退，380块")
        await wang.hears("发车")
        await wang.writes("3月9日10:00")
        await wang.hears("可以退")
        await wang.edits(said, "火车票想退，500块")
        await wang.hears("已经按原来的算完了")


@lived
async def test_a_group_is_ignored_unless_the_bot_is_addressed(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        await people.place.add_group(GROUP, "车友", False)
        wang = people.person("小王")
        await wang.writes("大家火车票怎么退", chat=GROUP)
        await wang.writes("@tuidan_test_bot 你好", chat=GROUP)

        async def answered() -> bool:
            return bool(await people.place.sent(GROUP, None))

        assert await people.until(answered)
        assert [content(message)[:2] for message in await people.place.sent(GROUP, None)] == ["您好"]
        assert len(effects(tmp_path / "bot.db")) == 1


@lived
async def test_in_a_group_the_bot_answers_the_very_message(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db"):
        await people.place.add_group(GROUP, "车友", False)
        wang, li = people.person("小王"), people.person("小李")
        said = {
            one.name: await one.writes(f"@tuidan_test_bot {text}", chat=GROUP)
            for one, text in ((wang, "火车票想退"), (li, "/help"))
        }
        await li.shows("photo", "@tuidan_test_bot", chat=GROUP)

        async def answered() -> bool:
            return len(await people.place.sent(GROUP, None)) >= 3

        assert await people.until(answered)
        shown = await people.place.sent(GROUP, None)
        quoted = {content(m)[:4]: m["reply_to_message"]["message_id"] for m in shown}
        assert set(quoted.values()) == {m["message_id"] for m in said.values()} | {li.last["message_id"]}
        await wang.writes("你好")
        assert "reply_to_message" not in await wang.hears("退单助手"), (
            "in private it is clear what is answered"
        )


@lived
async def test_pictures_go_to_the_staff_who_have_the_conversation(tmp_path: Path) -> None:
    async with town() as (people, api), at_work(api, tmp_path / "bot.db", staff_chat=(STAFF_CHAT,)):
        wang, agent = people.person("小王"), people.staff("阿敏")
        await wang.writes("/human")
        await wang.hears("排上队")
        topic = await people.topic("#1")
        await agent.sees("#1", topic)
        await wang.shows("photo")
        await wang.hears("给同事的记录")
        await agent.hears("[photo]", topic)
        await wang.writes("/human")
        await wang.hears("下一位")


def test_every_sentence_that_the_code_says_is_there() -> None:
    assert not check()
    said = {
        key
        for file in CODE.rglob("*.py")
        if "staff/" not in file.as_posix()
        for key in re.findall(r'\bsay\(\s*"([a-z_.]+)"', file.read_text("utf-8"))
    }
    assert said
    assert not said - sentences().keys()


@pytest.mark.parametrize("text", ["a: {}", "a: ''", "a: '{'", "a: 1", "- a"])
def test_a_broken_sentence_is_found(tmp_path: Path, text: str) -> None:
    file = tmp_path / "texts.yaml"
    file.write_text(text, "utf-8")
    assert checked(file)[1]
