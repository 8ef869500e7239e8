"""When staff are there: China's working days, holidays and make-up days; what a person hears of it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHANGHAI
from bot.desk.hours import Hours, read_hours
from bot.desk.wording import closed_words

OFFICE = "9:00-12:00,13:30-18:00"
MINUTES_OF_2026 = st.integers(0, 333 * 24 * 60)
MOMENTS = MINUTES_OF_2026.map(lambda n: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=n))
HOURS = st.sampled_from(["always", "daily 8:00-22:00", "9:00-18:00", OFFICE, "0:00-24:00"]).map(read_hours)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-03-06T10:00", ""),
        ("2026-03-06T12:30", "今天 13:30"),
        ("2026-03-05T18:00", "明天 9:00"),  # the end is not included
        ("2026-03-06T20:00", "周一 9:00"),  # a Friday evening
        ("2026-02-14T10:00", ""),  # a Saturday that makes up for the Spring Festival
        ("2026-02-14T19:00", "2月24日（周二） 9:00"),  # nine days of holidays follow
        ("2026-09-30T19:00", "10月8日（周四） 9:00"),
        ("2026-10-10T08:00", "今天 9:00"),  # a Saturday that makes up for the National Day
    ],
)
def test_when_somebody_is_back(now: str, words: str) -> None:
    heard = closed_words(read_hours(OFFICE), at(now))
    assert heard == "" if not words else f"现在是下班时间，**{words}** 有人" in heard


def test_a_year_without_announced_holidays_is_told_as_a_guess() -> None:
    assert "大约" in closed_words(read_hours("9:00-18:00"), at("2030-03-08T20:00"))
    assert "大约" not in closed_words(read_hours("daily 9:00-18:00"), at("2030-03-08T20:00"))


def test_around_the_clock_nobody_is_told_to_wait() -> None:
    assert closed_words(read_hours("always"), at("2026-02-17T03:00")) == ""


def test_hours_hold_in_shanghai_whatever_clock_asks() -> None:
    assert read_hours("9:00-18:00").open_at(datetime.fromisoformat("2026-03-06T01:30+00:00"))
    assert not read_hours("9:00-18:00").open_at(datetime.fromisoformat("2026-03-06T10:00+00:00"))


@pytest.mark.parametrize(
    "text",
    ["", "9-18", "9:00-25:00", "18:00-9:00", "9:00-9:00", "9:70-18:00", "9:00-12:00,11:00-18:00", "daily"],
)
def test_what_are_no_hours_is_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|time of day") as told:
        read_hours(text)
    assert repr(text) in str(told.value)


@given(HOURS, MOMENTS)
def test_the_next_opening_is_open_and_the_first(hours: Hours, now: datetime) -> None:
    opens = hours.opens(now)
    assert opens >= now
    assert hours.open_at(opens)
    assert hours.staffed(now, opens) == timedelta()


@given(HOURS, MOMENTS, st.integers(0, 20_000), st.integers(0, 20_000))
def test_staffed_time_adds_up_and_never_exceeds_the_clock(
    hours: Hours, now: datetime, a: int, b: int
) -> None:
    middle, end = now + timedelta(minutes=a), now + timedelta(minutes=a + b)
    whole = hours.staffed(now, end)
    assert whole == hours.staffed(now, middle) + hours.staffed(middle, end)
    assert timedelta() <= whole <= end - now
