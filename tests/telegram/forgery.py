"""Everything that someone who is not the claimer might try, tried: nothing of it may have an effect.

python -m tests.telegram.forgery
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.telegram import judges
from tests.telegram.chats import Json
from tests.telegram.claims import BUTTON, WISH
from tests.telegram.load import until_it_polls
from tests.telegram.process import CLERK, TUIDAN, BotProcess, settings
from tests.telegram.town import STAFF_CHAT, Town, buttons, content, town

FOREIGN_CHAT = STAFF_CHAT - 77
COMMANDS = (
    "/claim",
    "/release",
    "/close",
    "/note 假的",
    "/card",
    "/canned 您好",
    "/snooze 2h",
    "/ban",
    "/unban",
)
JUNK = (
    "",
    "v1",
    "v1:0",
    "v999999999999999999:1",
    "claim:",
    "x" * 64,
    "字" * 21,
    "desk:1:close",
    "{}",
    "null",
)


class Case:
    """A conversation that 小李 has claimed, and everyone who would like to have it."""

    def __init__(self, people: Town, database: Path, card: Json, topic: int) -> None:
        self.people = people
        self.database = database
        self.card = card
        self.topic = topic
        self.person = people.person("小王")
        self.agent = people.staff("小李")
        self.other = people.staff("小赵")
        self.gone = people.staff("离职的")
        self.outsider = people.person("外人")

    async def attempts(self) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
        """What is tried, by name."""
        card, data = self.card, list(buttons(self.card).values())
        own = await self.outsider.writes("我的")
        elsewhere = {**card, "chat": {"id": FOREIGN_CHAT, "type": "supergroup", "title": "别处"}}
        tried: list[tuple[str, Callable[[], Awaitable[object]]]] = []
        for each in data:
            tried += [
                (f"an outsider presses {each}", _later(self.outsider.forges, card, each)),
                (f"an outsider presses {each} in their own chat", _later(self.outsider.forges, own, each)),
                (
                    f"an outsider presses {each} in another group",
                    _later(self.outsider.forges, elsewhere, each),
                ),
                (f"who has left presses {each}", _later(self.gone.forges, card, each)),
                (f"the person presses {each}", _later(self.person.forges, card, each)),
            ]
        tried.append(("a claim is replayed by another agent", _later(self.other.presses, BUTTON, None, card)))
        tried += [
            (f"junk {junk!r} from staff", _later(self.other.forges, card, junk)) for junk in JUNK if junk
        ]
        for command in COMMANDS:
            tried += [
                (f"an outsider writes {command} to the bot", _later(self.outsider.writes, command)),
                (
                    f"an outsider writes {command} in another group",
                    _later(self.outsider.writes, command, self.topic, None, FOREIGN_CHAT),
                ),
                (
                    f"an agent writes {command} in private",
                    _later(self.other.writes, command, None, None, self.other.user),
                ),
            ]
        tried += [
            ("another agent writes in the topic", _later(self.other.writes, "我不是接手的人", self.topic)),
            ("the claimer writes an internal line", _later(self.agent.writes, "// 内部说明", self.topic)),
            ("the claimer writes in the group's main thread", _later(self.agent.writes, "串了", None)),
            ("the claimer writes in a thread of nobody", _later(self.agent.writes, "串了", 999_999)),
            (
                "the claimer's topic number in another group",
                _later(self.agent.writes, "串了", self.topic, None, FOREIGN_CHAT),
            ),
            ("who has left writes in the topic", _later(self.gone.writes, "我还在", self.topic)),
        ]
        return tried


def _later(act: Callable[..., Awaitable[object]], *args: object) -> Callable[[], Awaitable[object]]:
    return lambda: act(*args)


async def forged(folder: Path, command: tuple[str, ...] = TUIDAN, **more: str) -> dict[str, int]:
    """Try all of it; AssertionError names the attempt that had an effect."""
    database, log = folder / "bot.db", folder / "log"
    async with town() as (people, api):
        await people.place.add_group(FOREIGN_CHAT, "别处", True)
        environment = settings(
            api.url, api.token, DB=str(database), STAFF_CHAT=str(STAFF_CHAT), HOURS="always", **more
        )
        async with BotProcess(command, environment, log) as bot:
            await until_it_polls(api, bot)
            case = await _claimed_case(people, database)
            tried = await case.attempts()
            for name, attempt in tried:
                before = judges.desk(database, case.person.chat)
                told = await case.person.texts()
                press = await attempt()
                if hasattr(press, "answered"):
                    await press.answered()
                await _fence(case, told)
                after = judges.desk(database, case.person.chat)
                assert after == before, f"{name} changed the desk: {before} → {after}"
            refused = sum("refus" in line for line in log.read_text("utf-8").splitlines())
        return {"attempts": len(tried), "logged": refused}


async def _claimed_case(people: Town, database: Path) -> Case:
    person, agent = people.person("小王"), people.staff("小李")
    await person.writes(WISH)

    async def queued() -> bool:
        return judges.desk(database, person.chat) is not None

    assert await people.until(queued), "no desk"
    desk = judges.desk(database, person.chat)
    assert desk is not None
    card = await agent.button(BUTTON, desk.topic)
    gone = people.staff("离职的")
    await gone.arrives()
    await gone.leaves()
    await people.staff("小赵").arrives()
    await (await agent.presses(BUTTON, on=card)).answered()
    await agent.writes("您好", desk.topic)
    await person.hears("您好")
    return Case(people, database, card, desk.topic)


async def _fence(case: Case, told: list[str]) -> None:
    """The claimer's word gets through after the attempt, and nothing else has."""
    word = f"第{len(told)}句"
    await case.agent.writes(word, case.topic)
    await case.person.hears(word)
    new = [content(message) for message in await case.person.shown()][len(told) :]
    assert new == [word], f"the person was told {new}"


def main() -> None:
    """Tell how much was tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--clerk", action="store_true", help="judge the judge: the small desk instead of tuidan"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counted = asyncio.run(forged(Path(folder), CLERK if given.clerk else TUIDAN))
    sys.stdout.write(
        ", ".join(f"{value} {name}" for name, value in counted.items()) + ": none had an effect\n"
    )


if __name__ == "__main__":
    main()
