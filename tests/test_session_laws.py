"""Whatever is delivered how often, and whenever the session is killed: one effect each, and in order."""

import random
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.app import mind
from bot.desk.desk import StaffDesk
from bot.desk.hours import read_hours
from bot.desk.result import Agent
from bot.desk.takeover import DeskTakeover
from bot.reception import Reception
from bot.session import Mind
from bot.store.sqlite import SqliteStore
from bot.transcript import EDITED, HEARD, TO_STAFF

NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
PERSONS = ("c0", "c1")
WORDS = ("火车票想退", "380块", "后天上午10点发车", "不对，是大后天", "那票也退呢", "谢谢", "转人工")
ANNA = Agent("anna", "安娜")


class Killed(BaseException):
    """The process is gone."""


class Process:
    """A process that serves the file until it is killed; what it does in a turn can be cut off anywhere."""

    def __init__(self, path: Path, whole: Mind) -> None:
        self.store = SqliteStore(path)
        self.desk = StaffDesk(self.store, ["-100"], read_hours("always"))
        self._left: int | None = None
        parts = Mind(*(self._cut(part) for part in (whole.understand, whole.order_query, whole.step)))
        takeover = DeskTakeover(self.store, self.desk)
        self.session = Reception(self.store, parts, takeover)
        for name in ("goes_to", "hand_over"):
            setattr(takeover, name, self._cut(getattr(takeover, name)))

    def _cut(self, part: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*arguments: Any) -> Any:
            if self._left is not None:
                self._left -= 1
                if self._left < 0:
                    raise Killed
            return part(*arguments)

        return cut

    @contextmanager
    def dying_after(self, calls: int) -> Iterator[None]:
        """Killed at the call after so many, where there are so many."""
        self._left = calls
        try:
            yield
        except Killed:
            pass
        finally:
            self._left = None


def effects(store: SqliteStore, conversation: str) -> list[int]:
    """The ids of the updates that had an effect; an edit belongs to the message that it came in with."""
    told = [
        [int(id_) for id_ in event.data.get("updates", [event.data["update"]])]
        for event in store.events(conversation)
        if event.kind in {HEARD, TO_STAFF, EDITED} and "again" not in event.data
    ]
    first = [ids[0] for ids in told]
    assert first == sorted(first), "messages have their effect in the order in which they were written"
    return sorted(id_ for ids in told for id_ in ids)


