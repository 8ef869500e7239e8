"""The phrases of the simulated persons, read from `phrases/`, and how they are filled in."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.simulation import wording
from tests.simulation.expected import Hidden

FOLDER = Path(__file__).parent / "phrases"
FILES = {
    "cancel_delivery": "cancel_delivery",
    "cancel_order": "goods",
    "request_refund": "refund_ticket",
    "fee_query": "fee_query",
    "refund_status": "refund_status",
    "refund_amount_wrong": "refund_amount_wrong",
    "cancel_failed": "cancel_failed",
    "minor_account": "account",
    "account_verification": "account",
    "ticket_insurance": "ticket_insurance",
    "cross_border": "cross_border",
}
BLANKS = {
    "票": "product",
    "货": "product",
    "时": "event_time",
    "价": "amount",
    "送": "delivery_status",
    "留": "ticket_plan",
    "态": "order_status",
    "因": "reason",
    "渠": "pay_channel",
    "申": "requested_at",
    "到": "received_amount",
    "障": "failure",
    "户": "account_type",
    "单": "order_id",
    "晚": "late_minutes",
    "险": "insured",
    "尾": "phone_tail",
}
_BLANK = re.compile("<(.)>")
PLATFORMS = {
    "train_ticket": ("携程", "同程旅行"),
    "movie_ticket": ("猫眼", "淘票票"),
    "scenic_ticket": ("美团", "同程旅行"),
    "show_ticket": ("猫眼",),
    "flight_ticket": ("携程",),
    "virtual_goods": ("万福卡盟",),
    "physical_goods": ("美团",),
}


@cache
def phrases(name: str) -> Any:
    """One file of `phrases/`."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def blanks(phrase: str) -> list[str]:
    """The slots that a phrase names."""
    return [BLANKS[mark] for mark in _BLANK.findall(phrase) if mark in BLANKS]


def openings(hidden: Hidden, voice: str) -> list[str]:
    """What may open this case in this voice: every blank known, nothing said that is not so."""
    goods = hidden.slots.get("product", "").endswith("_goods")
    file = (
        "order"
        if hidden.order
        else "goods"
        if goods and hidden.wish == "request_refund"
        else FILES[hidden.wish]
    )
    own: list[str] = []
    general: list[str] = []
    for group in phrases(file):
        if group.get("wish", hidden.wish) != hidden.wish:
            continue
        if any(hidden.slots.get(slot) not in values for slot, values in group.get("for", {}).items()):
            continue
        if "voices" in group and voice not in group["voices"]:
            continue
        fitting = [p for p in group["say"] if all(_sayable(hidden, slot) for slot in blanks(p))]
        (own if "voices" in group or "for" in group else general).extend(fitting)
    if voice == "terse" and own:
        return own
    return general + own * (3 if general and len(own) * 4 < len(general) else 1)


def _sayable(hidden: Hidden, slot: str) -> bool:
    """Known; and nobody says what was paid for an order that is not paid yet."""
    if slot == "amount" and hidden.slots.get("order_status") == "unpaid":
        return False
    return hidden.slots.get(slot, "unknown") != "unknown"


class Wording:
    """How one person words the values of a case: the same generator gives the same words."""

    def __init__(self, rng: Random, now: Any, spoken: bool) -> None:
        self._rng, self._now, self._spoken = rng, now, spoken

    def fill(self, phrase: str, slots: Mapping[str, str]) -> str:
        """The phrase with its blanks filled from `slots`."""
        return _BLANK.sub(lambda blank: self._value(blank[1], slots), phrase)

    def _value(self, mark: str, slots: Mapping[str, str]) -> str:
        rng, now = self._rng, self._now
        product = slots.get("product", "")
        if mark == "开":
            return str(rng.choice(phrases("slots")["begins"].get(product, ["开始"])))
        if mark == "台":
            return slots.get("platform") or rng.choice(PLATFORMS.get(product, ("携程",)))
        slot = BLANKS[mark]
        value = slots[slot]
        if slot in ("amount", "received_amount"):
            return wording.money(value, rng, self._spoken)
        if slot == "event_time":
            return wording.event_time(value, now, rng, self._spoken)
        if slot == "requested_at":
            return wording.requested_at(value, now, rng, self._spoken)
        if slot in ("order_id", "phone_tail"):
            return value
        if mark == "晚":
            return wording.minutes_late(value, rng)
        forms = phrases("slots")[slot]
        return self._pick(forms.get("noun", forms["clause"]), slots, value)

    def _pick(self, forms: Mapping[str, list[str]], slots: Mapping[str, str], value: str) -> str:
        for key in (f"{slots.get('product')}/{value}", f"{value}/{slots.get('region')}", value):
            if key in forms:
                return self._rng.choice(forms[key])
        raise KeyError(f"no phrase for {value}")

    def clause(self, slot: str, slots: Mapping[str, str]) -> str:
        """A clause that says the slot's value, understood without a question."""
        forms = phrases("slots")[slot]["clause"]
        if isinstance(forms, list):
            goods = slots.get("product", "").endswith("_goods")
            fitting = [form for form in forms if not (goods and "票" in form.replace("<票>", ""))]
            return self.fill(self._rng.choice(fitting), slots)
        return self._pick(forms, slots, slots[slot])

    def answer(self, slot: str, slots: Mapping[str, str]) -> str:
        """The value as an answer to the question for it."""
        value = slots[slot]
        if slot == "amount" and self._rng.random() < 0.25 and not self._spoken:
            return wording.bare_money(value, self._rng)
        forms = phrases("slots")[slot]["answer"]
        if isinstance(forms, list):
            return self.fill(self._rng.choice(forms), slots)
        return self._pick(forms, slots, value)

    def cannot_tell(self) -> str:
        """I do not know, in some words."""
        return str(self._rng.choice(phrases("slots")["cannot_tell"]))
