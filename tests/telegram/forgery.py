"""Everything that someone who is not the claimer might try, tried: refused, logged, and without an effect.

python -m tests.telegram.forgery
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.telegram import court, judges
from tests.telegram.attempts import FOREIGN_CHAT, Attempt, Case
from tests.telegram.botapi import BotApi
from tests.telegram.claims import BUTTON, WISH
from tests.telegram.load import until_it_polls, until_queued
from tests.telegram.process import CLERK, TUIDAN, BotProcess, settings
from tests.telegram.town import STAFF_CHAT, Press, Town, content, town

REFUSED = "staff.refused"
"""The log's event that tells of an attempt."""


async def forged(folder: Path, command: tuple[str, ...] = TUIDAN, **more: str) -> dict[str, int]:
    """Try all of it; AssertionError names what had an effect, or was not logged."""
    database, log = folder / "bot.db", folder / "log"
    async with town() as (people, api):
        await people.place.add_group(FOREIGN_CHAT, "别处", True)
        staffed = {"STAFF_CHAT": str(STAFF_CHAT), "HOURS": "always", "LOG": "json", **more}
        async with BotProcess(command, settings(api.url, api.token, DB=str(database), **staffed), log) as bot:
            await until_it_polls(api, bot)
            court_room = _Court(people, api, database, log, await _claimed_case(people, database))
            tried = await court_room.case.attempts()
            for _, kind in groupby(tried, key=lambda attempt: attempt.kind):
                await court_room.try_all(list(kind))
            refused = sum(attempt.reason is not None for attempt in tried)
        return {"attempts": len(tried), "of them refused and logged": refused}


@dataclass(frozen=True)
class _Court:
    people: Town
    api: BotApi
    database: Path
    log: Path
    case: Case

    async def try_all(self, attempts: list[Attempt]) -> None:
        """One after the other; each press is looked at by itself, words only when all are through."""
        before, told = self._desks(), await self.case.person.texts()
        reasons: dict[int, Attempt] = {}
        for attempt in attempts:
            done = await attempt.act()
            reasons[self.api.updates.newest] = attempt
            if isinstance(done, Press):
                await done.answered()
                assert self._desks() == before, f"{attempt.name} changed the desk: {before}"
        await self._logged(reasons)
        names = "; ".join(attempt.name for attempt in attempts)
        word = f"第{len(told)}句"
        await self.case.agent.writes(word, self.case.topic)
        await self.case.person.hears(word)
        new = [content(message) for message in await self.case.person.shown()][len(told) :]
        assert new == [word], f"the person was told {new} after {names}"
        assert self._desks() == before, f"one of them changed the desk {before}: {names}"

    async def _logged(self, wanted: Mapping[int, Attempt]) -> None:
        """Each that is to be refused is in the log, with why; what nobody tried is not."""

        async def told() -> bool:
            return {n for n, attempt in wanted.items() if attempt.reason} <= dict(self._refusals()).keys()

        complete, logged = await self.people.until(told), dict(self._refusals())
        missing = [it.name for n, it in wanted.items() if it.reason and n not in logged]
        assert complete, f"not logged: {missing}"
        for number, attempt in wanted.items():
            found = logged.get(number)
            assert found in {attempt.reason, ""}, f"{attempt.name}: {found} logged, not {attempt.reason}"

    def _refusals(self) -> Iterator[tuple[int, str | None]]:
        """Numbers of the updates that were refused, and why; the stand-in does not tell why."""
        for line in self.log.read_text("utf-8").splitlines():
            told = json.loads(line) if line.startswith("{") else {}
            if told.get("event") == REFUSED:
                yield told["update"], told.get("reason", "")

    def _desks(self) -> tuple[object, ...]:
        persons = (self.case.person, self.case.waiting)
        return (*(judges.desk(self.database, it.chat) for it in persons), judges.deeds(self.database))


async def _claimed_case(people: Town, database: Path) -> Case:
    """小王 is with 小李, and 小红 waits."""
    person, waiting, agent = people.person("小王"), people.person("小红"), people.staff("小李")
    await person.writes(WISH)
    await waiting.writes(WISH)
    topic = (await until_queued(people, database, person)).topic
    other_topic = (await until_queued(people, database, waiting)).topic
    card, other_card = await agent.button(BUTTON, topic), await agent.button(BUTTON, other_topic)
    gone = people.staff("离职的")
    await gone.arrives()
    await gone.leaves()
    await people.staff("小赵").arrives()
    await (await agent.presses(BUTTON, on=card)).answered()
    await agent.writes("您好", topic)
    await person.hears("您好")
    await people.person("外人").arrives()
    return Case(people, card, topic, other_card, other_topic)


if __name__ == "__main__":
    court.hold(
        __doc__, lambda _, folder, command: forged(folder, command), CLERK, promise="none had an effect"
    )
