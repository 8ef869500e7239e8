"""The figures: read over HTTP as Prometheus does, on this machine alone, and whether the service is stuck."""

from datetime import datetime
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.app import session_in_memory
from bot.errors import TuidanError
from bot.messages import Update
from bot.ops.metrics import STILL_ALIVE, Metrics, served
from bot.ops.turns import turn_taken


def read(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_what_was_counted_is_served(now: datetime) -> None:
    metrics = Metrics()
    session = session_in_memory()
    for number, text in enumerate(("你好", "我想取消送票", "转人工")):
        turn = session.handle(Update(str(number), "a", "a", "telegram", text, now))
        assert turn is not None
        turn_taken(metrics, "a", turn, 0.002)
    metrics.outbox_depth.set(4)
    with served(metrics, "127.0.0.1", 0) as port:
        status, text = read(port, "/metrics")
    assert status == 200
    for line in (
        'tuidan_turns_total{ends="talk"} 1.0',
        'tuidan_turns_total{ends="question"} 1.0',
        'tuidan_turns_total{ends="handoff"} 1.0',
        'tuidan_handoffs_total{reason="asked_for_person"} 1.0',
        'tuidan_turn_seconds_bucket{le="0.001"} 0.0',
        'tuidan_turn_seconds_bucket{le="0.0025"} 3.0',
        "tuidan_outbox_depth 4.0",
    ):
        assert line in text.splitlines()


def test_two_services_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.faults.inc()
    assert other.registry.get_sample_value("tuidan_faults_total") == 0


def test_a_service_that_stands_still_is_told() -> None:
    seconds = [0.0]
    metrics = Metrics(lambda: seconds[0])
    with served(metrics, "127.0.0.1", 0) as port:
        assert read(port, "/healthz") == (200, "OK\n")
        seconds[0] = STILL_ALIVE
        assert read(port, "/healthz") == (503, "Service Unavailable\n")
        metrics.beat()
        assert read(port, "/healthz")[0] == 200
        assert read(port, "/")[0] == 404
    with pytest.raises(OSError, match="refused"):
        read(port, "/healthz")


def test_a_port_that_is_taken_is_named() -> None:
    with (
        served(Metrics(), "127.0.0.1", 0) as port,
        pytest.raises(TuidanError, match=rf"TUIDAN_METRICS_PORT: 127\.0\.0\.1:{port}: "),
        served(Metrics(), "127.0.0.1", port),
    ):
        pass
