"""The oracle: what section 5 of the contract makes of a hidden case. It shares no code with the bot."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tests.simulation.expected import ANY, NOTHING, Allowed, Arrival, Expected, Hidden, fen, just, one_of
from tests.simulation.tickets import TICKETS, expect_ticket
from tests.simulation.workdays import nth_working_day_after, working_days_between

MERCHANT_FAULT = frozenset({"wrong_item", "not_as_described", "quality", "late"})
SETTLING = {"wechat": (1, 3), "alipay": (1, 3), "bank_card": (3, 5), "balance": (0, 0), "unknown": (1, 5)}
SETTLING_CITES = {
    "wechat": "W2.5 K2.8",
    "alipay": "W2.5 K2.8",
    "bank_card": "W2.5",
    "balance": "K2.8",
    "unknown": "W2.5 K2.8",
}


def expect(hidden: Hidden) -> Expected:
    """The expected outcome of a case, once everything in it has been told (or answered "unknown")."""
    return _BY_WISH[hidden.wish](_known(hidden))


def _known(hidden: Hidden) -> Hidden:
    """An order that was opened fills the gaps and wins where the two disagree."""
    if hidden.order is None or hidden.tail_story == "wrong":
        return hidden
    from_order = {
        slot: str(hidden.order[slot])
        for slot in (
            "product",
            "amount",
            "event_time",
            "order_status",
            "delivery_status",
            "pay_channel",
            "platform",
        )
        if hidden.order.get(slot)
    }
    refund = hidden.order.get("refund")
    if refund:
        from_order["requested_at"] = refund["requested_at"]
    return hidden.with_slots(**from_order)


def _money_back(hidden: Hidden) -> Expected:
    if hidden.slots.get("product") not in TICKETS:
        return _goods(hidden)
    order = hidden.order or {}
    if hidden.slots.get("order_status") == "closed" and not order.get("refund"):
        return Expected(
            verdict=just("unknown"),
            cites=one_of("M4.3"),
            because="Ticket order closed without a refund: unknown (M4.3)",
        )
    return expect_ticket(hidden)


def _goods(hidden: Hidden) -> Expected:
    slots = hidden.slots
    status, reason = slots["order_status"], slots.get("reason", "unknown")
    virtual = slots["product"] == "virtual_goods"
    amount = None if slots.get("amount", "unknown") == "unknown" else Decimal(slots["amount"])
    if status == "unpaid":
        return _settled("allowed", NOTHING, "K2.1 W2.1", "unpaid → allowed, fee 0, at once")
    if status == "paid_unshipped":
        if reason == "late" and int(slots.get("late_minutes", "0").replace("unknown", "0")) >= 30:
            return _settled(
                "allowed", just(amount), "K2.6", "allowed where it is late by over 30 minutes (K2.6)"
            )
        return _closed_figures("conditional", "K1.2 W2.3 K2.2 W2.4", "paid_unshipped → conditional")
    if status == "shipped":
        if not virtual:
            return _closed_figures("conditional", "W2.7", "physical → conditional (refuse it, then return)")
        if reason == "unknown":
            return _closed_figures("unknown", "K2.3", "shipped, reason unknown: denied or conditional")
        verdict = "conditional" if reason in MERCHANT_FAULT else "denied"
        return _closed_figures(verdict, "K2.3 K1.2", f"shipped: virtual, {reason} → {verdict}")
    if status == "completed":
        cites = "K4.2 K2.3" if virtual else "W2.8"
        if reason == "unknown":
            return _closed_figures("unknown", cites, "completed, reason unknown")
        verdict = "conditional" if reason in MERCHANT_FAULT else "denied"
        return _closed_figures(verdict, cites, f"completed, {reason} → {verdict}")
    if status == "closed":
        return _closed_figures("unknown", "M4.3", "closed → unknown, ask support at once (M4.3)")
    return Expected(verdict=just("unknown"), because="order_status unknown: the rows differ")


def _settled(verdict: str, refund: Allowed, cites: str, because: str) -> Expected:
    return Expected(
        verdict=just(verdict),
        fee=just(Decimal(0)),
        refund=refund,
        fee_range=NOTHING,
        next_change=NOTHING,
        cites=one_of(cites),
        because=because,
    )


def _closed_figures(verdict: str, cites: str, because: str) -> Expected:
    return Expected(
        verdict=just(verdict),
        fee=NOTHING,
        refund=NOTHING,
        next_change=NOTHING,
        cites=one_of(cites),
        because=because + "; fee and refund when allowed, else null",
    )


def _arrival(hidden: Hidden) -> Expected:
    slots, now = hidden.slots, hidden.now
    if slots.get("product") == "movie_ticket":
        days, cites = (2, 9), one_of("M4.1", "M2.4")
    else:
        channel = slots.get("pay_channel", "unknown")
        days, cites = SETTLING[channel], one_of(SETTLING_CITES[channel])
    if slots["requested_at"] == "unknown":
        return Expected(verdict=NOTHING, cites=cites, because="requested_at unknown: the span without dates")
    since = datetime.fromisoformat(slots["requested_at"]).date()
    earliest, latest = (nth_working_day_after(since, n) for n in days)
    overdue = working_days_between(latest, now.date()) if now.date() > latest else 0
    says: tuple[str, ...] = ()
    if overdue:
        cites += one_of("K4.3 W3.2")
        says = (
            rf"(?<!\d){overdue}(?!\d)\s*\**\s*[个個]?\s*工作日",
            r"[超逾][过過期]?",
            r"客服",
            r"48|消费者|消費者|消协|消協",
        )
    return Expected(
        verdict=NOTHING,
        fee=NOTHING,
        eta=Arrival(days, since, earliest, latest, overdue),
        cites=cites,
        says=says,
        because=f"Arrival {list(days)} working days from {since}; overdue {overdue}",
    )


def _short_of_money(hidden: Hidden) -> Expected:
    slots = hidden.slots
    amount, received = Decimal(slots["amount"]), Decimal(slots["received_amount"])
    difference = amount - received
    ladder = {"train_ticket": ("T2.1", ("0.15", "0.50")), "scenic_ticket": ("T2.5", ("0.20", "0.50"))}
    claim, rates = ladder.get(slots["product"], ("", ()))
    fits = any(fen(amount * Decimal(rate)) == difference for rate in rates)
    return Expected(
        cites=one_of(claim) if fits else one_of("K3.1"),
        says=(rf"(?<![\d.]){_plain(difference)}(?!\d)",),
        figures=frozenset({difference}),
        because="difference = amount − received, explained by a ladder where its rate fits, else K3.1",
    )


def _plain(value: Decimal) -> str:
    text = f"{value:.2f}"
    whole, _, cents = text.partition(".")
    return whole + (r"(?:\.00)?" if cents == "00" else rf"\.{cents.rstrip('0')}0?")


def _failed(hidden: Hidden) -> Expected:
    claim = {"network": "T4.1", "duplicate": "T4.2", "unpaid": "T4.3"}[hidden.slots["failure"]]
    return Expected(cites=one_of(claim), because=f"rule {claim} decides the failure")


def _account(hidden: Hidden) -> Expected:
    """Only the account was told of: its own rule decides."""
    slots = hidden.slots
    account = slots["account_type"]
    if account == "unverified":
        small = Decimal(slots["amount"]) <= 100
        verdict = "allowed" if small else "conditional"
        return Expected(
            verdict=just(verdict),
            cites=one_of("T6.1"),
            because="unverified → allowed up to 100.00, above it conditional",
        )
    claim = {"teen_mode": "T6.2", "minor": "T6.5 T6.2", "foreign": "T6.3"}[account]
    return Expected(verdict=just("conditional"), cites=one_of(claim), because=f"{account} → conditional")


def _insured(hidden: Hidden) -> Expected:
    """`ticket_insurance`: at most 80% of the price; where the loss is worked out too, never above it."""
    amount = Decimal(hidden.slots["amount"])
    return Expected(
        insurance=just(fen(amount * Decimal("0.8"))) if "event_time" not in hidden.slots else ANY,
        cites=one_of("T8.3"),
        because="Insurance pays at most 80% of the ticket price",
    )


def _abroad(hidden: Hidden) -> Expected:
    whole = expect_ticket(hidden)
    extra = fen(Decimal(hidden.slots["amount"]) * Decimal("0.015"))
    return Expected(
        verdict=just("conditional", *(whole.verdict if isinstance(whole.verdict, frozenset) else ())),
        fee=just(extra, *(whole.fee if isinstance(whole.fee, frozenset) else ())),
        cites=one_of("T5.1"),
        figures=frozenset({extra}),
        because="cross-border: conditional, 1.5% on top of the other charges",
    )


_BY_WISH: dict[str, Callable[[Hidden], Expected]] = {
    "cancel_delivery": expect_ticket,
    "request_refund": _money_back,
    "fee_query": _money_back,
    "cancel_order": _money_back,
    "refund_status": _arrival,
    "refund_amount_wrong": _short_of_money,
    "cancel_failed": _failed,
    "minor_account": _account,
    "account_verification": _account,
    "ticket_insurance": _insured,
    "cross_border": _abroad,
}
