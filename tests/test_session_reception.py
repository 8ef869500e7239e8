"""A session behind an inbox: bursts, edits, and conversations that staff have."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import mind
from bot.desk.desk import StaffDesk
from bot.desk.hours import read_hours
from bot.desk.result import Agent
from bot.desk.takeover import DeskTakeover
from bot.dialogue.turn import Turn
from bot.reception import Reception
from bot.replay.record.said import turns
from bot.session import Mind
from bot.store.sqlite import SqliteStore
from bot.transcript import EDITED, HEARD, TAKEN_BACK, TO_STAFF, lines

TRAIN = "我在微信上买的火车票想取消送票"
TOO_LATE = "已经按原来的话办了"
ANNA = Agent("anna", "安娜")


class Talk:
    """One person's conversation through an inbox, message by message."""

    def __init__(self, path: Path, now: datetime, understanding: Mind | None = None) -> None:
        self.path, self.now, self.mind = path, now, understanding or mind()
        self.updates = self.messages = 0
        self.open()

    def open(self) -> None:
        self.store = SqliteStore(self.path)
        self.desk = StaffDesk(self.store, ["-100"], read_hours("9:00-18:00"))
        takeover = DeskTakeover(self.store, self.desk)
        self.session = Reception(self.store, self.mind, takeover, TOO_LATE)

    def write(self, text: str, message: int | None = None, at: datetime | None = None) -> int:
        """The message comes in, or another version of it; its number."""
        self.updates += 1
        edited = {"edited": True} if message else {}
        if message is None:
            self.messages += 1
            message = self.messages
        date = {"date": int(at.timestamp())} if at else {}
        payload = {"person": "p1", "text": text, "message": message, "address": "42", **edited, **date}
        assert self.session.receive("test", self.updates, "c1", payload, self.now)
        return message

    def handle(self) -> Turn | None:
        self.now += timedelta(seconds=20)
        return self.session.handle_received("c1", self.store.inbox.take("c1"), self.now)

    def say(self, text: str) -> Turn:
        self.write(text)
        turn = self.handle()
        assert turn is not None
        return turn

    def edit(self, message: int, text: str) -> Turn | None:
        self.write(text, message)
        return self.handle()

    def data(self, kind: str) -> list[Any]:
        return [event.data for event in self.store.events("c1") if event.kind == kind]

    def told(self) -> list[str]:
        return [message.body["text"] for message in self.store.unsent("c1")]


@pytest.fixture
def talk(tmp_path: Path, now: datetime) -> Iterator[Talk]:
    opened = Talk(tmp_path / "s.db", now)
    yield opened
    opened.store.close()


def test_what_came_in_is_answered_and_addressed(talk: Talk) -> None:
    turn = talk.say(TRAIN)
    assert talk.told() == [reply.text for reply in turn.replies]
    assert talk.store.outbox.due(talk.now, 1)[0].address == "42"
    assert not talk.store.inbox.waiting()


def test_a_burst_is_one_turn(talk: Talk) -> None:
    for text in ("火车票想退", "380块", "后天上午10点发车"):
        talk.write(text)
    turn = talk.handle()
    assert turn is not None
    assert turn.slots.items() >= {"product": "train_ticket", "amount": "380.00"}.items()
    (heard,) = talk.data(HEARD)
    assert heard["text"] == "火车票想退，\n380块，\n后天上午10点发车"
    assert (heard["messages"], heard["updates"]) == (["1", "2", "3"], ["1", "2", "3"])


def test_what_was_handled_has_no_second_effect(talk: Talk) -> None:
    talk.write(TRAIN)
    taken = talk.store.inbox.take("c1")
    assert talk.session.handle_received("c1", taken, talk.now) is not None
    before = list(talk.store.events("c1")), talk.told()
    assert talk.session.handle_received("c1", taken, talk.now) is None
    assert not talk.session.settle("c1", taken, [("shell.test", {})], [{"text": "no"}], talk.now)
    assert (list(talk.store.events("c1")), talk.told()) == before


