"""How the persons of the matrix put things: variants from `phrases.yaml`, chosen by place, not by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from bot.dialogue.wording import value_name
from bot.errors import TuidanError

FILE = "bot/replay/matrix/phrases.yaml"


@cache
def phrases() -> Mapping[str, Any]:
    """The data file."""
    text = (files("bot.replay.matrix") / "phrases.yaml").read_text("utf-8")
    return cast(Mapping[str, Any], yaml.load(text, Loader=yaml.CSafeLoader))


@dataclass(frozen=True, slots=True)
class Wording:
    """One person's way of putting things: the same `place` takes the same variants."""

    place: int
    product: str | None = None
    """The product of the case, on which the words for a value may depend."""

    def opening(self, wish: str) -> str:
        """The wish and nothing else."""
        return self._variant("openings", wish)

    def clause(self, slot: str, value: str) -> str:
        """The value, understood without its question."""
        return self._value("values", slot, value)

    def answers(self, slot: str, value: str) -> tuple[str, ...]:
        """Every way to give the value as an answer to its question: in words, and by its button's label."""
        words = [*self._forms("values", slot, value), *self._forms("answers", slot, value)]
        label = value_name(slot, value, self.product)
        buttons = [] if self._free(slot) else [label]
        return tuple(dict.fromkeys([*(_filled(form, slot, value) for form in words), *buttons]))

    def correction(self, slot: str, value: str) -> str:
        """The value, as putting an earlier one right."""
        return self._variant("correct").format(value=self.clause(slot, value))

    def negation(self, slot: str, wrong: str) -> str | None:
        """The value ruled out; None where it cannot be without saying another."""
        forms = phrases()["negate"].get(slot, {}).get(wrong)
        return self._of(forms) if forms else None

    def replacement(self, slot: str, wrong: str, right: str) -> str:
        """The value ruled out with another in its stead."""
        other, value = self._value("names", slot, wrong), self._value("names", slot, right)
        return self._variant("replace").format(other=other, value=value)

    def contrasts(self, slot: str, wrong: str, right: str) -> tuple[str, str]:
        """The right value against the wrong one, in two orders of words."""
        other, value = self._value("names", slot, wrong), self._value("names", slot, right)
        forms = phrases()["contrast"]
        one, another = (forms[(self.place + step) % len(forms)] for step in (0, 1))
        return one.format(other=other, value=value), another.format(other=other, value=value)

    def words(self, kind: str) -> str:
        """A phrase of a kind that needs no value: stop, unsure, why, repeat, person, senseless, confirm."""
        return self._variant(kind)

    def another(self, kind: str, wish: str) -> tuple[str, str]:
        """(wish, words) of a question in between (aside) or a second wish (second), not the case's own."""
        wishes = [name for name in phrases()[kind] if name != wish]
        chosen = wishes[self.place % len(wishes)]
        return chosen, self._variant(kind, chosen)

    def _value(self, kind: str, slot: str, value: str) -> str:
        return _filled(self._of(self._forms(kind, slot, value)), slot, value)

    def _forms(self, kind: str, slot: str, value: str) -> Sequence[str]:
        forms = self._entry(kind, slot)
        if self._free(slot):
            return cast(Sequence[str], forms)
        found = forms.get(f"{self.product}/{value}") or forms.get(value)
        if not found:
            raise TuidanError(f"{FILE}: {kind}.{slot}: no words for the value {value!r}")
        return cast(Sequence[str], found)

    def _free(self, slot: str) -> bool:
        return isinstance(self._entry("values", slot), list)

    def _variant(self, kind: str, name: str | None = None) -> str:
        return self._of(self._entry(kind, name) if name else phrases()[kind])

    def _entry(self, kind: str, name: str) -> Any:
        try:
            return phrases()[kind][name]
        except KeyError:
            raise TuidanError(f"{FILE}: {kind}: nothing for {name!r}") from None

    def _of(self, forms: Sequence[str]) -> str:
        return forms[self.place % len(forms)]


def _filled(form: str, slot: str, value: str) -> str:
    return form.format(figure=_figure(slot, value)) if "{figure}" in form else form


def _figure(slot: str, value: str) -> str:
    """Money, minutes and times as people write them, half of the day and all."""
    if slot == "event_time":
        at = datetime.fromisoformat(value)
        return f"{at.month}月{at.day}日{at:%H:%M}"
    if slot == "requested_at":
        at = datetime.fromisoformat(value)
        return f"{at.month}月{at.day}日"
    return value.removesuffix(".00")
