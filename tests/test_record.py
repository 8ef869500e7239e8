"""Recording a stored conversation: what is replaced, what is written, what is said of what is missing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.app import mind
from bot.dialogue.order import Order
from bot.errors import TuidanError
from bot.messages import Update
from bot.orders.demo import demo_orders
from bot.privacy import is_identity_number, mask, passes_luhn
from bot.replay import runner, suite
from bot.replay.record.order_numbers import without_order_numbers
from bot.replay.record.recording import Recording, record
from bot.replay.record.said import turns
from bot.replay.record.stand_ins import StandIns
from bot.replay.record.writing import as_suite
from bot.session import Session
from bot.store.memory import MemoryStore
from bot.store.protocol import Store, StoredEvent
from bot.store.sqlite import SqliteStore
from bot.transcript import ANSWERED, HEARD

PRIVATE = ["13800138000", "11010519491231002X", "6222021234567890128", "a.b@qq.com", "TK2603070001", "8001"]


@pytest.fixture
def store(tmp_path: Path, now: datetime) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "talks.db")
    opened.save_orders(demo_orders(now))
    yield opened
    opened.close()


def say(store: Store, now: datetime, *lines: str, conversation: str = "c1", first: int = 0) -> None:
    for number, line in enumerate(lines, start=first):
        update = Update(str(number), conversation, "anna", "test", line, now + timedelta(minutes=number))
        Session(store, mind()).handle(update)


def suite_of(store: Store, conversation: str = "c1", *, with_text: bool = False) -> str:
    return as_suite(record(store, conversation, mind().understand, with_text=with_text))


def results(text: str, folder: Path) -> list[runner.Result]:
    file = folder / "recorded.yaml"
    file.write_text(text, encoding="utf-8", newline="\n")
    dialogues, faults = suite.read_file(file)
    assert not faults
    return [runner.run(dialogue, mind()) for dialogue in dialogues]


def test_nothing_personal_and_no_order_number_is_left(store: SqliteStore, now: datetime) -> None:
    say(
        store,
        now,
        "查一下订单TK2603070001的退款，电话13800138000",
        "8001",
        "ＴＫ２６０３０７０００１，身份证11010519491231002X",
        "退到银行卡6222021234567890128，发到a.b@qq.com，快递单号SF1234567890123",
    )
    text = suite_of(store)
    for secret in (*PRIVATE, "ＴＫ２６０３０７０００１", "SF1234567890123", "tk2603070001"):
        assert secret not in text
    number = re.findall(r"order_id: (\w+)", text)[0]
    assert re.fullmatch(r"TK2603\d{6}", number), "the same shape, and a date that can be"
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    assert wide in text, "the same replacement, written as wide"
    assert not re.search(r"\[(手机号|银行卡号|身份证号|邮箱)\]|\*\*\*\*", text)


@given(st.text(max_size=20), st.integers(0, 300))
def test_stand_ins_have_the_form_of_what_they_stand_for(seed: str, number: int) -> None:
    stand_ins = StandIns(seed)
    tail = stand_ins.tail(number)
    assert re.fullmatch(r"[3-9]\d[6-9]\d", tail)
    phone, card = stand_ins.phone(tail), stand_ins.card()
    identity, email = stand_ins.identity(), stand_ins.email()
    assert re.fullmatch(rf"154\d{{4}}{tail}", phone)
    assert is_identity_number(identity)
    assert passes_luhn(card)
    assert email.endswith("@example.com")
    for stand_in in (phone, card, identity, email):
        assert re.fullmatch(r"\[.+\]", mask(stand_in)), f"{stand_in} is masked as the original was"
    assert len({stand_ins.tail(n) for n in range(90)}) == 90


NUMBERS = st.from_regex(r"\A(?:[A-Z]{0,3}[0-9]{8,20}|[A-Z]{2}-[0-9]{4}-[0-9]{4}|[A-Z0-9]{10}[0-9]{2})\Z")


def heard(text: str, number: str, now: datetime) -> StoredEvent:
    slots = {"order_id": {"value": number, "said": number, "certain": True}}
    return StoredEvent(1, "c", now, HEARD, {"update": "1", "text": text, "slots": slots})


@given(NUMBERS, NUMBERS)
def test_an_order_number_keeps_its_shape_and_is_replaced_everywhere(first: str, second: str) -> None:
    now = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
    text = f"{first}和{second.lower()}，{first.lower()}"
    one, other = without_order_numbers([heard(text, first, now), heard(text, second, now)])
    changed = one.data["slots"]["order_id"]["value"]
    also = other.data["slots"]["order_id"]["value"]
    assert one.data["text"] == f"{changed}和{also.lower()}，{changed.lower()}"
    assert changed != first
    assert (changed == also) == (first == second)
    assert re.sub(r"\d", "0", re.sub("[A-Z]", "A", changed)) == re.sub(
        r"\d", "0", re.sub("[A-Z]", "A", first)
    )
    assert mask(changed) == changed or mask(first) != first


@given(
    st.lists(st.text(), min_size=1, max_size=4), st.dictionaries(st.text(min_size=1), st.text(), max_size=4)
)
def test_whatever_was_said_survives_the_file(texts: list[str], slots: dict[str, str]) -> None:
    said = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in texts]
    dialogue = {
        "name": said[0] or "…",
        "now": "2026-03-06T04:00:00.000001+08:00",
        "turns": [{"user": text, "slots": slots, "asks": None, "says": said} for text in said],
    }
    text = as_suite(Recording((dialogue, dialogue), ("order numbers",), ()))
    back, again = yaml.load_all(text.encode(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert back == again
    assert back["turns"] == dialogue["turns"]
    assert back["now"] == datetime.fromisoformat(str(dialogue["now"]))


def test_a_recording_reads_like_a_written_suite(store: SqliteStore, now: datetime) -> None:
    say(store, now, "火车票想退，380块，明天上午10点发车", "算了")
    lines = suite_of(store).splitlines()
    assert lines[0].startswith("# ")
    assert lines[2:7] == [
        "name: 火车票想退，380块，明天上午10点发车（2026-03-06）",
        "now: 2026-03-06T04:00:00+08:00",
        "channel: test",
        "turns:",
        "  - user: 火车票想退，380块，明天上午10点发车",
    ]
    keys = [line.split(":")[0].strip(" -") for line in lines[6:]]
    assert keys[:7] == ["user", "intent", "slots", "asks", "outcome", "cites", "handoff"]
    assert keys[7:9] == ["user", "now"]
    assert any(line.strip().startswith('outcome: {verdict: allowed, fee: "57.00"') for line in lines)
    assert "amount: null" in lines[-4], "what is not known any more must be gone"


def test_the_same_conversation_is_the_same_file(store: SqliteStore, now: datetime, tmp_path: Path) -> None:
    lines = ("查一下订单TK2603070001的退款，电话13800138000", "8001", "转人工")
    say(store, now, *lines)
    other = SqliteStore(tmp_path / "other.db")
    other.save_orders(demo_orders(now))
    say(other, now, *lines)
    assert suite_of(store) == suite_of(other)
    other.close()


def test_with_text_the_words_are_expected_too(store: SqliteStore, now: datetime, tmp_path: Path) -> None:
    say(store, now, "查一下订单TK2603070001的退款", "8001", "转人工")
    text = suite_of(store, with_text=True)
    (result,) = results(text, tmp_path)
    assert {expected.key for turn in result.dialogue.turns for expected in turn.expected} >= {"says"}
    assert result.failures == ()


def test_todays_order_book_does_not_matter(store: SqliteStore, now: datetime, tmp_path: Path) -> None:
    say(store, now, "查一下订单TK2603070001的退款", "8001", "多少手续费")
    before = suite_of(store)
    store.save_orders(replace(order, amount="1.00", phone_tail="9999") for order in demo_orders(now))
    assert suite_of(store) == before
    (result,) = results(before, tmp_path)
    assert result.passed


def test_an_order_of_an_older_event_is_the_shops(now: datetime, tmp_path: Path) -> None:
    fresh = MemoryStore(demo_orders(now))
    say(fresh, now, "查一下订单TK2603070001的退款", "8001")
    old = _Older(demo_orders(now), fresh)
    (result,) = results(as_suite(record(old, "c1", mind().understand)), tmp_path)
    assert result.passed
    gone = _Older((), fresh)
    assert record(gone, "c1", mind().understand).missing == (
        "turn 2: the order that was shown is not in the store",
    )


class _Older(MemoryStore):
    """A store whose events were written before they counted turns and held orders."""

    def __init__(self, orders: tuple[Order, ...], written: MemoryStore) -> None:
        super().__init__(orders)
        self._written = written
        self.conversation = written.conversation  # type: ignore[method-assign]

    def events(self, conversation: str) -> Iterator[StoredEvent]:
        for event in self._written.events(conversation):
            gone = {"order", "turn", "masked"}
            yield replace(event, data={key: value for key, value in event.data.items() if key not in gone})


def test_an_order_that_changes_meanwhile_changes_in_the_suite(
    store: SqliteStore, now: datetime, tmp_path: Path
) -> None:
    say(store, now, "查一下订单TK2603070001的退款", "8001", "重新开始")
    store.save_orders([replace(demo_orders(now)[0], amount="500.00")])
    say(store, now, "订单TK2603070001，尾号8001，想退", first=3)
    text = suite_of(store)
    assert text.count('amount: "500.00"') >= 2
    (result,) = results(text, tmp_path)
    assert [len(turn.orders) for turn in result.dialogue.turns] == [0, 0, 0, 1]
    assert result.failures == ()


def test_a_lock_from_elsewhere_holds_in_the_suite(store: SqliteStore, now: datetime, tmp_path: Path) -> None:
    say(store, now, "查一下订单TK2603070001的退款", "0000", "1111", "2222", conversation="before")
    say(store, now, "查一下订单TK2603070001的退款", "8001", first=10)
    text = suite_of(store)
    (result,) = results(text, tmp_path)
    (number,) = result.dialogue.turns[1].locked
    assert f"locked: [{number}]" in text
    assert "product" not in result.played[1].answer["slots"]
    assert result.failures == ()
    (unlocked,) = results(re.sub(r" +locked: .*\n", "", text), tmp_path)
    assert unlocked.played[1].answer["asks"] == "phone_tail", "without the lock it would be a wrong try"


WRITTEN = """\
name: 订单后来才有，又被锁了
now: 2026-03-06T04:00:00+08:00
turns:
  - user: 订单TK2603070001，尾号8001，想退
    asks: phone_tail
    slots: {product: null}
  - user: "8001"
    orders: [{order_id: TK2603070001, product: train_ticket, phone_tail: "8001"}]
    slots: {product: train_ticket}
  - user: 重新开始
  - user: 订单TK2603070001，尾号8001，想退
    locked: [TK2603070001]
    slots: {product: null}
  - user: 重新开始
