"""The repair matrix: flows as the rules have them, laws that hold of the bot and are broken by worse ones."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot import app
from bot.cli import commands
from bot.dialogue.order import OrderQuery
from bot.dialogue.state import State
from bot.dialogue.turn import Heard, Turn
from bot.errors import TuidanError
from bot.replay.matrix.cells import NOW, Question, check, questions
from bot.replay.matrix.flows import flows
from bot.replay.matrix.moves import MOVES
from bot.replay.matrix.wording import Wording
from bot.session import Mind
from intents.understanding import Understanding
from knowledge import Ask, Case, decide

ROOT = Path(__file__).parent.parent
PRICE = "退票退款 · 火车票 / 金额"
DELIVERY = "取消送票 · 火车票 / 配送状态"
AFTERWARDS = "退票退款 · 火车票 / （答完以后）"


def question(name: str) -> Question:
    (found,) = questions(name)
    return found


def broken(name: str, mind: Mind) -> set[str]:
    return {cell.move for cell in check(question(name), mind).broken}


# ── flows ────────────────────────────────────────────────────────────────────


def test_every_slot_that_a_wish_asks_is_a_row_of_the_matrix() -> None:
    asked = {(q.flow.wish, q.slot) for q in questions()}
    for flow in flows(NOW):
        for way in flow.ways:
            assert {(flow.wish, slot) for slot in way.slots} <= asked


def test_every_way_is_asked_by_the_rules_in_its_order_and_ends_in_an_outcome() -> None:
    for flow in flows(NOW):
        for way in flow.ways[:5]:
            known: dict[str, str] = {}
            for slot, value in way.said:
                ruled = decide(Case(flow.wish, known), NOW)
                assert isinstance(ruled, Ask)
                assert ruled.slot == slot
                known[slot] = value
            assert not isinstance(decide(Case(flow.wish, known), NOW), Ask)


def test_products_that_are_judged_alike_are_one_flow_and_others_are_not() -> None:
    titles = [flow.title for flow in flows(NOW)]
    assert "退票退款 · 火车票" in titles
    assert "退票退款 · 景区门票" in titles
    assert "找取消入口 · 演出票、机票" in titles


def test_a_figure_is_tried_on_every_step_of_its_ladder() -> None:
    train = next(flow for flow in flows(NOW) if flow.title == "退票退款 · 火车票")
    rows = {row for way in train.ways for row in way.rows if row.startswith("train_ticket/")}
    assert rows == {f"train_ticket/{row}" for row in ("free", "low", "high", "window", "gone")}


def test_a_new_rule_brings_its_own_rows(tmp_path: Path) -> None:
    """Whether there is insurance is asked as soon as a table wants to know."""
    folder = tmp_path / "data"
    code = f"""
import shutil
from pathlib import Path
import knowledge
built_in = Path(knowledge.__file__).parent / "data"
folder = Path({str(folder)!r})
shutil.copytree(built_in, folder)
(folder / "tables" / "insured_tip.yaml").write_text('''
table: insured_tip
title: 改签与退票险
about: 改签时先看有没有退票险。
order: 60
applies:
  - {{wish: change_ticket}}
columns: [insured]
rows:
  - row: covered
    case: 买了
    when: {{insured: "yes"}}
    notes: [买了退票险。]
    cites: [T8.3]
  - row: bare
    case: 没买
    when: {{insured: "no"}}
    notes: [没买退票险。]
    cites: [T8.3]
''', "utf-8")
knowledge.use(folder)
from bot.replay.matrix.cells import questions
print(*(str(q.slot) for q in questions("改签改期")))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert run.stdout.split() == ["insured", "None"]


def test_there_are_words_for_every_wish_and_every_value() -> None:
    for flow in flows(NOW):
        for place in range(3):
            assert Wording(place).opening(flow.wish)
            for way in flow.ways:
                wording = Wording(place, dict(way.said).get("product"))
                for slot, value in way.said:
                    assert wording.clause(slot, value)
                    assert len(wording.answers(slot, value)) > 1
                    assert wording.negation(slot, value) or wording.replacement(slot, value, value)


def test_a_value_without_words_is_named_with_its_place() -> None:
    with pytest.raises(TuidanError, match=r"phrases\.yaml: values\.reason: no words for the value 'moon'"):
        Wording(0).clause("reason", "moon")


# ── laws ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", [PRICE, DELIVERY, AFTERWARDS, "取消订单 / 商品类型", "查退款进度 / 申请时间"]
)
def test_every_move_holds_at_this_question(name: str) -> None:
    row = check(question(name), app.mind())
    assert [cell for cell in row.cells if cell.held == "broken"] == []
    assert [cell.move for cell in row.cells] == [move.name for move in MOVES]


Step = Callable[[State, Heard, datetime], Turn]
Change = Callable[[State, Heard, Turn], Turn]


def after(change: Change) -> Mind:
    """The bot with something else done at the end of each turn."""
    mind = app.mind()

    def step(state: State, heard: Heard, now: datetime) -> Turn:
        return change(state, heard, mind.step(state, heard, now))

    return replace(mind, step=step)


def hearing(change: Callable[[Understanding], Understanding]) -> Mind:
    """The bot that hears something else."""
    mind = app.mind()
    return replace(
        mind, understand=lambda text, now, expecting: change(mind.understand(text, now, expecting))
    )


def without_move(*moves: str) -> Mind:
    return hearing(lambda said: replace(said, moves=tuple(m for m in said.moves if m not in moves)))


