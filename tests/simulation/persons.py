"""A simulated person: a hidden case, a voice, and the habits of people who write to a support desk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.simulation import wording
from tests.simulation.expected import Hidden
from tests.simulation.phrasebook import Wording, blanks, openings, phrases
from tests.simulation.voices import VOICES, speak, to_simplified

MUST_TELL = ("account_type", "region", "insured", "delay_cause")
"""Columns with a silent default: nobody asks for them, so whom they concern says so at once."""
KEPT_BACK = {
    "refund_amount_wrong": ("requested_at", "event_time", "order_status"),
    "minor_account": ("event_time",),
    "account_verification": ("event_time",),
    "ticket_insurance": ("delivery_status",),
}
HARD = ("phone_tail", "order_id")


@dataclass(frozen=True, slots=True)
class Said:
    """One message and what the person meant by it."""

    text: str
    purpose: str
    """open, answer, aside, correct, repeat, rephrase, what_if."""
    slot: str | None = None


class Person:
    """Says its case bit by bit. `truth` is the case as it stands after every correction so far."""

    def __init__(self, hidden: Hidden, seed: int, calm: bool = False) -> None:
        self.rng = Random(seed)
        self.truth = hidden
        self.clock = hidden.now
        self.voice = self.rng.choice(VOICES)
        self.told: set[str] = set()
        self.asked: dict[str, int] = {}
        self._words = Wording(self.rng, hidden.now, self.voice == "voice")
        self._openings = openings(hidden, self.voice)
        self._tails = self._tail_plan()
        self._last = ""
        self.habit = "" if calm else self._draw_habit()
        self.slip = self._draw_slip() if self.habit == "slip" else None

    def _draw_habit(self) -> str:
        return self.rng.choices(
            ("", "aside", "why", "repeat", "slip", "double", "vague", "what_if"), (50, 8, 4, 3, 14, 5, 5, 11)
        )[0]

    def _draw_slip(self) -> tuple[str, str] | None:
        slots = self.truth.slots
        choices: list[tuple[str, str]] = []
        if "." in slots.get("amount", ""):
            choices.append(("amount", "460.00" if slots["amount"] != "460.00" else "260.00"))
        if ":" in slots.get("event_time", "") and "T" in slots["event_time"]:
            event = datetime.fromisoformat(slots["event_time"])
            if event > self.truth.now:
                choices.append(("event_time", (event + timedelta(days=1)).isoformat()))
        if slots.get("product") in ("movie_ticket", "scenic_ticket") and self.truth.wish in (
            "request_refund",
            "fee_query",
        ):
            choices.append(("product", "train_ticket"))
        return self.rng.choice(choices) if choices and not self.truth.order else None

    def _tail_plan(self) -> list[str]:
        order = self.truth.order
        if not order:
            return []
        right = str(order["phone_tail"])
        wrong = f"{(int(right) + 1111) % 10000:04d}"
        if self.truth.tail_story in ("right", "clash"):
            return [right]
        return [wrong, right] if self.truth.tail_story == "late" else [wrong, "不清楚", wrong]

    @property
    def slots(self) -> dict[str, str]:
        """What the person believes right now, its slip included."""
        slots = dict(self.truth.slots)
        if self.slip:
            slots[self.slip[0]] = self.slip[1]
        return slots

    def open(self) -> Said:
        """The first message."""
        return self._message("open")

    def _message(self, purpose: str) -> Said:
        slots = self.slots
        phrase = self.rng.choice(self._openings)
        self.told.update(blanks(phrase))
        text = self._words.fill(phrase, slots)
        clauses = [slot for slot in MUST_TELL if slot in slots and slot not in blanks(phrase)]
        for slot in self._chatty(purpose):
            if slot not in clauses and slot not in blanks(phrase):
                clauses.append(slot)
        for slot in clauses:
            self.told.add(slot)
            text += "，" + self._words.clause(slot, slots)
        text = speak(text, self.voice, self.rng, decorated=True)
        self._last = text
        return Said(text, purpose)

    def _chatty(self, purpose: str) -> list[str]:
        """Slots that the person tells unasked."""
        slots = self.slots
        back: tuple[str, ...] = (*KEPT_BACK.get(self.truth.wish, ()), *HARD, *MUST_TELL)
        if slots.get("product", "").endswith("_ticket"):
            back += ("order_status",)
        if slots.get("order_status") == "unpaid":
            back += ("amount",)
        ready = [slot for slot, value in slots.items() if value != "unknown" and slot not in back]
        if self.truth.order and self.truth.tail_story != "wrong":
            return ["amount"] if "amount" in slots and "amount" not in self.told else []
        if "late_minutes" in ready and "reason" in ready:
            ready.remove("late_minutes")
        most = {"terse": 0, "old": 3, "voice": 2}.get(self.voice, 2)
        count = len(ready) if purpose == "rephrase" else self.rng.randint(0, min(most, len(ready)))
        return self.rng.sample(ready, count)

    def respond(self, answer: Mapping[str, Any], previous: Said) -> Said:
        """The next message after an answer without an outcome."""
        asks = answer.get("asks")
        buttons = [button for reply in answer["replies"] for button in reply.get("buttons", ())]
        if asks is None:
            return self._clarify(buttons)
        self.asked[asks] = self.asked.get(asks, 0) + 1
        if self.slip and self.slip[0] in self.told and previous.purpose != "correct":
            return self._correct(asks)
        if self.habit in ("aside", "why", "repeat") and asks != "phone_tail":
            return self._digress(asks)
        if self.habit == "double" and previous.purpose == "answer" and not self._last.isdigit():
            self.habit = ""
            return Said(self._last, "repeat", asks)
        return self._answer(asks, buttons)

    def _digress(self, asks: str) -> Said:
        kind = {"aside": "side_questions", "why": "why_asks", "repeat": "repeats"}[self.habit]
        self.habit = ""
        text = self.rng.choice(phrases("asides")[kind])
        return Said(speak(text, self.voice, self.rng, decorated=False), "aside", asks)

    def _correct(self, asks: str | None) -> Said:
        assert self.slip is not None
        slot, mistaken = self.slip
        self.slip = None
        if slot == "product":
            return self._other_product(mistaken, asks)
        clause = self._words.clause(slot, self.slots).removeprefix("是")
        text = self.rng.choice(phrases("asides")["corrections"]).replace("<子>", clause)
        return Said(speak(text, self.voice, self.rng, decorated=False), "correct", asks)

    def _other_product(self, mistaken: str, asks: str | None) -> Said:
        names = phrases("slots")["product"]["noun"]
        wrong, right = names[mistaken][0], names[self.truth.slots["product"]][0]
        text = (
            self.rng.choice(phrases("asides")["other_product"]).replace("<误>", wrong).replace("<正>", right)
        )
        return Said(speak(text, self.voice, self.rng, decorated=False), "correct", asks)

    def _answer(self, asks: str, buttons: Sequence[str]) -> Said:
        slots = self.slots
        value = slots.get(asks, "")
        if asks == "phone_tail":
            text = self._tails.pop(0) if self._tails else "不清楚"
            return self._said(text, asks, plain=True)
        if value == "unknown":
            return self._said(self._press(asks, "unknown", buttons) or self._words.cannot_tell(), asks)
        if not value:
            return self._said(self._default(asks, buttons), asks)
        self.told.add(asks)
        if self.habit == "vague" and asks == "event_time" and self.asked[asks] == 1 and not self._gone(value):
            return self._said(wording.event_date_only(value, self.clock, self.rng), asks, plain=True)
        pressed = self._press(asks, value, buttons) if self.rng.random() < 0.3 else None
        if pressed:
            return self._said(pressed, asks, plain=True)
        if self.asked[asks] > 1:
            return self._said(self._full(asks, slots), asks)
        text = self._words.answer(asks, slots)
        more = [slot for slot in self._chatty("answer") if slot != asks and slot not in self.told]
        if more and self.rng.random() < 0.35:
            self.told.add(more[0])
            text += "，" + self._words.clause(more[0], slots)
        return self._said(text, asks)

    def _gone(self, moment: str) -> bool:
        return datetime.fromisoformat(moment) <= self.clock

    def _full(self, slot: str, slots: Mapping[str, str]) -> str:
        """Asked a second time: the value as plainly as can be."""
        if slot == "event_time":
            moment = datetime.fromisoformat(slots[slot])
            past = "，已经过了" if moment <= self.clock else ""
            return f"{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}{past}"
        if slot in ("amount", "received_amount"):
            return slots[slot] + "元"
        return self._words.clause(slot, slots)

    def _default(self, asks: str, buttons: Sequence[str]) -> str:
        if asks == "delay_cause":
            return str(self.rng.choice(phrases("slots")["delay_cause"]["none"]))
        known = phrases("slots")["default_answers"].get(asks)
        return str(self.rng.choice(known)) if known else self._words.cannot_tell()

    def _said(self, text: str, slot: str, plain: bool = False) -> Said:
        text = text if plain else speak(text, self.voice, self.rng, decorated=False)
        self._last = text
        return Said(text, "answer", slot)

    def _press(self, slot: str, value: str, buttons: Sequence[str]) -> str | None:
        """The label, or the number, of the button that stands for the value."""
        table = phrases("buttons")
        pattern = table["unknown"] if value == "unknown" else table.get(slot, {}).get(value)
        for number, label in enumerate(buttons, 1):
            if pattern and re.search(pattern, simple(label)):
                counted = len(buttons) > 2 and self.rng.random() < 0.3
                return str(number) if counted else label
        return None

    def _clarify(self, buttons: Sequence[str]) -> Said:
        """Not understood: press the button of the wish, or say it all again in other words."""
        table = phrases("buttons")
        for label in buttons:
            if re.search(table["wish"][self.truth.wish], simple(label)):
                return Said(label, "rephrase")
        if buttons and re.search(table["yes"], simple(buttons[0])):
            return Said(buttons[0], "rephrase")
        return self._message("rephrase")

    def after_outcome(self) -> Said | None:
        """What the person adds once there is an outcome: a late correction, or a what-if."""
        if self.slip and self.slip[0] in self.told:
            slot, mistaken = self.slip
            self.slip = None
            if slot == "product":
                return self._other_product(mistaken, None)
            text = self._words.fill(self.rng.choice(phrases("asides")["after_correction"][slot]), self.slots)
            return Said(speak(text, self.voice, self.rng, decorated=False), "correct")
        if self.habit == "what_if" and self.truth.wish == "cancel_delivery" and not self.truth.order:
            self.habit = ""
            other = "keep" if self.truth.slots["ticket_plan"] == "return" else "return"
            self.truth = self.truth.with_slots(ticket_plan=other)
            text = self.rng.choice(phrases("asides")["what_if"][f"ticket_plan/{other}"])
            return Said(speak(text, self.voice, self.rng, decorated=False), "what_if")
        if (
            self.habit == "what_if"
            and self.truth.slots.get("product") == "train_ticket"
            and not self.truth.order
        ):
            return self._later()
        return None

    def _later(self) -> Said | None:
        """What if I wait? Only where the wish is the money and the time is known."""
        self.habit = ""
        if (
            self.truth.wish not in ("request_refund", "fee_query")
            or self.truth.slots["event_time"] == "unknown"
        ):
            return None
        hours = self.rng.choice((6, 12, 24))
        slots, case = self.truth.slots, self.truth
        self.truth = Hidden(case.kind, case.wish, case.now + timedelta(hours=hours), slots)
        text = self.rng.choice(phrases("asides")["what_if"]["later"]).replace("<几>", str(hours))
        return Said(speak(text, self.voice, self.rng, decorated=False), "what_if")


def simple(text: str) -> str:
    """The text in Simplified characters: a person reads both."""
    return str(to_simplified().convert(text))