def test_a_turn_that_breaks_down_leaves_what_came_in_waiting(talk: Talk, now: datetime) -> None:
    def broken(*_: object) -> Turn:
        raise ZeroDivisionError

    talk.write(TRAIN)
    session = Reception(talk.store, replace(talk.mind, step=broken))
    taken = talk.store.inbox.take("c1")
    with pytest.raises(ZeroDivisionError):
        session.handle_received("c1", taken, now)
    assert talk.store.inbox.take("c1") == taken
    assert not list(talk.store.events("c1"))
    session.give_up(taken, ZeroDivisionError(TRAIN))
    assert not talk.store.inbox.waiting()
    assert talk.store._db.run("SELECT state, error, payload FROM inbox").fetchall() == [
        ("failed", "ZeroDivisionError", "{}")
    ]


def test_what_the_channel_settles_itself_is_in_the_conversation(talk: Talk) -> None:
    talk.say(TRAIN)
    state = talk.store.conversation("c1")
    talk.write("/help")
    taken = talk.store.inbox.take("c1")
    reply = {"text": "我能帮您……", "buttons": []}
    assert talk.session.settle("c1", taken, [("shell.command", {"name": "help"})], [reply], talk.now)
    after = talk.store.conversation("c1")
    assert state is not None
    assert after is not None
    assert after.state == state.state
    assert talk.data("shell.command") == [{"name": "help"}]
    assert talk.told()[-1] == "我能帮您……"


def test_a_text_that_is_no_text_is_taken_in(talk: Talk) -> None:
    talk.say("退票\ud83d")
    assert talk.data(HEARD)[0]["text"] == "退票�"


@pytest.mark.parametrize("secret", ["13800138000", "6222021234567890128", "a.b@qq.com"])
def test_personal_data_is_on_the_disk_until_its_turn_alone(talk: Talk, tmp_path: Path, secret: str) -> None:
    talk.say("火车票想退")
    for text in (f"打我{secret}", f"或者{secret}"):
        message = talk.write(text)
        talk.write(f"还是{secret}吧", message)
    assert talk.handle() is not None
    talk.edit(message, f"不要打{secret}")
    talk.say("转人工")
    talk.desk.topic_made("c1", 7, talk.now)
    talk.write(f"在吗，我是{secret}")
    talk.handle()
    talk.store.leave_no_trace()
    for file in tmp_path.iterdir():
        assert secret.encode() not in file.read_bytes()


# ── edits ────────────────────────────────────────────────────────────────────


def test_an_edit_before_the_turn_counts_as_what_was_said(talk: Talk) -> None:
    talk.write("电影票想退")
    talk.write("火车票想退", message=1)
    talk.write("票款380块")
    turn = talk.handle()
    assert turn is not None
    assert turn.slots["product"] == "train_ticket"
    (heard,) = talk.data(HEARD)
    assert (heard["text"], heard["versions"]) == ("火车票想退，\n票款380块", ["电影票想退"])
    assert heard["updates"] == ["1", "2", "3"]


def test_an_edited_message_is_heard_again(talk: Talk) -> None:
    message = talk.write("电影票想退")
    talk.handle()
    turn = talk.edit(message, "火车票想退")
    assert turn is not None
    assert turn.slots["product"] == "train_ticket"
    assert not any(word in reply.text for reply in turn.replies for word in ("改成", "电影"))
    assert turn.state.turn == 1, "as if it had been said at once"
    assert [heard["text"] for heard in talk.data(HEARD)] == ["电影票想退", "火车票想退"], "both are kept"
    assert talk.data(TAKEN_BACK) == [{"update": "2", "turn": 0, "messages": ["1"]}]
    assert talk.told()[-1] == turn.replies[-1].text


def test_what_was_said_after_it_is_heard_again_too(talk: Talk) -> None:
    message = talk.write("电影票想退")
    talk.handle()
    talk.say("380块")
    turn = talk.edit(message, "火车票想退")
    assert turn is not None
    assert turn.slots == {"product": "train_ticket", "amount": "380.00"}
    assert turn.state.turn == 2
    heard = [(data["update"], data.get("again")) for data in talk.data(HEARD)]
    assert heard == [("1", None), ("2", None), ("3", None), ("3", "2")]
    again = talk.edit(message, "景区门票想退")
    assert again is not None
    assert again.slots == {"product": "scenic_ticket", "amount": "380.00"}
    assert talk.data(HEARD)[-1]["again"] == "2"