def forgets_on_nonsense(before: State, heard: Heard, turn: Turn) -> Turn:
    if not any(event.kind == "misunderstood" for event in turn.events):
        return turn
    return replace(turn, slots={}, state=turn.state.with_(facts={}))


def never_stops(before: State, heard: Heard, turn: Turn) -> Turn:
    return replace(turn, state=before) if heard.said.intent == "stop" else turn


def loses_the_question(before: State, heard: Heard, turn: Turn) -> Turn:
    aside = any(event.kind == "digressed" for event in turn.events)
    return replace(turn, asks=None, state=turn.state.with_(asked=None)) if aside else turn


def hands_over_an_empty_card(before: State, heard: Heard, turn: Turn) -> Turn:
    if turn.handoff is None:
        return turn
    return replace(turn, handoff=replace(turn.handoff, card={**turn.handoff.card, "slots": []}))


def keeps_every_button(before: State, heard: Heard, turn: Turn) -> Turn:
    return replace(turn, state=turn.state.with_(options=(*turn.state.options, *before.options)))


def deaf_to_corrections(said: Understanding) -> Understanding:
    return replace(said, slots={}) if "correct" in said.moves else said


def one_value_a_message(said: Understanding) -> Understanding:
    return replace(said, slots=dict(list(said.slots.items())[:1]))


def deaf_to_a_second_wish(said: Understanding) -> Understanding:
    return replace(said, wishes=said.wishes[:1])


def hears_only_what_it_asked() -> Mind:
    mind = app.mind()

    def understand(text: str, now: datetime, expecting: str | None) -> Understanding:
        said = mind.understand(text, now, expecting)
        return replace(said, slots={s: v for s, v in said.slots.items() if expecting in {None, s}})

    return replace(mind, understand=understand)


def counts_every_turn() -> Mind:
    """Looks at no clock and no text, but is another bot at every call."""
    mind, calls = app.mind(), iter(range(10**6))

    def query(state: State, said: Understanding) -> OrderQuery | None:
        return None if next(calls) % 5 else OrderQuery("XYZ1234567", "0000")

    return replace(mind, order_query=query)


WORSE: list[tuple[str, str, Callable[[], Mind]]] = [
    ("answer", PRICE, lambda: hearing(lambda said: replace(said, slots={}))),
    ("several", DELIVERY, lambda: hearing(one_value_a_message)),
    ("burst", DELIVERY, hears_only_what_it_asked),
    ("correct", PRICE, lambda: hearing(deaf_to_corrections)),
    ("correct_twice", PRICE, lambda: hearing(deaf_to_corrections)),
    ("negate", PRICE, lambda: hearing(deaf_to_corrections)),
    ("stop", PRICE, lambda: after(never_stops)),
    ("digress", PRICE, lambda: after(loses_the_question)),
    ("unsure", PRICE, lambda: without_move("unsure")),
    ("why", PRICE, lambda: without_move("why_ask")),
    ("repeat", PRICE, lambda: without_move("repeat")),
    ("repeat", AFTERWARDS, lambda: without_move("repeat")),
    ("two_wishes", PRICE, lambda: hearing(deaf_to_a_second_wish)),
    ("stale", DELIVERY, lambda: after(keeps_every_button)),
    ("person", PRICE, lambda: after(hands_over_an_empty_card)),
    ("senseless", PRICE, lambda: after(forgets_on_nonsense)),
    ("duplicate", PRICE, counts_every_turn),
]


@pytest.mark.parametrize(
    ("move", "name", "worse"), WORSE, ids=[f"{move}-{n}" for n, (move, *_) in enumerate(WORSE)]
)
def test_a_bot_that_breaks_the_law_of_a_move_is_found(
    move: str, name: str, worse: Callable[[], Mind]
) -> None:
    cell = next(cell for cell in check(question(name), worse()).cells if cell.move == move)
    assert cell.held == "broken"
    assert cell.why
    assert cell.talk[0][0] == "person"


# ── the command ──────────────────────────────────────────────────────────────


def test_the_command_shows_the_matrix_and_its_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(["matrix", "--only", "改签改期"]) == 0
    shown = capsys.readouterr().out
    assert "改签改期" in shown
    assert "（答完以后）" in shown
    assert "9 of 9 cells hold, 8 more are not applicable (1 flows, 1 questions)" in shown


def test_the_command_gives_json_for_programs(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert commands.run(["matrix", "--only", "转赠转让 / 商品类型", "--json"]) == 0
    matrix = json.loads(capsysbinary.readouterr().out)
    (row,) = matrix["rows"]
    assert (row["wish"], row["slot"]) == ("transfer_ticket", "product")
    assert row["cells"].keys() == matrix["moves"].keys() == {move.name for move in MOVES}
    assert matrix["cells"]["holds"] + matrix["cells"]["not_applicable"] == len(MOVES)


def test_a_row_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TuidanError, match="no row of the matrix has '月亮' in its name"):
        commands.run(["matrix", "--only", "月亮"])


@pytest.mark.slow
def test_every_cell_holds_and_two_processes_say_the_same_as_one() -> None:
    def run(*options: str, seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        command = [sys.executable, "-m", "bot", "matrix", "--json", *options]
        return subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=True).stdout

    alone = run(seed="1")
    assert json.loads(alone)["cells"]["holds"] > 2000
    assert json.loads(alone)["cells"]["broken"] == 0
    assert run("-j", "2", seed="2") == alone
