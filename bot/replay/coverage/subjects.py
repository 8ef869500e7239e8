"""What can be exercised, read from the data files, and how a turn shows that it was.

Like lines of code, things count as exercised when they were executed: also in a dialogue that fails or is
marked as a known failure, and also where no expectation looks at them. A turn that breaks down shows nothing.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.dialogue.check import HERE
from bot.dialogue.data_files import labels_file, replies_file
from bot.dialogue.repair import REPAIRS
from bot.replay.coverage.places import Place, at, entries, items, named, place
from bot.replay.coverage.steps import steps, taken
from bot.replay.runner import Played
from bot.replay.yaml_nodes import mapping
from intents.data_files import intent_files
from knowledge.book import Book

_QUESTION = "ask."


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of thing to exercise: all there is of it, and what of it a turn exercised."""

    places: Mapping[str, Place]
    exercised: Callable[[Played], Iterable[str]]


def claims(book: Book) -> Subject:
    """Statements of the sources; exercised when a reply cites them."""
    return Subject(dict(named(book.folder / "claims.yaml", "id")), lambda played: played.answer["cites"])


def rows(book: Book) -> Subject:
    """Rows of the tables; exercised when they fired into an outcome that was told.

    Where the person cannot tell a slot, every row that it leaves open fires, and counts. The versions of a
    table have the names of their rows in common.
    """
    found: dict[str, Place] = {}
    for path, entry in book.entries.items():
        for row, node in zip(entry.rows, items(path, "rows"), strict=True):
            found.setdefault(f"{entry.table}/{row.row}", at(path, node))
    return Subject(found, lambda played: _each(played, "outcome", "rows"))


def ladder_steps(book: Book) -> Subject:
    """Steps of the ladders and their edges; see `steps` for when one is taken."""
    every = steps(book)
    return Subject({step.name: step.place for step in every}, lambda played: taken(every, book, played))


def intents(_: Book) -> Subject:
    """Intents; exercised when one was understood and acted on."""
    found = {intent.label: place(intent.file, 1) for intent in intent_files()}

    def acted_on(played: Played) -> Iterator[str]:
        if played.heard["intent"] == played.answer["intent"]:
            yield played.heard["intent"]

    return Subject(found, acted_on)


def slots(_: Book) -> Subject:
    """Slots; exercised when a value was heard, or chosen by a button."""
    found = {slot: at(labels_file(), node) for slot, node in entries(labels_file(), "slots")}
    return Subject(found, lambda played: (slot for slot, _ in _values_of(played)))


def values(_: Book) -> Subject:
    """Values of the slots that have a closed list of them; exercised when heard or chosen by a button."""
    found = {
        f"{slot}={value}": at(labels_file(), node)
        for slot, named_values in entries(labels_file(), "values")
        for value, node in mapping(named_values, slot).items()
    }
    return Subject(found, lambda played: (f"{slot}={value}" for slot, value in _values_of(played)))


def asks(_: Book) -> Subject:
    """Slots for which there is a question; exercised when it was put."""
    questions = {key: node for key, node in entries(replies_file()) if key.startswith(_QUESTION)}
    slot_names = [slot for slot, _ in entries(labels_file(), "slots")]
    found = {
        slot: at(replies_file(), questions[_QUESTION + slot])
        for slot in slot_names
        if _QUESTION + slot in questions
    }
    return Subject(found, lambda played: _each(played, "asked", "slot"))


def replies(_: Book) -> Subject:
    """Sentences of the bot; exercised when they were put into words."""
    found = {key: at(replies_file(), node) for key, node in entries(replies_file())}
    return Subject(found, lambda played: played.sentences)


def answers(book: Book) -> Subject:
    """Answers to questions about the sources; exercised when they were told."""
    files = sorted((book.folder / "answers").glob("*.yaml"))
    found = {topic: here for path in files for topic, here in named(path, "topic")}
    return Subject(found, lambda played: _each(played, ("answered", "told"), "topic"))


def moves(_: Book) -> Subject:
    """Repair moves; exercised when they did something."""
    found = {
        repair.name: place(Path(inspect.getfile(repair.play)), inspect.getsourcelines(repair.play)[1])
        for repair in REPAIRS
    }
    return Subject(found, lambda played: _each(played, "move", "name"))


def handoffs(_: Book) -> Subject:
    """Reasons for calling a person, as the dialogue's code names them; exercised when one was called."""
    found = {reason: place(path, line) for reason, (path, line) in _reasons_in_code().items()}
    return Subject(found, lambda played: _each(played, "handoff", "reason"))


@cache
def _reasons_in_code() -> Mapping[str, tuple[Path, int]]:
    """Each with the file and the line that name it first."""
    found: dict[str, tuple[Path, int]] = {}
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("hand_over"):
                reason = node.args[1]
                if isinstance(reason, ast.Constant):
                    found.setdefault(str(reason.value), (path, node.lineno))
    return found


KINDS: Mapping[str, Callable[[Book], Subject]] = {
    "claims": claims,
    "rows": rows,
    "steps": ladder_steps,
    "intents": intents,
    "slots": slots,
    "values": values,
    "asks": asks,
    "replies": replies,
    "answers": answers,
    "moves": moves,
    "handoffs": handoffs,
}
"""All kinds by name, in the order in which they are told."""


def _each(played: Played, kinds: str | tuple[str, ...], key: str) -> Iterator[Any]:
    """What the turn's events of these kinds have under the key, lists item by item."""
    for kind, data in played.events:
        if kind in ((kinds,) if isinstance(kinds, str) else kinds):
            value = data[key]
            yield from value if isinstance(value, list) else [value]


def _values_of(played: Played) -> Iterator[tuple[str, str]]:
    """Slots and values that the person gave, in words or by a button."""
    for slot, heard in played.heard["slots"].items():
        yield slot, heard["value"]
    for kind, data in played.events:
        what, _, slot = str(data.get("kind", "")).partition(":")
        if kind == "chosen" and what == "slot":
            yield slot, data["value"]
