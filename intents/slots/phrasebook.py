"""The phrases that mean a slot's value, and finding them in a message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from intents.data_files import DataFileError, Finding
from intents.slots import phrase_files
from intents.slots.phrase_files import Entry, folder_in_use

STRONG, WEAK, NONE = 2, 1, 0
_RIVALS = {
    "order_status": "status", "delivery_status": "status",
    "reason": "cause", "failure": "cause", "ticket_plan": "cause",
}  # fmt: skip
"""Slots that the same words are never both for: inside 票也不要了 stands no 不要了 of a change of mind."""


_CAPITALS = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def levelled(text: str) -> str:
    """The text in lower case, 著 as 着, every character in its place (İ alone would become two)."""
    lowered = text.lower().replace("著", "着")
    return lowered if len(lowered) == len(text) else text.translate(_CAPITALS)


def _inside_a_word(text: str, phrase: str, start: int) -> bool:
    """True for sb in lsbin: Latin words are read whole."""
    if not phrase.isascii():
        return False
    end = start + len(phrase)
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return any(character.isascii() and character.isalpha() for character in around)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase means: a value of a slot; `strength` is STRONG or WEAK, or NONE where it is not meant."""

    slot: str
    value: str
    strength: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a message. No readings: the phrase only keeps its words from being misread."""

    start: int
    end: int
    readings: tuple[Reading, ...]

    def names(self, slot: str, value: str | None = None) -> bool:
        """True where the phrase names a value (this value) of the slot."""
        return any(r.slot == slot and value in (None, r.value) for r in self.readings)

    def meant(self) -> "Hit":
        """The hit without the readings that are not meant."""
        return Hit(self.start, self.end, tuple(reading for reading in self.readings if reading.strength))

    @property
    def only_hints(self) -> bool:
        """True where nothing is named outright."""
        return all(reading.strength != STRONG for reading in self.readings)

    def beside(self, accepted: list["Hit"]) -> "Hit | None":
        """What is left of the hit next to the longer ones already accepted; None where nothing is."""
        readings = self.readings
        for other in accepted:
            if other.start >= self.end or other.end <= self.start:
                continue
            if not readings:
                return None
            taken = {
                _RIVALS.get(reading.slot, reading.slot) for reading in other.readings if reading.strength
            }
            kept_out = {reading.slot for reading in other.readings if not reading.strength}
            inside = other.start <= self.start and self.end <= other.end
            readings = tuple(
                reading
                for reading in readings
                if _RIVALS.get(reading.slot, reading.slot) not in taken
                and reading.slot not in kept_out
                and (reading.strength == STRONG or not inside)
            )
        if not readings and self.readings:
            return None
        return self if readings is self.readings else Hit(self.start, self.end, readings)


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All phrases of all slots."""

    readings: Mapping[str, tuple[Reading, ...]]
    """Phrase to its meanings."""
    lengths: Mapping[str, tuple[int, ...]]
    """The first two characters (or the only one) to the lengths of the phrases that start so."""
    single: re.Pattern[str]
    """Phrases of one character."""
    answers: Mapping[str, Mapping[str, str]]
    """Slot to (phrase to value), for bare answers."""

    def hits(self, text: str) -> list[Hit]:
        """The phrases in a text, in its order; case is levelled.

        The longer phrase goes first, of equal ones that which names its value. A shorter one that overlaps it
        is read only where it speaks of other slots and, inside the longer one, names its value outright
        (东京迪士尼: abroad, and a park).
        """
        found = self._all(levelled(text))
        if len(found) < 2:
            return [hit.meant() for hit in found]
        accepted: list[Hit] = []
        for hit in sorted(found, key=lambda hit: (hit.start - hit.end, hit.only_hints, hit.start)):
            kept = hit.beside(accepted)
            if kept is not None:
                accepted.append(kept)
        return [hit.meant() for hit in sorted(accepted, key=lambda hit: hit.start)]

    def _all(self, text: str) -> list[Hit]:
        readings, size, found = self.readings, len(text), []
        for place, lengths in self._starts(text):
            for length in lengths:
                end = place + length
                if end > size:
                    break
                phrase = text[place:end]
                meant = readings.get(phrase)
                if meant is not None and not _inside_a_word(text, phrase, place):
                    found.append(Hit(place, end, meant))
        return found

    def _starts(self, text: str) -> list[tuple[int, tuple[int, ...]]]:
        """Where phrases may start, and their lengths."""
        by_start = self.lengths
        starts = [
            (place, by_start[pair])
            for place in range(len(text) - 1)
            if (pair := text[place : place + 2]) in by_start
        ]
        if self.single.search(text):
            read = {place for place, _ in starts}
            alone = [(m.start(), by_start[m[0]]) for m in self.single.finditer(text)]
            starts += [start for start in alone if start[0] not in read]
            starts.sort()
        return starts


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> Phrasebook:
    """All phrases of the folder, by default the one in use. Raises DataFileError."""
    readings: dict[str, tuple[Reading, ...]] = {}
    answers: dict[str, dict[str, str]] = {}
    for path in phrase_files.slot_files(folder or folder_in_use()):
        for entry in phrase_files.entries(path):
            _enter(path, entry, readings, answers)
    lengths: dict[str, set[int]] = {}
    for phrase in readings:
        lengths.setdefault(phrase[:2], set()).add(len(phrase))
    for start, known in lengths.items():
        known.update(lengths.get(start[0], ()))
    return Phrasebook(
        readings,
        {start: tuple(sorted(known)) for start, known in lengths.items()},
        re.compile("|".join(re.escape(phrase) for phrase in readings if len(phrase) == 1) or "(?!)"),
        answers,
    )


