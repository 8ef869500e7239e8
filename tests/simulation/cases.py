"""Hidden cases, drawn from every table of the contract, its edges more often than its middles."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from tests.simulation.expected import Hidden, fen
from tests.simulation.workdays import nth_working_day_after

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
NOWS = (
    "2026-03-06T10:00",
    "2026-03-09T14:30",
    "2026-03-21T20:20",
    "2026-04-01T09:15",
    "2026-04-27T11:00",
    "2026-05-06T16:40",
    "2026-06-11T08:05",
    "2026-07-17T19:30",
    "2026-08-02T13:10",
    "2026-09-16T21:00",
    "2026-10-09T15:45",
    "2026-01-22T12:30",
    "2026-02-11T18:00",
)
AMOUNTS = (
    "380.00",
    "553.50",
    "99.90",
    "128.00",
    "45.80",
    "1280.00",
    "660.00",
    "73.00",
    "215.50",
    "1024.00",
    "333.33",
)
SMALL_AMOUNTS = ("39.90", "100.00", "58.00", "88.88")
LEADS = {
    # Minutes before the event: edges, one step beside them, and plain middles.
    "train_ticket": (
        2880,
        2875,
        2885,
        4320,
        10080,
        1440,
        1435,
        1800,
        2100,
        360,
        355,
        365,
        720,
        300,
        60,
        30,
        0,
        -60,
    ),
    "movie_ticket": (120, 115, 125, 240, 1440, 3000, 60, 30, 90, 0, -30),
    "scenic_ticket": (10080, 10085, 14400, 4320, 4325, 7200, 4315, 1440, 2880, 1435, 600, 120, -120),
    "show_ticket": (43200, 4320, 300),
    "flight_ticket": (7200, 1440, 240),
}
GOODS = ("virtual_goods", "physical_goods")
REASONS = ("mistake", "changed_mind", "not_as_described", "wrong_item", "quality")
PAPER = ("train_ticket", "scenic_ticket", "show_ticket")
CHANNELS = ("wechat", "alipay", "bank_card", "balance")


def draw(rng: Random) -> Hidden:
    """A hidden case; equal generators give equal cases."""
    kinds, weights = zip(*((kind, weight) for kind, (weight, _) in _KINDS.items()), strict=True)
    kind = rng.choices(kinds, weights)[0]
    now = datetime.fromisoformat(rng.choice(NOWS)).replace(tzinfo=SHANGHAI)
    return _KINDS[kind][1](rng, kind, now)


def _ticket(rng: Random, product: str, now: datetime, amounts: tuple[str, ...] = AMOUNTS) -> dict[str, str]:
    event = now + MINUTE * rng.choice(LEADS[product])
    return {"product": product, "amount": rng.choice(amounts), "event_time": event.isoformat()}


def _delivery(rng: Random, kind: str, now: datetime) -> Hidden:
    product = rng.choice((*PAPER[:2], *PAPER, "movie_ticket"))
    slots = _ticket(rng, product, now)
    slots["ticket_plan"] = kind.partition("/")[2]
    slots["delivery_status"] = (
        "delivering"
        if product == "movie_ticket"
        else rng.choice(("accepted", "delivering", "delivering", "signed"))
    )
    if slots["delivery_status"] == "delivering" and product != "movie_ticket" and rng.random() < 0.25:
        slots["delay_cause"] = rng.choice(("courier", "system"))
    return Hidden(kind, "cancel_delivery", now, _forget(rng, slots, 0.06, ("amount", "event_time")))


def _forget(rng: Random, slots: dict[str, str], chance: float, names: tuple[str, ...]) -> dict[str, str]:
    """Now and then the person cannot tell one of the values."""
    if rng.random() < chance:
        slots[rng.choice(names)] = "unknown"
    return slots


def _refund(rng: Random, kind: str, now: datetime) -> Hidden:
    wish, _, short = kind.partition("/")
    slots = _ticket(rng, f"{short}_ticket", now)
    if short == "movie":
        slots["delivery_status"] = "delivering" if rng.random() < 0.25 else "none"
    if short in ("train", "movie", "scenic"):
        slots = _forget(rng, slots, 0.1, ("amount", "event_time"))
    return Hidden(kind, wish, now, slots)


def _insured_refund(rng: Random, kind: str, now: datetime) -> Hidden:
    slots = _ticket(rng, "train_ticket", now)
    return Hidden(kind, "request_refund", now, {**slots, "insured": "yes"})


def _insurance(rng: Random, kind: str, now: datetime) -> Hidden:
    product = rng.choice(("train_ticket", "movie_ticket"))
    slots = _ticket(rng, product, now)
    if product == "movie_ticket":
        slots["delivery_status"] = "none"
    return Hidden(kind, "ticket_insurance", now, {**slots, "insured": "yes"})


def _goods(rng: Random, kind: str, now: datetime) -> Hidden:
    wish, _, status = kind.partition("/")
    slots = {
        "product": rng.choice(GOODS),
        "order_status": status,
        "amount": rng.choice(AMOUNTS + SMALL_AMOUNTS),
        "reason": rng.choice(REASONS if status in ("shipped", "completed") else REASONS[:2]),
    }
    if status == "shipped" and slots["product"] == "physical_goods":
        # Nobody knows yet what a parcel on its way is like.
        slots["reason"] = rng.choice(REASONS[:2])
    if status == "paid_unshipped" and rng.random() < 0.5:
        slots |= {
            "reason": "late",
            "product": "virtual_goods",
            "late_minutes": rng.choice(("15", "30", "40", "120")),
        }
    return Hidden(kind, wish, now, slots)


def _progress(rng: Random, kind: str, now: datetime) -> Hidden:
    product = rng.choice(("train_ticket", "movie_ticket", "scenic_ticket", "virtual_goods", "physical_goods"))
    asked = now - timedelta(days=rng.choice((0, 1, 2, 3, 4, 5, 7, 9, 12, 15)))
    while asked.year < 2026:
        asked += timedelta(days=1)
    slots = {"product": product, "pay_channel": rng.choice(CHANNELS), "requested_at": asked.isoformat()}
    if nth_working_day_after(asked.date(), 9).year != 2026:
        raise AssertionError("the calendar of 2026 does not reach that far")
    return Hidden(kind, "refund_status", now, _forget(rng, slots, 0.12, ("pay_channel",)))


def _short(rng: Random, kind: str, now: datetime) -> Hidden:
    product = rng.choice(("train_ticket", "scenic_ticket", "virtual_goods", "physical_goods"))
    amount = Decimal(rng.choice(AMOUNTS))
    rate = rng.choice(
        {"train_ticket": ("0.15", "0.50", "0.05"), "scenic_ticket": ("0.20", "0.50")}.get(product, ("0.05",))
    )
    lead = {"0.15": 1800, "0.50": 600, "0.05": 4320, "0.20": 14400}[rate]
    asked = now - timedelta(days=3)
    slots = {
        "product": product,
        "amount": f"{amount:.2f}",
        "received_amount": f"{amount - fen(amount * Decimal(rate)):.2f}",
        "requested_at": asked.isoformat(),
        "event_time": (asked + MINUTE * lead).isoformat(),
        "order_status": "closed",
    }
    return Hidden(kind, "refund_amount_wrong", now, slots)


def _failure(rng: Random, kind: str, now: datetime) -> Hidden:
    product = rng.choice(("train_ticket", "movie_ticket", "scenic_ticket"))
    return Hidden(
        kind,
        "cancel_failed",
        now,
        {"product": product, "failure": rng.choice(("network", "duplicate", "unpaid"))},
    )


def _account_refund(rng: Random, kind: str, now: datetime) -> Hidden:
    account = rng.choice(("teen_mode", "minor", "unverified", "foreign"))
    slots = _ticket(rng, "train_ticket", now, AMOUNTS[:4] + SMALL_AMOUNTS)
    return Hidden(kind, "request_refund", now, {**slots, "account_type": account})


def _account_only(rng: Random, kind: str, now: datetime) -> Hidden:
    account = rng.choice(("teen_mode", "minor", "unverified", "foreign"))
    wish = "minor_account" if account in ("teen_mode", "minor") else "account_verification"
    slots = _ticket(
        rng, "show_ticket" if account == "teen_mode" else "train_ticket", now, AMOUNTS[:5] + SMALL_AMOUNTS
    )
    slots["event_time"] = (now + timedelta(days=4)).isoformat()
    if account in ("unverified", "foreign"):
        slots["product"] = "train_ticket"
    else:
        slots["product"] = "scenic_ticket"
        slots["event_time"] = (now + timedelta(days=5)).isoformat()
    return Hidden(kind, wish, now, {**slots, "account_type": account})


def _abroad(rng: Random, kind: str, now: datetime) -> Hidden:
    wish = kind.partition("/")[0]
    product = (
        "scenic_ticket"
        if wish == "cross_border"
        else rng.choice(("scenic_ticket", "scenic_ticket", "show_ticket"))
    )
    slots = _ticket(rng, product, now)
    if wish == "cross_border":
        slots["event_time"] = (now + timedelta(days=5)).isoformat()
    return Hidden(kind, wish, now, {**slots, "region": "cross_border", "platform": "Klook"})


def _with_order(rng: Random, kind: str, now: datetime) -> Hidden:
    story = rng.choices(("right", "late", "wrong"), (3, 1, 1))[0]
    wish = rng.choice(("request_refund", "cancel_delivery", "cancel_order", "refund_status"))
    number = f"E2026{rng.randrange(10**7, 10**8)}"
    order: dict[str, object] = {
        "order_id": number,
        "title": "测试商品",
        "amount": rng.choice(AMOUNTS),
        "platform": "携程",
        "pay_channel": rng.choice(CHANNELS),
        "phone_tail": f"{rng.randrange(1000, 10000)}",
        "paid_at": (now - timedelta(days=6)).isoformat(),
        "refund": None,
    }
    told = {"order_id": number, "phone_tail": str(order["phone_tail"])}
    if wish in ("request_refund", "cancel_delivery"):
        order |= {"product": "train_ticket", "order_status": "paid_unshipped", "title": "G1057 二等座"}
        order["event_time"] = (now + MINUTE * rng.choice(LEADS["train_ticket"][:14])).isoformat()
        if wish == "cancel_delivery":
            order["delivery_status"] = rng.choice(("accepted", "delivering"))
            told["ticket_plan"] = rng.choice(("keep", "return"))
        elif rng.random() < 0.3:
            order["order_status"] = "closed"
    elif wish == "cancel_order":
        status = rng.choice(("unpaid", "paid_unshipped", "shipped", "completed", "closed"))
        order |= {"product": rng.choice(GOODS), "order_status": status, "title": "会员年卡"}
        told["reason"] = rng.choice(REASONS if status in ("shipped", "completed") else REASONS[:2])
    else:
        asked = now - timedelta(days=rng.choice((1, 2, 3, 6)))
        order |= {"product": "train_ticket", "order_status": "closed", "title": "G7 二等座"}
        order["refund"] = {
            "amount": order["amount"],
            "requested_at": asked.isoformat(),
            "status": "processing",
            "settled_at": None,
        }
    if story == "wrong":
        # Nothing of the order may be used then: the person tells the same by heart.
        told |= {
            k: str(order[k]) for k in ("product", "amount", "event_time", "order_status") if order.get(k)
        }
        told |= {k: str(order[k]) for k in ("delivery_status", "pay_channel") if order.get(k)}
        refund = order["refund"]
        if isinstance(refund, dict):
            told["requested_at"] = refund["requested_at"]
        if wish == "request_refund" and order["order_status"] == "closed":
            order["order_status"] = told["order_status"] = "paid_unshipped"
    elif rng.random() < 0.25 and "amount" not in told:
        # What the person remembers is not what the order says: the order wins.
        told["amount"] = "399.00"
        story = "clash"
    return Hidden(f"order/{story}/{wish}", wish, now, told, order, story)


_Draw = Callable[[Random, str, datetime], Hidden]
_KINDS: dict[str, tuple[int, _Draw]] = {
    "cancel_delivery/keep": (8, _delivery),
    "cancel_delivery/return": (10, _delivery),
    "request_refund/train": (8, _refund),
    "request_refund/movie": (6, _refund),
    "request_refund/scenic": (6, _refund),
    "request_refund/show": (2, _refund),
    "request_refund/flight": (2, _refund),
    "fee_query/train": (6, _refund),
    "fee_query/movie": (4, _refund),
    "fee_query/scenic": (4, _refund),
    "request_refund/insured": (4, _insured_refund),
    "ticket_insurance": (2, _insurance),
    "cancel_order/unpaid": (2, _goods),
    "cancel_order/paid_unshipped": (5, _goods),
    "cancel_order/shipped": (4, _goods),
    "cancel_order/completed": (4, _goods),
    "cancel_order/closed": (1, _goods),
    "request_refund/shipped": (2, _goods),
    "request_refund/completed": (3, _goods),
    "refund_status": (10, _progress),
    "refund_amount_wrong": (6, _short),
    "cancel_failed": (5, _failure),
    "request_refund/account": (4, _account_refund),
    "account": (4, _account_only),
    "request_refund/abroad": (3, _abroad),
    "cross_border": (2, _abroad),
    "order": (8, _with_order),
}
