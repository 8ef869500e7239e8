"""Puts stand-ins where the store has masked.

What is masked is never read, see `conceal`, save for the four digits that prove who ordered. How these were
written (6041, 六零四一) can decide what is understood, and so can a sum that was hidden with them. So a
message is put together in the ways it may have been written, and the first that is understood as the original
was is taken.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product

from bot.privacy import CARD, EMAIL, IDENTITY, PHONE, TAIL
from bot.replay.record.stand_ins import StandIns, in_words
from bot.store.protocol import Json
from intents.understanding import Understanding

_WAYS_TRIED = 64


class Filling:
    """The stand-ins of one turn. `heard` is its event, `tail` the stand-in for the four digits in force.

    A mask that the turn's own message does not have stays what it is: it came out of the stored memory, where
    nothing else is known any more.
    """

    def __init__(self, heard: Json, tail: str, stand_ins: StandIns) -> None:
        self._heard = heard
        text = str(heard.get("text", ""))
        self._slots: Json = heard.get("slots", {})
        ways: Mapping[str, Callable[[], tuple[str, ...]]] = {
            PHONE: lambda: (stand_ins.phone(tail),),
            CARD: lambda: (stand_ins.card(),),
            IDENTITY: lambda: (stand_ins.identity(),),
            EMAIL: lambda: (stand_ins.email(),),
            TAIL: lambda: (*self._sums(), tail, in_words(tail)),
        }
        self._ways = {mask: written() for mask, written in ways.items() if mask in text}
        said = {mask: first for mask, (first, *_) in self._ways.items() if heard.get("masked", True)}
        self._usual = {**said, TAIL: tail}

    def usual(self, text: str) -> str:
        """The text with the usual way of writing for every mask."""
        return _filled(text, self._usual)

    def of_the_bot(self, text: str) -> str:
        """A reply likewise; what looks like a masked tail there are marks of bold words that meet."""
        return _filled(text, {mask: way for mask, way in self._usual.items() if mask != TAIL})

    def as_heard(self, masked: str, understand: Callable[[str], Understanding]) -> str:
        """The message in the first way that is understood as it was, or else in the nearest one."""
        if not self._heard.get("masked", True):
            return masked
        best, nearest = masked, (-1, -1, -1.0)
        for text, written in self._candidates(masked):
            near = self._nearness(understand(text))
            if near > nearest and not (written and near[:2] == nearest[:2]):
                best, nearest = text, near
            if nearest == (1, 1, 0):
                break
        return best

    def _candidates(self, masked: str) -> Iterator[tuple[str, bool]]:
        """Each with whether a mask stands in it; older events do not tell one from the same words."""
        masks = [mask for mask in self._ways if mask in masked]
        if masks:
            itself = "masked" not in self._heard
            choices = [(*self._ways[mask], mask) if itself else self._ways[mask] for mask in masks]
            for ways in islice(product(*choices), _WAYS_TRIED):
                yield _filled(masked, dict(zip(masks, ways, strict=True))), not set(ways).isdisjoint(masks)

    def _nearness(self, got: Understanding) -> tuple[int, int, float]:
        """How much alike it is understood: in the slots, in the intent, in how sure that is."""
        slots = {name: (slot.value, slot.certain) for name, slot in got.slots.items()}
        wanted = {n: (self.usual(str(slot["value"])), slot["certain"]) for n, slot in self._slots.items()}
        surer = abs(got.confidence - float(self._heard.get("confidence") or 0))
        return slots == wanted, got.intent == self._heard.get("intent"), -surer

    def _sums(self) -> list[str]:
        """Whatever came when four digits were asked for is masked, and may have been understood as a sum."""
        if "phone_tail" in self._slots:
            return []
        sums = [str(s["value"]).partition(".")[0] for s in self._slots.values() if TAIL in str(s["said"])]
        return [f"{digits:0>4}" for digits in sums if len(digits) <= len(TAIL) and digits.isdecimal()]


def _filled(text: str, chosen: Mapping[str, str]) -> str:
    for mask, stand_in in chosen.items():
        text = text.replace(mask, stand_in)
    return text
