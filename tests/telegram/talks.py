"""Many conversations at once on one core.

python -m tests.telegram.talks --persons 200 --minutes 3
"""

import asyncio
import random
from pathlib import Path

from bot.channels.telegram.conversations import QUIET_SECONDS
from tests.telegram import court, judges
from tests.telegram.load import WORDS, crowd, until_it_polls, until_settled
from tests.telegram.neighbours import Neighbours
from tests.telegram.process import ECHO, TUIDAN, BotProcess, settings
from tests.telegram.town import Someone, town

SLOWEST = 0.5
"""Seconds from an update to the reply's request that 99 of 100 stay under, on a machine that does no more."""
MOST_MEMORY = 400 * 2**20
MOST_GROWTH = 0.05
"""Share by which the memory's mean may rise from the second quarter of the time to the last."""
THINKING = 8.0
"""Mean seconds that a person takes before they write again."""
SHORTEST_THOUGHT = 1.5
"""Seconds at least: what comes within about a second is one burst, and waits on purpose to be whole."""
LOOKS = 0.5
"""Seconds between two looks at the memory and the machine."""
CORE = 0


async def talked(
    persons: int, seconds: float, seed: int, folder: Path, command: tuple[str, ...] = TUIDAN, **more: str
) -> dict[str, float]:
    """Talk for so long, then judge; what was measured. AssertionError where a bar is missed."""
    database = folder / "bot.db"
    async with town(seed=seed) as (people, api):
        pace = {"MESSAGES_A_SECOND": "1000"}  # Telegram's own is not what is measured
        environment = settings(api.url, api.token, DB=str(database), **pace, **more)
        memory: list[int] = []
        async with BotProcess(command, environment, folder / "log", core=CORE) as bot:
            await until_it_polls(api, bot)
            machine = Neighbours(bot.pid, folder)
            clock = asyncio.get_running_loop().time
            end = clock() + seconds
            async with asyncio.TaskGroup() as tasks:
                for number, person in enumerate(crowd(people, persons)):
                    tasks.create_task(_talk(person, random.Random(f"{seed}-{number}"), end))
                while clock() < end:
                    memory.append(bot.memory())
                    await machine.look()
                    await asyncio.sleep(LOOKS)
            crowding, allowed = machine.crowding(), machine.allowed(QUIET_SECONDS, SLOWEST)
            await until_settled(api, database)
            memory.append(bot.memory())
        waits = judges.replied_after(api)
        judges.each_once(database, api.updates.first_given, f"seed {seed}")
        first, second, third, last = _means(memory, 4)
        told = {
            "messages": len(api.updates.first_given),
            "replies": len(waits),
            "ms p50": _ms(judges.percentile(waits, 0.5)),
            "ms p99": _ms(judges.percentile(waits, 0.99)),
            "ms p99 allowed here": _ms(allowed),
            "times as long as it ran it waited for a core": round(crowding, 2),
            "ms p99 of the disk's writes": _ms(machine.slow_sync()),
            "MB at most": _mb(max(memory)),
            "MB in the first quarter": _mb(first),
            "MB in the second": _mb(second),
            "MB in the third": _mb(third),
            "MB in the last": _mb(last),
        }
        assert len(waits) == told["messages"], f"unanswered messages: {told}"
        assert judges.percentile(waits, 0.99) < allowed, f"too slow: {told}"
        assert max(memory) < MOST_MEMORY, f"too large: {told}"
        assert last < (1 + MOST_GROWTH) * second, f"it grows: {told}"
        return told


def _means(values: list[int], parts: int) -> list[float]:
    size = len(values) // parts
    return [sum(values[n * size : (n + 1) * size]) / size for n in range(parts)]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _mb(size: float) -> float:
    return round(size / 2**20, 1)


async def _talk(person: Someone, chance: random.Random, end: float) -> None:
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(chance.uniform(0, min(THINKING, end - clock())))
    while clock() < end:
        await person.writes(chance.choice(WORDS))
        thought = max(SHORTEST_THOUGHT, chance.expovariate(1 / THINKING))
        await asyncio.sleep(min(thought, max(0.0, end - clock())))


if __name__ == "__main__":
    court.hold(
        __doc__,
        lambda given, folder, command: talked(given.persons, 60 * given.minutes, given.seed, folder, command),
        ECHO,
        promise="every bar kept",
        persons=200,
        minutes=3.0,
    )
