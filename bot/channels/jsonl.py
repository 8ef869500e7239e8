"""Conversations through a pipe: one JSON object a line in, one a line out, in the same order."""

import gc
import json
import sys
import traceback
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from bot.config import clock, read_time
from bot.dialogue.turn import Reply
from bot.messages import Update
from bot.session import Session
from bot.transcript import turn_to_json

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; a megabyte of text, every character escaped, still fits."""
EVENTS_KEPT = 10_000
"""Events that are remembered without a database, over all conversations, for the cards of hand-offs."""
SELDOM = 20_000
"""New objects between two runs of the collector."""
LONGEST_NAME = 200
"""Characters of a conversation's or an update's name."""


class LineError(ValueError):
    """The line is no request; its text says why."""


def serve(session: Session, source: BinaryIO, sink: BinaryIO, now: Callable[[], datetime] = clock) -> None:
    """Answer every line of `source` on a line of `sink`, flushed as it comes, until the source ends."""
    run = uuid.uuid4().hex
    for number, line in enumerate(_lines(source)):
        sink.write(answer_line(session, line, f"{run}-{number}", now) + b"\n")
        sink.flush()


def answer_line(session: Session, line: bytes, update_id: str, now: Callable[[], datetime] = clock) -> bytes:
    """The answer to one line, as JSON in UTF-8: an `{"error": …}` where the line is no request."""
    try:
        request = _parse(line)
        update = _update(request, update_id, now)
        turn = session.handle(update)
        answer = turn_to_json(turn) if turn else _repeated(session.earlier_replies(update))
        session.delivered(update.conversation)
    except LineError as error:
        return _encode({"error": str(error)})
    except Exception as error:  # a fault of one line must not end the pipe for the others
        _report(error)
        return _encode({"error": f"internal error: {type(error).__name__}"})
    return _encode({"conversation": request["conversation"], **answer})


def _lines(source: BinaryIO) -> Any:
    while line := source.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = source.readline(LONGEST_LINE)


def _parse(line: bytes) -> Mapping[str, Any]:
    if len(line) > LONGEST_LINE:
        raise LineError(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        request = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 at byte {error.start}") from None
    except ValueError as error:
        raise LineError(f"not JSON: {str(error)[:200]}") from None
    except RecursionError:
        raise LineError("not JSON: nested too deeply") from None
    if not isinstance(request, dict):
        raise LineError("not a JSON object")
    return request


def _update(request: Mapping[str, Any], update_id: str, now: Callable[[], datetime]) -> Update:
    conversation, text = request.get("conversation"), request.get("text")
    if (
        not isinstance(conversation, str | int)
        or isinstance(conversation, bool)
        or not _is_name(conversation)
    ):
        raise LineError(f'"conversation" must be a string of 1 to {LONGEST_NAME} characters')
    if not isinstance(text, str):
        raise LineError('"text" must be a string')
    given = request.get("now")
    if given is not None and not isinstance(given, str):
        raise LineError('"now" must be an ISO 8601 string')
    try:
        at = now() if given is None else read_time(given)
    except ValueError as error:
        raise LineError(f'"now": {error}') from None
    once = request.get("update", update_id)
    if not isinstance(once, str) or not _is_name(once):
        raise LineError(f'"update" must be a string of 1 to {LONGEST_NAME} characters')
    name = _well_formed(str(conversation))
    return Update(_well_formed(once), name, name, "jsonl", text, at)


def _is_name(given: str | int) -> bool:
    return 1 <= len(str(given)) <= LONGEST_NAME


def _well_formed(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _repeated(replies: tuple[Reply, ...]) -> dict[str, Any]:
    return {"replies": _replies(replies), "repeated": True}


def _replies(replies: tuple[Reply, ...]) -> list[dict[str, Any]]:
    return [{"text": reply.text, "buttons": list(reply.buttons)} for reply in replies]


def _encode(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _report(error: Exception) -> None:
    """Where it happened, without the message: that could hold what the person wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    print(f"tuidan: {type(error).__name__}\n{where}", file=sys.stderr)  # noqa: T201 - stderr is the log here


def main(database: Path | None = None) -> int:
    """Serve standard input and output; what the command `chat --jsonl` does. Returns the exit code."""
    from bot.app import session_in_memory, session_on_disk  # noqa: PLC0415 - the parts meet only here

    session = session_on_disk(database) if database else session_in_memory(EVENTS_KEPT)
    gc.freeze()  # what is loaded stays; the collector need not look through it again,
    gc.set_threshold(SELDOM)  # and a turn leaves little behind that it would find
    try:
        serve(session, sys.stdin.buffer, sys.stdout.buffer)
    finally:
        session.store.close()
    return 0
