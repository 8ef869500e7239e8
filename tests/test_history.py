"""Stored conversations, run again: no difference where nothing is different, each where something is."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import mind
from bot.dialogue.state import State
from bot.dialogue.turn import Heard, Reply, Turn
from bot.replay.difference import Difference
from bot.replay.history.again import Rerun, run_again
from bot.replay.history.found import BLURRED
from bot.replay.history.load import run_batch
from bot.session import Mind, Session
from bot.store.sqlite import SqliteStore
from tests.history.lead import history, lead
from tests.history.persons import ORDERS, Message
from tests.history.strategies import CONVERSATIONS


@pytest.fixture(scope="module")
def bot() -> Mind:
    return mind()


def no_difference(bot: Mind, conversations: Iterable[list[Message]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "h.db")) as store:
        store._db.conn.execute("PRAGMA synchronous = OFF")
        store.save_orders(ORDERS)
        session = Session(store, bot)
        for number, messages in enumerate(conversations):
            lead(session, f"c{number}", messages)
        for conversation in store.conversations():
            rerun = run_again(conversation, store, bot)
            assert rerun.changed == []
            assert rerun.left_out.keys() <= {BLURRED}


@settings(max_examples=25)
@given(st.lists(CONVERSATIONS, min_size=1, max_size=3))
def test_what_this_very_code_has_stored_shows_no_difference(
    bot: Mind, conversations: list[list[Message]]
) -> None:
    no_difference(bot, conversations)


@pytest.mark.slow
@settings(max_examples=1_500)
@given(st.lists(CONVERSATIONS, min_size=1, max_size=3))
def test_nor_do_many_more_conversations(bot: Mind, conversations: list[list[Message]]) -> None:
    no_difference(bot, conversations)


def conversation(store: SqliteStore, bot: Mind, *texts: str) -> Rerun:
    """What is found where these were said and stored by the built-in bot, and `bot` is today's."""
    store.save_orders(ORDERS)
    lead(Session(store, mind()), "c1", [Message(text) for text in texts])
    (stored,) = store.conversations()
    return run_again(stored, store, bot)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "h.db")) as opened:
        yield opened


def altered(bot: Mind, alter: Callable[[Turn], Turn]) -> Mind:
    """The bot, answering otherwise."""

    def step(state: State, heard: Heard, now: datetime) -> Turn:
        return alter(bot.step(state, heard, now))

    return replace(bot, step=step)


def dearer(turn: Turn) -> Turn:
    if turn.outcome is None or turn.outcome.fee is None:
        return turn
    return replace(turn, outcome=replace(turn.outcome, fee=turn.outcome.fee + 1))


def louder(turn: Turn) -> Turn:
    return replace(turn, replies=tuple(Reply(f"{reply.text}！", reply.buttons) for reply in turn.replies))


def test_money_counts_in_the_answer_to_a_masked_message(store: SqliteStore, bot: Mind) -> None:
    rerun = conversation(store, altered(bot, dearer), "你好", "退票，订单号TK2603070001，尾号8001", "谢谢")
    (changed,) = rerun.changed
    assert (changed.turn, changed.user) == (2, "退票，订单号TK2603070001，尾号****")
    assert changed.differences == (Difference("money", "outcome.fee", "57.00", "58.00"),)


def test_wording_does_not_where_it_may_hang_on_what_was_masked(store: SqliteStore, bot: Mind) -> None:
    rerun = conversation(store, altered(bot, louder), "你好", "退票，订单号TK2603070001，尾号8001", "谢谢")
    assert [(changed.turn, changed.after_a_change) for changed in rerun.changed] == [(1, False), (3, True)]
    assert (rerun.turns, rerun.left_out) == (3, {})


def test_marks_that_a_person_wrote_are_their_own_words(store: SqliteStore, bot: Mind) -> None:
    rerun = conversation(store, altered(bot, louder), "[手机号]", "****")
    assert [changed.turn for changed in rerun.changed] == [1, 2]


def test_a_sum_written_like_the_hidden_digits_is_no_difference(store: SqliteStore, bot: Mind) -> None:
    rerun = conversation(store, bot, "退火车票", "尾号1000，1000块", "明天下午四点", "微信", "不清楚")
    assert (rerun.turns, rerun.changed, rerun.left_out) == (5, [], {})


def test_digits_that_were_refused_are_not_those_remembered(store: SqliteStore, bot: Mind) -> None:
    mine, refused = "我手机号13000000000", "退款到哪了，订单TK2603060041，尾号6041"
    rerun = conversation(
        store, bot, "13800138000", "13800138000", "超时40分钟了", mine, refused, mine, "13800138000"
    )
    assert (rerun.turns, rerun.changed, rerun.left_out) == (7, [], {})


def test_digits_that_are_no_sum_stay_none(store: SqliteStore, bot: Mind) -> None:
    rerun = conversation(store, bot, "没实名能退吗", "尾号0172", "0172吧", "没实名能退吗")
    assert (rerun.turns, rerun.changed, rerun.left_out) == (4, [], {})


def test_little_is_left_out_for_its_masks(tmp_path: Path, bot: Mind) -> None:
    history(tmp_path / "h.db", 60, bot)
    with closing(SqliteStore(tmp_path / "h.db", read_only=True)) as store:
        batch = run_batch([each.id for each in store.conversations()], store, bot)
    assert batch.changed == ()
    assert sum(turns for _, turns in batch.left_out.values()) < 0.05 * batch.turns
