"""The oracle's part for tickets: own table, delivery table, account, cross-border, insurance."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tests.simulation.expected import ANY, NOTHING, Allowed, Expected, Hidden, fen, just, one_of

TICKETS = frozenset({"train_ticket", "movie_ticket", "scenic_ticket", "show_ticket", "flight_ticket"})
STRICTNESS = ("allowed", "conditional", "unknown", "denied")
HOUR = timedelta(hours=1)
ZERO, FULL = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """What one table adds: a verdict and a rate from `low` to `high` (None: no figure)."""

    verdict: str
    low: Decimal | None
    high: Decimal | None
    cites: tuple[frozenset[str], ...] = ()
    next_at: datetime | None = None
    next_rate: Decimal | None = None
    over: bool = False
    """The event has begun: no figures at all."""
    vague: bool = False
    """The contract leaves this part's figure open."""
    because: str = ""


def _part(verdict: str, low: str | None, high: str | None, cites: str, because: str) -> Part:
    return Part(
        verdict,
        Decimal(low) if low else None,
        Decimal(high) if high else None,
        one_of(cites),
        because=because,
    )


def _train(event: datetime | None, lead: timedelta) -> Part:
    if event is None:
        return _part(
            "unknown", "0", "0.50", "T2.1", "unknown event_time: the rows that have figures, 0 to 50%"
        )
    if lead >= 48 * HOUR:
        return Part(
            "allowed",
            ZERO,
            ZERO,
            one_of("T2.1"),
            event - 48 * HOUR,
            Decimal("0.15"),
            because="lead ≥ 48 h → 0",
        )
    if lead >= 24 * HOUR:
        rate = Decimal("0.15")
        return Part(
            "allowed", rate, rate, one_of("T2.1"), event - 24 * HOUR, Decimal("0.50"), because="24–48 h → 15%"
        )
    if lead >= 6 * HOUR:
        return _part("allowed", "0.50", "0.50", "T2.1", "6–24 h → 50%; the next stage has no figure")
    if lead > 0 * HOUR:
        return _part("conditional", None, None, "T2.2", "0 < lead < 6 h → conditional, fee unknown")
    return Part("denied", None, None, one_of("T2.1 T2.2"), over=True, because="lead ≤ 0 → denied")


def _movie(event: datetime | None, lead: timedelta) -> Part:
    if event is None:
        return _part("unknown", "0", "1", "T2.3", "unknown event_time: 0 to 100%")
    if lead >= 2 * HOUR:
        return Part(
            "allowed", ZERO, ZERO, one_of("T2.3"), event - 2 * HOUR, FULL, because="movie, lead ≥ 2 h → 0"
        )
    if lead > 0 * HOUR:
        return _part("denied", "1", "1", "T2.3", "movie, 0 < lead < 2 h → denied, fee 100%")
    return Part("denied", None, None, one_of("T2.3"), over=True, because="lead ≤ 0 → denied")


def _scenic(event: datetime | None, lead: timedelta) -> Part:
    if event is None:
        return _part("unknown", "0", "0.50", "T2.5", "unknown event_time: 0 to 50%")
    if lead > 168 * HOUR:
        return _part("unknown", "0", "0.20", "T2.5", "scenic, lead > 7 d → unknown, 0–20%")
    if lead > 72 * HOUR:
        return _part("allowed", "0", "0", "T2.5", "scenic, 72 h < lead ≤ 7 d → allowed, 0")
    if lead >= 24 * HOUR:
        return Part(
            "unknown",
            ZERO,
            Decimal("0.50"),
            one_of("T2.5"),
            event - 24 * HOUR,
            Decimal("0.50"),
            because="24–72 h: 0–50%",
        )
    if lead > 0 * HOUR:
        return _part("allowed", "0.50", "0.50", "T2.5", "scenic, 0 < lead < 24 h → allowed, 50%")
    return Part("denied", None, None, one_of("T2.5"), over=True, because="lead ≤ 0 → denied")


