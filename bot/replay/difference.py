"""Two answers to the same message, and in what they differ: what weighs most comes first.

Confidence is not compared: it moves with every example that is added, and nobody sees it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.replay.compare import equal

Json = Mapping[str, Any]
LAYERS = ("money", "verdict", "handoff", "intent", "slots", "asks", "cites", "text")
"""From what costs somebody something to what only reads differently."""

_MONEY = ("fee", "refund", "fee_rate", "fee_range", "insurance", "next_change", "eta")
"""Fields of an outcome: how much, and when."""
_CLAIMS = ("citations", "rows")
"""Fields of an outcome whose order says nothing."""
_AMOUNTS, _LABEL, _CITES = ("rate", "amount", "low", "high"), "label", "cites"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `key` leads to it ("outcome.fee"), and what is absent is None."""

    layer: str
    key: str
    before: Any
    after: Any


def differences(before: Json, after: Json) -> list[Difference]:
    """What differs between two answers, in the order of `LAYERS`.

    An answer is a turn's JSON, as the runner or the transcript writes it: replies, intent, slots, asks,
    outcome, handoff (an object with a reason, or the reason alone), cites. Times are equal as instants.
    Absent, null and empty are the same.
    """
    pairs = [
        *_outcomes(before.get("outcome"), after.get("outcome")),
        ("handoff", "handoff", _reason(before), _reason(after)),
        ("intent", "intent", before.get("intent"), after.get("intent")),
        *_slots(before.get("slots") or {}, after.get("slots") or {}),
        ("asks", "asks", before.get("asks"), after.get("asks")),
        ("cites", "cites", _as_set(before.get("cites")), _as_set(after.get("cites"))),
        ("text", "replies", _texts(before), _texts(after)),
        ("text", "buttons", _buttons(before), _buttons(after)),
    ]
    found = [Difference(*pair) for pair in pairs if not _same(pair[2], pair[3])]
    return sorted(found, key=lambda difference: LAYERS.index(difference.layer))


def _outcomes(before: Json | None, after: Json | None) -> Iterable[tuple[str, str, Any, Any]]:
    one, two = before or {}, after or {}
    for key in _MONEY:
        yield "money", f"outcome.{key}", one.get(key), two.get(key)
    yield "money", "outcome.charges", _charged(one), _charged(two)
    verdicts = (one.get("verdict"), two.get("verdict"))
    yield "verdict", "outcome.verdict", *verdicts
    if (before is None) != (after is None) and verdicts == (None, None):
        yield "verdict", "outcome", "given" if before else None, "given" if after else None
    for key in _CLAIMS:
        yield "cites", f"outcome.{key}", _as_set(one.get(key)), _as_set(two.get(key))
    yield "cites", "outcome.charges.cites", _of_charges(one, _CITES), _of_charges(two, _CITES)
    yield "text", "outcome.charges.label", _of_charges(one, _LABEL), _of_charges(two, _LABEL)
    told = {*one, *two} - {*_MONEY, *_CLAIMS, "charges", "verdict"}
    for key in sorted(told):
        yield "text", f"outcome.{key}", one.get(key), two.get(key)


def _charged(outcome: Json) -> list[dict[str, Any]]:
    """The charges as figures: another label, or another source, costs nobody anything."""
    return [{key: charge.get(key) for key in _AMOUNTS} for charge in outcome.get("charges") or ()]


def _of_charges(outcome: Json, key: str) -> list[Any]:
    return [charge.get(key) for charge in outcome.get("charges") or ()]


def _slots(before: Json, after: Json) -> Iterable[tuple[str, str, Any, Any]]:
    for slot in sorted({*before, *after}):
        yield "slots", f"slots.{slot}", before.get(slot), after.get(slot)


def _reason(answer: Json) -> Any:
    handoff = answer.get("handoff")
    return handoff.get("reason") if isinstance(handoff, Mapping) else handoff


def _as_set(items: Sequence[str] | None) -> list[str]:
    return sorted(items or ())


def _texts(answer: Json) -> list[str]:
    return [reply["text"] for reply in answer.get("replies") or ()]


def _buttons(answer: Json) -> list[str]:
    return [label for reply in answer.get("replies") or () for label in reply["buttons"]]


def _same(one: Any, two: Any) -> bool:
    if one == two or (_empty(one) and _empty(two)):
        return True
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return all(_same(one.get(key), two.get(key)) for key in {*one, *two})
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(_same, one, two))
    return equal(one, two)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | Mapping | Sequence) and not value)
