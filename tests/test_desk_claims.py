"""Agents who press at the same moment, on one real database: one has it, the others are told who."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from bot.desk.desk import StaffDesk
from bot.desk.hours import read_hours
from bot.desk.result import Agent, Done
from bot.store.sqlite import SqliteStore
from tests.desk import CHAT, LI, MORNING, Office, why

AGENTS = 2


def press(database: Path, names: tuple[str, ...], agent: Agent, now: datetime) -> dict[str, bool]:
    """Claim them one after the other, as an agent's own process or thread would; which were got."""
    store = SqliteStore(database)
    desk = StaffDesk(store, [CHAT], read_hours("always"))
    got = {}
    for name in names:
        result = desk.claim(name, agent, now)
        got[name] = isinstance(result, Done)
        if not got[name]:
            assert why(result) == "taken"
            assert result.desk is not None
            assert result.desk.agent not in {None, agent.id}
    store.close()
    return got


def queued(path: Path, count: int) -> tuple[str, ...]:
    office = Office(path)
    office.store._db.conn.execute("PRAGMA synchronous = OFF")
    names = tuple(f"c{number}" for number in range(count))
    for name in names:
        office.bot_says(name, "机器人还没发出去的话")
        office.hand_over(name)
    office.store.close()
    return names


def agents() -> list[Agent]:
    return [Agent(f"agent-{number}", f"客服{number}") for number in range(AGENTS)]


def judge(path: Path, names: tuple[str, ...], got: list[dict[str, bool]]) -> None:
    office = Office(path)
    for name in names:
        winners = [agent.id for agent, mine in zip(agents(), got, strict=True) if mine[name]]
        assert winners == [office.at(name).agent]
        assert office.at(name).epoch == 1
        assert office.kinds(name) == ["desk.queued", "desk.claimed"]
        assert len(office.to_person(name)) == 1, "the greeting of who has it, and nothing of the bot"
        assert office.to_person(name)[0].startswith("同事")
    office.store.close()


def test_two_threads_claim_a_hundred_conversations(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    names = queued(path, 100)
    with ThreadPoolExecutor(AGENTS) as pool:
        got = list(pool.map(lambda agent: press(path, names, agent, MORNING), agents()))
    judge(path, names, got)


@pytest.mark.slow
def test_two_processes_claim_a_thousand_conversations(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    names = queued(path, 1000)
    with multiprocessing.get_context("spawn").Pool(AGENTS) as pool:
        got = pool.starmap(press, [(path, names, agent, MORNING) for agent in agents()])
    judge(path, names, got)


@pytest.mark.slow
def test_two_agents_claim_the_same_conversation_a_thousand_times(tmp_path: Path) -> None:
    """Claimed by one of two threads and closed by it, over and over, while the bot goes on queueing words."""
    path, wins = tmp_path / "desk.db", {agent.id: 0 for agent in agents()}
    office = Office(path)
    office.hand_over("c1")
    start, end = threading.Barrier(AGENTS + 1), threading.Barrier(AGENTS + 1)
    results: dict[str, bool] = {}

    def compete(agent: Agent) -> None:
        store = SqliteStore(path)
        desk = StaffDesk(store, [CHAT], read_hours("always"))
        for _ in range(1000):
            start.wait(60)
            results[agent.id] = isinstance(desk.claim("c1", agent, MORNING), Done)
            end.wait(60)
        store.close()

    with ThreadPoolExecutor(AGENTS) as pool:
        running = [pool.submit(compete, agent) for agent in agents()]
        for turn in range(1, 1001):
            start.wait(60)
            end.wait(60)
            [winner] = [agent for agent in agents() if results[agent.id]]
            wins[winner.id] += 1
            assert (office.at().agent, office.at().epoch) == (winner.id, turn)
            assert office.to_person() == [f"同事**{winner.name}**来了，直接说就行。"]
            office.desk.release("c1", winner, MORNING)
            office.bot_says("c1", "机器人接着说")
            office.hand_over("c1")
        assert [task.result() for task in running] == [None] * AGENTS
    assert sum(wins.values()) == 1000
    office.store.close()


def test_one_topic_and_one_number_under_concurrent_hands(tmp_path: Path) -> None:
    """Ten threads hand ten conversations over and make a topic for each: every one has one of each."""
    path = tmp_path / "desk.db"
    Office(path).store.close()
    names = [f"c{number}" for number in range(10)]

    def everything(topic: int) -> int:
        office = Office(path)
        office.updates = 1000 * topic
        made = 0
        for name in names:
            office.hand_over(name)
            made += isinstance(office.desk.topic_made(name, 100 * topic + int(name[1:]), MORNING), Done)
        office.store.close()
        return made

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(everything, range(1, 5))) == len(names)
    office = Office(path)
    desks = [office.at(name) for name in names]
    assert sorted(desk.number for desk in desks) == list(range(1, 11))
    assert len({desk.topic for desk in desks}) == 10
    assert all(office.kinds(name).count("desk.queued") == 1 for name in names)
    assert isinstance(office.desk.claim("c1", LI, MORNING), Done)
    office.store.close()
