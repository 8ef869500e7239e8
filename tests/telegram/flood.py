"""Thousands of updates, many of them twice and out of turn.

python -m tests.telegram.flood --updates 10000
"""

import random
import time
from pathlib import Path

from tests.telegram import court, judges
from tests.telegram.chats import Json
from tests.telegram.load import WORDS, crowd, until_settled
from tests.telegram.process import ECHO, TUIDAN, BotProcess, settings
from tests.telegram.town import town

PERSONS = 100
DUPLICATES = 0.3
FARTHEST = 500
"""Deliveries by which an update is later than its number says, or comes once more."""


def disturbed(updates: list[Json], chance: random.Random) -> list[Json]:
    """Another order across people, the same within each, and a share of them once more, somewhere later."""
    waiting: dict[int, list[Json]] = {}
    places: list[tuple[float, int]] = []
    for number, update in enumerate(updates):
        person = update["message"]["chat"]["id"]
        waiting.setdefault(person, []).append(update)
        places.append((number + chance.uniform(0, FARTHEST), person))
    placed = [(place, waiting[person].pop(0)) for place, person in sorted(places)]
    again = [
        (place + chance.uniform(0, FARTHEST), update)
        for place, update in chance.sample(placed, int(len(placed) * DUPLICATES))
    ]
    return [update for _, update in sorted([*placed, *again], key=lambda entry: entry[0])]


async def flooded(
    updates: int, seed: int, folder: Path, command: tuple[str, ...] = TUIDAN, **more: str
) -> dict[str, float]:
    """Deliver, wait until all is done, judge; what was counted. AssertionError where a promise is broken."""
    chance = random.Random(seed)
    database = folder / "bot.db"
    async with town(seed=seed) as (people, api):
        api.updates.hold()
        persons = crowd(people, PERSONS)
        for _ in range(updates):
            await chance.choice(persons).writes(chance.choice(WORDS))
        order = disturbed([entry.update for entry in api.updates.waiting], chance)
        api.updates.waiting.clear()
        api.updates.deliver(*order)
        environment = settings(api.url, api.token, DB=str(database), **more)
        async with BotProcess(command, environment, folder / "log"):
            began = time.monotonic()
            api.updates.release()
            await until_settled(api, database, max(120.0, updates / 20))
        repeats = judges.kept_promises(database, api, f"seed {seed}")
        assert len(api.updates.first_given) == updates
        seconds = round(time.monotonic() - began, 1)
        return {"updates": updates, "deliveries": len(order), "repeats": repeats, "seconds": seconds}


if __name__ == "__main__":
    court.hold(
        __doc__,
        lambda given, folder, command: flooded(given.updates, given.seed, folder, command),
        ECHO,
        promise="every promise kept",
        updates=10_000,
    )
