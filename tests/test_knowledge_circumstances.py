"""Accounts, borders and insurance beside a case, and everything that only informs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from knowledge import Case, Outcome, decide
from tests.reading import DAY, HOUR, NOW, asks, figures, money, outcome

# ── accounts, borders, insurance ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("account", "amount", "verdict", "cite"),
    [
        ("unverified", "100.00", "allowed", "T6.1"),
        ("unverified", "100.01", "conditional", "T6.1"),
        ("foreign", None, "conditional", "T6.3"),
        ("teen_mode", None, "conditional", "T6.2"),
        ("minor", None, "conditional", "T6.5"),
    ],
)
def test_accounts(account: str, amount: str | None, verdict: str, cite: str) -> None:
    slots = {"account_type": account, **({"amount": amount} if amount else {})}
    found = outcome("account_verification", **slots)
    assert found.verdict == verdict
    assert cite in found.citations


def test_an_account_and_a_fee_both_apply() -> None:
    found = outcome(
        "request_refund", 30 * HOUR, product="train_ticket", amount="380.00", account_type="teen_mode"
    )
    assert figures(found) == ("conditional", "57.00", "323.00")
    late = outcome("request_refund", -HOUR, product="train_ticket", amount="380.00", account_type="teen_mode")
    assert late.verdict == "denied"


def test_a_minors_account_is_not_interviewed() -> None:
    found = outcome("minor_account")
    assert found.verdict == "conditional"
    assert {"T6.5", "T6.2"} <= set(found.citations)
    priced = outcome("minor_account", 30 * HOUR, product="train_ticket", amount="380.00")
    assert figures(priced) == ("conditional", "57.00", "323.00")


def test_cross_border_adds_its_line() -> None:
    bare = outcome("cross_border")
    assert (bare.verdict, bare.fee, bare.fee_rate) == ("conditional", None, Decimal("0.015"))
    priced = outcome(
        "request_refund", 5 * DAY, product="scenic_ticket", amount="1000.00", region="cross_border"
    )
    assert figures(priced) == ("conditional", "15.00", "985.00")
    assert {"T5.1", "T5.3"} <= set(priced.citations)
    show = outcome("cross_border", product="show_ticket", amount="1000.00")
    assert figures(show) == ("unknown", None, None)
    assert [money(line.amount) for line in show.charges] == ["15.00"]


@pytest.mark.parametrize(
    ("product", "lead", "loss", "insured"),
    [
        ("train_ticket", 60 * HOUR, "0.00", "0.00"),
        ("train_ticket", 30 * HOUR, "57.00", "57.00"),
        ("train_ticket", 10 * HOUR, "190.00", "190.00"),
        ("train_ticket", -HOUR, None, "304.00"),
        ("movie_ticket", HOUR, "380.00", "304.00"),
        ("show_ticket", None, None, "304.00"),
        ("flight_ticket", None, None, "304.00"),
    ],
)
def test_insurance_never_pays_above_the_loss(
    product: str, lead: timedelta | None, loss: str | None, insured: str
) -> None:
    found = outcome("ticket_insurance", lead, product=product, amount="380.00")
    assert (found.verdict, money(found.fee), money(found.insurance)) == (None, loss, insured)
    assert "T8.3" in found.citations


def test_insurance_of_what_is_not_known_is_at_most_four_fifths() -> None:
    assert asks("ticket_insurance") == "amount"
    assert asks("ticket_insurance", amount="380.00") == "product"
    assert "T8.3" in outcome("ticket_insurance", amount="unknown").citations
    found = outcome("ticket_insurance", amount="380.00", product="unknown")
    assert money(found.insurance) == "304.00"
    found = outcome("request_refund", 10 * HOUR, product="train_ticket", amount="380.00", insured="yes")
    assert money(found.insurance) == "190.00"


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("product", "amount", "received", "rate", "cite"),
    [
        ("train_ticket", "380.00", "323.00", "0.15", "T2.1"),
        ("train_ticket", "380.00", "190.00", "0.5", "T2.1"),
        ("train_ticket", "380.00", "285.00", "0.25", "T3.2"),
        ("train_ticket", "380.00", "342.00", "0.1", "T3.2"),
        ("scenic_ticket", "200.00", "160.00", "0.2", "T2.5"),
        ("scenic_ticket", "200.00", "197.00", "0.015", "T5.1"),
        ("movie_ticket", "60.00", "55.00", None, "T2.3"),
        ("movie_ticket", "60.00", "0.00", "1", "T2.3"),
        ("train_ticket", "380.00", "300.00", None, "K3.1"),
        ("virtual_goods", "100.00", "95.00", None, "K3.1"),
    ],
)
def test_a_wrong_amount_is_explained_or_disputed(
    product: str, amount: str, received: str, rate: str | None, cite: str
) -> None:
    found = outcome("refund_amount_wrong", product=product, amount=amount, received_amount=received)
    assert found.verdict is None
    assert money(found.fee) == money(Decimal(amount) - Decimal(received))
    assert money(found.refund) == received
    assert found.fee_rate == (None if rate is None else Decimal(rate))
    assert cite in found.citations


def test_a_wrong_amount_is_asked_for_in_order() -> None:
    assert asks("refund_amount_wrong") == "amount"
    assert asks("refund_amount_wrong", amount="100.00") == "received_amount"
    assert asks("refund_amount_wrong", amount="100.00", received_amount="95.00") == "product"
    enough = outcome("refund_amount_wrong", amount="100.00", received_amount="100.00")
    assert money(enough.fee) == "0.00"
    unknown = outcome("refund_amount_wrong", amount="unknown")
    assert {"M2.3", "K3.1"} <= set(unknown.citations)
    assert "K3.1" in outcome("refund_amount_wrong", amount="380.00", received_amount="300.00").citations


@pytest.mark.parametrize(
    ("product", "failure", "cite"),
    [
        ("train_ticket", "network", "T4.1"),
        ("movie_ticket", "duplicate", "T4.2"),
        ("scenic_ticket", "unpaid", "T4.3"),
        ("train_ticket", "button_disabled", "T3.5"),
        ("movie_ticket", "button_disabled", "T3.4"),
        ("virtual_goods", "button_disabled", "K2.2"),
    ],
)
def test_failures(product: str, failure: str, cite: str) -> None:
    assert asks("cancel_failed") == "product"
    assert asks("cancel_failed", product="train_ticket") == "failure"
    found = outcome("cancel_failed", product=product, failure=failure)
    assert found.verdict is None
    assert cite in found.citations


def test_entries_by_product() -> None:
    assert asks("find_entry") == "product"
    assert "T1.1" in outcome("find_entry", product="train_ticket").citations
    everywhere = outcome("find_entry", product="unknown")
    assert {"T1.1", "T1.3", "M2.1", "W2.1"} <= set(everywhere.citations)


@pytest.mark.parametrize(
    ("product", "verdict"),
    [("show_ticket", "conditional"), ("flight_ticket", "denied"), ("train_ticket", "unknown")],
)
def test_passing_a_ticket_on(product: str, verdict: str) -> None:
    found = outcome("transfer_ticket", product=product)
    assert found.verdict == verdict


def test_a_refusal_brings_the_rule_the_ladder_of_complaints_and_a_message() -> None:
    assert asks("merchant_refusal", product="virtual_goods") == "order_status"
    found = outcome(
        "merchant_refusal",
        product="virtual_goods",
        order_status="paid_unshipped",
        order_id="ABC12345",
        amount="50.00",
    )
    assert found.verdict == "conditional"
    assert {"K4.1", "W2.4", "W3.2", "K4.3"} <= set(found.citations)
    assert found.message_draft is not None
    assert "ABC12345" in found.message_draft
    assert "50.00" in found.message_draft
    assert "〔原因〕" in found.message_draft
    late = "\n".join(found.steps)
    assert late.index("客服介入") < late.index("消费者协会")


def test_coupons_are_left_to_the_cinema() -> None:
    found = outcome("coupon_refund")
    assert found.verdict == "unknown"
    assert {"M4.4", "M5.1"} <= set(found.citations)
    assert any("有的影院" in note for note in found.notes)


@pytest.mark.parametrize(
    "wish",
    ["change_ticket", "order_status", "evidence_help", "complaint", "privacy_security", "purchase_tips"],
)
def test_what_only_informs_asks_nothing(wish: str) -> None:
    found = outcome(wish)
    assert figures(found) == (None, None, None)
    assert found.steps
    assert found.citations


def test_high_season_is_told_and_changes_no_figure() -> None:
    slots = {"product": "scenic_ticket", "amount": "200.00", "event_time": (NOW + 5 * DAY).isoformat()}
    plain = decide(Case("request_refund", slots), NOW)
    high = decide(Case("request_refund", slots, high_season=True), NOW)
    assert isinstance(plain, Outcome)
    assert isinstance(high, Outcome)
    assert figures(plain) == figures(high)
    assert "T2.6" in high.citations
    assert "T2.6" not in plain.citations


def test_nothing_forbidden_is_advised() -> None:
    for wish in ("transfer_ticket", "cancel_failed", "merchant_refusal", "complaint"):
        found = outcome(wish, product="show_ticket", failure="duplicate")
        for text in (*found.steps, *found.alternatives):
            assert "黄牛" not in text
            assert "拒付" not in text
