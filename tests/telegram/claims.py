"""Two agents press the same button at once while the person writes on.

python -m tests.telegram.claims --rounds 1000
"""

import asyncio
import random
import time
from pathlib import Path

from tests.telegram import court, judges
from tests.telegram.botapi import BotApi
from tests.telegram.load import until_it_polls, until_queued
from tests.telegram.process import CLERK, TUIDAN, BotProcess, settings
from tests.telegram.town import STAFF_CHAT, Someone, Town, town

GROUPS = 50
"""Staff groups that share the conversations: one carries 20 messages a minute."""
AT_ONCE = 50
WISH, BUTTON = "转人工", "接手"


async def claimed(
    rounds: int, seed: int, folder: Path, command: tuple[str, ...] = TUIDAN, **more: str
) -> dict[str, float]:
    """Have it claimed as often, each time another conversation; AssertionError where a promise is broken."""
    chance = random.Random(seed)
    database = folder / "bot.db"
    async with town(seed=seed) as (people, api):
        people.patience = 120.0
        groups = [STAFF_CHAT - number for number in range(GROUPS)]
        for group in groups[1:]:
            await people.place.add_group(group, f"客服{group}", True)
        chats = ",".join(str(group) for group in groups)
        environment = settings(api.url, api.token, DB=str(database), STAFF_CHAT=chats, HOURS="always", **more)
        async with BotProcess(command, environment, folder / "log") as bot:
            await until_it_polls(api, bot)
            began = time.monotonic()
            room = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as tasks:
                for number in range(rounds):
                    await room.acquire()
                    person = people.person(f"第{number}位")
                    task = tasks.create_task(_round(people, api, database, person, chance))
                    task.add_done_callback(lambda _: room.release())
        return {"claims": rounds, "seconds": round(time.monotonic() - began, 1)}


async def _round(people: Town, api: BotApi, database: Path, person: Someone, chance: random.Random) -> None:
    await person.writes(WISH)
    queued = await until_queued(people, database, person)
    agents = [people.staff(f"{name}{queued.staff_chat}", queued.staff_chat) for name in ("小李", "小赵")]
    card = await agents[0].button(BUTTON, queued.topic)
    acts = [_press(agents[0], card), _press(agents[1], card), _write(person, 1), _write(person, 2)]
    chance.shuffle(acts)
    answers = [said for said in await asyncio.gather(*acts) if said is not None]
    moment = max(at for _, _, at in answers)
    desk = judges.desk(database, person.chat)
    assert desk is not None
    note = f"{person.name}: {desk}, {answers}"
    assert desk.state == "human", note
    assert judges.claims(database, person.chat) == 1, note
    winner, loser = sorted(agents, key=lambda agent: agent.name != desk.agent_name)
    assert winner.name == desk.agent_name, note
    told = {agent: text for agent, text, _ in answers}
    assert winner.name in told[loser.name], f"the loser is not told who has it: {note}"
    await _write(person, 3)
    await winner.writes("我来处理", desk.topic)
    await person.hears("我来处理")
    judges.silent_after(database, api, person.chat, moment)


async def _press(agent: Someone, card: dict[str, object]) -> tuple[str, str, float]:
    answer = await (await agent.presses(BUTTON, on=card)).answered()
    return agent.name, answer, time.perf_counter()


async def _write(person: Someone, number: int) -> None:
    await person.writes(f"喂{number}")


if __name__ == "__main__":
    court.hold(
        __doc__,
        lambda given, folder, command: claimed(given.rounds, given.seed, folder, command),
        CLERK,
        promise="one winner each",
        rounds=1000,
    )
