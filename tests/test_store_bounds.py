"""The store in memory stays small however many write to it."""

from dataclasses import replace
from datetime import datetime

from bot.messages import Update
from bot.store.memory import UPDATES_KEPT, MemoryStore


def test_the_least_recently_used_conversation_goes(now: datetime) -> None:
    store = MemoryStore(conversations=2)
    update = Update("1", "a", "p", "test", "", now)
    for number, conversation in enumerate(["a", "b", "a", "c"]):
        with store.turn(replace(update, id=str(number), conversation=conversation)) as turn:
            turn.write({}, [("heard", {})], [])
    assert store.conversation("a") is not None
    assert store.conversation("b") is None
    assert not list(store.events("b"))


def test_of_all_events_the_oldest_go(now: datetime) -> None:
    store = MemoryStore(events=4)
    update = Update("0", "a", "p", "test", "", now)
    for number in range(10):
        with store.turn(replace(update, id=str(number), conversation="ab"[number % 2])) as turn:
            turn.write({}, [("heard", {"n": number})], [])
    assert [event.data["n"] for event in store.events("a")] == [6, 8]
    assert [event.data["n"] for event in store.events("b")] == [7, 9]


def test_the_ids_of_a_long_conversation_are_bounded(now: datetime) -> None:
    store = MemoryStore(events=4)
    update = Update("0", "a", "p", "test", "", now)
    for number in range(UPDATES_KEPT + 10):
        with store.turn(replace(update, id=str(number))) as turn:
            turn.write({}, [], [])
    for number, known in ((0, False), (UPDATES_KEPT + 9, True)):
        with store.turn(replace(update, id=str(number))) as turn:
            assert turn.repeated == known
