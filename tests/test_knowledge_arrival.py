"""When refunds arrive: China's working days, spans by channel, overdue and how to escalate."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Ask, Case, Eta, Outcome, compute_eta, decide

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 1))


def days(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("since", "count", "arrives"),
    [
        ("2026-03-06", 0, "2026-03-06"),  # a Friday
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked before the Spring Festival
        ("2026-02-13", 2, "2026-02-24"),  # 15 to 23 February are holidays
        ("2026-02-13", 6, "2026-02-28"),  # another Saturday that is worked
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),  # the make-up Saturday of the National Day holiday
        ("2026-09-19", 1, "2026-09-20"),  # a Sunday that is worked
    ],
)
def test_the_nth_working_day(since: str, count: int, arrives: str) -> None:
    eta = compute_eta(days(since), (count, count), days(since))
    assert (eta.earliest, eta.latest) == (days(arrives), days(arrives))
    assert not eta.approximate


def test_a_year_without_a_published_calendar_is_approximate() -> None:
    eta = compute_eta(date(2035, 3, 1), (1, 5), date(2035, 3, 1))
    assert eta.approximate
    assert eta.latest == date(2035, 3, 8)


@pytest.mark.parametrize(
    ("today", "overdue"),
    [("2026-03-11", 0), ("2026-03-12", 1), ("2026-03-13", 2), ("2026-03-14", 2), ("2026-03-16", 3)],
)
def test_overdue_counts_the_working_days_after_the_latest(today: str, overdue: int) -> None:
    assert compute_eta(days("2026-03-06"), (1, 3), days(today)).overdue == overdue


@given(DAYS, st.integers(0, 12), st.integers(0, 12), st.integers(0, 400))
def test_the_laws_of_an_arrival(since: date, low: int, more: int, later: int) -> None:
    eta = compute_eta(since, (low, low + more), since + timedelta(days=later))
    assert since <= eta.earliest <= eta.latest
    assert eta.overdue >= 0
    assert eta.passed == (since + timedelta(days=later) > eta.latest)
    assert (eta.overdue > 0) <= eta.passed
    tomorrow = compute_eta(since, (low, low + more), since + timedelta(days=later + 1))
    assert eta.overdue <= tomorrow.overdue <= eta.overdue + 1


def status(now: str = "2026-03-06T10:00:00+08:00", **slots: str) -> Outcome | Ask:
    return decide(Case("refund_status", slots), datetime.fromisoformat(now))


@pytest.mark.parametrize(
    ("product", "channel", "span"),
    [
        ("train_ticket", "wechat", (1, 3)),
        ("virtual_goods", "alipay", (1, 3)),
        ("scenic_ticket", "bank_card", (3, 5)),
        ("physical_goods", "balance", (0, 0)),
        ("train_ticket", "unknown", (1, 5)),
        ("movie_ticket", "wechat", (2, 9)),
        ("movie_ticket", "balance", (2, 9)),
        ("movie_ticket", None, (2, 9)),
        ("unknown", "wechat", (1, 9)),
    ],
)
def test_spans_by_channel(product: str, channel: str | None, span: tuple[int, int]) -> None:
    slots = {"requested_at": "2026-03-05T09:00:00+08:00", "product": product}
    found = status(**slots, **({"pay_channel": channel} if channel else {}))
    assert isinstance(found, Outcome)
    assert found.verdict is None
    assert isinstance(found.eta, Eta)
    assert (found.eta.low, found.eta.high) == span
    assert found.eta.since == date(2026, 3, 5)


def test_the_questions_about_a_refund_under_way() -> None:
    first = status()
    second = status(requested_at="2026-03-05T09:00:00+08:00")
    third = status(requested_at="2026-03-05T09:00:00+08:00", pay_channel="wechat")
    assert [found.slot for found in (first, second, third) if isinstance(found, Ask)] == [
        "requested_at",
        "pay_channel",
        "product",
    ]


def test_overdue_says_how_to_escalate_and_in_which_order() -> None:
    slots = {"requested_at": "2026-02-02T09:00:00+08:00", "pay_channel": "wechat", "product": "train_ticket"}
    found = status(**slots)
    assert isinstance(found, Outcome)
    assert found.eta is not None
    assert found.eta.overdue == 17
    assert {"W3.2", "K4.3"} <= set(found.citations)
    told = "\n".join(found.steps)
    assert told.index("官方客服") < told.index("投诉通道") < told.index("消费者协会")
    assert found.message_draft is not None


def test_when_the_latest_day_is_over_and_no_working_day_came_since_the_way_on_is_told() -> None:
    at = datetime.fromisoformat("2026-03-14T10:00:00+08:00")  # a Saturday
    slots = {"requested_at": "2026-03-06T09:00:00+08:00", "pay_channel": "bank_card"}
    found = decide(Case(wish="refund_status", slots={**slots, "product": "train_ticket"}), at)
    assert isinstance(found, Outcome)
    assert found.eta is not None
    assert (found.eta.latest, found.eta.overdue) == (date(2026, 3, 13), 0)
    told = "\n".join(found.steps)
    order = [told.index(words) for words in ("下个工作日", "官方客服", "投诉通道", "消费者协会")]
    assert order == sorted(order)
    assert not any("在期限内" in text for text in (*found.steps, *found.notes))


def test_in_time_it_says_to_wait() -> None:
    found = status(requested_at="2026-03-05T09:00:00+08:00", pay_channel="wechat", product="train_ticket")
    assert isinstance(found, Outcome)
    assert "W2.6" in found.citations
    assert "K4.3" not in found.citations


def test_an_unknown_day_leaves_the_span_in_words() -> None:
    found = status(requested_at="unknown", pay_channel="wechat", product="train_ticket")
    assert isinstance(found, Outcome)
    assert found.eta is None
    assert any("1 到 3 个工作日" in note for note in found.notes)


def test_the_shops_own_record_of_a_refund_goes_first() -> None:
    done = status(refund_state="success")
    stuck = status(
        refund_state="abnormal", requested_at="unknown", pay_channel="wechat", product="train_ticket"
    )
    assert isinstance(done, Outcome)
    assert any("已经成功" in note for note in done.notes)
    assert isinstance(stuck, Outcome)
    assert any("客服" in step for step in stuck.steps)


def test_a_refund_that_can_be_had_now_counts_from_today() -> None:
    case = Case("cancel_order", {"product": "virtual_goods", "order_status": "paid_unshipped"} | LATE)
    found = decide(case, datetime.fromisoformat("2026-03-05T23:30:00+08:00"))
    assert isinstance(found, Outcome)
    assert found.eta == compute_eta(date(2026, 3, 5), (3, 5), date(2026, 3, 5))


LATE = {"reason": "late", "late_minutes": "60", "amount": "50.00", "pay_channel": "bank_card"}


def test_no_arrival_without_a_refund() -> None:
    denied = Case(
        "cancel_order", {"product": "virtual_goods", "order_status": "completed", "reason": "mistake"}
    )
    found = decide(denied, datetime.fromisoformat("2026-03-05T23:30:00+08:00"))
    assert isinstance(found, Outcome)
    assert found.eta is None
