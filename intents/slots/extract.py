"""Reading all slots of a message: numbers that name things first, then times, then money, then words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from intents import no_delivery
from intents.contrast import Contrast, contrast
from intents.slots import phrasebook
from intents.slots.agreement import agreed
from intents.slots.choices import read_choices
from intents.slots.durations import lengths
from intents.slots.extraction import Claims, Extraction
from intents.slots.identifiers import read_identifiers
from intents.slots.lateness import read_lateness
from intents.slots.money_roles import read_money
from intents.slots.respelling import respelled
from intents.slots.times import read_started, read_times
from intents.slots.told_reasons import read_contrast
from intents.understanding import SlotValue

_BLANK = "□"
_A_TIME = re.compile(r"[点号月日:周天晚早午时节]")
"""What is ruled out of a time (是二十号不是十二号，早上八点) is known where times are put together."""
_PARTS = (re.compile(r"[点时:]"), re.compile(r"[号日月周天晚早午节]"))
"""The clock and the day of a time."""
_FIGURES = ("amount", "received_amount", "late_minutes")
LONGEST = 2000
"""Characters that are read; people say what matters in fewer."""


def extract(normal: str, now: datetime, expecting: str | None = None) -> Extraction:
    """The slots of a normalised message, as of `now`; `expecting` is the slot that was just asked for.

    A bare number or a word that alone says little (8点, 没发, 要) is read only where it answers what was
    asked.
    Every character belongs to one span at most. Raises ValueError where `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("`now` needs a time zone")
    written = normal[:LONGEST]
    respelt = respelled(written)
    read = _read(respelt.text, now, expecting)
    sides = contrast(respelt.text)
    if sides is not None:
        read = _read_instead(respelt.text, sides, read, now, expecting)
    if respelt.places is None:
        return read
    return Extraction(
        {slot: respelt.value(value, written) for slot, value in read.slots.items()},
        read.denied,
        tuple(respelt.span(span, written) for span in read.spans),
    )


def _read_instead(
    text: str, sides: Contrast, whole: Extraction, now: datetime, expecting: str | None
) -> Extraction:
    """不是已接单，是待配送: what is ruled out is heard as that alone, never as a value."""
    start, end = sides.wrong
    wrong, meant = text[start:end], text[slice(*sides.right)].rstrip()
    in_part = any(part.search(wrong) and not part.search(meant) for part in _PARTS)
    if sides.right < sides.wrong and _A_TIME.search(wrong) and in_part:
        return whole
    before = text[:start].removesuffix("不是")
    read = before + "," * (start - len(before)) + _BLANK * (end - start) + text[end:]
    right = _read(read, now, expecting)
    slots, figures = dict(right.slots), _figures(wrong, now, expecting)
    plan = whole.slots.get("ticket_plan")
    if plan is not None and plan.value == "keep":  # 不是退票，是不要送: the denial is the plan
        slots.setdefault("ticket_plan", plan)
    away = whole.slots.get("delivery_status")
    if away is not None and no_delivery.said_away(text):  # 我这不是送票的单 denies no state, but tells one
        slots.setdefault("delivery_status", away)
    if figures and not any(slot in slots and slots[slot].certain for slot in _FIGURES):
        # A figure in the place of another one needs no word of what it is, and leaves no doubt.
        for slot, value in _figures(meant, now, expecting).items():
            if slot in figures or slot == expecting:
                place = sides.right[0]
                slots[slot] = replace(value, start=value.start + place, end=value.end + place)
    pairs = {(slot, value.value) for slot, value in slots.items()}
    denied = (*whole.denied, *((slot, value.value) for slot, value in figures.items()))
    return replace(
        right, slots=slots, denied=tuple(dict.fromkeys(pair for pair in denied if pair not in pairs))
    )


def _figures(text: str, now: datetime, expecting: str | None) -> Mapping[str, SlotValue]:
    """The figure of one side of a contrast, read as the figure that was asked for, else as a sum."""
    asked = expecting if expecting in _FIGURES else "amount"
    heard = _read(text, now, asked).slots
    return {slot: value for slot, value in heard.items() if slot in _FIGURES and value.certain}


def _read(text: str, now: datetime, expecting: str | None) -> Extraction:
    claims = Claims(text)
    book = phrasebook.load()
    slots: dict[str, SlotValue] = read_identifiers(claims, expecting)
    durations = list(lengths(claims.text))
    if durations or expecting == "late_minutes":
        slots |= read_lateness(claims, expecting, durations)
    slots |= read_times(claims, now, expecting, durations)
    slots |= _read_no_delivery(claims)
    hits = book.hits(claims.text)
    slots |= read_money(claims, expecting, hits)
    chosen, denied = read_choices(claims, book, hits, expecting, claims.claimed("foreign_money"))
    slots |= chosen
    reason = slots.get("reason")
    if reason is None or reason.value == "changed_mind":  # 跟图片不一样，不想要了: that only follows
        slots |= read_contrast(claims, late="late_minutes" in slots)
    if "event_time" not in slots and "requested_at" not in slots:
        started = read_started(claims, now)
        if started is not None:
            slots["event_time"] = started
            slots.setdefault("reason", replace(started, value="missed"))
    if slots:
        slots = agreed(slots, claims.text, now, expecting)
    return Extraction(slots, denied, claims.spans())


def _read_no_delivery(claims: Claims) -> dict[str, SlotValue]:
    """配送没勾: the state of a delivery that was never ordered."""
    text = claims.text
    for start, end in no_delivery.said_away(text):
        if claims.take("delivery_status", start, end):
            return {"delivery_status": SlotValue("none", text[start:end], start, end)}
    return {}