"""


def test_people_may_write_orders_and_locks_into_turns_too(tmp_path: Path) -> None:
    (result,) = results(WRITTEN, tmp_path)
    assert result.failures == ()
    for right, wrong, words in (
        ("locked: [TK", "locked: [{}, TK", "recorded.yaml:12: locked: locked must be a string"),
        (
            'phone_tail: "8001"',
            'phone_tail: "80"',
            "recorded.yaml:8: phone_tail: must be the last four digits",
        ),
    ):
        file = tmp_path / "recorded.yaml"
        file.write_text(WRITTEN.replace(right, wrong), encoding="utf-8")
        (fault,) = suite.read_file(file)[1]
        assert words in str(fault)


def test_a_long_message_is_recorded_by_head_and_end(
    store: SqliteStore, now: datetime, tmp_path: Path
) -> None:
    say(store, now, "火车票想退。" + "我等了很久。" * 1_500 + "票价380块")
    found = record(store, "c1", mind().understand)
    assert found.missing == ("turn 1: the message was too long to be kept whole; its middle is missing",)
    (result,) = results(as_suite(found), tmp_path)
    assert result.played[0].heard["slots"]["amount"]["value"] == "380.00", "said at the very end"
    assert result.failures == ()


def test_a_dropped_state_begins_another_dialogue(store: SqliteStore, now: datetime, tmp_path: Path) -> None:
    say(store, now, "火车票想退")
    with store.turn(Update("x", "c1", "anna", "test", "", now)) as turn:
        turn.write({"a field that was once": 1}, [], [])
    say(store, now, "电影票想退", "明天下午三点", first=5)
    found = record(store, "c1", mind().understand)
    assert "forgotten" in found.missing[0]
    played = results(as_suite(found), tmp_path)
    assert [len(result.played) for result in played] == [1, 2]
    assert all(result.passed for result in played)


def test_a_purged_beginning_is_said(store: SqliteStore, now: datetime) -> None:
    say(store, now, "火车票想退", "380块", "明天上午10点发车")
    store.purge(now + timedelta(minutes=1))
    found = record(store, "c1", mind().understand)
    assert found.missing == ("turn 1: what came before it was purged",)
    assert "# Missing: turn 1: what came before it was purged." in as_suite(found)


def test_turns_are_told_from_whatever_is_left(now: datetime) -> None:
    store = MemoryStore(demo_orders(now))
    say(store, now, "火车票想退", "380块", "明天上午10点发车")
    events = list(store.events("c1"))
    torn = [event for event in events[1:] if event.kind != ANSWERED]
    stray = StoredEvent(0, "c1", now, "crm.something_new", {"text": "…"})
    told = turns([stray, *torn, stray], mind().understand)
    assert [(turn.text, turn.answer, turn.gap, turn.fresh) for turn in told] == [
        ("380块", {}, True, False),
        ("明天上午10点发车", {}, False, False),
    ]


def test_what_is_not_there_is_an_error(store: SqliteStore, now: datetime) -> None:
    with pytest.raises(TuidanError, match="no conversation 'nobody'"):
        suite_of(store, "nobody")
