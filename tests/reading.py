"""Asking the rules about a case, and what came back, for the tests of how the sources are read."""

from datetime import datetime, timedelta
from decimal import Decimal

from knowledge import Ask, Case, Outcome, decide

NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICKETS = ("train_ticket", "movie_ticket", "scenic_ticket", "show_ticket", "flight_ticket")


def case(wish: str, lead: timedelta | None = None, **slots: str) -> Case:
    if lead is not None:
        slots["event_time"] = (NOW + lead).isoformat()
    return Case(wish, slots)


def outcome(wish: str, lead: timedelta | None = None, **slots: str) -> Outcome:
    found = decide(case(wish, lead, **slots), NOW)
    assert isinstance(found, Outcome), f"asks for {found.slot}"
    return found


def asks(wish: str, lead: timedelta | None = None, **slots: str) -> str:
    found = decide(case(wish, lead, **slots), NOW)
    assert isinstance(found, Ask), found
    return found.slot


def money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def figures(found: Outcome) -> tuple[str | None, str | None, str | None]:
    return found.verdict, money(found.fee), money(found.refund)
