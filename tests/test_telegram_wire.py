"""A town of persons and staff around a bot process, over real HTTP: at our own Bot API and at an emulator."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.telegram.emulator import emulated_town, needs_emulator
from tests.telegram.process import ECHO, BotProcess, settings
from tests.telegram.town import Town, lived, town

pytestmark = pytest.mark.slow  # a second each, for bursts wait to be whole

PLACES = [
    pytest.param("own", "poll"),
    pytest.param("own", "webhook", marks=pytest.mark.slow),
    pytest.param("emulator", "poll", marks=[pytest.mark.slow, needs_emulator]),
    pytest.param("emulator", "webhook", marks=[pytest.mark.slow, needs_emulator]),
]


async def webhook(people: Town) -> dict[str, str]:
    """Settings of a bot that is pushed to, behind a proxy, at a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    await people.place.pass_on_to(f"http://127.0.0.1:{port}")
    return {
        "WEBHOOK_URL": "https://bot.example.com/hook",
        "WEBHOOK_SECRET": "no-one_knows_this_one",
        "WEBHOOK_PORT": str(port),
    }


@asynccontextmanager
async def echoing(place: str, way: str, folder: Path) -> AsyncIterator[Town]:
    """A town with the bot that says back what it is told."""
    if place == "emulator":
        async with emulated_town() as people, await _echo(people, way, folder):
            yield people
    else:
        async with town() as (people, _), await _echo(people, way, folder):
            yield people


async def _echo(people: Town, way: str, folder: Path) -> BotProcess:
    people.patience = 30.0  # on a busy machine a process takes long to start
    more = await webhook(people) if way == "webhook" else {}
    environment = settings(people.place.url, people.place.token, DB=str(folder / "echo.db"), **more)
    return BotProcess(ECHO, environment, folder / "log")


@pytest.mark.parametrize(("place", "way"), PLACES)
@lived
async def test_people_write_press_and_edit_and_read_what_comes_back(
    place: str, way: str, tmp_path: Path
) -> None:
    async with echoing(place, way, tmp_path) as people:
        wang = people.person("小王")
        first = await wang.writes("我要退票")
        await wang.hears("你说：我要退票")
        await people.person("小李").writes("/start")
        await people.person("小李").hears("/^你说：.start$/")
        await wang.edits(first, "我要改签")
        await wang.hears("你改：我要改签")
        press = await wang.presses("再说一次")
        await wang.hears("你按了v1:0")
        if way == "poll":
            await press.answered("收到")
        assert await wang.texts() == ["你说：我要退票", "你改：我要改签", "你按了v1:0"]
        assert len(await people.person("小李").texts()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("place", ["own", pytest.param("emulator", marks=needs_emulator)])
@lived
async def test_after_a_kill_it_goes_on_where_it_was(place: str, tmp_path: Path) -> None:
    people_and_bot = town() if place == "own" else emulated_town()
    async with people_and_bot as there:
        people = there[0] if isinstance(there, tuple) else there
        async with await _echo(people, "poll", tmp_path) as bot:
            wang = people.person("小王")
            await wang.writes("一")
            await wang.hears("你说：一")
            await bot.kill()
            await wang.writes("二")
            await bot.start()
            await wang.hears("你说：二")
            assert await bot.drain() == 0
