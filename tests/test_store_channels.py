"""What a store promises to channels that are killed: inbox, outbox, timers, where an edit goes back to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.messages import Update
from bot.store.inbox import TURNS_KEPT
from bot.store.protocol import NO_TOPIC, PERSON
from bot.store.sqlite import SqliteStore

MINUTE = timedelta(minutes=1)
TOPIC = "staff:-100:7"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def update(now: datetime) -> Update:
    return Update("u1", "c1", "p1", "test", "你好", now)


def receive(store: SqliteStore, now: datetime, update_id: int, conversation: str = "c1") -> bool:
    payload = {"text": f"第{update_id}句", "person": "p1"}
    return store.inbox.receive("test", update_id, conversation, payload, now)


def ids(store: SqliteStore, conversation: str = "c1") -> list[int]:
    return [row.update_id for row in store.inbox.take(conversation)]


def due(store: SqliteStore, now: datetime) -> list[int]:
    return [message.seq for message in store.outbox.due(now, 100)]


# ── inbox ────────────────────────────────────────────────────────────────────


def test_an_update_is_taken_in_once(store: SqliteStore, now: datetime) -> None:
    assert receive(store, now, 1)
    assert not receive(store, now + MINUTE, 1)
    assert not receive(store, now, 1, "c2")
    assert store.inbox.receive("other", 1, "c1", {}, now), "ids are the channel's own"
    first = store.inbox.take("c1")[0]
    assert (first.channel, first.at, first.payload) == ("test", now, {"text": "第1句", "person": "p1"})


def test_what_waits_is_taken_in_the_order_of_its_ids(store: SqliteStore, now: datetime) -> None:
    for update_id in (10, 9, 2):
        receive(store, now, update_id)
    assert ids(store) == [2, 9, 10]


def test_conversations_wait_the_longest_waiting_first(store: SqliteStore, now: datetime) -> None:
    for update_id, conversation in ((5, "b"), (1, "a"), (2, "b")):
        receive(store, now, update_id, conversation)
    assert store.inbox.waiting() == ["b", "a"]
    store.inbox.finish(store.inbox.take("b"))
    assert store.inbox.waiting() == ["a"]


def test_only_one_gets_to_finish_it(store: SqliteStore, now: datetime) -> None:
    receive(store, now, 1)
    receive(store, now, 2)
    taken = store.inbox.take("c1")
    assert store.inbox.finish(taken[:1]) == taken[:1]
    assert store.inbox.finish(taken) == taken[1:]
    assert store.inbox.finish(taken) == []
    assert not receive(store, now, 1), "it is still known"


def test_what_was_given_up_waits_no_longer_and_is_still_known(store: SqliteStore, now: datetime) -> None:
    receive(store, now, 1)
    store.inbox.give_up(store.inbox.take("c1"), "KeyError")
    assert not store.inbox.waiting()
    assert not receive(store, now, 1)


def test_it_waits_on_where_its_effect_was_not_kept(store: SqliteStore, now: datetime) -> None:
    receive(store, now, 1)
    with pytest.raises(RuntimeError), store.transaction():
        store.inbox.finish(store.inbox.take("c1"))
        store.record("c1", [("shell.test", {})], now)
        raise RuntimeError
    assert ids(store) == [1]
    assert not list(store.events("c1"))


def test_what_was_said_is_erased_with_its_effect(store: SqliteStore, now: datetime, tmp_path: Path) -> None:
    secret = "只有我知道的一句话"
    store.inbox.receive("test", 1, "c1", {"text": secret}, now)
    store.inbox.receive("test", 2, "c2", {"text": secret}, now)
    store.inbox.finish(store.inbox.take("c1"))
    store.inbox.give_up(store.inbox.take("c2"), "KeyError")
    store.leave_no_trace()
    assert not any(secret.encode() in file.read_bytes() for file in tmp_path.iterdir())


# ── outbox ───────────────────────────────────────────────────────────────────


def test_a_turn_s_replies_are_due_once_there_is_an_address(
    store: SqliteStore, update: Update, now: datetime
) -> None:
    with store.turn(update) as turn:
        turn.write({}, [], [{"text": "一"}, {"text": "二"}])
    assert not due(store, now)
    store.outbox.set_address("c1", "test", "42")
    (first,) = store.outbox.due(now, 100)
    assert (first.conversation, first.body, first.target, first.address) == (
        *("c1", {"text": "一"}),
        *(PERSON, "42"),
    )
    store.outbox.set_address("c1", "test", "43")
    assert store.outbox.address("c1") == "43"
    store.outbox.sent(first.seq)
    assert [(m.body, m.address) for m in store.outbox.due(now, 100)] == [({"text": "二"}, "43")]
    assert store.outbox.depth() == 1


def test_a_line_is_sent_one_by_one_and_holds_up_no_other(store: SqliteStore, now: datetime) -> None:
    for conversation in ("c1", "c2"):
        store.outbox.set_address(conversation, "test", conversation)
    one = [store.outbox.post("c1", {"n": n}, now) for n in range(3)]
    two = store.outbox.post("c2", {}, now)
    topic = [store.outbox.post(c, {}, now, TOPIC) for c in ("c1", "c2")]
    assert due(store, now) == [one[0], two, topic[0]]
    store.outbox.postpone(one[0], now + MINUTE, "429")
    assert due(store, now) == [two, topic[0]], "what is behind waits with it"
    assert due(store, now + MINUTE) == [one[0], two, topic[0]]
    assert store.outbox.due(now + MINUTE, 1)[0].attempts == 1
    store.outbox.fail(one[0], "400 Bad Request")
    store.outbox.sent(topic[0])
    assert due(store, now) == [one[1], two, topic[1]]


def test_what_was_settled_stays_settled(store: SqliteStore, now: datetime) -> None:
    store.outbox.set_address("c1", "test", "42")
    seq = store.outbox.post("c1", {}, now)
    store.outbox.fail(seq, "400")
    store.outbox.sent(seq)
    store.outbox.postpone(seq, now, "429")
    assert not store.outbox.is_waiting(seq)
    assert not due(store, now)


def test_who_cannot_be_reached_is_sent_nothing_more(store: SqliteStore, now: datetime) -> None:
    store.outbox.set_address("c1", "test", "42")
    seqs = [store.outbox.post("c1", {}, now) for _ in range(2)]
    topic = store.outbox.post("c1", {}, now, TOPIC)
    assert store.outbox.drop_all("c1", "403: blocked") == 2
    assert not any(store.outbox.is_waiting(seq) for seq in seqs)
    assert due(store, now) == [topic]


def test_what_was_queued_before_a_claim_is_dropped(store: SqliteStore, update: Update, now: datetime) -> None:
    with store.turn(update) as turn:
        turn.write({}, [], [{"text": "bot"}])
    store.outbox.set_address("c1", "test", "42")
    desk = store.desks.open("c1", "queued")
    topic = store.outbox.post("c1", {}, now, TOPIC)
    with store.transaction():
        assert store.desks.move("c1", "queued", desk.epoch, "human", epoch=1)
        assert store.outbox.drop_before("c1", 1) == 1
    after = store.outbox.post("c1", {"text": "agent"}, now)
    assert due(store, now) == [topic, after]
    with store.turn(replace(update, id="u2")) as turn:
        turn.write({}, [], [])
    kept = store.conversation("c1")
    assert kept is not None
    assert kept.epoch == 1


def test_what_waits_for_a_former_topic_is_taken_along(store: SqliteStore, now: datetime) -> None:
    bodies = [{"text": str(number)} for number in range(3)]
    for body in bodies[:2]:
        store.outbox.post("c1", body, now, TOPIC)
    kept = [
        store.outbox.post("c1", bodies[2], now, "staff:-100:8"),
        store.outbox.post("c1", {}, now, "staff:-100:"),
        store.outbox.post("c2", {}, now, TOPIC),
    ]
    store.outbox.sent(store.outbox.post("c1", {}, now, TOPIC))
    unmade = {"text": "for the topic to be"}
    store.outbox.post("c1", unmade, now, NO_TOPIC)
    assert [it.body for it in store.outbox.take_along("c1", "staff:-100:8")] == [*bodies[:2], unmade]
    assert store.outbox.take_along("c1", "staff:-100:8") == []
    assert sorted(due(store, now)) == sorted(kept)


def test_a_chat_that_has_moved_is_written_to_where_it_is(store: SqliteStore, now: datetime) -> None:
    store.outbox.set_address("c1", "test", "-100")
    store.outbox.set_address("c2", "test", "-1")
    at_large = store.outbox.post("c1", {}, now, "staff:-100:")
    store.outbox.postpone(at_large, now + MINUTE, "moved")
    topic = store.outbox.post("c1", {}, now, TOPIC)
    store.outbox.chat_moved("-100", "-200")
    assert (store.outbox.address("c1"), store.outbox.address("c2")) == ("-200", "-1")
    assert {it.seq: it.target for it in store.outbox.due(now, 10)} == {at_large: "staff:-200:", topic: TOPIC}


def test_the_desks_of_a_group_that_has_moved_are_there_without_a_topic(store: SqliteStore) -> None:
    with store.transaction():
        for conversation, chat in (("c1", "-100"), ("c2", "-1")):
            store.desks.open(conversation, "human", staff_chat=chat, topic=7, card_message=8)
        assert store.desks.group_moved("-100", "-200")
        assert not store.desks.group_moved("-100", "-200")
    moved, other = store.desks.desk("c1"), store.desks.desk("c2")
    assert moved is not None
    assert other is not None
    assert (moved.staff_chat, moved.topic, moved.card_message) == ("-200", None, None)
    assert (other.staff_chat, other.topic, other.card_message) == ("-1", 7, 8)
    assert store.desks.group_moves() == {"-100": "-200"}


def test_channels_that_mark_by_themselves_see_what_is_for_the_person(
    store: SqliteStore, update: Update, now: datetime
) -> None:
    with store.turn(update) as turn:
        turn.write({}, [], [{"text": "一"}])
    store.outbox.post("c1", {"text": "staff"}, now, TOPIC)
    assert [message.body for message in store.unsent("c1")] == [{"text": "一"}]
    store.mark_sent(store.unsent("c1"))
    assert not store.unsent("c1")


# ── timers ───────────────────────────────────────────────────────────────────


def test_a_timer_falls_due_once(store: SqliteStore, now: datetime) -> None:
    late = store.timers.set_timer("c1", "refund", now + 2 * MINUTE, {"fee": "57.00"})
    soon = store.timers.set_timer("c2", "refund", now + MINUTE, {})
    assert not store.timers.due_timers(now, 10)
    assert [t.id for t in store.timers.due_timers(now + 2 * MINUTE, 10)] == [soon, late]
    assert [t.id for t in store.timers.due_timers(now + 2 * MINUTE, 1)] == [soon]
    assert store.timers.finish_timer(soon)
    assert not store.timers.finish_timer(soon)
    (left,) = store.timers.due_timers(now + 2 * MINUTE, 10)
    assert (left.conversation, left.kind, left.due, left.data) == (
        *("c1", "refund"),
        *(now + 2 * MINUTE, {"fee": "57.00"}),
    )


def test_of_a_kind_a_conversation_has_one_timer(store: SqliteStore, now: datetime) -> None:
    first = store.timers.set_timer("c1", "fee", now, {})
    other = store.timers.set_timer("c1", "refund", now, {})
    second = store.timers.set_timer("c1", "fee", now, {})
    assert [t.id for t in store.timers.due_timers(now, 10)] == [other, second]
    assert not store.timers.finish_timer(first)
    assert store.timers.drop_timers("c1", "fee") == 1
    assert store.timers.drop_timers("c1") == 1
    assert not store.timers.due_timers(now, 10)


# ── edits ────────────────────────────────────────────────────────────────────


def test_an_edit_goes_back_to_the_state_before_its_message(store: SqliteStore, now: datetime) -> None:
    store.reruns.keep("c1", ["1", "2"], 0, {"a": 1}, now)
    store.reruns.keep("c1", ["3"], 1, {"a": 2}, now)
    for message, turn, state in (("1", 0, {"a": 1}), ("2", 0, {"a": 1}), ("3", 1, {"a": 2})):
        rerun = store.reruns.before("c1", message)
        assert rerun is not None
        assert (rerun.turn, rerun.state) == (turn, state)
    assert store.reruns.before("c2", "1") is None
    store.reruns.undo("c1", 1)
    assert store.reruns.before("c1", "3") is None
    store.reruns.decided("c1")
    assert store.reruns.before("c1", "1") is None


def test_an_edit_goes_back_so_many_turns_and_no_further(store: SqliteStore, now: datetime) -> None:
    for turn in range(TURNS_KEPT + 5):
        store.reruns.keep("c1", [str(turn)], turn, {}, now)
    assert store.reruns.before("c1", "4") is None
    assert store.reruns.before("c1", "5") is not None


# ── together ─────────────────────────────────────────────────────────────────


def test_transactions_join_and_are_kept_together(store: SqliteStore, update: Update, now: datetime) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        with store.turn(update) as turn:
            turn.write({}, [("heard", {})], [{}])
        store.timers.set_timer("c1", "fee", now, {})
        store.outbox.set_address("c1", "test", "42")
        store.desks.open("c1", "queued")
        store.mark_sent(store.unsent("c1"))
        raise RuntimeError
    assert store.conversation("c1") is None
    assert not list(store.events("c1"))
    assert not store.timers.due_timers(now, 10)
    assert store.outbox.address("c1") is None
    assert store.desks.desk("c1") is None
    with store.turn(update) as turn:
        assert not turn.repeated


EVERYWHERE = (
    "events",
    "outbox",
    "updates",
    "inbox",
    "addresses",
    "reruns",
    "timers",
    "desks",
    "conversations",
)


def fill(store: SqliteStore, update: Update) -> None:
    with store.turn(update) as turn:
        turn.write({}, [("heard", {})], [{}])
    name, at = update.conversation, update.now
    store.inbox.receive("test", int(name[1:]), name, {"person": update.person}, at)
    store.outbox.set_address(name, "test", name)
    store.reruns.keep(name, ["1"], 0, {}, at)
    store.timers.set_timer(name, "fee", at, {})
    store.desks.open(name, "queued")


def rows(store: SqliteStore, table: str, conversation: str) -> int:
    column = "id" if table == "conversations" else "conversation"
    count: int
    (count,) = store._db.run(f"SELECT count(*) FROM {table} WHERE {column} = ?", (conversation,)).fetchone()
    return count


@pytest.mark.parametrize("table", EVERYWHERE)
def test_a_person_is_forgotten_everywhere(store: SqliteStore, update: Update, table: str) -> None:
    fill(store, update)
    fill(store, replace(update, conversation="c2", person="p2"))
    assert rows(store, table, "c1") == 1
    assert store.forget("p1") == 1
    assert rows(store, table, "c1") == 0
    assert rows(store, table, "c2") == 1


def test_who_is_forgotten_before_the_first_turn_leaves_nothing(store: SqliteStore, now: datetime) -> None:
    receive(store, now, 1)
    store.forget("p1")
    assert not store.inbox.waiting()
    assert receive(store, now, 1)


@pytest.mark.parametrize("table", EVERYWHERE)
def test_old_conversations_are_purged_everywhere(store: SqliteStore, update: Update, table: str) -> None:
    fill(store, update)
    fill(store, replace(update, conversation="c2", now=update.now + timedelta(days=2)))
    assert store.purge(update.now + timedelta(days=1)) == 1
    assert (rows(store, table, "c1"), rows(store, table, "c2")) == (0, 1)


def test_every_table_of_a_conversation_is_looked_after(store: SqliteStore) -> None:
    tables = store._db.run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    of_conversations = {
        table
        for (table,) in tables
        if any(c[1] == "conversation" for c in store._db.run(f"PRAGMA table_info({table})").fetchall())
    }
    assert of_conversations == set(EVERYWHERE) - {"conversations"} | {"mirrors"}
