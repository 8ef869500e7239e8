"""A value as YAML on one line, as a person would have written it there."""

import math
from typing import Any

import yaml

_TIME, _STR = (f"tag:yaml.org,2002:{name}" for name in ("timestamp", "str"))


def written(value: Any, quote: str | None = None) -> str:
    """Strings, whole numbers, null, lists and mappings in flow style, which fits wherever a value stands.

    A string has no quotes where YAML reads it as the same string or as a time without them; `quote`, one
    of `'` and `"`, is what the value that it replaces had around it, if any.
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return _string(value, quote)
    return "null" if value is None else str(value)


def _string(value: str, quote: str | None) -> str:
    if quote not in {"'", '"'} and _may_be_bare(value):
        return value
    return _emitted(value, quote if quote == "'" and value.isprintable() else '"')


def _may_be_bare(value: str) -> bool:
    kind = _read_as(value)
    return kind == _TIME or (kind == _STR and _emitted(value, None) == value)


def _read_as(value: str) -> str:
    """The type that YAML takes the bare words for."""
    resolver: Any = yaml.resolver.Resolver()
    return str(resolver.resolve(yaml.ScalarNode, value, (True, False)))


def _emitted(value: str, quote: str | None) -> str:
    """The string as YAML's emitter writes it inside a list in flow style, where most must be quoted."""
    item = yaml.ScalarNode(_STR, value, style=quote)
    node = yaml.SequenceNode("tag:yaml.org,2002:seq", [item], flow_style=True)
    return str(yaml.serialize(node, allow_unicode=True, width=math.inf)).strip()[1:-1]
