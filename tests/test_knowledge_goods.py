"""How the sources are read for orders of goods."""

from decimal import Decimal

import pytest

from tests.reading import HOUR, asks, figures, outcome

# ── orders of goods ──────────────────────────────────────────────────────────────────────────────

FAULTS = ("wrong_item", "not_as_described", "quality", "late")
OWN = ("mistake", "changed_mind", "missed")
GOODS = [
    *[("unpaid", p, None, "allowed", "W2.1") for p in ("virtual_goods", "physical_goods")],
    ("paid_unshipped", "virtual_goods", "changed_mind", "conditional", "K1.2"),
    ("paid_unshipped", "physical_goods", "changed_mind", "conditional", "W2.3"),
    ("paid_unshipped", "physical_goods", None, "conditional", "W2.3"),
    *[("shipped", "virtual_goods", reason, "conditional", "K2.3") for reason in FAULTS],
    *[("shipped", "virtual_goods", reason, "denied", "K2.3") for reason in OWN],
    ("shipped", "physical_goods", None, "conditional", "W2.7"),
    *[("completed", "virtual_goods", reason, "conditional", "K4.2") for reason in FAULTS],
    *[("completed", "physical_goods", reason, "conditional", "W2.8") for reason in FAULTS],
    *[("completed", "virtual_goods", reason, "denied", "K4.2") for reason in OWN],
    *[("completed", "physical_goods", reason, "denied", "K4.2") for reason in OWN],
    *[("closed", p, None, "unknown", "M4.3") for p in ("virtual_goods", "physical_goods")],
]


@pytest.mark.parametrize(("status", "product", "reason", "verdict", "cite"), GOODS)
@pytest.mark.parametrize("wish", ["cancel_order", "request_refund", "fee_query"])
def test_goods(wish: str, *, status: str, product: str, reason: str | None, verdict: str, cite: str) -> None:
    slots = {"order_status": status, "product": product, "amount": "100.00"}
    found = outcome(wish, **slots, **({"reason": reason} if reason else {}))
    assert figures(found) == (verdict, "0.00" if status == "unpaid" else None, None)
    assert cite in found.citations


@pytest.mark.parametrize(
    ("minutes", "verdict"), [("29", "conditional"), ("30", "allowed"), ("31", "allowed")]
)
@pytest.mark.parametrize("wish", ["cancel_order", "not_delivered"])
def test_late_goods(wish: str, minutes: str, verdict: str) -> None:
    slots = {"order_status": "paid_unshipped", "reason": "late", "late_minutes": minutes, "amount": "100.00"}
    found = outcome(wish, product="virtual_goods", **slots)
    assert found.verdict == verdict
    if verdict == "allowed":
        assert figures(found) == ("allowed", "0.00", "100.00")
        assert "K2.6" in found.citations
        assert any("有的平台" in note for note in found.notes)


def test_goods_are_asked_what_matters() -> None:
    assert asks("cancel_order") == "product"
    assert asks("cancel_order", product="virtual_goods") == "order_status"
    assert asks("cancel_order", product="virtual_goods", order_status="shipped") == "reason"
    assert (
        asks("cancel_order", product="virtual_goods", order_status="paid_unshipped", reason="late")
        == "late_minutes"
    )
    assert asks("not_delivered", product="virtual_goods") == "late_minutes"
    assert asks("not_delivered", product="virtual_goods", late_minutes="45") == "amount"
    assert asks("item_problem") == "product"


@pytest.mark.parametrize("product", ["virtual_goods", "physical_goods"])
def test_goods_that_are_faulty_are_not_asked_whose_fault_it_is(product: str) -> None:
    found = outcome("item_problem", product=product)
    assert found.verdict == "conditional"
    assert found == outcome("item_problem", product=product, reason="unknown")
    assert outcome("item_problem", product=product, reason="changed_mind").verdict == "denied"


@pytest.mark.parametrize("status", ["shipped", "completed"])
def test_unknown_reason_covers_both_sides(status: str) -> None:
    found = outcome("cancel_order", product="virtual_goods", order_status=status, reason="unknown")
    assert found.verdict == "unknown"


def test_a_ticket_order_that_is_cancelled_is_a_refund_of_the_ticket() -> None:
    assert outcome("cancel_order", 30 * HOUR, product="train_ticket", amount="380.00").fee == Decimal("57.00")


def test_closed_ticket_orders() -> None:
    slots = {"product": "train_ticket", "order_status": "closed"}
    assert outcome("request_refund", **slots).verdict == "unknown"
    assert "M4.3" in outcome("request_refund", **slots).citations
    assert asks("request_refund", refund_state="processing", **slots) == "requested_at"


@pytest.mark.parametrize("product", ["movie_ticket", "scenic_ticket"])
def test_unpaid_tickets_close(product: str) -> None:
    found = outcome("request_refund", product=product, order_status="unpaid", delivery_status="none")
    assert figures(found) == ("allowed", "0.00", None)
    assert "T4.3" in found.citations