def own_table(hidden: Hidden) -> Part:
    """The table of the ticket itself: what returning it costs."""
    product = hidden.slots["product"]
    if product in ("show_ticket", "flight_ticket"):
        return Part("unknown", None, None, because="show and flight: unknown, no figure")
    told = hidden.slots["event_time"]
    event = None if told == "unknown" else datetime.fromisoformat(told)
    lead = event - hidden.now if event else timedelta()
    if product == "movie_ticket" and hidden.slots.get("delivery_status") in ("delivering", "signed"):
        over = event is not None and lead <= 0 * HOUR
        return Part(
            "conditional", None, None, one_of("T3.4"), over=over, vague=True, because="code sent: T3.4"
        )
    return {"train_ticket": _train, "movie_ticket": _movie, "scenic_ticket": _scenic}[product](event, lead)


def delivery_table(hidden: Hidden) -> Part:
    """T3.1–T3.6; for a movie ticket whose code was sent T3.4 goes first."""
    slots = hidden.slots
    status = slots["delivery_status"]
    kept = slots["ticket_plan"] == "keep"
    if slots["product"] == "movie_ticket" and status in ("delivering", "signed"):
        return Part("conditional", None, None, one_of("T3.4"), vague=True, because="code sent: T3.4")
    if status == "none":
        return Part("allowed", ZERO, ZERO, because="no delivery yet")
    if status == "accepted":
        return Part("allowed", ZERO, ZERO, one_of("T3.1"), because="accepted → allowed, fee 0 (T3.1)")
    if status == "delivering":
        if slots.get("delay_cause") in ("courier", "system"):
            return Part(
                "allowed", ZERO, ZERO, one_of("T3.2"), because="time-out caused by courier or system: fee 0"
            )
        rate = Decimal("0.10")
        return Part("conditional", rate, rate, one_of("T3.2"), because="delivering → conditional, 10% (T3.2)")
    if status == "signed":
        if kept:
            return Part("denied", None, None, one_of("T3.3"), vague=True, because="signed → denied (T3.3)")
        return Part(
            "allowed", ZERO, ZERO, one_of("T3.3"), because="signed and not kept: own table, T3.3's warning"
        )
    return Part(
        "unknown",
        ZERO,
        Decimal("0.10"),
        one_of("T3.1 T3.2 T3.3"),
        because="delivery_status unknown: 0 to 10%",
    )


def _account_part(hidden: Hidden) -> Part | None:
    account = hidden.slots.get("account_type", "normal")
    if account in ("normal", "unknown"):
        return None
    if account == "unverified":
        amount = hidden.slots.get("amount", "unknown")
        if amount != "unknown" and Decimal(amount) <= 100:
            return Part("allowed", ZERO, ZERO, one_of("T6.1"), because="unverified, up to 100.00")
        return Part("conditional", ZERO, ZERO, one_of("T6.1"), because="unverified, above 100.00")
    claim = {"teen_mode": "T6.2", "minor": "T6.5 T6.2", "foreign": "T6.3"}[account]
    return Part("conditional", ZERO, ZERO, one_of(claim), because=f"{account} → conditional")


def parts_of(hidden: Hidden) -> list[Part]:
    """The tables that have a say in a ticket's case."""
    if hidden.wish == "cancel_delivery":
        parts = [delivery_table(hidden)]
        if hidden.slots["ticket_plan"] == "return":
            own = own_table(hidden)
            parts = [own] if own.vague else [*parts, own]
    else:
        parts = [own_table(hidden)]
    account = _account_part(hidden)
    if account:
        parts.append(account)
    if hidden.slots.get("region") == "cross_border":
        rate = Decimal("0.015")
        parts.append(Part("conditional", rate, rate, one_of("T5.1"), because="cross-border: 1.5% on top"))
    return parts


