"""How well slots are read, by an independent judge's labels: `python -m tests.slots.judge [--failures]`.

Precision, recall and F1 over all slots and by slot; and, per hundred messages, the amounts and times that
were stated as certain although they are wrong, or that a careful reader would have asked back.
`judge.yaml` says how the labels are to be read.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from intents import understand
from intents.understanding import SlotValue, Understanding

LABELS = Path(__file__).with_name("judge.yaml")
MONEY_OR_TIME = frozenset({"amount", "received_amount", "event_time", "requested_at"})
DAY_ONLY = len("2026-03-06")


class Labelled(BaseModel):
    """One message, and what a careful reader notes of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    now: datetime
    expecting: str | None = None
    slots: dict[str, str | list[str]]
    doubtful: list[str] = Field(default_factory=list)
    open: list[str] = Field(default_factory=list)
    voice: str

    def accepted(self, slot: str) -> list[str]:
        """The values that are right for the slot; none where it should stay empty."""
        value = self.slots.get(slot, [])
        return [value] if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one slot of one message was read; `kind` is right, missed, wrong, spurious or asked_less."""

    message: Labelled
    slot: str
    kind: str
    heard: SlotValue | None

    @property
    def stated_wrongly(self) -> bool:
        """Whether money would be computed from an amount or a time that is wrong or was never settled."""
        if self.slot not in MONEY_OR_TIME or self.heard is None or not self.heard.certain:
            return False
        return self.kind in ("wrong", "spurious", "asked_less")


def same(slot: str, heard: str, right: str) -> bool:
    """Whether two values say the same; days where the label is a day or the slot is counted in days."""
    if slot == "requested_at" or (slot == "event_time" and len(right) == DAY_ONLY):
        return heard[:DAY_ONLY] == right[:DAY_ONLY]
    if slot == "event_time" and "unknown" not in (heard, right):
        return len(heard) > DAY_ONLY and datetime.fromisoformat(heard) == datetime.fromisoformat(right)
    return heard == right


def overstated(message: Labelled, slot: str, heard: SlotValue) -> bool:
    """A doubtful value stated as certain; a bare day is no overstatement of a day."""
    return (
        slot in message.doubtful
        and heard.certain
        and not (slot == "event_time" and len(heard.value) == DAY_ONLY)
    )


def kind_of(message: Labelled, slot: str, heard: SlotValue | None) -> str:
    right = message.accepted(slot)
    if heard is None:
        return "missed"
    if right and not any(same(slot, heard.value, value) for value in right):
        return "wrong"
    if overstated(message, slot, heard):
        return "asked_less"
    if not right and slot not in message.doubtful:
        return "spurious"
    return "right"


def judged(message: Labelled, understood: Understanding, known: frozenset[str]) -> Iterator[Verdict]:
    """One verdict for each slot that was labelled or heard, save those that readers could argue about.

    `known` are the slots that the labels speak of at all: what was added since is not judged by them.
    """
    heard = {slot: value for slot, value in understood.slots.items() if slot in known}
    for slot in sorted(message.slots.keys() | heard.keys()):
        if slot in message.open:
            continue
        value = heard.get(slot)
        if value is None and message.accepted(slot) == ["unknown"] and "unsure" in understood.moves:
            yield Verdict(message, slot, "right", None)
        elif value is None and slot in message.doubtful:
            continue
        else:
            yield Verdict(message, slot, kind_of(message, slot, value), value)


def scores(verdicts: list[Verdict]) -> tuple[float, float, float]:
    """Precision, recall and F1; a wrong value counts against both."""
    kinds = Counter(verdict.kind for verdict in verdicts)
    right = kinds["right"] + kinds["asked_less"]
    heard = right + kinds["wrong"] + kinds["spurious"]
    meant = right + kinds["wrong"] + kinds["missed"]
    precision = right / heard if heard else 1.0
    recall = right / meant if meant else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def line(name: str, verdicts: list[Verdict]) -> str:
    precision, recall, f1 = scores(verdicts)
    kinds = Counter(verdict.kind for verdict in verdicts)
    counts = "  ".join(
        f"{kind} {kinds[kind]}" for kind in ("right", "missed", "wrong", "spurious", "asked_less")
    )
    return f"{name:<16} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   {counts}"


def described(verdict: Verdict) -> str:
    message, heard = verdict.message, verdict.heard
    said = (
        f"{heard.value}{'' if heard.certain else f' ({heard.doubt})'} from {heard.said!r}"
        if heard
        else "nothing"
    )
    meant = " or ".join(message.accepted(verdict.slot)) or "nothing"
    asked = f" [{message.expecting}?]" if message.expecting else ""
    flag = "!" if verdict.stated_wrongly else " "
    return (
        f"{flag} {verdict.slot:<15} {verdict.kind:<10} heard {said}, meant {meant} "
        f"| {message.now:%a %m-%d %H:%M}{asked} {message.text}"
    )


def report(messages: list[Labelled], verdicts: list[Verdict]) -> Iterator[str]:
    yield line("all", verdicts)
    for slot in sorted({verdict.slot for verdict in verdicts}):
        yield line(slot, [verdict for verdict in verdicts if verdict.slot == slot])
    for voice in sorted({one.voice for one in messages}):
        yield line(f"({voice})", [verdict for verdict in verdicts if verdict.message.voice == voice])
    wrong = [verdict for verdict in verdicts if verdict.stated_wrongly]
    unsettled = sum(verdict.kind == "asked_less" for verdict in wrong)
    yield (
        f"{len(messages)} messages; amounts and times stated as certain: {len(wrong) - unsettled} wrong, "
        f"{unsettled} that should be asked back; {100 * len(wrong) / len(messages):.2f} in a hundred messages"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true", help="print every slot that was not read rightly")
    failures: bool = parser.parse_args().failures
    entries = yaml.load(LABELS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    messages = [Labelled.model_validate(entry) for entry in entries]
    known = frozenset(slot for one in messages for slot in one.slots)
    verdicts = [
        verdict
        for one in messages
        for verdict in judged(one, understand(one.text, one.now, one.expecting), known)
    ]
    lines = [*report(messages, verdicts)]
    if failures:
        lines += [described(verdict) for verdict in verdicts if verdict.kind != "right"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
