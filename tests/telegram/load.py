"""People who keep writing, and waiting until a bot is done with all of it."""

import asyncio
import random
from pathlib import Path

from tests.telegram.botapi import BotApi
from tests.telegram.judges import settled
from tests.telegram.process import BotProcess
from tests.telegram.town import Someone, Town

WORDS = (
    *(
        "火车票想退",
        "380块",
        "后天上午10点发车",
        "不对，是大后天",
        "快递还没取件",
        "票也不要了",
        "为什么要手续费",
    ),
    *("什么时候到账", "那改签呢", "好的", "电影票能退吗", "明天晚上8点的", "76块", "谢谢", "你好", "不知道"),
)
LONGEST_SETTLING = 120.0


class BotGoneError(AssertionError):
    """The bot under test ended by itself."""


def crowd(people: Town, size: int) -> list[Someone]:
    """So many persons."""
    return [people.person(f"第{number}位") for number in range(1, size + 1)]


async def write_on(persons: list[Someone], chance: random.Random, pause: float, stop: asyncio.Event) -> int:
    """Whoever writes whatever, with pauses of this mean in seconds, until told to stop; how many messages."""
    written = 0
    while not stop.is_set():
        await chance.choice(persons).writes(chance.choice(WORDS))
        written += 1
        await asyncio.sleep(chance.expovariate(1 / pause))
    return written


async def until_it_polls(api: BotApi, bot: BotProcess) -> None:
    """Wait for the bot's next getUpdates; where it ends instead, fail with the end of its log."""
    before = api.updates.polling
    while api.updates.polling == before:
        if bot.ended is not None:
            raise BotGoneError(f"the bot ended with {bot.ended}: {bot.log.read_text('utf-8')[-2000:]}")
        await asyncio.sleep(0.01)


async def until_settled(api: BotApi, database: Path, seconds: float = LONGEST_SETTLING) -> None:
    """Wait until every update is accepted, every accepted one handled and all that was decided sent."""
    end = asyncio.get_running_loop().time() + seconds
    while api.updates.waiting or not database.exists() or not settled(database):
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(
                f"not settled after {seconds} s: {len(api.updates.waiting)} updates not accepted"
            )
        await api.news(0.05)
