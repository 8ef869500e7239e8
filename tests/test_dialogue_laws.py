"""Laws of the dialogue: what must hold for every case, whatever was said before."""

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Heard, State, Turn, step
from intents.understanding import SlotValue, Understanding

NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")
VALUES = {
    "product": ["train_ticket", "movie_ticket", "scenic_ticket", "show_ticket", "virtual_goods"],
    "amount": ["380.00", "99.90", "1200.00"],
    "event_time": ["2026-03-07T10:00:00+08:00", "2026-03-06T09:00:00+08:00", "2026-03-20T19:30:00+08:00"],
    "ticket_plan": ["keep", "return"],
    "delivery_status": ["none", "accepted", "delivering", "signed"],
    "order_status": ["unpaid", "paid_unshipped", "shipped", "completed", "closed"],
    "reason": ["quality", "changed_mind"],
    "late_minutes": ["10", "45"],
}
WISHES = st.sampled_from(["cancel_delivery", "request_refund", "fee_query", "cancel_order"])
CASES = st.fixed_dictionaries({slot: st.sampled_from(values) for slot, values in VALUES.items()})


def heard(intent: str = "out_of_scope", text: str = "……", **slots: str) -> Heard:
    """A message as understood; only what the test is about is given."""
    values = {slot: SlotValue(value, value, 0, 0) for slot, value in slots.items()}
    return Heard(
        Understanding(
            text=text, normal=text, script="hans", intent=intent, confidence=0.9, ranking=(), slots=values
        )
    )


def moving(message: Heard, *moves: str) -> Heard:
    return replace(message, said=replace(message.said, moves=moves))


def led(wish: str, case: dict[str, str], state: State | None = None) -> Turn:
    """The conversation of a person who answers exactly what is asked, to its outcome."""
    turn = step(state or State(), heard(wish), NOW)
    for _ in range(12):
        if turn.outcome is not None:
            return turn
        assert turn.asks is not None
        value = case.get(turn.asks, "unknown")
        turn = step(turn.state, heard(**{turn.asks: value}), NOW)
    raise AssertionError(f"no outcome for {wish} {case}")


@given(WISHES, CASES)
def test_answering_what_is_asked_leads_to_an_outcome_and_asks_nothing_twice(
    wish: str, case: dict[str, str]
) -> None:
    turn, asked = step(State(), heard(wish), NOW), []
    while turn.outcome is None:
        assert turn.asks is not None
        assert turn.asks not in asked
        asked.append(turn.asks)
        turn = step(turn.state, heard(**{turn.asks: case.get(turn.asks, "unknown")}), NOW)
    assert turn.asks is None


@given(WISHES, CASES)
def test_all_at_once_gives_the_outcome_of_one_by_one(wish: str, case: dict[str, str]) -> None:
    one_by_one = led(wish, case)
    needed = {slot: fact.value for slot, fact in one_by_one.state.facts.items()}
    assert step(State(), heard(wish, **needed), NOW).outcome == one_by_one.outcome


@given(WISHES, CASES, CASES, st.sampled_from(sorted(VALUES)))
def test_correcting_gives_the_outcome_of_having_said_it_right(
    wish: str, case: dict[str, str], other: dict[str, str], slot: str
) -> None:
    wrong = led(wish, {**case, slot: other[slot]})
    if slot not in wrong.state.facts:
        return
    turn = step(wrong.state, moving(heard(**{slot: case[slot]}), "correct"), NOW)
    for _ in range(12):
        if turn.outcome is not None:
            break
        turn = step(turn.state, heard(**{turn.asks or "": case[turn.asks or ""]}), NOW)
    right = {name: fact.value for name, fact in turn.state.facts.items()}
    assert turn.outcome == step(State(), heard(wish, **right), NOW).outcome


@given(WISHES, CASES, st.sampled_from(["refund_status", "complaint", "evidence_help", "privacy_security"]))
def test_after_a_side_question_the_open_question_comes_back(
    wish: str, case: dict[str, str], aside: str
) -> None:
    turn = step(State(), heard(wish), NOW)
    while turn.outcome is None:
        slot = turn.asks
        assert slot is not None
        back = step(turn.state, heard(aside, text="这个怎么弄？"), NOW)
        assert back.asks == slot
        assert back.state.facts == turn.state.facts
        turn = step(back.state, heard(**{slot: case.get(slot, "unknown")}), NOW)
    assert turn.outcome == led(wish, case).outcome


