"""How the sources are read, line by line, each edge exactly."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

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
    assert asks("item_problem", product="physical_goods") == "reason"


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
