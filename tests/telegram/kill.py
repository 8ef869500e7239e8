"""kill -9 at random moments under load, with restarts.

python -m tests.telegram.kill --kills 200 --seed 1
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.telegram import judges
from tests.telegram.load import crowd, until_it_polls, until_settled, write_on
from tests.telegram.process import ECHO, TUIDAN, BotProcess, settings
from tests.telegram.town import town
from tests.telegram.trouble import Trouble

PERSONS = 20
PAUSE = 0.08
"""Mean seconds between two messages, of whomever; a chat is answered once a second, and else falls behind."""


async def killed(
    kills: int, seed: int, folder: Path, command: tuple[str, ...] = TUIDAN, **more: str
) -> dict[str, int]:
    """Kill as often, then judge; what was counted. Raises AssertionError where a promise is broken."""
    chance = random.Random(seed)
    database = folder / "bot.db"
    async with town(seed=seed) as (people, api):
        api.troubles.add(Trouble("cut_after", "sendMessage", times=kills * 10, chance=0.01))
        environment = settings(api.url, api.token, DB=str(database), **more)
        stop = asyncio.Event()
        async with BotProcess(command, environment, folder / "log") as bot:
            writing = asyncio.create_task(write_on(crowd(people, PERSONS), chance, PAUSE, stop))
            for _ in range(kills):
                if chance.random() < 0.8:  # else it is killed while it starts
                    await until_it_polls(api, bot)
                await asyncio.sleep(chance.uniform(0, 0.6))
                await bot.kill()
                await bot.start()
            await until_it_polls(api, bot)
            stop.set()
            written = await writing
            await until_settled(api, database, max(120.0, 2.0 * kills))
        note = f"seed {seed}"
        judges.sound(database)
        judges.each_once(database, api.updates.first_given, note)
        judges.in_order(database, note)
        repeats = judges.said_in_order(database, api, note)
        assert len(api.updates.accepted) == written, (
            f"{note}: {written} written, {len(api.updates.accepted)} accepted"
        )
        return {"kills": kills, "messages": written, "repeats": repeats, "starts": bot.starts}


def main() -> None:
    """Print the seed first, for what goes wrong must be found again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--echo", action="store_true", help="judge the judge: the echo bot instead of tuidan")
    given = parser.parse_args()
    sys.stdout.write(f"seed {given.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        command = ECHO if given.echo else TUIDAN
        counted = asyncio.run(killed(given.kills, given.seed, Path(folder), command))
    sys.stdout.write(
        ", ".join(f"{value} {name}" for name, value in counted.items()) + ": every promise kept\n"
    )


if __name__ == "__main__":
    main()
