"""kill -9 at random moments under load, with restarts.

python -m tests.telegram.kill --kills 200 --seed 1
"""

import asyncio
import random
from argparse import Namespace
from pathlib import Path

from tests.telegram import court, judges
from tests.telegram.botapi import BotApi
from tests.telegram.load import Restless, crowd, live_on, until_it_calls, until_it_polls, until_settled
from tests.telegram.process import ECHO, TUIDAN, BotProcess, settings
from tests.telegram.town import town
from tests.telegram.trouble import Trouble

PERSONS = 20
PAUSE = 0.04
"""Mean seconds between two deeds, of whomever; they wait for an answer now and then."""
WHILE_STARTING = 0.2
"""The share of the kills that come before it works."""
LONGEST_LIFE = 1.2
"""Seconds of work before a kill: a burst has ended by then, was answered, and the next is on its way."""


async def killed(
    kills: int, seed: int, folder: Path, command: tuple[str, ...] = TUIDAN, **more: str
) -> dict[str, int]:
    """Kill as often, then judge; what was counted. Raises AssertionError where a promise is broken."""
    chance = random.Random(seed)
    folder.mkdir(exist_ok=True)
    database = folder / "bot.db"
    async with town(seed=seed) as (people, api):
        api.troubles.add(Trouble("cut_after", "sendMessage", times=kills * 10, chance=0.01))
        environment = settings(api.url, api.token, DB=str(database), **more)
        stop = asyncio.Event()
        async with BotProcess(command, environment, folder / "log") as bot:
            persons = [Restless(person, api, chance) for person in crowd(people, PERSONS)]
            living = asyncio.create_task(live_on(persons, chance, PAUSE, stop))
            for _ in range(kills):
                await _some_moment(api, bot, chance)
                await bot.kill()
                await bot.start()
            await until_it_polls(api, bot)
            stop.set()
            done = await living
            await until_settled(api, database)
        repeats = judges.kept_promises(database, api, f"seed {seed}")
        assert len(api.updates.accepted) == done, f"seed {seed}: {done}, {len(api.updates.accepted)} accepted"
        return {"kills": kills, "updates": done, "repeats": repeats, "starts": bot.starts}


async def _some_moment(api: BotApi, bot: BotProcess, chance: random.Random) -> None:
    if chance.random() < WHILE_STARTING:
        await until_it_calls(api, bot)
        await asyncio.sleep(chance.uniform(0, 0.5))
    else:
        await until_it_polls(api, bot)
        await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))


async def _side_by_side(given: Namespace, folder: Path, command: tuple[str, ...]) -> dict[str, int]:
    """As many towns as asked for, each with its share of the kills: a start takes seconds of one core."""
    shares = [given.kills // given.towns + (n < given.kills % given.towns) for n in range(given.towns)]
    towns = [
        killed(share, given.seed + number, folder / str(number), command)
        for number, share in enumerate(shares)
    ]
    counted = await asyncio.gather(*towns)
    return {name: sum(each[name] for each in counted) for name in counted[0]}


if __name__ == "__main__":
    court.hold(__doc__, _side_by_side, ECHO, promise="every promise kept", kills=200, towns=2)
