"""Whole messages understood: contrasts that must not blur, several wishes, and the measured bars."""

from datetime import datetime
from pathlib import Path

import pytest

from intents import data_files, engine, evaluate, understand

NOW = datetime.fromisoformat("2026-03-06T12:00:00+08:00")
MESSAGES = Path(__file__).parent / "messages"
HELD_ASIDE = MESSAGES / "held_aside.jsonl"
FRESH_ASIDE = MESSAGES / "fresh_aside.jsonl"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我要退款", "request_refund"),
        ("退款到哪一步了", "refund_status"),
        ("退票要扣多少钱", "fee_query"),
        ("退款金额不对，少了20块", "refund_amount_wrong"),
        ("取消按钮是灰的点不动", "cancel_failed"),
        ("取消按钮在哪里", "find_entry"),
        ("我要取消送票", "cancel_delivery"),
        ("转人工", "human_agent"),
        ("woyao tuikuan", "request_refund"),
        ("我要投訴你們", "complaint"),
        ("今天天气怎么样", "out_of_scope"),
        ("", "out_of_scope"),
        ("？？？", "out_of_scope"),
    ],
)
def test_plain_wishes(text: str, intent: str) -> None:
    assert understand(text, NOW).intent == intent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("我要退票", "我不退票了"),
        ("取消按钮在哪", "取消按钮点了没反应"),
        ("退款多久到账", "退款怎么少了"),
        ("改签要多少手续费", "帮我改签到明天"),
        ("商家不同意退款", "我要投诉这个商家"),
    ],
)
def test_contrasts(one: str, other: str) -> None:
    assert understand(one, NOW).intent != understand(other, NOW).intent


def test_two_wishes_in_their_order() -> None:
    heard = understand("帮我取消送票，另外问一下退票险怎么理赔", NOW)
    assert heard.wishes == ("cancel_delivery", "ticket_insurance")
    assert heard.intent == heard.ranking[0][0] == "cancel_delivery"


def test_ranking_holds_every_candidate_even_out_of_scope() -> None:
    heard = understand("今天天气怎么样", NOW)
    assert heard.wishes == ()
    assert {label for label, _ in heard.ranking} == set(engine.engine().intents.labels)


def test_same_words_same_understanding() -> None:
    text = "昨天申请的退款怎么还没到 tuikuan 380块"
    assert understand(text, NOW) == understand(text, NOW)


def test_bars_on_messages_of_other_writers() -> None:
    report = evaluate.evaluate(engine.engine(), evaluate.read([HELD_ASIDE]))
    assert report.in_scope.share >= 0.92
    assert min(share.share for share in report.voices.values()) >= 0.9
    assert report.rejected.share >= 0.9
    assert report.separation >= 0.98
    assert report.separation_by_confidence >= 0.98


def test_bars_on_messages_by_kind_of_writer() -> None:
    report = evaluate.evaluate(engine.engine(), evaluate.read([FRESH_ASIDE]))
    assert report.in_scope.share >= 0.92
    assert report.rejected.share >= 0.9


def test_the_messages_kept_aside_are_not_trained_on() -> None:
    trained = {text for part in data_files.intent_files() for text in part.texts}
    assert {message.text for message in evaluate.read([HELD_ASIDE, FRESH_ASIDE])} & trained == set()
