"""Many conversations at once on one core.

python -m tests.telegram.talks --persons 200 --seconds 180
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.telegram import judges
from tests.telegram.load import WORDS, crowd, until_it_polls, until_settled
from tests.telegram.process import ECHO, TUIDAN, BotProcess, settings
from tests.telegram.town import Someone, town

SLOWEST = 0.5
"""Seconds from an update to the reply's request that 99 of 100 stay under."""
MOST_MEMORY = 400 * 2**20
MOST_GROWTH = 0.1
"""Share by which the memory's mean may rise from the second quarter of the time to the last."""
THINKING = 8.0
"""Mean seconds that a person takes before they write again."""
SHORTEST_THOUGHT = 1.5
"""Seconds at least: what comes within about a second is one burst, and waits on purpose to be whole."""
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
            end = asyncio.get_running_loop().time() + seconds
            async with asyncio.TaskGroup() as tasks:
                for number, person in enumerate(crowd(people, persons)):
                    tasks.create_task(_talk(person, random.Random(f"{seed}-{number}"), end))
                while asyncio.get_running_loop().time() < end:
                    memory.append(bot.memory())
                    await asyncio.sleep(0.5)
            await until_settled(api, database)
            memory.append(bot.memory())
        waits = judges.replied_after(api)
        judges.each_once(database, api.updates.first_given, f"seed {seed}")
        quarter = len(memory) // 4
        early, late = memory[quarter : 2 * quarter], memory[-quarter:]
        growth = (sum(late) / len(late)) / (sum(early) / len(early)) - 1
        told = {
            "messages": len(api.updates.first_given),
            "replies": len(waits),
            "p50_ms": round(judges.percentile(waits, 0.5) * 1000, 1),
            "p99_ms": round(judges.percentile(waits, 0.99) * 1000, 1),
            "memory_mb": round(max(memory) / 2**20, 1),
            "growth_percent": round(growth * 100, 1),
        }
        assert len(waits) == told["messages"], f"unanswered messages: {told}"
        assert judges.percentile(waits, 0.99) < SLOWEST, f"too slow: {told}"
        assert max(memory) < MOST_MEMORY, f"too large: {told}"
        assert growth < MOST_GROWTH, f"it grows: {told}"
        return told


async def _talk(person: Someone, chance: random.Random, end: float) -> None:
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(chance.uniform(0, min(THINKING, end - clock())))
    while clock() < end:
        await person.writes(chance.choice(WORDS))
        thought = max(SHORTEST_THOUGHT, chance.expovariate(1 / THINKING))
        await asyncio.sleep(min(thought, max(0.0, end - clock())))


def main() -> None:
    """Tell what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--echo", action="store_true", help="judge the judge: the echo bot instead of tuidan")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = ECHO if given.echo else TUIDAN
        told = asyncio.run(talked(given.persons, given.seconds, given.seed, Path(folder), command))
    sys.stdout.write("\n".join(f"{name:>15} {value}" for name, value in told.items()) + "\n")


if __name__ == "__main__":
    main()
