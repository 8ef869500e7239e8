"""Who waits, and what staff are reminded of: in staffed time, each once, and not while snoozed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.hours import read_hours
from bot.desk.reminding import Reminding
from bot.desk.result import Done
from bot.desk.waiting import Patience, lightest
from tests.desk import CHAT, LI, WANG, Office, why

PATIENCE = Patience(timedelta(minutes=10), timedelta(minutes=15), read_hours("9:00-18:00"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path / "desk.db")
    yield opened
    opened.store.close()


def due(office: Office) -> list[str]:
    """What falls due now, and is acted on."""
    return [it.due for it in Reminding(office.store, PATIENCE).remind(office.now)]


def test_unclaimed_the_topic_is_reminded_then_all_staff(office: Office) -> None:
    office.with_topic()
    office.to_staff()
    office.later(minutes=9)
    assert due(office) == []
    office.later(minutes=1)
    assert due(office) == ["remind"]
    assert due(office) == []
    assert office.to_staff() == ["顾客已经等了 **10** 分钟，还没有人接手。"]
    office.later(minutes=10)
    assert due(office) == ["remind_all"]
    [message] = office.store.outbox.due(office.now, 100)
    assert message.target == "staff:-1001:", "the group at large"
    assert message.body["text"] == "**#1** 的顾客已经等了 **20** 分钟，请尽快有人接手。"
    office.later(hours=3)
    assert due(office) == []


def test_what_falls_due_before_there_is_a_topic_is_shown_in_it(office: Office) -> None:
    office.hand_over()
    office.later(minutes=10)
    assert due(office) == ["remind"]
    assert office.to_staff() == []
    assert isinstance(office.desk.topic_made("c1", 7, office.now), Done)
    card, reminder = office.to_staff()
    assert "退票退款" in card
    assert reminder == "顾客已经等了 **10** 分钟，还没有人接手。"


def test_an_offer_while_the_topic_is_gone_is_shown_in_the_next(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.to_staff()
    office.desk.topic_lost("c1", 7)
    office.later(minutes=15)
    assert due(office) == ["offer"]
    assert office.to_staff() == []
    office.desk.topic_made("c1", 8, office.now)
    _, *said = office.to_staff()
    assert said == ["**小李** 已经 **15** 分钟没有回复，顾客还在等，谁来接手？"]


def test_what_waited_for_a_topic_goes_where_none_is_made_any_more(office: Office) -> None:
    office.hand_over()
    office.later(minutes=10)
    assert due(office) == ["remind"]
    office.desk.withdraw("c1", office.now)
    office.sent_so_far()
    assert office.store.outbox.depth() == 0, "the person waits no longer"
    office.hand_over()
    office.desk.topic_made("c1", 7, office.now)
    assert len(office.to_staff()) == 1, "the card"


def test_nobody_is_reminded_at_night_and_the_night_does_not_count(office: Office) -> None:
    office.later(hours=7, minutes=55)  # 17:55 on a Friday
    office.with_topic()
    office.later(minutes=30)
    assert due(office) == []
    office.later(days=2, hours=14, minutes=39)  # Monday, 9:04
    assert due(office) == []
    office.later(minutes=1)
    assert due(office) == ["remind"]


def test_who_claimed_and_is_silent_may_be_relieved(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.later(minutes=15)
    assert why(office.desk.claim("c1", WANG, office.now)) == "taken"
    assert due(office) == ["offer"]
    assert due(office) == []
    assert office.to_staff()[-1] == "**小李** 已经 **15** 分钟没有回复，顾客还在等，谁来接手？"
    assert office.at().agent == LI.id, "offered, not taken away"
    office.desk.claim("c1", WANG, office.now)
    assert office.at().agent == WANG.id
    assert office.to_staff() == ["**小王** 从 **小李** 手里接手了。"]
    assert why(office.talk.agent_wrote("c1", LI, "我还在", office.now)) == "not_claimer"


def test_a_word_takes_the_offer_back(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.later(minutes=15)
    assert due(office) == ["offer"]
    office.talk.agent_wrote("c1", LI, "在的", office.now)
    assert why(office.desk.claim("c1", WANG, office.now)) == "taken"
    office.later(hours=2)
    assert due(office) == [], "the next word is the person's"
    office.takeover.goes_to("c1", "person-c1", office.now)
    office.later(minutes=10)
    office.takeover.goes_to("c1", "person-c1", office.now)
    assert due(office) == []
    office.later(minutes=5)
    assert due(office) == ["offer"], "counted from the first word without an answer"


def test_an_offer_in_vain_is_told_to_all_and_again_when_the_person_writes_on(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.later(minutes=15)
    assert due(office) == ["offer"]
    office.later(minutes=15)
    office.to_staff()
    assert due(office) == ["offer_all"]
    assert "**小李** 已经 **30** 分钟没有回复，请到话题里接手" in office.to_staff()[-1]
    office.later(hours=2)
    assert due(office) == [], "the person has not written since"
    office.takeover.goes_to("c1", "person-c1", office.now)
    office.later(minutes=20)
    office.takeover.goes_to("c1", "person-c1", office.now)
    assert due(office) == []
    office.later(minutes=10)
    assert due(office) == ["offer_all"], "counted from the first word after all were told"
    assert isinstance(office.desk.claim("c1", WANG, office.now), Done), "still offered"


def test_who_writes_to_an_agent_who_has_left_is_told_of_to_all(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.talk.agent_wrote("c1", LI, "稍等", office.now)
    office.desk.agent_left(LI.id, CHAT, office.now)
    office.takeover.goes_to("c1", "person-c1", office.now)
    office.later(minutes=30)
    assert due(office) == ["offer_all"]


def test_snoozed_it_keeps_quiet_until_then(office: Office) -> None:
    office.with_topic()
    office.desk.snooze("c1", LI, office.now + timedelta(hours=2), office.now)
    office.later(minutes=119)
    assert due(office) == []
    office.later(minutes=1)
    assert due(office) == ["remind"]


def test_a_reminder_that_was_overtaken_is_not_sent(office: Office) -> None:
    office.with_topic()
    office.later(minutes=10)
    office.desk.claim("c1", LI, office.now)
    assert due(office) == []


def test_many_wait_in_their_own_order(office: Office) -> None:
    for number in range(5):
        office.hand_over(f"c{number}")
        office.later(minutes=2)
    assert [desk.conversation for desk in office.store.desks.queue()] == [f"c{n}" for n in range(5)]
    assert due(office) == ["remind"]
    assert "前面还有 **4** 位" in (office.desk.place("c4", office.now) or "")


@given(st.dictionaries(st.text("123", max_size=3), st.integers(0, 5)), st.lists(st.text("123", max_size=3)))
def test_the_lightest_group_is_taken_whatever_the_order(load: dict[str, int], chats: list[str]) -> None:
    chosen = lightest(chats, load)
    assert chosen == lightest(sorted(chats, reverse=True), load)
    assert (chosen is None) == (not chats)
    assert all(load.get(chosen or "", 0) <= load.get(chat, 0) for chat in chats)
