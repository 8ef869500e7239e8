"""The shell around the dialogue: one update, one effect; what is stored gives nobody away."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import mind
from bot.dialogue.order import Order
from bot.dialogue.turn import Turn
from bot.messages import Update
from bot.session import Session
from bot.store.memory import MemoryStore
from bot.store.protocol import Store
from bot.store.sqlite import SqliteStore
from bot.transcript import HANDED_OFF, STATE_DROPPED

TRAIN = Order("TK2603070001", "train_ticket", "高铁 G1057", "380.00", phone_tail="8001", pay_channel="wechat")


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "s.db")
    opened.save_orders([TRAIN])
    yield opened
    opened.close()


class Talk:
    """One person's conversation with the whole bot."""

    def __init__(self, store: Store, now: datetime, conversation: str = "c1", person: str = "p1") -> None:
        self.session = Session(store, mind())
        self.next = Update("0", conversation, person, "test", "", now)

    def say(self, text: str) -> Turn:
        turn = self.session.handle(replace(self.next, text=text))
        assert turn is not None
        self.next = replace(
            self.next, id=str(int(self.next.id) + 1), now=self.next.now + timedelta(minutes=1)
        )
        return turn

    def stored(self) -> str:
        """All that the store holds of the conversation, as text."""
        kept = self.session.store.conversation(self.next.conversation)
        events = [event.data for event in self.session.store.events(self.next.conversation)]
        messages = [message.body for message in self.session.store.unsent(self.next.conversation)]
        return json.dumps([kept.state if kept else None, events, messages], ensure_ascii=False)


@pytest.fixture
def talk(store: Store, now: datetime) -> Talk:
    return Talk(store, now)


def test_the_conversation_goes_on_from_what_was_stored(talk: Talk, store: Store) -> None:
    first = talk.say("我在微信上买的火车票想取消送票")
    assert first.slots["product"] == "train_ticket"
    talk.session = Session(store, mind())
    second = talk.say("380块，后天上午10点发车")
    assert second.slots["product"] == "train_ticket"
    assert second.slots["amount"] == "380.00"


def test_a_repeated_update_has_no_second_effect(talk: Talk, store: Store) -> None:
    update = replace(talk.next, text="火车票想退")
    turn = talk.session.handle(update)
    assert turn is not None
    before = talk.stored()
    assert talk.session.handle(update) is None
    assert talk.stored() == before
    assert [r.text for r in talk.session.earlier_replies(update)] == [r.text for r in turn.replies]


def test_replies_wait_until_they_are_delivered(talk: Talk, store: Store) -> None:
    turn = talk.say("你好")
    assert [m.body["text"] for m in store.unsent("c1")] == [reply.text for reply in turn.replies]
    talk.session.delivered("c1")
    assert not store.unsent("c1")


SECRETS = {
    "13800138000": "我手机13800138000",
    "138 0013 8000": "打138 0013 8000",
    "11010519491231002X": "身份证11010519491231002X",
    "6222021234567890128": "钱退到卡号6222021234567890128",
    "a.b@qq.com": "邮箱a.b@qq.com",
}


@pytest.mark.parametrize("secret", SECRETS)
def test_personal_data_is_stored_nowhere(talk: Talk, secret: str) -> None:
    talk.say("火车票想退")
    talk.say(SECRETS[secret])
    talk.say("转人工")
    assert secret not in talk.stored()


def test_personal_data_in_names_is_stored_nowhere(store: Store, now: datetime, tmp_path: Path) -> None:
    talk = Talk(store, now, conversation="13800138000", person="13800138000")
    talk.say("你好")
    assert store.conversation("13800138000") is None
    talk.session.delivered("13800138000")
    for file in tmp_path.glob("s.db*"):
        assert b"13800138000" not in file.read_bytes()


def test_order_numbers_stay_and_tails_do_not(talk: Talk, store: Store) -> None:
    talk.say("查一下订单TK2603070001的退款")
    turn = talk.say("8001")
    assert turn.slots["product"] == "train_ticket", "the order is shown to who knows its tail"
    events = json.dumps([event.data for event in store.events("c1")], ensure_ascii=False)
    assert "TK2603070001" in events
    assert "8001" not in events


