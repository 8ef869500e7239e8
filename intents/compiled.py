"""One binary file for what was computed from the data files: texts and arrays, compressed."""

import json
import os
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_MAGIC = b"TUIDAN1\n"


class CompiledError(ValueError):
    """The file is not a compiled one, or it is damaged."""


@dataclass(frozen=True, slots=True)
class Sections:
    """What a compiled file holds, by name. No text may contain a line break."""

    notes: Mapping[str, Any]
    texts: Mapping[str, Sequence[str]]
    arrays: Mapping[str, npt.NDArray[Any]]


def write(path: Path, sections: Sections) -> None:
    """Write in one go: a reader sees the old file or the new one, never a part. Raises OSError."""
    blobs: list[bytes] = []
    index: list[tuple[str, str, list[int], int]] = []
    for name in sorted(sections.texts):
        blobs.append("\n".join(sections.texts[name]).encode())
        index.append((name, "text", [len(sections.texts[name])], len(blobs[-1])))
    for name in sorted(sections.arrays):
        array = sections.arrays[name]
        little = array.dtype.newbyteorder("<")
        blobs.append(np.ascontiguousarray(array, dtype=little).tobytes())
        index.append((name, little.str, list(array.shape), len(blobs[-1])))
    head = json.dumps({"notes": sections.notes, "index": index}, ensure_ascii=False, sort_keys=True).encode()
    body = zlib.compress(len(head).to_bytes(4, "little") + head + b"".join(blobs), 9)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + zlib.crc32(body).to_bytes(4, "little") + body)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def read(path: Path) -> Sections:
    """Read a file that `write` made. Raises OSError, CompiledError."""
    raw = path.read_bytes()
    start = len(_MAGIC) + 4
    body = memoryview(raw)[start:]
    if raw[: len(_MAGIC)] != _MAGIC or zlib.crc32(body) != int.from_bytes(raw[len(_MAGIC) : start], "little"):
        raise CompiledError(f"{path} is not a compiled file or is damaged")
    content = memoryview(zlib.decompress(body))
    place = 4 + int.from_bytes(content[:4], "little")
    head = json.loads(bytes(content[4:place]))
    texts: dict[str, Sequence[str]] = {}
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, kind, shape, size in head["index"]:
        blob = content[place : place + size]
        if kind == "text":
            texts[name] = str(blob, "utf-8").split("\n") if shape[0] else []
        else:
            arrays[name] = np.frombuffer(blob, dtype=kind).reshape(shape).copy()  # aligned, unlike the blob
        place += size
    return Sections(head["notes"], texts, arrays)