def check(folder: Path | None = None) -> list[Finding]:
    """The faults of the folder's files; reading a file stops at its first."""
    findings = []
    folder = folder or folder_in_use()
    try:
        files = phrase_files.slot_files(folder)
    except DataFileError as fault:
        return [fault.finding]
    for path in files:
        readings: dict[str, tuple[Reading, ...]] = {}
        answers: dict[str, dict[str, str]] = {}
        try:
            for entry in phrase_files.entries(path):
                _enter(path, entry, readings, answers)
        except DataFileError as fault:
            findings.append(fault.finding)
    try:
        phrase_files.holidays(folder)
    except DataFileError as fault:
        findings.append(fault.finding)
    return findings


def _enter(
    path: Path,
    entry: Entry,
    readings: dict[str, tuple[Reading, ...]],
    answers: dict[str, dict[str, str]],
) -> None:
    if entry.key == "answers":
        for phrase in entry.phrases:
            known = answers.setdefault(entry.slot, {}).setdefault(phrase, entry.value)
            if known != entry.value:
                raise _twice(path, entry, phrase, known)
        return
    mine = Reading(entry.slot, entry.value, STRONG if entry.key == "strong" else WEAK)
    alone = (Reading(entry.slot, entry.value, NONE) if entry.key == "not" else mine,)
    for phrase in entry.phrases:
        others = readings.setdefault(phrase, alone)
        if others is alone:
            continue
        rival = next((other for other in others if other.slot == entry.slot), None)
        if rival is None:
            readings[phrase] = (*others, *alone)
        elif not rival.strength or not alone[0].strength:
            readings[phrase] = tuple(
                max(alone[0], other, key=_strength) if other is rival else other for other in others
            )
        elif rival.value != entry.value:
            raise _twice(path, entry, phrase, rival.value)


def _strength(reading: Reading) -> int:
    return reading.strength


def _twice(path: Path, entry: Entry, phrase: str, known: str) -> DataFileError:
    return DataFileError(Finding(path, entry.line, phrase, f"同一说法写在两处：{known}, {entry.value}"))
