"""Staff take conversations over and give them back; the person hears of it; nothing speaks out of turn."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.case import draft_left
from bot.desk.erasing import NOBODY, tell_of_erasing
from bot.desk.result import Done
from bot.store.protocol import Mirror
from tests.desk import CHAT, LI, MORNING, WANG, Office, why


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path / "desk.db")
    yield opened
    opened.store.close()


def test_staff_are_told_that_a_person_was_erased_and_nothing_of_the_person_is_left(office: Office) -> None:
    office.with_topic("c1", topic=7)
    office.with_topic("c2", topic=8)
    office.to_staff()
    tell_of_erasing(office.store, "person-c1", office.now)
    assert office.store.forget("person-c1") == 1
    assert {message.conversation for message in office.store.outbox.due(office.now, 10)} == {NOBODY}
    told = office.to_staff()
    assert "删除了自己的全部记录" in told[0]
    assert told[1:] == ["(copy)"], "and the topic is closed"


def test_from_the_bot_to_a_person_and_to_the_end(office: Office) -> None:
    office.with_topic()
    assert isinstance(office.desk.claim("c1", LI, office.later(minutes=2)), Done)
    assert isinstance(office.talk.agent_wrote("c1", LI, "您好，我来看看。", office.later(minutes=1)), Done)
    assert office.takeover.goes_to("c1", "person-c1", office.later(minutes=1)) == f"staff:{CHAT}:7"
    assert isinstance(office.desk.close("c1", LI, office.later(minutes=5)), Done)
    assert isinstance(office.desk.rate("c1", 5, office.later(minutes=1)), Done)
    assert office.kinds() == [
        "desk.queued",
        "desk.claimed",
        "desk.agent_wrote",
        "desk.closed",
        "desk.rated",
    ]
    desk = office.at()
    assert (desk.state, desk.agent, desk.rating, desk.epoch) == ("closed", None, 5, 1)


def test_the_person_hears_their_place_and_when_somebody_is_back(office: Office) -> None:
    office.hand_over("c1")
    office.hand_over("c2")
    assert office.to_person("c1") == ["好的，给您转人工。", "已经排上队了，您是**下一位**。"]
    assert office.to_person("c2")[-1] == "已经排上队了，前面还有 **1** 位。"
    office.desk.claim("c1", LI, office.now)
    assert office.desk.place("c2", office.now) == "已经排上队了，您是**下一位**。"
    assert office.desk.place("c1", office.now) is None
    office.later(hours=10)
    office.hand_over("c3")
    assert "现在是下班时间，**周一 9:00** 有人" in office.to_person("c3")[-1]


def test_the_desk_writes_the_script_of_the_person(office: Office) -> None:
    office.hand_over("c1", script="hant")
    [message] = office.store.unsent("c1")[1:]
    assert message.body["text"] == "已經排上隊了，您是**下一位**。"
    assert message.body["keyboard"] == [[["我排到第幾位", "desk:place:1"], ["不排隊了", "desk:withdraw:1"]]]


def test_a_claim_silences_what_the_bot_had_queued_and_no_agent(office: Office) -> None:
    office.bot_says("c1", "还没发出去的回答")
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    assert office.to_person() == ["同事**小李**来了，直接说就行。"]
    office.talk.agent_wrote("c1", LI, "第一句", office.now)
    office.desk.release("c1", LI, office.now)
    office.bot_says("c1", "机器人又说话了")
    office.desk.claim("c1", WANG, office.now)
    assert office.to_person() == ["第一句", "同事**小王**来了，直接说就行。"]
    epochs = {message.epoch for message in office.store.unsent("c1")}
    assert epochs == {office.at().epoch} == {2}


def test_who_comes_second_is_told_who_has_it(office: Office) -> None:
    office.hand_over()
    office.desk.claim("c1", LI, office.now)
    late = office.desk.claim("c1", WANG, office.now)
    assert why(late) == "taken"
    assert "小李" in getattr(late, "text", "")
    assert why(office.desk.claim("c1", LI, office.now)) == "yours"
    assert office.at().agent == LI.id


def test_only_who_claimed_speaks_closes_and_gives_back(office: Office) -> None:
    office.hand_over()
    assert why(office.talk.agent_wrote("c1", LI, "您好", office.now)) == "nobody"
    office.desk.claim("c1", LI, office.now)
    before = office.store.unsent("c1")
    for refusal in (
        office.talk.agent_wrote("c1", WANG, "我插一句", office.now),
        office.desk.release("c1", WANG, office.now),
        office.desk.close("c1", WANG, office.now),
        office.desk.snooze("c1", WANG, office.now + timedelta(hours=2), office.now),
    ):
        assert why(refusal) == "not_claimer"
        assert "小李" in getattr(refusal, "text", "")
    assert office.store.unsent("c1") == before
    assert office.at().state == "human"


def test_lines_for_each_other_stay_internal(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.sent_so_far()
    for author in (LI, WANG):
        noted = office.talk.agent_wrote("c1", author, "// 这位顾客上周来过\n  ／／ 注意语气", office.now)
        assert isinstance(noted, Done)
        assert noted.kind == "desk.note"
    office.talk.agent_wrote("c1", LI, "您好\n//别告诉他\n请稍等", office.now)
    assert office.to_person() == ["您好\n请稍等"]


def test_what_an_agent_writes_is_queued_as_it_was_written_and_kept_masked(office: Office) -> None:
    office.hand_over()
    office.desk.claim("c1", LI, office.now)
    office.sent_so_far()
    done = office.talk.agent_wrote("c1", LI, "打 13812345678 找我 **粗**\n//内部", office.now, message=55)
    [message] = office.store.unsent("c1")
    words = {"text": "打 13812345678 找我 **粗**", "plain": True}
    assert message.body == {**words, "agent": LI.id, "staff_message": 55}
    assert isinstance(done, Done)
    assert done.message == message.seq
    assert "13812345678" not in str([e.data for e in office.store.events("c1")])


def test_a_picture_goes_with_the_words_that_are_for_the_person(office: Office) -> None:
    office.hand_over()
    office.desk.claim("c1", LI, office.now)
    office.sent_so_far()
    copy = {"chat": -1001, "message": 55}
    for words in ("看这里\n// 后台的截图", ""):
        office.talk.agent_wrote("c1", LI, words, office.now, copy=copy)
    bodies = [message.body for message in office.store.unsent("c1")]
    assert bodies == [{"copy": copy, "caption": said, "agent": LI.id} for said in ("看这里", "")]


@pytest.mark.parametrize("end", ["sent", "failed", "dropped"])
def test_an_agents_words_are_erased_from_the_queue_once_they_have_left_it(office: Office, end: str) -> None:
    office.hand_over()
    office.desk.claim("c1", LI, office.now)
    office.sent_so_far()
    office.talk.agent_wrote("c1", LI, "打 13812345678 找我", office.now)
    [message] = office.store.unsent("c1")
    if end == "sent":
        office.store.outbox.sent(message.seq)
    elif end == "failed":
        office.store.outbox.fail(message.seq, "400")
    else:
        office.store.outbox.drop_all("c1", "403")
    office.store.leave_no_trace()
    office.store.close()
    file = Path(office.path)
    kept = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert b"13812345678" not in kept
    assert "找我".encode() in kept, "masked, in the transcript"


def test_one_desk_and_one_number_a_conversation(office: Office) -> None:
    first = office.with_topic("c1")
    office.hand_over("c2")
    office.desk.claim("c1", LI, office.now)
    office.desk.close("c1", LI, office.now)
    office.sent_so_far()
    office.to_staff()
    assert office.takeover.goes_to("c1", "person-c1", office.later(days=1)) is None
    assert office.kinds()[-1] == "desk.returned"
    assert office.to_staff() == ["顾客又来了，先由机器人接待。"]
    again = office.hand_over("c1")
    assert (again.number, again.topic, again.state) == (first.number, first.topic, "queued")
    assert office.at("c2").number == first.number + 1
    assert len(office.store.desks.in_state("bot", "queued", "human", "closed")) == 2


def test_the_number_of_a_forgotten_person_is_nobody_elses(office: Office) -> None:
    office.hand_over("c1")
    office.store.forget("person-c1")
    assert office.store.desks.desk("c1") is None
    assert office.hand_over("c2").number == 2
    assert office.hand_over("c1").number == 3


def test_satisfaction_is_asked_once_a_case_and_counted_once(office: Office) -> None:
    office.hand_over()
    assert why(office.desk.rate("c1", 5, office.now)) == "rated"
    asked = []
    for _ in range(2):
        office.desk.claim("c1", LI, office.now)
        office.desk.close("c1", LI, office.now)
        asked += [m.body["keyboard"] for m in office.store.unsent("c1") if "打几分" in m.body["text"]]
        office.sent_so_far()
    assert asked == [[[[str(n), f"desk:rate:1:{n}"] for n in range(1, 6)]]]
    assert [e.data["rating_asked"] for e in office.store.events("c1") if e.kind == "desk.closed"] == [
        True,
        False,
    ]
    assert isinstance(office.desk.rate("c1", 4, office.now), Done)
    assert why(office.desk.rate("c1", 1, office.now)) == "rated"
    assert office.at().rating == 4
    with pytest.raises(ValueError, match="1 to 5"):
        office.desk.rate("c1", 6, office.now)
    office.takeover.goes_to("c1", "person-c1", office.now)
    office.hand_over()
    assert why(office.desk.rate("c1", 3, office.now)) == "rated", "not asked in the new case yet"
    office.desk.claim("c1", LI, office.now)
    office.desk.close("c1", LI, office.now)
    assert isinstance(office.desk.rate("c1", 3, office.now), Done)


def test_a_case_that_nobody_took_is_closed_without_a_question(office: Office) -> None:
    office.hand_over()
    office.sent_so_far()
    office.desk.close("c1", LI, office.now)
    assert office.to_person() == ["这次的人工服务结束了，还有事随时发消息。"]


def test_the_person_may_go_back_to_the_bot_while_waiting(office: Office) -> None:
    office.hand_over()
    assert isinstance(office.desk.withdraw("c1", office.now), Done)
    assert office.takeover.goes_to("c1", "person-c1", office.now) is None
    office.hand_over()
    office.desk.claim("c1", LI, office.now)
    assert why(office.desk.withdraw("c1", office.now)) == "not_now"


def test_reopened_by_staff_it_waits_again(office: Office) -> None:
    office.hand_over()
    assert why(office.desk.reopen("c1", LI, office.now)) == "not_now"
    office.desk.close("c1", LI, office.now)
    assert isinstance(office.desk.reopen("c1", WANG, office.later(hours=1)), Done)
    assert (office.at().state, office.at().queued_at) == ("queued", office.now)


def test_only_who_has_the_case_may_ban_and_then_the_bot_is_silent(office: Office) -> None:
    office.with_topic()
    office.store.timers.set_timer("c1", "fee:1", office.later(hours=1), {})
    office.desk.claim("c1", LI, office.now)
    assert why(office.talk.ban("c1", WANG, office.now)) == "not_claimer"
    assert not office.store.desks.banned("person-c1")
    office.talk.agent_wrote("c1", LI, "到此为止", office.now)
    assert isinstance(office.talk.ban("c1", LI, office.now), Done)
    assert office.to_person() == ["到此为止"], "an agent's words are still sent"
    assert office.store.timers.waiting_timers("c1") == []


def test_who_is_banned_is_out_until_unbanned(office: Office) -> None:
    office.with_topic()
    office.desk.claim("c1", LI, office.now)
    office.sent_so_far()
    assert isinstance(office.talk.ban("c1", LI, office.now), Done)
    assert (office.at().state, office.to_person()) == ("closed", [])
    assert office.store.desks.banned("person-c1")
    assert why(office.talk.ban("c1", WANG, office.now)) == "already"
    office.store.forget("person-c1")
    assert office.store.desks.banned("person-c1"), "forgetting is no way around it"
    office.hand_over("c2")
    office.talk.ban("c2", LI, office.now)
    assert isinstance(office.talk.unban("c2", LI, office.now), Done)
    assert not office.store.desks.banned("person-c2")
    assert office.at("c2").state == "closed"


def test_a_topic_shows_all_since_the_hand_off_also_when_it_is_made_anew(office: Office) -> None:
    office.hand_over(card={"title": "退票退款", "mood": "upset"})
    assert [desk.conversation for desk in office.desk.without_topic()] == ["c1"]
    target = office.takeover.goes_to("c1", "person-c1", office.now)
    assert target == "staff"
    bodies = [{"text": "在吗 **急**", "plain": True}, {"copy": {"chat": 1, "message": 2}}]
    for body in bodies:
        office.store.record("c1", [("shell.to_staff", {"text": "…", "body": body})], office.now)
    assert office.to_staff() == []
    assert isinstance(office.desk.topic_made("c1", 7, office.now), Done)
    card, *said = office.to_staff()
    assert "退票退款" in card
    assert "着急生气" in card
    assert said == ["在吗 **急**", "(copy)"]
    assert why(office.desk.topic_made("c1", 8, office.now)) == "already"
    assert office.desk.without_topic() == []
    assert isinstance(office.desk.topic_lost("c1", 7), Done)
    assert why(office.desk.topic_lost("c1", 7)) == "already"
    assert isinstance(office.desk.topic_made("c1", 9, office.now), Done)
    assert len(office.to_staff()) == 3
    assert office.store.desks.at_topic(CHAT, 9) == office.at()
    assert office.store.desks.at_topic(CHAT, 7) is None


def test_a_topic_that_is_made_anew_shows_an_agents_words_under_their_name(office: Office) -> None:
    office.with_topic()
    office.store.outbox.set_address("c1", "test", "42")
    office.desk.claim("c1", LI, office.now)
    office.talk.agent_wrote("c1", LI, "您好，订单号多少？", office.now, message=55)
    office.talk.agent_wrote("c1", LI, "看图", office.now, copy={"chat": int(CHAT), "message": 56}, message=56)
    office.talk.agent_wrote("c1", LI, "", office.now, copy={"chat": int(CHAT), "message": 57}, message=57)
    office.store.desks.mirror(Mirror(CHAT, 56, "c1", 8))  # it has arrived there
    office.to_staff()
    office.desk.topic_lost("c1", 7)
    office.desk.topic_made("c1", 9, office.now)
    _, *said = [m.body for m in office.all_to_staff()]
    assert said == [
        {"text": "小李：您好，订单号多少？", "plain": True, "agent": LI.id},
        {"copy": {"chat": 42, "message": 8}, "caption": "小李：看图", "agent": LI.id},
        {"copy": {"chat": int(CHAT), "message": 57}, "caption": "小李：", "agent": LI.id},
    ]


def test_a_draft_is_there_until_somebody_has_sent_it(office: Office) -> None:
    office.hand_over()
    assert draft_left(office.store, office.at()) is None, "no rule has come to a result"
    office.desk.release("c1", LI, office.now)
    outcome = {"verdict": "allowed", "fee": "57.00", "refund": "323.00", "eta": None, "steps": ["打开订单"]}
    office.hand_over(card={"title": "退票退款", "outcome": outcome})
    office.desk.claim("c1", LI, office.now)
    text = draft_left(office.store, office.at())
    assert text is not None
    assert "费用是 57.00 元" in text
    assert isinstance(office.talk.agent_wrote("c1", LI, text, office.now), Done)
    assert office.to_person()[-1] == text
    assert draft_left(office.store, office.at()) is None


def test_notes_are_kept_masked_and_nobody_else_is_told(office: Office) -> None:
    office.hand_over()
    office.sent_so_far()
    office.desk.note("c1", WANG, "电话 13812345678", office.now)
    [note] = [e.data for e in office.store.events("c1") if e.kind == "desk.note"]
    assert note["text"] == "电话 [手机号]"
    assert office.to_person() == []


def test_what_has_no_desk_is_refused(office: Office) -> None:
    for refusal in (
        office.desk.claim("c9", LI, MORNING),
        office.desk.close("c9", LI, MORNING),
        office.talk.agent_wrote("c9", LI, "您好", MORNING),
        office.talk.ban("c9", LI, MORNING),
        office.desk.rate("c9", 5, MORNING),
    ):
        assert why(refusal) == "no_desk"


def test_conversations_are_spread_over_the_groups_and_stay_with_theirs(tmp_path: Path) -> None:
    office = Office(tmp_path / "desk.db", ["-1002", "-1001", "-1003"])
    chats = [office.hand_over(f"c{n}").staff_chat for n in range(7)]
    assert chats == ["-1001", "-1002", "-1003", "-1001", "-1002", "-1003", "-1001"]
    office.desk.close("c1", LI, office.now)
    assert office.hand_over("c8").staff_chat == "-1002"
    office.takeover.goes_to("c1", "person-c1", office.now)
    assert office.hand_over("c1").staff_chat == "-1002"
    office.store.close()


def test_who_comes_back_to_a_group_that_is_gone_gets_another_and_a_new_topic(tmp_path: Path) -> None:
    office = Office(tmp_path / "desk.db", ["-1001"])
    office.with_topic("c1")
    office.desk.release("c1", LI, office.now)
    office.store.close()
    office = Office(tmp_path / "desk.db", ["-1002"])
    again = office.hand_over("c1")
    assert (again.staff_chat, again.topic, again.number) == ("-1002", None, 1)
    office.store.close()
