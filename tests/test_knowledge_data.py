"""The data files: proven as they are, and refused with file, line and key when they are wrong."""

import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import knowledge
from knowledge.conditions import parse_interval
from knowledge.datafile import DataError

DATA = Path(knowledge.__file__).parent / "data"
ROOT = Path(__file__).parent.parent
NOW = datetime.fromisoformat("2026-03-06T04:00:00+08:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(path: Path, old: str, new: str) -> int:
    """Exchanges the first `old` for `new`; returns the line on which it stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_our_own_data_are_proven() -> None:
    assert knowledge.check() == []


def test_all_claims_are_there_in_our_words() -> None:
    claims = knowledge.claims()
    assert len(claims) == 104
    assert {claim.source for claim in claims.values()} == {
        "《微信购票取消送票》",
        "《卡盟虚拟商品订单取消》",
        "《微信电影小程序退款流程》",
        "《万福卡盟订单取消》",
    }
    assert "15%" in claims["T2.1"].text


def test_the_page_of_rules_is_fresh() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == knowledge.render_rules_md(
        knowledge.load()
    )


TRAIN = "tables/train_ticket.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "message"),
    [
        (TRAIN, 'when: {lead: ">= 48h"}', 'when: {lead: ">>= 48h"}', "rows.0.when.lead", "cannot read"),
        (TRAIN, 'when: {lead: ">= 48h"}', 'when: {lead: ">= 48"}', "rows.0.when.lead", "a unit"),
        (TRAIN, 'when: {lead: ">= 48h"}', 'when: {lead: ">= 48h, < 2h"}', "rows.0.when.lead", "nothing lies"),
        (TRAIN, 'when: {lead: ">= 48h"}', 'when: {load: ">= 48h"}', "rows.0.when.load", "no column 'load'"),
        (TRAIN, "verdict: allowed", "verdict: maybe", "rows.0.verdict", "'allowed'"),
        (TRAIN, "verdict: allowed", "verdict: yes", "rows.0.verdict", "'allowed'"),
        (TRAIN, "    verdict: allowed", "    verdickt: allowed", "rows.0.verdickt", "unknown key"),
        (TRAIN, "rate: 15%", "rate: 0.15", "rows.1.charges.0.rate", "percentage"),
        (TRAIN, "rate: 15%", "rate: 150%", "rows.1.charges.0.rate", "between"),
        (TRAIN, "cites: [T2.1]", "cites: [T2.99]", "rows.0.cites", "no claim 'T2.99'"),
        (TRAIN, "title: 火车票退票", "title: no", "title", "quotes"),
        (
            TRAIN,
            "product: train_ticket}",
            "product: tram_ticket}",
            "applies.0.product",
            "'tram_ticket' is none of",
        ),
        (TRAIN, "fee_query", "fee_questions", "applies.0.wish", "no wish"),
        (TRAIN, "columns: [lead]", "columns: [lead, amount]", "columns", "no row reads"),
        ("tables/movie_code.yaml", "draft: ask_counter", "draft: ask_mum", "rows.0.draft", "no draft"),
        (
            "tables/delivery.yaml",
            "delivery_status: none",
            "delivery_status: no",
            "rows.0.when.delivery_status",
            "quotes",
        ),
        (
            "wishes.yaml",
            "silent: {pay_channel: unknown}",
            "silent: {pay_chanel: unknown}",
            "assume",
            "no column",
        ),
        ("columns.yaml", "kind: choice", "kind: choices", "product.kind", "'choice'"),
        ("drafts.yaml", "{order_id}", "{order_no}", "cancel_goods", "no blank"),
        ("claims.yaml", "kind: rule", "kind: rules", "0.kind", "'rule'"),
        ("claims.yaml", "id: T0.2", "id: T0.1", "1.id", "twice"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_key(
    folder: Path, file: str, old: str, new: str, *, key: str, message: str
) -> None:
    line = edit(folder / file, old, new)
    with pytest.raises(DataError) as caught:
        knowledge.load(folder)
    found = caught.value.findings[0]
    assert found.file == str(folder / file)
    assert found.line == line
    assert key in found.key
    assert message in found.message
    assert found in knowledge.check(folder)


NEVER_HOLDS = "when: {order_status: closed, product: show_ticket}"
UNCITED = "- {id: W5.2, source: x, section: x, kind: fact, text: 谁也没有引用}\n- id: W5.1"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (TRAIN, '">= 24h, < 48h"', '">= 24h, <= 48h"', "overlaps the row 'free'"),
        (TRAIN, '">= 24h, < 48h"', '">= 30h, < 48h"', "no row for"),
        (TRAIN, "rate: 15%", "rate: 75%", "cheaper than 'low'"),
        (TRAIN, "bill: own\n", "", "must say its `bill`"),
        ("tables/goods.yaml", "when: {order_status: closed}", NEVER_HOLDS, "can never hold"),
        ("claims.yaml", "- id: W5.1", UNCITED, "no answer cites"),
        (TRAIN, "title: 火车票退票", "title: 火车票退票\ntitle: 又一个", "here twice"),
        (TRAIN, "order: 20", "order: 20\nsince: 2026-01-01", "has no `since`"),
        (TRAIN, "rate: 15%", "rate: 16%", "16%"),
        ("tables/movie_ticket.yaml", "rate: 100%}]\n    final: true", "rate: 100%}]", "more than was paid"),
        ("answers/train.yaml", "cites: [", "cites: [T2.99, ", "no claim T2.99"),
        (TRAIN, "发车前 6 小时内，有的", "发车前 5 小时内，有的", "5小时"),
    ],
)
def test_what_cannot_be_proven_is_found(folder: Path, file: str, old: str, new: str, message: str) -> None:
    edit(folder / file, old, new)
    assert any(message in found.message for found in knowledge.check(folder)), knowledge.check(folder)


def test_no_yaml_is_reported_with_its_line(folder: Path) -> None:
    edit(folder / TRAIN, "columns: [lead]", "columns: [lead")
    found = knowledge.check(folder)
    assert [f.file for f in found] == [str(folder / TRAIN)]
    assert found[0].line > 1


def test_an_order_is_judged_by_the_version_in_force_when_it_was_paid(folder: Path) -> None:
    text = (folder / TRAIN).read_text(encoding="utf-8")
    newer = text.replace("order: 20", "order: 20\nsince: 2026-03-01").replace("15%", "50%")
    (folder / "tables/train_ticket_2026.yaml").write_text(newer, encoding="utf-8")
    assert knowledge.check(folder) == []
    book = knowledge.load(folder)
    slots = {"product": "train_ticket", "amount": "100.00", "event_time": "2026-03-07T10:00:00+08:00"}

    def fee(paid: date | None) -> Decimal | None:
        found = book.decide(knowledge.Case("request_refund", slots, rules_as_of=paid), NOW)
        assert isinstance(found, knowledge.Outcome)
        return found.fee

    assert [fee(date(2026, 2, 28)), fee(date(2026, 3, 1)), fee(None)] == [15, 50, 50]


def test_a_new_row_brings_its_own_question(folder: Path) -> None:
    edit(folder / "tables/coupon.yaml", "rows:\n", "columns: [product]\nrows:\n")
    path = folder / "tables/coupon.yaml"
    text = path.read_text(encoding="utf-8")
    tail = text[text.index("  - row: depends") :]
    others = "train_ticket, scenic_ticket, show_ticket, flight_ticket, virtual_goods, physical_goods"
    first = tail.replace("    verdict:", f"    when: {{product: [{others}]}}\n    verdict:")
    second = tail.replace("    verdict:", "    when: {product: movie_ticket}\n    verdict:")
    second = second.replace("row: depends", "row: movie").replace("verdict: unknown", "verdict: denied")
    path.write_text(text.replace(tail, first + second), encoding="utf-8")
    assert knowledge.check(folder) == []
    found = knowledge.load(folder).decide(knowledge.Case("coupon_refund"), NOW)
    assert isinstance(found, knowledge.Ask)
    assert found.slot == "product"


@pytest.mark.parametrize("text", ["48h", ">= h", "=> 48h", ">= 48 weeks", "< 1h, < 2h", "", ">= 1h and < 2h"])
def test_conditions_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_interval(text, "lead")


def test_outcomes_as_json() -> None:
    slots = {"product": "train_ticket", "amount": "380.00", "event_time": "2026-03-07T10:00:00+08:00"}
    found = knowledge.decide(knowledge.Case("request_refund", {**slots, "pay_channel": "wechat"}), NOW)
    assert isinstance(found, knowledge.Outcome)
    shown = knowledge.outcome_to_json(found)
    assert shown["fee"] == "57.00"
    assert shown["refund"] == "323.00"
    assert shown["fee_rate"] == "0.15"
    assert shown["next_change"] == {"at": "2026-03-06T10:00:00+08:00", "fee": "190.00"}
    assert shown["eta"] == {
        "working_days": [1, 3],
        "from": "2026-03-06",
        "earliest": "2026-03-09",
        "latest": "2026-03-11",
        "overdue": 0,
        "approximate": False,
    }
    ranged = knowledge.decide(knowledge.Case("request_refund", {**slots, "event_time": "unknown"}), NOW)
    assert isinstance(ranged, knowledge.Outcome)
    assert knowledge.outcome_to_json(ranged)["fee_range"] == ["0.00", "190.00"]
