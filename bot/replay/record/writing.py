"""A recording as the text of a suite file, laid out as people lay theirs out."""

from pathlib import Path
from typing import Any

import yaml

from bot.errors import TuidanError
from bot.replay.record.recording import Recording

_STR, _INT, _NULL, _TIME, _MAP, _SEQ = (
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "null", "timestamp", "map", "seq")
)
_BLOCKS = frozenset({"orders", "turns", "says"})
"""Lists that are written an item a line; all other lists and mappings are written on one line."""
_ENDLESS = 1 << 30


class _Dumper(yaml.SafeDumper):
    """Lists stand two columns in, as they do in suites that people write."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def as_suite(recording: Recording) -> str:
    """The suite, with a comment on top that says what was replaced and what is missing."""
    dialogues = [
        yaml.serialize(_mapping(dialogue), Dumper=_Dumper, allow_unicode=True, width=_ENDLESS)
        for dialogue in recording.dialogues
    ]
    return _comment(recording) + "---\n".join(dialogues)


def write(text: str, file: Path, *, over: bool = False) -> None:
    """Write a suite. TuidanError where that cannot be, or the file exists and may not be written over."""
    try:
        with file.open("w" if over else "x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        raise TuidanError(f"{file} exists already") from None
    except OSError as error:
        raise TuidanError(f"cannot write {file}: {error.strerror}") from error


def _comment(recording: Recording) -> str:
    replaced = ", ".join(recording.replaced)
    lines = [
        "Recorded: a conversation that took place, with the outcomes that it had.",
        f"Stand-ins took the place of {replaced}." if replaced else "Nothing in it had to be replaced.",
        *(f"Missing: {what}." for what in recording.missing),
    ]
    return "".join(f"# {line}\n" for line in lines)


def _mapping(data: dict[str, Any], *, flow: bool = False) -> yaml.Node:
    items = [(_scalar(key), _value(key, value, flow=flow)) for key, value in data.items()]
    return yaml.MappingNode(_MAP, items, flow_style=flow)


def _value(key: str, value: Any, *, flow: bool) -> yaml.Node:
    if key == "now" and not flow:
        return yaml.ScalarNode(_TIME, value)
    if key in _BLOCKS and not flow:
        items = [_mapping(item) if key == "turns" else _on_one_line(item) for item in value]
        return yaml.SequenceNode(_SEQ, items, flow_style=False)
    return _on_one_line(value)


def _on_one_line(value: Any) -> yaml.Node:
    if isinstance(value, dict):
        return _mapping(value, flow=True)
    if isinstance(value, list | tuple):
        return yaml.SequenceNode(_SEQ, [_on_one_line(item) for item in value], flow_style=True)
    return _scalar(value)


def _scalar(value: Any) -> yaml.Node:
    """A value that reads back as itself: words that YAML would take for something else are quoted."""
    if value is None:
        return yaml.ScalarNode(_NULL, "null")
    if isinstance(value, int):
        return yaml.ScalarNode(_INT, str(value))
    resolver: Any = _Dumper
    taken_for = resolver("").resolve(yaml.ScalarNode, value, (True, False))
    plain = taken_for == _STR and value.isprintable() and value == value.strip()
    return yaml.ScalarNode(_STR, value, style=None if plain else '"')
