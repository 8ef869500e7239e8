"""The pace that Telegram asks for: never over it, nobody left out, and what is refused waits."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.pace import LONGEST_BACK_OFF, Limits, Pace, back_off

LIMITS = Limits()
PERSONS = st.integers(1, 60)
GROUPS = st.integers(-3, -1)
BACKLOGS = st.dictionaries(PERSONS | GROUPS, st.integers(1, 90), min_size=1, max_size=60)
Sent = list[tuple[float, int]]


def play(backlog: dict[int, int], pace: Pace, now: float = 0.0) -> Sent:
    """Send a backlog as early as the pace allows; when what was sent."""
    left, sent = Counter(backlog), list[tuple[float, int]]()
    while +left:
        waiting = [chat for chat in left if left[chat]]
        chat = pace.next(waiting, now)
        if chat is None:
            later = min(pace.free_at(chat) for chat in waiting)
            assert later > now, "all wait, and yet somebody could be served"
            now = later
            continue
        pace.take(chat, now)
        left[chat] -= 1
        sent.append((now, chat))
    return sent


def most_within(times: list[float], seconds: float) -> int:
    """The most that fall into any stretch of so many seconds, its end excluded."""
    most = first = 0
    for last, time in enumerate(times):
        while time - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@given(BACKLOGS)
def test_no_window_holds_more_than_telegram_takes(backlog: dict[int, int]) -> None:
    sent = play(backlog, Pace())
    assert Counter(chat for _, chat in sent) == backlog
    assert most_within([time for time, _ in sent], 1.0) <= LIMITS.a_second
    for chat in backlog:
        times = [time for time, to in sent if to == chat]
        for seconds in (1, 2, 10, 60):
            assert most_within(times, seconds) <= LIMITS.burst + seconds - 1
        if chat < 0:
            assert most_within(times, 60.0) <= LIMITS.group_a_minute


@given(BACKLOGS, st.lists(GROUPS, max_size=40))
def test_marks_wait_for_what_is_over_all_and_not_for_their_groups_minute(
    backlog: dict[int, int], marks: list[int]
) -> None:
    pace = Pace()
    sent = play(backlog, pace)
    now = max(time for time, _ in sent)
    times = [time for time, _ in sent]
    for chat in marks:
        now = max(now, pace.free_for_mark_at(chat))
        pace.take_for_mark(now)
        times.append(now)
    assert most_within(times, 1.0) <= LIMITS.a_second
    assert now - max(time for time, _ in sent) <= 1.0 + len(marks) / LIMITS.a_second


@given(BACKLOGS, PERSONS)
def test_nobody_waits_for_others_many_messages(backlog: dict[int, int], person: int) -> None:
    """A chat that was never served comes before any second message of those that were there with it."""
    sent = [chat for _, chat in play({**backlog, person: 1}, Pace())]
    before = sent[: sent.index(person)]
    assert len(before) == len(set(before)), "somebody was served twice before"


def test_the_limit_over_all_is_used_to_the_full() -> None:
    sent = play(dict.fromkeys(range(1, 301), 1), Pace())
    assert sent[-1][0] < 10.0, "300 persons, 30 a second"


def test_a_chat_gets_a_burst_and_then_one_a_second() -> None:
    assert [time for time, _ in play({7: 6}, Pace())] == [0, 0, 0, 1, 2, 3]


def test_a_group_gets_twenty_a_minute() -> None:
    times = [time for time, _ in play({-7: 41}, Pace())]
    assert times[19] < 60 <= times[20] < times[39] < 120 <= times[40]


def test_a_chat_that_is_refused_waits_and_the_others_do_not() -> None:
    pace = Pace()
    pace.refused(7, now=10.0, seconds=35)
    assert pace.free_at(7) == 45.0
    assert pace.next([7, 8], now=44.9) == 8
    assert pace.next([7], now=44.9) is None
    assert pace.next([7], now=45.0) == 7


def test_where_two_chats_are_refused_at_once_everything_waits() -> None:
    pace = Pace()
    pace.refused(7, now=10.0, seconds=5)
    pace.refused(8, now=11.0, seconds=20)
    assert pace.next([7, 8, 9], now=30.9) is None
    assert pace.next([9], now=31.0) == 9


def test_a_refusal_after_another_one_has_ended_is_of_one_chat_again() -> None:
    pace = Pace()
    pace.refused(7, now=10.0, seconds=5)
    pace.refused(8, now=15.0, seconds=20)
    assert pace.next([9], now=15.0) == 9


def test_chats_that_rest_are_forgotten_and_those_that_do_not_are_not() -> None:
    pace = Pace(Limits(a_second=10**6))
    for chat in range(-5, 10_100):
        pace.take(chat, now=float(chat))
    assert pace.free_at(10_099) <= 10_099 < pace.free_at(10_099) + 3, "known, with a burst left"
    assert len(pace._chats) <= 10_001


def test_no_chat_is_forgotten_while_its_burst_is_used_up() -> None:
    pace = Pace(Limits(a_second=10**6))
    for _ in range(3):
        for chat in range(10_050):
            pace.take(chat, now=0.0)
    assert pace.free_at(0) == 1.0


@given(st.integers(1, 10**9), st.integers(0, 10**6))
def test_tries_are_further_and_further_apart_and_not_all_at_once(message: int, attempts: int) -> None:
    longest = min(LONGEST_BACK_OFF, 2.0**attempts if attempts < 16 else LONGEST_BACK_OFF)
    assert longest / 2 <= back_off(message, attempts) <= longest


def test_what_failed_together_is_not_tried_together() -> None:
    waits = sorted(back_off(message, 5) for message in range(200))
    assert most_within(waits, 1.0) < 40, "200 messages spread over sixteen seconds"
