"""What is heard later than it was written: times are counted from when the person wrote."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config import SHANGHAI
from bot.replay.history.again import run_again
from bot.transcript import HEARD
from tests.test_session_reception import Talk

EVENING = datetime(2026, 3, 6, 23, 50, tzinfo=SHANGHAI)
TOMORROW = "火车票想退，380块，明天下午四点发车，不送票"


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    opened = Talk(tmp_path / "s.db", EVENING)
    yield opened
    opened.store.close()


def test_tomorrow_is_the_day_after_it_was_written(talk: Talk) -> None:
    talk.write(TOMORROW, at=EVENING)
    talk.now = EVENING + timedelta(minutes=30)  # the service was down meanwhile
    turn = talk.handle()
    assert turn is not None
    assert turn.slots["event_time"] == "2026-03-07T16:00:00+08:00"
    assert turn.outcome is not None
    (heard,) = talk.data(HEARD)
    assert heard["written"] == EVENING.isoformat()
    assert turn.outcome.next_change is None or turn.outcome.next_change.at > talk.now, "reckoned from now"


def test_a_burst_over_midnight_is_of_the_day_before(talk: Talk) -> None:
    talk.now = datetime(2026, 3, 6, 23, 59, 40, tzinfo=SHANGHAI)
    talk.write(TOMORROW, at=datetime(2026, 3, 6, 23, 59, 59, tzinfo=SHANGHAI))
    turn = talk.handle()  # twenty seconds later, at midnight
    assert turn is not None
    assert turn.slots["event_time"] == "2026-03-07T16:00:00+08:00"


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(seconds=-15)])
def test_what_is_heard_at_once_is_counted_from_now(talk: Talk, off: timedelta) -> None:
    talk.now = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)
    talk.write(TOMORROW, at=talk.now + off)  # clocks differ, and messengers tell whole seconds
    talk.handle()
    (heard,) = talk.data(HEARD)
    assert "written" not in heard
    assert heard["slots"]["event_time"]["value"].startswith("2026-03-07T16:00")


def test_what_is_heard_again_after_an_edit_is_counted_from_when_it_was_said(talk: Talk) -> None:
    talk.now = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)
    first = talk.write("火车票想退", at=talk.now)
    talk.handle()
    talk.write("三十小时后发车", at=talk.now)
    said = talk.handle()
    assert said is not None
    assert said.outcome is None, "the price is missing"
    talk.now += timedelta(minutes=40)
    talk.write("高铁票想退", first, at=talk.now)
    turn = talk.handle()
    assert turn is not None
    assert turn.slots["event_time"] == said.slots["event_time"]


def test_what_was_heard_late_shows_no_difference_when_it_is_run_again(talk: Talk) -> None:
    talk.write(TOMORROW, at=EVENING)
    talk.now = EVENING + timedelta(minutes=30)
    talk.handle()
    talk.say("那我明天再退呢")
    conversation = talk.store.conversation("c1")
    assert conversation is not None
    rerun = run_again(conversation, talk.store, talk.mind)
    assert (rerun.turns, rerun.left_out, rerun.changed) == (2, {}, [])
