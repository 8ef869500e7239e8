"""Where in the data files the things stand that can be exercised, so that a person can jump there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import TuidanError
from bot.replay.yaml_nodes import Fault, Node, documents, mapping, sequence

_ROOT = Path(__file__).parents[3]
"""The folder of the packages: files in it are told from there, so that every machine tells them alike."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def place(path: Path, line: int) -> Place:
    """The place as it is told."""
    return Place((path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path).as_posix(), line)


def at(path: Path, node: Node) -> Place:
    """Where a node of the file begins."""
    return place(path, node.start_mark.line + 1)


def entries(path: Path, *keys: str) -> Iterator[tuple[str, Node]]:
    """Name and value of the mapping that the keys lead to. Raises `TuidanError` for what is no YAML."""
    return iter(mapping(_within(path, keys), ".".join(keys)).items())


def items(path: Path, *keys: str) -> list[Node]:
    """The items of the list that the keys lead to. Raises `TuidanError` for what is no YAML."""
    return sequence(_within(path, keys), ".".join(keys))


def named(path: Path, key: str) -> Iterator[tuple[str, Place]]:
    """The name that each item of a list has under the key, and where the item begins."""
    for item in items(path):
        yield str(mapping(item, key)[key].value), at(path, item)


def _within(path: Path, keys: tuple[str, ...]) -> Node:
    found = next(documents(path, str(path)), None) or Fault(str(path), 0, "", "nothing in it")
    for key in keys:
        found = found if isinstance(found, Fault) else mapping(found, key)[key]
    if isinstance(found, Fault):
        raise TuidanError(str(found))
    return found
