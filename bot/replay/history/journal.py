"""The progress file: what has been run so far, so that an interrupted run can go on.

JSON lines, only ever appended: first what the run rests on, then one batch a line. A line that was cut off by
a kill is run again. The file quotes what persons wrote, masked as in the database, and is for nobody else.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from bot.errors import TuidanError
from bot.replay.history.found import Batch

KIND = "tuidan replay --stored"


class Journal:
    """The file, open for appending. TuidanError wherever it cannot be read, written or gone on with."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file

    @classmethod
    def begin(cls, path: Path, basis: Mapping[str, Any]) -> "Journal":
        """A new file in the place of an old one; `basis` is what results depend on."""
        try:
            if path.exists():
                with path.open("rb") as old:
                    _basis_of(path, old.readline())
                path.unlink()
            file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b")
        except OSError as error:
            raise TuidanError(f"cannot write the progress file {path}: {error.strerror}") from error
        journal = cls(path, file)
        journal._append({"kind": KIND, **basis})
        return journal

    @classmethod
    def go_on(cls, path: Path, basis: Mapping[str, Any]) -> "Journal":
        """The file of an interrupted run."""
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            raise TuidanError(f"nothing to go on with: there is no {path}") from None
        except OSError as error:
            raise TuidanError(f"cannot open the progress file {path}: {error.strerror}") from error
        try:
            _same_basis(path, file.readline(), basis)
        except TuidanError:
            file.close()
            raise
        return cls(path, file)

    def earlier(self) -> Iterator[Batch]:
        """What was run before; to be read to its end, for what a kill has cut off there goes."""
        whole = self._file.tell()
        for number, line in enumerate(iter(self._file.readline, b""), start=2):
            if not line.endswith(b"\n"):
                break
            try:
                batch = Batch.from_json(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise TuidanError(f"{self.path}:{number}: no line of a run: {error}") from error
            whole += len(line)
            yield batch
        self._file.seek(whole)
        self._file.truncate()

    def add(self, batch: Batch) -> None:
        """Write a batch down; a kill after this does not lose it."""
        self._append(batch.to_json())

    def _append(self, data: Mapping[str, Any]) -> None:
        try:
            self._file.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise TuidanError(f"cannot write the progress file {self.path}: {error.strerror}") from error

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _basis_of(path: Path, line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
        if found.pop("kind") == KIND:
            return dict(found)
    except (ValueError, KeyError, AttributeError, TypeError):
        pass
    raise TuidanError(f"{path} is no progress file of `{KIND}`, and is left as it is")


def _same_basis(path: Path, line: bytes, basis: Mapping[str, Any]) -> None:
    found = _basis_of(path, line)
    other = [name for name in basis if found.get(name) != basis[name]]
    if other:
        raise TuidanError(
            f"{path} was begun with another {' and another '.join(other)}; begin anew without --resume"
        )
