"""YAML with places: every value knows its line, and nothing is turned into what its writer did not mean.

YAML 1.1 reads a bare `yes` as true, `57.00` as a float and a time as an object. Here the tag is kept next to
the words as written, so that whoever expects a string can say which it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Node = yaml.Node
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STR, _INT, _NULL, _TIME = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "null", "timestamp"))
LARGEST_FILE = 4 * 1024 * 1024
DEEPEST = 12
"""Levels of lists and mappings in one expectation."""
DEEPEST_FILE = 100
"""Levels in a whole file; the composer recurses, and some thousands of them would end the process."""
MOST_VALUES = 200_000
"""Values that a file unfolds to; an alias counts as all that it stands for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file that people write. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class NodeError(Exception):
    """The value at this line is not what is wanted there."""

    def __init__(self, node: Node, key: str, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1
        self.key = key
        self.message = message


def documents(path: Path, shown: str) -> Iterator[Node | Fault]:
    """The documents of a file, a `Fault` in place of what cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            yield Fault(shown, 1, "", f"larger than {LARGEST_FILE >> 20} MB")
            return
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        yield Fault(shown, 0, "", error.strerror or str(error))
        return
    except UnicodeDecodeError as error:
        yield Fault(shown, content[: error.start].count(b"\n") + 1, "", "not UTF-8")
        return
    control = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        yield Fault(shown, line, "", f"a character that YAML does not allow: U+{ord(control[0]):04X}")
        return
    try:
        excess = _excess(text)
        if excess:
            yield Fault(shown, *excess)
        else:
            yield from yaml.compose_all(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        yield Fault(shown, mark.line + 1 if mark else 1, "", error.problem or str(error))
    except yaml.YAMLError as error:
        yield Fault(shown, 1, "", " ".join(str(error).split()))


def _excess(text: str) -> tuple[int, str, str] | None:
    """Line, key and message where the file is nested too deeply or unfolds to too much; parses, but does not
    compose. Raises YAMLError."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, total))
            if len(open_nodes) > DEEPEST_FILE:
                return line, "", f"nested more than {DEEPEST_FILE} levels deep"
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - before
        elif isinstance(event, yaml.AliasEvent):
            total += sizes.get(event.anchor or "", 0)
        total += 1
        if total > MOST_VALUES:
            return line, "", f"more than {MOST_VALUES:,} values, those behind its aliases counted each time"
    return None


def mapping(node: Node, key: str) -> dict[str, Node]:
    """The node's keys and values. Raises `NodeError` where it is no mapping, or a key comes twice."""
    if not isinstance(node, yaml.MappingNode):
        raise NodeError(node, key, f"must be a mapping, not {_called(node)}")
    found: dict[str, Node] = {}
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode):
            raise NodeError(name, key, "a key must be a plain word")
        if name.value in found:
            raise NodeError(name, name.value, "given twice")
        found[name.value] = value
    return found


def known(node: Node, key: str, names: frozenset[str]) -> dict[str, Node]:
    """`mapping` whose keys are all among the names."""
    found = mapping(node, key)
    for name, value in found.items():
        if name not in names:
            raise NodeError(value, name, f"unknown key; known here: {', '.join(sorted(names))}")
    return found


def sequence(node: Node, key: str) -> list[Node]:
    """The node's items."""
    if not isinstance(node, yaml.SequenceNode):
        raise NodeError(node, key, f"must be a list, not {_called(node)}")
    return list(node.value)


def one_or_many(node: Node) -> list[Node]:
    """The node's items where it is a list, else the node alone."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def is_null(node: Node) -> bool:
    """Whether the node is `null`, `~` or nothing."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def string(node: Node, key: str, *, time: bool = False) -> str:
    """The node's text; one that YAML would read as a number, a truth value or a time must be quoted.

    With `time`, a bare time stands for itself.
    """
    if isinstance(node, yaml.ScalarNode) and (node.tag == _STR or (time and node.tag == _TIME)):
        return str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.tag != _NULL:
        raise NodeError(node, key, f'{key} must be quoted: "{node.value}" (YAML reads it as {_called(node)})')
    raise NodeError(node, key, f"{key} must be a string, not {_called(node)}")


def plain(node: Node, key: str, depth: int = 0) -> Any:
    """The node as strings, whole numbers, null, lists and dicts; floats and truth values must be quoted."""
    if depth > DEEPEST:
        raise NodeError(node, key, "nested too deeply")
    if isinstance(node, yaml.MappingNode):
        return {name: plain(value, name, depth + 1) for name, value in mapping(node, key).items()}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, key, depth + 1) for item in node.value]
    if is_null(node):
        return None
    if node.tag == _INT and str(node.value).lstrip("+-").isdecimal():
        return int(node.value)
    return string(node, key, time=True)


_CALLED = {
    "map": "a mapping",
    "seq": "a list",
    "str": "a string",
    "null": "nothing",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "timestamp": "a time",
}


def _called(node: Node) -> str:
    tag = str(node.tag).rpartition(":")[2]
    return _CALLED.get(tag, tag)
