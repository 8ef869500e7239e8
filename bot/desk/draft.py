"""The draft of an answer: what the rules hold of the case, and nothing else.

It never says that money was paid back, nor promises it: the desk does not know what was done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.desk.card import DIFFERENCE, Card
from bot.desk.data_files import PROMISE
from bot.desk.wording import say
from bot.dialogue.wording import percent

NOTES = 3
"""Sentences of the outcome that go into a draft."""


def draft(card: Card) -> str | None:
    """The draft for the case of a hand-off's card; None where no rule has come to a result."""
    outcome = card.get("outcome")
    if not outcome:
        return None
    head = say(f"draft.{outcome.get('verdict') or 'other'}", title=card.get("title") or say("card.untold"))
    return "\n".join([head, *_body(outcome, card.get("wish")), say("draft.caveat")])


def _body(outcome: Mapping[str, Any], wish: str | None) -> Iterator[str]:
    if money := "".join(_money(outcome, wish)):
        yield money
    eta = outcome.get("eta")
    if eta and eta["overdue"]:
        yield say("draft.overdue", days=eta["overdue"])
    elif eta and eta["working_days"][1]:
        low, high = eta["working_days"]
        yield say("draft.eta", low=low, high=high)
    yield from _sayable(outcome.get("notes", ()))[:NOTES]
    for name in ("steps", "evidence", "alternatives"):
        yield from _list(name, _sayable(outcome.get(name, ())))
    if outcome.get("message_draft"):
        yield say("draft.message")
        yield outcome["message_draft"]


def _money(outcome: Mapping[str, Any], wish: str | None) -> Iterator[str]:
    fee, rate = outcome.get("fee"), outcome.get("fee_rate")
    if fee is not None and wish == DIFFERENCE:
        yield say("draft.difference", fee=fee) if Decimal(fee) > 0 else say("draft.complete")
    elif fee is not None:
        yield say("draft.fee", fee=fee) if Decimal(fee) else say("draft.free")
    elif rate is not None:
        yield say("draft.fee_rate", rate=percent(Decimal(rate)))
    if outcome.get("refund") is not None:
        yield say("draft.refund", refund=outcome["refund"])


def _sayable(sentences: Iterable[str]) -> list[str]:
    """Without those that say of an order's refund that it was paid: true at the hand-off, not for ever."""
    return [sentence for sentence in sentences if not PROMISE.search(sentence)]


def _list(name: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield say(f"draft.{name}")
        yield from (f"{number}. {item}" for number, item in enumerate(items, start=1))
