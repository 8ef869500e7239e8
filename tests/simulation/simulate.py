"""Drives `python -m bot chat --jsonl` with simulated persons and keeps what was said."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from tests.simulation.cases import draw
from tests.simulation.expected import Hidden
from tests.simulation.persons import Person, Said

MOST_TURNS = 10
ROOT = Path(__file__).parents[2]


class BotProcess:
    """One `chat --jsonl` process; a context manager."""

    def __init__(self, *arguments: str, hash_seed: str = "0") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat", "--jsonl", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        self.lines: list[tuple[bytes, bytes]] = []
        """Every line sent with the line that came back."""

    def say(self, conversation: str, text: str, now: str) -> dict[str, Any]:
        """One message; the answer's JSON object."""
        message = {"conversation": conversation, "text": text, "now": now}
        found: dict[str, Any] = json.loads(self.send(json.dumps(message, ensure_ascii=False).encode()))
        return found

    def send(self, line: bytes) -> bytes:
        """One line as it is; the line that comes back."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the bot ended at: {line.decode()}")
        self.lines.append((line, answer))
        return answer

    def __enter__(self) -> "BotProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=20)


@dataclass(slots=True)
class Exchange:
    """One message with the bot's answer; `truth` is the person's case as of then."""

    said: Said
    answer: Mapping[str, Any]
    truth: Hidden
    believed: dict[str, str]
    told: frozenset[str] = frozenset()


@dataclass(slots=True)
class Conversation:
    """A person's conversation, from the first message to the last outcome."""

    name: str
    hidden: Hidden
    voice: str
    habit: str
    exchanges: list[Exchange] = field(default_factory=list)
    finals: list[int] = field(default_factory=list)
    """The places of the exchanges whose outcome is judged."""

    @property
    def turns(self) -> int | None:
        """Messages until the first outcome, None if there was none."""
        return self.finals[0] + 1 if self.finals else None


def converse(bot: BotProcess, person: Person, name: str) -> Conversation:
    """Lets the person talk until it has its outcome, or ten turns have passed."""
    talk = Conversation(name, person.truth, person.voice, person.habit)
    said = person.open()
    while True:
        answer = bot.say(name, said.text, person.clock.isoformat())
        talk.exchanges.append(Exchange(said, answer, person.truth, person.slots, frozenset(person.told)))
        if "error" in answer:
            return talk
        if answer.get("outcome") is not None and said.purpose != "aside":
            place = len(talk.exchanges) - 1
            more = person.after_outcome()
            if more is None or more.purpose == "what_if":
                talk.finals.append(place)
            if more is None:
                return talk
            said = more
        elif len(talk.exchanges) - (talk.finals[-1] + 1 if talk.finals else 0) >= MOST_TURNS:
            return talk
        else:
            said = person.respond(answer, said)


def cast(count: int, seed: int, calm: bool = False, only: str = "") -> list[tuple[str, Person]]:
    """`count` persons with their names, the same ones for the same seed; `only` selects kinds by prefix."""
    people: list[tuple[str, Person]] = []
    number = 0
    while len(people) < count and number < count * 200:
        number += 1
        hidden = draw(Random(seed * 1_000_003 + number))
        if hidden.kind.startswith(only):
            people.append((f"sim-{seed}-{number}", Person(hidden, seed * 1_000_003 + number + 500_000, calm)))
    return people


def run(
    people: Iterable[tuple[str, Person]], folder: Path, hash_seed: str = "0"
) -> tuple[list[Conversation], BotProcess]:
    """All conversations over one process, with the orders of these persons in the shop's store."""
    people = list(people)
    store = folder / "simulation.db"
    orders = [person.truth.order for _, person in people if person.truth.order]
    arguments: tuple[str, ...] = ()
    if orders:
        file = folder / "orders.jsonl"
        file.write_text(
            "".join(json.dumps(order, ensure_ascii=False) + "\n" for order in orders), encoding="utf-8"
        )
        subprocess.run(
            [sys.executable, "-m", "bot", "orders", "import", str(file), "--db", str(store)],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        arguments = ("--db", str(store))
    with BotProcess(*arguments, hash_seed=hash_seed) as bot:
        return [converse(bot, person, name) for name, person in people], bot
