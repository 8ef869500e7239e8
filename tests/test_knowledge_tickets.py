"""How the sources are read for tickets and their delivery, each edge exactly."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.reading import DAY, HOUR, MINUTE, asks, figures, money, outcome

# ── the tickets' ladders ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lead", "verdict", "fee", "refund"),
    [
        (49 * HOUR, "allowed", "0.00", "380.00"),
        (48 * HOUR + MINUTE, "allowed", "0.00", "380.00"),
        (48 * HOUR, "allowed", "0.00", "380.00"),
        (48 * HOUR - MINUTE, "allowed", "57.00", "323.00"),
        (24 * HOUR, "allowed", "57.00", "323.00"),
        (24 * HOUR - MINUTE, "allowed", "190.00", "190.00"),
        (6 * HOUR, "allowed", "190.00", "190.00"),
        (6 * HOUR - MINUTE, "conditional", None, None),
        (MINUTE, "conditional", None, None),
        (0 * HOUR, "denied", None, None),
        (-MINUTE, "denied", None, None),
    ],
)
@pytest.mark.parametrize("wish", ["request_refund", "fee_query", "cancel_delivery"])
def test_train(wish: str, lead: timedelta, verdict: str, fee: str | None, refund: str | None) -> None:
    extra = {"ticket_plan": "return", "delivery_status": "accepted"} if wish == "cancel_delivery" else {}
    found = outcome(wish, lead, product="train_ticket", amount="380.00", **extra)
    assert figures(found) == (verdict, fee, refund)
    assert "T2.1" in found.citations


def test_train_cites_the_closed_counter_and_names_it() -> None:
    found = outcome("request_refund", 3 * HOUR, product="train_ticket")
    assert "T2.2" in found.citations
    assert any("窗口" in note for note in found.notes)


@pytest.mark.parametrize(
    ("lead", "verdict", "fee", "refund"),
    [
        (2 * HOUR + MINUTE, "allowed", "0.00", "99.90"),
        (2 * HOUR, "allowed", "0.00", "99.90"),
        (2 * HOUR - MINUTE, "denied", "99.90", "0.00"),
        (MINUTE, "denied", "99.90", "0.00"),
        (0 * HOUR, "denied", None, None),
        (-HOUR, "denied", None, None),
    ],
)
def test_movie(lead: timedelta, verdict: str, fee: str | None, refund: str | None) -> None:
    found = outcome("request_refund", lead, product="movie_ticket", amount="99.90", delivery_status="none")
    assert figures(found) == (verdict, fee, refund)
    assert "T2.3" in found.citations
    if verdict == "denied":
        assert found.alternatives


def test_movie_mentions_the_five_yuan() -> None:
    free = outcome("request_refund", 5 * HOUR, product="movie_ticket", amount="50.00", delivery_status="none")
    late = outcome("request_refund", HOUR, product="movie_ticket", amount="50.00", delivery_status="none")
    assert any("5 元" in note for note in free.notes)
    assert any("5 元" in text for text in late.alternatives)
    assert "T2.4" in late.citations


@pytest.mark.parametrize("status", ["delivering", "signed"])
@pytest.mark.parametrize("wish", ["cancel_delivery", "request_refund", "fee_query"])
@pytest.mark.parametrize("lead", [None, -HOUR, HOUR, 9 * DAY])
def test_a_movie_code_that_was_sent_goes_before_everything(
    wish: str, status: str, lead: timedelta | None
) -> None:
    found = outcome(wish, lead, product="movie_ticket", delivery_status=status)
    assert figures(found) == ("conditional", None, None)
    assert found.citations == ("T3.4",)


@pytest.mark.parametrize(
    ("lead", "verdict", "fee", "fee_range"),
    [
        (7 * DAY + MINUTE, "unknown", None, ("0.00", "40.00")),
        (7 * DAY, "allowed", "0.00", None),
        (72 * HOUR + MINUTE, "allowed", "0.00", None),
        (72 * HOUR, "unknown", None, ("0.00", "100.00")),
        (24 * HOUR, "unknown", None, ("0.00", "100.00")),
        (24 * HOUR - MINUTE, "allowed", "100.00", None),
        (MINUTE, "allowed", "100.00", None),
        (0 * HOUR, "denied", None, None),
        (-MINUTE, "denied", None, None),
    ],
)
def test_scenic(lead: timedelta, verdict: str, fee: str | None, fee_range: tuple[str, str] | None) -> None:
    found = outcome("request_refund", lead, product="scenic_ticket", amount="200.00")
    assert (found.verdict, money(found.fee)) == (verdict, fee)
    assert (found.fee_range and tuple(money(end) for end in found.fee_range)) == fee_range
    assert "T2.5" in found.citations
    if verdict == "unknown":
        assert found.refund is None
        assert any("两种说法" in note and "免费" in note and "%" in note for note in found.notes)


@pytest.mark.parametrize("product", ["show_ticket", "flight_ticket"])
@pytest.mark.parametrize("wish", ["request_refund", "fee_query"])
def test_show_and_flight_have_no_figure_and_are_asked_nothing(wish: str, product: str) -> None:
    found = outcome(wish, product=product)
    assert figures(found) == ("unknown", None, None)
    assert "T8.3" in found.citations
    assert ("T8.2" in found.citations) == (product == "show_ticket")


# ── two tables, two things ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "extra", "verdict", "fee"),
    [
        ("none", {}, "allowed", "0.00"),
        ("accepted", {}, "allowed", "0.00"),
        ("delivering", {"amount": "380.00"}, "conditional", "38.00"),
        ("delivering", {"delay_cause": "courier"}, "allowed", "0.00"),
        ("delivering", {"delay_cause": "system"}, "allowed", "0.00"),
        ("signed", {}, "denied", None),
    ],
)
def test_ticket_kept_only_the_delivery_decides(
    status: str, extra: dict[str, str], verdict: str, fee: str
) -> None:
    slots = {"product": "train_ticket", "ticket_plan": "keep", "delivery_status": status, **extra}
    found = outcome("cancel_delivery", HOUR, **slots)
    assert figures(found) == (verdict, fee, None)
    assert not any(claim.startswith("T2") for claim in found.citations)


def test_delivering_tells_table_and_text() -> None:
    slots = {"ticket_plan": "keep", "delivery_status": "delivering"}
    found = outcome("cancel_delivery", product="train_ticket", amount="100.00", **slots)
    assert {"T3.2", "T3.5"} <= set(found.citations)
    assert any("配送费" in note for note in found.notes)
    assert any("拦截" in note for note in found.notes)


def test_not_kept_the_charges_add_up_line_by_line() -> None:
    slots = {"ticket_plan": "return", "delivery_status": "delivering", "amount": "380.00"}
    found = outcome("cancel_delivery", 30 * HOUR, product="train_ticket", **slots)
    assert figures(found) == ("conditional", "95.00", "285.00")
    assert [(line.rate, money(line.amount)) for line in found.charges] == [
        (Decimal("0.15"), "57.00"),
        (Decimal("0.1"), "38.00"),
    ]
    assert found.fee_rate is None
    assert {"T2.1", "T3.2"} <= set(found.citations)


def test_signed_and_not_kept_is_the_tickets_own_table_with_a_warning() -> None:
    slots = {"ticket_plan": "return", "delivery_status": "signed", "amount": "380.00"}
    found = outcome("cancel_delivery", 30 * HOUR, product="train_ticket", **slots)
    assert figures(found) == ("allowed", "57.00", "323.00")
    assert {"T2.1", "T3.3"} <= set(found.citations)


def test_a_delivery_that_is_known_counts_in_a_refund_too() -> None:
    found = outcome(
        "request_refund", 30 * HOUR, product="train_ticket", amount="380.00", delivery_status="delivering"
    )
    assert figures(found) == ("conditional", "95.00", "285.00")


def test_goods_in_a_delivery_wish_are_an_order_of_goods() -> None:
    assert asks("cancel_delivery", product="physical_goods") == "order_status"
