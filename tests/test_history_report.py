"""A run over a whole database: what it says, how it ends, and what it leaves behind."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.app import mind
from bot.cli import commands
from bot.cli.history import replay_stored
from bot.errors import TuidanError
from bot.session import Session
from bot.store.sqlite import SqliteStore
from tests.history.lead import lead
from tests.history.persons import NOW, ORDERS, Message
from tests.history.runs import found, rules_with, run

ORDERED = ["你好", "订单号TK2603070001", "8001", "退票", "谢谢"]
CASE = ["我想退火车票", "380块，后天上午十点发车", "微信付的", "依据"]


def stored(path: Path, conversations: dict[str, list[str]], now: datetime = NOW) -> Path:
    """A database in which these were said."""
    with closing(SqliteStore(path)) as store:
        store.save_orders(ORDERS)
        session = Session(store, mind())
        for name, texts in conversations.items():
            lead(session, name, [Message(text) for text in texts], now)
    return path


def changed_by_sql(path: Path, *statements: str) -> None:
    """What happens to a database besides turns."""
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return stored(
        tmp_path / "h.db",
        {"c1": CASE, "c2": ORDERED, "c3": ["谢谢"]},
    )


def test_where_nothing_has_changed_nothing_is_told(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replay_stored(database, fail_on="money,text") == 0
    out, err = capsys.readouterr()
    assert out == (
        "of 10 turns: 0 change money, 0 change verdict, 0 change hand-off, 0 change intent,"
        " 0 change slots, 0 change asks, 0 change citations, 0 change text\n"
    )
    assert err == ""


def test_a_changed_figure_is_told_with_its_turn_money_first(database: Path, tmp_path: Path) -> None:
    dearer = rules_with(tmp_path / "dearer", ("train_ticket", "rate: 15%", "rate: 16%"))
    done = run(database, data=str(dearer), fail_on="verdict,handoff")
    assert (done.returncode, done.stderr) == (0, "")
    first, _, title, place, user, *rest = done.stdout.splitlines()
    sums = "of 10 turns: 3 change money, 0 change verdict, 0 change hand-off, 0 change intent"
    assert first.startswith(sums)
    assert title == "3 turns change money (1 after a change)"
    assert (place, user) == ("  c1, turn 2, 2026-03-06T04:02:00+08:00", "    › 380块，后天上午十点发车")
    assert '    outcome.fee: "57.00" → "60.80"' in rest
    assert "  c2, turn 4, 2026-03-06T04:04:00+08:00" in rest
    assert rest.index("  c1, turn 3, 2026-03-06T04:03:00+08:00, after a change") > rest.index("    › 退票")
    assert run(database, data=str(dearer), fail_on="handoff, money").returncode == 1


@pytest.mark.slow
def test_one_process_or_two_say_the_same(tmp_path: Path) -> None:
    many = stored(tmp_path / "h.db", {f"c{number:03}": ORDERED[: 1 + number % 5] for number in range(90)})
    dearer = str(rules_with(tmp_path / "dearer", ("train_ticket", "rate: 15%", "rate: 16%")))
    alone, both = (run(many, data=dearer, jobs=jobs, as_json=True).stdout for jobs in (1, 2))
    assert alone == both
    told = json.loads(alone)
    assert told["turns"] == sum(1 + number % 5 for number in range(90))
    assert told["layers"]["money"] == {"turns": 36, "after_a_change": 0}
    assert len([turn for turn in told["shown"] if turn["differences"]]) == told["shown_at_most"]
    lines = Path(told["all_in"]).read_text("utf-8").splitlines()[1:]
    assert sum(len(json.loads(line)["changed"]) for line in lines) == told["changed"], "the file has all"


def test_the_database_is_only_read_while_the_bot_goes_on(database: Path) -> None:
    def content() -> str:
        return sha256(database.read_bytes()).hexdigest()

    before = content()
    with closing(SqliteStore(database)) as running:
        assert found(database)["turns"] == 10
        lead(Session(running, mind()), "c4", [Message("你好")])
        assert found(database)["turns"] == 11
    changed_by_sql(database, "DELETE FROM conversations WHERE id = 'c4'")
    assert content() != before
    before = content()
    found(database)
    assert content() == before


def test_since_a_day_counts_by_last_use(database: Path) -> None:
    stored(database, {"c9": ["你好"]}, NOW + timedelta(days=3))
    assert found(database, since="2026-03-08")["conversations"] == 1
    assert found(database, since="2026-03-06T04:03:30+08:00")["turns"] == 4 + 5 + 1
    assert found(database, since="2026-03-10")["turns"] == 0


def test_what_begins_in_the_middle_is_left_out(database: Path) -> None:
    """The first turns were purged; a talk used since keeps its later ones."""
    with closing(SqliteStore(database)) as store:
        store.purge(NOW + timedelta(minutes=3))
    told = found(database)
    assert told["left_out"] == {"the beginning is lost": {"conversations": 2, "turns": 2 + 3}}
    assert told["turns"] == told["changed"] == 0


def test_after_a_dropped_state_the_talk_is_run_from_there(tmp_path: Path) -> None:
    database = stored(tmp_path / "h.db", {"c1": CASE[:2]})
    changed_by_sql(database, """UPDATE conversations SET state = '{"of_another_version": 1}'""")
    with closing(SqliteStore(database)) as store:
        session = Session(store, mind())
        lead(session, "c1", [Message("")] * 2 + [Message(text) for text in ("退票", "火车票")])
        kinds = [event.kind for event in store.events("c1")]
        assert "shell.state_dropped" in kinds
    told = found(database)
    assert (told["turns"], told["changed"], told["left_out"]) == (4, 0, {})


def test_an_order_that_is_gone_from_the_shop_is_still_the_one_that_was_shown(database: Path) -> None:
    changed_by_sql(database, "DELETE FROM orders", "DELETE FROM order_locks")
    assert found(database)["changed"] == 0


def test_where_an_old_event_lacks_the_order_the_shop_is_asked(database: Path) -> None:
    changed_by_sql(
        database,
        "DROP TRIGGER events_are_not_rewritten",
        "UPDATE events SET data = json_remove(data, '$.order') WHERE kind = 'shell.order_lookup'",
    )
    assert found(database)["changed"] == 0
    changed_by_sql(database, "DELETE FROM orders")
    told = found(database)
    assert told["changed"] == 0
    assert told["left_out"] == {
        "an order that was shown is not kept any more": {"conversations": 1, "turns": 3}
    }


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"fail_on": "money,weather"}, "no layer is called weather; there are money, verdict, handoff"),
        ({"fail_on": ""}, "no layer is called"),
        ({"since": "yesterday"}, "--since: not an ISO 8601 time"),
        ({"resume": True}, r"nothing to go on with: there is no .*h\.db\.replay"),
        ({"progress": Path("/nowhere/file")}, "cannot write the progress file /nowhere/file"),
        ({"data": Path("/nowhere")}, "there is no such folder"),
    ],
)
def test_what_cannot_be_is_a_named_fault(database: Path, options: dict[str, object], fault: str) -> None:
    with pytest.raises(TuidanError, match=fault):
        replay_stored(database, **options)  # type: ignore[arg-type]  # the options differ in type


def test_no_database_is_a_named_fault_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(TuidanError, match=r"there is no database at .*none\.db"):
        replay_stored(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_something_else_is_not_written_over(database: Path, tmp_path: Path) -> None:
    mine = tmp_path / "notes.txt"
    mine.write_text("my notes")
    for resume in (False, True):
        with pytest.raises(TuidanError, match=r"notes\.txt is no progress file"):
            replay_stored(database, progress=mine, resume=resume)
    with pytest.raises(TuidanError, match=r"h\.db is no progress file"):
        replay_stored(database, progress=database)
    assert mine.read_text() == "my notes"


def test_the_progress_file_is_for_nobody_else(database: Path) -> None:
    found(database)
    assert database.with_name("h.db.replay").stat().st_mode & 0o077 == 0


def test_who_is_forgotten_is_so_in_the_progress_file_too(database: Path) -> None:
    for arguments in (["forget", "person of c1"], ["purge", "--older-than", "90d"]):
        found(database)
        file = database.with_name("h.db.replay")
        assert file.exists()
        assert commands.run([*arguments, "--db", str(database)]) == 0
        assert not file.exists()
