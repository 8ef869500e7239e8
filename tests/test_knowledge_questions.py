"""What is asked, in which order, what is unknown, and when waiting makes it dearer."""

from datetime import timedelta
from decimal import Decimal

import pytest

from knowledge import Ask, Case, decide
from tests.reading import DAY, HOUR, NOW, TICKETS, asks, case, figures, money, outcome

# ── what is asked, in which order ────────────────────────────────────────────────────────────────


def test_the_questions_of_a_delivery() -> None:
    slots: dict[str, str] = {}
    answers = {
        "product": "train_ticket",
        "ticket_plan": "return",
        "delivery_status": "accepted",
        "event_time": (NOW + 30 * HOUR).isoformat(),
        "amount": "380.00",
    }
    asked = []
    while isinstance(found := decide(Case("cancel_delivery", slots), NOW), Ask):
        asked.append(found.slot)
        slots[found.slot] = answers[found.slot]
    assert asked == list(answers)
    assert figures(found) == ("allowed", "57.00", "323.00")


def test_a_movie_is_asked_for_its_code_first() -> None:
    assert asks("cancel_delivery", product="movie_ticket") == "delivery_status"
    assert asks("cancel_delivery", product="movie_ticket", delivery_status="accepted") == "ticket_plan"
    assert asks("request_refund", product="movie_ticket") == "delivery_status"
    assert asks("request_refund", product="movie_ticket", delivery_status="unknown") == "event_time"


@pytest.mark.parametrize(
    ("lead", "asked"), [(50 * HOUR, True), (30 * HOUR, True), (3 * HOUR, False), (-HOUR, False)]
)
def test_the_amount_is_asked_only_where_a_figure_hangs_on_it(lead: timedelta, asked: bool) -> None:
    found = decide(case("request_refund", lead, product="train_ticket"), NOW)
    assert isinstance(found, Ask) == asked
    if isinstance(found, Ask):
        assert found.slot == "amount"


@pytest.mark.parametrize(("status", "asked"), [("accepted", False), ("signed", False), ("delivering", True)])
def test_a_kept_ticket_needs_its_price_only_for_the_tenth(status: str, asked: bool) -> None:
    slots = {"product": "train_ticket", "ticket_plan": "keep", "delivery_status": status}
    assert isinstance(decide(Case("cancel_delivery", slots), NOW), Ask) == asked


def test_nothing_is_asked_that_cannot_matter() -> None:
    assert outcome("cancel_delivery", ticket_plan="keep", delivery_status="accepted").verdict == "allowed"
    assert outcome("cancel_order", order_status="unpaid").verdict == "allowed"
    slots = {"ticket_plan": "return", "product": "train_ticket"}
    assert outcome("cancel_delivery", -HOUR, **slots).verdict == "denied"


def test_a_question_brings_its_options_and_its_reason() -> None:
    found = decide(Case("cancel_delivery"), NOW)
    assert found == Ask("product", TICKETS, ("T0.3", "W1.1"))


# ── what the person cannot tell ──────────────────────────────────────────────────────────────────


def test_unknown_time_covers_the_rows_that_have_figures() -> None:
    found = outcome("request_refund", product="train_ticket", amount="380.00", event_time="unknown")
    assert figures(found) == ("unknown", None, None)
    assert found.fee_range == (Decimal("0.00"), Decimal("190.00"))
    assert not found.range_in_rates
    assert sum("如果是" in note for note in found.notes) == 5


def test_unknown_amount_leaves_the_rate() -> None:
    found = outcome("request_refund", 30 * HOUR, product="train_ticket", amount="unknown")
    assert (found.verdict, found.fee, found.refund) == ("allowed", None, None)
    assert (found.fee_rate, found.fee_range) == (Decimal("0.15"), None)


def test_unknown_time_and_amount_leave_a_range_of_rates() -> None:
    found = outcome("request_refund", product="train_ticket", amount="unknown", event_time="unknown")
    assert found.range_in_rates
    assert found.fee_range == (Decimal(0), Decimal("0.5"))


def test_unknown_plan_covers_both() -> None:
    slots = {
        "product": "train_ticket",
        "ticket_plan": "unknown",
        "delivery_status": "accepted",
        "amount": "380.00",
    }
    found = outcome("cancel_delivery", 30 * HOUR, **slots)
    assert found.verdict == "allowed"
    assert (found.fee, found.refund) == (None, None)
    assert found.fee_range == (Decimal("0.00"), Decimal("57.00"))


def test_unknown_product_is_answered_at_once() -> None:
    found = outcome("request_refund", product="unknown")
    assert found.verdict == "unknown"
    assert any("火车票" in note for note in found.notes)


# ── waiting makes it dearer ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("product", "lead", "edge", "fee"),
    [
        ("train_ticket", 60 * HOUR, 48 * HOUR, "57.00"),
        ("train_ticket", 30 * HOUR, 24 * HOUR, "190.00"),
        ("train_ticket", 10 * HOUR, None, None),
        ("train_ticket", 3 * HOUR, None, None),
        ("train_ticket", -HOUR, None, None),
        ("movie_ticket", 5 * HOUR, 2 * HOUR, "380.00"),
        ("movie_ticket", HOUR, None, None),
        ("scenic_ticket", 9 * DAY, None, None),
        ("scenic_ticket", 5 * DAY, None, None),
        ("scenic_ticket", 2 * DAY, 24 * HOUR, "190.00"),
        ("scenic_ticket", HOUR, None, None),
    ],
)
def test_next_change(product: str, lead: timedelta, edge: timedelta | None, fee: str | None) -> None:
    found = outcome("request_refund", lead, product=product, amount="380.00", delivery_status="none")
    if edge is None:
        assert found.next_change is None
    else:
        assert found.next_change is not None
        assert found.next_change.at == NOW + lead - edge
        assert money(found.next_change.fee) == fee
