"""People who keep writing, and waiting until a bot is done with all of it."""

import asyncio
import random
from pathlib import Path

from tests.telegram.botapi import BotApi
from tests.telegram.judges import Desk, desk, left
from tests.telegram.process import BotProcess
from tests.telegram.town import Someone, Town, buttons

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
COMMANDS = ("/help", "/start", "/privacy", "/new")
MOST_WAITING = 100
"""Updates and messages in line at which everyone waits: people write faster than a bot may, one a second."""
LONGEST_SETTLING = 120.0


class BotGoneError(AssertionError):
    """The bot under test ended by itself."""


class Restless:
    """A person who writes, presses, edits and shows pictures, as chance has it."""

    def __init__(self, person: Someone, api: BotApi, chance: random.Random) -> None:
        self._person, self._api, self._chance = person, api, chance
        self._edits = 0

    async def act(self) -> None:
        """Do something."""
        shown = self._api.sent(self._person.chat) if self._person.last else []
        under = next((message for message in reversed(shown) if buttons(message)), None)
        words = self._person.last.get("text", "/")
        match self._chance.random():
            case share if share < 0.08 and under is not None:
                await self._person.forges(under, self._chance.choice([*buttons(under).values()]))
            case share if 0.08 <= share < 0.16 and not words.startswith("/"):
                self._edits += 1  # no two of them alike: one that changes nothing has no effect
                await self._person.edits(self._person.last, self._chance.choice(WORDS) + "。" * self._edits)
            case share if 0.16 <= share < 0.2:
                await self._person.writes(self._chance.choice(COMMANDS))
            case share if 0.2 <= share < 0.24:
                await self._person.shows("photo")
            case _:
                await self._person.writes(self._chance.choice(WORDS))


def crowd(people: Town, size: int) -> list[Someone]:
    """So many persons."""
    return [people.person(f"第{number}位") for number in range(1, size + 1)]


async def live_on(
    persons: list[Restless],
    chance: random.Random,
    api: BotApi,
    database: Path,
    *,
    pause: float,
    stop: asyncio.Event,
) -> int:
    """Whoever does whatever, with pauses of this mean in seconds, until told to stop; how many deeds.

    All of them rest while too much is in line.
    """
    done = 0
    while not stop.is_set():
        if len(api.updates.waiting) + sum(left(database).values()) < MOST_WAITING:
            await chance.choice(persons).act()
            done += 1
        await asyncio.sleep(chance.expovariate(1 / pause))
    return done


async def until_it_calls(api: BotApi, bot: BotProcess) -> None:
    """Wait for whatever it asks next: after a start, before it polls. As `until_it_polls`."""
    before = len(api.calls) + api.updates.polling
    while len(api.calls) + api.updates.polling == before:
        _still_there(bot)
        await asyncio.sleep(0.01)


async def until_it_polls(api: BotApi, bot: BotProcess) -> None:
    """Wait for the bot's next getUpdates; where it ends instead, fail with the end of its log."""
    before = api.updates.polling
    while api.updates.polling == before:
        _still_there(bot)
        await asyncio.sleep(0.01)


def _still_there(bot: BotProcess) -> None:
    if bot.ended is not None:
        raise BotGoneError(f"the bot ended with {bot.ended}: {bot.log.read_text('utf-8')[-2000:]}")


async def until_queued(people: Town, database: Path, person: Someone) -> Desk:
    """Wait until who asked for a person of the staff has a desk with a topic."""
    found: list[Desk] = []

    async def there() -> bool:
        queued = desk(database, person.chat)
        found[:] = [queued] if queued else []
        return bool(found)

    assert await people.until(there), f"{person.name} never got a desk"
    return found[0]


async def until_settled(api: BotApi, database: Path, seconds: float = LONGEST_SETTLING) -> None:
    """Wait until every update is accepted, every accepted one handled and all that was decided sent."""
    end = asyncio.get_running_loop().time() + seconds
    while api.updates.waiting or not database.exists() or any(left(database).values()):
        if asyncio.get_running_loop().time() > end:
            what = f"{len(api.updates.waiting)} updates not accepted, {left(database)}"
            raise AssertionError(f"not settled after {seconds} s: {what}")
        await api.news(0.05)