def test_an_edited_conversation_reads_as_one_in_which_it_was_said_so(talk: Talk, tmp_path: Path) -> None:
    message = talk.write("电影票想退")
    talk.handle()
    talk.say("380块")
    talk.edit(message, "火车票想退")
    talk.say("后天上午10点发车")
    plain = Talk(tmp_path / "plain.db", talk.now, talk.mind)
    for text in ("火车票想退", "380块", "后天上午10点发车"):
        plain.say(text)
    edited, said = (turns(each.store.events("c1"), each.mind.understand) for each in (talk, plain))
    assert [t.text for t in edited] == [t.text for t in said]
    assert [t.answer["slots"] for t in edited] == [t.answer["slots"] for t in said]
    assert [(t.fresh, t.gap, t.asked) for t in edited] == [(t.fresh, t.gap, t.asked) for t in said]
    plain.store.close()


def test_one_message_of_a_burst_is_edited(talk: Talk) -> None:
    for text in ("火车票想退", "票款380块"):
        talk.write(text)
    talk.handle()
    turn = talk.edit(2, "票款830块")
    assert turn is not None
    assert turn.slots == {"product": "train_ticket", "amount": "830.00"}
    assert talk.edit(1, "电影票想退") is not None
    assert talk.data(HEARD)[-1]["text"] == "电影票想退，\n票款830块"


def decided(talk: Talk) -> int:
    message = talk.write(TRAIN)
    talk.handle()
    talk.say("票也不要了")
    assert talk.say("380块，明天下午四点发车，快递还没取件").outcome is not None
    return message


def test_an_edit_after_a_decision_is_noted_and_answered(talk: Talk) -> None:
    message = decided(talk)
    state = talk.store.conversation("c1")
    assert talk.edit(message, "电影票想退") is None
    after = talk.store.conversation("c1")
    assert state is not None
    assert after is not None
    assert after.state == state.state
    (noted,) = talk.data(EDITED)
    assert (noted["text"], noted["messages"]) == ("电影票想退", ["1"])
    assert talk.told()[-1] == TOO_LATE


def test_what_is_said_after_a_decision_may_be_edited(talk: Talk) -> None:
    decided(talk)
    message = talk.write("另外还有个电影票想退")
    assert (turn := talk.handle()) is not None
    assert turn.outcome is None
    turn = talk.edit(message, "另外还有个景区门票想退")
    assert turn is not None
    assert turn.slots["product"] == "scenic_ticket"


@pytest.mark.parametrize("later", ["我电话13800138000", "😀" * 4100])
def test_an_edit_is_only_noted_where_what_followed_was_not_kept_whole(talk: Talk, later: str) -> None:
    message = talk.write("电影票想退")
    talk.handle()
    talk.say(later)
    assert talk.edit(message, "火车票想退") is None
    assert len(talk.data(EDITED)) == 1


def test_an_edit_on_another_day_is_only_noted(talk: Talk) -> None:
    message = talk.write("明天的火车票想退")
    talk.handle()
    talk.now += timedelta(days=1)
    assert talk.edit(message, "明天的电影票想退") is None
    assert len(talk.data(EDITED)) == 1


def test_an_edit_of_a_message_nobody_knows_is_noted(talk: Talk) -> None:
    talk.say(TRAIN)
    assert talk.edit(99, "火车票想退") is None
    assert len(talk.data(EDITED)) == 1


def test_a_message_that_is_edited_twice_at_once_is_heard_again_once(talk: Talk) -> None:
    message = talk.write("电影票想退")
    talk.handle()
    talk.write("景区门票想退", message)
    turn = talk.edit(message, "火车票想退")
    assert turn is not None
    assert turn.slots["product"] == "train_ticket"
    _, again = talk.data(HEARD)
    assert (again["updates"], again["versions"]) == (["2", "3"], ["景区门票想退"])