@pytest.mark.parametrize("tail", ["8001", "尾号8001", "尾号是八零零一", "１３８００１３８００１"])
def test_a_tail_in_any_wording_is_kept_out_of_the_events(talk: Talk, store: Store, tail: str) -> None:
    talk.say("查一下订单TK2603070001的退款")
    talk.say(tail)
    events = json.dumps([event.data for event in store.events("c1")], ensure_ascii=False)
    assert tail not in events
    assert "8001" not in events


def test_a_tail_said_once_more_is_kept_out_of_the_events(talk: Talk, store: Store) -> None:
    talk.say("查一下订单TK2603070001，尾号8001")
    talk.say("8001")
    assert "8001" not in json.dumps([event.data for event in store.events("c1")], ensure_ascii=False)


def test_nothing_of_an_order_is_shown_without_its_tail(talk: Talk) -> None:
    turn = talk.say("查一下订单TK2603070001的退款")
    assert turn.asks == "phone_tail"
    assert not set(turn.slots) - {"order_id"}
    assert not any("380" in reply.text or "G1057" in reply.text for reply in turn.replies)


def test_an_unknown_number_answers_as_a_wrong_tail_does(store: Store, now: datetime) -> None:
    texts = []
    for conversation, number in (("known", "TK2603070001"), ("none", "TK2603079999")):
        talk = Talk(store, now, conversation, conversation)
        talk.say(f"查一下订单{number}的退款")
        turn = talk.say("0000")
        texts.append([(reply.text.replace(number, ""), reply.buttons) for reply in turn.replies])
        assert turn.asks == "phone_tail"
    assert texts[0] == texts[1]


def test_a_new_conversation_lifts_no_lock(store: Store, now: datetime) -> None:
    talk = Talk(store, now)
    talk.say("查一下订单TK2603070001的退款")
    for wrong in ("0000", "1111", "2222"):
        talk.say(wrong)
    again = Talk(store, now + timedelta(hours=1), "c2")
    again.say("查一下订单TK2603070001的退款")
    turn = again.say("8001")
    assert "product" not in turn.slots
    assert not any("G1057" in reply.text for reply in turn.replies)
    next_day = Talk(store, now + timedelta(hours=25), "c3")
    next_day.say("查一下订单TK2603070001的退款")
    assert next_day.say("8001").slots["product"] == "train_ticket"


def test_a_hand_off_carries_the_masked_transcript(talk: Talk, store: Store) -> None:
    talk.say("火车票想退，我电话13800138000")
    turn = talk.say("转人工")
    assert turn.handoff is not None
    said = [line["text"] for line in turn.handoff.card["transcript"] if line["who"] == "person"]
    assert said == ["火车票想退，我电话[手机号]", "转人工"]
    kinds = [event.kind for event in store.events("c1")]
    assert HANDED_OFF in kinds


def test_a_turn_that_breaks_down_leaves_the_conversation_as_it_was(talk: Talk, store: Store) -> None:
    talk.say("火车票想退")
    before = talk.stored()

    def broken(*_: object) -> Turn:
        raise ZeroDivisionError

    session = Session(store, replace(mind(), step=broken))
    update = replace(talk.next, text="在吗")
    with pytest.raises(ZeroDivisionError):
        session.handle(update)
    assert talk.stored() == before
    assert talk.session.handle(update) is not None, "the update was not taken"


def test_a_state_of_another_version_starts_anew_and_says_so(talk: Talk, store: Store) -> None:
    with store.turn(talk.next) as turn:
        turn.write({"a field that was once": 1}, [], [])
    talk.next = replace(talk.next, id="1")
    assert talk.say("你好").replies
    assert next(event.kind for event in store.events("c1")) == STATE_DROPPED


def test_a_message_of_a_megabyte_is_stored_short(talk: Talk) -> None:
    assert talk.say("退票" * 500_000).replies
    assert len(talk.stored()) < 50_000


def test_memory_and_disk_answer_alike(tmp_path: Path, now: datetime) -> None:
    lines = ["火车票想退", "13800138000", "380块", "TK2603070001", "8001", "后天上午10点", "转人工"]
    disk = SqliteStore(tmp_path / "s.db")
    talks = [Talk(MemoryStore([TRAIN]), now), Talk(disk, now)]
    disk.save_orders([TRAIN])
    for line in lines:
        first, second = (talk.say(line) for talk in talks)
        assert first == second
    disk.close()


def test_an_update_needs_a_clock_with_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        Update("1", "c", "p", "test", "", datetime.fromisoformat("2026-03-06T04:00:00"))