def expect_ticket(hidden: Hidden) -> Expected:
    """The sum of the contributions: the strictest verdict, each charge rounded and then summed."""
    parts = parts_of(hidden)
    over = any(part.over for part in parts)
    verdicts = {part.verdict for part in parts}
    verdict = max(verdicts, key=STRICTNESS.index)
    accepted = {verdict}
    if over:
        accepted.add("denied")
    if over and hidden.slots["product"] != "movie_ticket":
        accepted = {"denied"}
    told = hidden.slots.get("amount", "unknown")
    amount = None if told == "unknown" else Decimal(told)
    fee, rate, span = _bill(parts, amount, over)
    kept = hidden.wish == "cancel_delivery" and hidden.slots["ticket_plan"] == "keep"
    return Expected(
        verdict=frozenset(accepted),
        fee=fee,
        refund=NOTHING if kept else _refund(fee, amount),
        fee_rate=rate,
        fee_range=span,
        next_change=NOTHING if over or kept else _next_change(parts, amount),
        insurance=_insurance(hidden, fee, amount),
        cites=tuple(group for part in parts if part.over or not over for group in part.cites),
        because=" + ".join(part.because for part in parts),
    )


def _bill(parts: list[Part], amount: Decimal | None, over: bool) -> tuple[Allowed, Allowed, Allowed]:
    """The permitted `fee`, `fee_rate`, `fee_range`."""
    if over:
        return NOTHING, ANY, ANY
    if any(part.vague for part in parts):
        return ANY, ANY, ANY
    charged = [(part.low, part.high) for part in parts if part.high != ZERO]
    if any(low is None for low, _ in charged):
        return NOTHING, ANY, ANY if len(charged) > 1 else NOTHING
    spans = [(low, high) for low, high in charged if low is not None and high is not None]
    if any(low != high for low, high in spans):
        bounds = tuple(
            sum((fen(amount * side) if amount else side for side in sides), ZERO)
            for sides in zip(*spans, strict=True)
        )
        return NOTHING, NOTHING, just(bounds)
    rate: Allowed = just(spans[0][0], None) if len(spans) == 1 and len(parts) > 1 else NOTHING
    if len(spans) == 1 and len(parts) == 1:
        rate = just(spans[0][0])
    if not spans:
        rate = just(ZERO, None) if len(parts) > 1 else just(ZERO)
    if amount is None:
        return (just(ZERO, None) if not spans else NOTHING), rate, (NOTHING if len(spans) < 2 else ANY)
    return just(sum((fen(amount * low) for low, _ in spans), ZERO)), rate, NOTHING


def _refund(fee: Allowed, amount: Decimal | None) -> Allowed:
    if not isinstance(fee, frozenset):
        return ANY
    if amount is None or fee == NOTHING:
        return NOTHING
    (charge,) = fee
    # "denied, fee 100%" leaves open whether nothing coming back is written as 0.00 or as null.
    return just(amount - charge, None) if charge >= amount else just(amount - charge)


def _next_change(parts: list[Part], amount: Decimal | None) -> Allowed:
    if amount is None or any(part.vague for part in parts):
        return ANY
    changing = next((part for part in parts if part.next_at), None)
    if changing is None or changing.next_rate is None:
        return NOTHING
    others = [part for part in parts if part is not changing]
    if any(part.low is None or part.low != part.high for part in others):
        return ANY
    fee = sum(
        (fen(amount * part.low) for part in others if part.low is not None), fen(amount * changing.next_rate)
    )
    change = (changing.next_at, fee)
    # From a span of figures to one figure: the contract does not say whether that counts as dearer.
    return just(change) if changing.low == changing.high else just(change, None)


def _insurance(hidden: Hidden, fee: Allowed, amount: Decimal | None) -> Allowed:
    insured = hidden.slots.get("insured")
    if insured == "no":
        return NOTHING
    if amount is None or not isinstance(fee, frozenset) or fee == NOTHING:
        return ANY
    (loss,) = fee
    most = min(fen(amount * Decimal("0.8")), loss)
    if insured == "yes":
        return just(most, None) if most == 0 else just(most)
    return just(most, None)
