"""The log: what happened and in which conversation; never what anybody wrote, nor a secret.

A line holds fields of the closed list below, masked and short. Another field leaves only its name, a fault
only its type and place, a line of another library only its template: any of them may quote a message.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from bot.config import clock
from bot.privacy import mask, pseudonym

NAMES = frozenset({"conversation", "person"})
"""Fields that name somebody: shown as they are stored."""
FIELDS = NAMES | {
    *("agent", "asks", "attempts", "chat", "command", "count", "depth", "epoch", "error", "from_state"),
    *(
        "handoff",
        "host",
        "intent",
        "kind",
        "library",
        "number",
        "path",
        "port",
        "reason",
        "replies",
        "seconds",
    ),
    *("seq", "signal", "state", "template", "topic", "update", "verdict", "version", "wait"),
}
"""Names, numbers and the project's own words. `error`: what the Bot API or the database complains of."""
LONGEST = 200
"""Characters of a value."""
HIDDEN = "••••"
_EVENT = re.compile(r"[a-z][a-z0-9_.]{0,59}", re.ASCII)
_BOT_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_OWN = frozenset({"at", "fault", "where"})
"""Fields that the pipeline alone fills in."""


def logger() -> FilteringBoundLogger:
    """Where to log: `logger().info("turn.taken", conversation=…)`; `bind` names what several lines share."""
    log: FilteringBoundLogger = structlog.get_logger()
    return log


def set_up(
    style: Literal["console", "json"],
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    now: Callable[[], datetime] = clock,
) -> None:
    """Log to `stream` (stderr if None) from here on; `secrets` are hidden wherever they occur.

    What other libraries log as warnings or worse, and a fault that nobody caught, goes the same way.
    """
    sink = stream or sys.stderr
    structlog.configure(
        processors=pipeline(style, tuple(secrets), now, colours=sink.isatty()),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sink),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [OtherLibraries(logging.WARNING)]
    root.setLevel(logging.WARNING)
    sys.excepthook = _uncaught


def pipeline(
    style: Literal["console", "json"],
    secrets: tuple[str, ...],
    now: Callable[[], datetime],
    *,
    colours: bool = False,
) -> list[Processor]:
    """What every line goes through, in this order."""
    return [
        structlog.processors.add_log_level,
        _Stamp(now),
        fault_without_words,
        only_known_fields,
        _Clean(secrets),
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=colours, timestamp_key="at", sort_keys=True),
    ]


class _Stamp:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def __call__(self, _: WrappedLogger, __: str, line: EventDict) -> EventDict:
        at = self._now().isoformat(timespec="milliseconds")
        return {"at": at, **{key: value for key, value in line.items() if key not in _OWN}}


def fault_without_words(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """A fault's type and where it was raised, innermost place first; its text may quote a message."""
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["fault"], line["where"] = type(error).__name__, _places(error.__traceback__)
    return line


def _places(trace: TracebackType | None) -> str:
    places: list[str] = []
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-8:]))


def only_known_fields(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The fields of the closed list; of others only that they were there."""
    kept = {key: value for key, value in line.items() if key in FIELDS | _OWN | {"level", "event"}}
    if not _EVENT.fullmatch(str(line["event"])):
        kept["event"] = "unnamed"
    if left_out := sorted(str(key) for key in line.keys() - kept.keys() if _EVENT.fullmatch(str(key))):
        kept["left_out"] = " ".join(left_out)
    return kept


class _Clean:
    """Strings masked, on one line, short and without secrets; all else but numbers by its type only."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = [secret for secret in sorted(secrets, key=len, reverse=True) if secret]

    def __call__(self, _: WrappedLogger, __: str, line: EventDict) -> EventDict:
        return {key: self._value(key, value) for key, value in line.items()}

    def _value(self, key: str, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if not isinstance(value, str):
            return f"<{type(value).__name__}>"
        if key == "at":
            return value
        for secret in self._secrets:
            value = value.replace(secret, HIDDEN)
        value = _BOT_TOKEN.sub(HIDDEN, value)
        value = pseudonym(value) if key in NAMES else mask(value)
        value = _CONTROL.sub(" ", value)
        return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"


class OtherLibraries(logging.Handler):
    """Takes what other libraries log, without what was filled in: that may be a message or an address."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line on."""
        template = record.msg if record.args and isinstance(record.msg, str) else None
        fields = {"library": record.name, "path": f"{record.filename}:{record.lineno}", "template": template}
        write = logger().error if record.levelno >= logging.ERROR else logger().warning
        write("library", exc_info=record.exc_info, **fields)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logger().critical("service.fault", exc_info=(kind, error, trace))
