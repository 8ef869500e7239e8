"""What holds for every case, whatever is known of it."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Ask, Case, Outcome, decide, load, outcome_to_json

NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
BOOK = load()
COLUMNS = BOOK.rules.columns
WISHES = st.sampled_from(BOOK.wishes)
CHOICES = {c.slot: [*c.values, "unknown"] for c in COLUMNS.values() if c.kind == "choice" and c.slot}
LEADS = st.integers(-3 * 24 * 60, 20 * 24 * 60).map(lambda m: (NOW + timedelta(minutes=m)).isoformat())
PAST = st.integers(0, 90 * 24).map(lambda h: (NOW - timedelta(hours=h)).isoformat())
MONEY = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2).map(
    lambda d: f"{d:.2f}"
)


def values(slot: str) -> st.SearchStrategy[str]:
    """Anything that the slot may hold, "unknown" included."""
    if slot in CHOICES:
        return st.sampled_from(CHOICES[slot])
    known = {
        "event_time": LEADS,
        "requested_at": PAST,
        "amount": MONEY,
        "received_amount": MONEY,
        "late_minutes": st.integers(0, 300).map(str),
    }[slot]
    return st.one_of(known, st.just("unknown"))


SLOTS = sorted(BOOK.rules.column_of)
CASES = st.fixed_dictionaries({}, optional={slot: values(slot) for slot in SLOTS})


@given(WISHES, CASES)
@settings(max_examples=300, deadline=None)
def test_what_is_asked_was_not_said_and_can_be_answered(wish: str, slots: dict[str, str]) -> None:
    found = decide(Case(wish, slots), NOW)
    assert found == decide(Case(wish, dict(reversed(slots.items()))), NOW)
    if isinstance(found, Ask):
        assert found.slot not in slots
        assert found.slot in SLOTS
        assert found.cites or found.slot in ("received_amount", "amount")


@given(WISHES, CASES)
@settings(max_examples=300, deadline=None)
def test_no_question_is_idle(wish: str, slots: dict[str, str]) -> None:
    """Its options lead to more than one answer, or on to a question that does."""
    found = decide(Case(wish, slots), NOW)
    if isinstance(found, Ask) and found.options:
        answers = [decide(Case(wish, {**slots, found.slot: option}), NOW) for option in found.options]
        outcomes = {str(outcome_to_json(answer)) for answer in answers if isinstance(answer, Outcome)}
        assert len(outcomes) != 1 or any(isinstance(answer, Ask) for answer in answers)


@given(WISHES, CASES, st.data())
@settings(max_examples=200, deadline=None)
def test_the_questions_end_in_an_outcome_that_adds_up(
    wish: str, slots: dict[str, str], data: st.DataObject
) -> None:
    slots = dict(slots)
    for _ in range(len(SLOTS) + 1):
        found = decide(Case(wish, slots), NOW)
        if isinstance(found, Outcome):
            break
        slots[found.slot] = data.draw(values(found.slot), label=found.slot)
    else:
        raise AssertionError("it asks for ever")
    adds_up(found, slots)


def adds_up(found: Outcome, slots: dict[str, str]) -> None:
    amount = slots.get("amount", "unknown")
    if found.fee is not None and found.refund is not None:
        assert found.fee + found.refund == Decimal(amount) or found.rows[0].startswith("deduction")
    if found.refund is not None:
        assert found.refund >= 0
    if found.fee_range is not None:
        low, high = found.fee_range
        assert 0 <= low < high
        assert high <= (1 if found.range_in_rates else Decimal(amount))
    if found.insurance is not None:
        assert (
            0
            <= found.insurance
            <= (Decimal(amount) * Decimal("0.8")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        )
    if found.next_change is not None and found.fee is not None:
        assert found.next_change.fee > found.fee
        assert found.next_change.at >= NOW
    assert found.verdict != "unknown" or found.notes
    assert set(found.citations) <= set(BOOK.claims)
    assert found.citations
    assert len(found.steps) <= 6
    assert outcome_to_json(found)["verdict"] == found.verdict


@given(
    st.sampled_from(["train_ticket", "movie_ticket"]), MONEY, st.integers(1, 10_000), st.integers(0, 10_000)
)
def test_a_fee_never_falls_as_the_start_comes_nearer(
    product: str, amount: str, minutes: int, later: int
) -> None:
    def fee(lead: int) -> Decimal | None:
        event = (NOW + timedelta(minutes=lead)).isoformat()
        slots = {"product": product, "amount": amount, "event_time": event, "delivery_status": "none"}
        found = decide(Case("request_refund", slots), NOW)
        assert isinstance(found, Outcome)
        return found.fee

    near, far = fee(minutes), fee(minutes + later)
    assert near is None or (far is not None and near >= far)


@given(MONEY)
def test_each_line_is_rounded_half_up_then_summed(amount: str) -> None:
    event = (NOW + timedelta(hours=30)).isoformat()
    slots = {
        "product": "train_ticket",
        "amount": amount,
        "event_time": event,
        "delivery_status": "delivering",
    }
    found = decide(Case("request_refund", slots), NOW)
    assert isinstance(found, Outcome)
    fen = int(Decimal(amount) * 100)
    lines = [(fen * rate + 50) // 100 for rate in (15, 10)]
    assert found.fee is not None
    assert int(found.fee * 100) == sum(lines)


def test_a_wish_without_rules_and_a_value_without_a_slot_are_errors() -> None:
    for case in (
        Case("greet"),
        Case("request_refund", {"product": "spaceship"}),
        Case("fee_query", {"amount": "1e9"}),
    ):
        try:
            decide(case, NOW)
        except ValueError as error:
            assert str(error)
        else:
            raise AssertionError(case)
