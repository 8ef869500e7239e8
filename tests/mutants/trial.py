"""One mutant against the suites: the changed folder is loaded, the dialogues run until one no longer holds.

What the rules say reaches a dialogue by `decide` alone. So each dialogue's decisions are kept from one run
on the data as they stand, and a mutant is played only to the dialogues of which it changes a decision.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import knowledge.book
from bot.app import mind
from bot.replay import runner, suite
from bot.session import Mind
from knowledge import Case
from knowledge.datafile import DataError
from tests.mutants.mutations import Mutation

NEAR_SHOWN = 3
Fate = Literal["killed", "survived", "refused"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant."""

    mutation: Mutation
    fate: Fate
    """`refused`: the data cannot even be loaded so."""
    by: str = ""
    """The dialogue that noticed."""
    near: tuple[str, ...] = ()
    """Dialogues in which the rules said something else, and no expectation noticed."""
    proof: bool = False
    """Whether `check` finds a fault in the changed data."""


class Listening:
    """A book that writes down what it is asked."""

    def __init__(self, book: knowledge.book.Book) -> None:
        self._book = book
        self.asked: list[tuple[Case, datetime]] = []

    @property
    def claims(self) -> Mapping[str, knowledge.book.Claim]:
        """The book's claims."""
        return self._book.claims

    def decide(self, case: Case, now: datetime) -> Any:
        """The book's decision."""
        self.asked.append((case, now))
        return self._book.decide(case, now)


@dataclass(slots=True)
class Decision:
    """A question that dialogues put to the rules, what these said, and where."""

    case: Case
    now: datetime
    said: Any
    dialogues: list[suite.Dialogue]


class Court:
    """The suites, run once as the data stand, and ready to judge mutants of that data."""

    def __init__(self, data: Path, suites: Iterable[Path]) -> None:
        """Raises ValueError where a suite cannot be read or does not hold on the data as they stand."""
        self.data = data
        built = mind()
        self._mind: Mind = replace(built, understand=cache(built.understand))
        self._book = knowledge.load(data)
        self._decisions: dict[object, Decision] = {}
        read = suite.read(suites)
        faults = [str(fault) for fault in read.faults]
        faults += [
            f"{place(dialogue)}: does not hold on the data as they stand"
            for dialogue in read.dialogues
            if dialogue.xfail is None and not self._listen(dialogue)
        ]
        if faults:
            raise ValueError("\n".join(faults))

    def _listen(self, dialogue: suite.Dialogue) -> bool:
        listening = Listening(self._book)
        with deciding_by(listening):
            result = runner.run(dialogue, self._mind)
        for case, now in listening.asked:
            key = (case.wish, tuple(sorted(case.slots.items())), case.rules_as_of, case.high_season, now)
            if key not in self._decisions:
                self._decisions[key] = Decision(case, now, self._book.decide(case, now), [])
            at = self._decisions[key].dialogues
            if dialogue not in at:
                at.append(dialogue)
        return result.passed

    def judge(self, mutations: Iterable[Mutation], prove: bool) -> Iterator[Verdict]:
        """The verdicts, one after the other; `prove` also asks `check` of each."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "data"
            shutil.copytree(self.data, folder)
            for mutation in mutations:
                file = folder / mutation.file
                before = file.read_text("utf-8")
                file.write_text(mutation.text, "utf-8")
                yield self._judge(mutation, folder, prove)
                file.write_text(before, "utf-8")

    def _judge(self, mutation: Mutation, folder: Path, prove: bool) -> Verdict:
        proof = prove and bool(knowledge.check(folder))
        try:
            book = knowledge.load(folder)
        except DataError:
            return Verdict(mutation, "refused", proof=True)
        played: dict[str, None] = {}
        with deciding_by(book):
            for dialogue in self._concerned(book):
                if place(dialogue) in played:
                    continue
                if not runner.run(dialogue, self._mind).passed:
                    return Verdict(mutation, "killed", by=place(dialogue), proof=proof)
                played[place(dialogue)] = None
        return Verdict(mutation, "survived", near=tuple(played)[:NEAR_SHOWN], proof=proof)

    def _concerned(self, book: knowledge.book.Book) -> Iterator[suite.Dialogue]:
        """The dialogues with a decision that this book makes differently."""
        for decision in self._decisions.values():
            if _said(book, decision) != decision.said:
                yield from decision.dialogues


def _said(book: knowledge.book.Book, decision: Decision) -> Any:
    try:
        return book.decide(decision.case, decision.now)
    except Exception as error:  # rows that overlap, say: the dialogue breaks down at it, and so notices
        return error


def judge(data: Path, mutations: Sequence[Mutation], suites: Sequence[Path], prove: bool) -> list[Verdict]:
    """The verdicts on mutations of `data`, in a court of their own: what one process does."""
    return list(Court(data, suites).judge(mutations, prove))


@contextmanager
def deciding_by(book: Any) -> Iterator[None]:
    """The package's own book is this one meanwhile: `use` takes one folder a process, for good."""
    own = knowledge.book.own_book
    knowledge.book.own_book = cache(lambda: book)
    try:
        yield
    finally:
        knowledge.book.own_book = own


def place(dialogue: suite.Dialogue) -> str:
    """Where the dialogue stands, and what it shows."""
    return f"{dialogue.file}:{dialogue.line}: {dialogue.name}"
