"""What `tuidan stats` counts, on a real database, and that it does not grow with what it reads."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import mind
from bot.insight import shown
from bot.insight.durations import Durations
from bot.insight.stats import Stats, stats
from bot.messages import Update
from bot.session import Session
from bot.store.memory import MemoryStore
from bot.store.protocol import Json, Store
from bot.store.sqlite import SqliteStore
from tests.desk import LI, Office

NOW = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
SOLVES = "火车票380块明天下午四点发车，票不要了，在微信退要多少手续费"
QUESTION = "截图要保留哪些"
PERSON = "我要转人工"
STRANGE = "吃饭了没"


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    store = SqliteStore(tmp_path / "tuidan.db")
    yield store
    store.close()


def say(store: Store, *lines: tuple[float, str], conversation: str = "a") -> None:
    """Messages, each so many hours after the clock of the tests."""
    session = Session(store, mind())
    for hours, text in lines:
        now = NOW + timedelta(hours=hours)
        assert session.handle(Update(now.isoformat(), conversation, "anna", "test", text, now))


def note(store: Store, hours: float, kind: str, conversation: str = "a", **data: Any) -> None:
    """An event of the staff's desk, as that writes it."""
    now = NOW + timedelta(hours=hours)
    with store.turn(Update(f"{kind}-{hours}", conversation, "anna", "test", "", now)) as tx:
        assert tx.conversation is not None
        tx.write(tx.conversation.state, [(kind, data)], [])


def endings(sums: Stats) -> dict[str, int]:
    return {str(ending): count for ending, count in sums.endings.items() if count}


def test_an_outcome_without_anybody_called_is_solved_by_the_bot_alone(store: Store) -> None:
    say(store, (0, "我想退火车票"), (0.05, SOLVES))
    sums = stats(store)
    assert (sums.conversations, sums.talks, sums.turns) == (1, 1, 2)
    assert endings(sums) == {"solved": 1}
    assert sums.to_outcome.quantile(0.5) == 180


def test_the_same_wish_within_a_week_was_not_solved_the_first_time(store: Store) -> None:
    say(store, (0, SOLVES), (30, SOLVES))
    assert endings(stats(store)) == {"came_back": 1, "solved": 1}


def test_the_same_wish_after_a_week_is_another_matter(store: Store) -> None:
    say(store, (0, SOLVES), (24 * 7 + 1, SOLVES))
    assert endings(stats(store)) == {"solved": 2}


def test_another_wish_does_not_unsolve_the_first(store: Store) -> None:
    say(store, (0, SOLVES), (30, "重新开始"), (30.1, QUESTION))
    assert endings(stats(store)) == {"solved": 2}


def test_a_talk_goes_on_until_a_pause_of_six_hours(store: Store) -> None:
    say(store, (0, SOLVES), (6, "那要是后天呢"), (12.1, STRANGE))
    assert (stats(store).talks, stats(store).turns) == (2, 3)


def test_whom_the_bot_handed_over_it_did_not_solve(store: Store) -> None:
    say(store, (0, SOLVES), (1, PERSON))
    sums = stats(store)
    assert endings(sums) == {"handed_over": 1}
    assert sums.handed_over == {"asked_for_person": 1}
    assert sums.to_staff.count == sums.to_closing.count == sums.to_outcome.count == 0


def test_the_staffs_times_count_from_the_hand_over(store: Store) -> None:
    say(store, (0, PERSON))
    note(store, 0.1, "desk.claimed")
    note(store, 0.5, "desk.agent_wrote", text="您好")
    note(store, 0.75, "desk.agent_wrote", text="办好了")
    note(store, 20, "desk.closed")
    note(store, 20.1, "desk.rated", rating=4)
    note(store, 20.2, "desk.rated", rating="many")
    sums = stats(store)
    assert (sums.talks, sums.to_staff.quantile(1), sums.to_closing.quantile(1)) == (1, 1800, 20 * 3600)
    assert sums.ratings == {4: 1}
    assert json.loads(shown.as_json(sums))["satisfaction"]["mean"] == 4.0


