"""Reading times: a table of expressions, and laws that hold for all of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from intents.moves import find_moves
from intents.slots import Extraction, extract
from intents.slots.phrase_files import holidays
from intents.slots.time_values import SHANGHAI, holiday

NOON = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)
_SLOTS = {"event": "event_time", "requested": "requested_at"}


def _rows() -> list[Any]:
    table = Path(__file__).parent / "slots" / "times.yaml"
    return [
        pytest.param(_moment(block["now"]), *row, id=f"{row[0]} ({_moment(block['now']):%m-%d %H:%M})")
        for block in yaml.load(table.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
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


@pytest.mark.parametrize(("message", "doubt"), [
    ("8点", "half_day"), ("明天", "no_clock"), ("周五晚上", "no_clock"), ("不对,是后天", "no_clock"),
    ("周六晚上的", "no_clock"), ("今早8点", "past"), ("小寒晚上8点", "vague"),
])  # fmt: skip
def test_a_time_alone_is_the_event_and_is_asked_back(message: str, doubt: str) -> None:
    for expecting in (None, "event_time", "amount"):
        event = extract(message, NOON, expecting).slots["event_time"]
        assert (event.certain, event.doubt) == (False, doubt)


@pytest.mark.parametrize("message", ["今天,我想问问退款", "昨天客服说今天到账", "后天能到账吗", "我昨天买的"])
def test_a_time_in_passing_is_no_event(message: str) -> None:
    assert "event_time" not in extract(message, NOON).slots


@pytest.mark.parametrize(("message", "moment"), [
    ("要是明天这个时候再退扣多少", "03-07T12:00"), ("明天再退呢", "03-07T12:00"),
    ("晚两个小时再取消", "03-06T14:00"), ("后天退呢", "03-08T12:00"), ("等周日再办", "03-08T12:00"),
    ("要是七点再退呢", "03-06T19:00"), ("要是再过24个小时退呢", "03-07T12:00"),
    ("那我12小时以后再退,扣多少", "03-07T00:00"), ("如果等6个小时再退扣多少", "03-06T18:00"),
    ("如果明早九点再退票呢", "03-07T09:00"), ("火车票380,拖到后天再取消", "03-08T12:00"),
])  # fmt: skip
def test_when_somebody_supposes_to_act(message: str, moment: str) -> None:
    slots = extract(message, NOON).slots
    assert slots["act_at"].value.startswith(f"2026-{moment}")
    assert slots["act_at"].certain
    assert not {"event_time", "requested_at"} & slots.keys()
    assert "what_if" in find_moves(message)


def test_the_event_and_the_supposed_moment_are_two() -> None:
    slots = extract("我的票明天上午10点,要是后天再退呢", NOON).slots
    assert (slots["event_time"].value[:16], slots["act_at"].value[:16]) == (
        "2026-03-07T10:00",
        "2026-03-08T12:00",
    )


@pytest.mark.parametrize(
    "message", ["后天的票才退了一半", "昨天晚上才退的", "再过两小时开场", "明天上午10点 能退吗"]
)
def test_what_is_no_supposed_moment(message: str) -> None:
    assert "act_at" not in extract(message, NOON).slots


@pytest.mark.parametrize(("message", "moment"), [
    ("是二十号不是十二号,早上八点", "03-20T08:00"), ("明天上午10点,不对,是后天", "03-08T10:00"),
    ("早上八点的飞机,明天的", "03-07T08:00"), ("就是后天,3月8号,15:45", "03-08T15:45"),
    ("国庆高铁 10.1 6:15 太早", "10-01T06:15"), ("大麦 10月4号 livehouse 20:30", "10-04T20:30"),
    ("凌晨1点15的航班,就今晚", "03-07T01:15"), ("火车票明天上午10点的我要退票", "03-07T10:00"),
])  # fmt: skip
def test_what_is_said_in_pieces_is_put_together(message: str, moment: str) -> None:
    event = extract(message, NOON).slots["event_time"]
    assert event.value[5:16] == moment


def test_lunar_days_follow_the_spring_festival() -> None:
    fixed, lunar = holidays()
    assert fixed["国庆"] == (10, 1)
    for year, first in lunar["春节"].items():
        assert holiday("除夕", year) == first - timedelta(days=1)
        assert lunar["元宵"][year] == first + timedelta(days=14)
        assert holiday("", year, day_of_lunar_month=3) == first + timedelta(days=2)
    assert holiday("端午", 1999) is None
