"""Runs dialogues against the whole bot, in memory and with the dialogue's own clock, and compares."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.wording import noting_keys
from bot.messages import Update
from bot.orders.lookup import LOCKED_FOR, TRIES
from bot.privacy import pseudonym
from bot.replay.compare import Failure, Json, compare
from bot.replay.suite import Dialogue, SuiteTurn
from bot.session import Mind, Session
from bot.store.memory import MemoryStore
from bot.store.protocol import Lock
from bot.transcript import HEARD, turn_to_json


@dataclass(frozen=True, slots=True)
class Played:
    """One turn as it went. Plain values, so that it can cross from one process to another."""

    number: int
    """Counts from 1."""
    turn: SuiteTurn
    at: datetime
    answer: Json
    """replies (text, buttons), intent, confidence, slots, asks, outcome, handoff (reason, card), cites."""
    heard: Json
    """What was understood of the message, as its event tells it."""
    events: tuple[tuple[str, Json], ...]
    """What happened in the dialogue, as (kind, data)."""
    sentences: tuple[str, ...]
    """The keys of the sentences that were put into words."""


@dataclass(frozen=True, slots=True)
class Result:
    """One dialogue, run: its turns, and what did not hold."""

    dialogue: Dialogue
    played: tuple[Played, ...]
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that was expected held; for a known failure, whether it failed."""
        return bool(self.failures) == (self.dialogue.xfail is not None)


def run(dialogue: Dialogue, mind: Mind) -> Result:
    """Run one dialogue in a store of its own. After a turn that breaks down, the rest is not run."""
    store = MemoryStore(dialogue.orders)
    session = Session(store, mind)
    played: list[Played] = []
    failures: list[Failure] = []
    now = dialogue.now
    for number, turn in enumerate(dialogue.turns, start=1):
        now = turn.now or now + turn.after
        try:
            store.save_orders(turn.orders)
            with _locked(store, turn.locked, now):
                played.append(_play(session, dialogue, number, turn, now))
        except Exception as error:  # a broken turn is a failed dialogue; the other dialogues still run
            got = f"{type(error).__name__}: {error}"
            failures.append(Failure(number, turn.line, turn.user, "error", "a reply", got))
            break
        failures += compare(number, turn, played[-1].answer)
    return Result(dialogue, tuple(played), tuple(failures))


@contextmanager
def _locked(store: MemoryStore, numbers: tuple[str, ...], now: datetime) -> Iterator[None]:
    """Orders that are locked for one turn; the tries of this conversation count on as if they were not."""
    own = dict(store.locks)
    for number in numbers:
        store.locks["order", number] = Lock("order", number, TRIES, now, now + LOCKED_FOR)
    yield
    for number in numbers:
        del store.locks["order", number]
        if lock := own.get(("order", number)):
            store.locks["order", number] = lock


def _play(session: Session, dialogue: Dialogue, number: int, turn: SuiteTurn, now: datetime) -> Played:
    update = Update(str(number), dialogue.name, dialogue.name, dialogue.channel, turn.user, now)
    with noting_keys() as keys:
        answer = session.handle(update)
    if answer is None:
        raise AssertionError("the runner's update ids are its own")
    *_, heard = (e.data for e in session.store.events(pseudonym(dialogue.name)) if e.kind == HEARD)
    events = tuple((event.kind, dict(event.data)) for event in answer.events)
    return Played(number, turn, now, turn_to_json(answer), heard, events, tuple(sorted(keys)))
