"""What `tuidan misses` finds in stored conversations, how it groups it, and what it must not show."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.app import mind
from bot.insight.anonymous import anonymous
from bot.insight.groups import Group, groups
from bot.insight.misses import Miss, misses
from bot.messages import Update
from bot.privacy import mask
from bot.session import Session
from bot.store.protocol import Store
from bot.store.sqlite import SqliteStore
from intents.features import plain
from intents.normalise import normalise
from tests.desk import LI, Office
from tests.stored_talks import PRIVATE, TEXTS

NOW = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
INVOICE = ["能开发票吗", "可以开发票吗", "发票能不能开", "要开发票"]


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    store = SqliteStore(tmp_path / "tuidan.db")
    yield store
    store.close()


def say(store: Store, *texts: str, conversation: str = "a", minutes: int = 0) -> None:
    session = Session(store, mind())
    for number, text in enumerate(texts):
        now = NOW + timedelta(minutes=minutes + number)
        assert session.handle(Update(now.isoformat(), conversation, "anna", "test", text, now))


def note(store: Store, kind: str, minutes: int = 30, **data: Any) -> None:
    now = NOW + timedelta(minutes=minutes)
    with store.turn(Update(f"{kind}-{minutes}", "a", "anna", "test", "", now)) as tx:
        assert tx.conversation is not None
        tx.write(tx.conversation.state, [(kind, data)], [])


def missed(*texts: str) -> list[Miss]:
    return [Miss(NOW, text, "not_understood") for text in texts]


def texts(found: list[Group]) -> list[list[str]]:
    return [[wording.text for wording in group.wordings] for group in found]


def test_what_was_understood_is_no_miss(store: Store) -> None:
    say(store, "火车票380块明天下午四点发车，票不要了，在微信退要多少手续费", "不对，是后天", "谢谢", "傻逼")
    assert list(misses(store)) == []


def test_a_bare_answer_to_a_question_is_no_miss(store: Store) -> None:
    say(store, "我想退票", "火车票", "三百八", "明天下午四点")
    assert list(misses(store)) == []


def test_three_in_a_row_and_the_third_is_handed_over(store: Store) -> None:
    say(store, "今晚吃什么", "今天星期几", "讲个笑话")
    assert [(miss.text, miss.how) for miss in misses(store)] == [
        ("今晚吃什么", "not_understood"),
        ("今天星期几", "not_understood"),
        ("讲个笑话", "handed_over"),
    ]


def test_what_the_person_chose_right_after_is_told(store: Store) -> None:
    say(store, "今晚吃什么", "今天星期几", "2")
    first, second = misses(store)
    assert first.chosen is None
    assert second.chosen is not None


def test_the_staffs_first_words_after_it_are_its_answer(store: Store) -> None:
    say(store, "今晚吃什么", "今天星期几", "讲个笑话")
    note(store, "desk.agent_wrote", 30, text="我来看看，请打13812345678，订单 20260306123456789")
    note(store, "desk.agent_wrote", 31, text="办好了")
    note(store, "desk.closed", 40)
    say(store, "明天会下雨吗", minutes=60)
    note(store, "desk.closed", 70)
    note(store, "desk.agent_wrote", 80, text="另一件事")
    *three, last = misses(store)
    assert {miss.staff for miss in three} == {"我来看看，请打#，订单 #"}
    assert last.staff is None


def test_what_is_written_at_the_desk_itself_is_the_answer(tmp_path: Path) -> None:
    office = Office(tmp_path / "desk.db")
    say(office.store, "今晚吃什么", "今天星期几", "讲个笑话")
    office.desk.queue("a", "not_understood", office.later(minutes=5))
    office.desk.claim("a", LI, office.now)
    office.talk.agent_wrote("a", LI, "您是想退款吗？打我13812345678", office.now)
    assert {miss.staff for miss in misses(office.store)} == {"您是想退款吗？打我#"}
    office.store.close()


def test_a_message_that_was_edited_is_no_miss(store: Store) -> None:
    say(store, "今晚吃什么", "今天星期几")
    note(store, "shell.taken_back", turn=1)
    assert [miss.text for miss in misses(store)] == ["今晚吃什么"]


def test_since_leaves_out_what_was_before(store: Store) -> None:
    say(store, "今晚吃什么")
    say(store, "今天星期几", minutes=60)
    assert [miss.text for miss in misses(store, NOW + timedelta(minutes=30))] == ["今天星期几"]


def test_alike_messages_stand_together_and_the_most_frequent_first() -> None:
    found = groups(missed(*INVOICE, "几点下班", "你们几点下班啊", "能开发票吗", "讲个笑话"))
    assert texts(found)[0][0] == "能开发票吗"
    assert set(texts(found)[0]) == set(INVOICE)
    assert set(texts(found)[1]) == {"几点下班", "你们几点下班啊"}
    assert texts(found)[2] == ["讲个笑话"]
    assert [group.count for group in found] == [5, 2, 1]


def test_a_homophone_is_alike() -> None:
    assert len(groups(missed("能开发票吗", "能开发飘吗"))) == 1


@given(
    st.lists(st.sampled_from([*INVOICE, "几点下班", "讲个笑话", "666", "？？"]), max_size=20), st.randoms()
)
def test_the_order_in_which_messages_come_changes_nothing(said: list[str], chance: random.Random) -> None:
    found = groups(missed(*said))
    other = list(said)
    chance.shuffle(other)
    assert texts(groups(missed(*other))) == texts(found)
    assert sum(group.count for group in found) == len(said)
    assert len([text for group in texts(found) for text in group]) == len(set(said))


@given(TEXTS | PRIVATE | st.text())
@example("订单 A-20260306-77 尾号1234，打①③⑧①②③④⑤⑥⑦⑧")
@example("卡号6222 0212 3456 7890 123\u2028幺三八零零一三八零零零")
def test_no_figure_that_names_anybody_is_left(text: str) -> None:
    clean = anonymous(text)
    assert anonymous(clean) == clean
    assert mask(clean) == clean
    assert clean.isprintable()
    assert not re.search(r"\d{6}", clean)


@pytest.mark.parametrize(
    "text",
    ["我电话13812345678，退款", "订单20260306123456789到哪了", "尾号1234", "身份证11010519491231002X怎么填"],
)
def test_what_is_learned_of_is_what_the_message_itself_would_teach(text: str) -> None:
    assert plain(normalise(anonymous(text)).text) == plain(normalise(text).text)


def test_names_on_other_platforms_go() -> None:
    assert anonymous("加我微信zhangsan88，QQ 1234567") == "加我微信#，QQ 0"


@pytest.mark.parametrize(
    "text", ["380块", "2026-03-07的票", "12306退票", "8点半", "三百八十元", "iPhone 15", "refund please"]
)
def test_sums_times_and_hotlines_stay(text: str) -> None:
    assert anonymous(text) == text


def test_the_command(store: Store, tmp_path: Path) -> None:
    say(store, "今晚吃什么 我电话13812345678")
    command = [sys.executable, "-m", "bot", "misses", "--db", str(tmp_path / "tuidan.db")]
    told = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert told.splitlines()[0] == "1 messages not understood, in 1 groups"
    assert "今晚吃什么 我电话#" in told
    data = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert data["most_frequent"][0]["how"] == {"not_understood": 1}
    assert data["most_frequent"][0]["wordings"][0]["last"] == "2026-03-06T10:00:00+08:00"
