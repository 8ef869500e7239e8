"""What every store must do; each implementation runs the same tests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.order import Order, Refund
from bot.messages import Update
from bot.store.memory import MemoryStore
from bot.store.protocol import Lock, Store
from bot.store.sqlite import SqliteStore

ORDER = Order(
    "A10086", "movie_ticket", amount="99.80", phone_tail="1234", refund=Refund("10.00", None, "processing")
)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def update(now: datetime) -> Update:
    return Update("u1", "c1", "p1", "test", "你好", now)


def take(store: Store, update: Update, words: str = "hi") -> bool:
    """One turn that writes; whether the update was new."""
    with store.turn(update) as turn:
        if turn.repeated:
            return False
        turn.write({"words": words}, [("heard", {"text": words})], [{"text": words}])
    return True


def test_a_turn_is_kept_whole(store: Store, update: Update) -> None:
    assert take(store, update, "第一句")
    kept = store.conversation("c1")
    assert kept is not None
    assert (kept.person, kept.channel, kept.state, kept.epoch) == ("p1", "test", {"words": "第一句"}, 0)
    assert (kept.created, kept.updated) == (update.now, update.now)
    assert [(e.kind, e.data, e.at) for e in store.events("c1")] == [("heard", {"text": "第一句"}, update.now)]
    assert [m.body for m in store.unsent("c1")] == [{"text": "第一句"}]


def test_an_update_counts_once(store: Store, update: Update) -> None:
    assert take(store, update)
    assert not take(store, replace(update, text="again"), "again")
    assert len(list(store.events("c1"))) == len(store.unsent("c1")) == 1


def test_the_same_id_in_another_conversation_is_another_update(store: Store, update: Update) -> None:
    assert take(store, update)
    assert take(store, replace(update, conversation="c2"))


def test_a_turn_that_raises_leaves_nothing(store: Store, update: Update, now: datetime) -> None:
    with pytest.raises(RuntimeError), store.turn(update) as turn:
        turn.put_lock(Lock("person", "p1", 1, now))
        turn.write({"words": "lost"}, [("heard", {})], [{}])
        raise RuntimeError
    assert store.conversation("c1") is None
    assert not list(store.events("c1"))
    assert not store.unsent("c1")
    with store.turn(update) as turn:
        assert not turn.repeated
        assert turn.lock("person", "p1") is None


def test_a_later_turn_sees_the_earlier_ones(store: Store, update: Update) -> None:
    take(store, update, "one")
    later = replace(update, id="u2", now=update.now + timedelta(minutes=2))
    with store.turn(later) as turn:
        assert turn.conversation is not None
        assert turn.conversation.state == {"words": "one"}
        assert [e.data["text"] for e in turn.recent_events(5)] == ["one"]
        turn.write({"words": "two"}, [("heard", {"text": "two"})], [])
    kept = store.conversation("c1")
    assert kept is not None
    assert (kept.state, kept.created, kept.updated) == ({"words": "two"}, update.now, later.now)
    assert [e.data["text"] for e in store.events("c1")] == ["one", "two"]


def test_recent_events_are_the_last_ones_in_order(store: Store, update: Update) -> None:
    for number in range(4):
        take(store, replace(update, id=str(number)), str(number))
    with store.turn(replace(update, id="last")) as turn:
        assert [e.data["text"] for e in turn.recent_events(2)] == ["2", "3"]


def test_event_numbers_rise_over_the_whole_store(store: Store, update: Update) -> None:
    for number in range(6):
        take(store, replace(update, id=str(number), conversation=f"c{number % 2}"))
    numbers = sorted(e.seq for c in ("c0", "c1") for e in store.events(c))
    assert len(set(numbers)) == 6


def test_sent_messages_wait_no_longer(store: Store, update: Update) -> None:
    take(store, update, "one")
    take(store, replace(update, id="u2"), "two")
    first, _ = store.unsent("c1")
    store.mark_sent([first])
    assert [m.body for m in store.unsent("c1")] == [{"text": "two"}]


def test_the_latest_conversation_of_a_person(store: Store, update: Update) -> None:
    assert store.latest("p1", "test") is None
    take(store, update)
    take(store, replace(update, conversation="c2", now=update.now + timedelta(hours=1)))
    take(store, replace(update, conversation="c3", channel="other", now=update.now + timedelta(hours=2)))
    take(store, replace(update, conversation="c4", person="p2", now=update.now + timedelta(hours=3)))
    latest = store.latest("p1", "test")
    assert latest is not None
    assert latest.id == "c2"


def test_all_conversations_by_id(store: Store, update: Update, now: datetime) -> None:
    assert list(store.conversations()) == []
    for name in ("c10", "c9", "", "丙", "c1"):
        take(store, replace(update, conversation=name), name)
    assert [c.id for c in store.conversations()] == ["", "c1", "c10", "c9", "丙"]
    assert [c.id for c in store.conversations(after="c10")] == ["c9", "丙"]
    assert [c.id for c in store.conversations(after="c2")] == ["c9", "丙"]
    first, *_ = store.conversations(after="")
    assert first == store.conversation("c1")


def test_conversations_used_since(store: Store, update: Update, now: datetime) -> None:
    for hours, name in enumerate(("c1", "c2", "c3")):
        take(store, replace(update, conversation=name, now=now + timedelta(hours=hours)))
    take(store, replace(update, id="u2", conversation="c1", now=now + timedelta(hours=5)))
    since = (now + timedelta(hours=2)).astimezone(UTC)
    assert [c.id for c in store.conversations(since)] == ["c1", "c3"]
    assert [c.id for c in store.conversations(since, after="c1")] == ["c3"]


def test_many_conversations_are_each_told_once(store: Store, update: Update) -> None:
    names = [f"c{number}" for number in range(450)]
    for name in names:
        take(store, replace(update, conversation=name))
    assert [c.id for c in store.conversations()] == sorted(names)


def test_conversations_may_come_and_go_while_they_are_told(store: Store, update: Update) -> None:
    for name in ("c1", "c2", "c3"):
        take(store, replace(update, conversation=name, person=name))
    told = []
    for conversation in store.conversations():
        told.append(conversation.id)
        store.forget("c1")
        take(store, replace(update, conversation="c0"))
    assert told == ["c1", "c2", "c3"]


def test_orders_are_replaced_by_number(store: Store, update: Update) -> None:
    assert store.save_orders([ORDER, Order("B20010")]) == 2
    assert store.save_orders([replace(ORDER, amount="88.00")]) == 1
    assert [(o.order_id, o.amount) for o in store.orders()] == [("A10086", "88.00"), ("B20010", None)]
    assert store.order("A10086") == replace(ORDER, amount="88.00")
    assert store.order("C30030") is None
    with store.turn(update) as turn:
        assert turn.order("A10086") == replace(ORDER, amount="88.00")
        assert turn.order("C30030") is None


def test_locks_outlive_their_conversation(store: Store, update: Update, now: datetime) -> None:
    lock = Lock("order", "A10086", 3, now, now + timedelta(hours=24))
    with store.turn(update) as turn:
        turn.put_lock(lock)
        assert turn.lock("order", "A10086") == lock
        turn.write({}, [], [])
    store.forget("p1")
    with store.turn(replace(update, conversation="c2")) as turn:
        assert turn.lock("order", "A10086") == lock
        assert turn.lock("person", "A10086") is None


def test_forgetting_a_person_erases_all_of_theirs_and_nothing_else(store: Store, update: Update) -> None:
    take(store, update)
    take(store, replace(update, conversation="c2"))
    take(store, replace(update, conversation="c3", person="p2"))
    assert store.forget("p1") == 2
    for gone in ("c1", "c2"):
        assert store.conversation(gone) is None
        assert not list(store.events(gone))
        assert not store.unsent(gone)
    assert store.conversation("c3") is not None
    assert len(list(store.events("c3"))) == 1
    assert take(store, update), "the update's id is forgotten too"
    assert store.forget("nobody") == 0


def test_events_are_told_by_kind_from_one_on_and_the_last_of_them(
    store: Store, update: Update, now: datetime
) -> None:
    for number in range(6):
        with store.turn(replace(update, id=f"u{number}")) as turn:
            turn.write({}, [("heard", {"n": number}), ("answered", {"n": number})], [])
    with store.turn(replace(update, id="u9", conversation="c2")) as turn:
        turn.write({}, [("heard", {"n": 9})], [])

    def told(**which: Any) -> list[tuple[str, int]]:
        return [(event.kind, event.data["n"]) for event in store.events("c1", **which)]

    assert told(kinds=("answered",), last=1) == [("answered", 5)]
    assert told(kinds=("heard", "answered"), last=3) == [("answered", 4), ("heard", 5), ("answered", 5)]
    assert told(last=2) == [("heard", 5), ("answered", 5)]
    fourth = next(event.seq for event in store.events("c1", kinds=("heard",)) if event.data["n"] == 4)
    assert told(kinds=("heard",), after=fourth) == [("heard", 5)]
    assert told(after=fourth)[0] == ("answered", 4)
    assert told(kinds=("never",), last=1) == told(kinds=("heard",), last=0) == []
    assert len(told(last=100)) == len(told()) == 12


def test_purging_goes_by_last_use(store: Store, update: Update, now: datetime) -> None:
    take(store, update, "old")
    take(store, replace(update, conversation="c2"), "old, and used since")
    later = now + timedelta(days=80)
    take(store, replace(update, id="u2", conversation="c2", now=later), "new")
    assert store.purge(now + timedelta(days=1)) == 1
    assert store.conversation("c1") is None
    assert [e.data["text"] for e in store.events("c2")] == ["new"]
    assert [m.body["text"] for m in store.unsent("c2")] == ["new"]
    assert store.purge(now + timedelta(days=1)) == 0


def test_expired_locks_are_purged(store: Store, update: Update, now: datetime) -> None:
    with store.turn(update) as turn:
        turn.put_lock(Lock("person", "p1", 1, now))
        turn.put_lock(Lock("person", "p2", 3, now, now + timedelta(hours=24)))
        turn.write({}, [], [])
    store.purge(now + timedelta(hours=1))
    with store.turn(replace(update, id="u2")) as turn:
        assert turn.lock("person", "p1") is None
        assert turn.lock("person", "p2") is not None