def test_what_the_desk_itself_writes_is_counted(tmp_path: Path) -> None:
    office = Office(tmp_path / "desk.db")
    say(office.store, (0, PERSON))
    office.desk.queue("a", "asked_for_person", office.now)
    office.desk.claim("a", LI, office.later(minutes=2))
    office.talk.agent_wrote("a", LI, "您好，我来看看。", office.later(minutes=1))
    office.desk.close("a", LI, office.later(minutes=7))
    office.desk.rate("a", 5, office.later(minutes=1))
    sums = stats(office.store)
    office.store.close()
    assert (sums.to_staff.quantile(1), sums.to_closing.quantile(1)) == (180, 600)
    assert (sums.ratings, sums.handed_over) == ({5: 1}, {"asked_for_person": 1})


def test_staff_that_take_a_talk_unasked_have_it(store: Store) -> None:
    say(store, (0, SOLVES))
    note(store, 1, "desk.claimed", by="7")
    note(store, 1.5, "desk.agent_wrote", text="您好")
    sums = stats(store)
    assert sums.handed_over == {"taken by staff": 1}
    assert (endings(sums), sums.to_staff.quantile(1)) == ({"handed_over": 1}, 1800)


def test_who_asks_for_staff_after_a_pause_begins_a_talk(store: Store) -> None:
    say(store, (0, SOLVES))
    note(store, 30, "desk.queued", reason="asked_for_person")
    note(store, 42, "desk.claimed", by="7")
    note(store, 42, "desk.agent_wrote", text="您好")
    note(store, 43, "shell.to_staff", text="谢谢")
    say(store, (48, STRANGE))
    sums = stats(store)
    assert endings(sums) == {"solved": 1, "handed_over": 1}
    assert sums.handed_over == {"asked_for_person": 1}
    assert (sums.turns, sums.to_staff.quantile(1)) == (2, 12 * 3600)


def test_what_an_edit_has_undone_is_not_counted(store: Store) -> None:
    say(store, (0, "我想退票"), (0.1, STRANGE))
    note(store, 0.2, "shell.taken_back", turn=1)
    say(store, (0.3, "火车票"))
    sums = stats(store)
    assert (sums.turns, sums.not_understood) == (2, 0)


def test_what_was_not_understood_and_what_was_wanted(store: Store) -> None:
    say(store, (0, STRANGE), (0.1, SOLVES), conversation="a")
    say(store, (0, "退款多久到账"), conversation="b")
    sums = stats(store)
    assert sums.not_understood == 1
    assert sums.moves["misunderstood"] == 1
    assert sums.intents["fee_query"] == 1
    assert "out_of_scope" not in sums.intents


def test_since_leaves_out_what_was_before(store: Store) -> None:
    say(store, (0, SOLVES), (48, STRANGE), conversation="a")
    say(store, (0, SOLVES), conversation="b")
    sums = stats(store, since=NOW + timedelta(days=1))
    assert (sums.conversations, sums.talks, sums.turns) == (1, 1, 1)
    assert endings(sums) == {"open": 1}


def test_a_talk_counts_by_its_beginning_whoever_went_on_with_it_later(store: Store) -> None:
    say(store, (0, PERSON))
    note(store, 0.1, "desk.queued", reason="asked_for_person")
    note(store, 20, "desk.claimed", by="7")
    note(store, 20, "desk.agent_wrote", text="您好")
    note(store, 21, "shell.to_staff", text="谢谢")
    midnight = stats(store, since=NOW + timedelta(hours=10))
    assert (midnight.talks, midnight.handed_over) == (0, {}), "it is no talk that staff began"
    assert midnight.conversations == 1, "though the person has not written to the bot since"
    whole = stats(store, since=NOW)
    assert whole.handed_over == {"asked_for_person": 1}
    assert whole.to_staff.quantile(1) > 19 * 3600


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([SOLVES, QUESTION, PERSON, STRANGE])), max_size=8)
)
def test_every_talk_has_one_ending_and_every_turn_is_in_one_talk(said: list[tuple[int, str]]) -> None:
    store = MemoryStore()
    say(store, *{hours: (hours, text) for hours, text in sorted(said)}.values())
    sums = stats(store)
    assert sums.endings.total() == sums.talks == sum(day.total() for day in sums.days.values())
    assert sums.turns == len({hours for hours, _ in said})
    assert sums.handed_over.total() == sums.endings["handed_over"]
    assert sums.to_outcome.count == sums.endings["solved"]


