"""Which slot a message is likely to fill: known before it is read, for a bare figure needs that."""

import re

from bot.dialogue.state import State
from bot.dialogue.wording import value_name

_RULED_OUT = re.compile(r"不是(?P<wrong>[^,，。;；!?！？是]{1,16})[,，\s]{1,2}(?:而|应该)?是")
_OH = re.compile(r"(?:哦|噢|喔|啊|哎呀?|唉|嗯|[,，\s])+(?:应该)?是?\s?\d+(?:\.\d+)?(?:块钱?|元)?[。.!！\s]*")
"""哦是251: a figure put right without a word of what it is."""
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def expected(state: State, text: str) -> str | None:
    """The slot whose value the message rules out (不是50，是150), else the one that was asked for."""
    ruled_out = _RULED_OUT.search(text)
    if ruled_out is None:
        return _put_right(state) if state.asked is None and _OH.fullmatch(text.strip()) else state.asked
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


def _put_right(state: State) -> str | None:
    """The sum that was told last, if any was."""
    sums = [(state.facts[slot].turn, slot) for slot in ("amount", "received_amount") if slot in state.facts]
    return max(sums)[1] if sums else None
