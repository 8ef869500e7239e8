"""Answers to questions about the rules: short, in plain words, each with the claims it rests on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from knowledge.datafile import HOME, DataError, Finding, checked, finding, read, repeated_keys
from knowledge.figures import figures
from knowledge.schema import ClaimEntry, Strict

OVERVIEW = "about."
"""Topics that begin so sum a service intent up; nobody asks for them in so many words."""
UNANSWERED = "no_"
"""Topics that begin so say that the sources hold no answer, or that we do not help with it."""
PART = "part."
"""Topics that begin so are one line of another answer, told where only that line is asked for."""
LINES = 4
CHARACTERS = 140


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say to a topic's questions: Simplified Chinese, figures between `**`, at most four lines."""

    topic: str
    title: str
    text: str
    cites: tuple[str, ...]
    advised_against: bool = False
    """True where the person asks how to do what we never advise: such an answer goes before any wish."""
    asked: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """The questions that this answers for some things only: question -> slot -> values. See `sibling`."""
    words: tuple[str, ...] = ()
    """Words of which its questions have one, where their other words are those of any question."""
    hours: tuple[float, float] | None = None
    """The lead times, in hours before the start, that a part is about."""


class _Entry(Strict):
    topic: Annotated[str, Field(pattern=r"^(about\.|part\.)?[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=2)]
    cites: Annotated[list[str], Field(min_length=1)]
    text: Annotated[str, Field(min_length=4)]
    advised_against: bool = False
    asked: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    words: list[str] = Field(default_factory=list)
    hours: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None


def answer(topic: str) -> Answer | None:
    """The answer to a topic, or None for a topic that has none. Raises DataError for a broken file."""
    return answers().get(topic)


@cache
def answers() -> Mapping[str, Answer]:
    """Every answer by its topic, read once. Raises DataError for a broken file."""
    return {entry.topic: _answer(entry) for path in _files(HOME.folder) for entry in _entries(path)}


def sibling(
    question: str, values: Mapping[str, str], named: Collection[str], hours: float | None = None
) -> Answer | None:
    """The answer to the same question about the thing that `values` (slot to value) describe.

    It must be about one of the slots in `named`; of several the one that fits most of them, and the first of
    those. With `hours` only an answer for that lead time before the start is meant.
    """
    found, most = None, 0
    for told in _by_question().get(question, ()):
        of = told.asked[question]
        if any(values.get(slot) not in fit for slot, fit in of.items()):
            continue
        if (hours is None) != (told.hours is None) or not of.keys() & {*named}:
            continue
        if hours is not None and told.hours is not None and not told.hours[0] <= hours < told.hours[1]:
            continue
        if len(of) > most:
            found, most = told, len(of)
    return found


@cache
def _by_question() -> Mapping[str, tuple[Answer, ...]]:
    questions = {question for told in answers().values() for question in told.asked}
    return {name: tuple(told for told in answers().values() if name in told.asked) for name in questions}


def check_answers(folder: Path | None = None, topics: Collection[str] = ()) -> list[Finding]:
    """What is wrong with the answers in a data folder (the one in use by default), in the files' order.

    `topics` are the topics that people's questions are sorted into: each needs an answer, and the other way
    round. Left out, only the answers themselves are judged: their form, their claims, their figures.
    """
    root = folder or HOME.folder
    claims = {entry.id: entry for entry in _claims(root / "claims.yaml")}
    found: list[Finding] = []
    home: dict[str, Path] = {}
    reached: set[str] = set()
    for path in _files(root):
        found += repeated_keys(path)
        try:
            entries = _entries(path)
        except DataError as error:
            found += error.findings
            continue
        for index, entry in enumerate(entries):
            faults = [*_faults(entry, claims), *_misplaced(entry.topic, home, topics)]
            found += [finding(path, (index, key), message) for key, message in faults]
            home.setdefault(entry.topic, path)
            if not entry.topic.startswith((OVERVIEW, PART, UNANSWERED)):
                reached.update(entry.cites)
    return found + _unanswered(root, sorted({*topics} - {*home})) + _unreached(root, claims, reached)


def _faults(entry: _Entry, claims: Mapping[str, ClaimEntry]) -> Iterator[tuple[str, str]]:
    """Key and message of everything that is wrong with one answer by itself."""
    unknown = [claim for claim in entry.cites if claim not in claims]
    if unknown:
        yield "cites", f"there is no claim {', '.join(unknown)}"
    if len(set(entry.cites)) < len(entry.cites):
        yield "cites", "the same claim twice"
    lines = entry.text.splitlines()
    if len(lines) > LINES or len(entry.text.replace("*", "")) > CHARACTERS:
        yield "text", f"longer than {LINES} lines or {CHARACTERS} characters"
    if not all(line.strip() for line in lines) or entry.text.count("**") % 2:
        yield "text", "an empty line, or a ** without its partner"
    cited = figures("。".join(claims[claim].text for claim in entry.cites if claim in claims))
    invented = sorted(figures(entry.text) - cited)
    if invented:
        yield "text", f"no cited claim has {', '.join(map(str, invented))}"


def _misplaced(topic: str, home: Mapping[str, Path], topics: Collection[str]) -> Iterator[tuple[str, str]]:
    """Key and message where a topic is answered twice, or asked by nobody."""
    if topic in home:
        yield "topic", f"{topic} has an answer in {home[topic].name} already"
    if topics and topic not in topics and not topic.startswith((OVERVIEW, PART)):
        yield "topic", f"no question leads to {topic}"


def _unanswered(root: Path, topics: Collection[str]) -> list[Finding]:
    return [Finding(str(root / "answers"), 1, topic, "this topic has no answer") for topic in topics]


def _unreached(root: Path, claims: Collection[str], reached: Collection[str]) -> list[Finding]:
    """Claims that no question's answer cites: what nobody could ever hear of."""
    path = root / "claims.yaml"
    return [
        finding(path, (index, "id"), f"no answer cites the claim {claim}")
        for index, claim in enumerate(claims)
        if claim not in reached
    ]


def _files(root: Path) -> list[Path]:
    return sorted((root / "answers").glob("*.yaml"))


def _entries(path: Path) -> list[_Entry]:
    return [checked(path, _Entry, item, (index,)) for index, item in enumerate(_list(path))]


def _claims(path: Path) -> list[ClaimEntry]:
    return [checked(path, ClaimEntry, item, (index,)) for index, item in enumerate(_list(path))]


def _list(path: Path) -> list[object]:
    content = read(path)
    if not isinstance(content, list):
        raise DataError([finding(path, (), "must be a list")])
    return content


def _answer(entry: _Entry) -> Answer:
    return Answer(
        topic=entry.topic,
        title=entry.title,
        text=entry.text,
        cites=tuple(entry.cites),
        advised_against=entry.advised_against,
        asked={
            question: {slot: tuple(fit) for slot, fit in of.items()} for question, of in entry.asked.items()
        },
        words=tuple(entry.words),
        hours=(entry.hours[0], entry.hours[1]) if entry.hours else None,
    )
