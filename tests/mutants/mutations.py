"""The changes: read off the YAML's own nodes, so that each one knows its file, line and key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILES = ("tables/*.yaml", "wishes.yaml", "drafts.yaml")
"""The data files with figures that decide or are told; columns.yaml has none."""
VERDICTS = ("allowed", "conditional", "unknown", "denied")
SPOKEN = frozenset({"notes", "steps", "evidence", "alternatives"})
"""Keys of a row whose sentences people get to read."""
COMMENTARY = frozenset({"title", "about", "case", "because", "label"})
"""Keys for who reads the rules or the bill; figures in them repeat the rule's own."""
RANKS = frozenset({"order"})
"""Numbers that only place a table among the others."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TENTHS = re.compile(r"[一二三四五六七八](?=成|天无理由)")
_NEXT_NUMERAL = dict(zip("一二三四五六七八", "二三四五六七八九", strict=True))
_EDGE = re.compile(r">=|<=|>|<")
_OTHER_EDGE = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
RULES = frozenset({"figure", "told", "verdict", "edge"})
"""The kinds that the bar is about: a figure or a verdict that is another one."""
Key = tuple[str, ...]
Change = tuple[str, str]
"""Before and after, in words."""
Splice = tuple[int, int, str]
"""The part of the file from one index to another, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change; `text` is the whole file with it."""

    file: str
    """The data file, relative to the data folder."""
    line: int
    key: str
    """Leads to the place, rows by name: `rows.low.charges.0.rate`."""
    kind: str
    """figure, told (a figure in a sentence), verdict, edge, value, flag, sentence, citation or wish."""
    before: str
    after: str
    text: str

    @property
    def row(self) -> str | None:
        """`table/row` as outcomes name it, where the change is in a row."""
        parts = self.key.split(".")
        return f"{Path(self.file).stem}/{parts[1]}" if parts[0] == "rows" and len(parts) > 1 else None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class _Source:
    file: str
    text: str
    values: Mapping[str, tuple[str, ...]]
    """The values of each column of choices."""


def mutations(folder: Path) -> list[Mutation]:
    """Every mutation of the data in `folder`, in the order of the files and their lines."""
    columns = yaml.safe_load((folder / "columns.yaml").read_text("utf-8"))
    values = {name: tuple(c.get("values", ())) for name, c in columns.items() if c["kind"] == "choice"}
    found = []
    for pattern in FILES:
        for path in sorted(folder.glob(pattern)):
            text = path.read_text("utf-8")
            source = _Source(path.relative_to(folder).as_posix(), text, values)
            found += list(_walk(source, yaml.compose(text, Loader=yaml.SafeLoader), (), set()))
    return found


def _walk(source: _Source, node: Any, key: Key, seen: set[int]) -> Iterator[Mutation]:
    if id(node) in seen:  # an alias is the anchor's own node, and changes with it
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for name, child in node.value:
            if name.value == "<<" or name.value in COMMENTARY | RANKS:
                continue
            here = (*key, name.value)
            yield from _flag(source, name, child, here)
            yield from _walk(source, child, here, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            here = (*key, _name(child, index))
            yield from _dropped(source, node, index, here)
            yield from _walk(source, child, here, seen)
    else:
        yield from _scalar(source, node, key)


def _name(node: Any, index: int) -> str:
    """A row's name, else the place in the list."""
    if isinstance(node, yaml.MappingNode) and node.value and node.value[0][0].value == "row":
        return str(node.value[0][1].value)
    return str(index)


def _scalar(source: _Source, node: Any, key: Key) -> Iterator[Mutation]:
    last = key[-1]
    if "cites" in key or "label" in key or last in {"table", "row", "stage", "draft", "wish"}:
        return
    if last == "verdict" and node.value in VERDICTS:
        for verdict in VERDICTS:
            if verdict != node.value:
                yield _exchanged(source, node, key, "verdict", verdict)
        return
    if any(part in SPOKEN for part in key) or source.file == "drafts.yaml":
        yield from _figures(source, node, key, "told")
        return
    yield from _figures(source, node, key, "figure")
    if "when" in key:
        for edge in _EDGE.finditer(source.text, node.start_mark.index, node.end_mark.index):
            yield _at(source, node, (key, "edge"), edge, _OTHER_EDGE[edge[0]])
    column = next((part for part in key if part in source.values), None)
    if column and node.value in source.values[column] and {"when", "applies"} & set(key):
        others = source.values[column]
        other = others[(others.index(node.value) + 1) % len(others)]
        yield _exchanged(source, node, key, "value", other)


