"""Which slot a message is likely to fill: known before it is read, for a bare figure needs that."""

import re

from bot.dialogue.state import State
from bot.dialogue.wording import value_name

_RULED_OUT = re.compile(r"不是(?P<wrong>[^,，。;；!?！？是]{1,16})[,，\s]{1,2}(?:而|应该)?是")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def expected(state: State, text: str) -> str | None:
    """The slot whose value the message rules out (不是50，是150), else the one that was asked for."""
    ruled_out = _RULED_OUT.search(text)
    if ruled_out is None:
        return state.asked
    wrong = ruled_out["wrong"].strip()
    figures = _FIGURE.findall(wrong)
    product = state.facts["product"].value if "product" in state.facts else None
    meant = [
        (fact.turn, slot)
        for slot, fact in state.facts.items()
        if wrong in (fact.said, value_name(slot, fact.value, product))
        or (_FIGURE.findall(fact.said) == figures if figures else wrong in fact.said)
    ]
    return max(meant)[1] if meant else state.asked
