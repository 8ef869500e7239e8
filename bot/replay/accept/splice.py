"""Putting a value in the place of another in a YAML text, every other character kept.

The places come from the marks of YAML's own composer. The round trip of a library that keeps comments was
measured instead: set up for this repository's suites it keeps every byte of them, but not of suites that
other people lay out otherwise (CRLF, a byte order mark, a first `---`, `~`, spaces and line breaks within
braces, lists that are not indented). Whoever accepts one figure must find one line changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from bot.replay.accept.expectation import CannotAcceptError
from bot.replay.accept.writing import written
from bot.replay.yaml_nodes import Node, mapping, sequence

Pair = tuple[Node, Node]


@dataclass(frozen=True, slots=True)
class Edit:
    """New text for the characters from `start` up to `end`."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits done; they may not overlap."""
    done = 0
    pieces = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start < done:
            raise CannotAcceptError("one of the values is part of another (an alias?)")
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


def find(dialogue: Node, turn: int, key: str) -> Pair:
    """The nodes of key and value to which `outcome.next_change.fee` leads in a turn, counted from 1."""
    value = sequence(mapping(dialogue, "turns")["turns"], "turns")[turn - 1]
    for name in key.split("."):
        pairs: list[Pair] = value.value if isinstance(value, yaml.MappingNode) else []
        found = next((pair for pair in pairs if pair[0].value == name), None)
        if found is None:
            raise CannotAcceptError(f"there is no {name} by itself")
        pair, value = found, found[1]
    return pair


def replacing(text: str, pair: Pair, value: Any) -> Edit:
    """The edit that gives the key another value, in quotes where the old one was.

    What stood in a block of lines of its own moves behind the key, unless a comment is between. Raises
    `CannotAcceptError` for an alias and what aliases stand for: something else would change with it.
    """
    key, old = pair
    new = written(value, getattr(old, "style", None))
    after_key, start, end = key.end_mark.index, old.start_mark.index, _end(text, old)
    if start < after_key or text.startswith("&", start):
        raise CannotAcceptError("an alias: something else may change with it; write it by hand")
    between = text[after_key:start]
    if ":" not in between:  # {fee}: a key alone
        return Edit(after_key, after_key, f": {new}")
    if start == end:
        colon = text.index(":", after_key)
        return Edit(colon, colon + 1, f": {new}")
    if "\n" in between and between.strip() == ":":
        return Edit(after_key, end, f"{between[: between.index(':')]}: {new}")
    return Edit(start, end, new)


def _end(text: str, node: Node) -> int:
    """Where the node's last character is over; a block's mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (last, last)
        return max(_end(text, key), _end(text, value))
    start, end = node.start_mark.index, node.end_mark.index
    return int(start + len(text[start:end].rstrip()))