@given(WISHES, CASES)
def test_asking_why_and_repeating_change_nothing(wish: str, case: dict[str, str]) -> None:
    turn = step(State(), heard(wish), NOW)
    for move in ("why_ask", "repeat"):
        after = step(turn.state, moving(heard(), move), NOW)
        assert (after.asks, after.state.facts) == (turn.asks, turn.state.facts)
    assert step(turn.state, moving(heard(), "repeat"), NOW).replies == turn.replies


@given(WISHES)
def test_stopping_and_restarting_leave_nothing_of_the_case(wish: str) -> None:
    turn = led(wish, {slot: values[0] for slot, values in VALUES.items()})
    for intent in ("stop", "restart"):
        after = step(turn.state, heard(intent), NOW)
        assert (after.asks, after.state.wish, dict(after.slots)) == (None, None, {})


@given(WISHES, st.lists(st.sampled_from(["unknown", "value"]), min_size=12, max_size=12), CASES)
def test_not_knowing_ends_in_an_outcome_too(wish: str, known: list[str], case: dict[str, str]) -> None:
    turn = step(State(), heard(wish), NOW)
    for what in known:
        if turn.outcome is not None:
            return
        slot = turn.asks
        assert slot is not None
        turn = (
            step(turn.state, moving(heard(), "unsure"), NOW)
            if what == "unknown"
            else step(turn.state, heard(**{slot: case.get(slot, "unknown")}), NOW)
        )
    raise AssertionError("asked more than twelve times")


@given(WISHES, CASES)
def test_the_state_survives_being_stored(wish: str, case: dict[str, str]) -> None:
    state = led(wish, case).state
    assert State.from_json(state.to_json()) == state


def test_senseless_input_three_times_in_a_row_calls_a_person() -> None:
    turn = step(State(), heard(), NOW)
    assert turn.handoff is None
    turn = step(turn.state, heard(), NOW)
    assert turn.handoff is None
    turn = step(turn.state, heard(), NOW)
    assert turn.handoff is not None
    assert turn.handoff.reason == "not_understood"


def test_understanding_in_between_starts_the_count_anew() -> None:
    turn = step(step(State(), heard(), NOW).state, heard("greet"), NOW)
    turn = step(step(turn.state, heard(), NOW).state, heard(), NOW)
    assert turn.handoff is None


def test_insults_never_call_a_person() -> None:
    state = State()
    for _ in range(5):
        message = heard()
        turn = step(state, replace(message, said=replace(message.said, mood="abusive")), NOW)
        assert turn.handoff is None
        state = turn.state


def test_two_wishes_are_served_one_after_the_other() -> None:
    message = heard("request_refund", product="show_ticket")
    both = replace(message, said=replace(message.said, wishes=("request_refund", "coupon_refund")))
    turn = step(State(), both, NOW)
    assert turn.outcome is not None
    assert any("优惠券" in reply.text for reply in turn.replies)
    assert turn.state.later == ()


def test_an_answer_counts_even_after_the_question_was_put_three_times() -> None:
    turn = step(State(), heard("request_refund"), NOW)
    for _ in range(2):
        turn = step(turn.state, heard("refund_status", text="多久到？"), NOW)
    assert turn.asks == "product"
    label = next(option.label for option in turn.state.options if option.value == "train_ticket")
    turn = step(turn.state, heard("order_status", text=label), NOW)
    assert turn.slots["product"] == "train_ticket"


def test_a_question_that_is_never_answered_is_left_open_in_the_end() -> None:
    turn = step(State(), heard("refund_amount_wrong"), NOW)
    for _ in range(6):
        if turn.asks is None:
            break
        turn = step(turn.state, heard("not_delivered", text="还没收到"), NOW)
    assert turn.asks is None
    assert turn.outcome is not None
