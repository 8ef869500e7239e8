"""How well it does: intents, topics, slots, and simulated persons served to the end."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml

from bench.messages import QUESTIONS, labelled
from bench.speed import NOW
from intents import evaluate, understand
from intents.engine import engine
from tests.simulation.judge import judge
from tests.simulation.report import right
from tests.simulation.simulate import cast, run
from tests.slots import judge as slots

SEED = 20260306


@dataclass(frozen=True, slots=True)
class Slots:
    """By an independent judge's labels."""

    messages: int
    precision: float
    recall: float
    f1: float
    stated_wrongly: int
    """Amounts and times stated as certain although they are wrong or doubtful."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """Persons simulated to their outcome."""

    right: evaluate.Share
    turns: float
    """The median of the messages to the first outcome."""


@dataclass(frozen=True, slots=True)
class Quality:
    """All of it."""

    intents: evaluate.Report
    topics: evaluate.Share
    slots: Slots
    simulation: Simulation


def quality(persons: int) -> Quality:
    """Measure everything, with so many simulated persons."""
    return Quality(intents_report(), topics(), slots_report(), simulation(persons))


def intents_report() -> evaluate.Report:
    """Every labelled message, ranked."""
    return evaluate.evaluate(engine(), labelled())


def topics() -> evaluate.Share:
    """Questions whose nearest topic is theirs."""
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    nearest = [understand(row["text"], NOW).topics[0][0] for row in rows]
    good = sum(found == row["topic"] for found, row in zip(nearest, rows, strict=True))
    return evaluate.Share(good, len(rows))


def slots_report() -> Slots:
    """Every labelled message, read."""
    entries = yaml.load(slots.LABELS.read_text("utf-8"), Loader=yaml.CSafeLoader)
    messages = [slots.Labelled.model_validate(entry) for entry in entries]
    known = frozenset(slot for message in messages for slot in message.slots)
    verdicts = [
        verdict
        for message in messages
        for verdict in slots.judged(message, understand(message.text, message.now, message.expecting), known)
    ]
    wrong = sum(verdict.stated_wrongly for verdict in verdicts)
    return Slots(len(messages), *slots.scores(verdicts), wrong)


def simulation(persons: int) -> Simulation:
    """So many persons, drawn once and for all, through `chat --jsonl`."""
    with tempfile.TemporaryDirectory() as folder:
        talks, _ = run(cast(persons, SEED), Path(folder))
    served = sum(right(judge(talk)) for talk in talks)
    turns = median([talk.turns for talk in talks if talk.turns is not None] or [0])
    return Simulation(evaluate.Share(served, len(talks)), turns)
