"""Rewriting the suite files: read again, spliced, read once more to be sure, then put in place at once."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import TuidanError
from bot.replay.accept.expectation import CannotAcceptError, new_value
from bot.replay.accept.splice import Edit, edited, find, replacing
from bot.replay.accept.unchanged import prove
from bot.replay.compare import Failure
from bot.replay.runner import Result
from bot.replay.suite import Dialogue, read_file
from bot.replay.yaml_nodes import Fault, Node, documents

_BOM = b"\xef\xbb\xbf"
_CHANGED = "the file has changed since it was run; run it again"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that a person has to decide. `line` counts from 1; `key` is "" for the whole dialogue."""

    file: str
    line: int
    name: str
    key: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.name}: {self.key + ': ' if self.key else ''}{self.why}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was rewritten, and what is left for a person."""

    files: tuple[Path, ...]
    values: int
    """How many expectations were rewritten."""
    left: tuple[Left, ...]


def accept(results: Iterable[Result]) -> Accepted:
    """Writes what came as the new expectations into the suite files of the results that failed.

    Only the values that failed change; comments, order, quotes and layout of all the rest stay byte for byte.
    Left for a person: words (`says`, `never_says`, `buttons`) and lists of which some were named (`cites`,
    `steps`, …), turns that broke down, marks of known failures that hold now, and whole files where it would
    not be safe: changed since they were run, or an alias through which something else would change. Dialogues
    that are marked as known failures, and fail, are not touched. Raises `TuidanError` for a file that cannot
    be read or written; the files before it are rewritten then.
    """
    failed: dict[str, list[Result]] = {}
    for result in results:
        if not result.passed:
            failed.setdefault(result.dialogue.file, []).append(result)
    files: list[Path] = []
    left: list[Left] = []
    values = 0
    for file, of_file in failed.items():
        try:
            count, undecided = _accept_file(Path(file), of_file)
        except CannotAcceptError as why:
            count, undecided = 0, [_left(result, None, str(why)) for result in of_file]
        files += [Path(file)] if count else []
        values += count
        left += undecided
    return Accepted(tuple(files), values, tuple(left))


def as_text(accepted: Accepted) -> str:
    """For a person: what was rewritten, and what is left for them."""
    lines = [f"accepted: {accepted.values} values in {len(accepted.files)} files"]
    lines += [f"  {path}" for path in accepted.files]
    if accepted.left:
        lines += [f"left for you: {len(accepted.left)}", *(f"  {left}" for left in accepted.left)]
    return "\n".join(lines)


def _accept_file(path: Path, results: list[Result]) -> tuple[int, list[Left]]:
    """How many values were rewritten, and what is left. `CannotAcceptError` for the file as a whole."""
    raw = _bytes(path)
    text = raw.decode("utf-8-sig", "replace")
    before = _dialogues(path)
    if not all(result.dialogue in before for result in results):
        raise CannotAcceptError(_CHANGED)
    nodes = {node.start_mark.line + 1: node for node in _nodes(path)}
    edits: list[Edit] = []
    taken: list[tuple[str, Failure]] = []
    left: list[Left] = []
    for result in results:
        left += [] if result.failures else [_left(result, None, "holds now: take its mark xfail away")]
        for failure in result.failures:
            try:
                value = new_value(failure)
                pair = find(nodes[result.dialogue.line], failure.turn, failure.key)
                edits.append(replacing(text, pair, value))
                taken.append((result.dialogue.name, failure))
            except CannotAcceptError as why:
                left.append(_left(result, failure, str(why)))
    if edits:
        new = edited(text, edits).encode("utf-8")
        draft = _draft(path, _BOM + new if raw.startswith(_BOM) else new)
        try:
            prove(before, _dialogues(draft), results, taken)
            _put_in_place(draft, path, raw)
        finally:
            draft.unlink(missing_ok=True)
    return len(edits), left


def _left(result: Result, failure: Failure | None, why: str) -> Left:
    dialogue = result.dialogue
    if failure is None:
        return Left(dialogue.file, dialogue.line, dialogue.name, "", why)
    return Left(dialogue.file, failure.line, dialogue.name, failure.key, why)


def _dialogues(path: Path) -> list[Dialogue]:
    dialogues, faults = read_file(path)
    return [] if faults else dialogues


def _nodes(path: Path) -> list[Node]:
    return [node for node in documents(path, str(path)) if node is not None and not isinstance(node, Fault)]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TuidanError(f"cannot read {path}: {error.strerror}") from error


def _draft(path: Path, content: bytes) -> Path:
    """A file with the content, and the suite's mode, in its folder: a link is not followed by `replace`."""
    real = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=".draft")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        shutil.copymode(real, name)
    except OSError as error:
        raise TuidanError(f"cannot write beside {path}: {error.strerror}") from error
    return Path(name)


def _put_in_place(draft: Path, path: Path, raw: bytes) -> None:
    """At once, so that nobody ever reads half a suite."""
    if _bytes(path) != raw:
        raise CannotAcceptError(_CHANGED)
    try:
        draft.replace(path.resolve())
    except OSError as error:
        raise TuidanError(f"cannot write {path}: {error.strerror}") from error
