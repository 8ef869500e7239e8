"""An interrupted run goes on from where it was, and finds what an uninterrupted one finds."""

import json
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import mind
from bot.config import DataFiles
from bot.dialogue.state import State
from bot.dialogue.turn import Heard, Turn
from bot.errors import TuidanError
from bot.replay.difference import LAYERS, Difference
from bot.replay.history.basis import basis
from bot.replay.history.found import Batch, Changed
from bot.replay.history.journal import Journal
from bot.replay.history.load import BATCH, run_batch
from bot.replay.history.tally import BROKE, SHOWN, Tally
from bot.replay.history.told import as_json, as_text
from bot.session import Mind, Session
from bot.store.sqlite import SqliteStore
from tests.history.lead import history, lead
from tests.history.persons import Message
from tests.history.runs import found

RESTS_ON = {"code or data": "1", "database": "/h.db", "--since": None}


@st.composite
def changes(draw: st.DrawFn) -> Changed:
    layers = draw(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3, unique=True))
    differences = tuple(Difference(layer, f"{layer}.key", "一", {"fee": ["2.00", None]}) for layer in layers)
    broke = draw(st.sampled_from([None, None, "KeyError: 'x'"]))
    words = draw(st.text(max_size=6))
    number = draw(st.integers(1, 9))
    return Changed("c1", number, "2026-03-06T04:00:00+08:00", words, draw(st.booleans()), differences, broke)


BATCHES = st.lists(
    st.builds(
        Batch,
        st.text(min_size=1, max_size=4),
        st.integers(0, 40),
        st.integers(0, 400),
        st.dictionaries(st.sampled_from(["lost", "cut"]), st.tuples(st.integers(1, 9), st.integers(1, 9))),
        st.lists(changes(), max_size=30).map(tuple),
    ),
    max_size=5,
)


def told(batches: list[Batch]) -> str:
    tally = Tally()
    for batch in batches:
        tally.add(batch)
    return as_json(tally, Path("all")) + as_text(tally, Path("all"))


@given(BATCHES, st.data())
def test_wherever_the_file_was_cut_off_the_end_is_the_same(batches: list[Batch], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "h.replay"
        with Journal.begin(file, RESTS_ON) as journal:
            head = file.stat().st_size
            for batch in batches:
                journal.add(batch)
        whole = file.read_bytes()
        file.write_bytes(whole[: data.draw(st.integers(head, len(whole)), "cut at")])
        with Journal.go_on(file, RESTS_ON) as journal:
            again = list(journal.earlier())
            for batch in batches[len(again) :]:
                journal.add(batch)
            again += batches[len(again) :]
        assert file.read_bytes() == whole
        assert told(again) == told(batches)


@given(BATCHES)
def test_a_tally_stays_small_and_counts_every_turn(batches: list[Batch]) -> None:
    tally = Tally()
    for batch in batches:
        tally.add(batch)
    all_changed = [turn for batch in batches for turn in batch.changed]
    assert tally.changed == len(all_changed) == sum(count.turns for count in tally.heaviest.values())
    for layer in LAYERS:
        of_layer = [
            turn for turn in all_changed if not turn.broke and layer in {d.layer for d in turn.differences}
        ]
        assert tally.layers[layer].turns == len(of_layer)
        shown = tally.shown(layer)
        assert len(shown) <= SHOWN
        assert [turn.after_a_change for turn in shown] == sorted(turn.after_a_change for turn in shown)
        if tally.heaviest[layer].turns:
            assert shown, "what is counted can be looked at"
    assert tally.layers[BROKE].turns == len([turn for turn in all_changed if turn.broke])


def test_a_damaged_line_is_a_named_fault(tmp_path: Path) -> None:
    file = tmp_path / "h.replay"
    with Journal.begin(file, RESTS_ON) as journal:
        journal.add(Batch("c1", 1, 1))
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"last": 5}\n')
    with (
        Journal.go_on(file, RESTS_ON) as journal,
        pytest.raises(TuidanError, match=r"h\.replay:3: no line of a run"),
    ):
        list(journal.earlier())


@pytest.mark.parametrize("name", RESTS_ON)
def test_what_was_begun_with_something_else_is_not_gone_on_with(tmp_path: Path, name: str) -> None:
    file = tmp_path / "h.replay"
    Journal.begin(file, RESTS_ON).__exit__(None, None, None)
    with pytest.raises(TuidanError, match=f"begun with another {name}"):
        Journal.go_on(file, {**RESTS_ON, name: "other"})
    Journal.begin(file, {**RESTS_ON, name: "other"}).__exit__(None, None, None)


def test_results_rest_on_every_data_file_and_on_the_options(tmp_path: Path, now: datetime) -> None:
    database, rules = tmp_path / "h.db", tmp_path / "rules"
    rules.mkdir()
    table = rules / "table.yaml"
    table.write_text("fee: 15%")
    own = DataFiles(knowledge=rules)
    first = basis(database, None, own)
    assert basis(database, None, own) == first
    table.write_text("fee: 16%")
    others = [
        basis(database, None, own),
        basis(database, None, DataFiles()),
        basis(database, now, own),
        basis(tmp_path / "other.db", None, own),
    ]
    assert len({json.dumps(other) for other in (first, *others)}) == 5


def test_a_run_goes_on_from_its_last_whole_line(tmp_path: Path) -> None:
    database, file = tmp_path / "h.db", tmp_path / "h.db.replay"
    history(database, BATCH + 5)
    whole = found(database)
    written = file.read_bytes()
    head, first, last = written.splitlines(keepends=True)
    file.write_bytes(head + first + last[:-1])
    assert found(database, resume=True) == whole
    assert file.read_bytes() == written
    assert found(database, resume=True) == whole, "nothing is left to do"


def test_where_todays_bot_breaks_down_the_others_still_run(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "h.db")) as store:
        bot = mind()
        session = Session(store, bot)
        for name, texts in (("c1", ["你好", "退票", "谢谢"]), ("c2", ["你好"])):
            lead(session, name, [Message(text) for text in texts])
        batch = run_batch(["c1", "c2", "forgotten"], store, breaking_at("退票", bot))
    assert (batch.conversations, batch.turns) == (2, 3)
    (broken,) = batch.changed
    assert (broken.conversation, broken.turn, broken.broke) == ("c1", 2, "ZeroDivisionError: 退票")
    tally = Tally()
    tally.add(batch)
    assert tally.fails(frozenset())
    assert "1 turn broke down" in as_text(tally, Path("all"))


def breaking_at(text: str, bot: Mind) -> Mind:
    def step(state: State, heard: Heard, now: datetime) -> Turn:
        if heard.said.text == text:
            raise ZeroDivisionError(text)
        return bot.step(state, heard, now)

    return replace(bot, step=step)
