"""What a case says, read once: slots as typed values of the tables' columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from knowledge.outcome import UNKNOWN, Case
from knowledge.schema import ColumnEntry

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_MONEY = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
_FEN = Decimal("0.01")


class NotKnown:
    """The type of `UNSURE`: the person was asked and cannot tell."""

    def __repr__(self) -> str:
        return "UNSURE"


UNSURE: Final = NotKnown()


@dataclass(frozen=True, slots=True)
class Facts:
    """A case in typed values. What is absent from `columns` was not said."""

    columns: dict[str, Any]
    amount: Decimal | None
    received: Decimal | None
    event_time: datetime | None
    requested_at: date | None
    """The local date of the request, in China."""
    now: datetime
    today: date


def read_case(case: Case, now: datetime, columns: Mapping[str, ColumnEntry]) -> Facts:
    """The case's slots as the tables see them. Raises ValueError for a value that its slot cannot have."""
    now = _in_china(now)
    known: dict[str, Any] = {"high_season": "yes" if case.high_season else "no"}
    for name, column in columns.items():
        said = case.slots.get(column.slot) if column.slot and column.kind != "result" else None
        if said is None:
            continue
        if said == UNKNOWN:
            known[name] = UNKNOWN if column.takes_unknown else UNSURE
        else:
            known[name] = _typed(said, name, column, now)
    if case.faulty and known.get("reason", UNSURE) is UNSURE:
        known["reason"] = "fault"
    event = known.get("lead")
    return Facts(
        columns=known,
        amount=_figure(known.get("amount")),
        received=_figure(known.get("received_amount")),
        event_time=now + event if isinstance(event, timedelta) else None,
        requested_at=known["requested_at"] if isinstance(known.get("requested_at"), date) else None,
        now=now,
        today=now.date(),
    )


def _figure(value: Any) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _typed(said: str, name: str, column: ColumnEntry, now: datetime) -> Any:
    match column.kind:
        case "choice":
            if said not in column.values:
                raise ValueError(f"{name} cannot be {said!r}")
            return said
        case "money":
            if not _MONEY.fullmatch(said):
                raise ValueError(f"{name} must be CNY such as 380.00, not {said!r}")
            return Decimal(said).quantize(_FEN)
        case "minutes":
            if not re.fullmatch(r"\d{1,7}", said):
                raise ValueError(f"{name} must be whole minutes, not {said!r}")
            return int(said)
        case "lead":
            return _moment(said, name) - now
        case _:
            return _moment(said, name).date()


def _moment(text: str, name: str) -> datetime:
    moment = _in_china(datetime.fromisoformat(text))
    if not 1990 <= moment.year <= 2200:
        raise ValueError(f"{name} lies outside any order's life: {text!r}")
    return moment


def _in_china(moment: datetime) -> datetime:
    """A time without a zone is China's; `requested_at` counts by its date there."""
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)