@given(st.lists(st.integers(-10, 10**8), min_size=1), st.floats(0, 1))
def test_a_quantile_is_off_by_its_grain_at_most(spans: list[int], share: float) -> None:
    durations = Durations()
    for seconds in spans:
        durations.add(timedelta(seconds=seconds))
    kept = sorted(min(max(0, seconds), 100 * 86_400) for seconds in spans)
    true = next(s for number, s in enumerate(kept, 1) if number >= share * len(kept))
    found = durations.quantile(share)
    assert found is not None
    assert 0 <= true - found < (1 if true < 3600 else 60 if true < 86_400 else 3600)


def test_columns_stand_under_each_other_whatever_the_script(store: Store) -> None:
    from bot.channels.screen import cells  # noqa: PLC0415 - brings the terminal's library

    say(store, (0, SOLVES), (0.1, PERSON))
    lines = shown.as_text(stats(store)).splitlines()
    rows = [line for line in lines if "fee_query" in line or "human_agent" in line]
    assert len(rows) == 2
    assert len({cells(row.partition("█")[0]) for row in rows}) == 1


@pytest.mark.parametrize(("share", "drawn"), [(0, ""), (1, "█" * 30), (0.5, "█" * 15), (2, "█" * 30)])
def test_bars(share: float, drawn: str) -> None:
    assert shown.bar(share) == drawn


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "–"), (0, "0s"), (60, "1m"), (200, "3m 20s"), (7500, "2h 5m"), (367_200, "4d 6h")],
)
def test_spans(seconds: int | None, told: str) -> None:
    assert shown.span(seconds) == told


def test_the_command(store: Store, tmp_path: Path) -> None:
    say(store, (0, SOLVES))
    command = [sys.executable, "-m", "bot", "stats", "--db", str(tmp_path / "tuidan.db")]
    told = subprocess.run([*command, "--json"], capture_output=True, check=True)
    assert json.loads(told.stdout)["endings"]["solved"] == 1
    told = subprocess.run(command, capture_output=True, check=True)
    assert "solved by the bot alone" in told.stdout.decode()
    wrong = subprocess.run([*command, "--since", "yesterday"], capture_output=True, check=False, text=True)
    assert (wrong.returncode, wrong.stderr) == (2, "tuidan: --since: not an ISO 8601 time: 'yesterday'\n")


def test_an_empty_store_is_told_as_such() -> None:
    assert shown.as_text(stats(MemoryStore())).startswith("0 conversations, 0 talks, 0 turns")


@pytest.mark.slow
def test_a_hundred_thousand_turns_take_no_more_memory_than_ten_thousand(tmp_path: Path) -> None:
    peaks = []
    for conversations in (100, 1_000):
        store = SqliteStore(tmp_path / f"{conversations}.db")
        say(store, (0, SOLVES), (0.1, QUESTION))
        fill(store, conversations, [(e.kind, e.data) for e in store.events("a")] * 50)
        tracemalloc.start()
        assert stats(store).turns == conversations * 100 + 2
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        store.close()
    assert peaks[1] < 1.2 * peaks[0] + 500_000


def fill(store: Store, conversations: int, events: list[tuple[str, Json]]) -> None:
    for number in range(conversations):
        now = NOW + timedelta(minutes=7 * number)
        with store.turn(Update("all", f"c{number}", "anna", "test", "", now)) as tx:
            tx.write({}, events, [])
