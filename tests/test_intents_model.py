"""Learning, condensing and keeping: the laws that an answer's steadiness rests on."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import compiled, engine
from intents.build import SHAPE, WITHOUT_NEGATIVES, train_model, train_without_negatives
from intents.edges import sparing
from intents.evaluate import separation
from intents.model import Model
from intents.train import BACKGROUND, learn

FRUIT = [("苹果真甜", "fruit"), ("香蕉熟了", "fruit"), ("我要买苹果", "fruit"), ("香蕉多少钱", "fruit")]
TRAINS = [
    ("火车几点开", "train"),
    ("高铁晚点了", "train"),
    ("我要坐火车", "train"),
    ("高铁票多少钱", "train"),
]


def test_learns_to_tell_apart_what_it_was_shown() -> None:
    reader = engine.engine().reader
    texts, labels = zip(*FRUIT, *TRAINS, strict=True)
    model = train_model(reader, texts, labels, WITHOUT_NEGATIVES)
    for text, label in (*FRUIT, *TRAINS, ("苹果", "fruit"), ("火车", "train")):
        assert model.rank(reader.view(text).features).best[0][0] == label


def test_same_examples_same_model() -> None:
    rows = [["a", "b"], ["b", "c"], ["c", "d"], ["a", "d"]]
    labels = ["x", "y", "y", "x"]
    first, second = learn(rows, labels), learn(rows, labels)
    assert np.array_equal(first.weights, second.weights)
    assert first.features == second.features


def test_negatives_are_no_candidate_but_the_zero() -> None:
    reader = engine.engine().reader
    texts, labels = zip(*FRUIT, *((text, "out_of_scope") for text, _ in TRAINS), strict=True)
    model = train_model(reader, texts, labels, SHAPE)
    assert model.labels == ("fruit",)
    assert model.rank(reader.view("香蕉").features).inside
    assert not model.rank(reader.view("高铁几点").features).inside


@given(st.permutations(range(12)))
def test_the_order_of_features_never_matters(order: list[int]) -> None:
    ready = engine.engine()
    features = ready.reader.view("我要退火车票").features[:12]
    shuffled = [features[place] for place in order if place < len(features)]
    assert ready.intents.rank(shuffled) == ready.intents.rank(sorted(shuffled))


def test_reasons_are_words_that_the_message_has() -> None:
    ready = engine.engine()
    features = ready.reader.view("退款什么时候到账").features
    reasons = ready.intents.reasons(features, "refund_status")
    assert reasons[0][1] > 0
    assert all(part in features for part, _ in reasons)


def test_compiled_file_returns_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.bin"
    table = np.arange(12, dtype=np.int16).reshape(3, 4)
    compiled.write(path, compiled.Sections({"key": "k"}, {"t": ["一", "b c"], "none": []}, {"a": table}))
    back = compiled.read(path)
    assert back.notes == {"key": "k"}
    assert list(back.texts["t"]) == ["一", "b c"]
    assert list(back.texts["none"]) == []
    assert np.array_equal(back.arrays["a"], table)
    assert [each.name for each in path.parent.iterdir()] == ["x.bin"]


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw[:-1], lambda raw: b"x" + raw, lambda raw: raw[:20] + b"!" + raw[21:]]
)
def test_damaged_file_is_recognised(tmp_path: Path, spoil: object) -> None:
    path = tmp_path / "x.bin"
    compiled.write(path, compiled.Sections({"key": "k"}, {"t": ["一" * 50]}, {}))
    assert callable(spoil)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(compiled.CompiledError):
        compiled.read(path)


def test_the_shipped_engine_is_of_the_present_data() -> None:
    assert compiled.read(engine.SHIPPED).notes["key"] == engine.data_key(), "edited since: run `make data`"


def test_separation_is_the_chance_of_the_right_order() -> None:
    assert separation([(1.0, True), (0.0, False)]) == 1
    assert separation([(0.0, True), (1.0, False)]) == 0
    assert separation([(1.0, True), (1.0, False)]) == 0.5
    assert separation([(3, True), (2, False), (1, True), (0, False)]) == 0.75


def test_the_background_moves_no_plane_but_its_own() -> None:
    rows = [["a", "b"], ["b", "c"], ["c", "d"], ["a", "d"]]
    labels = ["x", "y", "y", "x"]
    alone = learn(rows, labels)
    told_apart = learn(rows, labels, [["a", "z"], ["z"]])
    assert told_apart.labels == ("x", "y", BACKGROUND)
    place = [told_apart.features.index(feature) for feature in alone.features]
    assert np.allclose(told_apart.weights[place, :2], alone.weights, atol=0.02)
    assert told_apart.weights[told_apart.features.index("z"), 2] > 0


def test_what_is_like_the_background_scores_lower() -> None:
    reader = engine.engine().reader
    texts, labels = zip(*FRUIT, *TRAINS, strict=True)
    plain = train_model(reader, texts, labels, WITHOUT_NEGATIVES)
    model = train_without_negatives(reader, texts, labels, engine.engine().background)

    def gap(trained: Model) -> float:
        known, strange = (reader.view(text).features for text in ("我要坐高铁", "人工客服在吗"))
        return trained.nearest(known, 1)[0][1] - trained.nearest(strange, 1)[0][1]

    assert gap(model) > gap(plain)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=60), st.floats(0, 0.5))
def test_a_sparing_edge_gives_up_no_more_than_its_share(scores: list[float], share: float) -> None:
    edge = sparing([("x", score) for score in scores], share)
    assert sum(score < edge for score in scores) <= share * len(scores)


def test_a_circumstance_told_beside_a_wish_is_not_asked_about() -> None:
    ready = engine.engine()
    assert ready.rank_text("帮我把高铁票退了，买的时候有退票险").best[0][0] == "request_refund"
    assert ready.rank_text("退票险能赔多少").best[0][0] == "ticket_insurance"
