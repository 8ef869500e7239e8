"""Reading times: a table of expressions, and laws that hold for all of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from intents.slots import Extraction, extract
from intents.slots.phrase_files import holidays
from intents.slots.time_values import SHANGHAI, holiday

NOON = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)
_SLOTS = {"event": "event_time", "requested": "requested_at"}


def _rows() -> list[Any]:
    table = Path(__file__).parent / "slots" / "times.yaml"
    return [
        pytest.param(_moment(block["now"]), *row, id=f"{row[0]} ({_moment(block['now']):%m-%d %H:%M})")
        for block in yaml.safe_load(table.read_text(encoding="utf-8"))
        for row in block["rows"]
    ]


def _moment(now: datetime) -> datetime:
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def _times(read: Extraction) -> dict[str, Any]:
    return {slot: read.slots[slot] for slot in _SLOTS.values() if slot in read.slots}


@pytest.mark.parametrize(("now", "message", "role", "value"), [
    pytest.param(*(*row.values, None)[:4], id=row.id) for row in _rows()
])  # fmt: skip
def test_the_table(now: datetime, message: str, role: str, value: str | None) -> None:
    found = _times(extract(message, now))
    if role == "none":
        assert not found
        return
    slot = _SLOTS[role.rstrip("?")]
    assert list(found) == [slot]
    assert found[slot].certain == (not role.endswith("?"))
    if value not in (None, "*"):
        year = "" if value.startswith("20") else f"{now.astimezone(SHANGHAI).year}-"
        assert found[slot].value.startswith((year + value).replace(" ", "T"))


@given(
    st.integers(1, 59),
    st.sampled_from(["发车还有{}分钟", "还有{}分钟开场", "再过{}分钟起飞", "{}分钟后开演"]),
)
def test_a_countdown_is_counted_from_now(minutes: int, wording: str) -> None:
    event = extract(wording.format(minutes), NOON).slots["event_time"]
    assert event.certain
    assert datetime.fromisoformat(event.value) == NOON + timedelta(minutes=minutes)


@given(st.integers(0, 400_000), st.sampled_from(["%Y-%m-%d %H:%M发车", "%Y年%m月%d日%H点%M分开车"]))
def test_a_full_date_is_read_as_written(minutes: int, wording: str) -> None:
    moment = NOON + timedelta(hours=1, minutes=minutes)
    event = extract(moment.strftime(wording), NOON).slots["event_time"]
    assert datetime.fromisoformat(event.value) == moment
    assert event.certain


@given(st.integers(-720, 720))
def test_the_same_instant_in_any_zone_reads_the_same(offset: int) -> None:
    zone = timedelta(minutes=offset)
    elsewhere = (NOON + zone - timedelta(hours=8)).replace(tzinfo=UTC) - zone
    message = "明天上午10点发车"
    assert extract(message, elsewhere) == extract(message, NOON)


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        extract("明天上午10点发车", NOON.replace(tzinfo=None))


@pytest.mark.parametrize("message", ["8点", "明天", "周五晚上"])
def test_an_hour_or_a_day_alone_says_nothing_unasked(message: str) -> None:
    assert "event_time" not in extract(message, NOON).slots
    answered = extract(message, NOON, "event_time").slots["event_time"]
    assert not answered.certain
    assert answered.doubt in ("half_day", "no_clock", "past")


def test_lunar_days_follow_the_spring_festival() -> None:
    fixed, lunar = holidays()
    assert fixed["国庆"] == (10, 1)
    for year, first in lunar["春节"].items():
        assert holiday("除夕", year) == first - timedelta(days=1)
        assert lunar["元宵"][year] == first + timedelta(days=14)
        assert holiday("", year, day_of_lunar_month=3) == first + timedelta(days=2)
    assert holiday("端午", 1999) is None
