"""The result type of slot extraction, and the book that keeps each character in at most one slot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from intents.understanding import SlotValue


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the message that one extractor has read; `kind` is a slot's name or what else it is.

    Kinds that are no slot: "money" (not the order's), "deducted", "foreign_money", "time" (not the event's
    nor the request's), "started" (已经开车了), "phone", "id_card", "bank_card", "other_id".
    """

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a message says about the case."""

    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    denied: tuple[tuple[str, str], ...] = ()
    """(slot, value) pairs that the person ruled out."""
    spans: tuple[Span, ...] = ()
    """In the order of the text, never overlapping."""


_TAKEN, _IN_PASSING = b"\x01", b"\x02"
_DIGIT = re.compile(r"\d")


class Claims:
    """Who has read which characters of one message."""

    __slots__ = ("_spans", "_taken", "digits", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.digits = _DIGIT.search(text) is not None
        """Whether any digit is in the text, for readers that need one."""
        self._taken = bytearray(len(text))
        self._spans: list[Span] = []

    def free(self, start: int, end: int) -> bool:
        """True where nobody has read a character of the stretch yet."""
        return not (self._spans and any(self._taken[start:end]))

    def claimed(self, kind: str) -> bool:
        """True where a stretch was claimed as this kind."""
        return any(span.kind == kind for span in self._spans) if self._spans else False

    def unread(self, text: str, kind: str) -> str:
        """The text without what was claimed as this kind."""
        for span in reversed(self.spans()):
            if span.kind == kind:
                text = text[: span.start] + text[span.end :]
        return text

    def readable(self, start: int, end: int) -> bool:
        """True where nobody has read a value; a whole time in passing may be part of a phrase (昨天收到)."""
        if not self._spans:
            return True
        taken = self._taken
        if _TAKEN[0] in taken[start:end]:
            return False
        cut_before = start > 0 and taken[start - 1] == taken[start] == _IN_PASSING[0]
        return not (cut_before or (end < len(taken) and taken[end - 1] == taken[end] == _IN_PASSING[0]))

    def take(self, kind: str, start: int, end: int) -> bool:
        """Claim a stretch; False, and nothing claimed, where part of it is taken."""
        if end <= start or not self.free(start, end):
            return False
        self._taken[start:end] = (_IN_PASSING if kind == "time" else _TAKEN) * (end - start)
        self._spans.append(Span(kind, start, end, self.text[start:end]))
        return True

    def spans(self) -> tuple[Span, ...]:
        """All claims, in the order of the text."""
        return tuple(sorted(self._spans, key=lambda span: span.start)) if self._spans else ()