def test_an_edit_that_leaves_the_words_is_no_edit(talk: Talk) -> None:
    message = talk.write(TRAIN)
    talk.handle()
    before = len(list(talk.store.events("c1"))), talk.told()
    assert talk.edit(message, TRAIN) is None
    assert (len(list(talk.store.events("c1"))), talk.told()) == before
    assert not talk.store.inbox.waiting()


# ── staff ────────────────────────────────────────────────────────────────────


def test_a_hand_off_queues_the_desk_with_the_turn(talk: Talk) -> None:
    talk.say("火车票想退")
    assert talk.store.desks.desk("c1") is None
    assert talk.say("转人工").handoff is not None
    desk = talk.store.desks.desk("c1")
    assert desk is not None
    assert (desk.state, desk.reason) == ("queued", "asked_for_person")
    kinds = [event.kind for event in talk.store.events("c1")]
    assert kinds[-1] == "desk.queued"


def test_a_hand_off_that_the_desk_does_not_take_is_no_turn(talk: Talk) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    talk.desk.queue = broken  # type: ignore[method-assign,assignment]
    talk.write("转人工")
    with pytest.raises(ZeroDivisionError):
        talk.handle()
    assert not list(talk.store.events("c1"))
    assert talk.store.inbox.waiting() == ["c1"]


def test_with_a_person_the_words_go_past_the_dialogue(talk: Talk) -> None:
    talk.say("火车票想退")
    talk.say("转人工")
    talk.desk.topic_made("c1", 7, talk.now)
    state, told = talk.store.conversation("c1"), len(talk.told())
    for text in ("我电话13800138000", "在吗"):
        talk.write(text)
    assert talk.handle() is None
    after = talk.store.conversation("c1")
    assert state is not None
    assert after is not None
    assert (after.state, after.updated) == (state.state, talk.now)
    assert [data["text"] for data in talk.data(TO_STAFF)] == ["我电话[手机号]", "在吗"]
    assert len(talk.told()) == told, "the bot says nothing"
    shown = [
        json.loads(body)
        for (body,) in talk.store._db.run(
            "SELECT body FROM outbox WHERE target = 'staff:-100:7' ORDER BY seq"
        ).fetchall()
    ]
    assert [body["text"] for body in shown[-2:]] == ["我电话[手机号]", "在吗"]


def test_before_there_is_a_topic_the_words_wait_in_the_events(talk: Talk) -> None:
    talk.say("转人工")
    talk.write("在吗")
    talk.handle()
    assert [data["text"] for data in talk.data(TO_STAFF)] == ["在吗"]
    talk.desk.topic_made("c1", 7, talk.now)
    (last,) = talk.store._db.run("SELECT body FROM outbox ORDER BY seq DESC LIMIT 1").fetchone()
    assert json.loads(last)["text"] == "在吗"


def test_staff_see_that_a_message_was_edited(talk: Talk) -> None:
    talk.say("转人工")
    message = talk.write("订单是昨天的")
    talk.handle()
    talk.edit(message, "订单是前天的")
    assert [data.get("edited") for data in talk.data(TO_STAFF)] == [None, True]
    said = lines((event.kind, event.data) for event in talk.store.events("c1"))
    assert said[-1] == {"who": "person", "text": "订单是前天的", "edited": "yes"}


def test_a_person_who_is_given_back_talks_to_the_bot_again(talk: Talk) -> None:
    talk.say("火车票想退")
    talk.say("转人工")
    talk.desk.claim("c1", ANNA, talk.now)
    talk.write("380块")
    assert talk.handle() is None
    talk.desk.release("c1", ANNA, talk.now)
    turn = talk.say("380块")
    assert turn.slots == {"product": "train_ticket", "amount": "380.00"}


def test_after_a_claim_the_bot_is_silent(talk: Talk) -> None:
    talk.say("火车票想退")
    talk.say("转人工")
    talk.desk.claim("c1", ANNA, talk.now)
    bodies = {message.body["text"] for message in talk.store.unsent("c1")}
    assert not any("火车" in text or "发车" in text for text in bodies)
    talk.write("那现在退要扣多少")
    assert talk.handle() is None
    assert {message.body["text"] for message in talk.store.unsent("c1")} == bodies
