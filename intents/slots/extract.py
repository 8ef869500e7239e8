"""Reading all slots of a message: numbers that name things first, then times, then money, then words."""

import re
from dataclasses import replace
from datetime import datetime

from intents import no_delivery
from intents.slots import phrasebook
from intents.slots.agreement import agreed
from intents.slots.choices import Denied, read_choices
from intents.slots.contrasts import read_contrast
from intents.slots.durations import lengths
from intents.slots.extraction import Claims, Extraction
from intents.slots.identifiers import read_identifiers
from intents.slots.lateness import read_lateness
from intents.slots.money_roles import read_money
from intents.slots.respelling import respelled
from intents.slots.times import read_started, read_times
from intents.understanding import SlotValue

_INSTEAD = re.compile(
    r"(?<![是要能])不是(?P<wrong>[^,，。;；!?是]{1,16})[,，\s]{1,2}(?:而|应该)?是(?![不否吗])"
)
_BLANK = "□"
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
    wrong = _INSTEAD.search(respelt.text)
    if wrong is not None:
        read = _read_instead(respelt.text, wrong, read.denied, now, expecting)
    if respelt.places is None:
        return read
    return Extraction(
        {slot: respelt.value(value, written) for slot, value in read.slots.items()},
        read.denied,
        tuple(respelt.span(span, written) for span in read.spans),
    )


def _read_instead(
    text: str, wrong: re.Match[str], denied: Denied, now: datetime, expecting: str | None
) -> Extraction:
    """不是已接单，是待配送: what is ruled out is heard as that alone, never as a value."""
    start, end = wrong.span("wrong")
    right = _read(text[:start] + _BLANK * (end - start) + text[end:], now, expecting)
    said = {(slot, value.value) for slot, value in right.slots.items()}
    return replace(right, denied=tuple(pair for pair in denied if pair not in said))


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
    if "reason" not in slots:
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
