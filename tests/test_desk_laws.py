"""Laws of the desk, whatever happens in which order: on a real database, by hypothesis."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.desk.reminding import Reminding
from bot.desk.result import Agent, Done, Refused
from bot.desk.transitions import events, transition
from bot.desk.waiting import Patience
from bot.store.protocol import DeskState
from tests.desk import LI, WANG, Office

AGENTS = st.sampled_from([LI, WANG, Agent("agent-zhao", "小赵")])
OF_THE_BOT = "机器人说的"
STATES: tuple[DeskState, ...] = get_args(DeskState)


def test_the_table_knows_only_its_states_and_each_event_leaves_something_behind() -> None:
    for event in events():
        rows = [row for state in STATES if (row := transition(state, event))]
        assert rows, event
        assert all(row.to in STATES and row.kind for row in rows)
        assert len({row.kind for row in rows if row.to == rows[0].to}) == 1, event


def test_from_every_state_every_other_one_can_be_reached() -> None:
    for start in STATES:
        reached, found = {start}, True
        while found:
            found = {
                row.to for state in reached for event in events() if (row := transition(state, event))
            } - reached
            reached |= found
        assert reached == set(STATES)


def test_a_claim_is_the_only_way_to_a_person_and_raises_the_epoch() -> None:
    for state in STATES:
        for event in events():
            row = transition(state, event)
            if row and row.to == "human" and (state != "human" or row.claims):
                assert row.claims


class AnyOrder(RuleBasedStateMachine):
    """One conversation, three agents, a person and a bot that do what they like."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "desk.db")
        # Of the disk's durability nothing is claimed here, and every commit would wait for it.
        self.office.store._db.conn.execute("PRAGMA synchronous = OFF")
        self.patience = Patience(timedelta(minutes=10), timedelta(minutes=15), self.office.desk.hours)
        self.before: Any = None
        self.ratings_asked = 0

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.store.close()
            self.folder.cleanup()

    def known(self) -> bool:
        return hasattr(self, "office") and self.office.store.desks.desk("c1") is not None

    @rule(hands_over=st.booleans())
    def person_writes(self, hands_over: bool) -> None:
        target = self.office.takeover.goes_to("c1", "person-c1", self.office.now)
        if target is None:
            self.office.hand_over("c1") if hands_over else self.office.bot_says("c1", OF_THE_BOT)
        else:
            assert self.office.at().state in {"queued", "human"}

    @rule(minutes=st.integers(1, 300))
    def time_goes_by(self, minutes: int) -> None:
        self.office.later(minutes=minutes)
        heard = self.office.to_person()
        Reminding(self.office.store, self.patience).remind(self.office.now)
        assert not Reminding(self.office.store, self.patience).remind(self.office.now) or (
            self.office.at().reminded == 2
        ), "what was reminded of is not due again at once, save the second reminder"
        assert self.office.to_person() == heard, "reminders are for the staff"

    @precondition(known)
    @rule(agent=AGENTS)
    def claim(self, agent: Agent) -> None:
        had = self.office.at()
        done = self.office.desk.claim("c1", agent, self.office.now)
        taken = had.state == "human" and (had.agent == agent.id or not had.reminded)
        assert isinstance(done, Done) != taken
        if isinstance(done, Done):
            assert done.desk.epoch == had.epoch + 1
            waiting = self.office.store.unsent("c1")
            assert all("agent" in m.body or m.body["text"].startswith("同事") for m in waiting)

    @precondition(known)
    @rule(agent=AGENTS)
    def speak(self, agent: Agent) -> None:
        had, waiting = self.office.at(), self.office.to_person()
        done = self.office.talk.agent_wrote("c1", agent, "您好", self.office.now)
        allowed = had.state == "human" and had.agent == agent.id
        assert isinstance(done, Done) == allowed
        assert self.office.to_person() == [*waiting, *(["您好"] if allowed else [])]

    @precondition(known)
    @rule(agent=AGENTS)
    def release(self, agent: Agent) -> None:
        self.office.desk.release("c1", agent, self.office.now)

    @precondition(known)
    @rule(agent=AGENTS)
    def close(self, agent: Agent) -> None:
        self.office.desk.close("c1", agent, self.office.now)
        if self.office.at().state == "closed":
            heard = self.office.to_person()
            assert isinstance(self.office.talk.agent_wrote("c1", agent, "还有一句", self.office.now), Refused)
            assert isinstance(self.office.desk.release("c1", agent, self.office.now), Refused)
            assert isinstance(self.office.desk.close("c1", agent, self.office.now), Refused)
            assert self.office.to_person() == heard, "closed never speaks"

    @precondition(known)
    @rule(agent=AGENTS)
    def reopen(self, agent: Agent) -> None:
        self.office.desk.reopen("c1", agent, self.office.now)

    @precondition(known)
    @rule(agent=AGENTS, hours=st.integers(1, 5))
    def snooze(self, agent: Agent, hours: int) -> None:
        until = self.office.now + timedelta(hours=hours)
        self.office.desk.snooze("c1", agent, until, self.office.now)

    @precondition(known)
    @rule(agent=AGENTS, again=st.booleans())
    def shut_out(self, agent: Agent, again: bool) -> None:
        waiting = self.office.store.unsent("c1")
        done = (self.office.talk.unban if again else self.office.talk.ban)("c1", agent, self.office.now)
        shut = isinstance(done, Done) and not again
        stays = [m.body["text"] for m in waiting if not shut or "agent" in m.body]
        assert self.office.to_person() == stays, "no word more, and of the bot's not even those that wait"

    @precondition(known)
    @rule()
    def withdraw(self) -> None:
        self.office.desk.withdraw("c1", self.office.now)

    @precondition(known)
    @rule(rating=st.integers(1, 5))
    def rate(self, rating: int) -> None:
        had = self.office.at()
        done = self.office.desk.rate("c1", rating, self.office.now)
        assert isinstance(done, Done) == (had.rating_asked is not None and had.rating is None)

    @rule()
    def channel_sends(self) -> None:
        self.office.sent_so_far()

    @invariant()
    def one_desk_that_says_who_has_it(self) -> None:
        if not self.known():
            return
        [desk] = self.office.store.desks.in_state(*STATES)
        assert desk.number == 1
        assert (desk.agent is not None) == (desk.state == "human") == (desk.claimed_at is not None)
        assert self.before is None or desk.epoch >= self.before.epoch
        self.before = desk

    @invariant()
    def nothing_of_an_older_epoch_can_be_sent(self) -> None:
        if self.known() and self.office.at().state == "human":
            waiting = self.office.store.unsent("c1")
            assert {message.epoch for message in waiting} <= {self.office.at().epoch}
            assert OF_THE_BOT not in self.office.to_person()

    @invariant()
    def every_step_is_one_of_the_table(self) -> None:
        if not hasattr(self, "office"):
            return
        state = "bot"
        for event in self.office.store.events("c1"):
            if "from" in event.data and event.kind.startswith("desk."):
                assert event.data["from"] == state
                state = event.data["to"]
        assert not self.known() or self.office.at().state == state


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(deadline=None, max_examples=25, stateful_step_count=25)