def _figures(source: _Source, node: Any, key: Key, kind: str) -> Iterator[Mutation]:
    """Each number one larger, and one smaller where it decides."""
    for number in _NUMBER.finditer(source.text, node.start_mark.index, node.end_mark.index):
        yield _at(source, node, (key, kind), number, _moved(number[0], 1))
        if kind == "figure" and float(number[0]) >= 1:
            yield _at(source, node, (key, kind), number, _moved(number[0], -1))
    if kind == "told":
        for tenths in _TENTHS.finditer(source.text, node.start_mark.index, node.end_mark.index):
            yield _at(source, node, (key, kind), tenths, _NEXT_NUMERAL[tenths[0]])


def _moved(number: str, by: int) -> str:
    whole, point, rest = number.partition(".")
    return f"{int(whole) + by}{point}{rest}"


def _flag(source: _Source, name: Any, child: Any, key: Key) -> Iterator[Mutation]:
    """A key that can be left out: what it says no longer holds."""
    if key[-1] in {"final", "figures", "refund", "draft", "asks_first", "known"}:
        start, end = _entry_span(source.text, name.start_mark.index, child.end_mark.index)
        said = source.text[child.start_mark.index : child.end_mark.index].strip()
        yield _mutation(source, name, (key, "flag"), (said, "(left out)"), (start, end, ""))


def _dropped(source: _Source, node: Any, index: int, key: Key) -> Iterator[Mutation]:
    """One item of a list left out: a sentence, a citation, a wish for which the table is consulted."""
    parent = key[-2]
    kind = "sentence" if parent in SPOKEN else {"cites": "citation", "wish": "wish"}.get(parent)
    if kind is None or "falls" in key or (kind != "sentence" and len(node.value) == 1):
        return
    child = node.value[index]
    start, end = _item_span(source.text, node, index)
    yield _mutation(source, child, (key, kind), (_short(child.value), "(left out)"), (start, end, ""))


def _item_span(text: str, node: Any, index: int) -> tuple[int, int]:
    child = node.value[index]
    if not node.flow_style:
        return _line_span(text, child.start_mark.index, child.end_mark.index)
    if index + 1 < len(node.value):
        return child.start_mark.index, node.value[index + 1].start_mark.index
    before = node.value[index - 1].end_mark.index if index else child.start_mark.index
    return before, child.end_mark.index


def _entry_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Of a mapping's entry: its lines, or between braces up to the next comma."""
    line = text.rfind("\n", 0, start) + 1
    if "{" not in text[line:start]:
        return _line_span(text, start, end)
    after = re.compile(r"\s*,\s*").match(text, end)
    if after:
        return start, after.end()
    before = text.rfind(",", 0, start)
    return (before if before > text.rfind("{", 0, start) else start), end


def _line_span(text: str, start: int, end: int) -> tuple[int, int]:
    first = text.rfind("\n", 0, start) + 1
    if end > first and text[end - 1] == "\n":  # a block ends where the next line begins
        return first, end
    after = text.find("\n", end)
    return first, len(text) if after < 0 else after + 1


def _exchanged(source: _Source, node: Any, key: Key, kind: str, after: str) -> Mutation:
    """The whole of a scalar exchanged for another value."""
    splice = (node.start_mark.index, node.end_mark.index, after)
    return _mutation(source, node, (key, kind), (node.value, after), splice)


def _at(source: _Source, node: Any, what: tuple[Key, str], found: re.Match[str], new: str) -> Mutation:
    """What was found in a scalar exchanged; shown with the words around it."""
    start, end = max(node.start_mark.index, found.start() - 8), min(node.end_mark.index, found.end() + 8)
    head, tail = source.text[start : found.start()], source.text[found.end() : end]
    shown = (f"{head}{found[0]}{tail}".strip(), f"{head}{new}{tail}".strip())
    return _mutation(source, node, what, shown, (found.start(), found.end(), new))


def _mutation(source: _Source, node: Any, what: tuple[Key, str], change: Change, splice: Splice) -> Mutation:
    (key, kind), (before, after), (start, end, new) = what, change, splice
    line = node.start_mark.line + 1
    text = source.text[:start] + new + source.text[end:]
    return Mutation(source.file, line, ".".join(key), kind, before, after, text)


def _short(text: str) -> str:
    return text if len(text) <= 16 else text[:16] + "…"
