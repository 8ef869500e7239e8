"""Answers to questions: every claim is reached, every topic answered, every figure cited."""

import json
from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from intents import data_files
from knowledge.answers import Answer, answer, answers, check_answers
from knowledge.datafile import HOME, Finding
from knowledge.figures import figures

NOT_SERVICE = frozenset(
    "affirm deny stop restart greet thanks goodbye bot_help out_of_scope".split()  # noqa: SIM905 - reads better
)
TOPICS = {part.label: part.texts for part in data_files.topic_files()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The package's data, to be spoilt."""
    return Path(copytree(HOME.built_in, tmp_path / "data"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_answers_as_shipped_are_sound() -> None:
    assert check_answers(topics=TOPICS) == []


def test_every_service_intent_has_an_overview() -> None:
    service = {part.label for part in data_files.intent_files()} - NOT_SERVICE
    assert {f"about.{intent}" for intent in service} == {t for t in answers() if t.startswith("about.")}


def test_an_answer_is_found_by_its_topic_and_carries_its_claims() -> None:
    found = answer("train_fee_ladder")
    assert isinstance(found, Answer)
    assert found.cites[0] == "T2.1"
    assert all(figure in found.text for figure in ("48 小时", "15%", "50%"))
    assert answer("no_such_topic") is None


@pytest.mark.parametrize(
    "topic", ["scenic_fee_conflict", "movie_five_yuan", "domestic_settlement", "movie_review_time"]
)
def test_where_the_sources_contradict_each_other_the_answer_says_so(topic: str) -> None:
    found = answer(topic)
    assert found is not None
    assert any(word in found.text for word in ("对不上", "没写清", "说法不同"))


def test_questions_are_many_enough_and_belong_to_one_topic_each() -> None:
    everything = [text for texts in TOPICS.values() for text in texts]
    assert len(everything) == len(set(everything))
    assert {topic: len(texts) for topic, texts in TOPICS.items() if len(texts) < 13} == {}


def test_the_questions_kept_aside_are_not_trained_on(root: Path) -> None:
    lines = (root / "tests/messages/questions_aside.jsonl").read_text(encoding="utf-8").splitlines()
    aside = [json.loads(line) for line in lines]
    per_topic = Counter(item["topic"] for item in aside)
    trained = {text for texts in TOPICS.values() for text in texts}
    assert {item["text"] for item in aside} & trained == set()
    assert per_topic.keys() == TOPICS.keys()
    assert min(per_topic.values()) >= 3


@pytest.mark.parametrize(
    ("place", "old", "new", "says"),
    [
        ("train.yaml:0.text", "**15%**", "**25%**", "25%"),
        ("train.yaml:0.cites", "cites: [T2.1, T2.2]", "cites: [T2.1, T99.9]", "T99.9"),
        ("train.yaml:1.topic", "topic: train_offline_window", "topic: train_fee_ladder", "already"),
        ("train.yaml:0.name", "title: 火车票退票的阶梯", "name: 火车票退票的阶梯", "unknown key"),
        ("train.yaml:1.topic", "topic: train_offline_window", "topic: train_window", "no question"),
        ("delivery.yaml:5.text", "cites: [T3.5]", "cites: [T3.1]", "70%"),
    ],
)
def test_a_fault_is_named_by_file_line_and_key(
    folder: Path, place: str, old: str, new: str, says: str
) -> None:
    file, key = place.split(":")
    spoil(folder / "answers" / file, old, new)
    found = [fault for fault in check_answers(folder, TOPICS) if fault.key == key]
    assert [(Path(fault.file).name, says in fault.message) for fault in found] == [(file, True)]
    assert found[0].line > 1


def test_a_claim_that_no_answer_cites_is_named(folder: Path) -> None:
    spoil(folder / "answers" / "privacy.yaml", "cites: [T7.5]", "cites: [T7.4]")
    assert "no answer cites the claim T7.5" in messages(check_answers(folder))


def test_a_topic_without_an_answer_is_named(folder: Path) -> None:
    assert "this topic has no answer" in messages(check_answers(folder, {*TOPICS, "moon_landing"}))


def messages(found: list[Finding]) -> set[str]:
    return {fault.message for fault in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收 **15%**，成功率约七成", {"15%", "70%"}),
        ("48–24 小时、1 至 3 个工作日", {"48小时", "24小时", "1工作日", "3工作日"}),
        ("提前 20%–50%，12306 不算", {"20%", "50%"}),
        ("花一两分钟，充 100 扣 200", {"一两分钟", "100", "200"}),
        ("点一次就好", set()),
    ],
)
def test_figures_are_read_with_their_units(text: str, expected: set[str]) -> None:
    assert {str(figure) for figure in figures(text)} == expected