class AKilledChannel(RuleBasedStateMachine):
    """Deliver, edit, deliver again, handle, claim, release, kill at any call, go on."""

    @initialize()
    def begin(self) -> None:
        self.mind = mind()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "s.db"
        self.process = Process(self.path, self.mind)
        self.accepted: dict[str, list[int]] = defaultdict(list)
        self.last, self.now = 0, NOW

    def receive(self, update: int, person: str, words: str, edited: int | None = None) -> bool:
        self.now += timedelta(seconds=1)
        payload: dict[str, object] = {"person": person, "text": words, "message": edited or update}
        payload |= {"address": person, **({"edited": True} if edited else {})}
        return self.process.session.receive("test", update, person, payload, self.now)

    def handle(self, person: str) -> None:
        self.now += timedelta(seconds=1)
        self.process.session.handle_received(person, self.process.store.inbox.take(person), self.now)

    @rule(person=st.sampled_from(PERSONS), words=st.sampled_from(WORDS))
    def deliver(self, person: str, words: str) -> None:
        self.last += 1
        assert self.receive(self.last, person, words)
        self.accepted[person].append(self.last)

    @rule(data=st.data(), person=st.sampled_from(PERSONS), words=st.sampled_from(WORDS))
    def edit(self, data: st.DataObject, person: str, words: str) -> None:
        if self.accepted[person]:
            message = data.draw(st.sampled_from(self.accepted[person][-4:]))
            self.last += 1
            assert self.receive(self.last, person, f"{words}，{self.last}次了", message)
            self.accepted[person].append(self.last)

    @rule(data=st.data(), words=st.sampled_from(WORDS))
    def deliver_again(self, data: st.DataObject, words: str) -> None:
        if self.last:
            update = data.draw(st.integers(1, self.last))
            person = next(person for person, ids in self.accepted.items() if update in ids)
            assert not self.receive(update, person, words)

    @rule(person=st.sampled_from(PERSONS))
    def serve(self, person: str) -> None:
        self.handle(person)

    @rule(person=st.sampled_from(PERSONS))
    def serve_twice_what_was_taken_once(self, person: str) -> None:
        taken = self.process.store.inbox.take(person)
        for _ in range(2):
            self.process.session.handle_received(person, taken, self.now)

    @rule(person=st.sampled_from(PERSONS), words=st.lists(st.sampled_from(WORDS)), calls=st.integers(0, 4))
    def be_killed(self, person: str, words: list[str], calls: int) -> None:
        for said in words:
            self.deliver(person, said)
        with self.process.dying_after(calls):
            self.handle(person)
        self.restart()

    @rule()
    def restart(self) -> None:
        self.process.store.close()
        self.process = Process(self.path, self.mind)

    @rule(person=st.sampled_from(PERSONS))
    def claim_or_release(self, person: str) -> None:
        desk = self.process.store.desks.desk(person)
        if desk is not None:
            act = self.process.desk.release if desk.state == "human" else self.process.desk.claim
            act(person, ANNA, self.now)

    @invariant()
    def nothing_has_two_effects_and_all_are_in_order(self) -> None:
        for person, accepted in self.accepted.items():
            told = effects(self.process.store, person)
            waiting = [row.update_id for row in self.process.store.inbox.take(person)]
            assert told + waiting == accepted

    @invariant()
    def what_the_bot_queued_before_a_claim_is_not_due(self) -> None:
        store = self.process.store
        for message in store.outbox.due(self.now, 100):
            desk = store.desks.desk(message.conversation)
            if desk is not None and message.target == "person":
                assert message.epoch == desk.epoch or "agent" in message.body

    def teardown(self) -> None:
        try:
            for person, accepted in self.accepted.items():
                self.handle(person)
                assert effects(self.process.store, person) == accepted
        finally:
            self.process.store.close()
            self.folder.cleanup()


TestAKilledChannel = AKilledChannel.TestCase
TestAKilledChannel.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)


def flood(path: Path, updates: int, seed: int) -> None:
    """Deliveries to forty persons, 30 % repeated, in disorder across persons, handled now and then."""
    chance = random.Random(seed)
    persons = [f"c{number}" for number in range(40)]
    deliveries = [(update, chance.choice(persons)) for update in range(1, updates + 1)]
    accepted: dict[str, list[int]] = defaultdict(list)
    for update, person in deliveries:
        accepted[person].append(update)
    again = [(update + 50 * chance.random(), update, person) for update, person in deliveries]
    repeated = chance.sample(again, updates * 3 // 10)
    stream = deque(sorted([*((0.0 + update, update, person) for update, person in deliveries), *repeated]))
    store = SqliteStore(path)
    session = Reception(store, mind())
    while stream:
        batch = [stream.popleft() for _ in range(min(len(stream), chance.randrange(1, 60)))]
        by_person: dict[str, list[int]] = defaultdict(list)
        for _, update, person in batch:
            by_person[person].append(update)
        for person in chance.sample(sorted(by_person), len(by_person)):
            for update in by_person[person]:
                payload = {"person": person, "text": chance.choice(WORDS[:-1]), "message": update}
                session.receive("test", update, person, payload, NOW)
        for person in store.inbox.waiting():
            if chance.random() < 0.7:
                session.handle_received(person, store.inbox.take(person), NOW)
    for person in store.inbox.waiting():
        session.handle_received(person, store.inbox.take(person), NOW)
    assert {person: effects(store, person) for person in accepted} == accepted, f"seed {seed}"
    store.close()


def test_repeated_and_reordered_deliveries_have_one_effect(tmp_path: Path) -> None:
    flood(tmp_path / "s.db", 200, seed=1)


@pytest.mark.slow
def test_ten_thousand_deliveries_have_one_effect_each(tmp_path: Path) -> None:
    flood(tmp_path / "s.db", 10_000, seed=2)
