"""Buttons of the desk: what is sent along with one, at most 64 bytes, and how it is read back."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bot.desk.wording import say
from bot.store.protocol import Desk

StaffAct = Literal["claim", "draft", "release", "close"]
PersonAct = Literal["place", "withdraw", "rate"]
STAFF_ACTS, PERSON_ACTS = frozenset(get_args(StaffAct)), frozenset(get_args(PersonAct))
Row = list[list[str]]
"""Buttons beside each other: [label, data]."""
_PRESS = re.compile(r"desk:([a-z]{1,12}):(\d{1,12})(?::([1-5]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, of the desk with this number. Who may press it is not checked here."""

    act: str
    number: int
    rating: int | None = None


def staff_row(desk: Desk, *, draft: bool) -> list[Row]:
    """The buttons under a case card that fit the desk's state; `draft`: there is one to send."""
    acts: dict[str, tuple[StaffAct, ...]] = {
        "queued": ("claim", "release", "close"),
        "human": (*(("draft",) if draft else ()), "release", "close"),
        "closed": ("claim",),
        "bot": ("claim",),
    }
    return [[_button(act, desk) for act in acts[desk.state]]]


def claim_row(desk: Desk) -> list[Row]:
    """The one button under a reminder."""
    return [[_button("claim", desk)]]


def waiting_row(desk: Desk) -> list[Row]:
    """The buttons under the words that tell a person's place in the queue."""
    return [[_button("place", desk), _button("withdraw", desk)]]


def rating_row(desk: Desk) -> list[Row]:
    """One to five."""
    return [[[str(n), f"desk:rate:{desk.number}:{n}"] for n in range(1, 6)]]


def read_press(data: str) -> Press | None:
    """The press that `data` stands for; None where it is none of the desk's."""
    found = _PRESS.fullmatch(data)
    if not found or found[1] not in STAFF_ACTS | PERSON_ACTS or (found[1] == "rate") != bool(found[3]):
        return None
    return Press(found[1], int(found[2]), int(found[3]) if found[3] else None)


def _button(act: StaffAct | PersonAct, desk: Desk) -> list[str]:
    return [say(f"action.{act}"), f"desk:{act}:{desk.number}"]
