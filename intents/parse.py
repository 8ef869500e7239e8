"""JSON lines in, JSON lines out: the engine for other programs."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import orjson

from intents.engine import engine
from intents.features import Reader
from intents.loading import uncollected
from intents.model import OUT_OF_SCOPE, Model
from intents.normalise import normalise
from intents.pipeline import answer, understand
from intents.understanding import as_json

HOME = ZoneInfo("Asia/Shanghai")
OWN_EDGE = -0.2
"""The raw score from which on a message is in scope, where a file has too few negatives to find it from them:
below their plane, since a wish is lost more surely by a few examples than a negative is let in."""
SELDOM = 20_000
"""New objects between two runs of the collector."""
Parse = Callable[[str, datetime], Mapping[str, Any]]


class ExamplesError(ValueError):
    """A file of examples cannot be used; says where and why."""


def run(
    examples: Path | None, source: BinaryIO = sys.stdin.buffer, target: BinaryIO = sys.stdout.buffer
) -> None:
    """Answer every line with one line. Raises ExamplesError, DataFileError, OSError."""
    with uncollected():
        parse = own_data(examples) if examples else ready()
    gc.freeze()  # what is loaded stays; the collector need not look through it again,
    gc.set_threshold(SELDOM)  # and a message leaves little behind that it would find
    for line in lines(source, parse):
        target.write(line)
        target.flush()


def lines(source: Iterable[bytes], parse: Parse) -> Iterator[bytes]:
    """One answer a line; a line that is no request is answered by its error."""
    for line in source:
        try:
            text, now = _request(line)
        except ValueError as fault:
            yield orjson.dumps({"error": str(fault)}, option=orjson.OPT_APPEND_NEWLINE)
            continue
        yield orjson.dumps(parse(text, now), option=orjson.OPT_APPEND_NEWLINE)


def ready() -> Parse:
    """A parser by the examples that ship with the package, loaded. Raises DataFileError."""
    engine()
    return built_in


def built_in(text: str, now: datetime) -> dict[str, Any]:
    """A message by the examples that ship with the package."""
    heard = understand(text, now)
    return {
        "text": text,
        "intent": heard.intent,
        "confidence": heard.confidence,
        "ranking": heard.ranking,
        "slots": as_json({name: slot.value for name, slot in heard.slots.items()}),
        "tokens": heard.tokens,
    }


def own_data(path: Path) -> Parse:
    """A parser that ranks by the examples of a file of JSON lines. Raises ExamplesError, OSError."""
    from intents import build  # noqa: PLC0415 - the built-in model is trained already

    reader = engine().reader
    texts, labels = _examples(path)
    if OUT_OF_SCOPE in labels:
        model = build.train_model(reader, texts, labels, replace(build.SHAPE, edge=OWN_EDGE))
    else:
        model = build.train_without_negatives(reader, texts, labels, engine().background)

    def parse(text: str, now: datetime) -> dict[str, Any]:
        del now
        return _ranked(text, reader, model)

    return parse


def _ranked(text: str, reader: Reader, model: Model) -> dict[str, Any]:
    seen = reader.view(normalise(text).text)
    ranking = model.rank(seen.features)
    return {
        "text": text,
        "intent": answer(ranking),
        "confidence": round(ranking.confidence, 4),
        "ranking": ranking.best,
        "slots": {},
        "tokens": seen.words,
    }


def _request(line: bytes) -> tuple[str, datetime]:
    """Text and clock of one request. Raises ValueError."""
    request = orjson.loads(line)
    if not isinstance(request, dict) or not isinstance(request.get("text"), str):
        raise ValueError('需要一个对象 {"text": …, "now": …}')
    now = request.get("now")
    if now is None:
        return request["text"], datetime.now(HOME)
    if not isinstance(now, str):
        raise ValueError("now 应为 ISO 时间")
    moment = datetime.fromisoformat(now)
    if not 2000 <= moment.year <= 2100:
        raise ValueError("now 的年份应在 2000 到 2100 之间")
    return request["text"], moment if moment.tzinfo else moment.replace(tzinfo=HOME)


def _examples(path: Path) -> tuple[list[str], list[str]]:
    texts: list[str] = []
    labels: list[str] = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as fault:
            raise ExamplesError(f"{path}:{number}: {fault}") from fault
        if (
            not isinstance(row, dict)
            or not isinstance(row.get("text"), str)
            or not isinstance(row.get("intent"), str)
        ):
            raise ExamplesError(f'{path}:{number}: 需要一个对象 {{"text": …, "intent": …}}')
        texts.append(row["text"])
        labels.append(row["intent"])
    if not texts:
        raise ExamplesError(f"{path}: 没有任何例句")
    return texts, labels
