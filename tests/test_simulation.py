"""A quick sample of simulated persons; the whole run is `python -m tests.simulation`."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import chinese_calendar
import pytest

from tests.simulation.cases import SHANGHAI, draw
from tests.simulation.expected import Hidden
from tests.simulation.judge import judge
from tests.simulation.oracle import expect
from tests.simulation.persons import Person
from tests.simulation.report import right, table, transcript
from tests.simulation.simulate import BotProcess, cast, run
from tests.simulation.workdays import is_working

FLOOR = 0.85
"""The share that is right today; the aim is 0.95."""
NOW = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)


def test_the_hand_written_calendar_agrees_with_the_published_one() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [is_working(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]


@pytest.mark.parametrize(
    ("product", "hours", "verdict", "fee"),
    [
        ("train_ticket", 48, "allowed", "0"),
        ("train_ticket", 30, "allowed", "57.00"),
        ("train_ticket", 24, "allowed", "57.00"),
        ("train_ticket", 6, "allowed", "190.00"),
        ("movie_ticket", 2, "allowed", "0"),
        ("movie_ticket", 1, "denied", "380.00"),
        ("scenic_ticket", 168, "allowed", "0"),
        ("scenic_ticket", 23, "allowed", "190.00"),
    ],
)
def test_the_oracle_reads_the_ladders_of_the_contract(
    product: str, hours: int, verdict: str, fee: str
) -> None:
    slots = {"product": product, "amount": "380.00", "delivery_status": "none"}
    slots["event_time"] = (NOW + timedelta(hours=hours)).isoformat()
    expected = expect(Hidden("", "request_refund", NOW, slots))
    assert verdict in expected.verdict
    assert Decimal(fee) in expected.fee
    assert Decimal("1.23") not in expected.fee


def test_a_seed_says_the_same_words_again() -> None:
    def opening(seed: int) -> str:
        return Person(draw(Random(seed)), seed).open().text

    first = [opening(seed) for seed in range(200)]
    assert first == [opening(seed) for seed in range(200)]
    assert len(set(first)) > 190


def test_simulated_persons_are_served_right(tmp_path: Path) -> None:
    """At least `FLOOR` of them are right, with at most four messages in the median."""
    talks, _ = run(cast(150, seed=20260306), tmp_path)
    results = [(talk, judge(talk)) for talk in talks]
    wrong = [item for item in results if not right(item[1])]
    shown = "\n".join(transcript(*item) for item in wrong[:5])
    assert len(wrong) <= (1 - FLOOR) * len(results), f"{shown}\n{table(results)}"
    turns = sorted(talk.turns or 10 for talk in talks)
    assert turns[len(turns) // 2] <= 4


def test_the_same_lines_bring_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    people = [person for person in cast(30, seed=11) if person[1].truth.order is None]
    _, first = run(people, tmp_path, hash_seed="1")
    with BotProcess(hash_seed="2") as second:
        assert [second.send(line) for line, _ in first.lines] == [answer for _, answer in first.lines]
