"""Order numbers and their like in a stored conversation, each replaced by another of the same shape."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from bot.privacy import each_string, looks_like_card, mask
from bot.replay.record.stand_ins import StandIns
from bot.store.protocol import Json, StoredEvent
from bot.transcript import ANSWERED, HEARD, LOOKED_UP

_LIKE_A_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,6}-?\d{6,30}|\d{10,32}"
    r"|(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{12})(?![A-Za-z0-9])"
)
"""What was not understood as an order's number and names something of the person's all the same."""
_BEGINNING = re.compile(
    r"[A-Z]*-?(?:(?P<month>(?:20)?\d\d(?:0[1-9]|1[0-2]))(?P<day>0[1-9]|[12]\d|3[01])|\d)?"
)
_ENOUGH = 3
"""Characters after a date that must be left to tell one number from another, or it is taken for no date."""
_WIDTH = 0xFEE0
"""From a character to its full-width form."""


def without_order_numbers(events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """The events with every order number replaced, wherever and however it is written.

    The same number has the same replacement throughout: as long, digits for digits and letters for letters
    of the same case, beginning alike, and masked no more than the original was.
    """
    found = list(events)
    originals = dict.fromkeys(number for event in found for number in _numbers(event))
    replacements = _replacements(list(originals), StandIns(_seed(found)))

    def change(text: str) -> str:
        return _replaced(text, replacements)

    return [replace(event, data=each_string(dict(event.data), change)) for event in found]


def _seed(events: list[StoredEvent]) -> str:
    content = [[event.at.isoformat(), event.kind, event.data] for event in events]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _numbers(event: StoredEvent) -> Iterator[str]:
    """The numbers that an event names, in the dialogue's spelling."""
    data = event.data
    if event.kind == HEARD:
        slots: Json = data.get("slots", {})
        if "order_id" in slots:
            yield from _spelt(slots["order_id"]["value"])
        elsewhere = [_shadow(str(slot["said"]))[0] for name, slot in slots.items() if name != "order_id"]
        for match in _LIKE_A_NUMBER.finditer(_shadow(str(data.get("text", "")))[0]):
            if not any(match[0] in said for said in elsewhere):
                yield match[0].upper()
    elif event.kind == LOOKED_UP:
        yield from _spelt(data.get("order_id"))
        yield from _spelt((data.get("order") or {}).get("order_id"))
    elif event.kind == ANSWERED:
        yield from _spelt((data.get("slots") or {}).get("order_id"))


def _spelt(value: object) -> Iterator[str]:
    """The value, unless it is none or was masked."""
    if isinstance(value, str) and value.isascii() and any(map(str.isdigit, value)):
        yield value.upper()


def _replacements(originals: list[str], stand_ins: StandIns) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for number in originals:
        drawn = (_drawn(number, attempt, stand_ins) for attempt in count())
        taken = {*originals, *chosen.values()}
        chosen[number] = next(other for other in drawn if other not in taken and _as_harmless(other, number))
    return chosen


def _as_harmless(other: str, number: str) -> bool:
    """Not taken for a phone, a card or an identity number where the original was not."""
    if looks_like_card(other) and not looks_like_card(number):
        return False
    return mask(other) == other or mask(number) != number


def _drawn(number: str, attempt: int, stand_ins: StandIns) -> str:
    """One number of the shape. What it begins with, and a date's month, stay."""
    beginning = _BEGINNING.match(number)
    kept, day = (beginning.end(), "") if beginning else (0, "")
    if beginning and beginning["day"]:
        dated = len(number) - beginning.end() >= _ENOUGH
        kept = beginning.end("month") if dated else beginning.start("month") + 1
        day = f"{1 + int(stand_ins.digits(f'{number} day {attempt}', 4)) % 28:02}" if dated else ""
    rest = number[kept + len(day) :]
    letters = "BCDFGHJKLMNPQRSTVWXZ"
    drawn = stand_ins.digits(f"{number} {attempt}", 3 * len(rest) + 1)
    digits = iter(int(drawn[3 * place : 3 * place + 3]) for place in range(len(rest)))
    changed = [
        str(digit % 10) if char.isdigit() else letters[digit % len(letters)] if char.isalpha() else char
        for char, digit in zip(rest, digits, strict=True)
    ]
    return number[:kept] + day + "".join(changed)


def _replaced(text: str, replacements: dict[str, str]) -> str:
    """Every whole occurrence replaced, each character as the original was written: case and width."""
    if not any(map(str.isdigit, text)):
        return text
    plain, places = _shadow(text)
    upper, chars = plain.upper(), list(text)
    if len(upper) != len(plain):  # a few letters of other scripts grow
        upper = plain
    for number, other in replacements.items():
        for start in _whole(number, upper):
            for char, place in zip(other, range(start, start + len(number)), strict=True):
                chars[places[place]] = _written_as(chars[places[place]], plain[place], char)
    return "".join(chars)


def _written_as(original: str, plain: str, char: str) -> str:
    char = char.lower() if plain.islower() else char
    return chr(ord(char) + _WIDTH) if ord(original) == ord(plain) + _WIDTH else char


def _whole(number: str, text: str) -> Iterator[int]:
    for match in re.finditer(rf"(?<![A-Z0-9]){re.escape(number)}(?![A-Z0-9])", text, re.ASCII):
        yield match.start()


def _shadow(text: str) -> tuple[str, list[int]]:
    """The text in plain digits and letters, without what is invisible, and where each character stood."""
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isascii():
            form = char
        else:
            form = unicodedata.normalize("NFKC", char)
            form = str(unicodedata.decimal(form, form)) if len(form) == 1 else char
        if form.isprintable() or form.isspace():
            plain.append(form)
            places.append(place)
    return "".join(plain), places
