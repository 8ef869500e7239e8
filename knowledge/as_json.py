"""Outcomes as plain JSON values, the way other programs read them."""

from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.outcome import Charge, Outcome


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome with CNY as "57.00", rates as "0.15", dates and times in ISO 8601, ranges as pairs."""
    eta, change = outcome.eta, outcome.next_change
    return {
        "verdict": outcome.verdict,
        "fee": _yuan(outcome.fee),
        "refund": _yuan(outcome.refund),
        "fee_rate": _rate(outcome.fee_rate),
        "fee_range": [(_rate if outcome.range_in_rates else _yuan)(end) for end in outcome.fee_range]
        if outcome.fee_range
        else None,
        "next_change": {"at": change.at.isoformat(), "fee": _yuan(change.fee)} if change else None,
        "insurance": _yuan(outcome.insurance),
        "eta": {
            "working_days": [eta.low, eta.high],
            "from": _day(eta.since),
            "earliest": _day(eta.earliest),
            "latest": _day(eta.latest),
            "overdue": eta.overdue,
            "approximate": eta.approximate,
        }
        if eta
        else None,
        "steps": list(outcome.steps),
        "evidence": list(outcome.evidence),
        "alternatives": list(outcome.alternatives),
        "message_draft": outcome.message_draft,
        "citations": list(outcome.citations),
        "charges": [_charge(charge) for charge in outcome.charges],
        "notes": list(outcome.notes),
        "rows": list(outcome.rows),
        "could_refine": list(outcome.could_refine),
    }


def _charge(charge: Charge) -> dict[str, Any]:
    return {
        "label": charge.label,
        "rate": _rate(charge.rate),
        "amount": _yuan(charge.amount),
        "low": _rate(charge.low),
        "high": _rate(charge.high),
        "cites": list(charge.cites),
    }


def _yuan(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _rate(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _day(value: date) -> str:
    return value.isoformat()
