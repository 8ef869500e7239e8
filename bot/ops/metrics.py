"""What the service counts and measures, and where Prometheus reads it. No label names a person."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

from bot.errors import TuidanError

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of what is measured: a turn takes about a millisecond, Telegram's pace up to half a minute."""
STILL_ALIVE = 60.0
"""Seconds without a beat after which the service counts as stuck."""


_LOOKS = 0.1
"""Seconds between two looks whether the serving is to end."""


class Metrics:
    """The figures of one service, in a registry of their own."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells seconds on a clock that never goes back."""
        self.registry = CollectorRegistry()
        self._now = now
        self._last_beat = now()
        self.updates = self._counter("updates", "What Telegram delivered.", ["kind"])
        """By kind: message, edited, button, other, repeated."""
        self.turns = self._counter("turns", "Turns of the dialogue.", ["ends"])
        """By what they end with: outcome, question, handoff, talk."""
        self.turn_seconds = self._histogram("turn_seconds", "A turn with its commit.")
        self.answer_seconds = self._histogram(
            "answer_seconds", "From an update to the reply's first request."
        )
        self.outbox_depth = self._gauge("outbox_depth", "Messages that wait to be sent.")
        self.inbox_depth = self._gauge("inbox_depth", "Updates that wait for their turn.")
        self.sent = self._counter("sent", "Messages that reached Telegram.", ["target"])
        """By target: person, staff."""
        self.retries = self._counter("retries", "Requests that were put off.", ["why"])
        """By why: too_many, again."""
        self.undelivered = self._counter("undelivered", "Messages that were given up.", ["why"])
        """By why: blocked, refused."""
        self.handoffs = self._counter("handoffs", "Conversations handed to staff.", ["reason"])
        self.claims = self._counter("claims", "Staff who took a conversation, or came too late.", ["ends"])
        """By end: won, lost."""
        self.refused = self._counter("refused_actions", "Staff's actions by somebody who is none.")
        self.faults = self._counter("faults", "Faults of the program, each with a line in the log.")

    def beat(self) -> None:
        """The service's main loop has come round."""
        self._last_beat = self._now()

    def alive(self) -> bool:
        """Whether it came round lately."""
        return self._now() - self._last_beat < STILL_ALIVE

    def _counter(self, name: str, text: str, labels: Iterable[str] = ()) -> Counter:
        return Counter(f"tuidan_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"tuidan_{name}", text, registry=self.registry)

    def _histogram(self, name: str, text: str) -> Histogram:
        return Histogram(f"tuidan_{name}", text, registry=self.registry, buckets=SECONDS)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the library's name
        """A line for every look at the figures would drown the log."""


@contextmanager
def served(metrics: Metrics, host: str, port: int) -> Iterator[int]:
    """`/metrics` and `/healthz` on that port (0: any that is free), from a thread, until the block ends.

    Gives the port. TuidanError where it cannot be had.
    """
    try:
        server = make_server(host, port, _pages(metrics), _Server, _Quiet)
    except OSError as error:
        raise TuidanError(f"TUIDAN_METRICS_PORT: {host}:{port}: {error.strerror or error}") from error
    thread = threading.Thread(target=server.serve_forever, args=(_LOOKS,), name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _pages(metrics: Metrics) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    figures = make_wsgi_app(metrics.registry)

    def pages(request: dict[str, Any], start: Any) -> Iterable[bytes]:
        if request["PATH_INFO"] == "/metrics":
            shown: Iterable[bytes] = figures(request, start)
            return shown
        if request["PATH_INFO"] != "/healthz":
            status = HTTPStatus.NOT_FOUND
        else:
            status = HTTPStatus.OK if metrics.alive() else HTTPStatus.SERVICE_UNAVAILABLE
        start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"{status.phrase}\n".encode()]

    return pages
