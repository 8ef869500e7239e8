"""kill -9 at random moments under load, with restarts.

python -m tests.telegram.kill --kills 200 --seed 1
"""

import asyncio
import random
import time
from pathlib import Path

from tests.telegram import court, judges
from tests.telegram.botapi import BotApi
from tests.telegram.load import Restless, crowd, live_on, until_it_calls, until_it_polls, until_settled
from tests.telegram.nursery import Nursery
from tests.telegram.process import ECHO, TUIDAN, BotProcess, settings
from tests.telegram.town import town
from tests.telegram.trouble import Trouble

PERSONS = 20
PAUSE = 0.04
"""Mean seconds between two deeds, of whomever."""
WHILE_STARTING = 0.2
"""The share of the kills that come before it works."""
COLD = 0.1
"""The share of the starts that are made by the command itself, which loads its library for seconds."""
LONGEST_LIFE = 1.2
"""Seconds of work before a kill: a burst has ended by then, was answered, and the next is on its way."""


async def killed(
    kills: int, seed: int, folder: Path, command: tuple[str, ...] = TUIDAN, **more: str
) -> dict[str, int]:
    """Kill as often, then judge; what was counted. Raises AssertionError where a promise is broken."""
    chance, began = random.Random(seed), time.monotonic()
    database = folder / "bot.db"
    async with town(seed=seed) as (people, api):
        api.troubles.add(Trouble("cut_after", "sendMessage", times=kills * 10, chance=0.01))
        environment = settings(api.url, api.token, DB=str(database), **more)
        stop = asyncio.Event()
        async with Nursery(command, environment, folder / "log") as bot:
            persons = [Restless(person, api, chance) for person in crowd(people, PERSONS)]
            await until_it_polls(api, bot)
            living = asyncio.create_task(live_on(persons, chance, api, database, pause=PAUSE, stop=stop))
            for _ in range(kills):
                await _some_moment(api, bot, chance)
                await bot.kill()
                await bot.start(cold=chance.random() < COLD)
            await until_it_polls(api, bot)
            stop.set()
            done = await living
            await until_settled(api, database)
        repeats = judges.kept_promises(database, api, f"seed {seed}")
        assert len(api.updates.accepted) == done, f"seed {seed}: {done}, {len(api.updates.accepted)} accepted"
        counted = {"kills": kills, "cold starts": bot.cold, "updates": done, "messages sent again": repeats}
        return counted | {"seconds": round(time.monotonic() - began)}


async def _some_moment(api: BotApi, bot: BotProcess, chance: random.Random) -> None:
    if chance.random() < WHILE_STARTING:
        await until_it_calls(api, bot)
        await asyncio.sleep(chance.uniform(0, 0.5))
    else:
        await until_it_polls(api, bot)
        await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))


if __name__ == "__main__":
    court.hold(
        __doc__,
        lambda given, folder, command: killed(given.kills, given.seed, folder, command),
        ECHO,
        promise="every promise kept",
        kills=200,
    )
